// SPDX-License-Identifier: GPL-2.0-only
/* space_verify.c: walks every entry of a world and holds it against space_table[].
 * Next file: space_map.c (the table). */
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>

#include "gate.h"
#include "space_impl.h"
#include "world/monitor.h"

/* What an entry may have without being asked: the processor's and the monitor's own bits, and the address. */
#define FREE_BITS (_PAGE_ACCESSED | _PAGE_DIRTY)

void space_part_bounds(const struct space *space, enum part part, u64 *va, u64 *bytes)
{
	u64 base = space->vm->state_base;
	const struct {
		u64 va, bytes;
	} bounds[PART_COUNT] = {
		[PART_GATE] = { (u64)gate_text, (u64)(gate_text_end - gate_text) },
		[PART_BLOCK] = { (u64)space->block, BLOCK_BYTES },
		[PART_MONITOR] = { WORLD_MONITOR, WORLD_MONITOR_BYTES },
		[PART_BLOCK_LOW] = { WORLD_BLOCK, BLOCK_BYTES },
		[PART_STATE_RW] = { WORLD_STATE_RW, ABI_STATE_BYTES },
		[PART_STATE] = { (u64)space->state, PAGE_ALIGN(ABI_STATE_BYTES) },
		[PART_POOL] = { WORLD_POOL, (u64)space->pool_pages << PAGE_SHIFT },
		[PART_POOL_PA] = { WORLD_POOL_PA, PAGE_ALIGN((u64)space->pool_pages * sizeof(u64)) },
		[PART_WINDOW] = { WORLD_WINDOW, WORLD_SLOT_BYTES },
		[PART_HOME] = { base + ABI_HOME, PAGE_SIZE },
		[PART_CSR] = { base + ABI_CSR, PAGE_SIZE },
		[PART_TABLES] = { base + ABI_TABLE, ABI_STATE_BYTES - ABI_TABLE },
		[PART_RAM] = { WORLD_RAM, WORLD_GPA_END },
		[PART_FRAMES] = { WORLD_FRAMES, (WORLD_GPA_END >> PAGE_SHIFT) * sizeof(u64) },
		[PART_CODE] = { WORLD_CODE, (u64)space->vm->ncode_pages << PAGE_SHIFT },
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

static int check_leaf(const struct space *space, u64 va, u64 entry)
{
	int part = part_of(space, va);
	u64 must, has = (entry & ~FREE_BITS) & ~world_entry(world_entry_pa(entry), 0);

	if (part == PART_WINDOW)
		has &= ~MONITOR_LEAF_LARGE;

	if (part >= 0) {
		must = space_table[part].flags & ~FREE_BITS;
		if (has == must || (part == PART_WINDOW && has == (must & ~(u64)_PAGE_RW)))
			return 0;
	}
	pr_err("ldbt: world maps %#llx as %#llx: %s\n", va, entry, part < 0 ? "in no part" : space_table[part].name);
	return -EIO;
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

/* U-mode must not find the CSR page; the other views need it. */
static int check_csr_page(const struct space *space, u32 root)
{
	u64 va = space->vm->state_base + ABI_CSR, *table = space->root[root];
	bool is_mapped;
	int level;

	for (level = space->map.levels; level > 1; level--)
		table = __va(world_entry_pa(table[(va >> (12 + 9 * (level - 1))) & 511]));
	is_mapped = table[(va >> 12) & 511] & _PAGE_PRESENT;
	if (is_mapped != space->monitor->view[root].is_user)
		return 0;
	pr_err("ldbt: root %u of a world %s the CSR page\n", root, is_mapped ? "has" : "lacks");
	return -EIO;
}

int space_verify(struct space *space)
{
	int err = 0;
	u32 i;

	for (i = 0; i < MONITOR_ROOTS && !err; i++)
		err = check_table(space, space->root[i], space->map.levels, 0) ?: check_csr_page(space, i);
	return err;
}
