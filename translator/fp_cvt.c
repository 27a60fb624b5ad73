/* SPDX-License-Identifier: GPL-2.0-only */
/* fp_cvt.c: conversions, comparisons, minimum and maximum, classes. Source: unpriv f-st-ext, "Single-Precision
 * Floating-Point Conversion and Move Instructions" and what follows it. Next file: fp.h. */
#include "fp_parts.h"

/* ---- to integers ---- */

struct integer {
	u32 bits;
	bool is_signed;
};

/* The largest magnitude with that sign. */
static u64 limit(struct integer type, bool is_negative)
{
	u64 all = ~0ULL >> (64 - type.bits);

	if (!type.is_signed)
		return is_negative ? 0 : all;
	return is_negative ? (all >> 1) + 1 : all >> 1;
}

static u64 as_result(struct integer type, u64 magnitude, bool is_negative)
{
	return low64(is_negative ? -magnitude : magnitude, type.bits);
}

static u64 saturate(struct integer type, bool is_negative, u64 *flags)
{
	*flags = FP_NV;
	return as_result(type, limit(type, is_negative), is_negative);
}

static u64 to_integer(const struct fp_format *f, struct integer type, u64 bits, u64 rm, u64 *flags)
{
	struct fp_num a = fp_unpack(f, bits);
	wide_t sig = (wide_t)a.sig << 64, kept = 0, rest;
	s32 below = 64 - a.exp; /* bits of sig below the point */

	*flags = 0;
	if (a.kind == FP_ZERO)
		return 0;
	if (a.kind != FP_FINITE)
		return saturate(type, a.kind == FP_INF && a.is_negative, flags);
	if (below < 63)
		return saturate(type, a.is_negative, flags);
	if (below < 128) {
		kept = sig >> below;
		rest = sig << (128 - below);
	} else {
		rest = fp_shift_sticky(sig, (u32)below - 128);
	}
	kept += fp_rounds_up(rm, a.is_negative, kept & 1, rest);
	if (kept > limit(type, a.is_negative))
		return saturate(type, a.is_negative, flags);
	*flags = rest ? FP_NX : 0;
	return as_result(type, (u64)kept, a.is_negative);
}

/* ---- from integers, between formats ---- */

static u64 from_integer(const struct fp_format *f, u64 magnitude, bool is_negative, u64 rm, u64 *flags)
{
	*flags = 0;
	if (!magnitude)
		return 0;
	return fp_round(f, (struct fp_exact){ is_negative, 0, magnitude }, rm, flags);
}

static u64 from_signed(const struct fp_format *f, u64 a, u64 rm, u64 *flags)
{
	bool is_negative = a >> 63;

	return from_integer(f, is_negative ? -a : a, is_negative, rm, flags);
}

u64 prim_fp_s_from_l(u64 a, u64 rm, u64 *flags)
{
	return from_signed(&fp_single, a, rm, flags);
}

u64 prim_fp_d_from_l(u64 a, u64 rm, u64 *flags)
{
	return from_signed(&fp_double, a, rm, flags);
}

u64 prim_fp_s_from_lu(u64 a, u64 rm, u64 *flags)
{
	return from_integer(&fp_single, a, false, rm, flags);
}

u64 prim_fp_d_from_lu(u64 a, u64 rm, u64 *flags)
{
	return from_integer(&fp_double, a, false, rm, flags);
}

static u64 convert(const struct fp_format *from, const struct fp_format *to, u64 bits, u64 rm, u64 *flags)
{
	struct fp_num a = fp_unpack(from, bits);

	*flags = a.kind == FP_SNAN ? FP_NV : 0;
	if (fp_is_nan(&a))
		return fp_nan(to);
	if (a.kind == FP_INF)
		return fp_inf(to, a.is_negative);
	if (a.kind == FP_ZERO)
		return fp_zero(to, a.is_negative);
	return fp_round(to, (struct fp_exact){ a.is_negative, a.exp, a.sig }, rm, flags);
}

u64 prim_fp_s_from_d(u64 a, u64 rm, u64 *flags)
{
	return convert(&fp_double, &fp_single, a, rm, flags);
}

u64 prim_fp_d_from_s(u64 a, u64 *flags)
{
	return convert(&fp_single, &fp_double, a, FP_RNE, flags);
}

