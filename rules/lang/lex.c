// SPDX-License-Identifier: GPL-2.0-only
/* lex.c: one pass over the text; the view of the parser is limited statement by statement. Next file: expr.c. */
#include "lang/lex.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

struct scan {
	struct lexer *lx;
	const char *at, *end;
	struct loc loc;
	bool starts_line, is_indented, follows_space;
};

/* Longest first: the first that matches is taken. */
static const char *const punct_table[] = {
	">>>", ">=u", ">=s", "<u", "<s", "<<", ">>", "==", "!=", "&&", "||", "->", "=>", "..", "|=",
};

static bool is_name_char(const struct scan *s, const char *at)
{
	if (at >= s->end)
		return false;
	if (isalnum((unsigned char)*at) || *at == '_' || *at == '\'')
		return true;
	return *at == '.' && at + 1 < s->end && (isalnum((unsigned char)at[1]) || at[1] == '_');
}

static void add_token(struct scan *s, enum tok_kind kind, const char *text, unsigned int len)
{
	struct lexer *lx = s->lx;
	struct token *tok;

	lx->tok = arena_grow(lx->arena, lx->tok, lx->ntoks, sizeof(*lx->tok));
	tok = &lx->tok[lx->ntoks++];
	*tok = (struct token){
		.kind = kind,
		.text = text,
		.len = len,
		.starts_line = s->starts_line,
		.is_indented = s->starts_line && s->is_indented,
		.follows_space = s->follows_space,
		.loc = s->loc,
	};
	s->starts_line = false;
	s->follows_space = false;
	s->at = text + len;
}

/* Value of the digit, or 99. */
static unsigned int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

static void scan_number(struct scan *s)
{
	const char *start = s->at, *at = s->at;
	unsigned int base = 10;
	bool is_too_big = false;
	uint64_t value = 0;

	if (s->end - at > 2 && at[0] == '0' && at[1] == 'x' && digit_value(at[2]) < 16)
		base = 16;
	else if (s->end - at > 2 && at[0] == '0' && at[1] == 'b' && digit_value(at[2]) < 2)
		base = 2;
	if (base != 10)
		at += 2;
	for (; at < s->end && digit_value(*at) < base; at++) {
		is_too_big |= __builtin_mul_overflow(value, base, &value);
		is_too_big |= __builtin_add_overflow(value, digit_value(*at), &value);
	}
	if (is_name_char(s, at) && *at != '.') { /* 1b, 0F38: a word */
		while (is_name_char(s, at))
			at++;
		add_token(s, TOK_NAME, start, at - start);
		return;
	}
	add_token(s, TOK_NUMBER, start, at - start);
	s->lx->tok[s->lx->ntoks - 1].value = value;
	s->lx->tok[s->lx->ntoks - 1].is_too_big = is_too_big;
}

static void scan_name(struct scan *s)
{
	const char *start = s->at, *at = s->at + 1;

	while (is_name_char(s, at))
		at++;
	add_token(s, TOK_NAME, start, at - start);
}

/* `<u` must not cut the name in `a <upper`. */
static bool punct_matches(const struct scan *s, const char *punct)
{
	size_t len = strlen(punct);

	if ((size_t)(s->end - s->at) < len || memcmp(s->at, punct, len))
		return false;
	return !isalpha((unsigned char)punct[len - 1]) || !is_name_char(s, s->at + len);
}

static int scan_punct(struct scan *s)
{
	static const char singles[] = "+-*&|^~!<>=?:;,.()[]{}/@%\"";

	for (unsigned int i = 0; i < sizeof(punct_table) / sizeof(punct_table[0]); i++) {
		if (punct_matches(s, punct_table[i])) {
			add_token(s, TOK_PUNCT, s->at, strlen(punct_table[i]));
			return 0;
		}
	}
	if (*s->at && strchr(singles, *s->at)) {
		add_token(s, TOK_PUNCT, s->at, 1);
		return 0;
	}
	if (isprint((unsigned char)*s->at))
		diag_error(s->lx->diag, s->loc, "character `%c` has no meaning here: remove it", *s->at);
	else
		diag_error(s->lx->diag, s->loc, "byte 0x%02x is no text: remove it", (unsigned char)*s->at);
	s->at++;
	return -EINVAL;
}

/* Steps over white space, line ends and comments. */
static void skip_space(struct scan *s)
{
	for (; s->at < s->end; s->at++) {
		if (*s->at == '\n') {
			s->loc.line++;
			s->starts_line = true;
			s->is_indented = false;
			s->follows_space = true;
		} else if (*s->at == ' ' || *s->at == '\t' || *s->at == '\r') {
			s->is_indented = true;
			s->follows_space = true;
		} else if (*s->at == '#' && s->follows_space) {
			while (s->at + 1 < s->end && s->at[1] != '\n')
				s->at++;
		} else {
			return;
		}
	}
}

static int scan_token(struct scan *s)
{
	char c = *s->at;

	if (isdigit((unsigned char)c)) {
		scan_number(s);
		return 0;
	}
	if (isalpha((unsigned char)c) || c == '_' || (c == '.' && is_name_char(s, s->at))) {
		scan_name(s);
		return 0;
	}
	return scan_punct(s);
}

