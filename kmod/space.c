// SPDX-License-Identifier: GPL-2.0-only
/* space.c: one sealed world: built, destroyed, and stayed in.
 *
 * A stay runs with the host's interrupts off until the world's iretq turns them on again, inside. Whatever arrives there
 * leaves the world first and is then given to the host's own entry, so the host sees an ordinary kernel thread.
 * Next file: gate.S. */
#include <linux/cc_platform.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/mem_encrypt.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/vmalloc.h>
#include <asm/debugreg.h>
#include <asm/desc.h>
#include <asm/fpu/api.h>
#include <asm/fpu/xcr.h>
#include <asm/fsgsbase.h>
#include <asm/msr.h>
#include <asm/processor.h>
#include <asm/processor-flags.h>
#include <asm/trapnr.h>
#include <trace/events/ipi.h>

#include "gate.h"
#include "space_impl.h"

#define CR3_NOFLUSH	 BIT_ULL(63)
#define CR4_NOT_IN_WORLD (BIT_ULL(22) | BIT_ULL(23) | BIT_ULL(24) | BIT_ULL(25) | BIT_ULL(27) | BIT_ULL(32))
#define DR7_OFF		 0x400UL
#define DR7_ENABLED	 0xffUL
#define DR6_CLEAR	 0xffff0ff0UL
#define RFLAGS_GUEST	 0xdd5UL /* CF PF AF ZF SF TF DF OF */
#define RFLAGS_WORLD	 0x202UL /* IF, and the bit that is always set */
#define XFEATURES_SAVED	 0x07ULL /* x87, SSE, AVX */
#define XFEATURES_LOADED 0xe7ULL /* AVX-512 too: put in its initial state; PKRU stays the process's */
#define MXCSR_DEFAULT	 0x1f80
#define XSAVE_MXCSR	 24
#define X86_TRAP_DB	 1
#define X86_TRAP_MC	 18
#define X86_TRAP_NMI	 2

extern const u8 monitor_blob[], monitor_blob_end[];
static struct page *monitor_page[WORLD_MONITOR_BYTES / PAGE_SIZE];
static u32 monitor_pages;
static u8 r11_guest_reg; /* pinned in r11, which syscall overwrites */

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
	g->world_lstar = (u64)gate_syscall;
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
		.addr = handler,
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
	s->gdt_cpu = INSIDE_NONE;
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

struct space_frame *space_frame(struct space *s)
{
	return s->block + BLOCK_FRAME;
}

u64 space_fault_address(const struct space *s)
{
	return s->gate->cr2;
}

const struct space_stats *space_stats(struct space *s)
{
	s->stats.page_fills = s->monitor->page_fills;
	s->stats.evictions = s->shadow.st->evictions;
	s->stats.view_switches = s->monitor->view_switches;
	return &s->stats;
}

/* ---- a stay ---- */

static void xstate_load(void *area, u64 features)
{
	asm volatile("xrstor64 (%0)" : : "r"(area), "a"((u32)features), "d"((u32)(features >> 32)) : "memory");
}

static void xstate_save(void *area, u64 features)
{
	asm volatile("xsave64 (%0)" : : "r"(area), "a"((u32)features), "d"((u32)(features >> 32)) : "memory");
}

void space_begin(struct space *s)
{
	kernel_fpu_begin();
	xstate_load(s->block + BLOCK_FPU, xgetbv(XCR_XFEATURE_ENABLED_MASK) & XFEATURES_LOADED);
}

void space_end(struct space *s)
{
	xstate_save(s->block + BLOCK_FPU, xgetbv(XCR_XFEATURE_ENABLED_MASK) & XFEATURES_SAVED);
	kernel_fpu_end();
}

static bool resched_wanted(void)
{
#ifdef TIF_NEED_RESCHED_LAZY
	if (test_thread_flag(TIF_NEED_RESCHED_LAZY))
		return true;
#endif
	return need_resched();
}

bool space_must_end(void)
{
	return resched_wanted() || local_softirq_pending() || signal_pending(current);
}

