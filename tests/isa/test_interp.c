// SPDX-License-Identifier: GPL-2.0-only
/* test_interp.c: the generated interpreter against the evaluator of the description, every instruction, edge operands
 * with edge operands and random ones, with and without faults and traps.
 *
 * Usage: test_interp COUNT SEED FILE.isa...   COUNT random operand sets per instruction. Next file: mock.c. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "interp.h"
#include "lang/eval.h"
#include "mock.h"
#include "prim_eval.h"
#include "tally.h"
#include "trap.h"
#include "words.h"

static const uint64_t edges[] = {
	0,
	1,
	2,
	3,
	7,
	8,
	31,
	32,
	63,
	64,
	0x7f,
	0x80,
	0xff,
	0x7fff,
	0x8000,
	0xffff,
	0x7fffffff,
	0x80000000,
	0x80000001,
	0xffffffff,
	0x100000000,
	0x7fffffffffffffff,
	0x8000000000000000,
	0x8000000000000001,
	0xffffffff7fffffff,
	0xffffffff80000000,
	0xfffffffffffffffe,
	0xffffffffffffffff,
};
enum { NR_EDGES = sizeof(edges) / sizeof(edges[0]) };

struct test {
	const struct isa *isa;
	const struct insn_desc *desc;
	struct insn in;
	struct guest_home home; /* before */
	struct guest_csr_page csr_page;
	u8 priv;
	u64 pc;
	struct mock mock; /* before */
	uint64_t seed;
};

/* ---- the reference ---- */

static int access_eval(void *ctx, enum mem_kind kind, unsigned int size, uint64_t addr, bv_t *value, bv_t expected)
{
	struct mock *m = ctx;
	bool amo_pending = m->nevents && m->event[m->nevents - 1].kind == MOCK_ATOMIC;
	uint64_t v = (uint64_t)*value, old = 0;
	int cause;

	switch (kind) {
	case MEM_LOAD:
		cause = mock_load(m, addr, size, &v);
		*value = v;
		return cause;
	case MEM_STORE:
		if (!amo_pending)
			return mock_store(m, addr, size, v);
		mock_write(m, addr, size, v);
		return 0;
	case MEM_AMO:
	case MEM_CAS:
		cause = mock_atomic(m, addr, size, &old);
		if (!cause && kind == MEM_CAS && old == (uint64_t)expected)
			mock_write(m, addr, size, v);
		*value = old;
		return cause;
	}
	return -1;
}

/* Written apart from translator/prim.c, from the manual's definition; 128-bit arithmetic is free here. */
static int prim_reference(const char *name, unsigned int width, __int128 ua, __int128 ub, bv_t *result)
{
	__int128 sa = ua, sb = ub;

	if (ua >> (width - 1) & 1)
		sa = ua - ((__int128)1 << width);
	if (ub >> (width - 1) & 1)
		sb = ub - ((__int128)1 << width);
	if (!strcmp(name, "mulhu"))
		*result = (bv_t)((unsigned __int128)ua * (unsigned __int128)ub) >> width;
	else if (!strcmp(name, "mulh"))
		*result = (bv_t)(sa * sb >> width);
	else if (!strcmp(name, "mulhsu"))
		*result = (bv_t)(sa * ub >> width);
	else if (!strcmp(name, "divu"))
		*result = ub ? ua / ub : -1;
	else if (!strcmp(name, "remu"))
		*result = ub ? ua % ub : ua;
	else if (!strcmp(name, "div"))
		*result = sb ? sa / sb : -1;
	else if (!strcmp(name, "rem"))
		*result = sb ? sa % sb : sa;
	else
		return -1;
	*result &= ((bv_t)1 << width) - 1;
	return 0;
}

/* What their results are is the business of tests/fp; here, that the right one is called with the right arguments, and
 * that results go where they belong. */
static int fp_reference(const struct callee *callee, const bv_t *arg, const unsigned int *arg_width, bv_t *result)
{
	u64 in[ISA_ARGS_MAX] = { 0 }, out[ISA_RESULTS_MAX] = { 0 };
	unsigned int i;

	for (i = 0; i < callee->nargs; i++)
		in[i] = (u64)arg[i];
	if (prim_eval(callee->name, arg_width[0], in, out))
		return -1;
	for (i = 0; i < callee->nresults; i++)
		result[i] = out[i];
	return 0;
}

