// SPDX-License-Identifier: GPL-2.0-only
/* run.c: the loop of LDBT_RUN: find or make a block, stay in the sealed world, act on why it was left.
 *
 * A guest interrupt or a signal ends a stay by the kick's or the host's interrupt, somewhere in translated code; from
 * there single steps lead to the next guest instruction boundary, where the state is exact.
 * Next file: fault.c, then access.c. */
#include "run.h"

#include <linux/bottom_half.h>
#include <linux/moduleparam.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "access.h"
#include "block.h"
#include "csr.h"
#include "decode.h"
#include "effects.h"
#include "fault.h"
#include "fpu_area.h"
#include "index.h"
#include "interp.h"
#include "mmu.h"
#include "ops.h"
#include "regs.h"
#include "space.h"
#include "trace.h"
#include "translate.h"
#include "trap.h"
#include "vcpu.h"
#include "vm.h"
#include "world/hart.h"
#include "world/shadow.h"

#include <asm/processor-flags.h>

enum {
	GO_ON = 0,
	TO_CONTROLLER = 1, /* the run page is filled */
	MONITOR_RESOLVES = 1U << EXIT_MISS,
	MONITOR_SERVES = MONITOR_RESOLVES | 1U << EXIT_ECALL | 1U << EXIT_EBREAK | 1U << EXIT_SYSTEM |
			 1U << EXIT_FAULT | 1U << EXIT_FENCE_I,
	SOURCE_BYTES = 512, /* more than a block can be long */
};

/* ---- in and out ---- */

static void run_enter(struct vcpu *v, u32 block)
{
	struct space_frame *frame = space_frame(v->space);

	clint_follow(v);
	regs_load_pins(frame->reg, v->g->home->x);
	fpu_enter(space_fpu(v->space), v->g->home);
	v->g->home->pc_page = v->g->pc & ~4095ULL;
	frame->rip = cache_exec(&v->vm->cache, v->vm->cache.block[block].host);
	frame->rflags = 0;
	v->drops_seen = READ_ONCE(v->vm->drops);
	v->is_inside = true;
	trace_ldbt_enter(v->hartid, v->g->pc, frame->rip);
}

static void pins_home(struct vcpu *v)
{
	regs_store_pins(v->g->home->x, space_frame(v->space)->reg);
	fpu_leave(space_fpu(v->space), v->g->home);
}

/* Guest code may have written anything there. */
static gva_t page_now(const struct vcpu *v)
{
	return v->g->home->pc_page & PAGE_MASK;
}

void run_bring_home(struct vcpu *v)
{
	pins_home(v);
	if (v->mmio.state == MMIO_ASKED)
		v->g->pc = page_now(v) + v->mmio.record.guest;
}

void run_leave(struct vcpu *v, u32 pc_off)
{
	pins_home(v);
	v->g->pc = page_now(v) + pc_off;
	v->is_inside = false;
	v->boundary_steps = 0;
	v->idle_faults = 0;
}

/* ---- to the controller ---- */

static int exit_to_controller(struct vcpu *v, u32 reason)
{
	WRITE_ONCE(v->run->exit_reason, reason);
	return TO_CONTROLLER;
}

int vcpu_fail(struct vcpu *v, u32 reason, u64 value)
{
	gva_t pc = v->g->pc;

	if (v->is_inside)
		pc = page_now(v);
	if (reason == LDBT_ERROR_INTERNAL)
		pr_err("ldbt: hart %u ended near pc %#llx: leave for vector %llu at %#llx, value %#llx\n", v->hartid,
		       pc, space_frame(v->space)->vector, space_frame(v->space)->rip, value);
	v->vm->has_failed = true;
	v->is_inside = false;
	v->run->error.reason = reason;
	v->run->error.pad = 0;
	v->run->error.pc_gva = pc;
	v->run->error.value = value;
	return exit_to_controller(v, LDBT_EXIT_ERROR);
}

int run_ask(struct vcpu *v)
{
	struct ldbt_run *run = v->run;

	run->mmio.gpa = v->mmio.gpa;
	memcpy(run->mmio.data, &v->mmio.value, sizeof(run->mmio.data)); /* both little endian */
	run->mmio.len_bytes = v->mmio.len_bytes;
	run->mmio.is_write = v->mmio.is_write;
	run->mmio.is_refused = 0;
	return exit_to_controller(v, LDBT_EXIT_MMIO);
}

