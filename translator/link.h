/* SPDX-License-Identifier: GPL-2.0-only */
/* link.h: direct jumps between blocks, joined and unjoined while code runs; and the stubs they share.
 *
 * Owns:    the bytes of each link's rel32, and the list `incoming` of each block; its key: 8 bytes of the key table at
 *          keys_exec of cache.h, within 2 GiB of the code, not among it: the code itself is never read.
 * Promise: an unjoined link leaves by its cold exit (EXIT_LINK, EXIT_PAGE_END). Joining and unjoining are one aligned
 *          8-byte store each to code that others may run; a cross-page link's key is written after its rel32 and
 *          cleared first. A cross-page link that was unjoined is joined again only after every vCPU has been outside:
 *          else one that has passed the old key could take the new jump.
 * Locks:   the cache's. Context: as cache.h. Errors: link_set() -EAGAIN as just said; nothing changed then.
 * Next file: block.h (which emits them). */
#ifndef LDBT_LINK_H
#define LDBT_LINK_H

#include "port.h"

struct cache;

/* Stubs behind the exit stub; offsets in the code cache. */
enum {
	LINK_STUB_LOOKUP = 128, /* rax = target gva: jump table, else EXIT_MISS */
	LINK_STUB_MISS = 256,	/* rax = target gva: EXIT_MISS */
	LINK_STUB_EMPTY = 384,	/* host of empty jump table entries: an odd target may equal their key; EXIT_MISS */
};

struct link {
	u32 block;	/* whose code holds it */
	u32 to;		/* block it jumps to, or BLOCK_NONE */
	u32 rel;	/* host offset of the rel32 */
	u32 cold;	/* host offset that an unjoined jump goes to */
	u8 is_far;	/* to another page: it has a key, at the link's own number in the key table */
	s32 target;	/* guest target: pc_page + target */
	u32 next, prev; /* list of links that jump to the same block */
	u64 unjoined;	/* epoch at which it was unjoined */
};

void link_write_stubs(struct cache *c);

/* Joins link l to block b. key: pc_page ^ tag of the page that l's code runs at now (ignored for same-page links). */
int link_set(struct cache *c, u32 l, u32 b, u64 key);
void link_clear(struct cache *c, u32 l);

/* Writes the displacement of a jump by one aligned 8-byte store; the four bytes must not cross 8. */
void link_patch(struct cache *c, u32 rel, u32 target);

#endif
