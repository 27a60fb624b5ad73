// SPDX-License-Identifier: GPL-2.0-only
/* testeval.c: runs the guest instructions of a test by the evaluator of descriptions, and compares. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "abi.h"
#include "lang/eval.h"
#include "prim_eval.h"
#include "rulec/guest_info.h"
#include "rulec/src.h"
#include "rulec/testrun.h"

enum { INSN_BYTES = 4, FS_DIRTY = 3, RUN_CLOCK = 12345 };

struct machine {
	struct test_run *run;
	uint64_t amo_addr;
	bool is_full;
};

static struct run_byte *byte_at(struct machine *m, uint64_t addr)
{
	struct test_run *run = m->run;

	/* Later definitions win. */
	for (unsigned int i = run->nbytes; i--;)
		if (run->byte[i].addr == addr)
			return &run->byte[i];
	if (run->nbytes == RUN_BYTES_MAX) {
		m->is_full = true;
		return &run->byte[0];
	}
	run->byte[run->nbytes] = (struct run_byte){ .addr = addr };
	return &run->byte[run->nbytes++];
}

static uint64_t memory_read(struct machine *m, uint64_t addr, unsigned int size)
{
	uint64_t value = 0;

	for (unsigned int b = 0; b < size; b++)
		value |= (uint64_t)byte_at(m, addr + b)->after << (8 * b);
	return value;
}

static void memory_write(struct machine *m, uint64_t addr, unsigned int size, uint64_t value)
{
	for (unsigned int b = 0; b < size; b++)
		byte_at(m, addr + b)->after = value >> (8 * b);
}

static int on_access(void *ctx, enum mem_kind kind, unsigned int size, uint64_t addr, bv_t *value, bv_t expected)
{
	struct machine *m = ctx;
	uint64_t old;

	switch (kind) {
	case MEM_LOAD:
	case MEM_AMO: *value = memory_read(m, addr, size); break;
	case MEM_STORE: memory_write(m, addr, size, *value); break;
	case MEM_CAS:
		old = memory_read(m, addr, size);
		if (old == expected)
			memory_write(m, addr, size, *value);
		*value = old;
		break;
	}
	return 0;
}

static int on_callee(void *ctx, const struct callee *callee, const bv_t *arg, const unsigned int *arg_width,
		     bv_t *result)
{
	uint64_t in[ISA_ARGS_MAX] = { 0 }, out[ISA_RESULTS_MAX] = { 0 };

	(void)ctx;
	if (callee->is_effect) { /* a fence changes nothing that a test sees; the CPU's clock is another at each run */
		result[0] = RUN_CLOCK;
		return callee->nresults && strcmp(callee->name, "clock_read") ? -EINVAL : 0;
	}
	for (unsigned int i = 0; i < callee->nargs; i++)
		in[i] = arg[i];
	if (prim_eval(callee->name, callee->nargs ? arg_width[0] : 64, in, out))
		return -EINVAL;
	for (unsigned int i = 0; i < callee->nresults; i++)
		result[i] = out[i];
	return 0;
}

static void slots_copy(struct test_run *run, struct eval *eval, bool is_in)
{
	for (unsigned int s = 0; s < RUN_STATES; s++) {
		int state = isa_find_state(run->set->guest, run_state_name[s]);

		if (state >= 0 && is_in)
			eval->state[state] = run->state_before[s];
		run->state_after[s] = state >= 0 ? (uint64_t)eval->state[state] : 0;
	}
}

static void block_state_set(const struct test_run *run, struct eval *eval)
{
	const struct isa *isa = run->set->guest;
	int fs = isa_find_state(isa, "fs");
	unsigned int shift, bits;

	for (unsigned int s = 0; s < isa->nstates; s++)
		if (isa->state[s].place == STATE_BLOCK && block_state_find(isa->state[s].name, &shift, &bits))
			eval->state[s] = run->block_state >> shift & ((1u << bits) - 1);
	if (fs >= 0 && run->block_state >> ABI_BLOCK_FPU_SHIFT & 1)
		eval->state[fs] = FS_DIRTY;
}

