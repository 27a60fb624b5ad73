/* SPDX-License-Identifier: GPL-2.0-only */
/* prim.h: the primitives of the descriptions as C functions.
 *
 * Owns:    nothing.
 * Promise: total functions: division by zero and overflow give what RISC-V gives (unpriv m-st-ext, table "Semantics for
 *          division by zero and division overflow"), so div(a, -1) == -a and rem(a, -1) == 0 for all a. Arguments of the
 *          _32 ones are zero-extended 32-bit values, and so are their results.
 * Context: any; no library call, no 128-bit division.
 * Next file: prim.c; prim_eval.h calls them by name. */
#ifndef LDBT_PRIM_H
#define LDBT_PRIM_H

#include "port.h"

u64 prim_mulh(u64 a, u64 b);
u64 prim_mulhu(u64 a, u64 b);
u64 prim_mulhsu(u64 a, u64 b); /* a signed, b unsigned */

u64 prim_div_64(u64 a, u64 b);
u64 prim_divu_64(u64 a, u64 b);
u64 prim_rem_64(u64 a, u64 b);
u64 prim_remu_64(u64 a, u64 b);
u64 prim_div_32(u64 a, u64 b);
u64 prim_divu_32(u64 a, u64 b);
u64 prim_rem_32(u64 a, u64 b);
u64 prim_remu_32(u64 a, u64 b);

#endif
