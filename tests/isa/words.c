// SPDX-License-Identifier: GPL-2.0-only
/* words.c: edge and random instruction words. */
#include "words.h"

#include <stdlib.h>

uint64_t random_next(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * 0x2545f4914f6cdd1dULL;
}

void words_add(struct words *words, uint32_t word)
{
	if (words->count == words->room) {
		words->room = words->room ? 2 * words->room : 4096;
		words->word = realloc(words->word, words->room * sizeof(words->word[0]));
		if (!words->word)
			exit(2);
	}
	words->word[words->count++] = word;
}

void words_free(struct words *words)
{
	free(words->word);
	*words = (struct words){ 0 };
}

void words_add_short(struct words *words)
{
	uint32_t word;

	for (word = 0; word < 0x10000; word++)
		if ((word & 3) != 3)
			words_add(words, word);
}

/* Bits of the word that belong to the field. */
static uint32_t field_mask(const struct field *field)
{
	uint32_t mask = 0;
	unsigned int i;

	for (i = 0; i < field->npieces; i++)
		mask |= (uint32_t)((1ULL << field->piece[i].nbits) - 1) << field->piece[i].word_lo;
	return mask;
}

/* The n-th edge of a field as bits of the word: none, all, the lowest, the highest, all but the highest. */
static uint32_t field_edge(uint32_t mask, unsigned int n)
{
	uint32_t lowest = mask & -mask, highest = mask ? 0x80000000u >> __builtin_clz(mask) : 0;
	const uint32_t edges[] = { 0, mask, lowest, highest, mask & ~highest };

	return edges[n];
}

void words_add_edges(struct words *words, const struct isa *isa, uint64_t *seed)
{
	unsigned int i, f, n, bit;

	for (i = 0; i < isa->ninsns; i++) {
		const struct insn_desc *insn = isa->insn[i];

		for (f = 0; insn->bits == 32 && f <= insn->nfields; f++) {
			uint32_t mask = f < insn->nfields ? field_mask(&insn->field[f]) : 0;

			for (n = 0; n < 5; n++) {
				uint32_t other = (uint32_t)random_next(seed) & ~insn->mask;
				uint32_t word = insn->match | (other & ~mask) | field_edge(mask, n);

				words_add(words, word);
				for (bit = 2; bit < 32; bit++)
					words_add(words, word ^ 1u << bit);
			}
		}
	}
}

void words_add_opcodes(struct words *words, uint64_t *seed)
{
	uint32_t opcode, funct3, funct7;

	for (opcode = 0; opcode < 32; opcode++)
		for (funct3 = 0; funct3 < 8; funct3++)
			for (funct7 = 0; funct7 < 128; funct7++)
				words_add(words, 3 | opcode << 2 | funct3 << 12 | funct7 << 25 |
							 ((uint32_t)random_next(seed) & 0x01ff8f80));
}

void words_add_csrs(struct words *words)
{
	uint32_t number;

	for (number = 0; number < 4096; number++) {
		words_add(words, number << 20 | 0x00002573); /* csrrs a0, number, zero */
		words_add(words, number << 20 | 0x0007d073); /* csrrwi zero, number, 15 */
	}
}

void words_add_random(struct words *words, size_t count, uint64_t *seed)
{
	/* LOAD LOAD-FP MISC-MEM OP-IMM AUIPC OP-IMM-32 STORE STORE-FP AMO OP LUI OP-32 MADD MSUB NMSUB NMADD OP-FP
	 * BRANCH JALR JAL SYSTEM; unpriv "RISC-V base opcode map" */
	static const uint8_t used[] = {
		0, 1, 3, 4, 5, 6, 8, 9, 11, 12, 13, 14, 16, 17, 18, 19, 20, 20, 24, 25, 27, 28
	};

	while (count--) {
		uint64_t r = random_next(seed);
		uint32_t word = (uint32_t)r | 3;

		if (r >> 63)
			word = (word & ~0x7cu) | (uint32_t)used[(r >> 40) % sizeof(used)] << 2;
		words_add(words, word);
	}
}
