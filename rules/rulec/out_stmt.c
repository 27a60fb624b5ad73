// SPDX-License-Identifier: GPL-2.0-only
/* out_stmt.c: statements of the description as C statements.
 *
 * Local names of the generated function: vN the let names, next the next pc when semantics set it, end what the
 * instruction ends in when an effect can tell. Next file: out_expr.c. */
#include "rulec/out_stmt.h"

static void out_list(struct out_ctx *ctx, const struct st *st, unsigned int depth);

static void indent(struct out_ctx *ctx, unsigned int depth)
{
	while (depth--)
		fputc('\t', ctx->out);
}

static bool list_has(const struct out_ctx *ctx, const struct st *st,
		     bool (*test)(const struct out_ctx *ctx, const struct st *st))
{
	for (; st; st = st->next)
		if (test(ctx, st) ||
		    (st->kind == ST_IF && (list_has(ctx, st->body, test) || list_has(ctx, st->orelse, test))))
			return true;
	return false;
}

static bool sets_pc(const struct out_ctx *ctx, const struct st *st)
{
	return st->kind == ST_STATE && st->index == ctx->isa->pc_state;
}

static bool has_effect(const struct out_ctx *ctx, const struct st *st)
{
	(void)ctx;
	return st->kind == ST_EFFECT;
}

/* ---- statements without a trap ---- */

static void out_let(struct out_ctx *ctx, const struct st *st)
{
	fprintf(ctx->out, "v%u = ", st->index);
	out_expr(ctx, st->val);
	fprintf(ctx->out, ";\n");
}

static void out_reg(struct out_ctx *ctx, const struct st *st)
{
	fprintf(ctx->out, "put_%s(g, ", ctx->isa->regfile[st->index].name);
	out_expr(ctx, st->idx);
	fprintf(ctx->out, ", ");
	out_expr(ctx, st->val);
	fprintf(ctx->out, ");\n");
}

static void out_state_write(struct out_ctx *ctx, const struct st *st)
{
	const struct state *state = &ctx->isa->state[st->index];

	if (sets_pc(ctx, st))
		fprintf(ctx->out, "next = ");
	else if (state->place == STATE_MACHINE)
		fprintf(ctx->out, "set_state_%s(g, ", state->name);
	else
		fprintf(ctx->out, "%s%s = ", out_state_base(state), state->name);
	out_expr(ctx, st->val);
	fprintf(ctx->out, !sets_pc(ctx, st) && state->place == STATE_MACHINE ? ");\n" : ";\n");
}

static void out_if(struct out_ctx *ctx, const struct st *st, unsigned int depth)
{
	fprintf(ctx->out, "if (");
	out_expr(ctx, st->cond);
	fprintf(ctx->out, ") {\n");
	out_list(ctx, st->body, depth + 1);
	if (st->orelse) {
		indent(ctx, depth);
		fprintf(ctx->out, "} else {\n");
		out_list(ctx, st->orelse, depth + 1);
	}
	indent(ctx, depth);
	fprintf(ctx->out, "}\n");
}

static void out_args(struct out_ctx *ctx, const struct st *st)
{
	unsigned int i;

	for (i = 0; i < st->nargs; i++) {
		fprintf(ctx->out, "%s", i ? ", " : "");
		out_expr(ctx, st->arg[i]);
	}
}

static void out_prim_call(struct out_ctx *ctx, const struct st *st)
{
	unsigned int i;

	fprintf(ctx->out, "v%u = ", st->result[0]);
	out_callee_name(ctx->out, &ctx->isa->callee[st->index], st->nargs ? st->arg[0]->width : 0);
	fprintf(ctx->out, "(");
	out_args(ctx, st);
	for (i = 1; i < st->nresults; i++)
		fprintf(ctx->out, ", &v%u", st->result[i]);
	fprintf(ctx->out, ");\n");
}

/* ---- statements that can trap ---- */

static void out_trap(struct out_ctx *ctx, const struct st *st)
{
	fprintf(ctx->out, "return trap_raise(g, ");
	out_expr(ctx, st->idx);
	fprintf(ctx->out, ", ");
	out_expr(ctx, st->val);
	fprintf(ctx->out, ");\n");
}

static void out_effect_call(struct out_ctx *ctx, const struct st *st, unsigned int depth)
{
	unsigned int i;

	fprintf(ctx->out, "if (effect_ends(");
	out_callee_name(ctx->out, &ctx->isa->callee[st->index], 64);
	fprintf(ctx->out, "(g%s", st->nargs ? ", " : "");
	out_args(ctx, st);
	for (i = 0; i < st->nresults; i++)
		fprintf(ctx->out, ", &v%u", st->result[i]);
	fprintf(ctx->out, "), &end))\n");
	indent(ctx, depth + 1);
	fprintf(ctx->out, "return STEP_TRAP;\n");
}

static void out_mem_args(struct out_ctx *ctx, const struct st *st)
{
	fprintf(ctx->out, "(g, ");
	out_expr(ctx, st->addr);
	fprintf(ctx->out, ", %u", st->size);
}

/* The value is guessed first and the guess replaced by what was found, until both agree: a single access that never
 * loads, so that a page without write permission raises the store's cause. */
