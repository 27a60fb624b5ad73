// SPDX-License-Identifier: GPL-2.0-only
/* enc_table.c: every instruction of RV64IMAC, Zba, Zbb and Zbs with its fixed bits. Source: unprivileged manual, chapter
 * "RV32/64G Instruction Set Listings" and the listings of the C extension. */
#include "encode.h"

#define R(name, f7, f3, op)                                                                                            \
	{                                                                                                              \
		name, FMT_R, CLASS_ALU, 0, (f7) << 25 | (f3) << 12 | (op)                                              \
	}
#define I(name, f3, op)                                                                                                \
	{                                                                                                              \
		name, FMT_I, CLASS_ALU, 0, (f3) << 12 | (op)                                                           \
	}
#define UNARY(name, f12, f3, op)                                                                                       \
	{                                                                                                              \
		name, FMT_UNARY, CLASS_ALU, 0, (uint32_t)(f12) << 20 | (f3) << 12 | (op)                               \
	}
#define SH6W(name, f6, f3)                                                                                             \
	{                                                                                                              \
		name, FMT_SHIFT6, CLASS_ALU, 0, (f6) << 26 | (f3) << 12 | 0x1b                                         \
	}
#define SH6(name, f6, f3)                                                                                              \
	{                                                                                                              \
		name, FMT_SHIFT6, CLASS_ALU, 0, (f6) << 26 | (f3) << 12 | 0x13                                         \
	}
#define SH5(name, f7, f3)                                                                                              \
	{                                                                                                              \
		name, FMT_SHIFT5, CLASS_ALU, 0, (f7) << 25 | (f3) << 12 | 0x1b                                         \
	}
#define LD(name, size, f3)                                                                                             \
	{                                                                                                              \
		name, FMT_LOAD, CLASS_LOAD, size, (f3) << 12 | 0x03                                                    \
	}
#define ST(name, size, f3)                                                                                             \
	{                                                                                                              \
		name, FMT_STORE, CLASS_STORE, size, (f3) << 12 | 0x23                                                  \
	}
#define BR(name, f3)                                                                                                   \
	{                                                                                                              \
		name, FMT_BRANCH, CLASS_BRANCH, 0, (f3) << 12 | 0x63                                                   \
	}
#define AMO(name, f5)                                                                                                  \
	{ name ".w", FMT_AMO, CLASS_ATOMIC, 4, (uint32_t)(f5) << 27 | 2 << 12 | 0x2f },                                \
	{                                                                                                              \
		name ".d", FMT_AMO, CLASS_ATOMIC, 8, (uint32_t)(f5) << 27 | 3 << 12 | 0x2f                             \
	}
#define CSR(name, f3, fmt)                                                                                             \
	{                                                                                                              \
		name, fmt, CLASS_SYSTEM, 0, (f3) << 12 | 0x73                                                          \
	}
#define C(name, fmt, class, bits)                                                                                      \
	{                                                                                                              \
		name, fmt, class, 0, bits                                                                              \
	}
#define CM(name, fmt, class, size, bits)                                                                               \
	{                                                                                                              \
		name, fmt, class, size, bits                                                                           \
	}

