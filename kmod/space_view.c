// SPDX-License-Identifier: GPL-2.0-only
/* space_view.c: the roots of one world, and the host's side of its views.
 *
 * All roots share every table but the top, the window's and, in roots of U-mode, those on the way to the CSR page. With
 * protection keys an address space has one root, and the CSR page a key.
 * Everything here runs on the vCPU's own thread while it is outside; the entry that follows loads CR3 and so flushes what
 * the processor kept.
 * Next file: world/view.c (which root), world/fill.c (which fills the windows). */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "space_impl.h"
#include "world/aspace.h"
#include "world/fence.h"
#include "world/rmap.h"
#include "world/view.h"

#define TABLE_FLAGS (_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED)

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

static int create_root(struct space *s, u32 root, u64 user_way)
{
	u32 aspace = root / SHADOW_TREES, tree = root % SHADOW_TREES;
	u64 *level4 = clone_root(s, &s->root[root]);

	if (!level4)
		return -ENOMEM;
	level4[WORLD_WINDOW / WORLD_SLOT_BYTES] =
		world_entry(page_to_phys(s->pool[shadow_top(&s->shadow, aspace, tree)]), TABLE_FLAGS);
	if (tree == TREE_U && !space_has_keys)
		level4[(s->vm->state_base + ABI_CSR) / WORLD_SLOT_BYTES] = user_way;
	s->monitor->root[root].cr3 = __sme_set(__pa(s->root[root]));
	return 0;
}

static bool has_root(u32 root)
{
	if (space_has_keys)
		return root % SHADOW_TREES == 0;
	return root >= shadow_root(ASPACE_FIRST, 0) || root % SHADOW_TREES != TREE_SUM;
}

int space_create_roots(struct space *s)
{
	u64 user_way = way_without_csr(s);
	int err = user_way ? 0 : -ENOMEM;
	u32 i;

	for (i = 0; i < SHADOW_ROOTS && !err; i++)
		if (has_root(i))
			err = create_root(s, i, user_way);
	view_reset(&s->shadow);
	return err;
}

/* ---- calls ---- */

void space_set_regime(struct space *s, const struct walk_regime *regime, u64 satp, u8 priv)
{
	view_choose(&s->shadow, regime, satp, priv);
}

void space_fence(struct space *s, const struct fence *fence)
{
	fence_note(&s->shadow, fence);
	s->monitor->root[s->monitor->root_now].must_flush = 1;
}

static void protect_page(struct space *s, gpa_t gpa)
{
	if (!rmap_protect(&s->shadow, gpa))
		aspace_reset(&s->shadow);
}

void space_apply_protects(struct space *s)
{
	struct space_vm *vm = s->vm;
	u32 i;

	spin_lock(&vm->lock);
	if (vm->protect_count - s->protect_seen > PROTECT_RING) {
		aspace_reset(&s->shadow);
		s->protect_seen = vm->protect_count;
	}
	for (; s->protect_seen != vm->protect_count; s->protect_seen++)
		protect_page(s, vm->protect_ring[s->protect_seen % PROTECT_RING]);
	spin_unlock(&vm->lock);
	for (i = 0; i < SHADOW_ROOTS; i++)
		s->monitor->root[i].must_flush = 1;
}
