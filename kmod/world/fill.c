// SPDX-License-Identifier: GPL-2.0-only
/* fill.c: fills the guest window from the guest's page tables. Every call is bounded: one walk and FILL_PAGES entries,
 * or one cleared table for each root.
 * Next file: shadow.h, monitor.c (which calls it). */
#include "fill.h"

#include "layout.h"
#include "monitor.h"
#include "shadow.h"
#include "state.h"
#include "walk.h"

enum {
	FILL_PAGES = 16, /* neighbours filled at once, a power of two that divides 512 */
};

#define PTE_LEAF   (SHADOW_NX | SHADOW_DIRTY | SHADOW_ACCESSED | SHADOW_USER | SHADOW_PRESENT)
#define PTE_BRANCH (SHADOW_ACCESSED | SHADOW_USER | SHADOW_WRITE | SHADOW_PRESENT)

#define monitor ((struct monitor_state *)(WORLD_BLOCK + BLOCK_MONITOR))
#define pool_pa ((const u64 *)WORLD_POOL_PA)
#define frames	((const u64 *)WORLD_FRAMES)

static u64 *pool_page(u32 index)
{
	return shadow_page(&world_shadow, index);
}

/* Entries of tables hold their child's pool number in bits that the processor ignores: 11 bits from 52, 3 from 9. */
static u64 branch_entry(u32 index)
{
	return pool_pa[index] | monitor->me_mask | PTE_BRANCH | MONITOR_BRANCH_INDEX(index);
}

/* Forgets everything: the pool is used up. The write to CR3 flushes, as bit 63 of what is read is clear. */
static void pool_reset(void)
{
	u64 cr3;
	u32 i;

	for (i = 0; i < MONITOR_ROOTS; i++)
		shadow_clear(pool_page(i));
	monitor->pool_next = MONITOR_ROOTS;
	monitor->pool_resets++;
	__asm__ volatile("mov %%cr3, %0; mov %0, %%cr3" : "=r"(cr3) : : "memory");
}

/* The table below entry `slot`, made if there is none; NULL: no page left. */
static u64 *table_below(u64 *slot)
{
	u32 index;

	if (*slot & SHADOW_PRESENT)
		return pool_page(MONITOR_BRANCH_CHILD(*slot));
	index = monitor->pool_next;
	if (index == monitor->pool_pages)
		return 0;
	monitor->pool_next++;
	shadow_clear(pool_page(index));
	*(volatile u64 *)slot = branch_entry(index);
	return pool_page(index);
}

static u64 *find_leaf_table(u64 va)
{
	u64 *table = table_below(pool_page(monitor->root_now) + ((va >> 30) & 511));

	if (table)
		table = table_below(table + ((va >> 21) & 511));
	return table;
}

/* The last-level table for an address of the window. After a reset there is room. */
static u64 *leaf_table(u64 va)
{
	u64 *table = find_leaf_table(va);

	if (!table) {
		pool_reset();
		table = find_leaf_table(va);
	}
	return table;
}

static u64 guest_frame(u64 gpa)
{
	const struct monitor_region *r = monitor->region, *end = r + monitor->nregions;

	for (; r < end; r++)
		if (gpa >= r->gpa && gpa < r->gpa_end)
			return *(const volatile u64 *)&frames[gpa >> 12];
	return 0;
}

/* ---- the guest's page tables ---- */

struct table_access {
	bool has_code; /* a table lies in a page with translations: its change is the host's business */
};

static bool table_read(void *opaque, gpa_t gpa, u64 *pte)
{
	(void)opaque;
	if (!(guest_frame(gpa) & GPAGE_PRESENT))
		return false;
	*pte = *(const volatile u64 *)(WORLD_RAM + gpa);
	return true;
}

static bool table_cas(void *opaque, gpa_t gpa, u64 expected, u64 desired, u64 *old)
{
	struct table_access *access = opaque;
	u64 frame = guest_frame(gpa);

	if (!(frame & GPAGE_PRESENT) || (frame & GPAGE_READONLY)) {
		access->has_code = true;
		return false;
	}
	__asm__ volatile("lock cmpxchgq %2, %1"
			 : "+a"(expected), "+m"(*(u64 *)(WORLD_RAM + gpa))
			 : "r"(desired)
			 : "memory", "cc");
	*old = expected;
	return true;
}

static bool translate(const struct monitor_view *view, u64 gva, bool is_store, struct walk_page *page)
{
	struct table_access access = { false };
	const struct walk_memory memory = { table_read, table_cas, &access };

	return !walk(&view->regime, &memory, gva, is_store ? WALK_STORE : WALK_LOAD, page) && !access.has_code;
}

/* ---- filling ---- */

static u64 leaf_entry(u64 frame, const struct walk_page *page)
{
	u64 entry = (frame & SHADOW_PA) | monitor->me_mask | PTE_LEAF;

	if (page->level)
		entry |= MONITOR_LEAF_LARGE;
	return (frame & GPAGE_READONLY) || !(page->may & WALK_MAY_STORE) ? entry : entry | SHADOW_WRITE;
}

/* Pages beside the one that faulted, in the same guest mapping: bare, or a leaf of level 1 and more. */
static void fill_around(u64 *table, u64 va, const struct walk_page *page)
{
	u64 first = (va >> 12) & 511 & ~(FILL_PAGES - 1ULL), gpa = page->gpa & ~(FILL_PAGES * 4096ULL - 1), frame;
	u32 i;

	for (i = 0; i < FILL_PAGES; i++, gpa += 4096) {
		if (table[first + i] & SHADOW_PRESENT)
			continue;
		frame = guest_frame(gpa);
		if (frame & GPAGE_PRESENT) {
			*(volatile u64 *)&table[first + i] = leaf_entry(frame, page);
			monitor->page_fills++;
		}
	}
}

bool fill_page(u64 va, bool is_store)
{
	struct monitor_view *view = &monitor->view[monitor->root_now];
	u64 frame, *table;
	struct walk_page page;

	if (!translate(view, va - WORLD_GUEST_BASE, is_store, &page))
		return false;
	frame = guest_frame(page.gpa);
	if (!(frame & GPAGE_PRESENT) || (is_store && (frame & GPAGE_READONLY)))
		return false;
	if (page.level == 2)
		view->has_gigapages = 1;
	table = leaf_table(va);
	*(volatile u64 *)&table[(va >> 12) & 511] = leaf_entry(frame, &page);
	__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
	monitor->page_fills++;
	if (page.level || view->regime.is_bare)
		fill_around(table, va, &page);
	return true;
}
