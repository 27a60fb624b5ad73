// SPDX-License-Identifier: GPL-2.0-only
/* out_text.c: file head, names and field extraction of the generated files. Next file: out_expr.c. */
#include "rulec/out_text.h"

#include <ctype.h>
#include <inttypes.h>

const struct out_file out_files[] = {
	{ "ops.h", out_ops },	    { "effects.h", out_effects }, { "decode.c", out_decode },
	{ "disasm.c", out_disasm }, { "interp.c", out_interp },	  { NULL, NULL },
};

void out_head(FILE *out, const struct isa *isa, const char *name, const char *purpose)
{
	fprintf(out, "/* SPDX-License-Identifier: GPL-2.0-only */\n");
	fprintf(out, "/* %s: %s\n *\n * Made by rulec from the description of %s: change that, not this file. */\n",
		name, purpose, isa->name);
}

static void out_ident(FILE *out, const char *name, int (*convert)(int))
{
	for (; *name; name++)
		fputc(isalnum((unsigned char)*name) ? convert((unsigned char)*name) : '_', out);
}

void out_upper(FILE *out, const char *name)
{
	out_ident(out, name, toupper);
}

void out_lower(FILE *out, const char *name)
{
	out_ident(out, name, tolower);
}

void out_callee_name(FILE *out, const struct callee *callee, unsigned int width)
{
	fprintf(out, "%s_%s", callee->is_effect ? "effect" : "prim", callee->name);
	if (callee->nargs && !callee->arg_width[0])
		fprintf(out, "_%u", width);
}

static void out_piece(FILE *out, const struct piece *piece)
{
	uint32_t mask = piece->nbits == 32 ? ~0u : (1u << piece->nbits) - 1;

	if (piece->word_lo)
		fprintf(out, "(word >> %u & 0x%" PRIx32 "u)", piece->word_lo, mask);
	else
		fprintf(out, "(word & 0x%" PRIx32 "u)", mask);
	if (piece->field_lo)
		fprintf(out, " << %u", piece->field_lo);
}

void out_field(FILE *out, const struct field *field)
{
	bool extends = field->is_signed && field->width < 32;
	unsigned int i;

	fprintf(out, "(s32)(");
	if (extends)
		fprintf(out, "(");
	for (i = 0; i < field->npieces; i++) {
		fprintf(out, "%s", i ? " | " : "");
		out_piece(out, &field->piece[i]);
	}
	if (extends)
		fprintf(out, ") << %u) >> %u", 32 - field->width, 32 - field->width);
	else
		fprintf(out, ")");
	if (field->bias)
		fprintf(out, " + %u", field->bias);
}

/* A slot of the base instruction is a field of the compressed form or a constant. */
static void out_expansion(struct out_ctx *ctx, const struct ex *ex)
{
	while (ex->kind == EX_SEXT || ex->kind == EX_ZEXT)
		ex = ex->arg[0];
	if (ex->kind == EX_FIELD)
		out_field(ctx->out, &ctx->insn->field[ex->index]);
	else if (ex->kind == EX_CONST)
		fprintf(ctx->out, "%" PRId32, (int32_t)ex->value);
	else
		diag_error(ctx->diag, ex->loc, "slot of an expansion is neither a field nor a constant");
}

void out_slots(struct out_ctx *ctx, bool expand)
{
	const struct insn_desc *insn = ctx->insn;
	bool is_expanded = expand && insn->expand;
	unsigned int i, nslots = is_expanded ? insn->expand->nfields : insn->nfields;

	for (i = 0; i < nslots; i++) {
		fprintf(ctx->out, "\t\tf[%u] = ", i);
		if (is_expanded)
			out_expansion(ctx, insn->expand_arg[i]);
		else
			out_field(ctx->out, &insn->field[i]);
		fprintf(ctx->out, ";\n");
	}
}
