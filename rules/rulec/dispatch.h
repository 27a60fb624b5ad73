/* SPDX-License-Identifier: GPL-2.0-only */
/* dispatch.h: the decoder's table walk: from a word to the short list of instructions that it can be.
 *
 * Two steps, always both, so that there is no branch to mispredict: index bits that most instructions fix lead to an
 * entry; the entry names a few more bits, which lead to a list. Few index bits keep the tables in the cache: a bit that
 * an instruction does not fix (an immediate's) makes it occupy twice as many entries.
 *
 * Owns:    struct dispatch, all parts of fixed size.
 * Promise: every word leads to a list of all instructions that it can be, in order of precedence; the list's reader
 *          still compares mask and condition, so this decides speed and never meaning.
 * Errors:  -1 after a message in diag: the description is larger than the tables here.
 * Next file: dispatch.c, out_decode.c. */
#ifndef LDBT_RULEC_DISPATCH_H
#define LDBT_RULEC_DISPATCH_H

#include "lang/isa.h"

enum {
	DISPATCH_BITS_MAX = 8, /* of the index: 256 entries of 4 bytes */
	DISPATCH_MORE_MAX = 5, /* bits that an entry names */
	DISPATCH_LEAVES_MAX = 8192,
	DISPATCH_LISTS_MAX = 16384,
	DISPATCH_INSNS_MAX = 2048,
};

/* leaf[first_leaf + (word >> shift & ((1 << nbits) - 1))] */
struct dispatch_entry {
	unsigned int shift, nbits, first_leaf;
};

/* The tables for the words of one size. */
struct dispatch {
	const struct isa *isa;
	struct diag *diag;
	unsigned int bits;  /* size of the words: 16 or 32 */
	uint32_t mask;	    /* bits of the word that make the index, lowest first */
	unsigned int nbits; /* set bits of mask */
	struct dispatch_entry entry[1 << DISPATCH_BITS_MAX];
	uint16_t leaf[DISPATCH_LEAVES_MAX]; /* positions in list[] */
	unsigned int nleaves;
	uint16_t list[DISPATCH_LISTS_MAX]; /* 1 + index into isa->insn[], each list ended by 0; list[0] is empty */
	unsigned int nlist;
	uint16_t insn[DISPATCH_INSNS_MAX]; /* of this size, in order of precedence */
	unsigned int ninsns;
};

int dispatch_build(struct dispatch *dispatch, const struct isa *isa, unsigned int bits, struct diag *diag);

#endif
