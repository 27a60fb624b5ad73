// SPDX-License-Identifier: GPL-2.0-only
/* aspace.c: which address spaces have shadow tables, and how they lose them. Built for the module and for the monitor.
 * Next file: fence.c, view.c, tree.c (which makes what is dropped here). */
#include "aspace.h"

#include "layout.h"
#include "pool.h"

enum { SATP_ASID_SHIFT = 44 };

static u32 trees_of(const struct shadow *s, u32 aspace)
{
	return aspace < ASPACE_FIRST || s->st->has_keys ? 1 : SHADOW_TREES;
}

static u64 *top_slot(const struct shadow *s, u32 aspace, u32 tree, u32 i)
{
	return shadow_page(s, shadow_top(s, aspace, tree)) + i;
}

static u32 top_index(gva_t gva)
{
	return (gva + WORLD_GUEST_BASE) >> 30 & (SHADOW_ENTRIES - 1);
}

/* ---- what the processor has to forget ---- */

static void must_flush(const struct shadow *s, u32 aspace)
{
	u32 tree;

	for (tree = 0; tree < SHADOW_TREES; tree++)
		s->m->root[shadow_root(aspace, tree)].must_flush = 1;
}

/* One page went: its address is forgotten by itself in the root in use. */
static void must_flush_others(const struct shadow *s, u32 aspace)
{
	u8 now = s->m->root[s->m->root_now].must_flush;

	must_flush(s, aspace);
	s->m->root[s->m->root_now].must_flush = now;
}

/* ---- dropping all of one ---- */

/* Entry i of the top tables; true: a link stays. */
static bool clear_gib(const struct shadow *s, u32 aspace, u32 i, bool keep_global)
{
	u32 tree, trees = trees_of(s, aspace), middle;
	bool keeps = false;
	u64 *slot;

	for (tree = 0; tree < trees; tree++) {
		slot = top_slot(s, aspace, tree, i);
		if (!(*slot & SHADOW_PRESENT))
			continue;
		middle = SHADOW_CHILD(*slot);
		if (keep_global && s->info[middle].owner == OWNER_GLOBAL) {
			keeps = true;
			continue;
		}
		*(volatile u64 *)slot = 0;
		s->st->epoch++;
		if (s->info[middle].owner == shadow_root(aspace, tree))
			pool_kill(s, middle);
	}
	return keeps;
}

void aspace_clear(const struct shadow *s, u32 aspace, bool keep_global)
{
	struct aspace *as = &s->st->aspace[aspace];
	u64 left, bit;
	u32 word;

	for (word = 0; word < SHADOW_ENTRIES / 64; word++)
		for (left = as->used[word]; left; left &= ~bit) {
			bit = left & -left;
			if (!clear_gib(s, aspace, word * 64 + (u32)__builtin_ctzll(bit), keep_global))
				as->used[word] &= ~bit;
		}
	s->st->epoch++; /* it may become another's */
	must_flush(s, aspace);
}

void aspace_reset(const struct shadow *s)
{
	u32 i;

	for (i = 0; i < SHADOW_ASPACES; i++)
		aspace_clear(s, i, false);
	aspace_drop_globals(s);
}

/* ---- dropping one address ---- */

enum dropped { DROPPED_NOTHING, DROPPED_PAGE, DROPPED_MORE };

static enum dropped drop_in_middle(const struct shadow *s, u32 middle, gva_t gva)
{
	u64 *slot = shadow_page(s, middle) + (gva >> 21 & (SHADOW_ENTRIES - 1)), *entry;

	if (!(*slot & SHADOW_PRESENT))
		return DROPPED_NOTHING;
	if (*slot & SHADOW_HUGE) {
		pool_drop_entry(s, slot);
		return DROPPED_PAGE;
	}
	if (s->info[SHADOW_CHILD(*slot)].has_large) { /* one guest leaf gave all of the table */
		pool_drop_leaf(s, slot);
		return DROPPED_MORE;
	}
	entry = shadow_page(s, SHADOW_CHILD(*slot)) + (gva >> 12 & (SHADOW_ENTRIES - 1));
	if (!*entry)
		return DROPPED_NOTHING;
	pool_drop_entry(s, entry);
	return DROPPED_PAGE;
}