/* ---- traps ---- */

void run_trap(struct vcpu *v, u64 cause, u64 tval)
{
	if (cause & TRAP_IRQ_BIT) {
		v->stats.guest_irqs++;
		trace_ldbt_irq(v->hartid, cause & ~TRAP_IRQ_BIT, v->g->pc);
	} else {
		v->stats.guest_traps++;
		trace_ldbt_guest_trap(v->hartid, cause, tval, v->g->pc);
	}
	trap_enter(v->g, cause, tval);
}

/* An exception in M-mode with interrupts off whose handler begins at the same instruction: nothing can change any more. */
static int trap_checked(struct vcpu *v, u64 cause, u64 tval)
{
	struct guest *g = v->g;
	bool is_fixed = g->priv == PRIV_M && !(g->csr.mstatus & (MSTATUS_MIE | MSTATUS_MPIE));
	gva_t pc = g->pc;

	run_trap(v, cause, tval);
	if (!is_fixed || g->pc != pc || g->priv != PRIV_M)
		return GO_ON;
	return vcpu_fail(v, cause == CAUSE_FETCH_ACCESS ? LDBT_ERROR_BAD_FETCH : LDBT_ERROR_TRAP_LOOP, tval);
}

/* ---- one instruction by the interpreter ---- */

static bool has_interrupt(struct vcpu *v)
{
	if (atomic_xchg(&v->is_kicked, 0))
		vcpu_take_lines(v);
	return v->g->csr.mip & v->g->csr.mie;
}

static unsigned int halt_poll_us = 20;
module_param(halt_poll_us, uint, 0644);
MODULE_PARM_DESC(halt_poll_us,
		 "microseconds that an idle vCPU looks for an interrupt before its thread sleeps; 0: none");

/* Waking a thread costs more than a short wait. */
static void poll_kick(struct vcpu *v)
{
	u64 end = ktime_get_ns() + (u64)READ_ONCE(halt_poll_us) * NSEC_PER_USEC;

	while (!atomic_read(&v->is_kicked) && !need_resched() && !signal_pending(current) && ktime_get_ns() < end)
		cpu_relax();
}

/* wfi may end early: a signal or a kick without a wanted interrupt lets the hart go on, which the manual permits. */
void run_sleep(struct vcpu *v)
{
	if (has_interrupt(v))
		return;
	poll_kick(v);
	wait_event_interruptible(v->wait, atomic_read(&v->is_kicked));
}

/* Mode and regime are looked at when a block is entered; page tables are more than that. */
static void after_switch(struct vcpu *v, const struct insn *in)
{
	enum { RS1, RS2 }; /* slots of gen/ops.h */
	const u64 *x = v->g->home->x;
	struct fence fence = {
		.has_gva = in->f[RS1],
		.has_asid = in->f[RS2],
		.gva = x[in->f[RS1] & 31],
		.asid = (u16)x[in->f[RS2] & 31],
	};

	if (in->op == OP_SFENCE_VMA)
		mmu_fence(v, &fence);
}

/* Rules serve F and D while FS is dirty. What changes no register of F leaves FS as it is: in a loop of stores every one of
 * them would come here after a switch of processes. Dirtiness may be imprecise (priv machine.adoc "Extension Context Status
 * in mstatus Register"): behind some of them with nothing else between, FS is set. */
static void spare_clean_fs(struct vcpu *v, u32 word)
{
	enum {
		FS_DIRTY = 3,
		OPCODE = 0x7f,
		STORE_FP = 0x27,
		OP_FP = 0x53,
		C_FSD_MASK = 0xe001,
		C_FSD = 0xa000,
		PATIENCE = 16
	};
	u64 fs = state_fs(v->g);

	if (!fs || fs == FS_DIRTY)
		return;
	if ((word & OPCODE) != STORE_FP && (word & OPCODE) != OP_FP && (word & C_FSD_MASK) != C_FSD)
		return;
	if (++v->clean_fs_insns < PATIENCE)
		return;
	v->clean_fs_insns = 0;
	set_state_fs(v->g, FS_DIRTY);
}

