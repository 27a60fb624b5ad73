// SPDX-License-Identifier: GPL-2.0-only
/* decode_test.c: which words are instructions, against the manual's opcode tables written a second time, by hand.
 * Next file: exec_test.c. */
#include "harness.h"

static unsigned int bits(uint32_t word, unsigned int hi, unsigned int lo)
{
	return word >> lo & ((1u << (hi - lo + 1)) - 1);
}

/* unpriv c-st-ext.adoc, "Instruction listing for RVC, Quadrant 0" */
static bool legal_quadrant_0(uint32_t word)
{
	switch (bits(word, 15, 13)) {
	case 0: return bits(word, 12, 5);
	case 4: return false;
	default: return true;
	}
}

static bool legal_quadrant_1(uint32_t word)
{
	bool has_imm = bits(word, 12, 12) || bits(word, 6, 2);

	switch (bits(word, 15, 13)) {
	case 1: return bits(word, 11, 7);
	case 3: return has_imm;
	case 4: return !(bits(word, 12, 10) == 7 && bits(word, 6, 6));
	default: return true;
	}
}

static bool legal_quadrant_2(uint32_t word)
{
	switch (bits(word, 15, 13)) {
	case 2:
	case 3: return bits(word, 11, 7);
	case 4: return bits(word, 12, 2);
	default: return true;
	}
}

static bool legal_16(uint32_t word)
{
	switch (word & 3) {
	case 0: return legal_quadrant_0(word);
	case 1: return legal_quadrant_1(word);
	default: return legal_quadrant_2(word);
	}
}

static bool legal_amo(uint32_t word)
{
	unsigned int funct5 = bits(word, 31, 27);

	if (bits(word, 14, 12) != 2 && bits(word, 14, 12) != 3)
		return false;
	if (funct5 == 2)
		return !bits(word, 24, 20);
	return funct5 == 3 || funct5 == 1 || funct5 % 4 == 0;
}

static bool legal_system(uint32_t word)
{
	unsigned int funct3 = bits(word, 14, 12);

	if (funct3)
		return funct3 != 4;
	if (bits(word, 31, 25) == 9 || bits(word, 31, 25) == 11)
		return !bits(word, 11, 7);
	if (word == 0x18000073 || word == 0x18100073)
		return true;
	return word == 0x73 || word == 0x100073 || word == 0x30200073 || word == 0x10200073 || word == 0x10500073;
}

/* unpriv zb.adoc: register instructions of Zba, Zbb and Zbs */
static bool legal_op_bits(uint32_t word, bool is_word)
{
	unsigned int funct3 = bits(word, 14, 12), funct7 = bits(word, 31, 25);

	if (funct7 == 16)
		return funct3 == 2 || funct3 == 4 || funct3 == 6;
	if (funct7 == 48)
		return funct3 == 1 || funct3 == 5;
	if (is_word) /* add.uw; zext.h */
		return funct7 == 4 && (!funct3 || (funct3 == 4 && !bits(word, 24, 20)));
	if (funct7 == 5)
		return funct3 >= 4;
	if (funct7 == 32 && (funct3 == 4 || funct3 >= 6))
		return true;
	return (funct3 == 1 && (funct7 == 20 || funct7 == 36 || funct7 == 52)) || (funct3 == 5 && funct7 == 36);
}

static bool legal_op(uint32_t word, bool is_word)
{
	unsigned int funct3 = bits(word, 14, 12), funct7 = bits(word, 31, 25);

	if (funct7 == 1)
		return !is_word || funct3 == 0 || funct3 >= 4;
	if (legal_op_bits(word, is_word))
		return true;
	if (funct7 == 32)
		return funct3 == 0 || funct3 == 5;
	return !funct7 && (!is_word || funct3 == 0 || funct3 == 1 || funct3 == 5);
}

/* The same with an immediate, or one operand: slli.uw, bclri, bexti, binvi, bseti, rori, roriw; clz and the like. */
static bool legal_op_imm_bits(uint32_t word, bool is_word)
{
	unsigned int funct3 = bits(word, 14, 12), funct6 = bits(word, 31, 26), funct12 = bits(word, 31, 20);

	if (funct3 == 1 && funct12 >= 0x600 && funct12 <= 0x602)
		return true;
	if (funct3 == 5 && (is_word ? bits(word, 31, 25) == 48 : funct6 == 24))
		return true;
	if (is_word)
		return funct3 == 1 && funct6 == 2;
	if (funct3 == 1 && (funct12 == 0x604 || funct12 == 0x605))
		return true;
	if (funct3 == 5 && (funct12 == 0x287 || funct12 == 0x6b8))
		return true;
	return (funct3 == 1 && (funct6 == 10 || funct6 == 18 || funct6 == 26)) || (funct3 == 5 && funct6 == 18);
}

static bool legal_op_imm(uint32_t word, bool is_word)
{
	unsigned int funct3 = bits(word, 14, 12), top = is_word ? bits(word, 31, 25) : bits(word, 31, 26) << 1;

	if (legal_op_imm_bits(word, is_word))
		return true;
	if (funct3 == 1)
		return !top;
	if (funct3 == 5)
		return !top || top == 32;
	return !is_word || !funct3;
}

