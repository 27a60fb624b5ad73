/* SPDX-License-Identifier: GPL-2.0-only */
/* prim_eval.c: primitives by name. Next file: prim.c, fp.h. */
#include "prim_eval.h"
#include "fp.h"
#include "prim.h"

typedef u64 prim_ab(u64 a, u64 b);
typedef u64 prim_a(u64 a);
typedef u64 prim_af(u64 a, u64 *flags);
typedef u64 prim_abf(u64 a, u64 b, u64 *flags); /* also: operand, rounding mode */
typedef u64 prim_abrf(u64 a, u64 b, u64 rm, u64 *flags);
typedef u64 prim_abcrf(u64 a, u64 b, u64 c, u64 rm, u64 *flags);

/* One of the functions is there. */
struct prim {
	const char *name;
	u32 width;
	prim_ab *ab;
	prim_a *a;
	prim_af *af;
	prim_abf *abf;
	prim_abrf *abrf;
	prim_abcrf *abcrf;
};

#define FP_BOTH(name, kind)                                                                                            \
	{ "fp_" #name, 32, .kind = prim_fp_##name##_32 },                                                              \
	{                                                                                                              \
		"fp_" #name, 64, .kind = prim_fp_##name##_64                                                           \
	}

static const struct prim prims[] = {
	{ "mulh", 64, .ab = prim_mulh },
	{ "mulhu", 64, .ab = prim_mulhu },
	{ "mulhsu", 64, .ab = prim_mulhsu },
	{ "div", 64, .ab = prim_div_64 },
	{ "divu", 64, .ab = prim_divu_64 },
	{ "rem", 64, .ab = prim_rem_64 },
	{ "remu", 64, .ab = prim_remu_64 },
	{ "div", 32, .ab = prim_div_32 },
	{ "divu", 32, .ab = prim_divu_32 },
	{ "rem", 32, .ab = prim_rem_32 },
	{ "remu", 32, .ab = prim_remu_32 },
	FP_BOTH(add, abrf),
	FP_BOTH(sub, abrf),
	FP_BOTH(mul, abrf),
	FP_BOTH(div, abrf),
	FP_BOTH(sqrt, abf),
	FP_BOTH(fma, abcrf),
	FP_BOTH(min, abf),
	FP_BOTH(max, abf),
	FP_BOTH(eq, abf),
	FP_BOTH(lt, abf),
	FP_BOTH(le, abf),
	FP_BOTH(class, a),
	FP_BOTH(to_w, abf),
	FP_BOTH(to_wu, abf),
	FP_BOTH(to_l, abf),
	FP_BOTH(to_lu, abf),
	{ "fp_s_from_l", 64, .abf = prim_fp_s_from_l },
	{ "fp_s_from_lu", 64, .abf = prim_fp_s_from_lu },
	{ "fp_d_from_l", 64, .abf = prim_fp_d_from_l },
	{ "fp_d_from_lu", 64, .abf = prim_fp_d_from_lu },
	{ "fp_s_from_d", 64, .abf = prim_fp_s_from_d },
	{ "fp_d_from_s", 32, .af = prim_fp_d_from_s },
};

static u64 prim_call(const struct prim *p, const u64 *arg, u64 *flags)
{
	if (p->ab)
		return p->ab(arg[0], arg[1]);
	if (p->a)
		return p->a(arg[0]);
	if (p->af)
		return p->af(arg[0], flags);
	if (p->abf)
		return p->abf(arg[0], arg[1], flags);
	if (p->abrf)
		return p->abrf(arg[0], arg[1], arg[2], flags);
	return p->abcrf(arg[0], arg[1], arg[2], arg[3], flags);
}

int prim_eval(const char *name, u32 width, const u64 *arg, u64 *result)
{
	u32 i;

	for (i = 0; i < sizeof(prims) / sizeof(prims[0]); i++) {
		if (prims[i].width == width && !strcmp(prims[i].name, name)) {
			u64 flags = 0;

			result[0] = prim_call(&prims[i], arg, &flags);
			if (!prims[i].ab && !prims[i].a)
				result[1] = flags;
			return 0;
		}
	}
	return -ENOENT;
}
