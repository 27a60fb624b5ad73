// SPDX-License-Identifier: GPL-2.0-only
/* rmap.c: the lists of writable shadow entries. Next file: pool.c. */
#include "rmap.h"

void rmap_unlink(const struct shadow *s, u32 entry)
{
	struct shadow_link link = s->link[entry];

	if (link.next)
		s->link[link.next].prev = link.prev;
	if (link.prev & RMAP_HEAD)
		s->head[link.prev & ~RMAP_HEAD] = link.next;
	else
		s->link[link.prev].next = link.next;
}

static bool protect_list(const struct shadow *s, u32 list, u64 kept_bits)
{
	u32 i, entry;

	for (i = 0; i < RMAP_PROTECT_MAX; i++) {
		entry = s->head[list];
		if (!entry)
			return true;
		rmap_unlink(s, entry);
		*(volatile u64 *)&s->pool[entry] &= kept_bits;
	}
	return !s->head[list];
}

bool rmap_protect(const struct shadow *s, u64 gpa)
{
	const struct monitor_region *r = rmap_region(s, gpa);

	if (!r)
		return true;
	return protect_list(s, rmap_page(r, gpa), ~(u64)(SHADOW_WRITE | SHADOW_DIRTY)) &&
	       protect_list(s, rmap_block(r, gpa), 0);
}
