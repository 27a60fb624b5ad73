// SPDX-License-Identifier: GPL-2.0-only
/* fp_ops.c: see fp_ops.h. Encodings: unpriv rv-32-64g.adoc, written a second time here, by hand.
 * Next file: fp_guest.c, fp_native.c. */
#include "fp_ops.h"

enum { RM_DYN = 7, RM_SHIFT = 12, RM_COUNT = 5 };

#define FD_FS1	 (10u << 7 | 10u << 15 | 0x53)
#define FS2	 (11u << 20)
#define FS3	 (12u << 27)
#define RM	 ((uint32_t)RM_DYN << RM_SHIFT)
#define TO_X(w)	 (((w) & ~(31u << 7)) | 11u << 7)
#define FUNCT(n) ((uint32_t)(n) << 25)

/* Both formats of an instruction; the names differ in the last letter. */
#define TWO_RM(name, f7)                                                                                               \
	{ name ".s", FUNCT(f7) | FS2 | FD_FS1 | RM, 2, 1, 1 },                                                         \
	{                                                                                                              \
		name ".d", FUNCT((f7) + 1) | FS2 | FD_FS1 | RM, 2, 0, 1                                                \
	}
#define TWO(name, f7, f3)                                                                                              \
	{ name ".s", FUNCT(f7) | FS2 | FD_FS1 | (f3) << 12, 2, 1, 0 },                                                 \
	{                                                                                                              \
		name ".d", FUNCT((f7) + 1) | FS2 | FD_FS1 | (f3) << 12, 2, 0, 0                                        \
	}
/* One register as both operands: fmv, fneg, fabs. */
#define SAME(name, f3)                                                                                                 \
	{ name ".s", FUNCT(0x10) | 10u << 20 | FD_FS1 | (f3) << 12, 1, 1, 0 },                                         \
	{                                                                                                              \
		name ".d", FUNCT(0x11) | 10u << 20 | FD_FS1 | (f3) << 12, 1, 0, 0                                      \
	}
#define COMPARE(name, f3)                                                                                              \
	{ name ".s", TO_X(FUNCT(0x50) | FS2 | FD_FS1) | (f3) << 12, 2, 1, 0 },                                         \
	{                                                                                                              \
		name ".d", TO_X(FUNCT(0x51) | FS2 | FD_FS1) | (f3) << 12, 2, 0, 0                                      \
	}
#define FMA(name, opcode)                                                                                              \
	{ name ".s", FS3 | FS2 | (FD_FS1 & ~0x7fu) | RM | (opcode), 3, 1, 1 },                                         \
	{                                                                                                              \
		name ".d", FS3 | 1u << 25 | FS2 | (FD_FS1 & ~0x7fu) | RM | (opcode), 3, 0, 1                           \
	}
#define TO_INT(name, n)                                                                                                \
	{ name ".s", TO_X(FUNCT(0x60) | (n) << 20 | FD_FS1 | RM), 1, 1, 1 },                                           \
	{                                                                                                              \
		name ".d", TO_X(FUNCT(0x61) | (n) << 20 | FD_FS1 | RM), 1, 0, 1                                        \
	}
#define FROM_INT(name, n)                                                                                              \
	{ "fcvt.s." name, FUNCT(0x68) | (n) << 20 | FD_FS1 | RM, 0, 1, 1 },                                            \
	{                                                                                                              \
		"fcvt.d." name, FUNCT(0x69) | (n) << 20 | FD_FS1 | RM, 0, 0, 1                                         \
	}

