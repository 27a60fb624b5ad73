/* SPDX-License-Identifier: GPL-2.0-only */
/* out_stmt.h: the semantics of one base instruction as one C function of the interpreter.
 *
 * Owns:    nothing.
 * Promise: static enum step do_NAME(struct guest *g, const struct insn *in); it advances or sets g->pc unless it
 *          returns STEP_TRAP.
 * Errors:  counted in the context's diag.
 * Next file: out_stmt.c. */
#ifndef LDBT_RULEC_OUT_STMT_H
#define LDBT_RULEC_OUT_STMT_H

#include "rulec/out_text.h"

void out_insn_function(struct out_ctx *ctx);

#endif
