// SPDX-License-Identifier: GPL-2.0-only
/* axiom_test.c: the prover's axioms at full width on edge and random operands, in plain C arithmetic.
 *
 * usage: axiom_test OPERANDS; 10^8 take about a minute. Each axiom of rules/prove/axiom.c has one line in axioms[],
 * written anew here: a test that shared the code would share the mistake. The host's divides are those of this CPU. */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fp.h"

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

/* ---- IEEE 754: the guest's primitives against this CPU's comparisons, and against each other ---- */

enum { NV = 16 };

static double as_double(uint64_t a)
{
	double d;

	memcpy(&d, &a, sizeof(d));
	return d;
}

static float as_float(uint64_t a)
{
	float f;

	memcpy(&f, &a, sizeof(f));
	return f;
}

static bool is_signalling_64(uint64_t a)
{
	return as_double(a) != as_double(a) && !(a >> 51 & 1);
}

static bool is_signalling_32(uint64_t a)
{
	return as_float(a) != as_float(a) && !(a >> 22 & 1);
}

/* Value and flags of prim(a, b), as expected? */
#define GIVES(prim, value, invalid)                                                                                    \
	({                                                                                                             \
		uint64_t e_, v_ = prim(a, b, &e_);                                                                     \
		v_ == (uint64_t)(value) && e_ == ((invalid) ? NV : 0u);                                                \
	})

static bool compares_64(uint64_t a, uint64_t b)
{
	double x = as_double(a), y = as_double(b);
	bool s = is_signalling_64(a) || is_signalling_64(b), u = x != x || y != y;

	return GIVES(prim_fp_eq_64, x == y, s) && GIVES(prim_fp_lt_64, x < y, u) && GIVES(prim_fp_le_64, x <= y, u);
}

static bool compares_32(uint64_t a, uint64_t b)
{
	float x = as_float(a), y = as_float(b);
	bool s = is_signalling_32(a) || is_signalling_32(b), u = x != x || y != y;

	return GIVES(prim_fp_eq_32, x == y, s) && GIVES(prim_fp_lt_32, x < y, u) && GIVES(prim_fp_le_32, x <= y, u);
}

/* Of numbers that compare equal the bits order zeros: -0 has the greater ones. */
static bool least_64(uint64_t a, uint64_t b)
{
	double x = as_double(a), y = as_double(b);
	bool s = is_signalling_64(a) || is_signalling_64(b);
	uint64_t low = x < y || (x == y && a > b) ? a : b, high = low == a ? b : a;

	if (x != x || y != y)
		low = high = x == x ? a : y == y ? b : 0x7ff8000000000000;
	return GIVES(prim_fp_min_64, low, s) && GIVES(prim_fp_max_64, high, s);
}

static bool least_32(uint64_t a, uint64_t b)
{
	float x = as_float(a), y = as_float(b);
	bool s = is_signalling_32(a) || is_signalling_32(b);
	uint64_t low = x < y || (x == y && a > b) ? a : b, high = low == a ? b : a;

	if (x != x || y != y)
		low = high = x == x ? a : y == y ? b : 0x7fc00000;
	return GIVES(prim_fp_min_32, low, s) && GIVES(prim_fp_max_32, high, s);
}

/* v must be the canonical NaN if it is a NaN, or if an operand is. */
static bool nan_fits_64(uint64_t v, bool has_nan)
{
	return v == 0x7ff8000000000000 || (!has_nan && as_double(v) == as_double(v));
}

static bool nan_fits_32(uint64_t v, bool has_nan)
{
	return v == 0x7fc00000 || (!has_nan && as_float(v) == as_float(v));
}

static bool nan_results_64(uint64_t a, uint64_t b)
{
	bool x = as_double(a) != as_double(a), y = as_double(b) != as_double(b);
	uint64_t e, rm = (a ^ b) % 5;

	return nan_fits_64(prim_fp_add_64(a, b, rm, &e), x || y) && nan_fits_64(prim_fp_sub_64(a, b, rm, &e), x || y) &&
	       nan_fits_64(prim_fp_mul_64(a, b, rm, &e), x || y) && nan_fits_64(prim_fp_div_64(a, b, rm, &e), x || y) &&
	       nan_fits_64(prim_fp_sqrt_64(a, rm, &e), x) && nan_fits_64(prim_fp_fma_64(a, b, ~a, rm, &e), x || y) &&
	       nan_fits_64(prim_fp_fma_64(~a, b, a, rm, &e), x || y) && nan_fits_32(prim_fp_s_from_d(a, rm, &e), x);
}