const struct fp_op fp_ops[] = {
	TWO_RM("fadd", 0x00),
	TWO_RM("fsub", 0x04),
	TWO_RM("fmul", 0x08),
	TWO_RM("fdiv", 0x0c),
	{ "fsqrt.s", FUNCT(0x2c) | FD_FS1 | RM, 1, 1, 1 },
	{ "fsqrt.d", FUNCT(0x2d) | FD_FS1 | RM, 1, 0, 1 },
	FMA("fmadd", 0x43u),
	FMA("fmsub", 0x47u),
	FMA("fnmsub", 0x4bu),
	FMA("fnmadd", 0x4fu),
	TWO("fsgnj", 0x10, 0u),
	TWO("fsgnjn", 0x10, 1u),
	TWO("fsgnjx", 0x10, 2u),
	SAME("fmv", 0u),
	SAME("fneg", 1u),
	SAME("fabs", 2u),
	TWO("fmin", 0x14, 0u),
	TWO("fmax", 0x14, 1u),
	COMPARE("feq", 2u),
	COMPARE("flt", 1u),
	COMPARE("fle", 0u),
	{ "fclass.s", TO_X(FUNCT(0x70) | FD_FS1) | 1u << 12, 1, 1, 0 },
	{ "fclass.d", TO_X(FUNCT(0x71) | FD_FS1) | 1u << 12, 1, 0, 0 },
	TO_INT("fcvt.w", 0u),
	TO_INT("fcvt.wu", 1u),
	TO_INT("fcvt.l", 2u),
	TO_INT("fcvt.lu", 3u),
	FROM_INT("w", 0u),
	FROM_INT("wu", 1u),
	FROM_INT("l", 2u),
	FROM_INT("lu", 3u),
	{ "fcvt.s.d", FUNCT(0x20) | 1u << 20 | FD_FS1 | RM, 1, 0, 1 },
	{ "fcvt.d.s", FUNCT(0x21) | FD_FS1 | RM, 1, 1, 1 },
	{ "fmv.x.w", TO_X(FUNCT(0x70) | FD_FS1), 1, 1, 0 },
	{ "fmv.x.d", TO_X(FUNCT(0x71) | FD_FS1), 1, 0, 0 },
	{ "fmv.w.x", FUNCT(0x78) | FD_FS1, 0, 1, 0 },
	{ "fmv.d.x", FUNCT(0x79) | FD_FS1, 0, 0, 0 },
};
const unsigned int fp_op_count = sizeof(fp_ops) / sizeof(fp_ops[0]);

/* ---- special values; the first ones serve where three operands are crossed ---- */

static const uint64_t doubles[] = {
	0x0000000000000000, 0x8000000000000000, /* zeros */
	0x7ff0000000000000, 0xfff0000000000000, /* infinities */
	0x7ff8000000000000, 0x7ff0000000000001, /* NaNs: canonical, signalling */
	0x3ff0000000000000, 0xbff0000000000000, /* 1, -1 */
	0x7fefffffffffffff, 0xffefffffffffffff, /* the largest */
	0x0000000000000001, 0x8010000000000000, /* the least; minus the least normal */
	0x3ff0000000000001, 0x3cb0000000000000, /* 1 and an ulp; 2^-52 */
	0x000fffffffffffff, 0x3fe0000000000000, /* the largest subnormal; 0.5 */
	0x8000000000000001, 0x0010000000000000, 0x800fffffffffffff, 0x4000000000000000, 0x3ff8000000000000,
	0x4008000000000000, 0xbfe0000000000000, 0x3fefffffffffffff, 0x7ff8000000000001, 0xfff8000000000000,
	0x7fffffffffffffff, 0xfff4000000000000, 0x41dfffffffc00000, 0x41dfffffffe00000, 0x41e0000000000000,
	0xc1e0000000000000, 0xc1e0000000200000, 0x41efffffffe00000, 0x41effffffff00000, 0x41f0000000000000,
	0x43dfffffffffffff, 0x43e0000000000000, 0xc3e0000000000000, 0xc3e0000000000001, 0x43efffffffffffff,
	0x43f0000000000000, 0x4004000000000000, 0x400c000000000000, 0xbfefffffffffffff, 0x3810000000000000,
	0x380fffffffffffff, 0x47efffffe0000000, 0x47efffffefffffff, 0x47effffff0000000, 0x36a0000000000000,
	0x3690000000000000, 0x3690000000000001, 0x5ff0000000000000, 0x1ff0000000000000,
};
static const uint32_t singles[] = {
	0x00000000, 0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001, 0x3f800000, 0xbf800000, 0x7f7fffff,
	0xff7fffff, 0x00000001, 0x80800000, 0x3f800001, 0x34000000, 0x007fffff, 0x3f000000, 0x80000001, 0x00800000,
	0x807fffff, 0x40000000, 0x3fc00000, 0x40400000, 0xbf000000, 0x3f7fffff, 0x7fc00001, 0xffc00000, 0x7fffffff,
	0xffa00000, 0x4effffff, 0x4f000000, 0xcf000000, 0xcf000001, 0x4f7fffff, 0x4f800000, 0x5effffff, 0x5f000000,
	0xdf000000, 0xdf000001, 0x5f7fffff, 0x5f800000, 0x40200000, 0x40600000, 0xbf7fffff, 0x5f800001, 0x1f800000,
};
static const uint64_t integers[] = {
	0,
	1,
	2,
	~0ULL,
	0x7fffffff,
	0x80000000,
	0xffffffff,
	0x100000000,
	0xffffff,
	0x1000000,
	0x1000001,
	0x1000002,
	0x1000003,
	0x7fffff80,
	0x7fffffc0,
	0xffffff80,
	0xffffff7f,
	0x1fffffffffffff,
	0x20000000000000,
	0x20000000000001,
	0x20000000000003,
	0x7fffffffffffffff,
	0x8000000000000000,
	0x8000000000000001,
	0x7ffffffffffffc00,
	0x7ffffffffffffe00,
	0x7fffffffffffffbf,
	0xfffffffffffff800,
	0xfffffffffffffc00,
	0xfffffffffffffbff,
	0xffffff8000000000,
	0xffffff7fffffffff,
	0xffffffff80000000,
	0x4000004000000000,
};
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
enum { UNBOXED = 3 }; /* singles that are not boxed, behind the boxed ones */

