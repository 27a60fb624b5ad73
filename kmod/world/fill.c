// SPDX-License-Identifier: GPL-2.0-only
/* fill.c: fills the guest window of the root in use from the guest's page tables.
 * Next file: tree.h, aspace.h, monitor.c (which calls it). */
#include "fill.h"

#include "aspace.h"
#include "pool.h"
#include "rmap.h"
#include "root.h"
#include "tree.h"
#include "walk.h"

enum {
	FILL_PAGES = 16, /* neighbours filled at once, a power of two that divides 512 */
};

#define BLOCK_MASK_ (~((1ULL << RMAP_BLOCK_SHIFT) - 1))

#define monitor ((struct monitor_state *)(WORLD_BLOCK + BLOCK_MONITOR))
#define frames	((const u64 *)WORLD_FRAMES)

static const struct shadow here = SHADOW_PARTS;
static const struct shadow *const s = &here;

/* Entries at WORLD_FRAMES are mapped for pages of regions only. */
static u64 guest_frame(u64 gpa)
{
	return rmap_region(s, gpa) ? *(const volatile u64 *)&frames[gpa >> 12] : 0;
}

/* ---- the guest's page tables ---- */

struct table_access {
	bool has_code; /* a table lies in a page with translations: its change is the host's business */
	bool has_top;
	u64 top_pte; /* what was read first */
};

static bool table_read(void *opaque, gpa_t gpa, u64 *pte)
{
	struct table_access *access = opaque;

	if (!(guest_frame(gpa) & GPAGE_PRESENT))
		return false;
	*pte = *(const volatile u64 *)(WORLD_RAM + gpa);
	if (!access->has_top)
		access->top_pte = *pte;
	access->has_top = true;
	return true;
}

static bool table_cas(void *opaque, gpa_t gpa, u64 expected, u64 desired, u64 *old)
{
	struct table_access *access = opaque;
	u64 frame = guest_frame(gpa), was = expected;

	if (!(frame & GPAGE_PRESENT) || (frame & GPAGE_READONLY)) {
		access->has_code = true;
		return false;
	}
	__asm__ volatile("lock cmpxchgq %2, %1"
			 : "+a"(expected), "+m"(*(u64 *)(WORLD_RAM + gpa))
			 : "r"(desired)
			 : "memory", "cc");
	*old = expected;
	access->has_top = expected == was; /* else the walk begins anew */
	return true;
}

static u8 class_of(const struct walk_page *page)
{
	if (page->is_user)
		return CLASS_U;
	return page->is_global ? CLASS_GLOBAL : CLASS_S;
}

static int walk_tables(const struct walk_regime *regime, gva_t gva, enum walk_access kind, struct table_access *access,
		       struct walk_page *page)
{
	const struct walk_memory memory = { table_read, table_cas, access };
	int cause = walk(regime, &memory, gva, kind, page);

	return cause < 0 || access->has_code ? FILL_HOST : cause;
}

int fill_walk(const struct walk_regime *regime, gva_t gva, enum walk_access kind, struct walk_page *page)
{
	struct table_access access = { 0 };

	return walk_tables(regime, gva, kind, &access, page);
}

static int translate(const struct walk_regime *regime, u64 va, bool is_store, struct walk_page *page,
		     struct tree_place *place)
{
	struct table_access access = { 0 };
	int cause = walk_tables(regime, va - WORLD_GUEST_BASE, is_store ? WALK_STORE : WALK_LOAD, &access, page);

	if (!cause)
		*place = (struct tree_place){ va, class_of(page), page->level, access.top_pte };
	return cause;
}

/* ---- entries ---- */

static u64 entry_bits(const struct walk_page *page)
{
	bool is_bare = monitor->regime.is_bare;
	u64 bits = SHADOW_LEAF | monitor->me_mask;

	if (page->level)
		bits |= SHADOW_FROM_LARGE;
	if (!page->is_user)
		bits |= SHADOW_OF_S;
	if (s->st->has_keys)
		bits |= (u64)(page->is_user || is_bare ? KEY_U : KEY_S) << SHADOW_KEY_SHIFT;
	return page->may & WALK_MAY_STORE ? bits | SHADOW_WRITE : bits;
}

