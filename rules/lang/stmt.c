// SPDX-License-Identifier: GPL-2.0-only
/* stmt.c: statements of semantics. Next file: decl.c, then sem.c. */
#include "lang/syn.h"

enum { STMT_DEPTH_MAX = 8 };

static bool parse_list(struct lexer *lx, unsigned int depth, struct syn_st **list);

/* v, f = */
static bool parse_let(struct lexer *lx, struct syn_st *st)
{
	st->kind = SYN_LET;
	do {
		if (st->ntargets == SYN_TARGETS_MAX) {
			diag_error(lx->diag, st->loc, "let names at most %d results", SYN_TARGETS_MAX);
			return false;
		}
		st->name[st->ntargets] = lex_name(lx, "name");
		if (!st->name[st->ntargets++])
			return false;
	} while (lex_accept(lx, ","));
	if (!lex_expect(lx, "="))
		return false;
	st->val = expr_parse(lx);
	return st->val;
}

static bool parse_block(struct lexer *lx, unsigned int depth, struct syn_st **list)
{
	if (depth > STMT_DEPTH_MAX) {
		diag_error(lx->diag, lex_peek(lx)->loc, "if nests deeper than %d", STMT_DEPTH_MAX);
		return false;
	}
	return lex_expect(lx, "{") && parse_list(lx, depth, list) && lex_expect(lx, "}");
}

static bool parse_if(struct lexer *lx, struct syn_st *st, unsigned int depth)
{
	st->kind = SYN_IF;
	st->val = expr_parse(lx);
	if (!st->val || !parse_block(lx, depth + 1, &st->body))
		return false;
	if (!lex_accept(lx, "else"))
		return true;
	return parse_block(lx, depth + 1, &st->orelse);
}

/* Target list and value, or a call that stands alone. */
static bool parse_assign(struct lexer *lx, struct syn_st *st)
{
	st->kind = SYN_ASSIGN;
	do {
		if (st->ntargets == SYN_TARGETS_MAX) {
			diag_error(lx->diag, st->loc, "at most %d targets take the results of one call",
				   SYN_TARGETS_MAX);
			return false;
		}
		st->target[st->ntargets] = expr_parse(lx);
		if (!st->target[st->ntargets++])
			return false;
	} while (lex_accept(lx, ","));
	if (st->ntargets == 1 && st->target[0]->kind == SYN_CALL && !lex_at(lx, "=")) {
		st->kind = SYN_DO;
		st->val = st->target[0];
		return true;
	}
	st->is_or = lex_accept(lx, "|=");
	if (!st->is_or && !lex_expect(lx, "="))
		return false;
	st->val = expr_parse(lx);
	return st->val;
}

static struct syn_st *parse_stmt(struct lexer *lx, unsigned int depth)
{
	struct syn_st *st = arena_alloc(lx->arena, sizeof(*st));
	bool ok;

	st->loc = lex_peek(lx)->loc;
	if (lex_accept(lx, "let"))
		ok = parse_let(lx, st);
	else if (lex_accept(lx, "if"))
		ok = parse_if(lx, st, depth);
	else
		ok = parse_assign(lx, st);
	return ok ? st : NULL;
}

/* Up to `}` or the end; `;` may be left out behind a block. */
static bool parse_list(struct lexer *lx, unsigned int depth, struct syn_st **list)
{
	struct syn_st **tail = list;

	while (lex_peek(lx)->kind != TOK_END && !lex_at(lx, "}")) {
		struct syn_st *st = parse_stmt(lx, depth);

		if (!st)
			return false;
		*tail = st;
		tail = &st->next;
		if (!lex_accept(lx, ";") && st->kind != SYN_IF && lex_peek(lx)->kind != TOK_END && !lex_at(lx, "}")) {
			lex_error_here(lx, "`;`");
			return false;
		}
	}
	return true;
}

struct syn_st *stmts_parse(struct lexer *lx, bool *ok)
{
	struct syn_st *list = NULL;

	*ok = parse_list(lx, 0, &list);
	if (*ok && lex_peek(lx)->kind != TOK_END) {
		lex_error_here(lx, "`;` or the end");
		*ok = false;
	}
	return list;
}
