// SPDX-License-Identifier: GPL-2.0-only
/* rule_parse.c: `when`, `temp` and the order of lines of a rule (docs/LANGUAGE.md section 4).
 * Next file: tmpl_parse.c (host instructions), test_parse.c, then check.c. */
#include "rulec/src.h"

#include <string.h>

#include "rulec/form_info.h"

/* ---- when ---- */

static bool cond_number(struct lexer *lx, int64_t *value)
{
	bool is_negative = lex_accept(lx, "-");
	uint64_t number;

	if (!lex_number(lx, "a number", &number))
		return false;
	*value = (int64_t)(is_negative ? 0 - number : number);
	return true;
}

static bool cond_host(struct ruleset *set, struct lexer *lx, struct rule_cond *cond)
{
	struct loc loc = lex_peek(lx)->loc;
	const char *name = lex_name(lx, "a CPU feature");
	int feature = name ? host_feature_find(set->host, name) : -1;

	if (name && feature < 0)
		diag_error(lx->diag, loc, "no form of x86_64.isa needs feature %s, correct its name", name);
	cond->kind = COND_HOST;
	cond->b = feature;
	return feature >= 0;
}

static bool cond_role(struct src_rule *src, struct lexer *lx, struct rule_cond *cond, bool is_not)
{
	const struct token *tok = lex_peek(lx);
	int xreg = xreg_number(tok), role = role_find(src->rule, tok->text, tok->len);

	if (tok->kind != TOK_NAME || (xreg < 0 && role < 0)) {
		lex_error_here(lx, "a register of the match or x0..x31");
		return false;
	}
	if (role_is_f(src->rule, cond->a) != (role >= 0 && role_is_f(src->rule, role))) {
		diag_error(lx->diag, tok->loc, "a register of one file is never one of the other");
		return false;
	}
	lex_next(lx);
	cond->kind = role >= 0 ? (is_not ? COND_ROLE_NE : COND_ROLE_EQ) : is_not ? COND_ROLE_IS_NOT : COND_ROLE_IS;
	cond->b = role >= 0 ? role : xreg;
	return true;
}

static bool cond_value(struct lexer *lx, struct rule_cond *cond)
{
	bool is_not = lex_at(lx, "!=") || lex_at(lx, "not");
	struct loc loc = lex_peek(lx)->loc;

	cond->kind = is_not ? COND_VALUE_NOT_IN : COND_VALUE_IN;
	if (lex_accept(lx, "==") || lex_accept(lx, "!=")) {
		if (!cond_number(lx, &cond->lo))
			return false;
		cond->hi = cond->lo;
		return true;
	}
	lex_accept(lx, "not");
	if (!lex_expect(lx, "in") || !cond_number(lx, &cond->lo) || !lex_expect(lx, "..") ||
	    !cond_number(lx, &cond->hi))
		return false;
	if (cond->lo > cond->hi)
		diag_error(lx->diag, loc, "empty range, write the smaller number first");
	return cond->lo <= cond->hi;
}

/* priv == 1 */
static bool cond_block(struct lexer *lx, const char *name, struct rule_cond *cond)
{
	struct loc loc = lex_peek(lx)->loc;
	unsigned int shift = 0, bits = 0;
	uint64_t number;

	block_state_find(name, &shift, &bits);
	cond->kind = lex_at(lx, "!=") ? COND_BLOCK_NOT : COND_BLOCK;
	if (!lex_accept(lx, "!=") && !lex_accept(lx, "==")) {
		diag_error(lx->diag, loc, "%s is compared with a number by == or !=", name);
		return false;
	}
	if (!lex_number(lx, "a number", &number))
		return false;
	if (number >> bits) {
		diag_error(lx->diag, loc, "%s has %u bits, this number has more", name, bits);
		return false;
	}
	cond->a = ((1u << bits) - 1) << shift;
	cond->b = number << shift;
	return true;
}

