/* SPDX-License-Identifier: GPL-2.0-only */
/* pool.h: pages for shadow tables.
 *
 * Owns:    pool_info and the lists of free and dead pages. A dead middle table is reachable by no root; it and what is
 *          below it is taken apart one leaf table at a time, when pages are wanted.
 * Promise: no call does more than two tables' work.
 * Locks:   as shadow.h. Context: any. Errors: none: the caller makes room before it takes (aspace_make_room()).
 * Next file: pool.c. */
#ifndef LDBT_WORLD_POOL_H
#define LDBT_WORLD_POOL_H

#include "shadow.h"

/* A cleared page; st->nfree was not 0. */
u32 pool_take(const struct shadow *s, enum pool_kind kind, u8 takes, u16 owner);
/* The middle table has been unlinked from every root. */
void pool_kill(const struct shadow *s, u32 middle);
/* Takes one leaf table or one emptied middle table apart; there is a dead one. */
void pool_reclaim(const struct shadow *s);

/* Forgets a last-level entry, of a leaf or a middle table. */
void pool_drop_entry(const struct shadow *s, u64 *entry);
/* Frees a leaf table and clears the entry that leads to it. */
void pool_drop_leaf(const struct shadow *s, u64 *slot);

static inline bool pool_is_table(u64 entry)
{
	return (entry & (SHADOW_PRESENT | SHADOW_HUGE)) == SHADOW_PRESENT;
}

#endif
