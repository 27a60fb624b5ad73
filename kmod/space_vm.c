// SPDX-License-Identifier: GPL-2.0-only
/* space_vm.c: what the worlds of one VM share: alias of guest RAM, guest page entries, code cache and its tables;
 * and write protection.
 * Next file: space.c. */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/vmalloc.h>

#include "space_impl.h"

#define BLOCK_BYTES_HUGE (2ULL << 20)
#define BLOCK_PAGES_HUGE (BLOCK_BYTES_HUGE >> PAGE_SHIFT)

/* The entry of a guest page at WORLD_FRAMES, as the host sees it; NULL: none, or no memory for it. */
static u64 *guest_page_entry(struct space_vm *vm, gpa_t gpa, bool is_needed)
{
	u64 index = gpa >> PAGE_SHIFT, va = WORLD_FRAMES + (index << 3);
	u64 *slot = world_map_entry(&vm->map, va & PAGE_MASK, is_needed);
	u64 *page;

	if (!slot)
		return NULL;
	if (!*slot && is_needed) {
		page = world_map_zeroed(&vm->map);
		if (page)
			*slot = world_entry(__pa(page), space_table[PART_FRAMES].flags);
	}
	if (!*slot)
		return NULL;
	page = __va(world_entry_pa(*slot));
	return page + (index & 511);
}

/* Blocks that one entry of a shadow table can map. */
static void mark_huge(struct space_vm *vm, const struct space_region *r)
{
	u64 first = ALIGN(r->gpa, BLOCK_BYTES_HUGE) - r->gpa, i, in_block;

	for (i = first >> PAGE_SHIFT; i + BLOCK_PAGES_HUGE <= r->npages; i += BLOCK_PAGES_HUGE) {
		phys_addr_t pa = page_to_phys(r->pages[i]);

		for (in_block = 1; in_block < BLOCK_PAGES_HUGE; in_block++)
			if (page_to_phys(r->pages[i + in_block]) != pa + (in_block << PAGE_SHIFT))
				break;
		if (in_block == BLOCK_PAGES_HUGE && IS_ALIGNED(pa, BLOCK_BYTES_HUGE)) {
			*guest_page_entry(vm, r->gpa + (i << PAGE_SHIFT), false) |= GPAGE_HUGE;
			vm->nhuge_blocks++;
		}
		if (!(i & (BLOCK_PAGES_HUGE * 8 - 1)))
			cond_resched();
	}
}

u64 space_vm_huge_blocks(const struct space_vm *vm)
{
	return vm->nhuge_blocks;
}

static int map_region(struct space_vm *vm, const struct space_region *r)
{
	u64 i, *entry;
	int err;

	if ((r->gpa & ~PAGE_MASK) || !r->npages || r->npages > WORLD_GPA_END >> PAGE_SHIFT ||
	    r->gpa > WORLD_GPA_END - (r->npages << PAGE_SHIFT))
		return -EINVAL;
	for (i = 0; i < r->npages; i++) {
		gpa_t gpa = r->gpa + (i << PAGE_SHIFT);
		phys_addr_t pa = page_to_phys(r->pages[i]);

		entry = guest_page_entry(vm, gpa, true);
		if (!entry)
			return -ENOMEM;
		*entry = pa | GPAGE_PRESENT;
		err = space_map_page(&vm->map, PART_RAM, WORLD_RAM + gpa, pa);
		if (err)
			return err;
		if (!(i & 1023))
			cond_resched();
	}
	mark_huge(vm, r);
	vm->region[vm->nregions].gpa = r->gpa;
	vm->region[vm->nregions++].gpa_end = r->gpa + (r->npages << PAGE_SHIFT);
	vm->nram_pages += r->npages;
	return 0;
}

static int map_code(struct space_vm *vm, const struct space_config *config)
{
	u32 i;
	int err = 0;

	for (i = 0; i < config->ncode_pages && !err; i++)
		err = space_map_page(&vm->map, PART_CODE, WORLD_CODE + ((u64)i << PAGE_SHIFT),
				     page_to_phys(config->code_pages[i]));
	vm->ncode_pages = config->ncode_pages;
	return err;
}

/* What the code cache has beside its bytes. */
static int map_table(struct space_vm *vm, enum part part, u64 va, const void *table, u64 bytes)
{
	u64 off;
	int err = 0;

	for (off = 0; off < bytes && !err; off += PAGE_SIZE)
		err = space_map_page(&vm->map, part, va + off, page_to_phys(vmalloc_to_page(table + off)));
	return err;
}

