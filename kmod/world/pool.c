// SPDX-License-Identifier: GPL-2.0-only
/* pool.c: takes, frees and takes apart shadow tables. Next file: aspace.c. */
#include "pool.h"

#include "rmap.h"

u32 pool_take(const struct shadow *s, enum pool_kind kind, u8 takes, u16 owner)
{
	struct shadow_state *st = s->st;
	u32 index = st->free;

	if (index)
		st->free = s->info[index].next;
	else
		index = st->pool_next++;
	st->nfree--;
	s->info[index] = (struct pool_info){ .kind = (u8)kind, .takes = takes & CLASS_ALL, .owner = owner };
	shadow_clear(shadow_page(s, index));
	return index;
}

static void give_back(const struct shadow *s, u32 index)
{
	s->info[index] = (struct pool_info){ .kind = POOL_FREE, .owner = OWNER_NONE, .next = s->st->free };
	s->st->free = (u16)index;
	s->st->nfree++;
}

void pool_kill(const struct shadow *s, u32 middle)
{
	s->st->epoch++;
	s->info[middle] = (struct pool_info){ .kind = POOL_DEAD, .owner = OWNER_NONE, .next = s->st->dead };
	s->st->dead = (u16)middle;
}

void pool_drop_entry(const struct shadow *s, u64 *entry)
{
	if (*entry & SHADOW_WRITE)
		rmap_unlink(s, shadow_number(s, entry));
	*(volatile u64 *)entry = 0;
}

void pool_drop_leaf(const struct shadow *s, u64 *slot)
{
	u32 index = SHADOW_CHILD(*slot), i;
	u64 *entry = shadow_page(s, index);

	s->st->epoch++;
	*(volatile u64 *)slot = 0;
	for (i = 0; i < SHADOW_ENTRIES; i++, entry++)
		if (*entry & SHADOW_WRITE)
			pool_drop_entry(s, entry);
	give_back(s, index);
}

void pool_reclaim(const struct shadow *s)
{
	u32 index = s->st->dead;
	struct pool_info *info = &s->info[index];
	u64 *entry;

	while (info->cursor < SHADOW_ENTRIES) {
		entry = shadow_page(s, index) + info->cursor++;
		if (pool_is_table(*entry)) {
			pool_drop_leaf(s, entry);
			return;
		}
		if (*entry)
			pool_drop_entry(s, entry);
	}
	s->st->dead = info->next;
	give_back(s, index);
}
