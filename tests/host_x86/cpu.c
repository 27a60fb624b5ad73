// SPDX-License-Identifier: GPL-2.0-only
/* cpu.c: the semantics of x86_64.isa against this machine's CPU, on edge and random operands: all registers, the
 * memory operand with its surroundings, and every flag the description defines. Divide errors must come exactly where
 * the description says so. Forms whose feature the CPU lacks are skipped. */
#include "model.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "abi.h"
#include "stub.h"
#include "tsc.h"

enum {
	RUNS_PER_FORM = 6000, /* at least, spread over its cases */
	RUNS_PER_STUB = 8,    /* at least */
	STUBS = 3,	      /* register choices per case */
	MARGIN = 16,	      /* bytes around the memory operand that must not change */
	REPORTS_MAX = 20,
};

struct cpu_test {
	const struct isa *host;
	struct stub stub;
	struct diag diag;
	uint64_t seed;
	unsigned int ncases, runs_per_stub;
	unsigned int passed, failed, skipped;
	uint64_t nruns, ntraps;
};

static uint64_t value_pick(struct cpu_test *test)
{
	static const uint64_t edge[] = {
		0,	     1,		2,	    3,	    0x7f,	0x80,	    0xff,
		0x100,	     0x7fff,	0x8000,	    0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
		0x100000000, INT64_MAX, 1ULL << 63, ~0ULL,  ~1ULL,	~0x7fULL,   ~0x7fffffffULL,
	};
	uint64_t dice = random_next(&test->seed), value = random_next(&test->seed);

	switch (dice & 7) {
	case 0:
	case 1:
	case 2: return edge[value % (sizeof(edge) / sizeof(edge[0]))];
	case 3: return (uint64_t)(int64_t)(int32_t)value;
	case 4: return 1ULL << (value & 63);
	case 5: return value >> (dice >> 8 & 63);
	default: return value;
	}
}

/* Doubles around the edges of the format, or two singles. */
static uint64_t float_pick(struct cpu_test *test)
{
	static const uint16_t exponent[] = { 0,	    1,	   2,	  0x36a, 0x381, 0x3fe, 0x3ff, 0x400,
					     0x41d, 0x41e, 0x43d, 0x43e, 0x47e, 0x7fd, 0x7fe, 0x7ff };
	uint64_t dice = random_next(&test->seed), frac = random_next(&test->seed) >> 12;

	if ((dice & 7) == 0)
		return value_pick(test);
	if (dice & 8)
		frac = dice & 16 ? 0 : frac >> (dice >> 8 & 63) << (dice >> 14 & 31);
	if (dice & 32)
		return (uint64_t)(uint32_t)frac << 32 | (dice >> 40 & 1) << 31 |
		       (dice & 64 ? (dice >> 41 & 1) * 0xff + (dice >> 42 & 1) : 0x7f + (dice >> 41 & 63) - 31) % 256
			       << 23 |
		       frac >> 29;
	return dice >> 63 << 63 | (uint64_t)exponent[(dice >> 48) % 16] << 52 | (frac & 0xfffffffffffffULL);
}

static bool form_is_float(const struct form *form)
{
	for (unsigned int i = 0; i < form->nopnds; i++)
		if (form->opnd[i].kind == OPND_XMM || form->opnd[i].kind == OPND_XMMM ||
		    form->opnd[i].kind == OPND_XMMR)
			return true;
	return false;
}

/* Where a guest operand's base register must point, so that the access falls on guest address `target`. */
static void point_base(struct cpu_test *test, const struct hop *op, const struct tenv *env, uint64_t target)
{
	uint64_t disp = op->disp_value >= 0 ? (uint64_t)env->value[op->disp_value] : (uint64_t)op->disp_const;

	if (op->base != HREG_NONE)
		test->stub.block->reg[tenv_hreg(env, op->base)] = target - disp;
}

/* Places the memory operand, if any: its host bytes, and its address in the description's eyes. */
static uint8_t *place_memory(struct cpu_test *test, const struct hinsn *insn, const struct tenv *env, uint64_t *addr)
{
	for (unsigned int i = 0; i < insn->form->nopnds; i++) {
		const struct hop *op = &insn->op[i];
		bool is_locked = insn->form->opnd[i].kind == OPND_M;
		uint64_t target = 0x100 + random_next(&test->seed) % (WINDOW_BYTES - 0x200);

		if (!hop_is_memory(op))
			continue;
		if (op->kind != HOP_GMEM) {
			unsigned int off = op->kind == HOP_STATE ? (unsigned int)op->disp_const
								 : ABI_HOME_X + 8 * env->guest[op->role];

			*addr = env->state_disp + off;
			return test->stub.state + off;
		}
		if (op->base == HREG_NONE)
			target = op->disp_value >= 0 ? (uint64_t)env->value[op->disp_value] : (uint64_t)op->disp_const;
		else if (is_locked) /* a locked access across cache lines is no business of ours */
			target &= ~7ULL;
		point_base(test, op, env, target);
		*addr = target;
		return test->stub.window + target;
	}
	return NULL;
}

