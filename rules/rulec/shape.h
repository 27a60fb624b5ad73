/* SPDX-License-Identifier: GPL-2.0-only */
/* shape.h: simpler instructions where x0, constants or equal registers allow them.
 *
 * Owns:    nothing.
 * Promise: the same effect on registers, memory and every flag that the arm still reads; proved with the variant.
 * Errors:  none.
 * Next file: legal.c. */
#ifndef LDBT_RULEC_SHAPE_H
#define LDBT_RULEC_SHAPE_H

#include "rulec/legal.h"

/* Before operands are placed: rewrites the instruction. True: nothing is left of it. */
bool shape_insn(struct legal *lg, struct src_insn *insn);
/* lea of the sum of two homed registers: true, and the instruction is mov with `second` an add from memory behind it. */
bool shape_split_lea(const struct legal *lg, struct src_insn *insn, struct src_insn *second);
/* When operands are placed: a shorter form of the same. */
void shape_final(struct legal *lg, const char **name, struct hop *op);

#endif
