// SPDX-License-Identifier: GPL-2.0-only
/* fault.c: host signals raised by or aimed at translated code.
 *
 * SIGSEGV, SIGBUS   the access record says which guest access it was: a store to a protected page, a device, or a fault.
 * SIGALRM, SIGPROF  the guest's timer, and the start of --count-steps: leave at the next guest instruction boundary,
 *                   by single steps.
 * SIGTRAP           one such step, or one step of --count-steps.
 *
 * The guest address comes from the record (base register + displacement), so it does not matter whether the host
 * reported #PF or, for a non-canonical address, #GP.
 * Next file: run.c. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/ucontext.h>
#include <ucontext.h>
#include <unistd.h>

#include "machine.h"
#include "trap.h"

enum { EFLAGS_TF = 0x100, ALT_STACK_BYTES = 64 << 10 };

static struct machine *the_machine; /* signals carry no argument; one machine per process */

/* Host register number (abi.h) -> index of gregs[]. */
static const int greg_of[16] = {
	REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
	REG_R8,	 REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
};

static bool in_cache(const struct machine *m, u64 rip)
{
	return rip - m->cache.mem.code_exec < m->opt.code_bytes;
}

static bool in_enter(u64 rip)
{
	return rip >= (u64)(uintptr_t)machine_enter_begin && rip < (u64)(uintptr_t)machine_enter_end;
}

/* Sends translated code to the exit stub. */
static void leave(struct machine *m, greg_t *gregs, u32 code, u32 pc_off)
{
	gregs[REG_RAX] = ABI_EXIT_WORD(code, pc_off);
	gregs[REG_RIP] = (greg_t)(m->cache.mem.code_exec + ABI_STUB_EXIT);
}

/* ---- steps to a boundary ---- */

static void stop_stepping(struct machine *m, greg_t *gregs)
{
	m->stepping = STEPPING_NONE;
	gregs[REG_EFL] &= ~(greg_t)EFLAGS_TF;
}

static void kick_step(struct machine *m, greg_t *gregs)
{
	u64 rip = (u64)gregs[REG_RIP];
	struct fault_site site;

	if (!in_cache(m, rip) && !in_enter(rip)) { /* it left by itself */
		stop_stepping(m, gregs);
		return;
	}
	if (in_cache(m, rip) && !faultmap_find(&m->cache, (u32)(rip - m->cache.mem.code_exec), &site) &&
	    site.is_boundary) {
		leave(m, gregs, EXIT_INTERRUPT, site.guest);
		stop_stepping(m, gregs);
	} else {
		gregs[REG_EFL] |= EFLAGS_TF;
	}
	if (m->steps > m->stats.kick_steps_max)
		m->stats.kick_steps_max = m->steps;
	if (++m->steps > MACHINE_KICK_STEPS_MAX)
		abort(); /* a template without an end: a bug of ours */
}

/* Called at any rip; makes sure that translated code is left soon if it runs. */
static void kick(struct machine *m, greg_t *gregs)
{
	u64 rip = (u64)gregs[REG_RIP];

	m->frame.kick = 1;
	if (m->stepping != STEPPING_NONE || (!in_cache(m, rip) && !in_enter(rip)))
		return;
	m->stepping = STEPPING_KICK;
	m->steps = 0;
	kick_step(m, gregs);
}

static void count_step(struct machine *m, greg_t *gregs)
{
	u64 rip = (u64)gregs[REG_RIP];
	struct fault_site site;

	if (in_cache(m, rip)) {
		m->stats.steps_cache++;
		if (!faultmap_find(&m->cache, (u32)(rip - m->cache.mem.code_exec), &site) && site.is_boundary)
			m->stats.steps_guest += site.nbounds;
	} else if (!in_enter(rip)) { /* outside: counting goes on at the next entry */
		gregs[REG_EFL] &= ~(greg_t)EFLAGS_TF;
		return;
	}
	gregs[REG_EFL] |= EFLAGS_TF;
	if (m->stats.steps_cache >= m->opt.count_steps) { /* enough: leave at the next boundary */
		m->frame.step = 0;
		m->steps = 0;
		m->stepping = STEPPING_KICK;
		machine_stop(m, 0);
	}
}

static void on_trap(int sig, siginfo_t *info, void *context)
{
	greg_t *gregs = ((ucontext_t *)context)->uc_mcontext.gregs;
	struct machine *m = the_machine;

	(void)sig;
	(void)info;
	switch (m->stepping) {
	case STEPPING_KICK: kick_step(m, gregs); break;
	case STEPPING_COUNT: count_step(m, gregs); break;
	default: gregs[REG_EFL] &= ~(greg_t)EFLAGS_TF;
	}
}

static void on_alarm(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	kick(the_machine, ((ucontext_t *)context)->uc_mcontext.gregs);
}

/* ---- faults ---- */

static u64 record_value(const struct access_record *a, const greg_t *gregs)
{
	return a->reg == ACCESS_IMM ? (u64)(s64)a->imm : (u64)gregs[greg_of[a->reg]];
}

