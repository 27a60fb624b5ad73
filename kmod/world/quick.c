// SPDX-License-Identifier: GPL-2.0-only
/* quick.c: page fills of the common case, in as few instructions as can be. Everything that is not common is left to
 * fill.c, which tells the same in full.
 * Next file: fill.c. */
#include "fill.h"

#include "aspace.h"
#include "pool.h"
#include "rmap.h"
#include "root.h"
#include "trap.h"
#include "tree.h"
#include "walk_quick.h"

/* Neighbours lie in the same row of so many pages, and are taken along as long as they are ready. */
enum { QUICK_ROW = 16, QUICK_ROW_MASK = QUICK_ROW - 1 };

/* What leaves of one class have in common. */
#define SAME_CLASS (QUICK_RESERVED | QUICK_V | QUICK_R | QUICK_U | QUICK_G | QUICK_A)

static const struct shadow here = SHADOW_PARTS;
static const struct shadow *const s = &here;

#define INLINE	 static inline __attribute__((always_inline))
#define NOINLINE static __attribute__((noinline))

/* A page of guest memory. */
struct found_page {
	const struct monitor_region *region;
	u64 frame;
};

INLINE bool find_page(gpa_t gpa, struct found_page *page)
{
	page->region = s->m->region; /* most often the first */
	if (gpa < page->region->gpa || gpa >= page->region->gpa_end)
		page->region = rmap_region(s, gpa);
	if (!page->region)
		return false;
	page->frame = ((const volatile u64 *)WORLD_FRAMES)[gpa >> 12];
	return page->frame & GPAGE_PRESENT;
}

/* ---- the tables of the place ---- */

static const u64 *table_at(gpa_t gpa)
{
	struct found_page page;

	return find_page(gpa, &page) ? (const u64 *)(WORLD_RAM + gpa) : NULL;
}

/* The place's entry belongs to this view and is current afterwards. */
NOINLINE enum quick_found find_guest_table(struct shadow_quick *quick, u64 va, u64 place)
{
	struct quick_path path;
	enum quick_found found;

	if (quick->place != place || quick->epoch != s->st->epoch)
		*quick = (struct shadow_quick){ .place = place, .epoch = s->st->epoch };
	found = quick_path_of(s->m->regime.root, va - WORLD_GUEST_BASE, table_at, &path);
	if (found != QUICK_FOUND)
		return found; /* guest is NULL */
	quick->guest = path.table;
	quick->top_pte = path.top_pte;
	quick->is_global = path.is_global;
	quick->rule = quick_rule_of(&s->m->regime);
	return QUICK_FOUND;
}

INLINE enum quick_found find_place(struct shadow_quick *quick, u64 va)
{
	u64 place = (u64)s->m->view_now << 32 | va >> SHADOW_QUICK_SHIFT;

	if (quick->place == place && quick->epoch == s->st->epoch && quick->guest)
		return QUICK_FOUND;
	return find_guest_table(quick, va, place);
}

/* Our table for a class that the place's has not met yet. What was known about other places may be old then. */
NOINLINE void find_leaf_table(struct shadow_quick *quick, u64 va, u8 class)
{
	const struct tree_place place = { va, class, 0, quick->top_pte };
	u64 *slot;

	aspace_make_room(s, TREE_PAGES_MAX);
	slot = tree_middle_slot(s, &place);
	quick->leaf = tree_leaf(s, slot, &place);
	quick->takes = s->info[shadow_number(s, slot) / SHADOW_ENTRIES].takes;
	quick->epoch = s->st->epoch;
}

/* ---- entries ---- */

INLINE u8 class_of(const struct shadow_quick *quick, u64 pte)
{
	if (pte & QUICK_U)
		return CLASS_U;
	return pte & QUICK_G || quick->is_global ? CLASS_GLOBAL : CLASS_S;
}

INLINE u64 bits_of(u64 pte)
{
	u64 bits = SHADOW_LEAF | s->m->me_mask | (pte & QUICK_U ? 0 : SHADOW_OF_S);

	return s->st->has_keys ? bits | (u64)(pte & QUICK_U ? KEY_U : KEY_S) << SHADOW_KEY_SHIFT : bits;
}

