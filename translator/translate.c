// SPDX-License-Identifier: GPL-2.0-only
/* translate.c: finds the block of a request, or reserves room and makes it.
 * Next file: block.c. */
#include "translate.h"

#include "block.h"
#include "index.h"

static void count_block(struct cache *c, const struct block *b)
{
	c->stats.blocks++;
	c->stats.guest_insns += b->nbounds;
	c->stats.guest_bytes += b->guest_bytes;
	c->stats.host_bytes += b->host_end - b->host;
}

static int make(struct cache *c, const struct translate_request *rq, gpa_t gpa_next, u32 *block)
{
	struct block_source src = { rq->page, gpa_next == GPA_NONE ? NULL : rq->next_page, (u32)(rq->gpa & 4095),
				    rq->state };
	struct cache_segment *seg;
	struct block *b;
	int err = cache_reserve(c);

	if (err)
		return err;
	seg = &c->segment[c->filling];
	*block = c->filling * c->blocks_each + seg->nblocks;
	b = &c->block[*block];
	memset(b, 0, sizeof(*b));
	err = block_make(c, b, &src);
	if (err)
		return err;
	seg->nblocks++;
	b->gpa = rq->gpa;
	b->gpa_next = gpa_next;
	b->state = rq->state;
	b->incoming = BLOCK_NONE;
	b->is_live = 1;
	index_insert(c, *block);
	count_block(c, b);
	return 0;
}

int translate_block(struct cache *c, const struct translate_request *rq, u32 *block)
{
	gpa_t gpa_next = GPA_NONE;

	if (rq->gpa & 1)
		return -EINVAL;
	if (index_page(c, rq->gpa) == (u32)CACHE_NONE)
		return -ENXIO;
	if ((rq->gpa & 4095) == 4094 && block_has_straddler(rq->page)) {
		if (!rq->next_page || index_page(c, rq->gpa_next) == (u32)CACHE_NONE)
			return -EFAULT;
		gpa_next = rq->gpa_next & ~(gpa_t)4095;
	}
	*block = index_find(c, rq->gpa, gpa_next, rq->state);
	if (*block != BLOCK_NONE)
		return 0;
	return make(c, rq, gpa_next, block);
}
