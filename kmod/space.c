// SPDX-License-Identifier: GPL-2.0-only
/* space.c: one sealed world: built and destroyed.
 * Next file: space_stay.c. */
#include <linux/io.h>
#include <linux/mem_encrypt.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <asm/desc.h>
#include <asm/processor.h>
#include <asm/trapnr.h>

#include "boundary.h"
#include "gate.h"
#include "refusal.h"
#include "space_impl.h"
#include "world/note.h"
#include "world/short.h"

#define MXCSR_DEFAULT 0x1f80
#define XSAVE_MXCSR   24
#define X86_TRAP_MC   18
#define X86_TRAP_NMI  2

extern const u8 monitor_blob[], monitor_blob_end[];
static struct page *monitor_page[WORLD_MONITOR_BYTES / PAGE_SIZE];
static u32 monitor_pages;

/* ---- building ---- */

static int map_kernel_pages(struct space *s, enum part part, const void *from)
{
	u64 va, bytes, off;
	int err = 0;

	space_part_bounds(s, part, &va, &bytes);
	for (off = 0; off < bytes && !err; off += PAGE_SIZE) {
		const void *addr = from + off;
		phys_addr_t pa = virt_addr_valid(addr) ? __pa(addr) : page_to_phys(vmalloc_to_page(addr));

		err = space_map_page(&s->map, part, va + off, pa);
	}
	return err;
}

static int map_page_list(struct space *s, enum part part, struct page **pages, u32 npages)
{
	u64 va, bytes;
	u32 i;
	int err = 0;

	space_part_bounds(s, part, &va, &bytes);
	for (i = 0; i < npages && !err; i++)
		err = space_map_page(&s->map, part, va + ((u64)i << PAGE_SHIFT), page_to_phys(pages[i]));
	return err;
}

static void join_tables(struct space *s)
{
	u64 *mine = world_map_level4(&s->map), *shared = world_map_level4(&s->vm->map);
	enum part part;
	u64 va, bytes;

	for (part = PART_SHARED; part < PART_COUNT; part++) {
		space_part_bounds(s, part, &va, &bytes);
		mine[va / WORLD_SLOT_BYTES] = shared[va / WORLD_SLOT_BYTES];
	}
}

static int map_world(struct space *s)
{
	int err = map_kernel_pages(s, PART_GATE, gate_text);

	err = err ?: map_kernel_pages(s, PART_BLOCK, s->block);
	err = err ?: map_kernel_pages(s, PART_BLOCK_LOW, s->block);
	err = err ?: map_kernel_pages(s, PART_STATE_RW, s->state);
	err = err ?: map_kernel_pages(s, PART_STATE, s->state);
	err = err ?: map_kernel_pages(s, PART_HOME, s->state + ABI_HOME);
	err = err ?: map_kernel_pages(s, PART_CSR, s->state + ABI_CSR);
	err = err ?: map_kernel_pages(s, PART_TABLES, s->state + ABI_TABLE);
	err = err ?: map_kernel_pages(s, PART_SHADOW, s->shadow.st);
	err = err ?: map_kernel_pages(s, PART_POOL, s->shadow.pool);
	err = err ?: map_kernel_pages(s, PART_POOL_PA, s->shadow.pool_pa);
	err = err ?: map_kernel_pages(s, PART_POOL_INFO, s->shadow.info);
	err = err ?: map_kernel_pages(s, PART_LINKS, s->shadow.link);
	err = err ?: map_kernel_pages(s, PART_HEADS, s->shadow.head);
	err = err ?: map_page_list(s, PART_MONITOR, monitor_page, monitor_pages);
	if (err)
		return err;
	join_tables(s);
	return space_create_roots(s);
}

static void fill_gate(struct space *s)
{
	struct gate_state *g = s->gate;

	g->world_fs = WORLD_GUEST_BASE;
	g->world_gs = s->vm->state_base;
	g->world_lstar = WORLD_SYSCALL;
	g->leave_at = boundary_gate(gate_leave);
	g->verw_selector = __KERNEL_DS;
	g->frame = (u64)s->block + BLOCK_FRAME;
	g->gdtr_world = (struct gate_descriptor){ BLOCK_GDT_BYTES - 1, (u64)s->block + BLOCK_GDT_WORLD, { 0 } };
	g->gdtr_host = (struct gate_descriptor){ BLOCK_GDT_BYTES - 1, (u64)s->block + BLOCK_GDT_HOST, { 0 } };
	g->idtr_world = (struct gate_descriptor){ 256 * sizeof(gate_desc) - 1, (u64)s->block + BLOCK_IDT, { 0 } };
}

static void set_vector(struct space *s, unsigned int vector, const void *handler, unsigned int ist)
{
	gate_desc *idt = s->block + BLOCK_IDT;
	const struct idt_data data = {
		.vector = vector,
		.segment = __KERNEL_CS,
		.bits = { .ist = ist, .type = GATE_INTERRUPT, .dpl = 0, .p = 1 },
		.addr = (const void *)boundary_gate(handler),
	};

	idt_init_desc(&idt[vector], &data);
}

