/* SPDX-License-Identifier: GPL-2.0-only */
/* prim.c: the primitives of the descriptions. Source: unpriv m-st-ext. */
#include "prim.h"
#include "bits.h"

u64 prim_mulhu(u64 a, u64 b)
{
	return (u64)((wide_t)a * b >> 64);
}

u64 prim_mulh(u64 a, u64 b)
{
	return (u64)((swide_t)(s64)a * (s64)b >> 64);
}

/* a as a signed number is a - 2^64 when its sign bit is set: the upper half then loses b. */
u64 prim_mulhsu(u64 a, u64 b)
{
	return prim_mulhu(a, b) - ((s64)a < 0 ? b : 0);
}

u64 prim_divu_64(u64 a, u64 b)
{
	return b ? a / b : ~0ULL;
}

u64 prim_remu_64(u64 a, u64 b)
{
	return b ? a % b : a;
}

/* -1 is apart because the least number divided by it overflows, which x86 answers with an exception. */
u64 prim_div_64(u64 a, u64 b)
{
	if (!b)
		return ~0ULL;
	return b == ~0ULL ? -a : (u64)((s64)a / (s64)b);
}

u64 prim_rem_64(u64 a, u64 b)
{
	if (!b)
		return a;
	return b == ~0ULL ? 0 : (u64)((s64)a % (s64)b);
}

u64 prim_divu_32(u64 a, u64 b)
{
	return b ? (u32)a / (u32)b : ~0U;
}

u64 prim_remu_32(u64 a, u64 b)
{
	return b ? (u32)a % (u32)b : a;
}

/* In 64 bits the quotient of 32-bit numbers cannot overflow. */
u64 prim_div_32(u64 a, u64 b)
{
	return b ? (u32)((s64)(s32)a / (s32)b) : ~0U;
}

u64 prim_rem_32(u64 a, u64 b)
{
	return b ? (u32)((s64)(s32)a % (s32)b) : a;
}