static int interpret(struct vcpu *v)
{
	struct guest *g = v->g;
	enum step step;
	struct insn in;
	gva_t tval;
	u32 word;
	int cause = access_fetch_insn(g, &word, &tval);

	clint_follow(v);
	v->stats.interpreted_insns++;
	if (cause)
		return trap_checked(v, (u64)cause, tval);
	decode_insn(word, &in);
	step = interp_insn(g, &in);
	if (v->mmio.state == MMIO_ASKED)
		return run_ask(v);
	v->mmio.state = MMIO_NONE; /* an answer that the instruction, changed meanwhile, did not take */
	if (step == STEP_NEXT)
		spare_clean_fs(v, word);
	switch (step) {
	case STEP_TRAP:
		if (sbi_is_call(v, g->trap_cause))
			return sbi_call(v);
		return trap_checked(v, g->trap_cause, g->trap_tval);
	case STEP_FENCE_I: vm_fence_i(v->vm); break;
	case STEP_WFI: run_sleep(v); break;
	case STEP_SWITCH: after_switch(v, &in); break;
	default: break;
	}
	return GO_ON;
}

/* ---- blocks ---- */

/* The controller may change guest memory while it is translated: work on a copy. Also its last halfword, which tells
 * whether an instruction straddles. */
static void copy_source(struct vcpu *v, struct translate_request *rq, const u8 *page)
{
	u32 off = (u32)(rq->gpa & ~PAGE_MASK);

	memcpy(v->source[0] + off, page + off, min_t(u32, SOURCE_BYTES, PAGE_SIZE - off));
	memcpy(v->source[0] + PAGE_SIZE - 2, page + PAGE_SIZE - 2, 2);
	rq->page = v->source[0];
}

static void note_code(struct vm *vm, gpa_t gpa)
{
	if (mem_note_code(&vm->mem, gpa))
		space_protect_page(vm->space, gpa & PAGE_MASK);
}

/* The second half of a straddling instruction. */
static void add_next_page(struct vcpu *v, struct translate_request *rq, gpa_t gpa)
{
	const u8 *page = mem_bytes(&v->vm->mem, gpa);

	if (!page)
		return;
	note_code(v->vm, gpa);
	memcpy(v->source[1], page, 2);
	rq->next_page = v->source[1];
	rq->gpa_next = gpa;
}

/* The block, if it is there: then its pages are known to have code. code_lock is held. */
static bool has_block(struct vcpu *v, gpa_t gpa, gpa_t gpa_next, u32 *block)
{
	struct cache *cache = &v->vm->cache;

	if (index_page(cache, gpa) == (u32)CACHE_NONE)
		return false;
	*block = index_find(cache, gpa, gpa_next, guest_block_state(v->g));
	v->cv.seen = cache->epoch;
	return *block != BLOCK_NONE;
}

/* code_lock is held. -EFAULT, -ENXIO: no code can be there. */
static int translate_at(struct vcpu *v, gpa_t gpa, gpa_t gpa_next, u32 *block)
{
	struct translate_request rq = { .gpa = gpa, .gpa_next = GPA_NONE, .state = guest_block_state(v->g) };
	const u8 *page = mem_bytes(&v->vm->mem, gpa);
	struct cache *cache = &v->vm->cache;
	u64 blocks = cache->stats.blocks;
	int err;

	if (!page)
		return -EFAULT;
	note_code(v->vm, gpa);
	copy_source(v, &rq, page);
	if (gpa_next != GPA_NONE)
		add_next_page(v, &rq, gpa_next);
	do { /* the only vCPU is outside: whatever was dropped has been left */
		BUILD_BUG_ON(VM_VCPUS_MAX != 1);
		v->cv.seen = cache->epoch;
		err = translate_block(cache, &rq, block);
	} while (err == -EAGAIN);
	v->cv.seen = cache->epoch;
	if (!err && cache->stats.blocks != blocks)
		trace_ldbt_translate(v->hartid, gpa, cache->block[*block].nbounds,
				     cache->block[*block].host_end - cache->block[*block].host);
	return err;
}

/* The page behind g->pc, when the instruction there reaches into it and it can be fetched; else GPA_NONE. */
static gpa_t straddled_page(struct vcpu *v, gpa_t gpa)
{
	const u8 *page = mem_bytes(&v->vm->mem, gpa);
	gpa_t next;

	if ((gpa & ~PAGE_MASK) != PAGE_SIZE - 2 || !page || !block_has_straddler(page))
		return GPA_NONE;
	return mmu_translate(v, v->g->pc + 2, WALK_FETCH, &next) ? GPA_NONE : next;
}