int lex_init(struct lexer *lx, struct arena *arena, struct diag *diag, const char *file, const char *text,
	     size_t len_bytes)
{
	struct scan s = {
		.lx = lx,
		.at = text,
		.end = text + len_bytes,
		.loc = { file, 1 },
		.starts_line = true,
		.follows_space = true,
	};
	int ret = 0;

	*lx = (struct lexer){ .arena = arena, .diag = diag };
	if (len_bytes > LEX_FILE_BYTES_MAX) {
		diag_error(diag, s.loc, "file is longer than %d bytes: split it", LEX_FILE_BYTES_MAX);
		lx->end.loc = s.loc;
		return -EINVAL;
	}
	for (skip_space(&s); s.at < s.end; skip_space(&s))
		if (scan_token(&s))
			ret = -EINVAL;
	lx->limit = lx->ntoks;
	lx->end = (struct token){ .kind = TOK_END, .text = "", .loc = s.loc, .starts_line = true };
	return ret;
}

/* TOK_END stands on the line of the last token before the limit. */
static void set_limit(struct lexer *lx, unsigned int limit)
{
	lx->limit = limit;
	if (limit)
		lx->end.loc = lx->tok[limit - 1].loc;
}

bool lex_open_statement(struct lexer *lx)
{
	unsigned int limit = lx->pos + 1;

	if (lx->pos >= lx->ntoks)
		return false;
	while (limit < lx->ntoks && !(lx->tok[limit].starts_line && !lx->tok[limit].is_indented))
		limit++;
	set_limit(lx, limit);
	return true;
}

bool lex_open_line(struct lexer *lx)
{
	unsigned int limit = lx->pos + 1;

	if (lx->pos >= lx->ntoks)
		return false;
	while (limit < lx->ntoks && !lx->tok[limit].starts_line)
		limit++;
	set_limit(lx, limit);
	return true;
}

void lex_close(struct lexer *lx, bool is_error)
{
	if (is_error && lx->pos < lx->limit)
		diag_error(lx->diag, lx->tok[lx->pos].loc, "`%.*s` is more than the statement needs: remove it",
			   (int)lx->tok[lx->pos].len, lx->tok[lx->pos].text);
	lx->pos = lx->limit;
}

const struct token *lex_peek_at(const struct lexer *lx, unsigned int ahead)
{
	return lx->limit > lx->pos && ahead < lx->limit - lx->pos ? &lx->tok[lx->pos + ahead] : &lx->end;
}

const struct token *lex_peek(const struct lexer *lx)
{
	return lex_peek_at(lx, 0);
}

const struct token *lex_next(struct lexer *lx)
{
	const struct token *tok = lex_peek(lx);

	if (tok->kind != TOK_END)
		lx->pos++;
	return tok;
}

bool token_is(const struct token *tok, const char *text)
{
	return tok->kind != TOK_END && strlen(text) == tok->len && !memcmp(tok->text, text, tok->len);
}

bool lex_at(const struct lexer *lx, const char *text)
{
	return token_is(lex_peek(lx), text);
}

bool lex_accept(struct lexer *lx, const char *text)
{
	if (!lex_at(lx, text))
		return false;
	lx->pos++;
	return true;
}

void lex_error_here(struct lexer *lx, const char *what)
{
	const struct token *tok = lex_peek(lx);

	if (tok->kind == TOK_END)
		diag_error(lx->diag, tok->loc, "%s expected, but the statement ends", what);
	else
		diag_error(lx->diag, tok->loc, "%s expected, not `%.*s`", what, (int)tok->len, tok->text);
}

bool lex_expect(struct lexer *lx, const char *text)
{
	char what[16];

	if (lex_accept(lx, text))
		return true;
	snprintf(what, sizeof(what), "`%s`", text);
	lex_error_here(lx, what);
	return false;
}

char *lex_name(struct lexer *lx, const char *what)
{
	const struct token *tok = lex_peek(lx);

	if (tok->kind != TOK_NAME) {
		lex_error_here(lx, what);
		return NULL;
	}
	lx->pos++;
	return arena_text(lx->arena, tok->text, tok->len);
}

bool lex_number(struct lexer *lx, const char *what, uint64_t *value)
{
	const struct token *tok = lex_peek(lx);

	if (tok->kind != TOK_NUMBER) {
		lex_error_here(lx, what);
		return false;
	}
	if (tok->is_too_big) {
		diag_error(lx->diag, tok->loc, "number %.*s has more than 64 bits", (int)tok->len, tok->text);
		return false;
	}
	lx->pos++;
	*value = tok->value;
	return true;
}

char *lex_rest_text(struct lexer *lx)
{
	const struct token *last;

	if (lx->pos >= lx->limit)
		return arena_text(lx->arena, "", 0);
	last = &lx->tok[lx->limit - 1];
	return arena_text(lx->arena, lx->tok[lx->pos].text, last->text + last->len - lx->tok[lx->pos].text);
}
