// SPDX-License-Identifier: GPL-2.0-only
/* unit_table.c: a rule table written by hand, in place of gen/rules.c: small enough to know every byte that must come
 * out, and independent of the rule files and of rulec. Templates exist for pinned registers only, so that a register
 * in a home slot shows what happens when no variant fits.
 * Next file: unit.c. */
#include "abi.h"
#include "ops.h"
#include "rule.h"

enum {
	NODE_ADDI,
	NODE_JAL,
	NODE_BEQ,
	NODE_LD,
	NODE_JALR,
	NODE_ADDI_ADDI,
	RULE_ADDI = 0,
	RULE_JAL,
	RULE_BEQ,
	RULE_LD,
	RULE_JALR,
	RULE_ADDI_ADDI,
	CONST_OPERAND = 0xff,
	PIN_PIN = RES_PIN + RES_PIN * RES_CLASSES, /* variant number of two pinned roles, before the width bit */
};

const u16 rule_root[NR_OPS] = {
	[0 ... NR_OPS - 1] = RULE_NONE,
	[OP_ADDI] = NODE_ADDI,
	[OP_JAL] = NODE_JAL,
	[OP_BEQ] = NODE_BEQ,
	[OP_LD] = NODE_LD,
	[OP_JALR] = NODE_JALR,
};

const struct rule_node rule_node_table[] = {
	[NODE_ADDI] = { OP_ADDI, RULE_ADDI, NODE_ADDI_ADDI, 1 },
	[NODE_JAL] = { OP_JAL, RULE_JAL, 0, 0 },
	[NODE_BEQ] = { OP_BEQ, RULE_BEQ, 0, 0 },
	[NODE_LD] = { OP_LD, RULE_LD, 0, 0 },
	[NODE_JALR] = { OP_JALR, RULE_JALR, 0, 0 },
	[NODE_ADDI_ADDI] = { OP_ADDI, RULE_ADDI_ADDI, 0, 0 },
};

/* addi rd rs1; jal rd; beq rs1 rs2; ld rd rs1; jalr rs1 */
const struct rule_ref rule_role_table[] = { { 0, 0 }, { 0, 1 }, { 0, 0 }, { 0, 0 },
					    { 0, 1 }, { 0, 0 }, { 0, 2 }, { 0, 2 } };

const struct rule_value rule_value_table[] = {
	{ VAL_FIELD, { 0, 2 }, 0 },  /* 0: addi imm; also the first of addi;addi */
	{ VAL_FIELD, { 1, 2 }, 0 },  /* 1: second imm */
	{ VAL_LET, { 0, 0 }, 0 },    /* 2: their sum */
	{ VAL_TARGET, { 0, 1 }, 0 }, /* 3: jal */
	{ VAL_TARGET, { 0, 2 }, 0 }, /* 4: beq */
	{ VAL_FIELD, { 0, 1 }, 0 },  /* 5: ld imm */
};

/* addi;addi: both name the same destination; jalr: rd is x0, imm is 0 */
const struct rule_equal rule_equal_table[] = {
	{ { 0, 0 }, { 1, 0 } },
	{ { 1, 0 }, { 1, 1 } },
	{ { 0, 0 }, { CONST_OPERAND, 0 } },
	{ { 0, 1 }, { CONST_OPERAND, 0 } },
};

const struct rule_cond rule_cond_table[] = {
	{ COND_ROLE_EQ, 0, 1, 0, 0 },
	{ COND_VALUE_IN, 2, 0, -1000, 1000 },
	{ COND_ROLE_IS, 0, 0, 0, 0 },
};

const struct rule_arm rule_arm_table[] = {
	{ 0, 1, TERM_NEXT, 0, 1 << 0, 0 },  /* addi rd == rs1: add, narrow and wide */
	{ 0, 0, TERM_NEXT, 0, 0, 32 },	    /* addi else: lea */
	{ 1, 1, TERM_NEXT, 0, 0, 64 },	    /* addi;addi */
	{ 2, 1, TERM_JUMP, 0, 0, 96 },	    /* jal x0: no bytes */
	{ 0, 0, TERM_BRANCH, 0, 0, 128 },   /* beq */
	{ 0, 0, TERM_NEXT, 0, 0, 160 },	    /* ld */
	{ 0, 0, TERM_INDIRECT, 0, 0, 192 }, /* jalr */
};