/* In the tables that the address space has for itself. */
static void drop_address(const struct shadow *s, u32 aspace, gva_t gva)
{
	u32 tree, trees = trees_of(s, aspace), middle;
	u64 slot;

	for (tree = 0; tree < trees; tree++) {
		slot = *top_slot(s, aspace, tree, top_index(gva));
		middle = SHADOW_CHILD(slot);
		if (!(slot & SHADOW_PRESENT) || s->info[middle].owner != shadow_root(aspace, tree))
			continue;
		if (s->info[middle].has_large) {
			clear_gib(s, aspace, top_index(gva), true);
			must_flush(s, aspace);
			return;
		}
		switch (drop_in_middle(s, middle, gva)) {
		case DROPPED_MORE: must_flush(s, aspace); break;
		case DROPPED_PAGE: must_flush_others(s, aspace); break;
		default: break;
		}
	}
}

/* ---- global pages ---- */

void aspace_drop_globals(const struct shadow *s)
{
	struct shadow_state *st = s->st;
	u64 bit;
	u32 word, i;

	for (word = 0; word < SHADOW_ENTRIES / 64; word++)
		for (; st->global_used[word]; st->global_used[word] &= ~bit) {
			bit = st->global_used[word] & -st->global_used[word];
			i = word * 64 + (u32)__builtin_ctzll(bit);
			pool_kill(s, st->global[i].middle);
			st->global[i].middle = 0;
		}
}

static void unlink_global(const struct shadow *s, u32 middle, u32 i)
{
	u32 aspace, tree;
	u64 *slot;

	for (aspace = ASPACE_FIRST; aspace < SHADOW_ASPACES; aspace++)
		for (tree = 0; tree < trees_of(s, aspace); tree++) {
			slot = top_slot(s, aspace, tree, i);
			if ((*slot & SHADOW_PRESENT) && SHADOW_CHILD(*slot) == middle)
				*(volatile u64 *)slot = 0;
		}
	s->st->epoch++;
}

void aspace_drop_global_address(const struct shadow *s, gva_t gva)
{
	struct shadow_state *st = s->st;
	u32 i = top_index(gva), middle = st->global[i].middle, aspace;
	enum dropped dropped = DROPPED_MORE;

	if (!middle)
		return;
	if (s->info[middle].has_large) {
		unlink_global(s, middle, i);
		pool_kill(s, middle);
		st->global[i].middle = 0;
		st->global_used[i / 64] &= ~(1ULL << (i % 64));
	} else {
		dropped = drop_in_middle(s, middle, gva);
	}
	if (dropped == DROPPED_NOTHING)
		return;
	for (aspace = ASPACE_FIRST; aspace < SHADOW_ASPACES; aspace++)
		if (dropped == DROPPED_MORE)
			must_flush(s, aspace);
		else
			must_flush_others(s, aspace);
}

/* ---- fences ---- */

static bool concerns(const struct fence *f, u64 satp)
{
	return !f->has_asid || f->asid == (u16)(satp >> SATP_ASID_SHIFT);
}

/* Whether everything has to go, since a fence was for all addresses, or is not known any more. */
static bool missed_all(const struct shadow *s, const struct aspace *as, bool *keep_global)
{
	struct shadow_state *st = s->st;
	bool is_all = false;
	u32 n;

	*keep_global = st->fences - as->fences_seen <= FENCES_KEPT;
	if (!*keep_global)
		return true;
	for (n = as->fences_seen; n != st->fences; n++) {
		const struct fence *f = &st->fence[n % FENCES_KEPT];

		if (f->has_gva || !concerns(f, as->satp))
			continue;
		is_all = true;
		*keep_global &= f->has_asid; /* tables of global pages are gone: their numbers mean nothing */
	}
	return is_all;
}