/* ---- order ---- */

/* Position of a number that is no NaN on a line: -0 is one below +0. */
static s64 position(const struct fp_format *f, u64 bits)
{
	u64 sign = fp_zero(f, true);

	return bits & sign ? -(s64)(bits & ~sign) - 1 : (s64)bits;
}

static bool is_below(const struct fp_format *f, u64 a, u64 b)
{
	return position(f, a) < position(f, b);
}

static bool is_zero(const struct fp_format *f, u64 bits)
{
	return !(bits & ~fp_zero(f, true));
}

/* The one of both, or the one that is a number; *flags as both want it. */
static u64 pick(const struct fp_format *f, u64 a, u64 b, bool wants_larger, u64 *flags)
{
	struct fp_num na = fp_unpack(f, a), nb = fp_unpack(f, b);

	*flags = na.kind == FP_SNAN || nb.kind == FP_SNAN ? FP_NV : 0;
	if (fp_is_nan(&na))
		return fp_is_nan(&nb) ? fp_nan(f) : b;
	if (fp_is_nan(&nb))
		return a;
	return is_below(f, a, b) != wants_larger ? a : b;
}

enum relation { REL_EQ, REL_LT, REL_LE };

static u64 compare(const struct fp_format *f, u64 a, u64 b, enum relation relation, u64 *flags)
{
	struct fp_num na = fp_unpack(f, a), nb = fp_unpack(f, b);
	bool is_equal = a == b || (is_zero(f, a) && is_zero(f, b));

	*flags = na.kind == FP_SNAN || nb.kind == FP_SNAN ? FP_NV : 0;
	if (fp_is_nan(&na) || fp_is_nan(&nb)) {
		if (relation != REL_EQ)
			*flags = FP_NV;
		return 0;
	}
	if (relation == REL_EQ || is_equal)
		return is_equal && relation != REL_LT;
	return is_below(f, a, b);
}

/* Bits 0 to 7 from minus infinity to plus infinity, 8 a signalling, 9 a quiet NaN. */
static u64 classify(const struct fp_format *f, u64 bits)
{
	struct fp_num a = fp_unpack(f, bits);
	bool is_subnormal = !(bits & fp_inf(f, false));
	u32 n;

	switch (a.kind) {
	case FP_SNAN: return 1 << 8;
	case FP_QNAN: return 1 << 9;
	case FP_INF: n = 0; break;
	case FP_ZERO: n = 3; break;
	default: n = is_subnormal ? 2 : 1;
	}
	return 1ULL << (a.is_negative ? n : 7 - n);
}

/* ---- both formats ---- */

#define TO_INTEGER(name, width, format, bits, is_signed)                                                               \
	u64 prim_fp_##name##_##width(u64 a, u64 rm, u64 *flags)                                                        \
	{                                                                                                              \
		return to_integer(&format, (struct integer){ bits, is_signed }, a, rm, flags);                         \
	}
#define OF_TWO(name, width, call)                                                                                      \
	u64 prim_fp_##name##_##width(u64 a, u64 b, u64 *flags)                                                         \
	{                                                                                                              \
		return call;                                                                                           \
	}
#define IN_FORMAT(width, format)                                                                                       \
	TO_INTEGER(to_w, width, format, 32, true)                                                                      \
	TO_INTEGER(to_wu, width, format, 32, false)                                                                    \
	TO_INTEGER(to_l, width, format, 64, true)                                                                      \
	TO_INTEGER(to_lu, width, format, 64, false)                                                                    \
	OF_TWO(min, width, pick(&format, a, b, false, flags))                                                          \
	OF_TWO(max, width, pick(&format, a, b, true, flags))                                                           \
	OF_TWO(eq, width, compare(&format, a, b, REL_EQ, flags))                                                       \
	OF_TWO(lt, width, compare(&format, a, b, REL_LT, flags))                                                       \
	OF_TWO(le, width, compare(&format, a, b, REL_LE, flags))                                                       \
	u64 prim_fp_class_##width(u64 a)                                                                               \
	{                                                                                                              \
		return classify(&format, a);                                                                           \
	}

IN_FORMAT(32, fp_single)
IN_FORMAT(64, fp_double)