/* Copies of this CPU's GDT: one with the world's TSS, one with the host's own, which is loaded on the way out. */
static void copy_gdt(struct space *s, int cpu)
{
	const void *host = (const void *)s->gate->host_gdtr.base;
	struct desc_struct *world = s->block + BLOCK_GDT_WORLD;
	tss_desc tss;

	if (s->gdt_cpu != INSIDE_NONE)
		s->stats.migrations++;
	s->gdt_cpu = cpu;
	memcpy(world, host, BLOCK_GDT_BYTES);
	memcpy(s->block + BLOCK_GDT_HOST, host, BLOCK_GDT_BYTES);
	set_tssldt_descriptor(&tss, (unsigned long)s->block + BLOCK_TSS, DESC_TSS, sizeof(struct x86_hw_tss) - 1);
	memcpy(&world[GDT_ENTRY_TSS], &tss, sizeof(tss));
}

static void read_control_registers(struct gate_state *g)
{
	u64 cr4 = native_read_cr4();

	g->host_cr4 = cr4;
	g->world_cr4 = cr4 & ~CR4_NOT_IN_WORLD;
	if (boot_cpu_has(X86_FEATURE_SMAP))
		g->world_cr4 |= X86_CR4_SMAP;
	if (boot_cpu_has(X86_FEATURE_SMEP))
		g->world_cr4 |= X86_CR4_SMEP;
	g->switch_cr4 = g->world_cr4 != cr4;
	g->has_fsgs = !!(cr4 & X86_CR4_FSGSBASE);
	g->host_cr3 = __native_read_cr3();
	if (cr4 & X86_CR4_PCIDE) /* the host's translations stay; the world's go, as bit 63 is clear */
		g->host_cr3 |= CR3_NOFLUSH;
}

/* Of our own: the kernel's function has had several names. */
static u64 read_msr(u32 msr)
{
	u32 low, high;

	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (u64)high << 32 | low;
}

static void read_bases(struct gate_state *g)
{
	if (g->has_fsgs) {
		g->host_fs = rdfsbase();
		g->host_gs = rdgsbase();
	} else {
		g->host_fs = read_msr(MSR_FS_BASE);
		g->host_gs = read_msr(MSR_GS_BASE);
	}
	g->host_lstar = read_msr(MSR_LSTAR);
}

static void fix_frame(struct space_frame *f)
{
	f->cs = __USER_CS;
	f->ss = __USER_DS;
	f->rsp = 0;
	f->rflags = (f->rflags & RFLAGS_GUEST) | RFLAGS_WORLD;
}

static void prepare(struct space *s, int cpu)
{
	struct gate_state *g = s->gate;

	native_store_gdt((struct desc_ptr *)&g->host_gdtr);
	store_idt((struct desc_ptr *)&g->host_idtr);
	if (cpu != s->gdt_cpu)
		copy_gdt(s, cpu);
	read_control_registers(g);
	read_bases(g);
	g->world_cr3 = s->monitor->root[s->monitor->root_now].cr3;
	s->monitor->root[s->monitor->root_now].must_flush = 0; /* bit 63 is clear */
	fix_frame(space_frame(s));
}

static void pass_through_gate(struct space *s)
{
	unsigned long dr7 = native_get_debugreg(7);

	if (unlikely(dr7 & DR7_ENABLED))
		native_set_debugreg(7, DR7_OFF);
	gate_enter(s->block);
	if (unlikely(s->gate->leave == LEAVE_FAULT && space_frame(s)->vector == X86_TRAP_DB))
		native_set_debugreg(6, DR6_CLEAR); /* single-step and hit bits stay until cleared */
	if (unlikely(dr7 & DR7_ENABLED))
		native_set_debugreg(7, dr7);
}

/* Gives the host what arrived inside. */
static void hand_on(struct space *s)
{
	struct gate_state *g = s->gate;

	if (g->pending_mc) {
		g->pending_mc = 0;
		s->stats.machine_checks++;
		gate_host_interrupt(X86_TRAP_MC);
	}
	if (g->pending_nmi) {
		g->pending_nmi = 0;
		s->stats.nmis++;
		gate_host_interrupt(X86_TRAP_NMI);
	}
	if (g->leave == LEAVE_IRQ) {
		s->stats.irqs++;
		gate_host_interrupt(space_frame(s)->vector);
	}
}

/* syscall overwrote rcx and r11; the exit stub has kept what was there. */
static void restore_exit_registers(struct space *s)
{
	struct space_frame *f = space_frame(s);
	const u64 *home = s->state + ABI_HOME + ABI_HOME_X;

	f->reg[ABI_RCX] = f->reg[ABI_RAX] >> WORLD_EXIT_ARG_SHIFT;
	f->reg[ABI_RAX] = (u32)f->reg[ABI_RAX];
	f->reg[ABI_R11] = home[r11_guest_reg];
}

