// SPDX-License-Identifier: GPL-2.0-only
/* out_expr.c: expressions of the description as C expressions.
 *
 * Helpers named sext64, shl64, sar128 ... stand at the head of the generated interpreter (out_interp.c); conditions
 * of the decoder need none of them. Next file: out_interp.c. */
#include "rulec/out_text.h"

#include <inttypes.h>

enum { NARROW = 64 }; /* bits of a u64; wider values are wide_t */

static bool is_wide(const struct ex *ex)
{
	return ex->width > NARROW;
}

/* " & mask", or nothing when the type itself has that width. */
static void out_mask(struct out_ctx *ctx, unsigned int width)
{
	if (width < NARROW)
		fprintf(ctx->out, " & 0x%" PRIx64 "ULL", ((uint64_t)1 << width) - 1);
	else if (width > NARROW && width < 2 * NARROW)
		fprintf(ctx->out, " & (((wide_t)1 << %u) - 1)", width);
}

static void out_const(struct out_ctx *ctx, const struct ex *ex)
{
	if (is_wide(ex))
		fprintf(ctx->out, "(wide_t)");
	if (ex->value < 10)
		fprintf(ctx->out, "%" PRIu64 "ULL", ex->value);
	else
		fprintf(ctx->out, "0x%" PRIx64 "ULL", ex->value);
}

static void out_field_value(struct out_ctx *ctx, const struct ex *ex)
{
	const struct field *field = &ctx->insn->field[ex->index];

	fprintf(ctx->out, "((u64)");
	if (ctx->fields == OUT_FIELDS_OF_SLOTS) {
		fprintf(ctx->out, "in->f[%u]", ex->index);
	} else {
		fprintf(ctx->out, "(");
		out_field(ctx->out, field);
		fprintf(ctx->out, ")");
	}
	if (field->is_signed)
		out_mask(ctx, ex->width);
	fprintf(ctx->out, ")");
}

const char *out_state_base(const struct state *state)
{
	return state->place == STATE_HOME ? "g->home->" : state->place == STATE_CSR ? "g->csr_page->" : "g->";
}

static void out_state(struct out_ctx *ctx, const struct ex *ex)
{
	const struct state *state = &ctx->isa->state[ex->index];

	if (state->place == STATE_MACHINE || state->place == STATE_TABLE) {
		fprintf(ctx->out, "state_%s(g)", state->name);
		return;
	}
	/* Guest code may have written the home page: what lies above the state's width is cut off. */
	fprintf(ctx->out, "(%s%s", out_state_base(state), state->name);
	if (state->place == STATE_HOME)
		out_mask(ctx, state->width);
	fprintf(ctx->out, ")");
}

static void out_call2(struct out_ctx *ctx, const char *name, const struct ex *a, const struct ex *b, unsigned int width)
{
	fprintf(ctx->out, "%s(", name);
	out_expr(ctx, a);
	fprintf(ctx->out, ", ");
	out_expr(ctx, b);
	fprintf(ctx->out, ", %u)", width);
}

/* Shifts in C are defined below the width of the type only; the language defines every amount. */
static void out_shift(struct out_ctx *ctx, const struct ex *ex)
{
	static const char *const helper[][2] = { { "shl64", "shl128" }, { "shr64", "shr128" }, { "sar64", "sar128" } };
	const struct ex *amount = ex->arg[1];
	bool fits = amount->kind == EX_CONST ? amount->value < ex->width
					     : amount->width < 8 && (1u << amount->width) <= ex->width;

	if (is_wide(amount) && amount->kind != EX_CONST)
		diag_error(ctx->diag, ex->loc, "shift amount is wider than 64 bits, cut it with [63:0]");
	if (ex->op == OP_SAR || !fits) {
		out_call2(ctx, helper[ex->op - OP_SHL][is_wide(ex)], ex->arg[0], amount, ex->width);
		return;
	}
	fprintf(ctx->out, "(");
	out_expr(ctx, ex->arg[0]);
	fprintf(ctx->out, ex->op == OP_SHL ? " << " : " >> ");
	out_expr(ctx, amount);
	if (ex->op == OP_SHL)
		out_mask(ctx, ex->width);
	fprintf(ctx->out, ")");
}

/* Signed comparisons: the operands are brought up to the sign bit of their type first. */
static void out_signed_operand(struct out_ctx *ctx, const struct ex *ex)
{
	unsigned int bits = is_wide(ex) ? 2 * NARROW : NARROW;

	fprintf(ctx->out, is_wide(ex) ? "(swide_t)(" : "(s64)(");
	out_expr(ctx, ex);
	if (ex->width < bits)
		fprintf(ctx->out, " << %u", bits - ex->width);
	fprintf(ctx->out, ")");
}

static void out_compare(struct out_ctx *ctx, const struct ex *ex, const char *sign)
{
	bool is_signed = ex->op == OP_LTS || ex->op == OP_GES;
	int i;

	fprintf(ctx->out, "(u64)(");
	for (i = 0; i < 2; i++) {
		if (i)
			fprintf(ctx->out, " %s ", sign);
		if (is_signed)
			out_signed_operand(ctx, ex->arg[i]);
		else
			out_expr(ctx, ex->arg[i]);
	}
	fprintf(ctx->out, ")");
}

