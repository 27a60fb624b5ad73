/* SPDX-License-Identifier: GPL-2.0-only */
/* fp_parts.h: floating-point numbers taken apart and put together again.
 *
 * Owns:    nothing.
 * Promise: fp_unpack() is exact; fp_round() is the only place that rounds to a format and raises OF, UF, NX.
 * Context: any; no library call. Next file: fp_parts.c, then fp_arith.c. */
#ifndef LDBT_FP_PARTS_H
#define LDBT_FP_PARTS_H

#include "bits.h"
#include "fp.h"

/* frac_bits: stored bits of the significand. */
struct fp_format {
	u32 frac_bits, exp_bits;
};

extern const struct fp_format fp_single, fp_double;

enum fp_kind { FP_ZERO, FP_FINITE, FP_INF, FP_QNAN, FP_SNAN };

struct fp_num {
	enum fp_kind kind;
	bool is_negative;
	s32 exp;
	u64 sig; /* FP_FINITE: sig * 2^exp, bit 63 of sig is set */
};

/* sig * 2^exp, sig not 0. Bit 0 of sig also stands for anything that was cut off below it ("sticky"), so it may
 * be inexact only where at least two more bits lie between it and the last bit of the result. */
struct fp_exact {
	bool is_negative;
	s32 exp;
	wide_t sig;
};

struct fp_num fp_unpack(const struct fp_format *f, u64 bits);

u64 fp_zero(const struct fp_format *f, bool is_negative);
u64 fp_inf(const struct fp_format *f, bool is_negative);
u64 fp_nan(const struct fp_format *f); /* the canonical one */
u64 fp_negate(const struct fp_format *f, u64 bits);

u64 fp_round(const struct fp_format *f, struct fp_exact v, u64 rm, u64 *flags);

/* Does the number go up in magnitude? rest: the bits cut off, bit 127 weighs half of the last bit kept. */
bool fp_rounds_up(u64 rm, bool is_negative, bool is_odd, wide_t rest);

/* Shift right; bits that fall out leave a 1 in bit 0. */
wide_t fp_shift_sticky(wide_t sig, u32 by);

static inline bool fp_is_nan(const struct fp_num *a)
{
	return a->kind >= FP_QNAN;
}

static inline u32 fp_leading_zeros(wide_t v)
{
	return v >> 64 ? (u32)__builtin_clzll((u64)(v >> 64)) : 64 + (u32)__builtin_clzll((u64)v);
}

#endif
