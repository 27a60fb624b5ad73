// SPDX-License-Identifier: GPL-2.0-only
/* items_fp.c: random instructions of F and D, among those of the other items. Words are made here from the manual's tables
 * (unpriv f-st-ext, d-st-ext, c-st-ext); their results on chosen operands are the business of ../fp. Here they meet
 * branches, loops, traps, FS off and clean, and changes of frm. Next file: access.c. */
#include "gen.h"

enum {
	FLOAT = 4,	  /* the bit between the opcodes LOAD and LOAD-FP, STORE and STORE-FP */
	C_FLOAT = 0x4000, /* how far c.fld is below c.ld, and so on */
	OP_FP = 0x53,
	OP_FMADD = 0x43, /* and the three behind it, 4 apart */
	RM_DYN = 7,
	RM_MODES = 5,
	CSR_FFLAGS = 1,
	CSR_FRM = 2,
	CSR_FCSR = 3,
};

/* An OP-FP instruction: rs2 and funct3 are fixed where they are not negative; else an f register, a rounding mode. */
struct fp_form {
	uint8_t funct5;
	int8_t rs2, funct3;
	bool to_x, from_x;
};

#define OF_FORMAT (-2) /* rs2: the other format */

static const struct fp_form forms[] = {
	{ 0x00, -1, -1, false, false }, { 0x01, -1, -1, false, false },	       { 0x02, -1, -1, false, false },
	{ 0x03, -1, -1, false, false }, { 0x0b, 0, -1, false, false },	       { 0x04, -1, 0, false, false },
	{ 0x04, -1, 1, false, false },	{ 0x04, -1, 2, false, false },	       { 0x05, -1, 0, false, false },
	{ 0x05, -1, 1, false, false },	{ 0x08, OF_FORMAT, -1, false, false }, { 0x14, -1, 0, true, false },
	{ 0x14, -1, 1, true, false },	{ 0x14, -1, 2, true, false },	       { 0x18, 0, -1, true, false },
	{ 0x18, 1, -1, true, false },	{ 0x18, 2, -1, true, false },	       { 0x18, 3, -1, true, false },
	{ 0x1a, 0, -1, false, true },	{ 0x1a, 1, -1, false, true },	       { 0x1a, 2, -1, false, true },
	{ 0x1a, 3, -1, false, true },	{ 0x1c, 0, 0, true, false },	       { 0x1c, 0, 1, true, false },
	{ 0x1e, 0, 0, false, true },
};
enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

/* Few registers, so that results are used; f0..f7 and f24..f27 among them, which the templates hold elsewhere. */
static uint32_t f_register(struct gen *g)
{
	static const uint8_t likely[] = { 0, 1, 2, 8, 9, 10, 11, 15, 24, 27 };

	return gen_chance(g, 80) ? likely[gen_below(g, sizeof(likely))] : gen_below(g, 32);
}

/* 5 and 6 are reserved. */
static uint32_t rounding(struct gen *g)
{
	if (gen_chance(g, 60))
		return RM_DYN;
	return gen_chance(g, 96) ? gen_below(g, RM_MODES) : RM_MODES + gen_below(g, 2);
}

static void emit_op_fp(struct gen *g)
{
	const struct fp_form *form = &forms[gen_below(g, FORMS)];
	uint32_t format = gen_below(g, 2), rs2, rm, rs1, rd;

	rd = form->to_x ? gen_dest(g, REG_ANY) : f_register(g);
	if (rd == GEN_NO_REG)
		return;
	rs1 = form->from_x ? gen_source(g, REG_ANY) : f_register(g);
	rs2 = form->rs2 == OF_FORMAT ? !format : form->rs2 < 0 ? f_register(g) : (uint32_t)form->rs2;
	rm = form->funct3 < 0 ? rounding(g) : (uint32_t)form->funct3;
	gen_word(g, (uint32_t)form->funct5 << 27 | format << 25 | rs2 << 20 | rs1 << 15 | rm << 12 | rd << 7 | OP_FP,
		 4);
}

static void emit_fma(struct gen *g)
{
	uint32_t opcode = OP_FMADD + 4 * gen_below(g, 4), format = gen_below(g, 2);

	gen_word(g,
		 f_register(g) << 27 | format << 25 | f_register(g) << 20 | f_register(g) << 15 | rounding(g) << 12 |
			 f_register(g) << 7 | opcode,
		 4);
}

/* flw, fld, fsw, fsd: registers and offsets as lw and the like. */
static void emit_access(struct gen *g)
{
	static const char *const like[] = { "lw", "ld", "sw", "sd" };
	const struct enc *e = enc_find(like[gen_below(g, 4)]);
	struct operands o = { 0 };

	o.rs1 = gen_pointer_to(g, e, &o.imm);
	if (o.rs1 == GEN_NO_REG)
		return;
	o.rd = o.rs2 = (uint8_t)f_register(g);
	gen_word(g, enc_word(e, &o) | FLOAT, 4);
}

/* c.fld, c.fsd, c.fldsp, c.fsdsp likewise. */
static void emit_compressed(struct gen *g)
{
	static const char *const like[] = { "c.ld", "c.sd", "c.ldsp", "c.sdsp" };
	const struct enc *e = enc_find(like[gen_below(g, 4)]);
	struct operands o = { 0 };
	bool is_short = enc_reg_use(e->fmt).rs1 == REG_3BITS;

	o.rs1 = gen_pointer_to(g, e, &o.imm);
	if (o.rs1 == GEN_NO_REG)
		return;
	o.rd = o.rs2 = (uint8_t)(is_short ? 8 + gen_below(g, 8) : f_register(g));
	gen_word(g, enc_word(e, &o) - C_FLOAT, 2);
}

static void emit_fcsr(struct gen *g)
{
	uint8_t rd = gen_dest(g, REG_ANY);

	if (rd == GEN_NO_REG)
		return;
	switch (gen_below(g, 4)) {
	case 0: gen_name(g, "csrrs", rd, 0, 0, CSR_FCSR); break;
	case 1: gen_name(g, "csrrwi", rd, (int)gen_below(g, gen_chance(g, 95) ? RM_MODES : 8), 0, CSR_FRM); break;
	case 2: gen_name(g, "csrrci", rd, (int)gen_below(g, 32), 0, CSR_FFLAGS); break;
	default: gen_name(g, "csrrwi", rd, (int)gen_below(g, 32), 0, CSR_FFLAGS);
	}
}

void item_fp(struct gen *g)
{
	uint32_t pick = gen_below(g, 100);

	if (pick < 60)
		emit_op_fp(g);
	else if (pick < 72)
		emit_fma(g);
	else if (pick < 88)
		emit_access(g);
	else if (pick < 94)
		emit_compressed(g);
	else
		emit_fcsr(g);
}
