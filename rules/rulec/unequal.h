/* SPDX-License-Identifier: GPL-2.0-only */
/* unequal.h: conditions of the kind "field != number && field != number", as masks on the word.
 *
 * Owns:    nothing.
 * Promise: when unequal_of() is true, the condition holds for a word exactly if (word & mask) != value for all of them.
 *          Nearly all conditions of a real ISA are of this kind; the decoder tests them without a branch of their own.
 * Errors:  false: the condition is of another kind; out[] is then as for no condition.
 * Next file: unequal.c, out_decode.c. */
#ifndef LDBT_RULEC_UNEQUAL_H
#define LDBT_RULEC_UNEQUAL_H

#include "lang/isa.h"

enum { UNEQUAL_MAX = 2 };

/* { 0, 1 } always holds. */
struct unequal {
	uint32_t mask, value;
};

bool unequal_of(const struct insn_desc *insn, struct unequal out[UNEQUAL_MAX]);

#endif