static int callee_eval(void *ctx, const struct callee *callee, const bv_t *arg, const unsigned int *arg_width,
		       bv_t *result)
{
	u64 value = 0, given[MOCK_ARGS] = { 0 };
	unsigned int i;

	if (!callee->is_effect && !strncmp(callee->name, "fp_", 3))
		return fp_reference(callee, arg, arg_width, result);
	if (!callee->is_effect)
		return prim_reference(callee->name, arg_width[0], (__int128)arg[0], (__int128)arg[1], result);
	for (i = 0; i < callee->nargs && i < MOCK_ARGS; i++)
		given[i] = (uint64_t)arg[i];
	if (mock_effect(ctx, callee->name, given, callee->nresults ? &value : NULL) == STEP_TRAP)
		return -1;
	result[0] = value;
	return 0;
}

struct outcome {
	struct guest_home home;
	struct guest_csr_page csr_page;
	u64 pc;
	enum step step;
	u64 cause, tval; /* STEP_TRAP */
	struct mock mock;
};

static bv_t *state_of(struct eval *eval, const char *name)
{
	return &eval->state[isa_find_state(eval->isa, name)];
}

/* States of the CSR page, in the order of struct guest_csr_page. */
static const char *const page_states[] = { "sstatus", "sscratch", "sepc", "scause", "stval", "stvec", "pending" };
enum { PAGE_STATES = sizeof(page_states) / sizeof(page_states[0]) };
_Static_assert(sizeof(struct guest_csr_page) == PAGE_STATES * sizeof(u64), "one name for each member");

/* Faults and effect traps leave no cause in struct eval: they are the mock's. */
static void cause_of_end(struct outcome *want, enum eval_end end, const struct eval *eval, const struct insn *in)
{
	want->cause = eval->trap_cause;
	want->tval = want->cause == CAUSE_ILLEGAL ? in->word : eval->trap_tval; /* interp_insn() fills the word in */
	if (want->mock.neffects && (int)want->mock.neffects - 1 == want->mock.trap_at) {
		want->cause = MOCK_EFFECT_CAUSE;
		want->tval = 0;
	}
	if (end == EVAL_FAULT) {
		want->cause = want->mock.fault_cause;
		want->tval = want->mock.fault_addr;
	}
}

static void run_eval(const struct test *t, struct outcome *want)
{
	bv_t x[32], f[32];
	struct eval eval = { .isa = t->isa, .reg = { x, f }, .access = access_eval, .callee = callee_eval };
	enum eval_end end;
	unsigned int i;

	want->mock = t->mock;
	want->home = t->home;
	want->csr_page = t->csr_page;
	want->pc = t->pc;
	eval.ctx = &want->mock;
	eval.ilen_bytes = t->in.len_bytes;
	for (i = 0; i < 32; i++) {
		x[i] = t->home.x[i];
		f[i] = t->home.f[i];
	}
	for (i = 0; i < ISA_FIELDS_MAX; i++)
		eval.field[i] = t->in.f[i];
	*state_of(&eval, "pc") = t->pc;
	*state_of(&eval, "resv") = t->home.resv;
	*state_of(&eval, "resv_value") = t->home.resv_value;
	*state_of(&eval, "frm") = t->home.frm;
	*state_of(&eval, "fflags") = t->home.fflags;
	*state_of(&eval, "fs") = t->mock.fs;
	*state_of(&eval, "priv") = t->priv;
	*state_of(&eval, "time_mult") = t->mock.time_mult;
	*state_of(&eval, "time_mult_s") = t->mock.time_mult_s;
	*state_of(&eval, "time_mult_u") = t->mock.time_mult_u;
	*state_of(&eval, "time_offset") = t->mock.time_offset;
	for (i = 0; i < PAGE_STATES; i++)
		*state_of(&eval, page_states[i]) = ((const u64 *)&t->csr_page)[i];
	end = eval_insn(&eval, t->desc);
	want->step = end == EVAL_NEXT ? STEP_NEXT : STEP_TRAP;
	if (end != EVAL_NEXT) {
		cause_of_end(want, end, &eval, &t->in);
		return;
	}
	if (want->mock.neffects)
		want->step = want->mock.effect_end;
	for (i = 0; i < 32; i++) {
		want->home.x[i] = (u64)x[i];
		want->home.f[i] = (u64)f[i];
	}
	want->home.resv = (u64)*state_of(&eval, "resv");
	want->home.resv_value = (u64)*state_of(&eval, "resv_value");
	want->home.frm = (u64)*state_of(&eval, "frm");
	want->home.fflags = (u64)*state_of(&eval, "fflags");
	want->mock.fs = (u64)*state_of(&eval, "fs");
	for (i = 0; i < PAGE_STATES; i++)
		((u64 *)&want->csr_page)[i] = (u64)*state_of(&eval, page_states[i]);
	want->pc = eval.has_next_pc ? eval.next_pc : t->pc + t->in.len_bytes;
}

