// SPDX-License-Identifier: GPL-2.0-only
/* space_stay.c: staying in a sealed world: what is made ready before the gate, and what the host gets after it.
 *
 * A stay runs with the host's interrupts off until the world's iretq turns them on again, inside. Whatever arrives there
 * leaves the world first and is then given to the host's own entry, so the host sees an ordinary kernel thread.
 * Next file: gate.S. */
#include <linux/interrupt.h>
#include <linux/sched/signal.h>
#include <linux/smp.h>
#include <asm/debugreg.h>
#include <asm/desc.h>
#include <asm/fpu/api.h>
#include <asm/fpu/xcr.h>
#include <asm/fsgsbase.h>
#include <asm/msr-index.h>
#include <asm/pkru.h>
#include <asm/processor.h>
#include <asm/processor-flags.h>
#include <asm/trapnr.h>
#include <trace/events/ipi.h>

#include "boundary.h"
#include "gate.h"
#include "space_impl.h"
#include "world/short.h"

#define CR3_NOFLUSH BIT_ULL(63)
#define CR4_NOT_IN_WORLD                                                                                               \
	(BIT_ULL(23) | BIT_ULL(24) | BIT_ULL(25) | BIT_ULL(27) | BIT_ULL(32)) /* CET PKS UINTR LASS FRED */
#define DR7_OFF		0x400UL
#define DR7_ENABLED	0xffUL
#define DR6_CLEAR	0xffff0ff0UL
#define RFLAGS_GUEST	0xdd5UL /* CF PF AF ZF SF TF DF OF */
#define RFLAGS_WORLD	0x202UL /* IF, and the bit that is always set */
#define XFEATURES_GUEST 0x07ULL /* x87, SSE, AVX */
#define STAR_OF_LINUX	((u64)__USER32_CS << 48 | (u64)__KERNEL_CS << 32)
#define SFMASK_OF_WORLD                                                                                                \
	(X86_EFLAGS_TF | X86_EFLAGS_IF | X86_EFLAGS_DF | X86_EFLAGS_IOPL | X86_EFLAGS_NT | X86_EFLAGS_RF |             \
	 X86_EFLAGS_AC)

/* Work that a stay must not hold off. */
#ifdef TIF_NEED_RESCHED_LAZY
#define FLAGS_WANTED (_TIF_SIGPENDING | _TIF_NOTIFY_SIGNAL | _TIF_NEED_RESCHED | _TIF_NEED_RESCHED_LAZY)
#else
#define FLAGS_WANTED (_TIF_SIGPENDING | _TIF_NOTIFY_SIGNAL | _TIF_NEED_RESCHED)
#endif

static u8 r11_guest_reg; /* pinned in r11, which syscall overwrites */
static u64 xfeatures_loaded, xfeatures_saved;
static u64 host_noflush; /* CR3_NOFLUSH, if the host uses PCIDs */

_Static_assert(SHADOW_ROOTS <= PCID_RANGE_MAX, "a PCID for each root");

/* Everything that XCR0 enables is loaded: what the guest does not use in its initial state, so that it finds nothing of
 * another process there. The protection key register too: the world sets its own, the process gets its own back. */
void space_stay_init(void)
{
	u32 reg;

	for (reg = 0; reg < 32; reg++)
		if (abi_pin[reg] == ABI_R11)
			r11_guest_reg = reg;
	xfeatures_loaded = xgetbv(XCR_XFEATURE_ENABLED_MASK);
	xfeatures_saved = xfeatures_loaded & XFEATURES_GUEST;
	host_noflush = native_read_cr4() & X86_CR4_PCIDE ? CR3_NOFLUSH : 0;
}

/* ---- the FPU section ---- */

static void xstate_load(void *area)
{
	asm volatile("xrstor64 (%0)"
		     :
		     : "r"(area), "a"((u32)xfeatures_loaded), "d"((u32)(xfeatures_loaded >> 32))
		     : "memory");
}

static void xstate_save(void *area)
{
	if (static_cpu_has(X86_FEATURE_XSAVEOPT)) /* leaves out what was not used since the load */
		asm volatile("xsaveopt64 (%0)" : : "r"(area), "a"((u32)xfeatures_saved), "d"(0) : "memory");
	else
		asm volatile("xsave64 (%0)" : : "r"(area), "a"((u32)xfeatures_saved), "d"(0) : "memory");
}

void space_begin(struct space *s)
{
	kernel_fpu_begin();
	s->pkru = read_pkru();
	xstate_load(s->block + BLOCK_FPU);
}

void space_end(struct space *s)
{
	xstate_save(s->block + BLOCK_FPU);
	write_pkru(s->pkru);
	kernel_fpu_end();
}

bool space_must_end(void)
{
	return (read_thread_flags() & FLAGS_WANTED) || local_softirq_pending();
}

/* ---- ready to enter ---- */

/* Of our own: the kernel's functions have had several names. */
static u64 read_msr(u32 msr)
{
	u32 low, high;

	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (u64)high << 32 | low;
}

static void write_msr(u32 msr, u64 value)
{
	asm volatile("wrmsr" : : "c"(msr), "a"((u32)value), "d"((u32)(value >> 32)) : "memory");
}