static void finish_load(const struct access_record *a, greg_t *gregs, u64 value)
{
	u32 unused_bits = 64 - a->size_bytes * 8;

	value <<= unused_bits;
	value = a->is_signed ? (u64)((s64)value >> unused_bits) : value >> unused_bits;
	if (a->dest_bits == 32)
		value = (u32)value;
	if (a->reg != ACCESS_NO_REG)
		gregs[greg_of[a->reg]] = (greg_t)value;
}

/* Does a device, or a store to the watched page, in place of the host instruction. */
static int emulate(struct machine *m, const struct access_record *a, greg_t *gregs, gva_t addr)
{
	bool is_ram = ram_holds(m, addr, a->size_bytes);
	u64 value;
	int cause;

	if (a->kind == ACCESS_ATOMIC)
		return CAUSE_STORE_ACCESS;
	if (a->kind == ACCESS_LOAD) {
		cause = is_ram ? ram_load(m, addr, a->size_bytes, &value)
			       : dev_access(m, addr, a->size_bytes, false, &value);
		if (!cause)
			finish_load(a, gregs, value);
		return cause;
	}
	value = record_value(a, gregs);
	return is_ram ? ram_store(m, addr, a->size_bytes, value) : dev_access(m, addr, a->size_bytes, true, &value);
}

static bool is_watched(const struct machine *m, gva_t addr, u32 size_bytes)
{
	u64 first = (addr - MACHINE_RAM_GPA) >> 12, last = (addr + size_bytes - 1 - MACHINE_RAM_GPA) >> 12;

	return (m->page_flags[first] | m->page_flags[last]) & PAGE_WATCHED;
}

static void guest_fault(struct machine *m, greg_t *gregs, u32 off)
{
	struct fault_site site;
	const struct access_record *a;
	gva_t addr;
	int cause;

	if (faultmap_find(&m->cache, off, &site) || !site.access) {
		fprintf(stderr, "ldbt-bare: translated code failed at cache offset %#x: no access record\n", off);
		abort();
	}
	a = site.access;
	addr = (a->base == ACCESS_NO_REG ? 0 : (u64)gregs[greg_of[a->base]]) + (u64)(s64)a->disp;
	if (ram_holds(m, addr, a->size_bytes) && !is_watched(m, addr, a->size_bytes)) {
		ram_note_write(m, addr, a->size_bytes); /* a page that held code: writable now, try again */
		return;
	}
	cause = emulate(m, a, gregs, addr);
	if (cause) {
		m->fault_cause = (u64)cause;
		m->fault_tval = addr;
		leave(m, gregs, EXIT_FAULT, a->guest);
		return;
	}
	gregs[REG_RIP] += a->len;
	if (m->frame.kick)
		kick(m, gregs);
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	greg_t *gregs = ((ucontext_t *)context)->uc_mcontext.gregs;
	struct machine *m = the_machine;

	(void)info;
	if (in_cache(m, (u64)gregs[REG_RIP]))
		guest_fault(m, gregs, (u32)((u64)gregs[REG_RIP] - m->cache.mem.code_exec));
	else
		signal(sig, SIG_DFL); /* a bug of the host program: let it fail where it failed */
}

/* A second timer, so that the guest's own stays its own: it only makes the run loop look at the time. */
int fault_plan_counting(u64 delay_us)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGPROF };
	struct itimerspec its = { { 0, 0 }, { (time_t)(delay_us / 1000000), (long)(delay_us % 1000000) * 1000 + 1 } };
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &ev, &timer) || timer_settime(timer, 0, &its, NULL)) {
		perror("ldbt-bare: timer");
		return -ENOMEM;
	}
	return 0;
}

void fault_start_counting(struct machine *m)
{
	m->stepping = STEPPING_COUNT;
	m->frame.step = 1;
}

int fault_install(struct machine *m)
{
	static const struct {
		int sig;
		void (*handler)(int, siginfo_t *, void *);
	} table[] = { { SIGSEGV, on_fault },
		      { SIGBUS, on_fault },
		      { SIGTRAP, on_trap },
		      { SIGALRM, on_alarm },
		      { SIGPROF, on_alarm } };
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART };
	static _Alignas(16) u8 alt_stack[ALT_STACK_BYTES];
	stack_t stack = { .ss_sp = alt_stack, .ss_size = sizeof(alt_stack) };
	u32 i;

	the_machine = m;
	if (sigaltstack(&stack, NULL)) {
		perror("ldbt-bare: sigaltstack");
		return -ENOMEM;
	}
	sigemptyset(&sa.sa_mask);
	sigaddset(&sa.sa_mask, SIGPROF);
	sigaddset(&sa.sa_mask, SIGALRM); /* handlers do not nest */
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		sa.sa_sigaction = table[i].handler;
		sigaction(table[i].sig, &sa, NULL);
	}
	return 0;
}