static void put(u64 *entry, u64 value, u32 list)
{
	if (*entry == value)
		return; /* filled for another tree that shares the table */
	pool_drop_entry(s, entry);
	if (value & SHADOW_WRITE)
		rmap_link(s, shadow_number(s, entry), list);
	*(volatile u64 *)entry = value;
	monitor->page_fills++;
}

static void put_page(u64 *entry, u64 bits, u64 frame, u64 gpa)
{
	if (frame & GPAGE_READONLY)
		bits &= ~(u64)SHADOW_WRITE;
	put(entry, (frame & SHADOW_PA) | bits, rmap_page(rmap_region(s, gpa), gpa));
}

/* Pages beside the one that faulted, in the same guest mapping: bare, or a leaf of level 1 and more. */
static void fill_around(u64 *table, u64 va, u64 gpa, u64 bits)
{
	u32 first = va >> 12 & (SHADOW_ENTRIES - 1) & ~(FILL_PAGES - 1U), i;
	u64 frame;

	gpa &= ~(FILL_PAGES * 4096ULL - 1);
	for (i = 0; i < FILL_PAGES; i++, gpa += 4096) {
		if (table[first + i] & SHADOW_PRESENT)
			continue;
		frame = guest_frame(gpa);
		if (frame & GPAGE_PRESENT)
			put_page(&table[first + i], bits, frame, gpa);
	}
}

/* ---- huge entries ---- */

/* The block's 512 pages lie in one region and in one piece of host memory, and none of them must be kept from stores. */
static bool may_be_huge(const struct walk_page *page, u64 gpa, u64 bits)
{
	u64 frame;

	if (!page->level && !monitor->regime.is_bare)
		return false;
	frame = guest_frame(gpa);
	return (frame & GPAGE_HUGE) && !((bits & SHADOW_WRITE) && frame >> GPAGE_READONLY_SHIFT);
}

static void insert(const struct walk_page *page, const struct tree_place *place, u64 frame)
{
	u64 bits = entry_bits(page), block = page->gpa & BLOCK_MASK_, *slot, *table;

	aspace_make_room(s, TREE_PAGES_MAX);
	slot = tree_middle_slot(s, place);
	if (!pool_is_table(*slot) && may_be_huge(page, block, bits)) {
		put(slot, (guest_frame(block) & SHADOW_PA) | bits | SHADOW_HUGE,
		    rmap_block(rmap_region(s, block), block));
		monitor->huge_fills++;
		return;
	}
	table = tree_leaf(s, slot, place);
	put_page(&table[place->va >> 12 & (SHADOW_ENTRIES - 1)], bits, frame, page->gpa);
	if (page->level || monitor->regime.is_bare)
		fill_around(table, place->va, page->gpa, bits);
}

int fill_in_full(u64 va, bool is_store)
{
	struct tree_place place;
	struct walk_page page;
	int cause = translate(&monitor->regime, va, is_store, &page, &place);
	u64 frame;

	if (cause)
		return cause;
	frame = guest_frame(page.gpa);
	if (!(frame & GPAGE_PRESENT) || (is_store && (frame & GPAGE_READONLY)))
		return FILL_HOST;
	insert(&page, &place, frame);
	root_refresh(va);
	return 0;
}

void fill_again_in_full(u64 va)
{
	struct walk_regime regime = monitor->regime;
	struct tree_place place;
	struct walk_page page;
	u64 frame;

	regime.adue = false;
	if (regime.is_bare || translate(&regime, va, false, &page, &place))
		return;
	frame = guest_frame(page.gpa);
	if (frame & GPAGE_PRESENT)
		insert(&page, &place, frame);
}