static uint64_t special_count(const struct fp_op *op, const struct fp_plan *plan)
{
	uint64_t all = !op->noperands ? COUNT(integers) : op->is_single ? COUNT(singles) + UNBOXED : COUNT(doubles);

	return op->noperands == 3 && plan->triples < all ? plan->triples : all;
}

static uint64_t special(const struct fp_op *op, uint64_t n)
{
	static const uint64_t unboxed[UNBOXED] = { 0x3f800000, 0x3ff0000000000000, 0xfffffffe3f800000 };

	if (!op->noperands)
		return integers[n];
	if (!op->is_single)
		return doubles[n];
	return n < COUNT(singles) ? 0xffffffff00000000 | singles[n] : unboxed[n - COUNT(singles)];
}

static uint64_t cross_count(const struct fp_op *op, const struct fp_plan *plan)
{
	uint64_t n = special_count(op, plan), all = n;

	for (unsigned int i = 1; i < op->noperands; i++)
		all *= n;
	return all * (op->has_rm ? RM_COUNT : 1);
}

static uint64_t tried_count(const struct fp_op *op, const struct fp_plan *plan)
{
	return (cross_count(op, plan) + plan->stride - 1) / plan->stride;
}

/* ---- random values ---- */

static uint64_t random_next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed * 0x2545f4914f6cdd1dULL;
}

/* Sign, exponent and fraction of a format, each of several kinds; `near` is an exponent that others shall be near. */
static uint64_t random_number(uint64_t *seed, unsigned int frac_bits, unsigned int exp_bits, uint64_t near)
{
	uint64_t r = random_next(seed), frac = random_next(seed) >> (64 - frac_bits);
	uint64_t exp_mask = (1ULL << exp_bits) - 1, exp = r >> 32 & exp_mask, bias = exp_mask >> 1;
	unsigned int run = (r >> 8 & 63) % frac_bits;

	switch (r & 7) {
	case 0: break;
	case 1: exp = r >> 32 & 1 ? 0 : exp_mask - (r >> 33 & 1); break;
	case 2: exp = bias + (r >> 32 & 63) - 2; break; /* integers and halves */
	default: exp = (near + (r >> 32 & 127) - 63) & exp_mask; break;
	}
	switch (r >> 3 & 7) {
	case 0: frac = 0; break;
	case 1: frac = frac >> run << run; break; /* few bits */
	case 2: frac |= (1ULL << run) - 1; break;
	case 3: frac = 1ULL << run; break;
	case 4: frac = (1ULL << frac_bits) - 1 - (r >> 20 & 3); break;
	default: break;
	}
	return (r >> 63) << (frac_bits + exp_bits) | exp << frac_bits | frac;
}