/* clang-format off */
const struct enc enc_table[] = {
	R("add", 0, 0, 0x33), R("sub", 32, 0, 0x33), R("sll", 0, 1, 0x33), R("slt", 0, 2, 0x33), R("sltu", 0, 3, 0x33),
	R("xor", 0, 4, 0x33), R("srl", 0, 5, 0x33), R("sra", 32, 5, 0x33), R("or", 0, 6, 0x33), R("and", 0, 7, 0x33),
	R("addw", 0, 0, 0x3b), R("subw", 32, 0, 0x3b), R("sllw", 0, 1, 0x3b), R("srlw", 0, 5, 0x3b), R("sraw", 32, 5, 0x3b),
	R("mul", 1, 0, 0x33), R("mulh", 1, 1, 0x33), R("mulhsu", 1, 2, 0x33), R("mulhu", 1, 3, 0x33),
	R("div", 1, 4, 0x33), R("divu", 1, 5, 0x33), R("rem", 1, 6, 0x33), R("remu", 1, 7, 0x33),
	R("mulw", 1, 0, 0x3b), R("divw", 1, 4, 0x3b), R("divuw", 1, 5, 0x3b), R("remw", 1, 6, 0x3b), R("remuw", 1, 7, 0x3b),
	I("addi", 0, 0x13), I("slti", 2, 0x13), I("sltiu", 3, 0x13), I("xori", 4, 0x13), I("ori", 6, 0x13),
	I("andi", 7, 0x13), I("addiw", 0, 0x1b),
	SH6("slli", 0, 1), SH6("srli", 0, 5), SH6("srai", 16, 5),
	SH5("slliw", 0, 1), SH5("srliw", 0, 5), SH5("sraiw", 32, 5),
	R("add.uw", 4, 0, 0x3b), R("sh1add", 16, 2, 0x33), R("sh2add", 16, 4, 0x33), R("sh3add", 16, 6, 0x33),
	R("sh1add.uw", 16, 2, 0x3b), R("sh2add.uw", 16, 4, 0x3b), R("sh3add.uw", 16, 6, 0x3b), SH6W("slli.uw", 2, 1),
	R("bclr", 36, 1, 0x33), R("bext", 36, 5, 0x33), R("binv", 52, 1, 0x33), R("bset", 20, 1, 0x33),
	SH6("bclri", 18, 1), SH6("bexti", 18, 5), SH6("binvi", 26, 1), SH6("bseti", 10, 1),
	R("andn", 32, 7, 0x33), R("orn", 32, 6, 0x33), R("xnor", 32, 4, 0x33),
	R("min", 5, 4, 0x33), R("minu", 5, 5, 0x33), R("max", 5, 6, 0x33), R("maxu", 5, 7, 0x33),
	R("rol", 48, 1, 0x33), R("ror", 48, 5, 0x33), R("rolw", 48, 1, 0x3b), R("rorw", 48, 5, 0x3b),
	SH6("rori", 24, 5), SH5("roriw", 48, 5),
	UNARY("clz", 0x600, 1, 0x13), UNARY("ctz", 0x601, 1, 0x13), UNARY("cpop", 0x602, 1, 0x13),
	UNARY("sext.b", 0x604, 1, 0x13), UNARY("sext.h", 0x605, 1, 0x13),
	UNARY("clzw", 0x600, 1, 0x1b), { "ctzw", FMT_UNARY, CLASS_ALU_PICKED, 0, 0x6010101b }, UNARY("cpopw", 0x602, 1, 0x1b),
	UNARY("zext.h", 0x080, 4, 0x3b), UNARY("orc.b", 0x287, 5, 0x13), UNARY("rev8", 0x6b8, 5, 0x13),
	{ "lui", FMT_U, CLASS_ALU, 0, 0x37 }, { "auipc", FMT_U, CLASS_ALU, 0, 0x17 },
	LD("lb", 1, 0), LD("lh", 2, 1), LD("lw", 4, 2), LD("ld", 8, 3), LD("lbu", 1, 4), LD("lhu", 2, 5), LD("lwu", 4, 6),
	ST("sb", 1, 0), ST("sh", 2, 1), ST("sw", 4, 2), ST("sd", 8, 3),
	BR("beq", 0), BR("bne", 1), BR("blt", 4), BR("bge", 5), BR("bltu", 6), BR("bgeu", 7),
	{ "jal", FMT_JAL, CLASS_JUMP, 0, 0x6f }, { "jalr", FMT_JALR, CLASS_JUMP, 0, 0x67 },
	AMO("amoadd", 0), AMO("amoswap", 1), AMO("amoxor", 4), AMO("amoor", 8), AMO("amoand", 12),
	AMO("amomin", 16), AMO("amomax", 20), AMO("amominu", 24), AMO("amomaxu", 28),
	{ "lr.w", FMT_LR, CLASS_ATOMIC, 4, 2u << 27 | 2 << 12 | 0x2f }, { "lr.d", FMT_LR, CLASS_ATOMIC, 8, 2u << 27 | 3 << 12 | 0x2f },
	{ "sc.w", FMT_SC, CLASS_ATOMIC, 4, 3u << 27 | 2 << 12 | 0x2f }, { "sc.d", FMT_SC, CLASS_ATOMIC, 8, 3u << 27 | 3 << 12 | 0x2f },
	{ "fence", FMT_FENCE, CLASS_SYSTEM, 0, 0x0f }, { "fence.i", FMT_FIXED, CLASS_SYSTEM, 0, 0x100f },
	{ "ecall", FMT_FIXED, CLASS_SYSTEM, 0, 0x73 }, { "ebreak", FMT_FIXED, CLASS_SYSTEM, 0, 0x100073 },
	CSR("csrrw", 1, FMT_CSR), CSR("csrrs", 2, FMT_CSR), CSR("csrrc", 3, FMT_CSR),
	CSR("csrrwi", 5, FMT_CSRI), CSR("csrrsi", 6, FMT_CSRI), CSR("csrrci", 7, FMT_CSRI),
	C("c.addi4spn", FMT_C_ADDI4SPN, CLASS_ALU, 0x0000), CM("c.lw", FMT_C_LW3, CLASS_LOAD, 4, 0x4000),
	CM("c.ld", FMT_C_LD3, CLASS_LOAD, 8, 0x6000), CM("c.sw", FMT_C_SW3, CLASS_STORE, 4, 0xc000),
	CM("c.sd", FMT_C_SD3, CLASS_STORE, 8, 0xe000), C("c.nop", FMT_C_FIXED, CLASS_ALU, 0x0001),
	C("c.addi", FMT_C_IMM, CLASS_ALU, 0x0001), C("c.addiw", FMT_C_IMM, CLASS_ALU, 0x2001),
	C("c.li", FMT_C_LI, CLASS_ALU, 0x4001), C("c.addi16sp", FMT_C_ADDI16SP, CLASS_ALU, 0x6101),
	C("c.lui", FMT_C_LUI, CLASS_ALU, 0x6001), C("c.srli", FMT_C_SHR3, CLASS_ALU, 0x8001),
	C("c.srai", FMT_C_SHR3, CLASS_ALU, 0x8401), C("c.andi", FMT_C_ANDI3, CLASS_ALU, 0x8801),
	C("c.sub", FMT_C_R3, CLASS_ALU, 0x8c01), C("c.xor", FMT_C_R3, CLASS_ALU, 0x8c21),
	C("c.or", FMT_C_R3, CLASS_ALU, 0x8c41), C("c.and", FMT_C_R3, CLASS_ALU, 0x8c61),
	C("c.subw", FMT_C_R3, CLASS_ALU, 0x9c01), C("c.addw", FMT_C_R3, CLASS_ALU, 0x9c21),
	C("c.j", FMT_C_J, CLASS_JUMP, 0xa001), C("c.beqz", FMT_C_BRANCH3, CLASS_BRANCH, 0xc001),
	C("c.bnez", FMT_C_BRANCH3, CLASS_BRANCH, 0xe001), C("c.slli", FMT_C_SLLI, CLASS_ALU, 0x0002),
	CM("c.lwsp", FMT_C_LWSP, CLASS_LOAD, 4, 0x4002), CM("c.ldsp", FMT_C_LDSP, CLASS_LOAD, 8, 0x6002),
	C("c.jr", FMT_C_JR, CLASS_JUMP, 0x8002), C("c.mv", FMT_C_MV, CLASS_ALU, 0x8002),
	C("c.ebreak", FMT_C_FIXED, CLASS_SYSTEM, 0x9002), C("c.jalr", FMT_C_JALR, CLASS_JUMP, 0x9002),
	C("c.add", FMT_C_ADD, CLASS_ALU, 0x9002), CM("c.swsp", FMT_C_SWSP, CLASS_STORE, 4, 0xc002),
	CM("c.sdsp", FMT_C_SDSP, CLASS_STORE, 8, 0xe002),
};
/* clang-format on */

const unsigned int enc_count = sizeof(enc_table) / sizeof(enc_table[0]);
