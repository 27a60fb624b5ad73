/* SPDX-License-Identifier: GPL-2.0-only */
/* lex.h: text of .isa, .def and .rules files to tokens.
 *
 * Owns:    nothing; tokens live in the arena given to lex_init() and point into the caller's text.
 * Promise: all tokens exist after lex_init(), with TOK_END behind the last. A parser opens a statement (or a line)
 *          and sees TOK_END at its end, so that it can never run into the next one.
 * Locks:   none.
 * Errors:  counted in diag: characters that no file may contain; lex_expect() and friends when something else stands there.
 * Next file: syn.h. */
#ifndef LDBT_RULES_LEX_H
#define LDBT_RULES_LEX_H

#include <stddef.h>

#include "lang/arena.h"
#include "lang/isa.h"

enum tok_kind {
	TOK_END,
	TOK_NAME, /* letter, `_` or `.` first; then digits, `'` and `.` too: rd' c.addi .aqrl home.resv; also 1b, 1f */
	TOK_NUMBER, /* decimal, 0x, 0b; never negative */
	TOK_PUNCT,  /* longest of: >>> >=u >=s <u <s << >> == != && || -> => .. |= and single characters */
};

struct token {
	enum tok_kind kind;
	const char *text; /* not terminated */
	unsigned int len;
	uint64_t value;	    /* TOK_NUMBER */
	bool is_too_big;    /* TOK_NUMBER of more than 64 bits (a picture's digits): only the text counts */
	bool starts_line;   /* first on its line */
	bool is_indented;   /* ... behind white space: continues the statement before */
	bool follows_space; /* white space or line start before it */
	struct loc loc;
};

struct lexer {
	struct arena *arena;
	struct diag *diag;
	struct token *tok; /* ntoks tokens, then TOK_END */
	unsigned int ntoks;
	unsigned int pos;   /* current token */
	unsigned int limit; /* tokens from here on read as TOK_END */
	struct token end;
};

enum { LEX_FILE_BYTES_MAX = 1 << 24 };

/* 0, or -EINVAL with a message for each bad character. `file` must outlive the tokens. */
int lex_init(struct lexer *lx, struct arena *arena, struct diag *diag, const char *file, const char *text,
	     size_t len_bytes);

/* Limits the view to the statement at the current token: up to the next token that starts a line unindented.
 * False at the end of the file. */
bool lex_open_statement(struct lexer *lx);
/* The same for the rest of the current line. */
bool lex_open_line(struct lexer *lx);
/* Drops the rest of what was opened; says what stands there if `is_error`. */
void lex_close(struct lexer *lx, bool is_error);

const struct token *lex_peek(const struct lexer *lx);
const struct token *lex_peek_at(const struct lexer *lx, unsigned int ahead);
const struct token *lex_next(struct lexer *lx); /* returns the current token and steps behind it */

bool token_is(const struct token *tok, const char *text);
bool lex_at(const struct lexer *lx, const char *text);
bool lex_accept(struct lexer *lx, const char *text);
bool lex_expect(struct lexer *lx, const char *text);
char *lex_name(struct lexer *lx, const char *what); /* a name, copied; NULL after a message "... expected" */
bool lex_number(struct lexer *lx, const char *what, uint64_t *value);
/* The source text from token `from` up to the limit, comments included only if inside. Copied, trailing space cut. */
char *lex_rest_text(struct lexer *lx);
void lex_error_here(struct lexer *lx, const char *what); /* "what expected, not `token`" */

#endif
