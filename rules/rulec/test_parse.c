// SPDX-License-Identifier: GPL-2.0-only
/* test_parse.c: `test` lines and `ref` lines. Next file: ruletest.c, which runs the tests. */
#include <string.h>

#include "rulec/norms.h"
#include "rulec/src.h"

static bool test_number(struct lexer *lx, uint64_t *value)
{
	bool is_negative = lex_accept(lx, "-");

	if (!lex_number(lx, "a number", value))
		return false;
	if (is_negative)
		*value = 0 - *value;
	return true;
}

static bool test_name_is_bound(const struct src_rule *src, const char *name)
{
	unsigned int shift, bits;

	return role_find(src->rule, name, strlen(name)) >= 0 || value_find(src->rule, name, strlen(name)) >= 0 ||
	       !strcmp(name, "pc") || !strcmp(name, "epc") || slot_offset(STATE_HOME, name) >= 0 ||
	       slot_offset(STATE_CSR, name) >= 0 || slot_offset(STATE_TABLE, name) >= 0 ||
	       block_state_find(name, &shift, &bits);
}

/* rd=x0 on the left side: that register, whatever it holds. */
static bool test_register(const struct src_rule *src, struct lexer *lx, struct ctest *item, bool is_out)
{
	int number = xreg_number(lex_peek(lx));

	if (is_out || number < 0 || role_find(src->rule, item->name, strlen(item->name)) < 0)
		return false;
	lex_next(lx);
	item->is_register = true;
	item->value = number;
	return true;
}

/* name=value, m[addr]=value, exit=NAME */
static bool test_item(struct src_rule *src, struct lexer *lx, struct ctest_line *line, bool is_out)
{
	unsigned int *n = is_out ? &line->nout : &line->nin;
	struct ctest *item = is_out ? &line->out[*n] : &line->in[*n];
	struct loc loc = lex_peek(lx)->loc;

	if (*n == TEST_SIDE_MAX) {
		diag_error(lx->diag, loc, "more than %d values, write two tests", TEST_SIDE_MAX);
		return false;
	}
	item->name = lex_name(lx, "name=value");
	if (!item->name)
		return false;
	if (!strcmp(item->name, "m")) {
		if (!lex_expect(lx, "[") || !test_number(lx, &item->key) || !lex_expect(lx, "]"))
			return false;
	} else if (is_out && !strcmp(item->name, "exit")) {
		if (!lex_expect(lx, "="))
			return false;
		line->exit = lex_name(lx, "an exit");
		if (line->exit && exit_find(line->exit) < 0) {
			diag_error(lx->diag, loc, "unknown exit %s, use one of abi.h", line->exit);
			return false;
		}
		return line->exit;
	} else if (!test_name_is_bound(src, item->name)) {
		diag_error(lx->diag, loc, "unbound name %s in a test, use one of the match, m[..] or pc", item->name);
		return false;
	}
	++*n;
	return lex_expect(lx, "=") && (test_register(src, lx, item, is_out) || test_number(lx, &item->value));
}

static bool test_outcome(struct lexer *lx, struct ctest_line *line)
{
	if (lex_accept(lx, "taken"))
		line->is_taken = 1;
	else if (lex_accept(lx, "not_taken"))
		line->is_taken = 0;
	else
		return false;
	return true;
}

void test_parse_line(struct src_rule *src, struct lexer *lx)
{
	struct ctest_line **tail = &src->rule->test, *line = arena_alloc(lx->arena, sizeof(*line));
	bool is_out = false;

	line->loc = lex_peek(lx)->loc;
	line->is_taken = -1;
	while (lex_peek(lx)->kind != TOK_END) {
		if (!is_out && lex_accept(lx, "gives")) {
			is_out = true;
			continue;
		}
		if (is_out && test_outcome(lx, line))
			continue;
		if (!test_item(src, lx, line, is_out))
			return;
	}
	if (!is_out || (!line->nout && line->is_taken < 0 && !line->exit)) {
		diag_error(lx->diag, line->loc, "test expects nothing, add gives and a result");
		return;
	}
	while (*tail)
		tail = &(*tail)->next;
	*tail = line;
}

/* One reference, between semicolons: volume, chapter, then tags or a quoted title. */
static bool ref_one(struct ruleset *set, struct loc loc, const char *text, struct diag *diag)
{
	char volume[16], chapter[48], word[96];
	int used = 0, len;
	bool has_target = false;

	if (sscanf(text, " %15s %47s %n", volume, chapter, &used) < 2 || !used ||
	    (strcmp(volume, "unpriv") && strcmp(volume, "priv"))) {
		diag_error(diag, loc, "ref must be: unpriv or priv, chapter, then norm:tag or \"Section Title\"");
		return false;
	}
	text += used;
	if (*text == '"' && strchr(text + 1, '"') > text + 1)
		return true;
	for (; sscanf(text, " %95s%n", word, &len) == 1; text += len) {
		if (strncmp(word, "norm:", 5) || !norm_is_known(set, word)) {
			diag_error(diag, loc, "unknown ref %s, use a tag of the manual (rules/norms.txt)", word);
			return false;
		}
		has_target = true;
	}
	if (!has_target)
		diag_error(diag, loc, "ref names no norm:tag and no \"Section Title\", add one");
	return has_target;
}

void ref_check(struct ruleset *set, struct src_rule *src, struct loc loc, const char *text)
{
	char part[512];

	for (;;) {
		size_t len = strcspn(text, ";");

		snprintf(part, sizeof(part), "%.*s", (int)len, text);
		if (!ref_one(set, loc, part, set->diag))
			return;
		if (!text[len])
			break;
		text += len + 1;
	}
	src->has_ref = true;
}
