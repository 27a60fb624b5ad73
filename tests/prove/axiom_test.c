// SPDX-License-Identifier: GPL-2.0-only
/* axiom_test.c: the prover's axioms at full width on edge and random operands, in plain C arithmetic.
 *
 * usage: axiom_test OPERANDS; 10^8 take about a minute. Each axiom of rules/prove/axiom.c has one line in axioms[],
 * written anew here: a test that shared the code would share the mistake. The host's divides are those of this CPU. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef unsigned __int128 u128;
typedef __int128 s128;

/* ---- guest primitives, from the text of the manual's M chapter ---- */

static uint64_t mulhu(uint64_t a, uint64_t b)
{
	return (uint64_t)((u128)a * b >> 64);
}

static uint64_t mulh(uint64_t a, uint64_t b)
{
	return (uint64_t)((s128)(int64_t)a * (int64_t)b >> 64);
}

static uint64_t mulhsu(uint64_t a, uint64_t b)
{
	return (uint64_t)((s128)(int64_t)a * (s128)(u128)b >> 64);
}

/* Quotient rounded to zero; -2^63 / -1 wraps. Not asked for b == 0. */
static uint64_t div_s(uint64_t a, uint64_t b)
{
	return b == UINT64_MAX ? -a : (uint64_t)((int64_t)a / (int64_t)b);
}

static uint64_t rem_s(uint64_t a, uint64_t b)
{
	return b == UINT64_MAX ? 0 : (uint64_t)((int64_t)a % (int64_t)b);
}

/* ---- host primitives: the CPU's own instructions, with a dividend of one width ---- */

static uint64_t cpu_div(uint64_t hi, uint64_t lo, uint64_t d, uint64_t *rem)
{
	__asm__("divq %2" : "+a"(lo), "+d"(hi) : "r"(d) : "cc");
	*rem = hi;
	return lo;
}

static uint64_t cpu_idiv(uint64_t hi, uint64_t lo, uint64_t d, uint64_t *rem)
{
	__asm__("idivq %2" : "+a"(lo), "+d"(hi) : "r"(d) : "cc");
	*rem = hi;
	return lo;
}

static uint32_t cpu_div32(uint32_t hi, uint32_t lo, uint32_t d, uint32_t *rem)
{
	__asm__("divl %2" : "+a"(lo), "+d"(hi) : "r"(d) : "cc");
	*rem = hi;
	return lo;
}

static uint32_t cpu_idiv32(uint32_t hi, uint32_t lo, uint32_t d, uint32_t *rem)
{
	__asm__("idivl %2" : "+a"(lo), "+d"(hi) : "r"(d) : "cc");
	*rem = hi;
	return lo;
}

/* ---- one function for each axiom or pair of axioms ---- */

static bool unsigned_one_width(uint64_t a, uint64_t b)
{
	uint64_t r, q;

	if (!b)
		return true;
	q = cpu_div(0, a, b, &r);
	return q == a / b && r == a % b;
}

static bool signed_one_width(uint64_t a, uint64_t b)
{
	uint64_t r, q;

	if (!b || (a == 1ULL << 63 && b == UINT64_MAX))
		return true;
	q = cpu_idiv((uint64_t)((int64_t)a >> 63), a, b, &r);
	return q == div_s(a, b) && r == rem_s(a, b);
}

static bool unsigned_one_width_32(uint64_t a64, uint64_t b64)
{
	uint32_t a = (uint32_t)a64, b = (uint32_t)b64, r, q;

	if (!b)
		return true;
	q = cpu_div32(0, a, b, &r);
	return q == a / b && r == a % b;
}

static bool signed_one_width_32(uint64_t a64, uint64_t b64)
{
	uint32_t a = (uint32_t)a64, b = (uint32_t)b64, r, q;

	if (!b || (a == 1U << 31 && b == UINT32_MAX))
		return true;
	q = cpu_idiv32((uint32_t)((int32_t)a >> 31), a, b, &r);
	return q == (uint32_t)((int32_t)a / (int32_t)b) && r == (uint32_t)((int32_t)a % (int32_t)b);
}

static bool by_minus_one(uint64_t a, uint64_t b)
{
	(void)b;
	return div_s(a, UINT64_MAX) == 0 - a && rem_s(a, UINT64_MAX) == 0;
}

static bool of_zero(uint64_t a, uint64_t b)
{
	(void)a;
	return !b || (div_s(0, b) == 0 && rem_s(0, b) == 0 && 0 / b == 0 && 0 % b == 0);
}

static bool product_of_zero(uint64_t a, uint64_t b)
{
	return !mulhu(a, 0) && !mulhu(0, b) && !mulh(a, 0) && !mulh(0, b);
}

static bool product_commutes(uint64_t a, uint64_t b)
{
	return mulhu(a, b) == mulhu(b, a) && mulh(a, b) == mulh(b, a);
}

static bool mulhsu_from_mulhu(uint64_t a, uint64_t b)
{
	return mulhsu(a, b) == mulhu(a, b) - (a >> 63 ? b : 0);
}

static const struct {
	const char *name;
	bool (*holds)(uint64_t a, uint64_t b);
} axioms[] = {
	{ "udivq_one_width uremq_one_width", unsigned_one_width },
	{ "idivq_one_width iremq_one_width idivq_ok_one_width", signed_one_width },
	{ "udivq_one_width uremq_one_width, 32 bits", unsigned_one_width_32 },
	{ "idivq_one_width iremq_one_width idivq_ok_one_width, 32 bits", signed_one_width_32 },
	{ "div_by_minus_one rem_by_minus_one", by_minus_one },
	{ "div_of_zero divu_of_zero rem_of_zero remu_of_zero", of_zero },
	{ "mulhu_of_zero mulh_of_zero", product_of_zero },
	{ "mulhu_commutes mulh_commutes", product_commutes },
	{ "mulhsu_from_mulhu", mulhsu_from_mulhu },
};
enum { NAXIOMS = sizeof(axioms) / sizeof(axioms[0]) };

/* ---- operands ---- */

static uint64_t seed = 0x9e3779b97f4a7c15;

static uint64_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Edges around 0 and every power of two, numbers of random length, and plain random ones. */
static uint64_t operand(void)
{
	uint64_t r = next_random(), bit = 1ULL << (r >> 8 & 63);

	switch (r & 3) {
	case 0: return bit + (r >> 16 & 7) - 4;
	case 1: return 0 - bit + (r >> 16 & 7) - 4;
	case 2: return next_random() >> (r >> 8 & 63);
	default: return next_random();
	}
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 0) : 1000000, failed[NAXIOMS] = { 0 };
	unsigned int passed = 0;

	for (unsigned long i = 0; i < count; i++) {
		uint64_t a = operand(), b = operand();

		for (unsigned int k = 0; k < NAXIOMS; k++)
			if (!axioms[k].holds(a, b) && !failed[k]++)
				printf("%s: wrong for 0x%" PRIx64 ", 0x%" PRIx64 "\n", axioms[k].name, a, b);
	}
	for (unsigned int k = 0; k < NAXIOMS; k++)
		passed += !failed[k];
	printf("check-axioms: %u passed, %u failed, 0 skipped\n", passed, NAXIOMS - passed);
	return passed == NAXIOMS ? 0 : 1;
}
