// SPDX-License-Identifier: GPL-2.0-only
/* space_verify.c: walks every entry of a world and holds it against space_table[].
 * Next file: space_map.c (the table). */
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>

#include "boundary.h"
#include "gate.h"
#include "space_impl.h"
#include "world/aspace.h"
#include "world/rmap.h"

/* What an entry may have without being asked: the processor's and the monitor's own bits, and the address. */
#define FREE_BITS (_PAGE_ACCESSED | _PAGE_DIRTY)

void space_part_bounds(const struct space *space, enum part part, u64 *va, u64 *bytes)
{
	u64 base = space->vm->state_base, pool = space->shadow.st->pool_pages;
	const struct {
		u64 va, bytes;
	} bounds[PART_COUNT] = {
		[PART_GATE] = { boundary_gate(gate_text), (u64)(gate_text_end - gate_text) },
		[PART_BLOCK] = { (u64)space->block, BLOCK_BYTES },
		[PART_MONITOR] = { WORLD_MONITOR, WORLD_MONITOR_BYTES },
		[PART_BLOCK_LOW] = { WORLD_BLOCK, BLOCK_BYTES },
		[PART_STATE_RW] = { WORLD_STATE_RW, ABI_STATE_BYTES },
		[PART_STATE] = { (u64)space->state, PAGE_ALIGN(ABI_STATE_BYTES) },
		[PART_SHADOW] = { WORLD_SHADOW, WORLD_SHADOW_BYTES },
		[PART_POOL] = { WORLD_POOL, pool << PAGE_SHIFT },
		[PART_POOL_PA] = { WORLD_POOL_PA, PAGE_ALIGN(pool * sizeof(u64)) },
		[PART_POOL_INFO] = { WORLD_POOL_INFO, PAGE_ALIGN(pool * sizeof(struct pool_info)) },
		[PART_LINKS] = { WORLD_LINKS, pool << PAGE_SHIFT },
		[PART_HEADS] = { WORLD_HEADS, PAGE_ALIGN((u64)space->nheads * sizeof(u32)) },
		[PART_WINDOW] = { WORLD_WINDOW, WORLD_SLOT_BYTES },
		[PART_HOME] = { base + ABI_HOME, PAGE_SIZE },
		[PART_CSR] = { base + ABI_CSR, PAGE_SIZE },
		[PART_TABLES] = { base + ABI_TABLE, ABI_STATE_BYTES - ABI_TABLE },
		[PART_RAM] = { WORLD_RAM, WORLD_GPA_END },
		[PART_FRAMES] = { WORLD_FRAMES, (WORLD_GPA_END >> PAGE_SHIFT) * sizeof(u64) },
		[PART_CODE] = { WORLD_CODE, (u64)space->vm->ncode_pages << PAGE_SHIFT },
		[PART_KEYS] = { WORLD_KEYS, PAGE_ALIGN(space->vm->key_bytes) },
		[PART_META] = { WORLD_META, PAGE_ALIGN(space->vm->meta_bytes) },
	};

	*va = bounds[part].va;
	*bytes = bounds[part].bytes;
}

static int part_of(const struct space *space, u64 va)
{
	u64 start, bytes;
	int part;

	for (part = 0; part < PART_COUNT; part++) {
		space_part_bounds(space, part, &start, &bytes);
		if (va - start < bytes)
			return part;
	}
	return -ENOENT;
}

static int offence(u64 va, u64 entry, const char *what)
{
	pr_err("ldbt: world maps %#llx as %#llx: %s\n", va, entry, what);
	return -EIO;
}

/* ---- the window ---- */

#define WINDOW_OWN_BITS (SHADOW_FROM_LARGE | SHADOW_OF_S | SHADOW_KEY_MASK)

/* A writable entry is in a list, the others are in none: rmap.h. */
static bool is_listed(const struct shadow *s, u32 number)
{
	struct shadow_link link = s->link[number];

	return (link.prev & RMAP_HEAD ? s->head[link.prev & ~RMAP_HEAD] : s->link[link.prev].next) == number &&
	       (!link.next || s->link[link.next].prev == number);
}

