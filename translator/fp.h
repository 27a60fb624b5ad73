/* SPDX-License-Identifier: GPL-2.0-only */
/* fp.h: the IEEE 754 primitives of the descriptions, in integers alone.
 *
 * Owns:    nothing.
 * Promise: bit-exact results and flags as RISC-V defines them (unpriv f-st-ext, d-st-ext): NaN results are canonical,
 *          tininess is detected after rounding, fma(inf, 0, NaN) is invalid, conversions to integers saturate. All five
 *          rounding modes; no table, no host unit, no library: the same on every host and in every context.
 *          _32 works on single, _64 on double format; values stand in the low bits, others are zero. *flags is set, not
 *          added to.
 * Context: any; a few hundred cycles at most.
 * Next file: fp_parts.h. */
#ifndef LDBT_FP_H
#define LDBT_FP_H

#include "port.h"

/* fcsr.frm, and the rm field of instructions: unpriv f-st-ext, table "Rounding mode encoding" */
enum fp_rm { FP_RNE = 0, FP_RTZ = 1, FP_RDN = 2, FP_RUP = 3, FP_RMM = 4 };

/* fcsr.fflags: unpriv f-st-ext, table "Accrued exception flag encoding" */
enum fp_flag { FP_NX = 1, FP_UF = 2, FP_OF = 4, FP_DZ = 8, FP_NV = 16 };

/* Operations that exist in both formats: each line declares prim_fp_NAME_32 and prim_fp_NAME_64. */
#define FP_DECLARE(name, ...)                                                                                          \
	u64 prim_fp_##name##_32(__VA_ARGS__);                                                                          \
	u64 prim_fp_##name##_64(__VA_ARGS__)

FP_DECLARE(add, u64 a, u64 b, u64 rm, u64 *flags);
FP_DECLARE(sub, u64 a, u64 b, u64 rm, u64 *flags);
FP_DECLARE(mul, u64 a, u64 b, u64 rm, u64 *flags);
FP_DECLARE(div, u64 a, u64 b, u64 rm, u64 *flags);
FP_DECLARE(sqrt, u64 a, u64 rm, u64 *flags);
FP_DECLARE(fma, u64 a, u64 b, u64 c, u64 rm, u64 *flags); /* a * b + c, rounded once */
FP_DECLARE(min, u64 a, u64 b, u64 *flags);		  /* -0 is below +0; a NaN gives way to a number */
FP_DECLARE(max, u64 a, u64 b, u64 *flags);
FP_DECLARE(eq, u64 a, u64 b, u64 *flags); /* 1 or 0; quiet */
FP_DECLARE(lt, u64 a, u64 b, u64 *flags); /* signalling, as le */
FP_DECLARE(le, u64 a, u64 b, u64 *flags);
FP_DECLARE(class, u64 a); /* unpriv f-st-ext, table "Format of result of fclass" */

/* To integers of 32 and 64 bits, signed and unsigned (u). NaN gives the largest number. */
FP_DECLARE(to_w, u64 a, u64 rm, u64 *flags);
FP_DECLARE(to_wu, u64 a, u64 rm, u64 *flags);
FP_DECLARE(to_l, u64 a, u64 rm, u64 *flags);
FP_DECLARE(to_lu, u64 a, u64 rm, u64 *flags);

/* From 64-bit integers, signed and unsigned, to single (s) and double (d); between the two formats. */
u64 prim_fp_s_from_l(u64 a, u64 rm, u64 *flags);
u64 prim_fp_s_from_lu(u64 a, u64 rm, u64 *flags);
u64 prim_fp_d_from_l(u64 a, u64 rm, u64 *flags);
u64 prim_fp_d_from_lu(u64 a, u64 rm, u64 *flags);
u64 prim_fp_s_from_d(u64 a, u64 rm, u64 *flags);
u64 prim_fp_d_from_s(u64 a, u64 *flags); /* exact */

#endif
