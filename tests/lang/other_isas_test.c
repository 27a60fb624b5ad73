// SPDX-License-Identifier: GPL-2.0-only
/* other_isas_test.c: descriptions of instructions that come later: condition flags, floating point, vectors. */
#include "harness.h"

#include <fenv.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct isa *load_file(const char *path)
{
	struct diag diag = { stdout, 0 };
	struct isa *isa = isa_load(&path, 1, &diag);

	if (!check(isa, "%s must load", path))
		exit(1);
	return isa;
}

static enum eval_end run(struct eval *e, uint32_t word)
{
	const struct insn_desc *desc = eval_decode(e->isa, word);

	if (!desc) {
		check(false, "0x%08x must be an instruction of %s", word, e->isa->name);
		return EVAL_TRAP;
	}
	for (unsigned int i = 0; i < desc->nfields; i++)
		e->field[i] = field_extract(&desc->field[i], word);
	return eval_insn(e, desc);
}

static uint64_t state(const struct eval *e, const char *name)
{
	return e->state[isa_find_state(e->isa, name)];
}

/* ---- AArch64; words from the GNU assembler ---- */

static const struct {
	uint64_t a, b, sum;
	const char *flags;
} adds_table[] = {
	{ 1, 2, 3, "0000" },
	{ 0, 0, 0, "0100" },
	{ UINT64_MAX, 1, 0, "0110" },
	{ INT64_MAX, 1, 1ULL << 63, "1001" },
	{ 1ULL << 63, 1ULL << 63, 0, "0111" },
	{ UINT64_MAX, UINT64_MAX, UINT64_MAX - 1, "1010" },
};

/* csel x0, x1, x2, cond for each cond under each setting of the flags, as section C1.2.4 lists them */
static bool holds(unsigned int cond, bool n, bool z, bool c, bool v)
{
	const bool table[] = { z,    !z,      c,	  !c,	  n,	  !n,		v,
			       !v,   c && !z, !(c && !z), n == v, n != v, n == v && !z, !(n == v && !z),
			       true, true };

	return table[cond];
}

static void set_flags(struct eval *e, unsigned int nzcv)
{
	static const char *const name[] = { "v", "c", "z", "n" };

	for (unsigned int i = 0; i < 4; i++)
		e->state[isa_find_state(e->isa, name[i])] = nzcv >> i & 1;
}

static void test_conditions(struct eval *e)
{
	bool ok = true;

	e->reg[0][1] = 11;
	e->reg[0][2] = 22;
	for (unsigned int i = 0; i < 256; i++) {
		unsigned int cond = i & 15, nzcv = i >> 4;
		bool expected = holds(cond, nzcv & 8, nzcv & 4, nzcv & 2, nzcv & 1);

		set_flags(e, nzcv);
		ok &= run(e, 0x9a820020 | cond << 12) == EVAL_NEXT && e->reg[0][0] == (expected ? 11 : 22);
		ok &= run(e, 0x54ffffc0 | cond) == EVAL_NEXT && e->has_next_pc == expected;
		ok &= !expected || e->next_pc == 0x1000 - 8;
	}
	check(ok, "csel and b.cond under all flags");
}

static void test_aarch64(void)
{
	struct isa *isa = load_file("tests/rulec/ok_aarch64.isa");
	bv_t x[32] = { 0 };
	struct eval e = { .isa = isa, .reg = { x } };
	char flags[5];

	e.state[isa->pc_state] = 0x1000;
	for (unsigned int i = 0; i < sizeof(adds_table) / sizeof(adds_table[0]); i++) {
		x[1] = adds_table[i].a;
		x[2] = adds_table[i].b;
		run(&e, 0xab020020); /* adds x0, x1, x2 */
		snprintf(flags, sizeof(flags), "%d%d%d%d", (int)state(&e, "n"), (int)state(&e, "z"),
			 (int)state(&e, "c"), (int)state(&e, "v"));
		check(x[0] == adds_table[i].sum && !strcmp(flags, adds_table[i].flags), "adds row %u: flags %s", i,
		      flags);
	}
	x[1] = 0x10;
	x[2] = 3;
	run(&e, 0xab021420); /* adds x0, x1, x2, lsl #5 */
	check(x[0] == 0x70, "adds with a shifted register");
	run(&e, 0xeb1f003f); /* cmp x1, xzr */
	check(!state(&e, "z") && state(&e, "c") && !x[31], "subs to and from xzr");
	check(!eval_decode(isa, 0xabc20020), "shift kind 3 is reserved");
	test_conditions(&e);
	isa_free(isa);
}

/* ---- F, D, V ---- */

static int fp_add(void *ctx, const struct callee *callee, const bv_t *arg, const unsigned int *arg_width, bv_t *result)
{
	uint64_t bits_a = arg[2], bits_b = arg[3], bits_sum;
	volatile double a, b, sum;

	(void)ctx;
	(void)callee;
	(void)arg_width;
	if (arg[0] != 1 || arg[1] != 0) /* double, to nearest even */
		return 1;
	memcpy((void *)&a, &bits_a, 8);
	memcpy((void *)&b, &bits_b, 8);
	feclearexcept(FE_ALL_EXCEPT);
	sum = a + b;
	memcpy(&bits_sum, (void *)&sum, 8);
	result[0] = bits_sum;
	result[1] = (fetestexcept(FE_INEXACT) ? 1 : 0) | (fetestexcept(FE_OVERFLOW) ? 4 : 0);
	return 0;
}

static void set_state(struct eval *e, const char *name, uint64_t value)
{
	e->state[isa_find_state(e->isa, name)] = value;
}

static void test_fadd(struct eval *e, bv_t *f)
{
	f[2] = 0x3ff0000000000000; /* 1.0 */
	f[3] = 0x4000000000000000; /* 2.0 */
	check(run(e, 0x023170d3) == EVAL_TRAP && e->trap_cause == 2, "fadd.d while FS is off");
	set_state(e, "fs", 1);
	check(run(e, 0x023170d3) == EVAL_NEXT && f[1] == 0x4008000000000000 && !state(e, "fflags") &&
		      state(e, "fs") == 3,
	      "fadd.d f1, f2, f3");
	f[3] = 0x3c00000000000000; /* far below one unit in the last place of 1.0 */
	run(e, 0x023170d3);
	check(f[1] == 0x3ff0000000000000 && state(e, "fflags") == 1, "an inexact sum sets NX");
	f[3] = 0x4000000000000000;
	run(e, 0x023170d3);
	check(state(e, "fflags") == 1, "flags stay");
	set_state(e, "frm", 5);
	check(run(e, 0x023170d3) == EVAL_TRAP, "a reserved dynamic rounding mode traps");
	check(!eval_decode(e->isa, 0x023150d3), "a reserved static rounding mode is illegal");
}

static void test_float(void)
{
	struct isa *isa = load_file("tests/rulec/ok_float.isa");
	bv_t x[32] = { 0 }, f[32] = { 0 }, v[32] = { 0 };
	struct eval e = { .isa = isa, .reg = { x, f, v }, .callee = fp_add };

	test_fadd(&e, f);
	set_state(&e, "vsew", 3);
	v[2] = (bv_t)5 << 64 | UINT64_MAX;
	v[3] = (bv_t)7 << 64 | 1;
	check(run(&e, 0x022180d7) == EVAL_NEXT && v[1] == (bv_t)12 << 64, "vadd.vv adds two elements of 64 bits");
	isa_free(isa);
}

void test_other_isas(void)
{
	test_aarch64();
	test_float();
}