static uint64_t random_operand(const struct fp_op *op, uint64_t *seed, uint64_t near)
{
	uint64_t r = random_next(seed), value;

	if (!op->noperands) {
		value = random_next(seed);
		return r & 1 ? (uint64_t)((int64_t)value >> (r >> 1 & 63)) : value >> (r >> 1 & 63) << (r >> 7 & 63);
	}
	if (!op->is_single)
		return random_number(seed, 52, 11, near);
	value = random_number(seed, 23, 8, near & 0xff);
	return (r & 63 ? 0xffffffff00000000 : r << 32) | value;
}

/* ---- cases ---- */

/* What the instruction says, beside frm. */
enum rm_field { RM_DYNAMIC, RM_SAME, RM_OTHER };

static void set_rm(const struct fp_op *op, struct fp_case *c, uint32_t rm, enum rm_field field)
{
	c->frm = field == RM_OTHER ? (rm + 1) % RM_COUNT : rm;
	c->word = op->word;
	if (op->has_rm && field != RM_DYNAMIC)
		c->word = (op->word & ~RM) | rm << RM_SHIFT;
}

static void case_special(const struct fp_op *op, const struct fp_plan *plan, uint64_t n, struct fp_case *c)
{
	uint64_t each = special_count(op, plan), rm = 0;
	enum rm_field field = n & 1 ? (n & 2 ? RM_SAME : RM_OTHER) : RM_DYNAMIC;

	if (op->has_rm) {
		rm = n % RM_COUNT;
		n /= RM_COUNT;
	}
	set_rm(op, c, (uint32_t)rm, field);
	c->x = c->f[0] = c->f[1] = c->f[2] = 0;
	for (unsigned int i = 0; i < (op->noperands ? op->noperands : 1u); i++) {
		*(op->noperands ? &c->f[i] : &c->x) = special(op, n % each);
		n /= each;
	}
}

static void case_random(const struct fp_op *op, uint64_t *seed, struct fp_case *c)
{
	uint64_t r = random_next(seed), near = r >> 40 & 0x7ff;

	set_rm(op, c, (uint32_t)(r & 0xff) % RM_COUNT, r >> 8 & 3 ? RM_DYNAMIC : r >> 24 & 1 ? RM_SAME : RM_OTHER);
	c->x = op->noperands ? 0 : random_operand(op, seed, near);
	for (unsigned int i = 0; i < 3; i++)
		c->f[i] = i < op->noperands ? random_operand(op, seed, near) : 0;
	/* what cancels, or nearly */
	if (op->noperands == 2 && !(r >> 10 & 15))
		c->f[1] = c->f[0] ^ (r >> 14 & 3) ^ ((r >> 16 & 1) << (op->is_single ? 31 : 63));
}

uint64_t fp_plan_cases(const struct fp_op *op, const struct fp_plan *plan)
{
	return tried_count(op, plan) + plan->count;
}

static uint64_t fold(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL; /* 2^64 / golden ratio, odd */
	return hash ^ hash >> 29;
}

uint64_t fp_sweep(const struct fp_op *op, const struct fp_plan *plan, uint64_t cases, fp_execute *execute,
		  struct fp_case *last, struct fp_result *result)
{
	uint64_t hash = 0, seed = plan->seed * 2 + 1, specials = tried_count(op, plan);
	struct fp_result r = { 0, 0, 0 };
	struct fp_case c;

	for (uint64_t n = 0; n < cases; n++) {
		if (n < specials)
			case_special(op, plan, n * plan->stride, &c);
		else
			case_random(op, &seed, &c);
		execute(&c, &r);
		hash = fold(fold(fold(hash, r.f), r.x), r.fflags);
	}
	if (last && cases) {
		*last = c;
		*result = r;
	}
	return hash;
}