/* Copies of this CPU's GDT: one with the world's TSS, one with the host's own, which is loaded on the way out. */
static void copy_gdt(struct space *s)
{
	const void *host = (const void *)s->gate->host_gdtr.base;
	struct desc_struct *world = s->block + BLOCK_GDT_WORLD;
	tss_desc tss;

	memcpy(world, host, BLOCK_GDT_BYTES);
	memcpy(s->block + BLOCK_GDT_HOST, host, BLOCK_GDT_BYTES);
	set_tssldt_descriptor(&tss, (unsigned long)s->block + BLOCK_TSS, DESC_TSS, sizeof(struct x86_hw_tss) - 1);
	memcpy(&world[GDT_ENTRY_TSS], &tss, sizeof(tss));
}

static void number_roots(struct space *s)
{
	struct monitor_state *m = s->monitor;
	u32 i;

	pcid_take(&s->pcids, SHADOW_ROOTS);
	if (!pcid_is_usable())
		return;
	m->cr3_noflush = CR3_NOFLUSH;
	for (i = 0; i < SHADOW_ROOTS; i++) {
		if (!m->root[i].cr3) /* there is no such root */
			continue;
		m->root[i].cr3 = (m->root[i].cr3 & PAGE_MASK) | (s->pcids.first + i);
		m->root[i].must_flush = 1;
	}
}

/* What is another one on each CPU, or never changes; and PCIDs, when those of before are void. */
static noinline void arrive(struct space *s)
{
	struct gate_state *g = s->gate;
	int cpu = smp_processor_id();

	number_roots(s);
	if (s->cpu == cpu)
		return;
	if (s->cpu != INSIDE_NONE)
		s->stats.migrations++;
	s->cpu = cpu;
	native_store_gdt((struct desc_ptr *)&g->host_gdtr);
	store_idt((struct desc_ptr *)&g->host_idtr);
	g->host_lstar = read_msr(MSR_LSTAR);
	copy_gdt(s);
}

static noinline void take_cr4(struct gate_state *g, u64 cr4)
{
	g->host_cr4 = cr4;
	g->world_cr4 = cr4 & ~CR4_NOT_IN_WORLD;
	if (boot_cpu_has(X86_FEATURE_SMAP))
		g->world_cr4 |= X86_CR4_SMAP;
	if (boot_cpu_has(X86_FEATURE_SMEP))
		g->world_cr4 |= X86_CR4_SMEP;
	g->switch_cr4 = g->world_cr4 != cr4;
}

static void fix_frame(struct space_frame *f)
{
	f->cs = __USER_CS;
	f->ss = __USER_DS;
	f->rsp = 0;
	f->rflags = (f->rflags & RFLAGS_GUEST) | RFLAGS_WORLD;
}

/* The segment bases are the host thread's own. */
static void note_bases(struct gate_state *g)
{
	if (static_cpu_has(X86_FEATURE_FSGSBASE)) {
		g->host_fs = rdfsbase();
		g->host_gs = rdgsbase();
	} else {
		g->host_fs = read_msr(MSR_FS_BASE);
		g->host_gs = read_msr(MSR_GS_BASE);
	}
}

static void prepare(struct space *s)
{
	struct gate_state *g = s->gate;
	struct monitor_root *root;
	u64 cr4 = native_read_cr4();

	if (unlikely(!pcid_is_current(&s->pcids)))
		arrive(s);
	if (unlikely(cr4 != g->host_cr4))
		take_cr4(g, cr4);
	root = &s->monitor->root[s->monitor->root_now];
	g->world_cr3 = root->cr3 | (root->must_flush ? 0 : s->monitor->cr3_noflush);
	root->must_flush = 0;
	g->host_cr3 = __native_read_cr3() | host_noflush;
	if (s->shadow.st->has_keys)
		write_pkru(s->monitor->pkru);
	short_close(s->block + BLOCK_SHORT);
	note_bases(g);
	fix_frame(frame_of(s));
}

/* ---- through the gate ---- */

/* KVM leaves values of its guest in the MSRs of syscall until the CPU goes to user mode; it gets them back as they were. */
static noinline void enter_with_own_msrs(struct space *s)
{
	u64 star = read_msr(MSR_STAR), mask = read_msr(MSR_SYSCALL_MASK);

	s->gate->host_lstar = read_msr(MSR_LSTAR);
	write_msr(MSR_STAR, STAR_OF_LINUX);
	write_msr(MSR_SYSCALL_MASK, SFMASK_OF_WORLD);
	boundary_enter(s->gate);
	write_msr(MSR_STAR, star);
	write_msr(MSR_SYSCALL_MASK, mask);
	s->cpu = INSIDE_NONE; /* LSTAR has to be read again, and whatever else belongs to a CPU */
	s->pcids.generation = PCID_NEVER;
}

