/* SPDX-License-Identifier: GPL-2.0-only */
/* extract.h: filling the slots of an instruction by data instead of by branches.
 *
 * A slot whose bits lie together in the word is two shifts, a mask and a sum. At most one slot of a form may be an
 * immediate whose bits are scattered: in 32-bit words all kinds of them are computed and one is taken, in 16-bit words
 * it is the sum of two table entries, by the lower and by the upper half of the bits in question.
 *
 * Owns:    nothing; fields of struct extract_kinds belong to the isa.
 * Promise: with is_fast, these steps give what out_slots() describes.      [checked: tests/isa/test_decode.c]
 * Errors:  is_fast false: more slots than EXTRACT_SLOTS, or a constant or kind too many; the decoder then branches.
 * Next file: extract.c, out_decode.c. */
#ifndef LDBT_RULEC_EXTRACT_H
#define LDBT_RULEC_EXTRACT_H

#include "lang/isa.h"

enum { EXTRACT_SLOTS = 3, EXTRACT_LONG_MAX = 5, EXTRACT_SHORT_MAX = 24 };

/* f = (s32)(((s64)((u64)word << left) >> right) & mask) + add */
struct extract_slot {
	unsigned int left, right;
	uint32_t mask;
	int add;
};

/* Scattered immediates; number 0 stands for none. */
struct extract_kinds {
	const struct field *field[EXTRACT_SHORT_MAX];
	unsigned int count, max;
};

struct extract {
	bool is_fast;
	struct extract_slot slot[EXTRACT_SLOTS];
	unsigned int imm_slot, imm_kind; /* the scattered immediate is added to this slot, which is 0 before */
};

/* kinds: of the instruction's size; grows. */
void extract_of(const struct insn_desc *insn, struct extract_kinds *kinds, struct extract *out);

#endif
