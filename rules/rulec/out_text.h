/* SPDX-License-Identifier: GPL-2.0-only */
/* out_text.h: pieces of C text that several generated files share: file head, names, field extraction, expressions.
 *
 * Owns:    nothing.
 * Promise: a printed expression is one C operand (parenthesised); its value is of type u64, or wide_t (128 bits) when
 *          its width is above 64, with all bits above its width zero.
 * Errors:  counted in the context's diag; what was printed is then useless.
 * Next file: out_text.c, out_expr.c. */
#ifndef LDBT_RULEC_OUT_TEXT_H
#define LDBT_RULEC_OUT_TEXT_H

#include "rulec/out.h"

/* Where a field's value comes from: the word being decoded, or the slots of struct insn. */
enum out_fields { OUT_FIELDS_OF_WORD, OUT_FIELDS_OF_SLOTS };

struct out_ctx {
	const struct isa *isa;
	const struct insn_desc *insn; /* whose fields and locals are meant */
	enum out_fields fields;
	FILE *out;
	struct diag *diag;
};

void out_head(FILE *out, const struct isa *isa, const char *name, const char *purpose);
void out_upper(FILE *out, const char *name); /* "c.addi" -> C_ADDI */
void out_lower(FILE *out, const char *name); /* "c.addi" -> c_addi */

/* prim_NAME or effect_NAME; a callee of any width has one C function per width: prim_NAME_32, prim_NAME_64. */
void out_callee_name(FILE *out, const struct callee *callee, unsigned int width);

/* The field's value in `word` as s32: sign-extended if signed, bias added. */
void out_field(FILE *out, const struct field *field);
/* The C block body that fills f[] with the slots of this instruction; of its base one when `expand`. */
void out_slots(struct out_ctx *ctx, bool expand);

/* What stands before a state's name to reach it. */
const char *out_state_base(const struct state *state);
void out_expr(struct out_ctx *ctx, const struct ex *ex);

#endif
