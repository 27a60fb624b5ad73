/* SPDX-License-Identifier: GPL-2.0-only */
/* syn.h: expressions and statements as written, before names and widths are known.
 *
 * Owns:    nothing; nodes live in the lexer's arena.
 * Promise: depth is at most SYN_DEPTH_MAX, so that everything behind the parser may recurse.
 * Why:     `sem` and `func` are typed anew at each use, so the written form must outlive the parser.
 * Errors:  NULL after a message in the lexer's diag.
 * Next file: expr.c, stmt.c; typed by types.c and sem.c. */
#ifndef LDBT_RULES_SYN_H
#define LDBT_RULES_SYN_H

#include "lang/lex.h"

enum { SYN_DEPTH_MAX = 64, SYN_TARGETS_MAX = ISA_RESULTS_MAX };

enum syn_kind {
	SYN_NUMBER, /* .value */
	SYN_NAME,   /* .name */
	SYN_CALL,   /* .name(.arg...): primitive, effect, access, macro, sext, zext, width, addr */
	SYN_INDEX,  /* .arg[0][.arg[1]] or, with nargs 3, .arg[0][.arg[1]:.arg[2]] */
	SYN_CONCAT, /* {.arg[0], .arg[1]} */
	SYN_UNARY,  /* .op; is_logic: `!` */
	SYN_BINARY, /* .op; is_logic: `&&`, `||` */
	SYN_ITE,
};

struct syn {
	enum syn_kind kind;
	enum ex_op op;
	bool is_logic; /* operands must have 1 bit */
	const char *name;
	uint64_t value;
	unsigned int nargs;
	struct syn *arg[ISA_ARGS_MAX];
	struct loc loc;
};

enum syn_st_kind { SYN_LET, SYN_ASSIGN, SYN_IF, SYN_DO };

struct syn_st {
	enum syn_st_kind kind;
	unsigned int ntargets;
	const char *name[SYN_TARGETS_MAX];   /* SYN_LET */
	struct syn *target[SYN_TARGETS_MAX]; /* SYN_ASSIGN */
	bool is_or;			     /* `|=`: or-ed into the last target */
	struct syn *val;		     /* value, condition, or the call of SYN_DO */
	struct syn_st *body, *orelse, *next;
	struct loc loc;
};

/* An expression from the current token on, as far as it goes. */
struct syn *expr_parse(struct lexer *lx);
/* Statements up to the end of what is open. *ok tells success, since no statement at all is NULL too. */
struct syn_st *stmts_parse(struct lexer *lx, bool *ok);

/* For rule files: `let` expressions over signed 64-bit numbers. Parses and types one expression at 64 bits; each name
 * becomes EX_LOCAL with the index that find() gives (-1: unknown, an error). Allowed: numbers, names, + - * & | ^ ~ -,
 * << >> >>>. */
struct ex *expr_parse_let(struct lexer *lx, int (*find)(void *ctx, const char *name), void *ctx);

#endif
