// SPDX-License-Identifier: GPL-2.0-only
/* index.c: chained hash of fixed size over the block keys, and one list of blocks per guest page.
 * Next file: cache.c (who drops blocks, and when). */
#include "index.h"

/* Neighbours in memory stay neighbours in the table: translation and dispatch walk along code. The upper address bits
 * and the state only shift the whole picture. */
static u32 hash_of(const struct cache *c, gpa_t gpa, u8 state)
{
	u64 h = (gpa >> 1) + (gpa >> 21) * 0x9e3779b1U + (u64)state * 0x3779b1; /* primes */

	return (u32)h & c->hash_mask;
}

u32 index_page(const struct cache *c, gpa_t gpa)
{
	u64 page = (gpa - c->mem.ram_gpa) >> 12;

	return page < c->mem.npages ? (u32)page : (u32)CACHE_NONE;
}

/* Partner: publish(). The chain of a block that was removed goes on as it did. */
static u32 follow(const u32 *at)
{
	return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

/* The block is complete before it can be found; partner: follow(). */
static void publish(u32 *at, u32 b)
{
	__atomic_store_n(at, b, __ATOMIC_RELEASE);
}

u32 index_find(const struct cache *c, gpa_t gpa, gpa_t gpa_next, u8 state)
{
	u32 b = follow(&c->hash[hash_of(c, gpa, state)]);

	for (; b != BLOCK_NONE; b = follow(&c->block[b].next_hash)) {
		const struct block *blk = &c->block[b];

		if (blk->gpa == gpa && blk->state == state && blk->gpa_next == gpa_next)
			return b;
	}
	return BLOCK_NONE;
}

bool index_straddles(const struct cache *c, gpa_t gpa, u8 state)
{
	u32 b = follow(&c->hash[hash_of(c, gpa, state)]);

	for (; b != BLOCK_NONE; b = follow(&c->block[b].next_hash)) {
		const struct block *blk = &c->block[b];

		if (blk->gpa == gpa && blk->state == state && blk->gpa_next != GPA_NONE)
			return true;
	}
	return false;
}

/* Which of a block's two page lists is the one of `page`. */
static u32 *page_next(struct cache *c, u32 b, u32 page)
{
	struct block *blk = &c->block[b];

	return &blk->next_page[index_page(c, blk->gpa) == page ? 0 : 1];
}

static void page_insert(struct cache *c, u32 b, u32 page)
{
	*page_next(c, b, page) = c->page[page];
	c->page[page] = b;
}

static void page_remove(struct cache *c, u32 b, u32 page)
{
	u32 *at = &c->page[page];

	while (*at != b)
		at = page_next(c, *at, page);
	*at = *page_next(c, b, page);
}

/* A straddling instruction whose two pages are the same physical page stands in that list once. */
static u32 second_page(const struct cache *c, u32 b)
{
	const struct block *blk = &c->block[b];
	u32 page;

	if (blk->gpa_next == GPA_NONE)
		return CACHE_NONE;
	page = index_page(c, blk->gpa_next);
	return page == index_page(c, blk->gpa) ? (u32)CACHE_NONE : page;
}

void index_insert(struct cache *c, u32 b)
{
	struct block *blk = &c->block[b];
	u32 *head = &c->hash[hash_of(c, blk->gpa, blk->state)];

	blk->next_hash = *head;
	publish(head, b);
	page_insert(c, b, index_page(c, blk->gpa));
	if (second_page(c, b) != (u32)CACHE_NONE)
		page_insert(c, b, second_page(c, b));
}

void index_remove(struct cache *c, u32 b)
{
	struct block *blk = &c->block[b];
	u32 *at = &c->hash[hash_of(c, blk->gpa, blk->state)];

	while (*at != b)
		at = &c->block[*at].next_hash;
	publish(at, blk->next_hash);
	page_remove(c, b, index_page(c, blk->gpa));
	if (second_page(c, b) != (u32)CACHE_NONE)
		page_remove(c, b, second_page(c, b));
}
