// SPDX-License-Identifier: GPL-2.0-only
/* dispatch.c: chooses the index bits of the decoder's table and fills it.
 *
 * A bit is worth what pairs of instructions it tells apart; bits are taken greedily until none is worth anything or the
 * table has its size. Next file: out_decode.c. */
#include "rulec/dispatch.h"

#include <string.h>

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

/* Pairs that the mask does not tell apart, but would with this bit. */
static unsigned int bit_worth(const struct dispatch *d, uint32_t bit)
{
	unsigned int i, j, worth = 0;

	for (i = 0; i < d->ninsns; i++)
		for (j = 0; j < i; j++)
			if (!told_apart(insn_at(d, i), insn_at(d, j), d->mask) &&
			    told_apart(insn_at(d, i), insn_at(d, j), bit))
				worth++;
	return worth;
}

static void choose_bits(struct dispatch *d)
{
	while (d->nbits < DISPATCH_BITS_MAX) {
		unsigned int bit, worth, best_worth = 0;
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

uint32_t dispatch_bits(const struct dispatch *d, unsigned int index)
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

/* Writes the list of instructions that agree with these bits behind the last one; returns its length with the 0. */
static unsigned int list_make(struct dispatch *d, uint32_t bits)
{
	unsigned int i, length = 0;

	for (i = 0; i < d->ninsns; i++)
		if (!((insn_at(d, i)->match ^ bits) & insn_at(d, i)->mask & d->mask))
			d->list[d->nlist + length++] = 1 + d->insn[i];
	d->list[d->nlist + length++] = 0;
	return length;
}

/* A list that is there already is used again, also the tail of a longer one. */
static unsigned int list_find(const struct dispatch *d, unsigned int length)
{
	unsigned int at;

	for (at = 0; at < d->nlist; at++)
		if (!memcmp(&d->list[at], &d->list[d->nlist], length * sizeof(d->list[0])))
			return at;
	return d->nlist;
}

int dispatch_build(struct dispatch *d, const struct isa *isa, unsigned int bits, struct diag *diag)
{
	unsigned int index;

	*d = (struct dispatch){ .isa = isa, .diag = diag, .bits = bits, .nlist = 1 };
	if (collect(d))
		return -1;
	choose_bits(d);
	for (index = 0; index < 1u << d->nbits; index++) {
		unsigned int length, at;

		if (d->nlist + d->ninsns + 1 > DISPATCH_LISTS_MAX)
			return full(d);
		length = list_make(d, dispatch_bits(d, index));
		at = list_find(d, length);
		if (at == d->nlist)
			d->nlist += length;
		d->entry[index] = at;
	}
	return 0;
}
