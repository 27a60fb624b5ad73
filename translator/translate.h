/* SPDX-License-Identifier: GPL-2.0-only */
/* translate.h: the one public call of this room: guest code at an address becomes a block in the cache.
 *
 * Owns:    nothing.
 * Promise: the block is complete and in the index when the call returns. The caller has seen to it that later stores
 *          to the page (both pages, if the instruction straddles) lead to cache_invalidate_page() by the next fence.i.
 * Locks:   the cache's. Context: as cache.h; bounded by BLOCK_INSNS_MAX instructions and one segment's eviction.
 * Errors:  -EINVAL (odd gpa), -ENXIO (gpa not in the RAM), -EFAULT (second page of a straddling instruction missing),
 *          -EAGAIN (cache full of code that vCPUs may still run: they must leave first); on error no block was made.
 * Next file: cache.h. */
#ifndef LDBT_TRANSLATE_H
#define LDBT_TRANSLATE_H

#include "cache.h"

struct translate_request {
	gpa_t gpa;	     /* of the first instruction */
	const u8 *page;	     /* host view of the 4096 bytes of its page */
	gpa_t gpa_next;	     /* the page that follows virtually, GPA_NONE if there is none */
	const u8 *next_page; /* its host view, or NULL */
	u8 state;	     /* mode and state bits of the key: ABI_BLOCK_* */
};

/* Finds the block, or makes it. */
int translate_block(struct cache *c, const struct translate_request *rq, u32 *block);

#endif