static void run_interp(const struct test *t, struct outcome *got)
{
	struct guest g = { .ops = &mock_ops,
			   .pc = t->pc,
			   .priv = t->priv,
			   .home = &got->home,
			   .csr_page = &got->csr_page,
			   .opaque = &got->mock };

	got->mock = t->mock;
	got->home = t->home;
	got->csr_page = t->csr_page;
	got->step = interp_insn(&g, &t->in);
	got->pc = g.pc;
	got->cause = g.trap_cause;
	got->tval = g.trap_tval;
}

/* ---- comparison ---- */

static bool same_mock(const struct mock *a, const struct mock *b)
{
	uint32_t i;

	if (a->fs != b->fs || a->nevents != b->nevents || a->nbytes != b->nbytes || a->nevents > MOCK_EVENTS_MAX)
		return false;
	for (i = 0; i < a->nevents; i++)
		if (a->event[i].kind != b->event[i].kind || strcmp(a->event[i].name, b->event[i].name) ||
		    a->event[i].a != b->event[i].a || a->event[i].b != b->event[i].b ||
		    a->event[i].value != b->event[i].value)
			return false;
	for (i = 0; i < a->nbytes; i++)
		if (a->byte[i].addr != b->byte[i].addr || a->byte[i].value != b->byte[i].value)
			return false;
	return true;
}

/* Nothing of an instruction that trapped has happened: neither its registers nor its memory. */
static bool nothing_happened(const struct test *t, const struct outcome *got)
{
	return !memcmp(&got->home, &t->home, sizeof(t->home)) && got->pc == t->pc && !got->mock.nbytes &&
	       got->mock.fs == t->mock.fs && !memcmp(&got->csr_page, &t->csr_page, sizeof(t->csr_page));
}

static void check_one(const struct test *t)
{
	struct outcome got, want;
	bool holds;

	run_eval(t, &want);
	run_interp(t, &got);
	holds = got.step == want.step && got.pc == want.pc && !memcmp(&got.home, &want.home, sizeof(got.home)) &&
		!memcmp(&got.csr_page, &want.csr_page, sizeof(got.csr_page)) && same_mock(&got.mock, &want.mock) &&
		(got.step != STEP_TRAP || (got.cause == want.cause && got.tval == want.tval));
	CHECK(holds,
	      "%s 0x%08" PRIx32 ": step %u/%u pc %" PRIx64 "/%" PRIx64 " cause %" PRIu64 "/%" PRIu64 " rs 0x%" PRIx64
	      " 0x%" PRIx64 " (interpreter/evaluator)",
	      t->desc->name, t->in.word, got.step, want.step, got.pc, want.pc, got.cause, want.cause,
	      t->home.x[t->in.f[1] & 31], t->home.x[t->in.f[2] & 31]);
	if (got.step == STEP_TRAP)
		CHECK(nothing_happened(t, &got), "%s 0x%08" PRIx32 ": trapped, and something happened", t->desc->name,
		      t->in.word);
}

/* ---- operands ---- */

