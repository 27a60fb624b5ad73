/* SPDX-License-Identifier: GPL-2.0-only */
/* words.h: the instruction words that the decoder and the disassembler are tested with.
 *
 * Owns:    nothing; the caller's struct words grows and is freed by words_free().
 * Promise: same seed, same words.
 * Errors:  exit status 2 when memory runs out: a test program has no other use for it.
 * Next file: words.c. */
#ifndef LDBT_TESTS_WORDS_H
#define LDBT_TESTS_WORDS_H

#include "lang/isa.h"

struct words {
	uint32_t *word;
	size_t count, room;
};

uint64_t random_next(uint64_t *seed); /* xorshift64*; seed must not be 0 */

void words_add(struct words *words, uint32_t word);
void words_free(struct words *words);

/* All 49,152 words of 16 bits (those whose low two bits are not 3). */
void words_add_short(struct words *words);
/* Each 32-bit instruction with each field at its edges and random others, and each of them with one bit flipped. */
void words_add_edges(struct words *words, const struct isa *isa, uint64_t *seed);
/* Every value of opcode, funct3 and funct7, other bits random: nothing between the instructions is left out. */
void words_add_opcodes(struct words *words, uint64_t *seed);
/* Every CSR number, in the two shapes of a CSR instruction. */
void words_add_csrs(struct words *words);
/* Random 32-bit words; half of them have an opcode of the base map that is in use. */
void words_add_random(struct words *words, size_t count, uint64_t *seed);

#endif
