/* SPDX-License-Identifier: GPL-2.0-only */
/* bits.h: bit-vector operations that C lacks, for generated code. A value's bits above its width are zero.
 *
 * Owns:    nothing.
 * Promise: docs/LANGUAGE.md section 1: a shift by the width or more gives 0, or the sign; amounts are unsigned.
 * Context: any; no library call behind any of them (128-bit shifts and products are inline on x86-64).
 * Next file: gen/interp.c. */
#ifndef LDBT_BITS_H
#define LDBT_BITS_H

#include "port.h"

typedef unsigned __int128 wide_t;
typedef __int128 swide_t;

/* Sign-extends a value of `width` bits to the whole type; the caller cuts it to its own width. */
static inline u64 sext64(u64 v, u32 width)
{
	return (u64)((s64)(v << (64 - width)) >> (64 - width));
}

static inline wide_t sext128(wide_t v, u32 width)
{
	return (wide_t)((swide_t)(v << (128 - width)) >> (128 - width));
}

static inline u64 low64(u64 v, u32 width)
{
	return width < 64 ? v & ((1ULL << width) - 1) : v;
}

static inline wide_t low128(wide_t v, u32 width)
{
	return width < 128 ? v & (((wide_t)1 << width) - 1) : v;
}

static inline u64 shl64(u64 v, u64 amount, u32 width)
{
	return amount < width ? low64(v << amount, width) : 0;
}

static inline u64 shr64(u64 v, u64 amount, u32 width)
{
	return amount < width ? v >> amount : 0;
}

static inline u64 sar64(u64 v, u64 amount, u32 width)
{
	return low64((u64)((s64)sext64(v, width) >> (amount < width ? amount : width - 1)), width);
}

static inline wide_t shl128(wide_t v, u64 amount, u32 width)
{
	return amount < width ? low128(v << amount, width) : 0;
}

static inline wide_t shr128(wide_t v, u64 amount, u32 width)
{
	return amount < width ? v >> amount : 0;
}

static inline wide_t sar128(wide_t v, u64 amount, u32 width)
{
	return low128((wide_t)((swide_t)sext128(v, width) >> (amount < width ? amount : width - 1)), width);
}

#endif
