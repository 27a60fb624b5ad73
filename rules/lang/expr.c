// SPDX-License-Identifier: GPL-2.0-only
/* expr.c: expressions, by precedence climbing; C's precedences. Next file: stmt.c. */
#include "lang/syn.h"

#include <stdlib.h>
#include <string.h>

struct binary {
	const char *text;
	int level; /* higher binds tighter */
	enum ex_op op;
	bool is_logic;
};

static const struct binary binary_table[] = {
	{ "||", 1, OP_OR, true },    { "&&", 2, OP_AND, true },	  { "|", 3, OP_OR, false },
	{ "^", 4, OP_XOR, false },   { "&", 5, OP_AND, false },	  { "==", 6, OP_EQ, false },
	{ "!=", 6, OP_NE, false },   { "<u", 7, OP_LTU, false },  { "<s", 7, OP_LTS, false },
	{ ">=u", 7, OP_GEU, false }, { ">=s", 7, OP_GES, false }, { "<<", 8, OP_SHL, false },
	{ ">>", 8, OP_SHR, false },  { ">>>", 8, OP_SAR, false }, { "+", 9, OP_ADD, false },
	{ "-", 9, OP_SUB, false },   { "*", 10, OP_MUL, false },
};

static struct syn *parse_ite(struct lexer *lx, unsigned int depth);

static struct syn *syn_new(struct lexer *lx, enum syn_kind kind, struct loc loc)
{
	struct syn *s = arena_alloc(lx->arena, sizeof(*s));

	s->kind = kind;
	s->loc = loc;
	return s;
}

static struct syn *too_deep(struct lexer *lx)
{
	diag_error(lx->diag, lex_peek(lx)->loc, "expression nests deeper than %d: name parts of it by let",
		   SYN_DEPTH_MAX);
	return NULL;
}

/* Arguments behind the opening parenthesis. */
static bool parse_args(struct lexer *lx, struct syn *call, unsigned int depth)
{
	if (lex_accept(lx, ")"))
		return true;
	do {
		if (call->nargs == ISA_ARGS_MAX) {
			diag_error(lx->diag, call->loc, "%s has more than %d arguments", call->name, ISA_ARGS_MAX);
			return false;
		}
		call->arg[call->nargs] = parse_ite(lx, depth);
		if (!call->arg[call->nargs++])
			return false;
	} while (lex_accept(lx, ","));
	return lex_expect(lx, ")");
}

static struct syn *parse_concat(struct lexer *lx, struct loc loc, unsigned int depth)
{
	struct syn *s = syn_new(lx, SYN_CONCAT, loc);

	if (depth > SYN_DEPTH_MAX)
		return too_deep(lx);
	s->nargs = 2;
	s->arg[0] = parse_ite(lx, depth + 1);
	if (!s->arg[0] || !lex_expect(lx, ","))
		return NULL;
	s->arg[1] = parse_ite(lx, depth + 1);
	if (!s->arg[1])
		return NULL;
	if (lex_at(lx, ",")) {
		diag_error(lx->diag, loc, "{a, b} takes two parts: write {a, {b, c}} for three");
		return NULL;
	}
	return lex_expect(lx, "}") ? s : NULL;
}

static struct syn *parse_primary(struct lexer *lx, unsigned int depth)
{
	const struct token *tok = lex_peek(lx);
	struct syn *s;

	if (tok->kind == TOK_NUMBER) {
		s = syn_new(lx, SYN_NUMBER, tok->loc);
		return lex_number(lx, "number", &s->value) ? s : NULL;
	}
	if (tok->kind == TOK_NAME) {
		s = syn_new(lx, SYN_NAME, tok->loc);
		s->name = lex_name(lx, "name");
		if (!lex_accept(lx, "("))
			return s;
		s->kind = SYN_CALL;
		return parse_args(lx, s, depth + 1) ? s : NULL;
	}
	if (lex_accept(lx, "{"))
		return parse_concat(lx, tok->loc, depth + 1);
	if (!lex_accept(lx, "(")) {
		lex_error_here(lx, "expression");
		return NULL;
	}
	s = parse_ite(lx, depth + 1);
	return s && lex_expect(lx, ")") ? s : NULL;
}

static struct syn *parse_postfix(struct lexer *lx, unsigned int depth)
{
	struct syn *base = parse_primary(lx, depth);

	while (base && lex_at(lx, "[")) {
		struct syn *s = syn_new(lx, SYN_INDEX, lex_next(lx)->loc);

		if (++depth > SYN_DEPTH_MAX)
			return too_deep(lx);
		s->arg[0] = base;
		s->arg[1] = parse_ite(lx, depth + 1);
		s->nargs = 2;
		if (s->arg[1] && lex_accept(lx, ":")) {
			s->arg[2] = parse_ite(lx, depth + 1);
			s->nargs = s->arg[2] ? 3 : 0;
		}
		base = s->arg[1] && s->nargs && lex_expect(lx, "]") ? s : NULL;
	}
	return base;
}

