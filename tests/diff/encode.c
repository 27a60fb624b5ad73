// SPDX-License-Identifier: GPL-2.0-only
/* encode.c: bit placement of the formats. The list of instructions: enc_table.c. */
#include "encode.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

/* bits hi..lo of v, moved so that lo comes to `at` */
static uint32_t put(int32_t v, int hi, int lo, int at)
{
	return ((uint32_t)v >> lo & ((1u << (hi - lo + 1)) - 1)) << at;
}

const struct enc *enc_find(const char *name)
{
	for (unsigned int i = 0; i < enc_count; i++)
		if (!strcmp(enc_table[i].name, name))
			return &enc_table[i];
	assert(!"no such instruction");
	return enc_table;
}

bool enc_is_compressed(const struct enc *e)
{
	return (e->match & 3) != 3;
}

/* [FMT_COUNT]; formats not listed have no immediate */
static const struct imm_range imm_table[FMT_COUNT] = {
	[FMT_I] = { -2048, 2047, 1, false },	    [FMT_SHIFT6] = { 0, 63, 1, false },
	[FMT_SHIFT5] = { 0, 31, 1, false },	    [FMT_U] = { -0x80000, 0x7ffff, 1, false },
	[FMT_LOAD] = { -2048, 2047, 1, false },	    [FMT_STORE] = { -2048, 2047, 1, false },
	[FMT_BRANCH] = { -4096, 4094, 2, false },   [FMT_JAL] = { -0x100000, 0xffffe, 2, false },
	[FMT_JALR] = { -2048, 2047, 1, false },	    [FMT_C_ADDI4SPN] = { 4, 1020, 4, true },
	[FMT_C_LW3] = { 0, 124, 4, false },	    [FMT_C_LD3] = { 0, 248, 8, false },
	[FMT_C_SW3] = { 0, 124, 4, false },	    [FMT_C_SD3] = { 0, 248, 8, false },
	[FMT_C_IMM] = { -32, 31, 1, false },	    [FMT_C_LI] = { -32, 31, 1, false },
	[FMT_C_ADDI16SP] = { -512, 496, 16, true }, [FMT_C_LUI] = { -32, 31, 1, true },
	[FMT_C_SHR3] = { 0, 63, 1, false },	    [FMT_C_ANDI3] = { -32, 31, 1, false },
	[FMT_C_SLLI] = { 0, 63, 1, false },	    [FMT_C_LWSP] = { 0, 252, 4, false },
	[FMT_C_LDSP] = { 0, 504, 8, false },	    [FMT_C_SWSP] = { 0, 252, 4, false },
	[FMT_C_SDSP] = { 0, 504, 8, false },	    [FMT_C_J] = { -2048, 2046, 2, false },
	[FMT_C_BRANCH3] = { -256, 254, 2, false },
};

struct imm_range enc_imm_range(enum fmt fmt)
{
	return imm_table[fmt];
}