/* Same IST numbers as Linux; every vector uses one, so rsp is free in translated code. */
static void fill_vectors(struct space *s)
{
	struct x86_hw_tss *tss = s->block + BLOCK_TSS;
	const char *stubs = gate_stubs;
	unsigned int vector;

	OPTIMIZER_HIDE_VAR(
		stubs); /* else the end of the stubs becomes a constant, which objtool takes for a jump target */
	for (vector = 0; vector < 256; vector++)
		set_vector(s, vector, stubs + vector * GATE_STUB_BYTES, 1);
	set_vector(s, X86_TRAP_NMI, gate_nmi, 2);
	set_vector(s, X86_TRAP_MC, gate_machine_check, 4);
	set_vector(s, X86_TRAP_DF, gate_double_fault, 4);
	tss->sp0 = (u64)s->block + BLOCK_STACK_TOP;
	tss->ist[0] = (u64)s->block + BLOCK_STACK_TOP;
	tss->ist[1] = (u64)s->block + BLOCK_NMI_TOP;
	tss->ist[2] = (u64)s->block + BLOCK_DEBUG_TOP;
	tss->ist[3] = (u64)s->block + BLOCK_MACHINE_TOP;
	tss->io_bitmap_base = sizeof(*tss); /* behind the limit: no port */
}

static void fill_monitor(struct space *s)
{
	struct monitor_state *m = s->monitor;

	m->me_mask = __sme_set(0);
	short_init(s->block + BLOCK_SHORT);
	notes_clear(s->block + BLOCK_NOTES);
	*(u32 *)(s->block + BLOCK_FPU + XSAVE_MXCSR) = MXCSR_DEFAULT; /* the rest starts in its initial state */
}

static void free_memory(struct space *s)
{
	if (!list_empty(&s->map.tables))
		world_map_destroy(&s->map);
	space_free_shadow(s);
	if (s->state)
		free_pages_exact(s->state, ABI_STATE_BYTES);
	free_pages((unsigned long)s->block, BLOCK_ORDER);
	kfree(s);
}

static int alloc_memory(struct space *s)
{
	s->block = (void *)__get_free_pages(GFP_KERNEL_ACCOUNT | __GFP_ZERO, BLOCK_ORDER);
	s->state = alloc_pages_exact(ABI_STATE_BYTES, GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!s->block || !s->state)
		return -ENOMEM;
	s->gate = s->block + BLOCK_GATE;
	s->monitor = s->block + BLOCK_MONITOR;
	return space_alloc_shadow(s) ?: world_map_create(&s->map);
}

int space_create(struct space **out, struct space_vm *vm)
{
	struct space *s = kzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);
	int err;

	if (!s)
		return -ENOMEM;
	s->vm = vm;
	s->cpu = INSIDE_NONE;
	s->pcids.generation = PCID_NEVER;
	s->inside = INSIDE_NONE;
	INIT_LIST_HEAD(&s->map.tables);
	err = alloc_memory(s);
	err = err ?: map_world(s);
	if (err)
		goto err_memory;
	fill_gate(s);
	fill_vectors(s);
	fill_monitor(s);
	err = space_verify(s);
	if (err)
		goto err_memory;
	spin_lock_irq(&vm->lock);
	s->protect_seen = vm->protect_count;
	list_add(&s->node, &vm->spaces);
	spin_unlock_irq(&vm->lock);
	*out = s;
	return 0;

err_memory:
	free_memory(s);
	return err;
}

void space_destroy(struct space *s)
{
	spin_lock_irq(&s->vm->lock);
	list_del(&s->node);
	spin_unlock_irq(&s->vm->lock);
	WARN_ON(space_verify(s));
	free_memory(s);
}

struct hart *space_hart(struct space *s)
{
	return s->block + BLOCK_HART;
}

void *space_state(struct space *s)
{
	return s->state;
}

void *space_fpu(struct space *s)
{
	return s->block + BLOCK_FPU;
}

struct space_frame *space_frame(struct space *s)
{
	return frame_of(s);
}

u64 space_fault_address(const struct space *s)
{
	return s->gate->cr2;
}

const struct space_stats *space_stats(struct space *s)
{
	const struct short_ways *ways = s->block + BLOCK_SHORT;

	s->stats.page_fills = s->monitor->page_fills;
	s->stats.huge_fills = s->monitor->huge_fills;
	s->stats.evictions = s->shadow.st->evictions;
	s->stats.view_switches = s->monitor->view_switches;
	s->stats.short_exits = ways->served;
	s->stats.short_traps = ways->traps;
	return &s->stats;
}

/* ---- the module's part ---- */

int space_init(void)
{
	const char *reason = refusal_of(refusal_facts());
	u32 bytes = monitor_blob_end - monitor_blob, off;
	int err;

	if (reason) {
		pr_err("ldbt: no sealed world on this host: %s\n", reason);
		return -EOPNOTSUPP;
	}
	err = space_choose_views() ?: boundary_init();
	if (err)
		return err;
	space_stay_init();
	for (off = 0; off < bytes; off += PAGE_SIZE) {
		struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

		if (!page) {
			space_exit();
			return -ENOMEM;
		}
		memcpy(page_address(page), monitor_blob + off, min_t(u32, bytes - off, PAGE_SIZE));
		monitor_page[monitor_pages++] = page;
	}
	return 0;
}

void space_exit(void)
{
	while (monitor_pages)
		__free_page(monitor_page[--monitor_pages]);
	boundary_exit();
}
