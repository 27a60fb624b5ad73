// SPDX-License-Identifier: GPL-2.0-only
/* run.c: the loop around translated code: find or make a block, enter, act on the exit.
 * Next file: check.c (the loop of --check). */
#include <time.h>

#include "csr.h"
#include "machine.h"
#include "decode.h"
#include "interp.h"
#include "paging.h"
#include "translate.h"
#include "trap.h"

/* The word at g->pc; 0 or the cause, with the address of the parcel that failed. */
int machine_fetch(struct guest *g, const struct guest_ops *ops, u32 *word, gva_t *tval)
{
	u16 lo, hi = 0;
	int cause;

	*tval = g->pc;
	cause = ops->fetch(g, g->pc, &lo);
	if (!cause && (lo & 3) == 3) {
		*tval = g->pc + 2;
		cause = ops->fetch(g, g->pc + 2, &hi);
	}
	*word = (u32)hi << 16 | lo;
	return cause;
}

/* One instruction by the interpreter; a trap is entered. */
enum step machine_interpret(struct machine *m)
{
	struct guest *g = &m->g;
	enum step step;
	struct insn in;
	gva_t tval;
	u32 word;
	int cause = machine_fetch(g, g->ops, &word, &tval);

	m->stats.interpreted++;
	if (cause) {
		trap_enter(g, (u64)cause, tval);
		m->stats.traps++;
		return STEP_TRAP;
	}
	decode_insn(word, &in);
	step = interp_insn(g, &in);
	switch (step) {
	case STEP_TRAP:
		trap_enter(g, g->trap_cause, g->trap_tval);
		m->stats.traps++;
		break;
	case STEP_FENCE_I: ram_fence_i(m); break;
	case STEP_WFI:
		dev_poll(m);
		if (!(g->csr.mip & g->csr.mie) && !m->is_stopped)
			dev_wait(m);
		m->frame.kick = 1;
		break;
	default: break;
	}
	return step;
}

/* Devices and interrupts, when something may have changed. */
static void take_interrupt(struct machine *m)
{
	int irq;

	m->frame.kick = 0;
	dev_poll(m);
	irq = trap_pending_interrupt(&m->g);
	if (irq == TRAP_NO_IRQ)
		return;
	m->stats.interrupts++;
	trap_enter(&m->g, TRAP_IRQ_BIT | (u64)irq, 0);
}

static u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000000000 + (u64)ts.tv_nsec;
}

static int translate_timed(struct machine *m, const struct translate_request *rq, u32 *block)
{
	u64 blocks = m->cache.stats.blocks, start = now_ns();
	int err = translate_block(&m->cache, rq, block);

	if (m->cache.stats.blocks != blocks) {
		m->stats.translate_ns += now_ns() - start;
		m->stats.translate_calls++;
	}
	return err;
}

/* The block at g->pc. -EFAULT: no code can be there, the instruction fetch faults. */
int machine_block(struct machine *m, u32 *block)
{
	gva_t pc = m->g.pc, page = pc & ~4095ULL;
	struct translate_request rq = {
		.gpa = pc,
		.page = m->ram + (page - MACHINE_RAM_GPA),
		.gpa_next = GPA_NONE,
		.state = guest_block_state(&m->g),
	};
	int err;

	if (!ram_holds(m, page, 4096))
		return -EFAULT;
	ram_note_code(m, page);
	if (ram_holds(m, page, 2 * 4096)) {
		rq.gpa_next = page + 4096;
		rq.next_page = rq.page + 4096;
		if ((pc & 4095) == 4094)
			ram_note_code(m, page + 4096);
	}
	do { /* the only vCPU is outside: whatever was dropped has been left */
		m->vcpu.seen = m->cache.epoch;
		err = m->opt.stat ? translate_timed(m, &rq, block) : translate_block(&m->cache, &rq, block);
	} while (err == -EAGAIN);
	m->vcpu.seen = m->cache.epoch;
	return err;
}

/* ---- exits ---- */

/* An unjoined direct jump: go to its target, and join it if nothing was evicted meanwhile (the link's record could
 * then belong to another block). */