const u16 rule_variant_table[] = {
	[0 ... 223] = RULE_NONE, [0 + PIN_PIN * 2] = 0,	  [0 + PIN_PIN * 2 + 1] = 1, [32 + PIN_PIN * 2] = 2,
	[64 + PIN_PIN * 2] = 3,	 [128 + PIN_PIN * 2] = 4, [160 + PIN_PIN * 2] = 5,   [192 + RES_PIN * 2] = 6,
};

/*   name index partial pure */
const struct rule rule_table[] = {
	[RULE_ADDI] = { 1, 2, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0 },
	[RULE_JAL] = { 1, 1, 1, 0, 2, 3, 0, 3, 1, 0, 1, 0xff },
	[RULE_BEQ] = { 1, 2, 1, 0, 3, 4, 0, 4, 1, 0, 0, 0xff },
	[RULE_LD] = { 1, 2, 1, 0, 5, 5, 0, 5, 1, 0, 0, 0xff },
	[RULE_JALR] = { 1, 1, 0, 2, 7, 0, 2, 6, 1, 0, 1, 0xff },
	[RULE_ADDI_ADDI] = { 2, 2, 3, 2, 0, 0, 0, 2, 1, 0, 1, 0xff },
};

const u8 rule_byte_table[] = {
	0x48,	  0x83, 0xc0, 0,		      /* 0: add rd, imm8 */
	0x48,	  0x81, 0xc0, 0,    0,	  0, 0,	      /* 4: add rd, imm32 */
	0x48,	  0x8d, 0x80, 0,    0,	  0, 0,	      /* 11: lea rd, [rs1 + value] */
	0x48,	  0x39, 0xc0, 0x0f, 0x84, 0, 0, 0, 0, /* 18: cmp rs1, rs2; je target */
	GMEM_SEG, 0x48, 0x8b, 0x80, 0,	  0, 0, 0,    /* 27: mov rd, gmem64[rs1 + imm] */
	0x48,	  0x89, 0xc0,			      /* 35: mov rax, rs1 */
	0,	  0,	0,    0,    0,	  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};

#define MODRM_RM(role_, off_)                                                                                          \
	{                                                                                                              \
		HOLE_REG, off_, role_, 0, off_ - 2, 0, 0, 0, 0                                                         \
	}
#define MODRM_REG(role_, off_)                                                                                         \
	{                                                                                                              \
		HOLE_REG, off_, role_, 3, off_ - 2, 2, 0, 0, 0                                                         \
	}

const struct hole rule_hole_table[] = {
	MODRM_RM(0, 2),
	{ HOLE_VALUE8, 3, 0, 0, 0, 0, 0, 0, 0 }, /* 0 */
	MODRM_RM(0, 2),
	{ HOLE_VALUE32, 3, 0, 0, 0, 0, 0, 0, 0 }, /* 2 */
	MODRM_REG(0, 2),
	MODRM_RM(1, 2),
	{ HOLE_VALUE32, 3, 0, 0, 0, 0, 0, 0, 0 }, /* 4 */
	MODRM_REG(0, 2),
	MODRM_RM(1, 2),
	{ HOLE_VALUE32, 3, 0, 0, 0, 0, 0, 0, 2 }, /* 7 */
	MODRM_REG(1, 2),
	MODRM_RM(0, 2),
	{ HOLE_REL32_TARGET, 5, 0, 0, 0, 0, 0, 0, 0 }, /* 10 */
	MODRM_REG(0, 3),
	MODRM_RM(1, 3),
	{ HOLE_VALUE32, 4, 0, 0, 0, 0, 0, 0, 0 }, /* 13 */
	MODRM_REG(0, 2),			  /* 16 */
};

const struct access rule_access_table[] = {
	{ ACCESS_LOAD, 8, 0, 64, 0, 8, 0, ACCESS_REG_ROLE | 0, ACCESS_REG_ROLE | 1, 0, 0xff, 0 },
};

const struct tmpl rule_tmpl_table[] = {
	{ 0, 0, 0, 4, 2, 0, 1 },   { 4, 2, 0, 7, 2, 0, 1 },   { 11, 4, 0, 7, 3, 0, 1 },	 { 11, 7, 0, 7, 3, 0, 1 },
	{ 18, 10, 0, 9, 3, 0, 2 }, { 27, 13, 0, 8, 3, 1, 1 }, { 35, 16, 0, 3, 1, 0, 1 },
};

const char *const rule_name_table[] = { "by hand" };
const unsigned int rule_count = 6, rule_arm_count = 7, rule_tmpl_count = 7;

s64 rule_let(unsigned int let, const s64 *value)
{
	(void)let;
	return value[0] + value[1];
}
