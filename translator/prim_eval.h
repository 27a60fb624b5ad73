/* SPDX-License-Identifier: GPL-2.0-only */
/* prim_eval.h: primitives by name, for programs that run a description instead of compiling it (rulec's tests, the
 * prover's models).
 *
 * Owns:    nothing.
 * Promise: the same C functions as the interpreter calls.
 * Context: user space only.
 * Errors:  -ENOENT: no primitive of that name and width. Next file: prim.h, fp.h. */
#ifndef LDBT_PRIM_EVAL_H
#define LDBT_PRIM_EVAL_H

#include "port.h"

/* width: bits of the first argument (64, or 32 for primitives of any width). result: as many values as the primitive has
 * results. */
int prim_eval(const char *name, u32 width, const u64 *arg, u64 *result);

#endif