/* The block at g->pc, with code_lock held on success; the vCPU is outside. */
static int lock_block(struct vcpu *v, u32 *block)
{
	gpa_t gpa, gpa_next;
	int err;

	mmu_prepare(v);
	if (mmu_translate(v, v->g->pc, WALK_FETCH, &gpa)) /* walks may take code_lock: before it is held */
		return -EFAULT;
	gpa_next = straddled_page(v, gpa);
	mutex_lock(&v->vm->code_lock);
	if (has_block(v, gpa, gpa_next, block))
		return 0;
	err = translate_at(v, gpa, gpa_next, block);
	if (err)
		mutex_unlock(&v->vm->code_lock);
	return err;
}

static int enter_block(struct vcpu *v)
{
	u32 block;
	int err = lock_block(v, &block);

	if (err == -EFAULT || err == -ENXIO) /* the fetch faults: the interpreter raises the trap */
		return interpret(v);
	if (err)
		return vcpu_fail(v, LDBT_ERROR_INTERNAL, (u64)err);
	run_enter(v, block);
	mutex_unlock(&v->vm->code_lock);
	return GO_ON;
}

/* ---- exits of translated code ---- */

/* Is l a link of a block that is still there? The number comes from ring 3. */
static bool is_live_link(const struct cache *cache, u32 l)
{
	const struct block *from = &cache->block[cache->link[l].block];

	return from->is_live && l - from->link < from->nlinks;
}

/* An unjoined direct jump: go to its target, and join it if its block was not dropped meanwhile. Without a block there,
 * the next turn finds out why. */
static int follow_link(struct vcpu *v, u32 l)
{
	struct cache *cache = &v->vm->cache;
	u64 evictions = cache->stats.evictions;
	u32 block;

	if (l >= cache->nsegments * cache->links_each)
		return vcpu_fail(v, LDBT_ERROR_INTERNAL, l);
	v->g->pc = page_now(v) + (u64)(s64)cache->link[l].target;
	if (lock_block(v, &block))
		return GO_ON;
	if (cache->stats.evictions == evictions && is_live_link(cache, l))
		link_set(cache, l, block, page_now(v) ^ v->cv.table->tag); /* lock_block() may have changed the tag */
	run_enter(v, block);
	mutex_unlock(&v->vm->code_lock);
	return GO_ON;
}

static int fill_jump(struct vcpu *v, gva_t pc)
{
	struct abi_jump *jump = &v->cv.jump[(pc >> 1) & (ABI_JUMP_ENTRIES - 1)];
	struct cache *cache = &v->vm->cache;
	u32 block;

	v->g->pc = pc & ~1ULL;
	if (lock_block(v, &block))
		return GO_ON;
	cache_enter_jump(cache, jump, v->g->pc ^ v->cv.table->tag, &cache->block[block]);
	run_enter(v, block);
	mutex_unlock(&v->vm->code_lock);
	return GO_ON;
}

static int act_on_exit(struct vcpu *v)
{
	struct space_frame *frame = space_frame(v->space);
	u32 word = (u32)frame->reg[ABI_RAX], code = word >> 16, pc_off = word & 0xffff;

	if (!code || code >= EXIT_COUNT || pc_off > PAGE_SIZE)
		return vcpu_fail(v, LDBT_ERROR_INTERNAL, word);
	v->stats.leaves[code]++;
	run_leave(v, pc_off);
	trace_ldbt_leave(v->hartid, code, v->g->pc);
	if (code != EXIT_FALLBACK)
		v->clean_fs_insns = 0;
	switch (code) {
	case EXIT_LINK:
	case EXIT_PAGE_END: return follow_link(v, (u32)frame->reg[ABI_RCX]);
	case EXIT_MISS: return fill_jump(v, frame->reg[ABI_RDX]);
	default: return interpret(v); /* everything else is an instruction for the interpreter */
	}
}

/* The monitor has served an exit, but found no block to go on at. */
static int act_on_served(struct vcpu *v)
{
	gva_t pc = v->g->pc;

	v->stats.leaves[EXIT_MISS]++;
	run_leave(v, 0);
	trace_ldbt_leave(v->hartid, EXIT_MISS, pc);
	return fill_jump(v, pc);
}