/* U-mode reaches nothing of S-mode, and S-mode with SUM clear nothing of U-mode; with keys the key must say whose it is. */
static bool is_owner_right(const struct space *space, u32 root, u64 entry)
{
	u32 key = (entry & SHADOW_KEY_MASK) >> SHADOW_KEY_SHIFT, tree = root % SHADOW_TREES;
	bool is_of_s = entry & SHADOW_OF_S;

	if (space->shadow.st->has_keys)
		return key == (is_of_s && root >= shadow_root(ASPACE_OWN, 0) ? KEY_S : KEY_U);
	if (key)
		return false;
	return root < shadow_root(ASPACE_FIRST, 0) || tree == TREE_SUM || (tree == TREE_S) == is_of_s;
}

static int check_window_leaf(const struct space *space, u32 root, u64 va, const u64 *at)
{
	u64 entry = *at, bits = entry & ~(FREE_BITS | WINDOW_OWN_BITS | _PAGE_RW | _PAGE_PSE);
	u32 number = at - space->shadow.pool;

	if ((bits & ~world_entry(world_entry_pa(entry), 0)) !=
	    (space_table[PART_WINDOW].flags & ~(FREE_BITS | _PAGE_RW)))
		return offence(va, entry, space_table[PART_WINDOW].name);
	if (!is_owner_right(space, root, entry))
		return offence(va, entry, "page of another mode");
	if ((entry & _PAGE_RW) && !is_listed(&space->shadow, number))
		return offence(va, entry, "writable page in no list");
	return 0;
}

static int check_window_table(const struct space *space, u32 root, u32 page, int level, u64 base)
{
	const u64 *table = shadow_page(&space->shadow, page);
	int i, err = 0;

	for (i = 0; i < SHADOW_ENTRIES && !err; i++) {
		u64 va = base | ((u64)i << (12 + 9 * (level - 1)));

		if (!(table[i] & _PAGE_PRESENT))
			continue;
		if (level == 1 || (level == 2 && (table[i] & _PAGE_PSE)))
			err = check_window_leaf(space, root, va, &table[i]);
		else if ((table[i] & _PAGE_PSE) || SHADOW_CHILD(table[i]) >= space->shadow.st->pool_pages ||
			 world_entry_pa(table[i]) != space->shadow.pool_pa[SHADOW_CHILD(table[i])])
			err = offence(va, table[i], "shadow table");
		else
			err = check_window_table(space, root, SHADOW_CHILD(table[i]), level - 1, va);
	}
	cond_resched();
	return err;
}

/* ---- everything else ---- */

static int check_leaf(const struct space *space, u64 va, u64 entry)
{
	int part = part_of(space, va);
	u64 has = (entry & ~FREE_BITS) & ~world_entry(world_entry_pa(entry), 0);

	if (part >= 0 && part != PART_WINDOW && has == (space_part_flags(part) & ~FREE_BITS))
		return 0;
	return offence(va, entry, part < 0 ? "in no part" : space_table[part].name);
}

static int check_table(const struct space *space, const u64 *table, int level, u64 base)
{
	u64 va, entry;
	int i, err = 0;

	for (i = 0; i < 512 && !err; i++) {
		entry = READ_ONCE(table[i]);
		if (!(entry & _PAGE_PRESENT))
			continue;
		va = base | ((u64)i << (12 + 9 * (level - 1)));
		if (level == space->map.levels && i >= 256) /* sign */
			va |= ~0ULL << (12 + 9 * level);
		if (level == 4 && va == WORLD_WINDOW)
			continue; /* differs from root to root */
		if (level == 1)
			err = check_leaf(space, va, entry);
		else if (entry & _PAGE_PSE)
			err = -EIO;
		else
			err = check_table(space, __va(world_entry_pa(entry)), level - 1, va);
	}
	cond_resched();
	return err;
}

