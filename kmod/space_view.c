// SPDX-License-Identifier: GPL-2.0-only
/* space_view.c: the roots of one world: one per way in which the guest's loads and stores are translated.
 *
 * All roots share every table but the top and the window's. Root 0 is bare; the others are handed out in turn, so a satp
 * that comes back finds its window as it left it. Everything here runs on the vCPU's own thread while it is outside; the
 * entry that follows loads CR3 and so flushes what the processor kept.
 * Next file: world/monitor.c (which fills the windows). */
#include <linux/io.h>
#include <linux/mm.h>

#include "space_impl.h"
#include "world/monitor.h"

#define TABLE_FLAGS (_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED)

static u64 *pool_table(const struct space *s, u32 index)
{
	return page_address(s->pool[index]);
}

/* A root like the first, with a window of its own: copies of its level-4 and, if there is one, level-5 table. */
static u64 *clone_root(struct space *s)
{
	struct world_map *map = &s->map;
	u64 *level4 = world_map_zeroed(map), *level5;

	if (!level4)
		return NULL;
	memcpy(level4, world_map_level4(map), PAGE_SIZE);
	if (map->levels == 4)
		return level4;
	level5 = world_map_zeroed(map);
	if (!level5)
		return NULL;
	memcpy(level5, map->root, PAGE_SIZE);
	level5[0] = world_entry(__pa(level4), TABLE_FLAGS);
	return level5;
}

int space_create_roots(struct space *s)
{
	u64 *level4;
	u32 i;

	for (i = 0; i < MONITOR_ROOTS; i++) {
		s->root[i] = i ? clone_root(s) : s->map.root;
		if (!s->root[i])
			return -ENOMEM;
		level4 = s->map.levels == 4 ? s->root[i] : __va(world_entry_pa(s->root[i][0]));
		level4[WORLD_WINDOW / WORLD_SLOT_BYTES] = world_entry(page_to_phys(s->pool[i]), TABLE_FLAGS);
	}
	s->monitor->view[0].regime.is_bare = true;
	s->monitor->view[0].regime.priv = PRIV_M;
	s->monitor->view[0].is_used = true;
	return 0;
}

/* ---- which root ---- */

static bool is_view_of(const struct monitor_view *view, const struct walk_regime *r, u64 satp)
{
	const struct walk_regime *has = &view->regime;

	return view->is_used && view->satp == satp && has->root == r->root && has->priv == r->priv &&
	       has->sum == r->sum && has->mxr == r->mxr && has->adue == r->adue;
}

static void clear_window(struct space *s, u32 root)
{
	memset(pool_table(s, root), 0, PAGE_SIZE);
	s->monitor->view[root].has_gigapages = 0;
}

static u32 find_view(struct space *s, const struct walk_regime *regime, u64 satp)
{
	struct monitor_view *view = s->monitor->view;
	u32 i;

	if (regime->is_bare)
		return 0;
	for (i = 1; i < MONITOR_ROOTS; i++)
		if (is_view_of(&view[i], regime, satp))
			return i;
	s->next_root = s->next_root % (MONITOR_ROOTS - 1) + 1;
	i = s->next_root;
	clear_window(s, i);
	view[i].regime = *regime;
	view[i].satp = satp;
	view[i].is_used = true;
	return i;
}

void space_set_regime(struct space *s, const struct walk_regime *regime, u64 satp)
{
	u32 root = find_view(s, regime, satp);

	if (root == s->monitor->root)
		return;
	s->monitor->root = root;
	s->gate->world_cr3 = __sme_set(__pa(s->root[root]));
	s->stats.view_switches++;
}

/* ---- forgetting ---- */

/* The window's last-level table for a guest address, NULL if there is none. */
static u64 *leaf_table(const struct space *s, u32 root, gva_t gva)
{
	u64 va = gva + WORLD_GUEST_BASE, *table = pool_table(s, root), entry;
	int shift;

	for (shift = 30; shift > 12; shift -= 9) {
		entry = table[(va >> shift) & 511];
		if (!(entry & _PAGE_PRESENT))
			return NULL;
		table = pool_table(s, MONITOR_BRANCH_CHILD(entry));
	}
	return table;
}

/* One page of a larger guest mapping stands for all: then the whole table goes. */
static void flush_address(struct space *s, u32 root, gva_t gva)
{
	u64 *table = leaf_table(s, root, gva);
	u32 i, index = (gva >> 12) & 511;

	if (s->monitor->view[root].has_gigapages) {
		clear_window(s, root);
		return;
	}
	if (!table)
		return;
	for (i = 0; i < 512; i++)
		if (i == index || (table[i] & MONITOR_LEAF_LARGE))
			table[i] = 0;
}

void space_flush_address(struct space *s, gva_t gva)
{
	u32 i;

	for (i = 1; i < MONITOR_ROOTS; i++)
		if (s->monitor->view[i].is_used)
			flush_address(s, i, gva);
}

void space_flush(struct space *s)
{
	u32 i;

	for (i = 1; i < MONITOR_ROOTS; i++)
		if (s->monitor->view[i].is_used)
			clear_window(s, i);
}

/* ---- write protection ---- */

static void protect_table(struct space *s, u64 *table, int level, phys_addr_t pa)
{
	u32 i;

	for (i = 0; i < 512; i++) {
		u64 entry = table[i];

		if (!(entry & _PAGE_PRESENT))
			continue;
		if (level > 1)
			protect_table(s, pool_table(s, MONITOR_BRANCH_CHILD(entry)), level - 1, pa);
		else if (world_entry_pa(entry) == pa)
			table[i] = entry & ~(u64)(_PAGE_RW | _PAGE_DIRTY);
	}
}

/* Bare: the address is known. Elsewhere the page may be mapped anywhere, any number of times. */
static void protect_page(struct space *s, gpa_t gpa, phys_addr_t pa)
{
	u64 *table = leaf_table(s, 0, gpa);
	u32 i;

	if (table)
		table[(gpa >> 12) & 511] &= ~(u64)(_PAGE_RW | _PAGE_DIRTY);
	for (i = 1; i < MONITOR_ROOTS; i++)
		if (s->monitor->view[i].is_used)
			protect_table(s, pool_table(s, i), 3, pa);
}

void space_apply_protects(struct space *s)
{
	struct space_vm *vm = s->vm;
	u32 i;

	spin_lock(&vm->lock);
	if (vm->protect_count - s->protect_seen > PROTECT_RING) {
		for (i = 0; i < MONITOR_ROOTS; i++)
			clear_window(s, i);
		s->monitor->pool_next = MONITOR_ROOTS;
		s->monitor->pool_resets++;
		s->protect_seen = vm->protect_count;
	}
	for (; s->protect_seen != vm->protect_count; s->protect_seen++) {
		const struct protected_page *page = &vm->protect_ring[s->protect_seen % PROTECT_RING];

		protect_page(s, page->gpa, page->pa);
	}
	spin_unlock(&vm->lock);
}