static uint64_t random_value(uint64_t *seed)
{
	uint64_t r = random_next(seed);

	if (r >> 62)
		return random_next(seed) >> (r & 63);
	return edges[(r & 0xffff) % NR_EDGES] + (r >> 32 & 1 ? 0 : (r >> 33 & 7) - 4);
}

/* Doubles around the edges of the format, and singles, most of them boxed. */
static uint64_t random_float(uint64_t *seed)
{
	static const uint16_t exponents[] = { 0, 1, 2, 0x3fe, 0x3ff, 0x400, 0x43d, 0x43e, 0x7fd, 0x7fe, 0x7ff };
	uint64_t r = random_next(seed), frac = random_next(seed) >> 12;

	if (r >> 60 & 1)
		return random_value(seed);
	if (r >> 61 & 1)
		frac = r >> 59 & 1 ? (uint64_t)-1 >> (12 + (r & 31)) : 1ULL << (r & 63) >> 12;
	if (r >> 62)
		return (r >> 62 == 1 ? 0 : 0xffffffffULL << 32) | (r & 1) << 31 | ((r >> 8) % 256) << 23 | frac >> 29;
	return (r & 1) << 63 | (uint64_t)exponents[(r >> 8 & 0xffff) % 11] << 52 | frac;
}

static int64_t field_value(const struct field *field, uint64_t *seed)
{
	uint64_t r = random_next(seed);
	static const uint16_t page_numbers[] = { 0x100, 0x100, 0x105, 0x140, 0x141, 0x142, 0x143, 0xc01 };
	static const uint8_t regs[] = { 0, 1, 5, 5, 10, 10, 31 };

	if (!strcmp(field->name, "csr") && (r & 3))
		return page_numbers[(r >> 8) % (sizeof(page_numbers) / sizeof(page_numbers[0]))];
	if (field->kind == FIELD_REG && (r & 3))
		return regs[(r >> 8) % sizeof(regs)];
	switch (r >> 4 & 7) {
	case 0: return 0;
	case 1: return -1;
	case 2: return 1;
	default: return (int64_t)(r >> 8);
	}
}

/* False: with these values the word is another instruction, or reserved. */
static bool encode(struct test *t)
{
	uint32_t word = t->desc->match;
	unsigned int i;

	for (i = 0; i < t->desc->nfields; i++)
		word |= field_insert(&t->desc->field[i], field_value(&t->desc->field[i], &t->seed));
	memset(&t->in, 0, sizeof(t->in));
	decode_insn(word, &t->in);
	return !strcmp(op_name[t->in.op], t->desc->name);
}

/* Mostly S-mode, and values near those of the source register: what the descriptions look at. */
static void randomise_page(struct test *t, uint64_t r)
{
	static const u8 modes[] = { 0, 1, 1, 1, 1, 1, 1, 3 };
	u64 *page = (u64 *)&t->csr_page;
	unsigned int i;

	t->priv = modes[r >> 20 & 7];
	for (i = 0; i < PAGE_STATES; i++)
		page[i] = random_value(&t->seed);
	if (r >> 24 & 1)
		t->csr_page.pending = 0;
	if (r >> 25 & 1)
		t->csr_page.sstatus = t->home.x[t->in.f[2] & 31] ^ (random_next(&t->seed) & 0x122);
}

/* Time is there for some modes only. */
static void randomise_time(struct test *t)
{
	uint64_t r = random_next(&t->seed);

	t->mock.time_mult = r & 1 ? random_value(&t->seed) : 0;
	t->mock.time_mult_s = r & 2 ? random_value(&t->seed) : 0;
	t->mock.time_mult_u = r & 4 ? random_value(&t->seed) : 0;
	t->mock.time_offset = random_value(&t->seed);
}