/* ---- the loop ---- */

/* The monitor leaves no trace: while somebody wants to see traps, all of them are the host's. */
static void choose_server(struct vcpu *v)
{
	bool is_traced = trace_ldbt_guest_trap_enabled() || trace_ldbt_irq_enabled();

	v->hart->serves = is_traced ? MONITOR_RESOLVES : MONITOR_SERVES;
}

/* Stays until something other than a host interrupt happens, or something waits outside. */
static enum space_leave stay(struct vcpu *v)
{
	u64 fills = space_stats(v->space)->page_fills;
	enum space_leave leave;

	choose_server(v);
	space_begin(v->space);
	do {
		leave = space_enter(v->space);
	} while (leave == SPACE_HOST && !atomic_read(&v->is_kicked) && !space_must_end());
	space_end(v->space);
	if (leave == SPACE_HOST) { /* run the softirqs that the section held off */
		local_bh_disable();
		local_bh_enable();
	}
	fills = space_stats(v->space)->page_fills - fills;
	if (fills)
		trace_ldbt_page_fill(v->hartid, fills);
	return leave;
}

static int run_inside(struct vcpu *v)
{
	switch (stay(v)) {
	case SPACE_HOST: v->idle_faults = 0; return GO_ON;
	case SPACE_EXIT: return act_on_exit(v);
	case SPACE_GUEST: return act_on_served(v);
	case SPACE_FAULT: v->stats.leaves[EXIT_FAULT]++; return fault_handle(v);
	default: return vcpu_fail(v, LDBT_ERROR_INTERNAL, 0);
	}
}

/* One host instruction nearer to the boundary, or there. */
static int step_to_boundary(struct vcpu *v)
{
	struct space_frame *frame = space_frame(v->space);
	int err;

	if (fault_at_boundary(v)) {
		v->stats.leaves[EXIT_INTERRUPT]++;
		return GO_ON;
	}
	frame->rflags |= X86_EFLAGS_TF;
	err = run_inside(v);
	frame->rflags &= ~(u64)X86_EFLAGS_TF;
	return err;
}

/* The block may be a loop that never leaves by itself, and: the controller wrote code; or scale or offset of time change, which
 * a template of rdtime reads one behind the other. */
static bool must_come_out(const struct vcpu *v)
{
	return v->drops_seen != READ_ONCE(v->vm->drops) || clint_is_due(v);
}

static int turn(struct vcpu *v)
{
	bool has_signal = signal_pending(current);
	int irq = has_interrupt(v) ? trap_pending_interrupt(v->g) : TRAP_NO_IRQ;

	cond_resched();
	if (v->is_inside)
		return has_signal || irq != TRAP_NO_IRQ || must_come_out(v) ? step_to_boundary(v) : run_inside(v);
	if (has_signal)
		return -EINTR;
	if (READ_ONCE(v->sbi.hsm) != SBI_HSM_STARTED)
		return sbi_wait(v);
	if (irq != TRAP_NO_IRQ)
		run_trap(v, TRAP_IRQ_BIT | (u64)irq, 0);
	return enter_block(v);
}

/* Takes the answer to the last MMIO exit from the run page. */
static int complete_mmio(struct vcpu *v)
{
	struct vcpu_mmio *mmio = &v->mmio;

	if (mmio->state != MMIO_ASKED)
		return GO_ON;
	memcpy(&mmio->value, v->run->mmio.data, sizeof(mmio->value));
	if (mmio->len_bytes < 8)
		mmio->value &= (1ULL << (8 * mmio->len_bytes)) - 1;
	mmio->is_refused = READ_ONCE(v->run->mmio.is_refused);
	if (mmio->is_interpreted) {
		mmio->state = MMIO_ANSWERED;
		return interpret(v);
	}
	fault_complete(v);
	return GO_ON;
}

int vcpu_run(struct vcpu *v)
{
	int err;

	if (v->vm->has_failed)
		return -EIO;
	sbi_complete(v);
	err = complete_mmio(v);
	if (!err && READ_ONCE(v->run->immediate_exit))
		err = -EINTR;
	if (!err)
		atomic_set(&v->is_kicked, 1);
	while (!err)
		err = turn(v);
	if (err == TO_CONTROLLER) {
		v->stats.user_exits++;
		return 0;
	}
	return err;
}
