/* SPDX-License-Identifier: GPL-2.0-only */
/* dispatch.h: the decoder's first step: few bits of the word as an index, behind it the instructions it can be.
 *
 * Owns:    struct dispatch, all parts of fixed size.
 * Promise: every index leads to a list of all instructions that a word with these bits can be, in order of precedence;
 *          the list's reader still compares mask and condition, so this decides speed and never meaning.
 * Errors:  -1 after a message in diag: the description is larger than the tables here.
 * Next file: dispatch.c, out_decode.c. */
#ifndef LDBT_RULEC_DISPATCH_H
#define LDBT_RULEC_DISPATCH_H

#include "lang/isa.h"

enum {
	DISPATCH_BITS_MAX = 12, /* 4096 entries of 2 bytes; real code touches few of their cache lines */
	DISPATCH_LISTS_MAX = 16384,
	DISPATCH_INSNS_MAX = 2048,
};

/* One table for the words of one size. */
struct dispatch {
	const struct isa *isa;
	struct diag *diag;
	unsigned int bits;			/* size of the words: 16 or 32 */
	uint32_t mask;				/* bits of the word that make the index, lowest first */
	unsigned int nbits;			/* set bits of mask */
	uint16_t entry[1 << DISPATCH_BITS_MAX]; /* positions in list[] */
	uint16_t list[DISPATCH_LISTS_MAX];	/* 1 + index into isa->insn[], each list ended by 0; list[0] is empty */
	unsigned int nlist;
	uint16_t insn[DISPATCH_INSNS_MAX]; /* of this size, in order of precedence */
	unsigned int ninsns;
};

int dispatch_build(struct dispatch *dispatch, const struct isa *isa, unsigned int bits, struct diag *diag);

/* Spreads an index over the bits of mask. */
uint32_t dispatch_bits(const struct dispatch *dispatch, unsigned int index);

#endif