/* Rounding modes 5 and 6 are reserved. */
static bool legal_rm(uint32_t word)
{
	return bits(word, 14, 12) != 5 && bits(word, 14, 12) != 6;
}

/* OP-FP of the formats single (0) and double (1). */
static bool legal_op_fp(uint32_t word)
{
	unsigned int funct3 = bits(word, 14, 12), rs2 = bits(word, 24, 20);

	if (bits(word, 26, 25) > 1)
		return false;
	switch (bits(word, 31, 27)) {
	case 0:
	case 1:
	case 2:
	case 3: return legal_rm(word);
	case 11: return !rs2 && legal_rm(word);
	case 4: return funct3 < 3;
	case 5: return funct3 < 2;
	case 20: return funct3 < 3;
	case 8: return rs2 == !bits(word, 25, 25) && legal_rm(word);
	case 24:
	case 26: return rs2 < 4 && legal_rm(word);
	case 28: return !rs2 && funct3 < 2;
	case 30: return !rs2 && !funct3;
	default: return false;
	}
}

/* unpriv rv-32-64g.adoc, tables of RV32I, RV64I, Zifencei, Zicsr, M, A, F and D; priv-insns.adoc */
static bool legal_32(uint32_t word)
{
	unsigned int funct3 = bits(word, 14, 12);

	switch (bits(word, 6, 0)) {
	case 0x37:
	case 0x17:
	case 0x6f: return true;
	case 0x67: return !funct3;
	case 0x63: return funct3 != 2 && funct3 != 3;
	case 0x03: return funct3 != 7;
	case 0x23: return funct3 < 4;
	case 0x13: return legal_op_imm(word, false);
	case 0x1b: return legal_op_imm(word, true);
	case 0x33: return legal_op(word, false);
	case 0x3b: return legal_op(word, true);
	case 0x0f: return funct3 < 2;
	case 0x2f: return legal_amo(word);
	case 0x07:
	case 0x27: return funct3 == 2 || funct3 == 3;
	case 0x43:
	case 0x47:
	case 0x4b:
	case 0x4f: return bits(word, 26, 25) < 2 && legal_rm(word);
	case 0x53: return legal_op_fp(word);
	case 0x73: return legal_system(word);
	default: return false;
	}
}

static void test_word(uint32_t word, bool is_legal, unsigned int *wrong)
{
	const struct insn_desc *desc = eval_decode(riscv64(), word);

	if (!!desc == is_legal && (!desc || desc->bits == ((word & 3) == 3 ? 32u : 16u)))
		return;
	if ((*wrong)++ < 10)
		check(false, "0x%08x decodes as %s", word, desc ? desc->name : "illegal");
}

/* Mostly words near the ones in use: a major opcode, and often a known funct7. */
static uint32_t random_word(uint64_t *seed)
{
	static const uint8_t opcode[] = { 0x03, 0x0f, 0x13, 0x17, 0x1b, 0x23, 0x2f, 0x33, 0x37, 0x3b, 0x63,
					  0x67, 0x6f, 0x73, 0x07, 0x27, 0x43, 0x47, 0x4b, 0x4f, 0x53, 0x53 };
	uint32_t word;

	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	word = *seed >> 32;
	if (*seed >> 8 & 7)
		word = (word & ~0x7f) | opcode[(*seed >> 12) % sizeof(opcode)];
	if (*seed >> 20 & 1)
		word &= 0x72ffffff;
	return word | 3;
}

static const uint32_t known_table[] = {
	/* exact words and their neighbours, one bit off */
	0x00000073, 0x00100073, 0x30200073, 0x10200073, 0x10500073, 0x12000073, 0x16000073, 0x18000073,
	0x18100073, 0x0000000f, 0x0000100f, 0x1000202f, 0x02000033, 0x40005013, 0x40005033, 0x4000501b,
	0x0200003b, 0x8330000f, 0x00000053, 0x02007053, 0x58000053, 0x40100053, 0x42000053, 0xc0300053,
	0xd2100053, 0xe0001053, 0xf2000053, 0xa2002053, 0x28001053, 0x22002053, 0x00000043,
};

void test_decode(void)
{
	unsigned int wrong = 0;
	uint64_t seed = 1;

	for (uint32_t word = 0; word < 0x10000; word++)
		if ((word & 3) != 3)
			test_word(word, legal_16(word), &wrong);
	check(!wrong, "%u halfwords decode wrongly", wrong);
	wrong = 0;
	for (unsigned int i = 0; i < 300000; i++) {
		uint32_t word = random_word(&seed);

		test_word(word, legal_32(word), &wrong);
	}
	for (unsigned int i = 0; i < sizeof(known_table) / sizeof(known_table[0]); i++)
		for (unsigned int bit = 2; bit < 32; bit++)
			test_word(known_table[i] ^ 1u << bit, legal_32(known_table[i] ^ 1u << bit), &wrong);
	check(!wrong, "%u words decode wrongly", wrong);
}