/* DR7 if there are breakpoints, else 0. Linux keeps count of them: under a hypervisor a look at DR7 may cost an exit. */
static unsigned long breakpoints(void)
{
	unsigned long dr7;

	if (static_cpu_has(X86_FEATURE_HYPERVISOR) && !hw_breakpoint_active())
		return 0;
	dr7 = native_get_debugreg(7);
	return dr7 & DR7_ENABLED ? dr7 : 0;
}

static void pass_through_gate(struct space *s)
{
	unsigned long dr7 = breakpoints();

	if (unlikely(dr7))
		native_set_debugreg(7, DR7_OFF);
	if (unlikely(test_thread_flag(TIF_USER_RETURN_NOTIFY)))
		enter_with_own_msrs(s);
	else
		boundary_enter(s->gate);
	if (unlikely(dr7))
		native_set_debugreg(7, dr7);
}

/* Gives the host what arrived inside. */
static noinline void hand_on_pending(struct space *s)
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
}

static void hand_on(struct space *s)
{
	struct gate_state *g = s->gate;

	if (unlikely(g->pending_mc | g->pending_nmi))
		hand_on_pending(s);
	if (g->leave == LEAVE_IRQ) {
		s->stats.irqs++;
		gate_host_interrupt(frame_of(s)->vector);
	} else if (unlikely(g->leave == LEAVE_FAULT && frame_of(s)->vector == X86_TRAP_DB)) {
		native_set_debugreg(6, DR6_CLEAR); /* single-step and hit bits stay until cleared */
	}
}

/* syscall overwrote rcx and r11; the exit stub has kept what was there. */
static void restore_exit_registers(struct space *s)
{
	struct space_frame *f = frame_of(s);
	const u64 *home = s->state + ABI_HOME + ABI_HOME_X;

	f->reg[ABI_RCX] = f->reg[ABI_RAX] >> WORLD_EXIT_ARG_SHIFT;
	f->reg[ABI_RAX] = (u32)f->reg[ABI_RAX];
	f->reg[ABI_R11] = home[r11_guest_reg];
}

static enum space_leave say_why(struct space *s)
{
	const struct space_frame *f = frame_of(s);

	if (likely(s->gate->leave == LEAVE_EXIT)) {
		restore_exit_registers(s);
		return SPACE_EXIT;
	}
	switch (s->gate->leave) {
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

/* Something waits outside. Single steps lead to the boundary at which a signal can be taken: they go on while it waits. */
static bool is_wanted(const struct space *s)
{
	if (READ_ONCE(s->is_kicked))
		return true;
	return space_must_end() && !(frame_of(s)->rflags & X86_EFLAGS_TF);
}

enum space_leave space_enter(struct space *s)
{
	bool is_kept_out;

	if (WARN_ON_ONCE(frame_of(s)->rip - WORLD_CODE >= (u64)s->vm->ncode_pages << PAGE_SHIFT))
		return SPACE_FATAL;
	local_irq_disable();
	WRITE_ONCE(s->inside, smp_processor_id());
	smp_mb(); /* inside before is_kicked and protect_count; partners: space_kick(), space_protect_page() */
	is_kept_out = is_wanted(s);
	if (likely(!is_kept_out)) {
		if (READ_ONCE(s->vm->protect_count) != s->protect_seen)
			space_apply_protects(s);
		prepare(s);
		s->stats.enters++;
		pass_through_gate(s);
	}
	WRITE_ONCE(s->inside, INSIDE_NONE);
	WRITE_ONCE(s->is_kicked, 0);
	if (likely(!is_kept_out))
		hand_on(s);
	local_irq_enable();
	return is_kept_out ? SPACE_HOST : say_why(s);
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

static u32 put(u8 *at, const u8 *code, u32 bytes, u32 slot)
{
	enum { SLOT_AT = 5 }; /* both begin with an access to r11's slot */

	memcpy(at, code, bytes);
	memcpy(at + SLOT_AT, &slot, sizeof(slot));
	return bytes;
}

u32 space_exit_stub(u8 *stub)
{
	static const u8 leave[] = {
		0x65, 0x4c, 0x89, 0x1c,
		0x25, 0,    0,	  0,
		0,					/* mov gs:[slot], r11 */
		0x48, 0xc1, 0xe1, WORLD_EXIT_ARG_SHIFT, /* shl rcx, 32 */
		0x48, 0x09, 0xc8,			/* or rax, rcx */
		0x0f, 0x05,				/* syscall */
		0x0f, 0x0b,				/* ud2 */
	};
	static const u8 resume[] = {
		0x65, 0x4c, 0x8b, 0x1c, 0x25, 0, 0, 0, 0, /* mov r11, gs:[slot] */
		0x31, 0xc9,				  /* xor ecx, ecx */
		0xff, 0xe2,				  /* jmp rdx */
	};
	u32 slot = ABI_HOME + ABI_HOME_X + 8 * r11_guest_reg;

	BUILD_BUG_ON(sizeof(leave) != WORLD_STUB_RESUME);
	BUILD_BUG_ON(sizeof(leave) + sizeof(resume) > SPACE_STUB_BYTES);
	put(stub, leave, sizeof(leave), slot);
	return WORLD_STUB_RESUME + put(stub + WORLD_STUB_RESUME, resume, sizeof(resume), slot);
}