/* [FMT_COUNT] */
static const struct reg_use use_table[FMT_COUNT] = {
	[FMT_R] = { REG_ANY, REG_ANY, REG_ANY, false },
	[FMT_I] = { REG_ANY, REG_ANY, 0, false },
	[FMT_SHIFT6] = { REG_ANY, REG_ANY, 0, false },
	[FMT_SHIFT5] = { REG_ANY, REG_ANY, 0, false },
	[FMT_UNARY] = { REG_ANY, REG_ANY, 0, false },
	[FMT_U] = { REG_ANY, 0, 0, false },
	[FMT_LOAD] = { REG_ANY, REG_ANY, 0, false },
	[FMT_STORE] = { 0, REG_ANY, REG_ANY, false },
	[FMT_BRANCH] = { 0, REG_ANY, REG_ANY, false },
	[FMT_JAL] = { REG_ANY, 0, 0, false },
	[FMT_JALR] = { REG_ANY, REG_ANY, 0, false },
	[FMT_AMO] = { REG_ANY, REG_ANY, REG_ANY, false },
	[FMT_LR] = { REG_ANY, REG_ANY, 0, false },
	[FMT_SC] = { REG_ANY, REG_ANY, REG_ANY, false },
	[FMT_CSR] = { REG_ANY, REG_ANY, 0, false },
	[FMT_CSRI] = { REG_ANY, 0, 0, false },
	[FMT_C_ADDI4SPN] = { REG_3BITS, REG_SP, 0, false },
	[FMT_C_LW3] = { REG_3BITS, REG_3BITS, 0, false },
	[FMT_C_LD3] = { REG_3BITS, REG_3BITS, 0, false },
	[FMT_C_SW3] = { 0, REG_3BITS, REG_3BITS, false },
	[FMT_C_SD3] = { 0, REG_3BITS, REG_3BITS, false },
	[FMT_C_IMM] = { REG_NOT_ZERO, 0, 0, true },
	[FMT_C_LI] = { REG_NOT_ZERO, 0, 0, false },
	[FMT_C_ADDI16SP] = { REG_SP, REG_SP, 0, true },
	[FMT_C_LUI] = { REG_NOT_0_2, 0, 0, false },
	[FMT_C_SHR3] = { REG_3BITS, 0, 0, true },
	[FMT_C_ANDI3] = { REG_3BITS, 0, 0, true },
	[FMT_C_R3] = { REG_3BITS, 0, REG_3BITS, true },
	[FMT_C_SLLI] = { REG_NOT_ZERO, 0, 0, true },
	[FMT_C_LWSP] = { REG_NOT_ZERO, REG_SP, 0, false },
	[FMT_C_LDSP] = { REG_NOT_ZERO, REG_SP, 0, false },
	[FMT_C_SWSP] = { 0, REG_SP, REG_ANY, false },
	[FMT_C_SDSP] = { 0, REG_SP, REG_ANY, false },
	[FMT_C_MV] = { REG_NOT_ZERO, 0, REG_NOT_ZERO, false },
	[FMT_C_ADD] = { REG_NOT_ZERO, 0, REG_NOT_ZERO, true },
	[FMT_C_BRANCH3] = { 0, REG_3BITS, 0, false },
	[FMT_C_JR] = { 0, REG_NOT_ZERO, 0, false },
	[FMT_C_JALR] = { 0, REG_NOT_ZERO, 0, false },
};

struct reg_use enc_reg_use(enum fmt fmt)
{
	return use_table[fmt];
}

static uint32_t word32(const struct enc *e, const struct operands *o)
{
	uint32_t rd = (uint32_t)o->rd << 7, rs1 = (uint32_t)o->rs1 << 15, rs2 = (uint32_t)o->rs2 << 20;
	int32_t imm = o->imm;

	switch (e->fmt) {
	case FMT_R: return e->match | rd | rs1 | rs2;
	case FMT_AMO:
	case FMT_LR:
	case FMT_SC: return e->match | rd | rs1 | (e->fmt == FMT_LR ? 0 : rs2) | (uint32_t)o->aqrl << 25;
	case FMT_I:
	case FMT_LOAD:
	case FMT_JALR:
	case FMT_CSR:
	case FMT_CSRI: return e->match | rd | rs1 | put(imm, 11, 0, 20);
	case FMT_SHIFT6: return e->match | rd | rs1 | put(imm, 5, 0, 20);
	case FMT_SHIFT5: return e->match | rd | rs1 | put(imm, 4, 0, 20);
	case FMT_U: return e->match | rd | put(imm, 19, 0, 12);
	case FMT_STORE: return e->match | rs1 | rs2 | put(imm, 11, 5, 25) | put(imm, 4, 0, 7);
	case FMT_BRANCH:
		return e->match | rs1 | rs2 | put(imm, 12, 12, 31) | put(imm, 10, 5, 25) | put(imm, 4, 1, 8) |
		       put(imm, 11, 11, 7);
	case FMT_JAL:
		return e->match | rd | put(imm, 20, 20, 31) | put(imm, 10, 1, 21) | put(imm, 11, 11, 20) |
		       put(imm, 19, 12, 12);
	case FMT_UNARY: return e->match | rd | rs1;
	case FMT_FENCE: return e->match | put(imm, 7, 0, 20);
	default: return e->match;
	}
}