/* Random state with a lean: equal operands, dividends that fit, a compare that succeeds. */
static void choose_inputs(struct cpu_test *test, const struct hinsn *insn, uint64_t *mem_value)
{
	struct stub_block *block = test->stub.block;
	uint64_t dice = random_next(&test->seed);

	for (unsigned int i = 0; i < 16; i++)
		block->reg[i] = value_pick(test);
	if (dice & 1)
		block->reg[dice >> 8 & 15] = block->reg[dice >> 16 & 15];
	block->flags = random_next(&test->seed) & (FLAG_CF | FLAG_ZF | FLAG_SF | FLAG_OF | 0x14);
	*mem_value = form_is_float(insn->form) && dice & 8 ? float_pick(test) : value_pick(test);
	for (unsigned int i = 0; i < 16; i++)
		block->xmm[i] = float_pick(test);
	if (dice & 16)
		block->xmm[dice >> 24 & 15] = block->xmm[dice >> 28 & 15];
	block->mxcsr = MXCSR_MASKS | (dice >> 32 & 3) * MXCSR_RC;
	if (dice >> 34 & 1)
		block->mxcsr |= dice >> 36 & (MXCSR_IE | MXCSR_ZE | MXCSR_OE | MXCSR_UE | MXCSR_PE);
	if (form_may_trap(insn->form->body) && dice & 6)
		block->reg[2] = dice & 2 ? 0 : (uint64_t)((int64_t)block->reg[0] >> 63);
	if (!strcmp(insn->form->name, "lock_cmpxchg") && dice & 2)
		block->reg[0] = *mem_value;
}

static void report(struct cpu_test *test, const struct hinsn *insn, const struct tenv *env, const struct model *model,
		   const struct stub_block *block, unsigned int len)
{
	if (test->failed++ >= REPORTS_MAX)
		return;
	fprintf(stderr, "%s:%d: CPU and description differ: ", insn->loc.file, insn->loc.line);
	text_print(stderr, insn, env, len);
	for (unsigned int i = 0; i < 16; i++) {
		if (i != ABI_RSP && model->reg[i] != block->out_reg[i])
			fprintf(stderr,
				"  reg %u: was %016" PRIx64 ", CPU %016" PRIx64 ", description %016" PRIx64 "\n", i,
				block->reg[i], block->out_reg[i], model->reg[i]);
	}
	for (unsigned int i = 0; i < 16; i++) {
		if (model->xmm[i] != block->out_xmm[i])
			fprintf(stderr,
				"  xmm %u: was %016" PRIx64 ", CPU %016" PRIx64 ", description %016" PRIx64 "\n", i,
				block->xmm[i], block->out_xmm[i], model->xmm[i]);
	}
	fprintf(stderr,
		"  mxcsr: was %x, CPU %x, description %x; xmm0 %016" PRIx64 " xmm1 %016" PRIx64 " xmm9 %016" PRIx64
		"\n",
		block->mxcsr, block->out_mxcsr, model->mxcsr, block->xmm[0], block->xmm[1], block->xmm[9]);
	fprintf(stderr,
		"  flags: were %03" PRIx64 ", CPU %03" PRIx64 ", description %03" PRIx64 ", undefined %03" PRIx64
		"; trap %d, taken %d, broken %d; rax %016" PRIx64 " rcx %016" PRIx64 " rdx %016" PRIx64 "\n",
		block->flags, block->out_flags, model->flags, model->undef_flags, model->is_trap, model->is_taken,
		model->is_broken, block->reg[0], block->reg[1], block->reg[2]);
}

static bool registers_agree(const struct model *model, const struct stub_block *block)
{
	uint64_t flags = (FLAG_CF | FLAG_ZF | FLAG_SF | FLAG_OF) & ~model->undef_flags;

	for (unsigned int i = 0; i < 16; i++) {
		bool is_any = i == ABI_RSP || model->undef_regs >> i & 1;

		if ((!is_any && model->reg[i] != block->out_reg[i]) || model->xmm[i] != block->out_xmm[i])
			return false;
	}
	if ((model->mxcsr ^ block->out_mxcsr) & ~MXCSR_DE)
		return false;
	return block->out_reg[ABI_RSP] == block->rsp && !((model->flags ^ block->out_flags) & flags);
}

static void model_start(struct model *model, const struct cpu_test *test, uint64_t clock)
{
	const struct stub_block *block = test->stub.block;

	*model = (struct model){ .host = test->host, .mxcsr = block->mxcsr, .flags = block->flags, .clock = clock };
	memcpy(model->reg, block->reg, sizeof(model->reg));
	memcpy(model->xmm, block->xmm, sizeof(model->xmm));
}

/* The clock shows what the CPU has read, which lies between readings before and behind. Then the description runs with that. */
static bool clock_agrees(struct cpu_test *test, const struct hinsn *insn, const struct tenv *env, struct model *model)
{
	const struct stub_block *block = test->stub.block;
	uint64_t before = model->clock, read = block->out_reg[ABI_RDX] << 32 | block->out_reg[ABI_RAX];

	model_start(model, test, read);
	model_run(model, insn, env);
	return read >= before && read <= tsc_read();
}