INLINE void put(u64 *entry, u64 bits, u64 pte, const struct found_page *page)
{
	bits |= page->frame & SHADOW_PA;
	if (quick_may_store(pte) && !(page->frame & GPAGE_READONLY)) {
		rmap_link(s, shadow_number(s, entry), rmap_page(page->region, quick_gpa(pte)));
		bits |= SHADOW_WRITE;
	}
	*(volatile u64 *)entry = bits;
	s->m->page_fills++;
}

INLINE u64 read_pte(const struct shadow_quick *quick, u32 index)
{
	return *(const volatile u64 *)&quick->guest[index];
}

INLINE bool is_ready(const struct shadow_quick *quick, u32 index, u64 pte)
{
	return !((read_pte(quick, index) ^ pte) & SAME_CLASS) && !quick->leaf[index];
}

/* The neighbour is ready. */
INLINE bool put_neighbour(const struct shadow_quick *quick, u32 index)
{
	u64 pte = read_pte(quick, index);
	struct found_page page;

	if (!find_page(quick_gpa(pte), &page))
		return false;
	put(&quick->leaf[index], bits_of(pte), pte, &page);
	return true;
}

NOINLINE void put_neighbours(const struct shadow_quick *quick, u32 index, u64 pte)
{
	u32 i;

	for (i = index + 1; i & QUICK_ROW_MASK; i++)
		if (!is_ready(quick, i, pte) || !put_neighbour(quick, i))
			break;
	for (i = index; i-- & QUICK_ROW_MASK;)
		if (!is_ready(quick, i, pte) || !put_neighbour(quick, i))
			break;
}

INLINE bool has_neighbours(const struct shadow_quick *quick, u32 index, u64 pte)
{
	return ((index + 1) & QUICK_ROW_MASK && is_ready(quick, index + 1, pte)) ||
	       (index & QUICK_ROW_MASK && is_ready(quick, index - 1, pte));
}

INLINE enum quick_found fill(u64 va, bool is_store, bool is_around)
{
	struct shadow_quick *quick = shadow_quick_at(s, va);
	u32 index = quick_index(va, 0);
	struct found_page page;
	enum quick_found found;
	u64 pte, old;
	u8 class;

	__asm__("" : "+r"(quick)); /* one register, instead of a sum at each use */
	found = find_place(quick, va);
	if (found != QUICK_FOUND)
		return found;
	pte = read_pte(quick, index);
	if (!(pte & QUICK_V))
		return QUICK_ABSENT;
	if (!quick_passes(&quick->rule, pte, is_store) || !find_page(quick_gpa(pte), &page))
		return QUICK_UNSURE;
	if (is_store && (page.frame & GPAGE_READONLY))
		return QUICK_UNSURE;
	class = class_of(quick, pte);
	if (!(quick->takes & class))
		find_leaf_table(quick, va, class);
	old = quick->leaf[index];
	if (old & SHADOW_WRITE)
		return QUICK_UNSURE;
	put(&quick->leaf[index], bits_of(pte), pte, &page);
	if (is_around && has_neighbours(quick, index, pte))
		put_neighbours(quick, index, pte);
	/* What was not present the processor does not know. */
	if (old || s->m->root[s->m->root_now].must_flush)
		root_refresh(va);
	return QUICK_FOUND;
}

int fill_page(u64 va, bool is_store)
{
	enum quick_found found = s->st->aspace_now < ASPACE_FIRST ? QUICK_UNSURE : fill(va, is_store, true);

	if (found == QUICK_ABSENT)
		return is_store ? CAUSE_STORE_PAGE : CAUSE_LOAD_PAGE;
	return found == QUICK_UNSURE ? fill_in_full(va, is_store) : 0;
}

void fill_again(u64 va)
{
	if (s->st->aspace_now < ASPACE_FIRST || fill(va, false, false) == QUICK_UNSURE)
		fill_again_in_full(va);
}