static void out_arith(struct out_ctx *ctx, const struct ex *ex, const char *sign)
{
	fprintf(ctx->out, "((");
	out_expr(ctx, ex->arg[0]);
	fprintf(ctx->out, " %s ", sign);
	out_expr(ctx, ex->arg[1]);
	fprintf(ctx->out, ")");
	if (ex->op == OP_ADD || ex->op == OP_SUB || ex->op == OP_MUL)
		out_mask(ctx, ex->width);
	fprintf(ctx->out, ")");
}

static void out_binary(struct out_ctx *ctx, const struct ex *ex)
{
	static const char *const sign[] = {
		[OP_ADD] = "+", [OP_SUB] = "-",	 [OP_MUL] = "*",  [OP_AND] = "&",  [OP_OR] = "|",
		[OP_XOR] = "^", [OP_SHL] = "<<", [OP_SHR] = ">>", [OP_SAR] = ">>", [OP_EQ] = "==",
		[OP_NE] = "!=", [OP_LTU] = "<",	 [OP_LTS] = "<",  [OP_GEU] = ">=", [OP_GES] = ">=",
	};

	if (ex->op >= OP_EQ)
		out_compare(ctx, ex, sign[ex->op]);
	else if (ex->op >= OP_SHL)
		out_shift(ctx, ex);
	else
		out_arith(ctx, ex, sign[ex->op]);
}

static void out_unary(struct out_ctx *ctx, const struct ex *ex)
{
	fprintf(ctx->out, ex->op == OP_NOT ? "(~" : "(-");
	out_expr(ctx, ex->arg[0]);
	out_mask(ctx, ex->width);
	fprintf(ctx->out, ")");
}

static void out_extract(struct out_ctx *ctx, const struct ex *ex)
{
	fprintf(ctx->out, is_wide(ex->arg[0]) && !is_wide(ex) ? "((u64)(" : "((");
	out_expr(ctx, ex->arg[0]);
	if (ex->lo)
		fprintf(ctx->out, " >> %u", ex->lo);
	fprintf(ctx->out, ")");
	if (ex->hi + 1 < ex->arg[0]->width)
		out_mask(ctx, ex->width);
	fprintf(ctx->out, ")");
}

static void out_concat(struct out_ctx *ctx, const struct ex *ex)
{
	fprintf(ctx->out, is_wide(ex) ? "((wide_t)" : "(");
	out_expr(ctx, ex->arg[0]);
	fprintf(ctx->out, " << %u | ", ex->arg[1]->width);
	out_expr(ctx, ex->arg[1]);
	fprintf(ctx->out, ")");
}

static void out_sext(struct out_ctx *ctx, const struct ex *ex)
{
	const struct ex *from = ex->arg[0];
	bool is_slot =
		from->kind == EX_FIELD && ctx->fields == OUT_FIELDS_OF_SLOTS && ctx->insn->field[from->index].is_signed;

	fprintf(ctx->out, "(");
	if (is_slot && !is_wide(ex)) {
		fprintf(ctx->out, "(u64)(s64)in->f[%u]", from->index);
	} else {
		fprintf(ctx->out, is_wide(ex) ? "sext128(" : "sext64(");
		out_expr(ctx, from);
		fprintf(ctx->out, ", %u)", from->width);
	}
	out_mask(ctx, ex->width);
	fprintf(ctx->out, ")");
}

static void out_ite(struct out_ctx *ctx, const struct ex *ex)
{
	fprintf(ctx->out, "(");
	out_expr(ctx, ex->arg[0]);
	fprintf(ctx->out, " ? ");
	out_expr(ctx, ex->arg[1]);
	fprintf(ctx->out, " : ");
	out_expr(ctx, ex->arg[2]);
	fprintf(ctx->out, ")");
}

static void out_prim(struct out_ctx *ctx, const struct ex *ex)
{
	unsigned int i;

	out_callee_name(ctx->out, &ctx->isa->callee[ex->index], ex->nargs ? ex->arg[0]->width : 0);
	fprintf(ctx->out, "(");
	for (i = 0; i < ex->nargs; i++) {
		fprintf(ctx->out, "%s", i ? ", " : "");
		out_expr(ctx, ex->arg[i]);
	}
	fprintf(ctx->out, ")");
}

void out_expr(struct out_ctx *ctx, const struct ex *ex)
{
	switch (ex->kind) {
	case EX_CONST: out_const(ctx, ex); break;
	case EX_FIELD: out_field_value(ctx, ex); break;
	case EX_REG:
		fprintf(ctx->out, "get_%s(g, ", ctx->isa->regfile[ex->index].name);
		out_expr(ctx, ex->arg[0]);
		fprintf(ctx->out, ")");
		break;
	case EX_STATE: out_state(ctx, ex); break;
	case EX_LOCAL: fprintf(ctx->out, "v%u", ex->index); break;
	case EX_ILEN: fprintf(ctx->out, "(u64)in->len_bytes"); break;
	case EX_UNARY: out_unary(ctx, ex); break;
	case EX_BINARY: out_binary(ctx, ex); break;
	case EX_ITE: out_ite(ctx, ex); break;
	case EX_EXTRACT: out_extract(ctx, ex); break;
	case EX_CONCAT: out_concat(ctx, ex); break;
	case EX_SEXT: out_sext(ctx, ex); break;
	case EX_ZEXT:
		fprintf(ctx->out, is_wide(ex) ? "(wide_t)" : "");
		out_expr(ctx, ex->arg[0]);
		break;
	case EX_PRIM: out_prim(ctx, ex); break;
	case EX_OPERAND:
	case EX_ADDR:
	case EX_UNDEF: diag_error(ctx->diag, ex->loc, "only a host form may use this expression"); break;
	}
}
