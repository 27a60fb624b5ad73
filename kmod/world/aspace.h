/* SPDX-License-Identifier: GPL-2.0-only */
/* aspace.h: the guest's address spaces that have shadow tables, least recently used first to go.
 *
 * Owns:    shadow_state.aspace[], .global[] and the top tables.
 * Promise: whoever changes what lies behind a root sets its must_flush. An address space that is not in use learns of
 *          fences when it is used again (aspace_use()). Pages of the pool never run out: other address spaces give way,
 *          then global pages, then the tables of the one in use.
 * Locks:   as shadow.h. Context: any; bounded by the entries of the top tables of one address space, and
 *          once in a while (aspace_reset()) of all.
 * Errors:  none.
 * Next file: aspace.c, tree.h. */
#ifndef LDBT_WORLD_ASPACE_H
#define LDBT_WORLD_ASPACE_H

#include "shadow.h"

/* The address space of satp (with ADUE as in the regime), a new or emptied one if there is none. */
u32 aspace_find(const struct shadow *s, const struct walk_regime *regime, u64 satp);
/* It is the one in use from now on. */
void aspace_use(const struct shadow *s, u32 aspace);

/* Drops everything of it; links to global pages stay if keep_global. */
void aspace_clear(const struct shadow *s, u32 aspace, bool keep_global);
/* Drops everything of all. */
void aspace_reset(const struct shadow *s);

/* Applies the fences that the address space has missed. */
void aspace_catch_up(const struct shadow *s, u32 aspace);
/* Global pages: all, or what lies at gva. Links to the tables of all of them are left for aspace_catch_up(). */
void aspace_drop_globals(const struct shadow *s);
void aspace_drop_global_address(const struct shadow *s, gva_t gva);

/* Afterwards pool_take() may be called `pages` times. */
void aspace_make_room(const struct shadow *s, u32 pages);

#endif