/* A state of the description that is the same all through a block, and known to abi.h. */
static const char *block_state_name(const struct ruleset *set, const struct token *tok)
{
	unsigned int shift, bits;

	for (unsigned int i = 0; i < set->guest->nstates; i++) {
		const struct state *state = &set->guest->state[i];

		if (state->place == STATE_BLOCK && token_is(tok, state->name) &&
		    block_state_find(state->name, &shift, &bits))
			return state->name;
	}
	return NULL;
}

static bool cond_parse(struct ruleset *set, struct src_rule *src, struct lexer *lx, struct rule_cond *cond)
{
	const struct token *tok = lex_peek(lx);
	const char *state = block_state_name(set, tok);
	int role, value;
	bool is_not;

	*cond = (struct rule_cond){ 0 };
	if (lex_accept(lx, "host"))
		return cond_host(set, lx, cond);
	if (state) {
		lex_next(lx);
		return cond_block(lx, state, cond);
	}
	role = role_find(src->rule, tok->text, tok->len);
	value = value_find(src->rule, tok->text, tok->len);
	if (tok->kind != TOK_NAME || (role < 0 && value < 0)) {
		diag_error(lx->diag, tok->loc, "unbound name %.*s in a condition, use one of the match or a let",
			   (int)tok->len, tok->text);
		return false;
	}
	lex_next(lx);
	cond->a = role >= 0 ? role : value;
	if (role < 0)
		return cond_value(lx, cond);
	is_not = lex_at(lx, "!=");
	return (lex_accept(lx, "!=") || lex_expect(lx, "==")) && cond_role(src, lx, cond, is_not);
}

static struct src_arm *arm_add(struct src_rule *src, struct lexer *lx)
{
	struct src_arm *arm;

	if (src->rule->narms == SRC_ARMS_MAX) {
		diag_error(lx->diag, lex_peek(lx)->loc, "more than %d arms, split the rule", SRC_ARMS_MAX);
		return NULL;
	}
	arm = &src->arm[src->rule->narms];
	arm->arm = &src->rule->arm[src->rule->narms++];
	arm->arm->loc = lex_peek(lx)->loc;
	return arm;
}

/* The numbers of the match that no equality can hold become conditions of every arm. */
static void arm_add_fixed(struct src_rule *src, struct carm *arm)
{
	const struct crule *rule = src->rule;

	for (unsigned int v = 0; v < rule->nvalues; v++) {
		if (rule->value[v].name[0] != '#' || arm->nconds == 8)
			continue;
		arm->cond[arm->nconds++] = (struct rule_cond){
			.kind = COND_VALUE_IN, .a = v, .lo = rule->value[v].lo, .hi = rule->value[v].hi
		};
	}
}

static struct src_arm *when_parse(struct ruleset *set, struct src_rule *src, struct lexer *lx)
{
	struct src_arm *arm = arm_add(src, lx);

	if (!arm)
		return NULL;
	if (src->rule->narms > 1 && arm[-1].is_else)
		diag_error(lx->diag, arm->arm->loc, "an arm behind else is never tried, move it up");
	arm_add_fixed(src, arm->arm);
	arm->is_else = lex_accept(lx, "else");
	if (!arm->is_else) {
		lex_next(lx);
		do {
			if (arm->arm->nconds == 8) {
				diag_error(lx->diag, arm->arm->loc, "more than 8 conditions, use fewer");
				return NULL;
			}
			if (!cond_parse(set, src, lx, &arm->arm->cond[arm->arm->nconds]))
				return NULL;
			arm->arm->nconds++;
		} while (lex_accept(lx, ","));
	}
	return lex_expect(lx, "->") ? arm : NULL;
}

/* ---- lines ---- */

static void temp_parse(struct src_rule *src, struct lexer *lx)
{
	do {
		struct loc loc = lex_peek(lx)->loc;
		const char *name = lex_name(lx, "a name");

		if (!name) {
			src->is_bad = true;
			return;
		}
		if (src->ntemps == SRC_TEMPS_MAX) {
			diag_error(lx->diag, loc, "more than %d temps, there are only rax, rcx and rdx", SRC_TEMPS_MAX);
			src->is_bad = true;
			return;
		}
		src->temp[src->ntemps++] = name;
	} while (lex_accept(lx, ","));
}

