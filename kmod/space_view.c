// SPDX-License-Identifier: GPL-2.0-only
/* space_view.c: the roots of one world, and the host's side of its views.
 *
 * All roots share every table but the top, the window's and, in roots of U-mode, those on the way to the CSR page.
 * Everything here runs on the vCPU's own thread while it is outside; the entry that follows loads CR3 and so flushes what
 * the processor kept.
 * Next file: world/view.c (which root), world/fill.c (which fills the windows). */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "space_impl.h"
#include "world/monitor.h"
#include "world/view.h"

#define TABLE_FLAGS (_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED)
#define WORLD_PCID  0x3f0 /* outside what Linux uses: 0 to 6, and those + 2048 */

static u64 *pool_table(const struct space *s, u32 index)
{
	return page_address(s->pool[index]);
}

static void *copy_page_of(struct world_map *map, const void *from)
{
	void *page = world_map_zeroed(map);

	if (page)
		memcpy(page, from, PAGE_SIZE);
	return page;
}

/* A level-4 table like the first, behind a level-5 table of its own if there is one; NULL: no memory. */
static u64 *clone_root(struct space *s, u64 **root)
{
	struct world_map *map = &s->map;
	u64 *level4 = copy_page_of(map, world_map_level4(map));

	*root = level4;
	if (!level4 || map->levels == 4)
		return level4;
	*root = copy_page_of(map, map->root);
	if (!*root)
		return NULL;
	(*root)[0] = world_entry(__pa(level4), TABLE_FLAGS);
	return level4;
}

/* Copies of the tables on the way to the CSR page, in which it is missing: the level-4 entry that leads to them; 0: no
 * memory. */
static u64 way_without_csr(struct space *s)
{
	u64 va = s->vm->state_base + ABI_CSR, *slot = world_map_level4(&s->map) + (va >> 39 & 511), top = 0;
	u64 *up = &top, *table;
	int shift;

	for (shift = 30; shift >= 12; shift -= 9) {
		table = copy_page_of(&s->map, __va(world_entry_pa(*slot)));
		if (!table)
			return 0;
		*up = world_entry(__pa(table), TABLE_FLAGS);
		up = slot = table + (va >> shift & 511);
	}
	*slot = 0;
	return top;
}

int space_create_roots(struct space *s)
{
	u64 user = way_without_csr(s), bits = native_read_cr4() & X86_CR4_PCIDE ? WORLD_PCID : 0, *level4;
	u32 i;

	if (!user)
		return -ENOMEM;
	for (i = 0; i < MONITOR_ROOTS; i++) {
		level4 = clone_root(s, &s->root[i]);
		if (!level4)
			return -ENOMEM;
		level4[WORLD_WINDOW / WORLD_SLOT_BYTES] = world_entry(page_to_phys(s->pool[i]), TABLE_FLAGS);
		if (i & 1) {
			level4[(s->vm->state_base + ABI_CSR) / WORLD_SLOT_BYTES] = user;
			s->monitor->view[i].is_user = true;
		}
		s->monitor->root[i].cr3 = __sme_set(__pa(s->root[i])) | bits;
	}
	for (i = 0; i < 2; i++) {
		s->monitor->view[i].regime.is_bare = true;
		s->monitor->view[i].regime.priv = PRIV_M;
		s->monitor->view[i].is_used = true;
	}
	return 0;
}

void space_set_regime(struct space *s, const struct walk_regime *regime, u64 satp, u8 priv)
{
	u32 root = view_find(&s->shadow, regime, satp, priv);

	if (root == s->monitor->root_now)
		return;
	s->monitor->root_now = root;
	s->monitor->view_switches++;
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

static void clear_window(struct space *s, u32 root)
{
	memset(pool_table(s, root), 0, PAGE_SIZE);
	s->monitor->view[root].has_gigapages = 0;
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

	for (i = 2; i < MONITOR_ROOTS; i++)
		if (s->monitor->view[i].is_used)
			flush_address(s, i, gva);
}

void space_flush(struct space *s)
{
	u32 i;

	for (i = 2; i < MONITOR_ROOTS; i++)
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
	u64 *table;
	u32 i;

	for (i = 0; i < 2; i++) {
		table = leaf_table(s, i, gpa);
		if (table)
			table[(gpa >> 12) & 511] &= ~(u64)(_PAGE_RW | _PAGE_DIRTY);
	}
	for (i = 2; i < MONITOR_ROOTS; i++)
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