static struct syn *parse_unary(struct lexer *lx, unsigned int depth)
{
	const struct token *tok = lex_peek(lx);
	struct syn *s;

	if (depth > SYN_DEPTH_MAX)
		return too_deep(lx);
	if (!token_is(tok, "-") && !token_is(tok, "~") && !token_is(tok, "!"))
		return parse_postfix(lx, depth);
	lex_next(lx);
	s = syn_new(lx, SYN_UNARY, tok->loc);
	s->op = token_is(tok, "-") ? OP_NEG : OP_NOT;
	s->is_logic = token_is(tok, "!");
	s->nargs = 1;
	s->arg[0] = parse_unary(lx, depth + 1);
	return s->arg[0] ? s : NULL;
}

static const struct binary *binary_find(const struct token *tok)
{
	for (unsigned int i = 0; i < sizeof(binary_table) / sizeof(binary_table[0]); i++)
		if (tok->kind == TOK_PUNCT && token_is(tok, binary_table[i].text))
			return &binary_table[i];
	return NULL;
}

/* Left recursion makes the tree deep as well: `chain` counts it. */
static struct syn *parse_binary(struct lexer *lx, int level, unsigned int depth)
{
	struct syn *left = parse_unary(lx, depth);
	unsigned int chain = depth;
	const struct binary *b;

	while (left && (b = binary_find(lex_peek(lx))) && b->level >= level) {
		struct syn *s = syn_new(lx, SYN_BINARY, lex_next(lx)->loc);

		if (++chain > SYN_DEPTH_MAX)
			return too_deep(lx);
		s->op = b->op;
		s->is_logic = b->is_logic;
		s->nargs = 2;
		s->arg[0] = left;
		s->arg[1] = parse_binary(lx, b->level + 1, depth + 1);
		left = s->arg[1] ? s : NULL;
	}
	return left;
}

static struct syn *parse_ite(struct lexer *lx, unsigned int depth)
{
	struct syn *cond, *s;

	if (depth > SYN_DEPTH_MAX)
		return too_deep(lx);
	cond = parse_binary(lx, 1, depth + 1);
	if (!cond || !lex_at(lx, "?"))
		return cond;
	s = syn_new(lx, SYN_ITE, lex_next(lx)->loc);
	s->nargs = 3;
	s->arg[0] = cond;
	s->arg[1] = parse_ite(lx, depth + 1);
	if (!s->arg[1] || !lex_expect(lx, ":"))
		return NULL;
	s->arg[2] = parse_ite(lx, depth + 1);
	return s->arg[2] ? s : NULL;
}

struct syn *expr_parse(struct lexer *lx)
{
	return parse_ite(lx, 0);
}

/* ---- let expressions of rule files ---- */

struct let_ctx {
	struct lexer *lx;
	int (*find)(void *ctx, const char *name);
	void *ctx;
};

static struct ex *let_type(struct let_ctx *c, const struct syn *s);

static struct ex *let_name(struct let_ctx *c, const struct syn *s, struct ex *e)
{
	int index = c->find(c->ctx, s->name);

	if (index < 0) {
		diag_error(c->lx->diag, s->loc, "%s is no value of this match: name an immediate or an earlier let",
			   s->name);
		return NULL;
	}
	e->kind = EX_LOCAL;
	e->index = index;
	return e;
}

static struct ex *let_operator(struct let_ctx *c, const struct syn *s, struct ex *e)
{
	bool is_allowed = s->kind == SYN_UNARY || (s->kind == SYN_BINARY && s->op <= OP_SAR);

	if (!is_allowed || s->is_logic) {
		diag_error(c->lx->diag, s->loc, "let takes numbers, names and + - * & | ^ ~ << >> >>> only");
		return NULL;
	}
	e->kind = s->kind == SYN_UNARY ? EX_UNARY : EX_BINARY;
	e->op = s->op;
	e->nargs = s->nargs;
	for (unsigned int i = 0; i < s->nargs; i++) {
		e->arg[i] = let_type(c, s->arg[i]);
		if (!e->arg[i])
			return NULL;
	}
	return e;
}

static struct ex *let_type(struct let_ctx *c, const struct syn *s)
{
	struct ex *e = arena_alloc(c->lx->arena, sizeof(*e));

	e->loc = s->loc;
	e->width = 64;
	if (s->kind == SYN_NAME)
		return let_name(c, s, e);
	if (s->kind != SYN_NUMBER)
		return let_operator(c, s, e);
	e->kind = EX_CONST;
	e->value = s->value;
	return e;
}

struct ex *expr_parse_let(struct lexer *lx, int (*find)(void *ctx, const char *name), void *ctx)
{
	struct let_ctx c = { lx, find, ctx };
	struct syn *s = expr_parse(lx);

	return s ? let_type(&c, s) : NULL;
}
