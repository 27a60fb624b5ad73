/* SPDX-License-Identifier: GPL-2.0-only */
/* rmap.h: from a guest page to the shadow entries through which it can be written.
 *
 * Owns:    struct shadow's link[] and head[]: one doubly linked list for each guest page, and one for each 2 MiB block of
 *          guest memory, whose members are huge entries.
 * Promise: a last-level entry is in its list if and only if it is writable; so taking write access away touches just the
 *          entries concerned.
 * Locks:   as shadow.h. Context: any. Errors: none.
 * Next file: rmap.c. */
#ifndef LDBT_WORLD_RMAP_H
#define LDBT_WORLD_RMAP_H

#include "shadow.h"

#define RMAP_HEAD 0x80000000U

enum { RMAP_BLOCK_SHIFT = 21, RMAP_PROTECT_MAX = 4096 };

/* Number of a page's list, and of its block's; gpa lies in region r. */
static inline u32 rmap_page(const struct monitor_region *r, u64 gpa)
{
	return r->head_page + (u32)((gpa - r->gpa) >> 12);
}

static inline u32 rmap_block(const struct monitor_region *r, u64 gpa)
{
	return r->head_block + (u32)((gpa >> RMAP_BLOCK_SHIFT) - (r->gpa >> RMAP_BLOCK_SHIFT));
}

/* The region that holds gpa, or NULL. */
static inline const struct monitor_region *rmap_region(const struct shadow *s, u64 gpa)
{
	const struct monitor_region *r = s->m->region, *end = r + s->m->nregions;

	for (; r < end; r++)
		if (gpa >= r->gpa && gpa < r->gpa_end)
			return r;
	return NULL;
}

static inline void rmap_link(const struct shadow *s, u32 entry, u32 list)
{
	u32 first = s->head[list];

	s->link[entry] = (struct shadow_link){ first, RMAP_HEAD | list };
	if (first)
		s->link[first].prev = entry;
	s->head[list] = entry;
}

void rmap_unlink(const struct shadow *s, u32 entry);
/* Nothing writes to the page any more: its entries become read-only, huge ones go. False: it has more than
 * RMAP_PROTECT_MAX of them, some are left. The caller sees to it that the processor forgets. */
bool rmap_protect(const struct shadow *s, u64 gpa);

#endif
