// SPDX-License-Identifier: GPL-2.0-only
/* tag.c: space tags. Built twice: for the module and for the monitor.
 * Next file: trap.c, ../mmu.c. */
#include "tag.h"

#include "csr.h"

/* Spaces that are no satp with translation. */
enum { SPACE_BARE = 0, SPACE_GLOBAL = 1 };

/* A tag: bits 62:41 number the space, bit 40 is fpu of the block's state, bit 1 is set as abi.h wants, the rest is 0.
 * Addresses that have code are canonical, so bits 63:39 of a key say sign, number and fpu. */
enum { TAG_SHIFT = 41, TAG_NUMBERS = 1 << 22, TAG_FIXED = 2 };

static u64 new_tag(struct tags *t, struct tag *entry)
{
	if (t->given == TAG_NUMBERS)
		return 0;
	entry->tag = (u64)t->given++ << TAG_SHIFT | TAG_FIXED;
	t->kept[t->next] = *entry;
	t->next = (t->next + 1) % TAGS_KEPT;
	return entry->tag;
}

/* What S-mode fetches by leaves with G is the same under every satp (priv supervisor.adoc "Addressing and Memory Protection"),
 * so as long as it fetches by no others, a kernel keeps its jumps when it switches processes. */
static u64 space_of(const struct tags *t, const struct guest *g)
{
	if (g->priv == PRIV_M || !(g->csr.satp >> SATP_MODE_SHIFT))
		return SPACE_BARE;
	return g->priv == PRIV_S && !t->is_local ? SPACE_GLOBAL : g->csr.satp;
}

static bool is_valid(const struct tags *t, const struct tag *tag)
{
	return tag->tag && (tag->tag >> TAG_SHIFT >= t->fenced || tag->space == SPACE_BARE);
}

/* The newest first: behind a fence of all there are few. */
static u64 find_kept(const struct tags *t, const struct tag *wanted)
{
	u32 fresh = t->given - t->fenced, n, i = t->next;

	if (fresh > TAGS_KEPT || wanted->space == SPACE_BARE)
		fresh = TAGS_KEPT;
	for (n = 0; n < fresh; n++) {
		i = (i + TAGS_KEPT - 1) % TAGS_KEPT;
		if (t->kept[i].space == wanted->space && t->kept[i].priv == wanted->priv && t->kept[i].tag)
			return t->kept[i].tag;
	}
	return 0;
}

static u64 space_tag(struct tags *t, const struct guest *g)
{
	u64 space = space_of(t, g);
	struct tag *last = &t->last[g->priv % TAGS_MODES];

	if (last->space == space && is_valid(t, last))
		return last->tag;
	last->space = space;
	last->priv = g->priv;
	last->tag = find_kept(t, last);
	return last->tag ? last->tag : new_tag(t, last);
}

u64 tags_get(struct tags *t, const struct guest *g)
{
	u64 tag = space_tag(t, g);

	return tag && (guest_block_state(g) >> ABI_BLOCK_FPU_SHIFT & 1) ? tag | TAG_FPU : tag;
}

/* ---- fences ---- */

enum { PAGE_SHIFT_BITS = 12, LEVEL_BITS = 9, LEVELS = 3, ASID_SHIFT = 44, HASH_SHIFT = 64 - 11 };

_Static_assert(TAGS_FETCHED_BITS == 1 << (64 - HASH_SHIFT), "the hash is a bit number");

static u32 leaf_bit(gva_t gva, u32 level)
{
	u64 page = gva >> (PAGE_SHIFT_BITS + LEVEL_BITS * level);

	return (u32)((page * LEVELS + level) * 0x9e3779b97f4a7c15ULL >> HASH_SHIFT);
}

bool tags_note_fetch(struct tags *t, u8 priv, gva_t gva, const struct walk_page *page)
{
	u32 bit = leaf_bit(gva, page->level);

	t->fetched[bit / 64] |= 1ULL << (bit % 64);
	if (priv != PRIV_S || page->is_global || t->is_local)
		return true;
	t->is_local = true;
	return false;
}

static bool was_fetched(const struct tags *t, gva_t gva)
{
	u32 level, bit;

	for (level = 0; level < LEVELS; level++) {
		bit = leaf_bit(gva, level);
		if (t->fetched[bit / 64] >> (bit % 64) & 1)
			return true;
	}
	return false;
}

/* True: one was. */
static bool forget_asid(struct tag *tag, u32 count, u16 asid)
{
	bool is_any = false;
	u32 i;

	for (i = 0; i < count; i++)
		if (tag[i].space != SPACE_BARE && tag[i].space != SPACE_GLOBAL &&
		    (u16)(tag[i].space >> ASID_SHIFT) == asid) {
			is_any |= tag[i].tag != 0;
			tag[i].tag = 0;
		}
	return is_any;
}

/* What is forgotten with an ASID leaves the filter as it is: others may have been fetched through the same leaf. */
bool tags_fence(struct tags *t, const struct fence *fence)
{
	u32 i;

	if (fence->has_gva && !was_fetched(t, fence->gva))
		return false;
	if (fence->has_asid) {
		forget_asid(t->kept, TAGS_KEPT, fence->asid);
		return forget_asid(t->last, TAGS_MODES, fence->asid);
	}
	t->fenced = t->given;
	t->is_local = false;
#pragma GCC unroll 8
	for (i = 0; i < TAGS_FETCHED_BITS / 64; i++)
		t->fetched[i] = 0;
	return true;
}

void tags_restart(struct tags *t)
{
	u32 i;

	for (i = 0; i < TAGS_MODES; i++)
		t->last[i].tag = 0;
	for (i = 0; i < TAGS_KEPT; i++)
		t->kept[i].tag = 0;
	t->given = 0;
	t->fenced = 0;
	t->is_local = false;
}