/* The fence that was noted last is the only one that it has missed: so while it is in use. */
static void apply_last(const struct shadow *s, u32 aspace)
{
	const struct fence *f = &s->st->fence[(s->st->fences - 1) % FENCES_KEPT];

	if (!concerns(f, s->st->aspace[aspace].satp))
		return;
	if (f->has_gva)
		drop_address(s, aspace, f->gva);
	else
		aspace_clear(s, aspace, f->has_asid);
}

void aspace_catch_up(const struct shadow *s, u32 aspace)
{
	struct aspace *as = &s->st->aspace[aspace];
	bool keep_global;
	u32 n;

	if (aspace == ASPACE_BARE || as->fences_seen == s->st->fences)
		return;
	if (aspace >= ASPACE_FIRST && as->fences_seen + 1 == s->st->fences) {
		apply_last(s, aspace);
		as->fences_seen++;
		return;
	}
	if (missed_all(s, as, &keep_global) || aspace == ASPACE_OWN) {
		aspace_clear(s, aspace, keep_global);
	} else {
		for (n = as->fences_seen; n != s->st->fences; n++) {
			const struct fence *f = &s->st->fence[n % FENCES_KEPT];

			if (f->has_gva && concerns(f, as->satp))
				drop_address(s, aspace, f->gva);
		}
	}
	as->fences_seen = s->st->fences;
}

/* ---- finding ---- */

static bool has_tables(const struct aspace *as)
{
	u64 any = 0;
	u32 word;

	for (word = 0; word < SHADOW_ENTRIES / 64; word++)
		any |= as->used[word];
	return any;
}

/* The one used least recently, not the one in use; with tables if is_needed. SHADOW_ASPACES: none. */
static u32 oldest(const struct shadow *s, u32 first, bool has_to_have_tables)
{
	const struct aspace *as = s->st->aspace;
	u32 i, found = SHADOW_ASPACES;

	for (i = first; i < SHADOW_ASPACES; i++) {
		if (i == s->st->aspace_now || (has_to_have_tables && !has_tables(&as[i])))
			continue;
		if (found == SHADOW_ASPACES || as[i].last_use < as[found].last_use)
			found = i;
	}
	return found;
}

static bool is_it(const struct aspace *as, const struct walk_regime *regime, u64 satp)
{
	return as->is_used && as->satp == satp && as->regime.adue == regime->adue;
}

u32 aspace_find(const struct shadow *s, const struct walk_regime *regime, u64 satp)
{
	struct shadow_state *st = s->st;
	u32 i = st->aspace_paged;

	if (is_it(&st->aspace[i], regime, satp))
		return i;
	for (i = ASPACE_FIRST; i < SHADOW_ASPACES; i++)
		if (is_it(&st->aspace[i], regime, satp))
			return i;
	i = oldest(s, ASPACE_FIRST, false);
	aspace_clear(s, i, false);
	st->aspace[i].regime = *regime;
	st->aspace[i].satp = satp;
	st->aspace[i].is_used = true;
	return i;
}

void aspace_use(const struct shadow *s, u32 aspace)
{
	struct shadow_state *st = s->st;

	st->aspace_now = aspace;
	if (aspace >= ASPACE_FIRST)
		st->aspace_paged = aspace;
	st->aspace[aspace].last_use = ++st->clock;
	aspace_catch_up(s, aspace);
}

/* ---- room ---- */

static void evict(const struct shadow *s)
{
	u32 aspace = oldest(s, 0, true);

	s->st->evictions++;
	if (aspace < SHADOW_ASPACES)
		aspace_clear(s, aspace, false);
	else
		aspace_reset(s);
}

void aspace_make_room(const struct shadow *s, u32 pages)
{
	while (s->st->nfree < pages) {
		while (!s->st->dead) /* one with links to global tables alone leaves none */
			evict(s);
		pool_reclaim(s);
	}
}
