/* SPDX-License-Identifier: GPL-2.0-only */
/* encode.h: an encoder for RV64IMAC, Zba, Zbb and Zbs, written from the manual and independent of rules/riscv64*.isa,
 * so that a mistake there cannot hide here as well.
 * Owns:    nothing.
 * Promise: enc_word() gives a legal instruction if operands keep to enc_imm_range() and enc_reg rules.
 * Locks, context: none. Errors: assertions only; this is a test program. */
#ifndef DIFF_ENCODE_H
#define DIFF_ENCODE_H

#include <stdbool.h>
#include <stdint.h>

/* clang-format off */
enum fmt {
	FMT_R, FMT_I, FMT_SHIFT6, FMT_SHIFT5, FMT_U, FMT_LOAD, FMT_STORE, FMT_BRANCH, FMT_JAL, FMT_JALR,
	FMT_AMO, FMT_LR, FMT_SC, FMT_FENCE, FMT_FIXED, FMT_CSR, FMT_CSRI, FMT_UNARY,
	/* compressed; "3": registers x8..x15 only */
	FMT_C_ADDI4SPN, FMT_C_LW3, FMT_C_LD3, FMT_C_SW3, FMT_C_SD3, FMT_C_IMM, FMT_C_LI, FMT_C_ADDI16SP,
	FMT_C_LUI, FMT_C_SHR3, FMT_C_ANDI3, FMT_C_R3, FMT_C_SLLI, FMT_C_LWSP, FMT_C_LDSP, FMT_C_SWSP,
	FMT_C_SDSP, FMT_C_MV, FMT_C_ADD, FMT_C_J, FMT_C_BRANCH3, FMT_C_JR, FMT_C_JALR, FMT_C_FIXED,
	FMT_COUNT
};
/* clang-format on */

/* CLASS_ALU_PICKED: not on every operand, so by each.c alone */
enum enc_class {
	CLASS_ALU,
	CLASS_ALU_PICKED,
	CLASS_LOAD,
	CLASS_STORE,
	CLASS_BRANCH,
	CLASS_JUMP,
	CLASS_ATOMIC,
	CLASS_SYSTEM
};

struct enc {
	const char *name;
	enum fmt fmt;
	enum enc_class class;
	uint8_t size_bytes; /* of a memory access */
	uint32_t match;	    /* opcode and function bits */
};

struct operands {
	uint8_t rd, rs1, rs2;
	uint8_t aqrl; /* 0..3 */
	int32_t imm;  /* bytes, except FMT_U and FMT_C_LUI: the upper 20 (6) bits; csr: number; csri: zimm in rs1 */
};

struct imm_range {
	int32_t lo, hi, step;
	bool zero_is_reserved;
};

extern const struct enc enc_table[];
extern const unsigned int enc_count;

const struct enc *enc_find(const char *name);
bool enc_is_compressed(const struct enc *e);
struct imm_range enc_imm_range(enum fmt fmt);
uint32_t enc_word(const struct enc *e, const struct operands *o);
/* The instruction of a 32-bit word (low bits 11), or NULL; reserved fence fields count as fence. */
const struct enc *enc_of_word32(uint32_t word);

/* Which operands a format has, and what registers they may be. */
enum { REG_ANY = 1, REG_NOT_ZERO, REG_3BITS, REG_SP, REG_NOT_0_2 };
struct reg_use {
	uint8_t rd, rs1, rs2; /* 0: no such operand */
	bool is_rd_rs1;	      /* rd is the first source as well */
};
struct reg_use enc_reg_use(enum fmt fmt);

#endif
