// SPDX-License-Identifier: GPL-2.0-only
/* monitor.c: ring 0 of the sealed world: fills the guest window on page faults, from the guest's page tables.
 *
 * Linked alone at WORLD_MONITOR; calls nothing outside and uses fixed addresses only: neither GS, FS nor the host exist
 * here. Runs with interrupts off, so every call is bounded: one walk and FILL_PAGES entries, or one cleared table.
 * An NMI may interrupt it anywhere; it returns here.
 * Next file: ../gate.S (which calls it). */
#include "layout.h"
#include "monitor.h"
#include "state.h"
#include "walk.h"

enum {
	PTE_PRESENT = 1,
	PTE_WRITE = 2,
	PTE_USER = 4,
	PTE_ACCESSED = 0x20,
	PTE_DIRTY = 0x40,
	PF_WRITE = 2, /* page-fault error code */
	PF_FETCH = 16,
	FILL_PAGES = 16, /* neighbours filled at once, a power of two that divides 512 */
};

#define PTE_NX	   (1ULL << 63)
#define PTE_PA	   0x000ffffffffff000ULL
#define PTE_LEAF   (PTE_NX | PTE_DIRTY | PTE_ACCESSED | PTE_USER | PTE_PRESENT)
#define PTE_BRANCH (PTE_ACCESSED | PTE_USER | PTE_WRITE | PTE_PRESENT)

#define gate	((struct gate_state *)(WORLD_BLOCK + BLOCK_GATE))
#define monitor ((struct monitor_state *)(WORLD_BLOCK + BLOCK_MONITOR))
#define error	(*(const u64 *)(WORLD_BLOCK + BLOCK_FRAME + FRAME_ERROR))
#define pool_pa ((const u64 *)WORLD_POOL_PA)
#define frames	((const u64 *)WORLD_FRAMES)

static u64 *pool_page(u32 index)
{
	return (u64 *)(WORLD_POOL + ((u64)index << 12));
}

static void page_clear(u64 *page)
{
	u64 count = 512;

	__asm__ volatile("rep stosq" : "+D"(page), "+c"(count) : "a"(0ULL) : "memory");
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
		page_clear(pool_page(i));
	monitor->pool_next = MONITOR_ROOTS;
	monitor->pool_resets++;
	__asm__ volatile("mov %%cr3, %0; mov %0, %%cr3" : "=r"(cr3) : : "memory");
}

/* The table below entry `slot`, made if there is none; NULL: no page left. */
static u64 *table_below(u64 *slot)
{
	u32 index;

	if (*slot & PTE_PRESENT)
		return pool_page(MONITOR_BRANCH_CHILD(*slot));
	index = monitor->pool_next;
	if (index == monitor->pool_pages)
		return 0;
	monitor->pool_next++;
	page_clear(pool_page(index));
	*(volatile u64 *)slot = branch_entry(index);
	return pool_page(index);
}

static u64 *find_leaf_table(u64 va)
{
	u64 *table = table_below(pool_page(monitor->root) + ((va >> 30) & 511));

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
	u64 entry = (frame & PTE_PA) | monitor->me_mask | PTE_LEAF;

	if (page->level)
		entry |= MONITOR_LEAF_LARGE;
	return (frame & GPAGE_READONLY) || !(page->may & WALK_MAY_STORE) ? entry : entry | PTE_WRITE;
}

/* Pages beside the one that faulted, in the same guest mapping: bare, or a leaf of level 1 and more. */
static void fill_around(u64 *table, u64 va, const struct walk_page *page)
{
	u64 first = (va >> 12) & 511 & ~(FILL_PAGES - 1ULL), gpa = page->gpa & ~(FILL_PAGES * 4096ULL - 1), frame;
	u32 i;

	for (i = 0; i < FILL_PAGES; i++, gpa += 4096) {
		if (table[first + i] & PTE_PRESENT)
			continue;
		frame = guest_frame(gpa);
		if (frame & GPAGE_PRESENT) {
			*(volatile u64 *)&table[first + i] = leaf_entry(frame, page);
			monitor->page_fills++;
		}
	}
}

/* 0: go on with the guest. Else LEAVE_FAULT: devices, stores to translated pages, the guest's own faults. */
__attribute__((section(".text.entry"))) u64 monitor_page_fault(void)
{
	struct monitor_view *view = &monitor->view[monitor->root];
	u64 va = gate->cr2, frame, *table;
	bool is_store = error & PF_WRITE;
	struct walk_page page;

	if (va - WORLD_WINDOW >= WORLD_SLOT_BYTES || (error & PF_FETCH))
		return LEAVE_FAULT;
	if (!translate(view, va - WORLD_GUEST_BASE, is_store, &page))
		return LEAVE_FAULT;
	frame = guest_frame(page.gpa);
	if (!(frame & GPAGE_PRESENT) || (is_store && (frame & GPAGE_READONLY)))
		return LEAVE_FAULT;
	if (page.level == 2)
		view->has_gigapages = 1;
	table = leaf_table(va);
	*(volatile u64 *)&table[(va >> 12) & 511] = leaf_entry(frame, &page);
	__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
	monitor->page_fills++;
	if (page.level || view->regime.is_bare)
		fill_around(table, va, &page);
	return 0;
}
