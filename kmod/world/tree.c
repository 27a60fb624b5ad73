// SPDX-License-Identifier: GPL-2.0-only
/* tree.c: makes and shares middle and leaf tables. Next file: fill.c. */
#include "tree.h"

#include "aspace.h"
#include "pool.h"

#define BRANCH (SHADOW_ACCESSED | SHADOW_USER | SHADOW_WRITE | SHADOW_PRESENT)

static void link_table(const struct shadow *s, u64 *slot, u32 index)
{
	*(volatile u64 *)slot = s->pool_pa[index] | s->m->me_mask | BRANCH | SHADOW_CHILD_BITS(index);
}

static bool trees_are_three(const struct shadow *s, u32 aspace)
{
	return aspace >= ASPACE_FIRST && !s->st->has_keys;
}

/* What the tree may hold, and so its own middle tables. */
static u8 tree_takes(const struct shadow *s, u32 aspace, u32 tree)
{
	static const u8 takes[SHADOW_TREES] = {
		[TREE_U] = CLASS_U,
		[TREE_S] = CLASS_S | CLASS_GLOBAL,
		[TREE_SUM] = CLASS_ALL,
	};

	return trees_are_three(s, aspace) ? takes[tree] : (u8)CLASS_ALL;
}

/* The middle table of global pages behind this entry of the guest's top table; 0: that GiB is another's. */
static u32 global_middle(const struct shadow *s, u32 i, u64 pte)
{
	struct shadow_global *global = &s->st->global[i];

	if (!global->middle) {
		global->pte = pte;
		global->middle = (u16)pool_take(s, POOL_MIDDLE, CLASS_GLOBAL, OWNER_GLOBAL);
		s->st->global_used[i / 64] |= 1ULL << (i % 64);
	}
	return global->pte == pte ? global->middle : 0;
}

/* A middle table to share, or one of the tree's own. */
static u32 new_middle(const struct shadow *s, u32 aspace, u32 tree, u32 i, const struct tree_place *place)
{
	u32 middle = 0;

	if (aspace >= ASPACE_FIRST && place->class == CLASS_GLOBAL)
		middle = global_middle(s, i, place->top_pte);
	if (!middle)
		middle = pool_take(s, POOL_MIDDLE, tree_takes(s, aspace, tree), (u16)shadow_root(aspace, tree));
	return middle;
}

/* S with SUM set finds it there without a fault, if the GiB has no other class yet. */
static void offer_to_sum(const struct shadow *s, u32 aspace, u32 i, u32 middle)
{
	u64 *slot = shadow_page(s, shadow_top(s, aspace, TREE_SUM)) + i;

	if (!(*slot & SHADOW_PRESENT))
		link_table(s, slot, middle);
}

static u32 middle_of_tree(const struct shadow *s, u32 aspace, u32 tree, const struct tree_place *place)
{
	u32 i = place->va >> 30 & (SHADOW_ENTRIES - 1), middle;
	u64 *slot = shadow_page(s, shadow_top(s, aspace, tree)) + i;

	if (*slot & SHADOW_PRESENT) {
		middle = SHADOW_CHILD(*slot);
		if (s->info[middle].takes & place->class)
			return middle;
		/* Classes meet: what was shared is left to the others. What the processor knows of it would escape
		 * fences. */
		s->m->root[shadow_root(aspace, tree)].must_flush = 1;
		s->st->epoch++;
		middle = pool_take(s, POOL_MIDDLE, tree_takes(s, aspace, tree), (u16)shadow_root(aspace, tree));
	} else if (tree == TREE_SUM) {
		middle = middle_of_tree(s, aspace, place->class == CLASS_U ? TREE_U : TREE_S, place);
	} else {
		middle = new_middle(s, aspace, tree, i, place);
	}
	link_table(s, slot, middle);
	s->st->aspace[aspace].used[i / 64] |= 1ULL << (i % 64);
	if (trees_are_three(s, aspace) && tree != TREE_SUM)
		offer_to_sum(s, aspace, i, middle);
	return middle;
}

u64 *tree_middle_slot(const struct shadow *s, const struct tree_place *place)
{
	u32 aspace = s->st->aspace_now, tree = s->m->view_now % SHADOW_TREES, middle;

	if (!trees_are_three(s, aspace))
		tree = 0;
	middle = middle_of_tree(s, aspace, tree, place);
	s->info[middle].has_large |= place->level == 2;
	return shadow_page(s, middle) + (place->va >> 21 & (SHADOW_ENTRIES - 1));
}

u64 *tree_leaf(const struct shadow *s, u64 *slot, const struct tree_place *place)
{
	u32 index;

	if (*slot & SHADOW_HUGE)
		pool_drop_entry(s, slot);
	if (!(*slot & SHADOW_PRESENT))
		link_table(s, slot, pool_take(s, POOL_LEAF, 0, OWNER_NONE));
	index = SHADOW_CHILD(*slot);
	s->info[index].has_large |= place->level != 0;
	return shadow_page(s, index);
}