/* ---- roots ---- */

static const u64 *level4_of(const struct space *space, u32 root)
{
	return space->map.levels == 4 ? space->root[root] : __va(world_entry_pa(space->root[root][0]));
}

/* U-mode must not find the CSR page; the other views need it. */
static int check_csr_page(const struct space *space, u32 root)
{
	u64 va = space->vm->state_base + ABI_CSR;
	const u64 *table = level4_of(space, root);
	bool is_mapped;
	int level;

	for (level = 4; level > 1; level--)
		table = __va(world_entry_pa(table[(va >> (12 + 9 * (level - 1))) & 511]));
	is_mapped = table[(va >> 12) & 511] & _PAGE_PRESENT;
	if (is_mapped == (space->shadow.st->has_keys || root % SHADOW_TREES != TREE_U))
		return 0;
	return offence(va, table[(va >> 12) & 511], "CSR page");
}

/* Roots share all but the window and, in U's, the way to the CSR page. The first has been walked. */
static int check_root(const struct space *space, u32 root, u32 first)
{
	const u64 *level4 = level4_of(space, root), *shared = level4_of(space, first);
	u64 csr_slot = (space->vm->state_base + ABI_CSR) / WORLD_SLOT_BYTES;
	int i, err = 0;

	if (space->map.levels == 5 && memcmp(space->root[root] + 1, space->root[first] + 1, PAGE_SIZE - 8))
		return offence(0, space->root[root][1], "level 5");
	for (i = 0; i < 512 && !err; i++) {
		if (i == WORLD_WINDOW / WORLD_SLOT_BYTES || level4[i] == shared[i])
			continue;
		if (i == csr_slot)
			err = check_table(space, __va(world_entry_pa(level4[i])), 3, (u64)i * WORLD_SLOT_BYTES);
		else
			err = offence((u64)i * WORLD_SLOT_BYTES, level4[i], "root");
	}
	err = err ?: check_csr_page(space, root);
	return err
		       ?: check_window_table(space, root,
					     shadow_top(&space->shadow, root / SHADOW_TREES, root % SHADOW_TREES), 3,
					     WORLD_WINDOW);
}

/* ---- the pool ---- */

/* The length of a list of pages, all of this kind; -1: it has another, or no end. */
static int list_length(const struct shadow *s, u32 first, enum pool_kind kind)
{
	u32 index, length = 0;

	for (index = first; index; index = s->info[index].next)
		if (s->info[index].kind != kind || ++length > s->st->pool_pages)
			return -1;
	return length;
}

static int check_pool(const struct shadow *s)
{
	const struct shadow_state *st = s->st;
	int nfree = list_length(s, st->free, POOL_FREE), ndead = list_length(s, st->dead, POOL_DEAD);

	if (nfree >= 0 && ndead >= 0 && st->pool_next <= st->pool_pages &&
	    nfree + st->pool_pages - st->pool_next == st->nfree)
		return 0;
	pr_err("ldbt: shadow tables: %d pages in the list and %u of %u used once, %u free; dead %d\n", nfree,
	       st->pool_next, st->pool_pages, st->nfree, ndead);
	return -EIO;
}

/* An address space learns of fences when it is used next, and is loaded only then; until then its links may lead to tables
 * that are another's by now. */
static void catch_up(const struct space *space)
{
	u32 i;

	for (i = 0; i < SHADOW_ASPACES; i++)
		aspace_catch_up(&space->shadow, i);
}

int space_verify(struct space *space)
{
	/* a root that has the CSR page */
	u32 first = space->shadow.st->has_keys ? 0 : shadow_root(ASPACE_BARE, TREE_S), i;
	int err = check_table(space, space->root[first], space->map.levels, 0);

	err = err ?: check_pool(&space->shadow);
	catch_up(space);
	for (i = 0; i < SHADOW_ROOTS && !err; i++)
		if (space->root[i])
			err = check_root(space, i, first);
	return err;
}