/* `test` is a keyword and a host instruction: a test line goes on with name=, m[ or gives. */
static bool at_test_line(const struct lexer *lx)
{
	if (!lex_at(lx, "test"))
		return false;
	return token_is(lex_peek_at(lx, 1), "gives") || token_is(lex_peek_at(lx, 2), "=") ||
	       (token_is(lex_peek_at(lx, 1), "m") && token_is(lex_peek_at(lx, 2), "["));
}

static void ref_parse(struct ruleset *set, struct src_rule *src, struct lexer *lx)
{
	struct loc loc = lex_peek(lx)->loc;

	ref_check(set, src, loc, lex_rest_text(lx));
	lx->pos = lx->limit;
}

/* One line of a rule; *arm is the arm whose template lines follow. */
static void line_parse(struct ruleset *set, struct src_rule *src, struct src_arm **arm, struct lexer *lx)
{
	unsigned int nerrors = lx->diag->nerrors;

	if (lex_at(lx, "when") || lex_at(lx, "else")) {
		*arm = when_parse(set, src, lx);
		if (*arm)
			tmpl_parse_line(set, src, *arm, lx);
	} else if (at_test_line(lx)) {
		lex_next(lx);
		test_parse_line(src, lx);
	} else if (lex_accept(lx, "ref")) {
		ref_parse(set, src, lx);
	} else if (lex_accept(lx, "temp")) {
		temp_parse(src, lx);
	} else if (lex_accept(lx, "let")) {
		let_parse(src, lx);
	} else if (*arm) {
		tmpl_parse_line(set, src, *arm, lx);
	} else {
		lex_error_here(lx, "ref, temp, let, when, else or test");
		src->is_bad = true;
	}
	lex_close(lx, lx->diag->nerrors == nerrors);
	src->is_bad |= lx->diag->nerrors != nerrors;
}

static struct src_rule *rule_new(struct ruleset *set, struct lexer *lx)
{
	struct src_rule *src = arena_alloc(set->arena, sizeof(*src));

	src->rule = arena_alloc(set->arena, sizeof(*src->rule));
	src->rule->arm = arena_alloc(set->arena, SRC_ARMS_MAX * sizeof(*src->rule->arm));
	src->arm = arena_alloc(set->arena, SRC_ARMS_MAX * sizeof(*src->arm));
	src->rule->loc = lex_peek(lx)->loc;
	src->rule->text = lex_rest_text(lx);
	src->rule->text_bytes = strlen(src->rule->text);
	src->rule->pure_role = -1;
	return src;
}

/* The statement from the current token to lx->limit is one rule. */
static struct src_rule *rule_parse(struct ruleset *set, struct lexer *lx)
{
	unsigned int limit = lx->limit, nerrors = lx->diag->nerrors;
	struct src_rule *src = rule_new(set, lx);
	struct src_arm *arm = NULL;

	lex_open_line(lx);
	if (!match_parse(set, src, lx, limit)) {
		src->is_bad = true;
		lx->pos = limit;
		return src;
	}
	while (lx->pos < limit) {
		lex_open_line(lx);
		line_parse(set, src, &arm, lx);
	}
	for (unsigned int i = 0; i < src->rule->narms; i++)
		tmpl_finish(set, src, &src->arm[i], lx->diag);
	src->is_bad |= lx->diag->nerrors != nerrors;
	return src;
}

struct src_rule **rules_parse(struct ruleset *set, struct lexer *lx, struct src_rule **tail)
{
	while (lex_open_statement(lx)) {
		if (!lex_at(lx, "match")) {
			lex_error_here(lx, "match");
			lex_close(lx, false);
			continue;
		}
		*tail = rule_parse(set, lx);
		tail = &(*tail)->next;
	}
	return tail;
}