static void follow_link(struct machine *m, u32 l)
{
	const struct link *lk = &m->cache.link[l];
	u64 key = m->g.home->pc_page ^ m->vcpu.table->tag, evictions = m->cache.stats.evictions;
	u32 b;

	m->g.pc = m->g.home->pc_page + (u64)(s64)lk->target;
	if (m->opt.check || machine_block(m, &b) || m->cache.stats.evictions != evictions ||
	    !m->cache.block[lk->block].is_live)
		return;
	link_set(&m->cache, l, b, key);
}

static void fill_jump(struct machine *m, gva_t pc)
{
	struct abi_jump *jump = &m->vcpu.jump[(pc >> 1) & (ABI_JUMP_ENTRIES - 1)];
	u32 b;

	m->g.pc = pc;
	if (m->opt.check || machine_block(m, &b))
		return;
	jump->host = cache_exec(&m->cache, m->cache.block[b].host);
	jump->key = pc ^ m->vcpu.table->tag;
}

static void interpret_one(struct machine *m)
{
	if (machine_interpret(m) == STEP_SWITCH || (m->g.csr.mip & m->g.csr.mie))
		m->frame.kick = 1;
}

static void act_on_exit(struct machine *m)
{
	u32 code = (u32)m->frame.reg[ABI_RAX] >> 16, off = (u32)m->frame.reg[ABI_RAX] & 0xffff;
	struct guest *g = &m->g;

	m->stats.exits[code < EXIT_COUNT ? code : 0]++;
	g->pc = g->home->pc_page + off;
	switch (code) {
	case 0: /* kicked before entry */ g->pc = m->frame.reg[ABI_RCX]; break;
	case EXIT_LINK:
	case EXIT_PAGE_END: follow_link(m, (u32)m->frame.reg[ABI_RCX]); break;
	case EXIT_MISS: fill_jump(m, m->frame.reg[ABI_RDX]); break;
	case EXIT_FAULT:
		m->stats.traps++;
		trap_enter(g, m->fault_cause, m->fault_tval);
		break;
	case EXIT_INTERRUPT: m->frame.kick = 1; break;
	default: interpret_one(m); /* everything else is an instruction for the interpreter */
	}
}

static int enter_block(struct machine *m)
{
	u32 b;
	int err = machine_block(m, &b);

	if (err == -EFAULT || err == -ENXIO) { /* the fetch faults: the interpreter raises the trap */
		machine_interpret(m);
		return 0;
	}
	if (err) {
		fprintf(stderr, "ldbt-bare: translation at %#lx failed: %d\n", m->g.pc, err);
		return err;
	}
	m->vcpu.table->tag = MACHINE_TAG(guest_block_state(&m->g));
	m->g.home->pc_page = m->g.pc & ~4095ULL;
	m->frame.target = cache_exec(&m->cache, m->cache.block[b].host);
	machine_load_state(m);
	m->frame.reg[ABI_RCX] = m->g.pc;
	m->stats.entries++;
	machine_enter(&m->frame);
	machine_save_state(m);
	act_on_exit(m);
	return 0;
}

static int run_interpreter(struct machine *m)
{
	u64 left = m->opt.max_insns;

	while (!m->is_stopped) {
		if (m->frame.kick || !(m->stats.interpreted & 1023))
			take_interrupt(m);
		if (machine_interpret(m) == STEP_SWITCH)
			m->frame.kick = 1;
		if (left && m->stats.interpreted >= left)
			machine_stop(m, 0);
	}
	return 0;
}

int machine_run(struct machine *m)
{
	u64 start = now_ns();
	int err = 0;

	if (m->opt.interp)
		return run_interpreter(m);
	if (m->opt.check)
		return shadow_run(m);
	m->frame.kick = 1;
	if (m->opt.count_steps)
		err = fault_plan_counting(m->opt.count_warmup_us);
	while (!err && !m->is_stopped) {
		if (m->frame.kick)
			take_interrupt(m);
		if (m->opt.count_steps && m->stepping == STEPPING_NONE &&
		    now_ns() - start >= m->opt.count_warmup_us * 1000)
			fault_start_counting(m);
		if (paging_is_on(&m->g)) /* blocks are made of and for bare addresses */
			interpret_one(m);
		else
			err = enter_block(m);
	}
	return err;
}
