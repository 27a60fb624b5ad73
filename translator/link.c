// SPDX-License-Identifier: GPL-2.0-only
/* link.c: patching of direct jumps, and the stubs that all blocks share.
 * Next file: emit.c. */
#include "link.h"

#include "cache.h"
#include "emit.h"

void link_write_stubs(struct cache *c)
{
	u32 pos;

	memset(c->mem.code_rw, 0xcc, ABI_STUB_BYTES); /* int3 */
	memcpy(c->mem.code_rw + ABI_STUB_EXIT, c->mem.exit_stub, c->mem.exit_stub_bytes);
	pos = emit_lookup(c, LINK_STUB_LOOKUP);
	port_assert(pos <= LINK_STUB_MISS);
	pos = emit_miss(c, LINK_STUB_MISS);
	port_assert(pos <= LINK_STUB_EMPTY);
	pos = emit_empty(c, LINK_STUB_EMPTY);
	port_assert(pos <= ABI_STUB_BYTES);
}

/* An aligned 8-byte store is seen whole by instruction fetch (Intel SDM volume 3, "Guaranteed Atomic Operations"); the
 * bytes around the rel32 keep their value, so any mix of old and new never runs. */
void link_patch(struct cache *c, u32 rel, u32 target)
{
	volatile u64 *word = (volatile u64 *)(c->mem.code_rw + (rel & ~7U));
	u32 shift = (rel & 7) * 8;
	u64 value = *word;

	port_assert((rel & 7) <= 4);
	value &= ~(0xffffffffULL << shift);
	value |= (u64)(target - (rel + 4)) << shift;
	*word = value;
}

static void write_key(struct cache *c, const struct link *lk, u64 key)
{
	*(volatile u64 *)&c->mem.keys_rw[lk - c->link] = key;
}

static bool may_rejoin(const struct cache *c, const struct link *lk)
{
	u32 i;

	for (i = 0; i < c->nvcpus; i++)
		if (c->vcpu[i]->seen < lk->unjoined)
			return false;
	return true;
}

int link_set(struct cache *c, u32 l, u32 b, u64 key)
{
	struct link *lk = &c->link[l];
	struct block *to = &c->block[b];

	if (lk->to != BLOCK_NONE)
		link_clear(c, l);
	if (lk->is_far && !may_rejoin(c, lk))
		return -EAGAIN;
	lk->to = b;
	lk->prev = CACHE_NONE;
	lk->next = to->incoming;
	if (to->incoming != BLOCK_NONE)
		c->link[to->incoming].prev = l;
	to->incoming = l;
	link_patch(c, lk->rel, to->host);
	if (lk->is_far)
		write_key(c, lk, key); /* behind the rel32: x86 keeps stores in order */
	c->stats.links_set++;
	return 0;
}

void link_clear(struct cache *c, u32 l)
{
	struct link *lk = &c->link[l];

	if (lk->to == BLOCK_NONE)
		return;
	if (lk->is_far)
		write_key(c, lk, 0);
	else
		link_patch(c, lk->rel, lk->cold);
	if (lk->prev == (u32)CACHE_NONE)
		c->block[lk->to].incoming = lk->next;
	else
		c->link[lk->prev].next = lk->next;
	if (lk->next != (u32)CACHE_NONE)
		c->link[lk->next].prev = lk->prev;
	lk->to = BLOCK_NONE;
	lk->unjoined = ++c->epoch;
	c->stats.unlinks++;
}
