/* SPDX-License-Identifier: GPL-2.0-only */
/* fp_parts.c: unpacking, packing and rounding. Source: IEEE 754-2008 sections 3.4, 4.3 and 7; unpriv f-st-ext.
 * Next file: fp_arith.c. */
#include "fp_parts.h"

const struct fp_format fp_single = { 23, 8 }, fp_double = { 52, 11 };

static u64 exp_mask(const struct fp_format *f)
{
	return (1ULL << f->exp_bits) - 1;
}

static s32 bias(const struct fp_format *f)
{
	return (s32)(exp_mask(f) >> 1);
}

u64 fp_zero(const struct fp_format *f, bool is_negative)
{
	return (u64)is_negative << (f->frac_bits + f->exp_bits);
}

u64 fp_inf(const struct fp_format *f, bool is_negative)
{
	return fp_zero(f, is_negative) | exp_mask(f) << f->frac_bits;
}

u64 fp_nan(const struct fp_format *f)
{
	return fp_inf(f, false) | 1ULL << (f->frac_bits - 1);
}

u64 fp_negate(const struct fp_format *f, u64 bits)
{
	return bits ^ fp_zero(f, true);
}

struct fp_num fp_unpack(const struct fp_format *f, u64 bits)
{
	u64 frac = bits & ((1ULL << f->frac_bits) - 1), exp = bits >> f->frac_bits & exp_mask(f);
	struct fp_num n = { .kind = FP_FINITE, .is_negative = bits >> (f->frac_bits + f->exp_bits) & 1 };
	u32 zeros;

	if (exp == exp_mask(f)) {
		n.kind = !frac ? FP_INF : frac >> (f->frac_bits - 1) ? FP_QNAN : FP_SNAN;
		return n;
	}
	if (exp)
		frac |= 1ULL << f->frac_bits;
	else
		exp = 1; /* subnormal: the exponent of the least normal number */
	if (!frac) {
		n.kind = FP_ZERO;
		return n;
	}
	zeros = (u32)__builtin_clzll(frac);
	n.sig = frac << zeros;
	n.exp = (s32)exp - bias(f) - (s32)f->frac_bits - (s32)zeros;
	return n;
}

wide_t fp_shift_sticky(wide_t sig, u32 by)
{
	if (by >= 128)
		return sig != 0;
	return sig >> by | ((sig & (((wide_t)1 << by) - 1)) != 0);
}

bool fp_rounds_up(u64 rm, bool is_negative, bool is_odd, wide_t rest)
{
	const wide_t half = (wide_t)1 << 127;

	switch (rm) {
	case FP_RNE: return rest > half || (rest == half && is_odd);
	case FP_RDN: return is_negative && rest;
	case FP_RUP: return !is_negative && rest;
	case FP_RMM: return rest >= half;
	default: return false;
	}
}

/* What is too large becomes infinity, or the largest number where rounding leads away from infinity. */
static u64 overflow(const struct fp_format *f, bool is_negative, u64 rm, u64 *flags)
{
	bool is_inf = rm == FP_RNE || rm == FP_RMM || rm == (is_negative ? FP_RDN : FP_RUP);

	*flags |= FP_OF | FP_NX;
	return fp_inf(f, is_negative) - !is_inf;
}

/* sig's bit 127 is set and weighs 2^exp; the number is below the least normal one. Would it still be below it if
 * it were rounded with an unbounded exponent? */
static bool is_tiny(const struct fp_format *f, wide_t sig, s32 exp, bool is_negative, u64 rm)
{
	u32 p = f->frac_bits + 1;
	u64 kept = (u64)(sig >> (128 - p));

	if (exp < -bias(f))
		return true;
	return !((kept + fp_rounds_up(rm, is_negative, kept & 1, sig << p)) >> p);
}

u64 fp_round(const struct fp_format *f, struct fp_exact v, u64 rm, u64 *flags)
{
	u32 p = f->frac_bits + 1, zeros = fp_leading_zeros(v.sig);
	wide_t sig = v.sig << zeros, rest;
	s32 exp = v.exp + 127 - (s32)zeros, least = 1 - bias(f);
	u64 kept, bits;

	if (exp > bias(f))
		return overflow(f, v.is_negative, rm, flags);
	if (exp < least) {
		wide_t shifted = fp_shift_sticky(sig, (u32)(least - exp));

		if (shifted << p && is_tiny(f, sig, exp, v.is_negative, rm))
			*flags |= FP_UF;
		sig = shifted;
	}
	rest = sig << p;
	kept = (u64)(sig >> (128 - p));
	if (rest)
		*flags |= FP_NX;
	kept += fp_rounds_up(rm, v.is_negative, kept & 1, rest);
	/* The leading bit of kept, where there is one, adds 1 to the exponent field; so does a carry out of it. */
	bits = exp < least ? kept : ((u64)(exp - least) << f->frac_bits) + kept;
	if (bits >= fp_inf(f, false))
		return overflow(f, v.is_negative, rm, flags);
	return bits | fp_zero(f, v.is_negative);
}
