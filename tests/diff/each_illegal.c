// SPDX-License-Identifier: GPL-2.0-only
/* each_illegal.c: every 16-bit word, and random 32-bit ones, that are no instruction of enc_table.c: they trap, or are
 * hints and do nothing. What is left out: SYSTEM words with funct3 0..3 and 5..7 (privileged instructions and CSRs,
 * of which emulators have different sets) and fence.i with operands. */
#include <string.h>

#include "each.h"

enum { WORDS_PER_BLOCK = 40, RANDOM_WORDS = 20000 };

static uint8_t is_known[65536];

static void mark_format(const struct enc *e)
{
	struct imm_range r = enc_imm_range(e->fmt);
	struct reg_use use = enc_reg_use(e->fmt);

	for (int32_t imm = r.lo; imm <= r.hi; imm += r.step ? r.step : 1) {
		if (!imm && r.zero_is_reserved)
			continue;
		for (unsigned int regs = 0; regs < 1024; regs++) {
			struct operands o = { .imm = imm, .rd = (uint8_t)(regs & 31), .rs2 = (uint8_t)(regs >> 5) };

			o.rs1 = use.rd && !use.rs2 ? o.rs2 : o.rd;
			if (use.rd && use.rd != REG_ANY && use.rd != REG_3BITS && !o.rd)
				continue;
			if (use.rd == REG_NOT_0_2 && o.rd == 2)
				continue;
			if ((use.rs1 == REG_NOT_ZERO && !o.rs1) || (use.rs2 == REG_NOT_ZERO && !o.rs2))
				continue;
			is_known[enc_word(e, &o)] = 1;
		}
		if (!r.step)
			break;
	}
}

static void begin_if_full(struct gen *g, unsigned int *words)
{
	if (*words && *words % WORDS_PER_BLOCK == 0)
		gen_block_end(g);
	if (*words % WORDS_PER_BLOCK == 0)
		gen_block_begin(g);
	++*words;
}

void each_illegal_all(struct gen *g)
{
	unsigned int words = 0, left = RANDOM_WORDS;

	memset(is_known, 0, sizeof(is_known));
	for (unsigned int i = 0; i < enc_count; i++)
		if (enc_is_compressed(&enc_table[i]))
			mark_format(&enc_table[i]);
	for (uint32_t w = 0; w < 65536; w++) {
		if ((w & 3) == 3 || is_known[w])
			continue;
		begin_if_full(g, &words);
		gen_word(g, w, 2);
	}
	while (left) {
		uint32_t w = (uint32_t)gen_random(g) | 3;

		if (gen_chance(g, 70)) /* near a known one */
			w = gen_pick(g, CLASS_ALU)->match ^ 1u << gen_below(g, 32) ^ (w & 0x01fff000);
		if (enc_of_word32(w) || (w & 3) != 3 || ((w & 0x7f) == 0x73 && (w >> 12 & 7) != 4) ||
		    ((w & 0x7f) == 0x0f && (w >> 12 & 7) < 2))
			continue;
		begin_if_full(g, &words);
		gen_word(g, w, 4);
		left--;
	}
	gen_block_end(g);
}
