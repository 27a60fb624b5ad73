/* SPDX-License-Identifier: GPL-2.0-only */
/* fp_arith.c: add, subtract, multiply, fused multiply-add, divide, square root.
 *
 * The first four are one operation: a + b = a * 1 + b, a * b = a * b + 0 with a zero of the product's sign, which
 * changes nothing, not even the sign of a zero product. Source: IEEE 754-2008 sections 5.4.1, 6.1 to 6.3 and 7.2;
 * unpriv f-st-ext. Next file: fp_cvt.c. */
#include "fp_parts.h"

static u64 invalid(const struct fp_format *f, u64 *flags)
{
	*flags |= FP_NV;
	return fp_nan(f);
}

/* ---- a * b + c ---- */

/* Both with bit 126 set, so that a carry has room and what a shift by one cuts off is known to be 0. */
static struct fp_exact widen(const struct fp_num *n)
{
	return (struct fp_exact){ n->is_negative, n->exp - 63, (wide_t)n->sig << 63 };
}

/* Bits 126..: the product of two significands has at most 106 bits, at the upper end. */
static struct fp_exact multiply(const struct fp_num *a, const struct fp_num *b)
{
	struct fp_exact p = { a->is_negative ^ b->is_negative, a->exp + b->exp, (wide_t)a->sig * b->sig };

	if (p.sig >> 127) {
		p.sig >>= 1;
		p.exp++;
	}
	return p;
}

/* The sum; its sig is 0 only if both cancel. Where bits fall out (a shift by more than one) at most one leading bit
 * cancels, so sticky stays far below the last bit. */
static struct fp_exact add(struct fp_exact a, struct fp_exact b)
{
	if (a.exp < b.exp || (a.exp == b.exp && a.sig < b.sig)) {
		struct fp_exact larger = b;

		b = a;
		a = larger;
	}
	b.sig = fp_shift_sticky(b.sig, (u32)(a.exp - b.exp));
	a.sig = a.is_negative == b.is_negative ? a.sig + b.sig : a.sig - b.sig;
	return a;
}

/* Infinities and NaNs. */
static u64 fma_special(const struct fp_format *f, const struct fp_num *a, const struct fp_num *b,
		       const struct fp_num *c, u64 *flags)
{
	bool is_negative = a->is_negative ^ b->is_negative, is_inf = a->kind == FP_INF || b->kind == FP_INF;

	if (a->kind == FP_SNAN || b->kind == FP_SNAN || c->kind == FP_SNAN)
		return invalid(f, flags);
	if (is_inf && (a->kind == FP_ZERO || b->kind == FP_ZERO))
		return invalid(f, flags); /* even if c is a quiet NaN: unpriv f-st-ext */
	if (fp_is_nan(a) || fp_is_nan(b) || fp_is_nan(c))
		return fp_nan(f);
	if (!is_inf)
		return fp_inf(f, c->is_negative);
	if (c->kind == FP_INF && c->is_negative != is_negative)
		return invalid(f, flags);
	return fp_inf(f, is_negative);
}

static u64 fma_finite(const struct fp_format *f, const struct fp_num *a, const struct fp_num *b, const struct fp_num *c,
		      u64 rm, u64 *flags)
{
	bool is_negative = a->is_negative ^ b->is_negative;
	struct fp_exact sum = { 0 };

	if (a->kind == FP_FINITE && b->kind == FP_FINITE) {
		sum = multiply(a, b);
		if (c->kind == FP_FINITE)
			sum = add(sum, widen(c));
	} else if (c->kind == FP_FINITE) {
		sum = widen(c);
	} else if (is_negative == c->is_negative) {
		return fp_zero(f, is_negative);
	}
	if (!sum.sig)
		return fp_zero(f, rm == FP_RDN);
	return fp_round(f, sum, rm, flags);
}

static u64 fma_num(const struct fp_format *f, const struct fp_num *a, const struct fp_num *b, const struct fp_num *c,
		   u64 rm, u64 *flags)
{
	*flags = 0;
	if (a->kind >= FP_INF || b->kind >= FP_INF || c->kind >= FP_INF)
		return fma_special(f, a, b, c, flags);
	return fma_finite(f, a, b, c, rm, flags);
}

static u64 multiply_add(const struct fp_format *f, u64 a, u64 b, u64 c, u64 rm, u64 *flags)
{
	struct fp_num na = fp_unpack(f, a), nb = fp_unpack(f, b), nc = fp_unpack(f, c);

	return fma_num(f, &na, &nb, &nc, rm, flags);
}

static u64 sum(const struct fp_format *f, u64 a, u64 b, u64 rm, u64 *flags)
{
	struct fp_num na = fp_unpack(f, a), nb = fp_unpack(f, b);
	struct fp_num one = { .kind = FP_FINITE, .exp = -63, .sig = 1ULL << 63 };

	return fma_num(f, &na, &one, &nb, rm, flags);
}

