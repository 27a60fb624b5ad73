// SPDX-License-Identifier: GPL-2.0-only
/* lex_test.c: tokens, lines and statements. Next file: errors_test.c. */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

#include "lang/lex.h"

struct source {
	struct arena *arena;
	struct diag diag;
	struct lexer lx;
	char *messages;
	size_t messages_bytes;
};

static int source_open(struct source *s, const char *text)
{
	s->arena = arena_create();
	s->diag = (struct diag){ open_memstream(&s->messages, &s->messages_bytes), 0 };
	return lex_init(&s->lx, s->arena, &s->diag, "t.rules", text, strlen(text));
}

static void source_close(struct source *s)
{
	fclose(s->diag.out);
	free(s->messages);
	arena_destroy(s->arena);
}

/* All tokens joined by one space. */
static void test_tokens(const char *text, const char *expected)
{
	struct source s;
	char joined[512] = "";

	source_open(&s, text);
	for (unsigned int i = 0; i < s.lx.ntoks; i++) {
		if (i)
			strcat(joined, " ");
		strncat(joined, s.lx.tok[i].text, s.lx.tok[i].len);
	}
	check(!strcmp(joined, expected), "tokens of `%s`: `%s`, not `%s`", text, joined, expected);
	source_close(&s);
}

static void test_number(const char *text, uint64_t value, bool is_too_big)
{
	struct source s;

	source_open(&s, text);
	check(s.lx.ntoks == 1 && s.lx.tok[0].kind == TOK_NUMBER && s.lx.tok[0].is_too_big == is_too_big &&
		      (is_too_big || s.lx.tok[0].value == value),
	      "number `%s`", text);
	source_close(&s);
}

static void test_lines(void)
{
	struct source s;

	source_open(&s, "match add rd\n  when x -> mov\n           add\n\n# note\nmatch sub\n");
	check(s.lx.tok[0].starts_line && !s.lx.tok[0].is_indented, "first token starts its line");
	check(s.lx.tok[3].starts_line && s.lx.tok[3].is_indented && s.lx.tok[3].loc.line == 2, "indented line");
	check(lex_open_statement(&s.lx) && s.lx.limit == 8, "statement reaches over indented lines");
	check(lex_open_line(&s.lx) && s.lx.limit == 3, "line ends at its end");
	lex_close(&s.lx, false);
	check(lex_at(&s.lx, "") == false && lex_peek(&s.lx)->kind == TOK_END, "TOK_END behind the line");
	check(lex_open_statement(&s.lx) && lex_peek(&s.lx)->loc.line == 2, "next line opens");
	lex_close(&s.lx, false);
	check(lex_open_statement(&s.lx) && lex_peek(&s.lx)->loc.line == 6, "comments and empty lines count");
	check(lex_peek_at(&s.lx, 1)->loc.line == 6 && lex_peek_at(&s.lx, 2)->kind == TOK_END, "looking ahead");
	check(!strcmp(lex_rest_text(&s.lx), "match sub"), "text of the rest");
	lex_close(&s.lx, false);
	check(!lex_open_statement(&s.lx), "end of the file");
	source_close(&s);
}

static void test_bad_text(const char *text, const char *message)
{
	struct source s;
	int ret = source_open(&s, text);

	fflush(s.diag.out);
	check(ret && strstr(s.messages, message), "`%s`: message `%s`, not `%s`", text, s.messages, message);
	source_close(&s);
}

void test_lex(void)
{
	test_tokens("imm:s13[12|10:5] rd' c.addi", "imm : s13 [ 12 | 10 : 5 ] rd' c.addi");
	test_tokens("a>>>b >>c>=ud >=u e<us <s f", "a >>> b >> c > = ud >=u e < us <s f");
	test_tokens("imm in -128..127 -> add rd.d, imm", "imm in - 128 .. 127 -> add rd.d , imm");
	test_tokens("1: jne 1b; jmp 2f", "1 : jne 1b ; jmp 2f");
	test_tokens("mov home.pc_page, .aqrl", "mov home.pc_page , .aqrl");
	test_tokens("x # comment\n#y\n\tz", "x z");
	test_tokens("a|=b=>c==d!=e&&f||g", "a |= b => c == d != e && f || g");
	test_tokens("REX.W 0F B6 /r 80 /0 ib", "REX.W 0F B6 / r 80 / 0 ib");
	test_tokens("insn* gmem64[rs1 + imm]", "insn * gmem64 [ rs1 + imm ]");
	test_number("0x7fffffffffffffff", 0x7fffffffffffffff, false);
	test_number("18446744073709551615", UINT64_MAX, false);
	test_number("18446744073709551616", 0, true);
	test_number("0b101", 5, false);
	test_number("00000000000000000000000001110011", 1110011, false);
	test_number("11100000000000000000000001110011", 0, true);
	test_lines();
	test_bad_text("add $1", "t.rules:1: character `$` has no meaning here");
	test_bad_text("z#w", "character `#` has no meaning here");
	test_bad_text("add\n \x01", "t.rules:2: byte 0x01 is no text");
}
