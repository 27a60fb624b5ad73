// SPDX-License-Identifier: GPL-2.0-only
/* overlap.c: refuses descriptions in which one word is two instructions. Next file: eval.c. */
#include "lang/front.h"

#include "lang/eval.h"

enum {
	EXHAUSTIVE_BITS_MAX = 18, /* so many free bits are tried in all combinations */
	SAMPLES = 1 << 16,	  /* else so many pseudo-random words */
};

/* Word bits that the fields in an expression stand in. */
static uint32_t ex_bits(const struct insn_desc *desc, const struct ex *e)
{
	uint32_t bits = 0;

	if (!e)
		return 0;
	if (e->kind == EX_FIELD)
		return field_insert(&desc->field[e->index], -1 + (int64_t)desc->field[e->index].bias);
	for (unsigned int i = 0; i < e->nargs; i++)
		bits |= ex_bits(desc, e->arg[i]);
	return bits;
}

/* Deposits the low bits of value at the set bits of mask. */
static uint32_t scatter(uint32_t value, uint32_t mask)
{
	uint32_t word = 0;

	for (; mask; mask &= mask - 1, value >>= 1)
		if (value & 1)
			word |= mask & -mask;
	return word;
}

/* A word that is both, into *word. */
static bool find_common(const struct isa *isa, const struct insn_desc *a, const struct insn_desc *b, uint32_t *word)
{
	uint32_t fixed = a->mask | b->mask;
	uint32_t vary = (ex_bits(a, a->when) | ex_bits(b, b->when)) & ~fixed;
	unsigned int nbits = __builtin_popcount(vary);
	uint32_t tries = nbits <= EXHAUSTIVE_BITS_MAX ? 1u << nbits : SAMPLES;
	uint64_t random = 88172645463325252ULL;

	if ((a->match ^ b->match) & a->mask & b->mask)
		return false;
	for (uint32_t i = 0; i < tries; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		*word = a->match | b->match | scatter(nbits <= EXHAUSTIVE_BITS_MAX ? i : random >> 16, vary);
		if (eval_encodes(isa, a, *word) && eval_encodes(isa, b, *word))
			return true;
	}
	return false;
}

/* With both sizes in use, the low two bits tell them apart: unpriv intro.adoc, "Base Instruction-Length Encoding". */
static void check_length(const struct isa *isa, struct diag *diag)
{
	bool has_16 = false, has_32 = false;

	for (unsigned int i = 0; i < isa->ninsns; i++) {
		has_16 |= isa->insn[i]->bits == 16;
		has_32 |= isa->insn[i]->bits == 32;
	}
	for (unsigned int i = 0; has_16 && has_32 && i < isa->ninsns; i++) {
		const struct insn_desc *desc = isa->insn[i];
		bool is_long = (desc->match & 3) == 3;

		if ((desc->mask & 3) != 3 || is_long != (desc->bits == 32))
			diag_error(diag, desc->loc,
				   "%s: the low two bits must be 11 for 32 bits and 00, 01 or 10 for 16", desc->name);
	}
}

static void check_pair(const struct isa *isa, const struct insn_desc *a, const struct insn_desc *b, struct diag *diag)
{
	uint32_t word;

	if (a->bits != b->bits || a->yields != b->yields || !find_common(isa, a, b, &word))
		return;
	diag_error(diag, b->loc, "0x%0*x is both %s and %s (line %d): add a when, or mark one insn*", b->bits / 4, word,
		   b->name, a->name, a->loc.line);
}

void overlap_check(const struct isa *isa, struct diag *diag)
{
	check_length(isa, diag);
	for (unsigned int i = 0; i < isa->ninsns; i++)
		for (unsigned int k = i + 1; k < isa->ninsns; k++)
			check_pair(isa, isa->insn[i], isa->insn[k], diag);
}