static uint32_t word16_memory(const struct enc *e, const struct operands *o)
{
	uint32_t rd3 = (o->rd & 7u) << 2, base3 = (o->rs1 & 7u) << 7, rs2 = (uint32_t)o->rs2 << 2;
	int32_t imm = o->imm;

	switch (e->fmt) {
	case FMT_C_LW3: return rd3 | base3 | put(imm, 5, 3, 10) | put(imm, 2, 2, 6) | put(imm, 6, 6, 5);
	case FMT_C_LD3: return rd3 | base3 | put(imm, 5, 3, 10) | put(imm, 7, 6, 5);
	case FMT_C_SW3: return (o->rs2 & 7u) << 2 | base3 | put(imm, 5, 3, 10) | put(imm, 2, 2, 6) | put(imm, 6, 6, 5);
	case FMT_C_SD3: return (o->rs2 & 7u) << 2 | base3 | put(imm, 5, 3, 10) | put(imm, 7, 6, 5);
	case FMT_C_LWSP: return (uint32_t)o->rd << 7 | put(imm, 5, 5, 12) | put(imm, 4, 2, 4) | put(imm, 7, 6, 2);
	case FMT_C_LDSP: return (uint32_t)o->rd << 7 | put(imm, 5, 5, 12) | put(imm, 4, 3, 5) | put(imm, 8, 6, 2);
	case FMT_C_SWSP: return rs2 | put(imm, 5, 2, 9) | put(imm, 7, 6, 7);
	default: return rs2 | put(imm, 5, 3, 10) | put(imm, 8, 6, 7); /* FMT_C_SDSP */
	}
}

static uint32_t word16_other(const struct enc *e, const struct operands *o)
{
	uint32_t rd = (uint32_t)o->rd << 7, rs2 = (uint32_t)o->rs2 << 2, rd3 = (o->rd & 7u) << 7;
	int32_t imm = o->imm;
	uint32_t imm6 = put(imm, 5, 5, 12) | put(imm, 4, 0, 2);

	switch (e->fmt) {
	case FMT_C_ADDI4SPN:
		return (o->rd & 7u) << 2 | put(imm, 5, 4, 11) | put(imm, 9, 6, 7) | put(imm, 2, 2, 6) |
		       put(imm, 3, 3, 5);
	case FMT_C_IMM:
	case FMT_C_LI:
	case FMT_C_LUI:
	case FMT_C_SLLI: return rd | imm6;
	case FMT_C_ADDI16SP:
		return put(imm, 9, 9, 12) | put(imm, 4, 4, 6) | put(imm, 6, 6, 5) | put(imm, 8, 7, 3) |
		       put(imm, 5, 5, 2);
	case FMT_C_SHR3:
	case FMT_C_ANDI3: return rd3 | imm6;
	case FMT_C_R3: return rd3 | (o->rs2 & 7u) << 2;
	case FMT_C_MV:
	case FMT_C_ADD: return rd | rs2;
	case FMT_C_JR:
	case FMT_C_JALR: return (uint32_t)o->rs1 << 7;
	case FMT_C_BRANCH3:
		return (o->rs1 & 7u) << 7 | put(imm, 8, 8, 12) | put(imm, 4, 3, 10) | put(imm, 7, 6, 5) |
		       put(imm, 2, 1, 3) | put(imm, 5, 5, 2);
	case FMT_C_J:
		return put(imm, 11, 11, 12) | put(imm, 4, 4, 11) | put(imm, 9, 8, 9) | put(imm, 10, 10, 8) |
		       put(imm, 6, 6, 7) | put(imm, 7, 7, 6) | put(imm, 3, 1, 3) | put(imm, 5, 5, 2);
	default: return 0;
	}
}

/* [FMT_COUNT], 32-bit formats: the bits that `match` fixes */
static const uint32_t mask_table[FMT_COUNT] = {
	[FMT_R] = 0xfe00707f,  [FMT_I] = 0x707f,	 [FMT_SHIFT6] = 0xfc00707f, [FMT_SHIFT5] = 0xfe00707f,
	[FMT_U] = 0x7f,	       [FMT_LOAD] = 0x707f,	 [FMT_STORE] = 0x707f,	    [FMT_BRANCH] = 0x707f,
	[FMT_JAL] = 0x7f,      [FMT_JALR] = 0x707f,	 [FMT_AMO] = 0xf800707f,    [FMT_LR] = 0xf9f0707f,
	[FMT_SC] = 0xf800707f, [FMT_FENCE] = 0x707f,	 [FMT_FIXED] = 0xffffffff,  [FMT_CSR] = 0x707f,
	[FMT_CSRI] = 0x707f,   [FMT_UNARY] = 0xfff0707f,
};

const struct enc *enc_of_word32(uint32_t word)
{
	for (unsigned int i = 0; i < enc_count; i++) {
		const struct enc *e = &enc_table[i];

		if (!enc_is_compressed(e) && (word & mask_table[e->fmt]) == e->match)
			return e;
	}
	return NULL;
}

uint32_t enc_word(const struct enc *e, const struct operands *o)
{
	if (!enc_is_compressed(e))
		return word32(e, o);
	if (e->class == CLASS_LOAD || e->class == CLASS_STORE)
		return e->match | word16_memory(e, o);
	return e->match | word16_other(e, o);
}