static bool nan_results_32(uint64_t a, uint64_t b)
{
	bool x = as_float(a) != as_float(a), y = as_float(b) != as_float(b);
	uint64_t e, rm = (a ^ b) % 5;

	return nan_fits_32(prim_fp_add_32(a, b, rm, &e), x || y) && nan_fits_32(prim_fp_sub_32(a, b, rm, &e), x || y) &&
	       nan_fits_32(prim_fp_mul_32(a, b, rm, &e), x || y) && nan_fits_32(prim_fp_div_32(a, b, rm, &e), x || y) &&
	       nan_fits_32(prim_fp_sqrt_32(a, rm, &e), x) && nan_fits_32(prim_fp_fma_32(a, b, b, rm, &e), x || y) &&
	       nan_fits_32(prim_fp_fma_32(b, b, a, rm, &e), x || y) && nan_fits_64(prim_fp_d_from_s(a, &e), x);
}

/* NV: the limit on its side, of NaN the upper one; the lower limit comes of negative numbers alone. */
static bool limit_fits(uint64_t v, uint64_t e, uint64_t least, bool is_below_0)
{
	return (!(e & NV) || v == (is_below_0 ? least : least - 1)) && (v != least || is_below_0);
}

static bool to_integers(uint64_t a, uint64_t b)
{
	uint64_t e, v, rm = b % 5, f = (uint32_t)a;
	bool below_64 = as_double(a) < 0, below_32 = as_float(f) < 0;
	bool holds;

	v = prim_fp_to_w_64(a, rm, &e);
	holds = limit_fits(v, e, 1ULL << 31, below_64);
	v = prim_fp_to_l_64(a, rm, &e);
	holds = holds && limit_fits(v, e, 1ULL << 63, below_64);
	v = prim_fp_to_w_32(f, rm, &e);
	holds = holds && limit_fits(v, e, 1ULL << 31, below_32);
	v = prim_fp_to_l_32(f, rm, &e);
	return holds && limit_fits(v, e, 1ULL << 63, below_32);
}

/* Operands of a random exponent are seldom near the limits: the upper bits are drawn again from those around them. */
static uint64_t near_limits(uint64_t a, uint64_t b, unsigned int frac, uint64_t bias)
{
	static const unsigned int powers[] = { 0, 31, 32, 33, 62, 63, 64 };
	uint64_t exponent = bias + powers[(b >> 8) % (sizeof(powers) / sizeof(powers[0]))] - (b >> 16 & 1);
	uint64_t fraction = a & ((1ULL << frac) - 1);

	if (b >> 17 & 1)
		fraction = b >> 18 & 1 ? fraction | ~0ULL << (b >> 20) % frac : fraction >> (b >> 20) % frac;
	return exponent << frac | (fraction & ((1ULL << frac) - 1));
}

static bool to_unsigned_64(uint64_t a, uint64_t b)
{
	uint64_t rm = b % 5, x = b & 32 ? near_limits(a, b, 52, 1023) : a, e, f, v, l;
	bool holds = true;

	l = prim_fp_to_l_64(x, rm, &f);
	v = prim_fp_to_wu_64(x, rm, &e);
	if (x <= 0x41efffffffe00000)
		holds = v == (uint32_t)l && e == f && !(f & NV);
	v = prim_fp_to_lu_64(x, rm, &e);
	if (x < 0x43e0000000000000)
		holds = holds && v == l && e == f && !(f & NV);
	else if (x < 0x43f0000000000000)
		holds = holds && v == (x << 11 | 1ULL << 63) && !e;
	return holds;
}

static bool to_unsigned_32(uint64_t a, uint64_t b)
{
	uint64_t rm = b % 5, x = b & 32 ? near_limits(a, b, 23, 127) : (uint32_t)a, e, f, v, l;
	bool holds = true;

	l = prim_fp_to_l_32(x, rm, &f);
	v = prim_fp_to_wu_32(x, rm, &e);
	if (x <= 0x4f7fffff)
		holds = v == (uint32_t)l && e == f && !(f & NV);
	v = prim_fp_to_lu_32(x, rm, &e);
	if (x < 0x5f000000)
		holds = holds && v == l && e == f && !(f & NV);
	else if (x < 0x5f800000)
		holds = holds && v == (x << 40 | 1ULL << 63) && !e;
	return holds;
}

/* By the C library's own classes. */
static uint64_t class_of(int class, bool is_negative, bool is_signalling)
{
	switch (class) {
	case FP_NAN: return is_signalling ? 1 << 8 : 1 << 9;
	case FP_INFINITE: return is_negative ? 1 << 0 : 1 << 7;
	case FP_NORMAL: return is_negative ? 1 << 1 : 1 << 6;
	case FP_SUBNORMAL: return is_negative ? 1 << 2 : 1 << 5;
	default: return is_negative ? 1 << 3 : 1 << 4;
	}
}