static u64 mul(const struct fp_format *f, u64 a, u64 b, u64 rm, u64 *flags)
{
	struct fp_num na = fp_unpack(f, a), nb = fp_unpack(f, b);
	struct fp_num zero = { .kind = FP_ZERO, .is_negative = na.is_negative ^ nb.is_negative };

	return fma_num(f, &na, &nb, &zero, rm, flags);
}

/* ---- a / b ---- */

enum { DIV_BITS = 62 }; /* of the quotient: more than any format's precision and two */

/* Bit by bit. Significands have at most 53 bits, at the upper end. */
static struct fp_exact divide(const struct fp_num *a, const struct fp_num *b)
{
	u64 rest = a->sig >> 11, by = b->sig >> 11, quotient = 0;
	u32 i;

	for (i = 0; i < DIV_BITS; i++) {
		quotient <<= 1;
		if (rest >= by) {
			rest -= by;
			quotient |= 1;
		}
		rest <<= 1;
	}
	return (struct fp_exact){ a->is_negative ^ b->is_negative, a->exp - b->exp - DIV_BITS,
				  (wide_t)quotient << 1 | (rest != 0) };
}

static u64 div(const struct fp_format *f, u64 bits_a, u64 bits_b, u64 rm, u64 *flags)
{
	struct fp_num a = fp_unpack(f, bits_a), b = fp_unpack(f, bits_b);
	bool is_negative = a.is_negative ^ b.is_negative;

	*flags = 0;
	if (a.kind == FP_SNAN || b.kind == FP_SNAN)
		return invalid(f, flags);
	if (fp_is_nan(&a) || fp_is_nan(&b))
		return fp_nan(f);
	if (a.kind == b.kind && a.kind != FP_FINITE)
		return invalid(f, flags); /* 0 / 0, inf / inf */
	if (a.kind == FP_INF)
		return fp_inf(f, is_negative);
	if (a.kind == FP_ZERO || b.kind == FP_INF)
		return fp_zero(f, is_negative);
	if (b.kind == FP_ZERO) {
		*flags = FP_DZ;
		return fp_inf(f, is_negative);
	}
	return fp_round(f, divide(&a, &b), rm, flags);
}

/* ---- square root ---- */

/* Two bits of the radicand give one of the root. */
static struct fp_exact root(const struct fp_num *a)
{
	u32 shift = 62 + (a->exp & 1); /* the exponent becomes even */
	wide_t rest = (wide_t)a->sig << shift, sig = 0, bit;

	for (bit = (wide_t)1 << 126; bit; bit >>= 2) {
		if (rest >= sig + bit) {
			rest -= sig + bit;
			sig = (sig >> 1) + bit;
		} else {
			sig >>= 1;
		}
	}
	return (struct fp_exact){ false, (a->exp - (s32)shift) / 2 - 1, sig << 1 | (rest != 0) };
}

static u64 square_root(const struct fp_format *f, u64 bits, u64 rm, u64 *flags)
{
	struct fp_num a = fp_unpack(f, bits);

	*flags = 0;
	if (a.kind == FP_ZERO)
		return bits;
	if (a.kind == FP_QNAN)
		return fp_nan(f);
	if (a.kind == FP_SNAN || a.is_negative)
		return invalid(f, flags);
	if (a.kind == FP_INF)
		return bits;
	return fp_round(f, root(&a), rm, flags);
}

/* ---- both formats ---- */

#define IN_FORMAT(width, format)                                                                                       \
	u64 prim_fp_add_##width(u64 a, u64 b, u64 rm, u64 *flags)                                                      \
	{                                                                                                              \
		return sum(&format, a, b, rm, flags);                                                                  \
	}                                                                                                              \
	u64 prim_fp_sub_##width(u64 a, u64 b, u64 rm, u64 *flags)                                                      \
	{                                                                                                              \
		return sum(&format, a, fp_negate(&format, b), rm, flags);                                              \
	}                                                                                                              \
	u64 prim_fp_mul_##width(u64 a, u64 b, u64 rm, u64 *flags)                                                      \
	{                                                                                                              \
		return mul(&format, a, b, rm, flags);                                                                  \
	}                                                                                                              \
	u64 prim_fp_div_##width(u64 a, u64 b, u64 rm, u64 *flags)                                                      \
	{                                                                                                              \
		return div(&format, a, b, rm, flags);                                                                  \
	}                                                                                                              \
	u64 prim_fp_sqrt_##width(u64 a, u64 rm, u64 *flags)                                                            \
	{                                                                                                              \
		return square_root(&format, a, rm, flags);                                                             \
	}                                                                                                              \
	u64 prim_fp_fma_##width(u64 a, u64 b, u64 c, u64 rm, u64 *flags)                                               \
	{                                                                                                              \
		return multiply_add(&format, a, b, c, rm, flags);                                                      \
	}

IN_FORMAT(32, fp_single)
IN_FORMAT(64, fp_double)