static enum space_leave say_why(struct space *s)
{
	const struct space_frame *f = space_frame(s);

	switch (s->gate->leave) {
	case LEAVE_EXIT: restore_exit_registers(s); return SPACE_EXIT;
	case LEAVE_GUEST: return SPACE_GUEST;
	case LEAVE_FAULT: return SPACE_FAULT;
	case LEAVE_IRQ:
	case LEAVE_PENDING: return SPACE_HOST;
	default:
		pr_err("ldbt: exception %llu in ring 0 of the world, rip %#llx, error %#llx, cr2 %#llx\n", f->vector,
		       f->rip, f->error, s->gate->cr2);
		return SPACE_FATAL;
	}
}

enum space_leave space_enter(struct space *s)
{
	/* Single steps lead to the boundary at which a signal can be taken: they go on while it waits. */
	bool is_stepping = space_frame(s)->rflags & X86_EFLAGS_TF, is_wanted;
	int cpu;

	if (WARN_ON_ONCE(space_frame(s)->rip - WORLD_CODE >= (u64)s->vm->ncode_pages << PAGE_SHIFT))
		return SPACE_FATAL;
	local_irq_disable();
	cpu = smp_processor_id();
	WRITE_ONCE(s->inside, cpu);
	smp_mb(); /* inside before is_kicked and protect_count; partners: space_kick(), space_protect_page() */
	is_wanted = READ_ONCE(s->is_kicked) || (!is_stepping && space_must_end());
	if (!is_wanted) {
		if (READ_ONCE(s->vm->protect_count) != s->protect_seen)
			space_apply_protects(s);
		prepare(s, cpu);
		s->stats.enters++;
		pass_through_gate(s);
	}
	WRITE_ONCE(s->inside, INSIDE_NONE);
	WRITE_ONCE(s->is_kicked, 0);
	if (!is_wanted)
		hand_on(s);
	local_irq_enable();
	return is_wanted ? SPACE_HOST : say_why(s);
}

void space_kick(struct space *s)
{
	int cpu;

	WRITE_ONCE(s->is_kicked, 1);
	smp_mb(); /* is_kicked before inside; partner: space_enter() */
	cpu = READ_ONCE(s->inside);
	if (cpu != INSIDE_NONE && cpu != raw_smp_processor_id())
		smp_send_reschedule(cpu);
}

u32 space_exit_stub(u8 *stub)
{
	static const u8 code[] = {
		0x65, 0x4c, 0x89, 0x1c,
		0x25, 0,    0,	  0,
		0,					/* mov gs:[slot], r11 */
		0x48, 0xc1, 0xe1, WORLD_EXIT_ARG_SHIFT, /* shl rcx, 32 */
		0x48, 0x09, 0xc8,			/* or rax, rcx */
		0x0f, 0x05,				/* syscall */
		0x0f, 0x0b,				/* ud2 */
	};
	u32 slot = ABI_HOME + ABI_HOME_X + 8 * r11_guest_reg;

	memcpy(stub, code, sizeof(code));
	memcpy(stub + 5, &slot, sizeof(slot));
	return sizeof(code);
}

/* ---- the module's part ---- */

static const char *why_not(void)
{
	if (native_read_cr4() & BIT_ULL(32))
		return "the kernel uses FRED (boot with fred=off)";
	if (boot_cpu_has(X86_FEATURE_XENPV))
		return "this is a Xen PV guest";
	if (cc_platform_has(CC_ATTR_GUEST_STATE_ENCRYPT) || boot_cpu_has(X86_FEATURE_TDX_GUEST))
		return "this is an SEV-ES or TDX guest";
	if (!boot_cpu_has(X86_FEATURE_NX) || !boot_cpu_has(X86_FEATURE_OSXSAVE))
		return "the processor lacks NX or XSAVE";
	return NULL;
}

int space_init(void)
{
	const char *reason = why_not();
	u32 bytes = monitor_blob_end - monitor_blob, off, reg;

	if (reason) {
		pr_err("ldbt: no sealed world on this host: %s\n", reason);
		return -EOPNOTSUPP;
	}
	for (reg = 0; reg < 32; reg++)
		if (abi_pin[reg] == ABI_R11)
			r11_guest_reg = reg;
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
}