static void out_amo(struct out_ctx *ctx, const struct st *st, unsigned int depth)
{
	unsigned int old = st->result[0];

	fprintf(ctx->out, "v%u = 0;\n", old);
	indent(ctx, depth);
	fprintf(ctx->out, "do {\n");
	indent(ctx, depth + 1);
	fprintf(ctx->out, "guess = v%u;\n", old);
	indent(ctx, depth + 1);
	fprintf(ctx->out, "if (mem_cas");
	out_mem_args(ctx, st);
	fprintf(ctx->out, ", guess, ");
	out_expr(ctx, st->val);
	fprintf(ctx->out, ", &v%u))\n", old);
	indent(ctx, depth + 2);
	fprintf(ctx->out, "return STEP_TRAP;\n");
	indent(ctx, depth);
	fprintf(ctx->out, "} while (v%u != guess);\n", old);
}

static void out_mem(struct out_ctx *ctx, const struct st *st, unsigned int depth)
{
	if (st->size > 8 || (st->mem >= MEM_AMO && st->size < 4)) {
		diag_error(ctx->diag, st->loc, "the machine has no %u-byte access of this kind", st->size);
		return;
	}
	if (st->mem == MEM_AMO) {
		out_amo(ctx, st, depth);
		return;
	}
	fprintf(ctx->out, st->mem == MEM_LOAD	 ? "if (mem_load"
			  : st->mem == MEM_STORE ? "if (mem_store"
						 : "if (mem_cas");
	if (st->aligned && st->mem == MEM_LOAD)
		fprintf(ctx->out, "_aligned");
	out_mem_args(ctx, st);
	if (st->mem == MEM_CAS) {
		fprintf(ctx->out, ", ");
		out_expr(ctx, st->expected);
	}
	if (st->mem != MEM_LOAD) {
		fprintf(ctx->out, ", ");
		out_expr(ctx, st->val);
	}
	if (st->mem != MEM_STORE)
		fprintf(ctx->out, ", &v%u", st->result[0]);
	fprintf(ctx->out, "))\n");
	indent(ctx, depth + 1);
	fprintf(ctx->out, "return STEP_TRAP;\n");
}

/* ---- all ---- */

static void out_statement(struct out_ctx *ctx, const struct st *st, unsigned int depth)
{
	indent(ctx, depth);
	switch (st->kind) {
	case ST_LET: out_let(ctx, st); break;
	case ST_REG: out_reg(ctx, st); break;
	case ST_STATE: out_state_write(ctx, st); break;
	case ST_IF: out_if(ctx, st, depth); break;
	case ST_TRAP: out_trap(ctx, st); break;
	case ST_MEM: out_mem(ctx, st, depth); break;
	case ST_PRIM: out_prim_call(ctx, st); break;
	case ST_EFFECT: out_effect_call(ctx, st, depth); break;
	case ST_OPERAND: diag_error(ctx->diag, st->loc, "only a host form may write an operand"); break;
	}
}

static void out_list(struct out_ctx *ctx, const struct st *st, unsigned int depth)
{
	for (; st; st = st->next)
		out_statement(ctx, st, depth);
}

static bool is_amo(const struct out_ctx *ctx, const struct st *st)
{
	(void)ctx;
	return st->kind == ST_MEM && st->mem == MEM_AMO;
}

static void out_locals(struct out_ctx *ctx)
{
	const struct insn_desc *insn = ctx->insn;
	long start = ftell(ctx->out);
	unsigned int i;

	for (i = 0; i < insn->nlocals; i++)
		fprintf(ctx->out, "\t%s v%u;\t/* %s */\n", insn->local_width[i] > 64 ? "wide_t" : "u64", i,
			insn->local_name[i] ? insn->local_name[i] : "lifted");
	if (list_has(ctx, insn->body, is_amo))
		fprintf(ctx->out, "\tu64 guess;\n");
	if (list_has(ctx, insn->body, sets_pc))
		fprintf(ctx->out, "\tu64 next = g->pc + in->len_bytes;\n");
	if (list_has(ctx, insn->body, has_effect))
		fprintf(ctx->out, "\tenum step end = STEP_NEXT;\n");
	if (ftell(ctx->out) != start)
		fprintf(ctx->out, "\n");
}

/* A path that ends in trap() on every way has no end; the two closing statements are then never reached. */
static bool always_traps(const struct st *st)
{
	for (; st; st = st->next)
		if (st->kind == ST_TRAP ||
		    (st->kind == ST_IF && st->orelse && always_traps(st->body) && always_traps(st->orelse)))
			return true;
	return false;
}

void out_insn_function(struct out_ctx *ctx)
{
	const struct insn_desc *insn = ctx->insn;

	fprintf(ctx->out, "static enum step do_");
	out_lower(ctx->out, insn->name);
	fprintf(ctx->out, "(struct guest *g, const struct insn *in)\n{\n");
	out_locals(ctx);
	fprintf(ctx->out, "\t(void)in;\n");
	out_list(ctx, insn->body, 1);
	if (!always_traps(insn->body)) {
		fprintf(ctx->out,
			list_has(ctx, insn->body, sets_pc) ? "\tg->pc = next;\n" : "\tg->pc += in->len_bytes;\n");
		fprintf(ctx->out, list_has(ctx, insn->body, has_effect) ? "\treturn end;\n" : "\treturn STEP_NEXT;\n");
	}
	fprintf(ctx->out, "}\n\n");
}