/* x[0] too: neither reading nor writing x0 may touch the slot. */
static void randomise(struct test *t)
{
	uint64_t r = random_next(&t->seed);
	unsigned int i;

	for (i = 0; i < 32; i++) {
		t->home.x[i] = random_value(&t->seed);
		t->home.f[i] = random_float(&t->seed);
	}
	t->home.frm = r >> 24 & 7;
	t->home.fflags = r >> 27 & 31;
	t->pc = random_value(&t->seed) & ~1ULL;
	t->home.resv = r & 1 ? 0 : (t->home.x[t->in.f[2] & 31] & ~7ULL) | (r & 2 ? 1 : 2);
	t->home.resv_value = random_value(&t->seed);
	randomise_page(t, r);
	t->mock = (struct mock){ .seed = r, .fault_at = MOCK_NEVER, .trap_at = MOCK_NEVER };
	randomise_time(t);
	t->mock.fs = r >> 32 & 7 ? r >> 35 & 3 : 3;
	t->mock.effect_end = r >> 8 & 7 ? STEP_NEXT : STEP_SWITCH;
	t->in.len_bytes = r >> 16 & 1 ? 2 : 4; /* as if it came from a compressed form */
}

/* Store-conditional succeeds only if memory holds what LR found. */
static void help_atomic(struct test *t)
{
	uint64_t base = t->home.x[t->in.f[2] & 31];
	struct mock probe = t->mock;
	u64 value = 0;

	if (random_next(&t->seed) & 1 && strncmp(t->desc->name, "sc.", 3) == 0) {
		mock_load(&probe, base, 8, &value);
		t->home.resv_value = value;
	}
	if (random_next(&t->seed) & 3 && t->in.f[2])
		t->home.x[t->in.f[2] & 31] &= ~7ULL;
}

static void check_random(struct test *t)
{
	if (!encode(t))
		return;
	randomise(t);
	help_atomic(t);
	check_one(t);
	t->mock.fault_at = 0;
	check_one(t);
	t->mock.fault_at = MOCK_NEVER;
	for (t->mock.trap_at = 0; t->mock.trap_at < 2; t->mock.trap_at++)
		check_one(t);
}

/* All pairs of edges in the second and third operand, which hold the sources of every two-source instruction. */
static void check_edges(struct test *t)
{
	unsigned int i, j;

	for (i = 0; i < NR_EDGES; i++) {
		for (j = 0; j < NR_EDGES; j++) {
			unsigned int tries = 100;

			while (tries && !encode(t))
				tries--;
			randomise(t);
			t->home.x[t->in.f[0] & 31] = edges[i];
			t->home.x[t->in.f[2] & 31] = edges[j];
			t->home.x[t->in.f[1] & 31] = edges[i];
			check_one(t);
		}
	}
}

static void check_illegal(void)
{
	static const uint32_t words[] = { 0, 0xffffffff, 0x0000707b, 0x8000 };
	unsigned int i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct guest_home home = { .x = { 0 } };
		struct guest g = { .ops = &mock_ops, .home = &home, .pc = 0x1234 };
		struct insn in;

		decode_insn(words[i], &in);
		CHECK_EQ(interp_insn(&g, &in), STEP_TRAP, "illegal word");
		CHECK_EQ(g.trap_cause, CAUSE_ILLEGAL, "cause of an illegal word");
		CHECK_EQ(g.trap_tval, words[i], "tval of an illegal word");
		CHECK_EQ(g.pc, 0x1234, "pc of an illegal word");
	}
}

int main(int argc, char **argv)
{
	struct diag diag = { stderr, 0 };
	struct test t = { 0 };
	unsigned long n, count;
	struct isa *isa;
	unsigned int i;

	if (argc < 4) {
		fprintf(stderr, "usage: test_interp COUNT SEED FILE.isa...\n");
		return 2;
	}
	isa = isa_load((const char *const *)argv + 3, argc - 3, &diag);
	if (!isa)
		return 2;
	count = strtoul(argv[1], NULL, 0);
	t.seed = strtoull(argv[2], NULL, 0) | 1;
	t.isa = isa;
	printf("seed %" PRIu64 "\n", t.seed);
	for (i = 0; i < isa->ninsns; i++) {
		t.desc = isa->insn[i];
		if (t.desc->expand)
			continue;
		check_edges(&t);
		for (n = 0; n < count; n++)
			check_random(&t);
	}
	check_illegal();
	isa_free(isa);
	return tally_end("interp");
}
