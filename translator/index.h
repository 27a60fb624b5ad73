/* SPDX-License-Identifier: GPL-2.0-only */
/* index.h: block key to block: guest physical address, straddled page, mode and state bits.
 *
 * Owns:    the hash chains and page lists of struct cache.
 * Promise: holds exactly the live blocks; one block per key. A chain may be followed while another thread inserts and removes:
 *          who does so finds a block, or misses one that was inserted or removed meanwhile.
 * Locks:   the cache's; index_find() and index_straddles() also without it, by a vCPU that has not been outside since (cache.h).
 * Context: as cache.h.
 * Errors:  index_find() gives BLOCK_NONE; index_insert() cannot fail (a page outside the RAM is refused earlier).
 * Next file: translate.h. */
#ifndef LDBT_INDEX_H
#define LDBT_INDEX_H

#include "cache.h"

/* gpa_next: guest physical address of the following page if the instruction at gpa straddles, else GPA_NONE. */
u32 index_find(const struct cache *c, gpa_t gpa, gpa_t gpa_next, u8 state);
/* Is there a block of an instruction at gpa that straddles, into whichever page? */
bool index_straddles(const struct cache *c, gpa_t gpa, u8 state);
void index_insert(struct cache *c, u32 b);
void index_remove(struct cache *c, u32 b);
/* Number of the page in cache->page[], or CACHE_NONE outside the RAM. */
u32 index_page(const struct cache *c, gpa_t gpa);

#endif