static int map_tables(struct space_vm *vm, const struct space_config *config)
{
	vm->key_bytes = config->key_bytes;
	vm->meta_bytes = config->meta_bytes;
	return map_table(vm, PART_KEYS, WORLD_KEYS, config->keys, config->key_bytes)
		       ?: map_table(vm, PART_META, WORLD_META, config->meta, config->meta_bytes);
}

static u64 random_state_base(void)
{
	u64 pages = WORLD_STATE_SLOTS * (WORLD_SLOT_BYTES >> PAGE_SHIFT) - (ABI_STATE_BYTES >> PAGE_SHIFT);
	u64 random;

	get_random_bytes(&random, sizeof(random));
	return WORLD_STATE_FIRST + ((random % pages) << PAGE_SHIFT);
}

int space_vm_create(struct space_vm **out, const struct space_config *config)
{
	struct space_vm *vm;
	u32 i;
	int err;

	if (config->nregions > SPACE_REGIONS_MAX || !config->ncode_pages)
		return -EINVAL;
	vm = kzalloc(sizeof(*vm), GFP_KERNEL_ACCOUNT);
	if (!vm)
		return -ENOMEM;
	spin_lock_init(&vm->lock);
	INIT_LIST_HEAD(&vm->spaces);
	vm->state_base = random_state_base();
	err = world_map_create(&vm->map);
	if (err)
		goto err_free;
	err = map_code(vm, config) ?: map_tables(vm, config);
	for (i = 0; i < config->nregions && !err; i++)
		err = map_region(vm, &config->regions[i]);
	if (err)
		goto err_map;
	*out = vm;
	return 0;

err_map:
	world_map_destroy(&vm->map);
err_free:
	kfree(vm);
	return err;
}

void space_vm_destroy(struct space_vm *vm)
{
	WARN_ON(!list_empty(&vm->spaces));
	world_map_destroy(&vm->map);
	kfree(vm);
}

/* ---- write protection ---- */

static void nothing(void *unused)
{
}

/* Every vCPU now inside leaves; before its next stay it looks at the ring. */
static void push_out(struct space_vm *vm)
{
	struct space *space;
	unsigned long flags;
	cpumask_var_t cpus;
	int cpu;

	if (!zalloc_cpumask_var(&cpus, GFP_ATOMIC)) {
		smp_call_function(nothing, NULL, 1);
		return;
	}
	spin_lock_irqsave(&vm->lock, flags);
	list_for_each_entry(space, &vm->spaces, node)
	{
		cpu = READ_ONCE(space->inside);
		if (cpu != INSIDE_NONE)
			cpumask_set_cpu(cpu, cpus);
	}
	spin_unlock_irqrestore(&vm->lock, flags);
	preempt_disable();
	smp_call_function_many(cpus, nothing, NULL, true);
	preempt_enable();
	free_cpumask_var(cpus);
}

/* Under vm->lock. The block's first page counts, so that the monitor has one place to look at. */
static void set_readonly(struct space_vm *vm, gpa_t gpa, bool is_readonly)
{
	u64 *entry = guest_page_entry(vm, gpa, false);
	u64 *first = guest_page_entry(vm, gpa & ~(BLOCK_BYTES_HUGE - 1), false);

	if (!(*entry & GPAGE_READONLY) == !is_readonly)
		return;
	WRITE_ONCE(*entry, *entry ^ GPAGE_READONLY);
	if (first && (*first & GPAGE_HUGE))
		WRITE_ONCE(*first, *first + ((is_readonly ? 1ULL : -1ULL) << GPAGE_READONLY_SHIFT));
}

void space_protect_page(struct space_vm *vm, gpa_t gpa)
{
	u64 *entry = guest_page_entry(vm, gpa, false);
	unsigned long flags;

	if (!entry || !(*entry & GPAGE_PRESENT))
		return;
	spin_lock_irqsave(&vm->lock, flags);
	set_readonly(vm, gpa, true);
	vm->protect_ring[vm->protect_count % PROTECT_RING] = gpa & PAGE_MASK;
	WRITE_ONCE(vm->protect_count, vm->protect_count + 1);
	spin_unlock_irqrestore(&vm->lock, flags);
	smp_mb(); /* count before `inside`; partner: space_enter() */
	push_out(vm);
}

/* Entries that are read-only now are made writable by the monitor at the next store. */
void space_unprotect_page(struct space_vm *vm, gpa_t gpa)
{
	u64 *entry = guest_page_entry(vm, gpa, false);
	unsigned long flags;

	if (!entry)
		return;
	spin_lock_irqsave(&vm->lock, flags);
	set_readonly(vm, gpa, false);
	spin_unlock_irqrestore(&vm->lock, flags);
}
