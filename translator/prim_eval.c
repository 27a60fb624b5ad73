/* SPDX-License-Identifier: GPL-2.0-only */
/* prim_eval.c: primitives by name. Next file: prim.c. */
#include "prim_eval.h"
#include "prim.h"

static const struct {
	const char *name;
	u32 width;
	u64 (*call)(u64 a, u64 b);
} prims[] = {
	{ "mulh", 64, prim_mulh },    { "mulhu", 64, prim_mulhu },  { "mulhsu", 64, prim_mulhsu },
	{ "div", 64, prim_div_64 },   { "divu", 64, prim_divu_64 }, { "rem", 64, prim_rem_64 },
	{ "remu", 64, prim_remu_64 }, { "div", 32, prim_div_32 },   { "divu", 32, prim_divu_32 },
	{ "rem", 32, prim_rem_32 },   { "remu", 32, prim_remu_32 },
};

int prim_eval(const char *name, u32 width, const u64 *arg, u64 *result)
{
	u32 i;

	for (i = 0; i < sizeof(prims) / sizeof(prims[0]); i++) {
		if (prims[i].width == width && !strcmp(prims[i].name, name)) {
			*result = prims[i].call(arg[0], arg[1]);
			return 0;
		}
	}
	return -ENOENT;
}