static bool classes(uint64_t a, uint64_t b)
{
	uint64_t f = (uint32_t)a;

	(void)b;
	return prim_fp_class_64(a) == class_of(fpclassify(as_double(a)), a >> 63, is_signalling_64(a)) &&
	       prim_fp_class_32(f) == class_of(fpclassify(as_float(f)), f >> 31, is_signalling_32(f));
}

static bool from_integers(uint64_t a, uint64_t b)
{
	uint64_t e, f, rm = b % 5, word = (uint64_t)((int64_t)(a << 31) >> 31), u = a >> 1;
	bool holds = prim_fp_d_from_l(word, rm, &e) == prim_fp_d_from_l(word, 0, &f) && !e && !f;

	holds = holds && prim_fp_d_from_l(u, rm, &e) == prim_fp_d_from_lu(u, rm, &f) && e == f;
	return holds && prim_fp_s_from_l(u, rm, &e) == prim_fp_s_from_lu(u, rm, &f) && e == f;
}

static const struct {
	const char *name;
	bool (*holds)(uint64_t a, uint64_t b);
	bool is_short; /* gets the lower halves */
} axioms[] = {
	{ "udivq_one_width uremq_one_width", unsigned_one_width, false },
	{ "idivq_one_width iremq_one_width idivq_ok_one_width", signed_one_width, false },
	{ "udivq_one_width uremq_one_width, 32 bits", unsigned_one_width_32, false },
	{ "idivq_one_width iremq_one_width idivq_ok_one_width, 32 bits", signed_one_width_32, false },
	{ "div_by_minus_one rem_by_minus_one", by_minus_one, false },
	{ "div_of_zero divu_of_zero rem_of_zero remu_of_zero", of_zero, false },
	{ "mulhu_of_zero mulh_of_zero", product_of_zero, false },
	{ "mulhu_commutes mulh_commutes", product_commutes, false },
	{ "mulhsu_from_mulhu", mulhsu_from_mulhu, false },
	{ "fp_eq fp_lt fp_le", compares_64, false },
	{ "fp_eq fp_lt fp_le, 32 bits", compares_32, true },
	{ "fp_min fp_max", least_64, false },
	{ "fp_min fp_max, 32 bits", least_32, true },
	{ "NaN results", nan_results_64, false },
	{ "NaN results, 32 bits", nan_results_32, true },
	{ "fp_to_w fp_to_l", to_integers, false },
	{ "fp_to_wu fp_to_lu", to_unsigned_64, false },
	{ "fp_to_wu fp_to_lu, 32 bits", to_unsigned_32, true },
	{ "fp_class", classes, false },
	{ "fp_d_from_l fp_d_from_lu fp_s_from_lu", from_integers, false },
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

/* Zeros, infinities, NaNs, and numbers near each other, of either format in the lower half. */
static uint64_t fp_operand(uint64_t r)
{
	static const uint64_t special[] = { 0,
					    1ULL << 63,
					    0x7ff0000000000000,
					    0x7ff8000000000000,
					    0x80000000,
					    0x7f800000,
					    0x7fc00000,
					    0x3ff0000000000000,
					    0x3f8000003f800000,
					    0x7ff000007f800001,
					    0xfff00000ffc00000,
					    0x4330000000000000 };
	uint64_t value = special[(r >> 8) % (sizeof(special) / sizeof(special[0]))];

	return value ^ (r >> 16 & 1) << 63 ^ (r >> 17 & 1) << 31 ^ (r >> 18 & 3) ^ (r >> 20 & 1) << 51 ^
	       (r >> 21 & 1) << 22;
}

/* Edges around 0 and every power of two, numbers of random length, and plain random ones. */
static uint64_t operand(void)
{
	uint64_t r = next_random(), bit = 1ULL << (r >> 8 & 63);

	if (!(r >> 62))
		return fp_operand(r);
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
			if (!axioms[k].holds(axioms[k].is_short ? (uint32_t)a : a,
					     axioms[k].is_short ? (uint32_t)b : b) &&
			    !failed[k]++)
				printf("%s: wrong for 0x%" PRIx64 ", 0x%" PRIx64 "\n", axioms[k].name, a, b);
	}
	for (unsigned int k = 0; k < NAXIOMS; k++)
		passed += !failed[k];
	printf("check-axioms: %u passed, %u failed, 0 skipped\n", passed, NAXIOMS - passed);
	return passed == NAXIOMS ? 0 : 1;
}