static int eval_one(struct test_run *run, struct eval *eval, unsigned int k, struct diag *diag)
{
	const struct insn_desc *insn = run->rule->insn[k];
	uint64_t pc = run->pc + INSN_BYTES * k;

	eval->state[run->set->guest->pc_state] = pc;
	eval->has_next_pc = false;
	eval->ilen_bytes = INSN_BYTES;
	memcpy(eval->field, run->field[k], sizeof(eval->field));
	if (eval_insn(eval, insn) != EVAL_NEXT) {
		diag_error(diag, run->line->loc, "%s traps with these values, choose others", insn->name);
		return -EINVAL;
	}
	run->next_pc = eval->has_next_pc ? eval->next_pc : pc + INSN_BYTES;
	if (k + 1 < run->rule->ninsns && run->next_pc != pc + INSN_BYTES) {
		diag_error(diag, run->line->loc, "%s leaves the match with these values, choose others", insn->name);
		return -EINVAL;
	}
	return 0;
}

int testrun_eval(struct test_run *run, struct diag *diag)
{
	struct machine machine = { .run = run };
	struct eval eval = { .isa = run->set->guest, .access = on_access, .callee = on_callee, .ctx = &machine };
	bv_t reg[RULE_REGS];
	int ret = 0;

	for (unsigned int i = 0; i < RULE_REGS; i++)
		reg[i] = run->before[i];
	eval.reg[0] = reg;
	eval.reg[1] = reg + RULE_REGS / 2;
	slots_copy(run, &eval, true);
	block_state_set(run, &eval);
	for (unsigned int k = 0; k < run->rule->ninsns && !ret; k++)
		ret = eval_one(run, &eval, k, diag);
	for (unsigned int i = 0; i < RULE_REGS; i++)
		run->after[i] = i ? (uint64_t)reg[i] : 0;
	slots_copy(run, &eval, false);
	if (machine.is_full) {
		diag_error(diag, run->line->loc, "too much memory in one test, split it");
		return -EINVAL;
	}
	run->is_evaluated = true;
	return ret;
}

/* ---- the right side of the line ---- */

static int differ(const struct test_run *run, struct diag *diag, const char *name, uint64_t want, uint64_t have)
{
	if (want == have)
		return 0;
	diag_error(diag, run->line->loc, "test expects %s=0x%" PRIx64 " but the description gives 0x%" PRIx64, name,
		   want, have);
	return -EINVAL;
}

/* Bytes of the access of the match: what m[addr]=value means on the right side. */
static unsigned int access_bytes(const struct crule *rule)
{
	unsigned int bytes = 0;

	for (unsigned int k = 0; k < rule->ninsns; k++)
		if (insn_access_bytes(rule->insn[k]) > bytes)
			bytes = insn_access_bytes(rule->insn[k]);
	return bytes ? bytes : 8;
}

/* Eight bytes where the left side says what stood there, else those of the access. */
static int compare_memory(const struct test_run *run, const struct ctest *item, struct diag *diag)
{
	struct machine machine = { .run = (struct test_run *)run };
	unsigned int size = access_bytes(run->rule);
	uint64_t mask;

	for (unsigned int i = 0; i < run->line->nin; i++)
		if (!strcmp(run->line->in[i].name, "m") && run->line->in[i].key == item->key)
			size = 8;
	mask = size == 8 ? UINT64_MAX : (1ULL << 8 * size) - 1;
	return differ(run, diag, "memory", item->value & mask, memory_read(&machine, item->key, 8) & mask);
}

static int compare_item(const struct test_run *run, const struct ctest *item, struct diag *diag)
{
	int role = role_find(run->rule, item->name, strlen(item->name));

	if (!strcmp(item->name, "m"))
		return compare_memory(run, item, diag);
	if (!strcmp(item->name, "pc"))
		return differ(run, diag, "pc", item->value, run->next_pc);
	if (role >= 0)
		return run_reg(run, role) ? differ(run, diag, item->name, item->value, run->after[run_reg(run, role)])
					  : 0;
	for (unsigned int s = 0; s < RUN_STATES; s++)
		if (!strcmp(item->name, run_state_name[s]))
			return differ(run, diag, item->name, item->value, run->state_after[s]);
	diag_error(diag, run->line->loc, "%s cannot be expected, use registers, m[..], pc, taken or exit", item->name);
	return -EINVAL;
}

int testrun_compare(const struct test_run *run, struct diag *diag)
{
	bool is_taken = run->next_pc != run->pc + INSN_BYTES * run->rule->ninsns;

	for (unsigned int i = 0; i < run->line->nout; i++)
		if (compare_item(run, &run->line->out[i], diag))
			return -EINVAL;
	if (run->line->is_taken < 0 || run->line->is_taken == is_taken)
		return 0;
	diag_error(diag, run->line->loc, "test expects the branch %s, the description says otherwise",
		   run->line->is_taken ? "taken" : "not_taken");
	return -EINVAL;
}