/* One instruction, one state: true if CPU and description agree. */
static bool run_once(struct cpu_test *test, const struct hinsn *insn, const struct tenv *env, struct model *model)
{
	struct stub_block *block = test->stub.block;
	uint8_t around[2 * MARGIN + 8];
	uint64_t mem_value, mem_addr = 0;
	uint8_t *mem;
	bool is_trap;

	choose_inputs(test, insn, &mem_value);
	mem = place_memory(test, insn, env, &mem_addr);
	model_start(model, test, tsc_read());
	model->mem_addr = mem_addr;
	if (mem) {
		memcpy(mem, &mem_value, sizeof(mem_value));
		memcpy(around, mem - MARGIN, sizeof(around));
		model->mem = around + MARGIN;
	}
	model_run(model, insn, env);
	is_trap = stub_run(&test->stub);
	test->nruns++;
	test->ntraps += is_trap;
	if (is_trap || model->is_trap)
		return is_trap == model->is_trap && !model->is_broken;
	if (model->has_clock && !clock_agrees(test, insn, env, model))
		return false;
	return !model->is_broken && registers_agree(model, block) &&
	       (!mem || !memcmp(around, mem - MARGIN, sizeof(around))) &&
	       (insn->form->opnd[0].kind != OPND_REL || model->is_taken == !block->fell_through);
}

static bool run_stub(struct cpu_test *test, const struct hinsn *insn, uint32_t narrow_mask)
{
	bool is_branch = insn->form->nopnds && insn->form->opnd[0].kind == OPND_REL;
	struct hcode code = { .len = 0 };
	struct model model;
	struct tenv env;

	if (x86_encode(insn, narrow_mask, &code, &test->diag))
		return false;
	tenv_choose(&env, insn, narrow_mask, &test->seed);
	env.state_disp = (uint32_t)(uintptr_t)test->stub.state;
	env.rel = STUB_JUMP_BYTES;
	tenv_fill(&env, insn, &code);
	stub_build(&test->stub, code.bytes, code.len, is_branch);
	for (unsigned int i = 0; i < test->runs_per_stub; i++) {
		if (!run_once(test, insn, &env, &model)) {
			report(test, insn, &env, &model, test->stub.block, code.len);
			return false;
		}
	}
	return true;
}

static void test_case(void *ctx, const struct hinsn *insn, uint32_t narrow_mask)
{
	struct cpu_test *test = ctx;

	for (int i = 0; i < STUBS; i++) {
		if (!run_stub(test, insn, narrow_mask))
			return;
	}
	test->passed++;
}

static void count_case(void *ctx, const struct hinsn *insn, uint32_t narrow_mask)
{
	struct cpu_test *test = ctx;

	(void)insn;
	(void)narrow_mask;
	test->ncases++;
}

static bool cpu_has(const char *feature)
{
	if (!feature)
		return true;
	return !strcmp(feature, "bmi1")	    ? __builtin_cpu_supports("bmi")
	       : !strcmp(feature, "bmi2")   ? __builtin_cpu_supports("bmi2")
	       : !strcmp(feature, "fma")    ? __builtin_cpu_supports("fma")
	       : !strcmp(feature, "popcnt") ? __builtin_cpu_supports("popcnt")
	       : !strcmp(feature, "lzcnt")  ? __builtin_cpu_supports("lzcnt")
					    : false;
}

static void test_form(struct cpu_test *test, const struct form *form)
{
	uint64_t traps_before = test->ntraps;

	test->ncases = 0;
	cases_run(form, count_case, test);
	if (!test->ncases || !cpu_has(form->feature)) {
		test->skipped += test->ncases;
		test->failed += !test->ncases;
		return;
	}
	test->runs_per_stub = RUNS_PER_FORM / (test->ncases * STUBS) + RUNS_PER_STUB;
	cases_run(form, test_case, test);
	if (form_may_trap(form->body) && test->ntraps == traps_before) {
		fprintf(stderr, "%s: no run raised #DE\n", form->name);
		test->failed++;
	}
}

int main(int argc, char **argv)
{
	struct cpu_test test = { .seed = 3, .diag = { .out = stderr } };
	uint64_t seed = test.seed;

	if (argc < 2) {
		fprintf(stderr, "usage: %s x86_64.isa...\n", argv[0]);
		return 2;
	}
	test.host = isa_load((const char *const *)argv + 1, argc - 1, &test.diag);
	if (!test.host)
		return 2;
	if (stub_init(&test.stub)) {
		fprintf(stderr, "%s: this machine gives no executable page, low memory or GS base\n", argv[0]);
		return 2;
	}
	for (unsigned int i = 0; i < test.host->nforms; i++)
		test_form(&test, test.host->form[i]);
	printf("x86 semantics: %u forms, %" PRIu64 " runs, %" PRIu64 " divide errors as described, seed %" PRIu64 "\n",
	       test.host->nforms, test.nruns, test.ntraps, seed);
	isa_free((struct isa *)test.host);
	printf("x86-cpu: %u passed, %u failed, %u skipped\n", test.passed, test.failed, test.skipped);
	return test.failed || test.diag.nerrors || !test.passed;
}
