// SPDX-License-Identifier: GPL-2.0-only
/* dispatch.c: chooses the index bits of the decoder's tables and fills them.
 *
 * A bit is worth the pairs of instructions it tells apart, less the instructions that do not fix it; bits are taken
 * greedily until none is worth anything or the table has its size. Next file: out_decode.c. */
#include "rulec/dispatch.h"

#include <string.h>

enum { PAIR_WORTH = 2 };

static const struct insn_desc *insn_at(const struct dispatch *d, unsigned int i)
{
	return d->isa->insn[d->insn[i]];
}

static int full(struct dispatch *d)
{
	struct loc loc = { d->isa->name, 0 };

	diag_error(d->diag, loc, "decoder table is full, raise the limits in rulec/dispatch.h");
	return -1;
}

/* Instructions that yield come last. */
static int collect(struct dispatch *d)
{
	unsigned int i, pass;

	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < d->isa->ninsns; i++) {
			const struct insn_desc *insn = d->isa->insn[i];

			if (insn->bits != d->bits || insn->yields != (pass == 1))
				continue;
			if (d->ninsns == DISPATCH_INSNS_MAX)
				return full(d);
			d->insn[d->ninsns++] = i;
		}
	}
	return 0;
}

static bool told_apart(const struct insn_desc *a, const struct insn_desc *b, uint32_t bits)
{
	return (a->match ^ b->match) & a->mask & b->mask & bits;
}

/* Pairs that the mask does not tell apart but would with this bit, against instructions that would be repeated. */
static int bit_worth(const struct dispatch *d, uint32_t bit)
{
	unsigned int i, j;
	int worth = 0;

	for (i = 0; i < d->ninsns; i++) {
		worth -= !(insn_at(d, i)->mask & bit);
		for (j = 0; j < i; j++)
			if (!told_apart(insn_at(d, i), insn_at(d, j), d->mask) &&
			    told_apart(insn_at(d, i), insn_at(d, j), bit))
				worth += PAIR_WORTH;
	}
	return worth;
}

static void choose_bits(struct dispatch *d)
{
	while (d->nbits < DISPATCH_BITS_MAX) {
		int worth, best_worth = 0;
		unsigned int bit;
		uint32_t best = 0;

		for (bit = 0; bit < d->bits; bit++) {
			worth = bit_worth(d, 1u << bit);
			if (worth > best_worth) {
				best_worth = worth;
				best = 1u << bit;
			}
		}
		if (!best)
			return;
		d->mask |= best;
		d->nbits++;
	}
}

/* Spreads an index over the bits of the mask. */
static uint32_t index_bits(const struct dispatch *d, unsigned int index)
{
	uint32_t bits = 0;
	unsigned int bit;

	for (bit = 0; bit < 32; bit++) {
		if (!(d->mask >> bit & 1))
			continue;
		bits |= (index & 1) << bit;
		index >>= 1;
	}
	return bits;
}

/* Instructions that agree with `bits` where `known` has ones; returns how many, and them in out if it is not NULL. */
static unsigned int agreeing(const struct dispatch *d, uint32_t known, uint32_t bits, uint16_t *out)
{
	unsigned int i, count = 0;

	for (i = 0; i < d->ninsns; i++) {
		if ((insn_at(d, i)->match ^ bits) & insn_at(d, i)->mask & known)
			continue;
		if (out)
			out[count] = 1 + d->insn[i];
		count++;
	}
	return count;
}

/* The run of bits whose longest list is shortest; the shorter run among equals. */
static struct dispatch_entry choose_run(const struct dispatch *d, uint32_t bits)
{
	struct dispatch_entry best = { 0, 0, 0 }, run;
	unsigned int best_longest = agreeing(d, d->mask, bits, NULL);

	for (run.nbits = 1; run.nbits <= DISPATCH_MORE_MAX; run.nbits++) {
		for (run.shift = 0; run.shift + run.nbits <= d->bits && best_longest > 1; run.shift++) {
			uint32_t ones = ((1u << run.nbits) - 1) << run.shift, value;
			unsigned int longest = 0;

			for (value = 0; value < 1u << run.nbits; value++) {
				uint32_t more = (bits & d->mask) | (value << run.shift & ~d->mask);
				unsigned int length = agreeing(d, d->mask | ones, more, NULL);

				longest = length > longest ? length : longest;
			}
			if (longest < best_longest) {
				best = (struct dispatch_entry){ run.shift, run.nbits, 0 };
				best_longest = longest;
			}
		}
	}
	return best;
}

/* A list that is there already is used again, also the tail of a longer one. */
static int list_add(struct dispatch *d, uint32_t known, uint32_t bits)
{
	unsigned int at, length;

	if (d->nlist + d->ninsns + 1 > DISPATCH_LISTS_MAX)
		return full(d);
	length = agreeing(d, known, bits, &d->list[d->nlist]);
	d->list[d->nlist + length++] = 0;
	for (at = 0; at < d->nlist; at++)
		if (!memcmp(&d->list[at], &d->list[d->nlist], length * sizeof(d->list[0])))
			return (int)at;
	d->nlist += length;
	return (int)at;
}

static int entry_add(struct dispatch *d, unsigned int index)
{
	uint32_t bits = index_bits(d, index), value;
	struct dispatch_entry *entry = &d->entry[index];

	*entry = choose_run(d, bits);
	entry->first_leaf = d->nleaves;
	if (d->nleaves + (1u << entry->nbits) > DISPATCH_LEAVES_MAX)
		return full(d);
	for (value = 0; value < 1u << entry->nbits; value++) {
		uint32_t ones = ((1u << entry->nbits) - 1) << entry->shift;
		int at = list_add(d, d->mask | ones, bits | (value << entry->shift & ~d->mask));

		if (at < 0)
			return -1;
		d->leaf[d->nleaves++] = at;
	}
	return 0;
}

int dispatch_build(struct dispatch *d, const struct isa *isa, unsigned int bits, struct diag *diag)
{
	unsigned int index;

	*d = (struct dispatch){ .isa = isa, .diag = diag, .bits = bits, .nlist = 1 };
	if (collect(d))
		return -1;
	choose_bits(d);
	for (index = 0; index < 1u << d->nbits; index++)
		if (entry_add(d, index))
			return -1;
	return 0;
}
