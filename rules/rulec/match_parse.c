// SPDX-License-Identifier: GPL-2.0-only
/* match_parse.c: `match` and `let` of a rule: what the names of its operands and values stand for
 * (docs/LANGUAGE.md section 4). Next file: rule_parse.c. */
#include "rulec/src.h"

#include <stdlib.h>
#include <string.h>

int role_find(const struct crule *rule, const char *name, unsigned int len)
{
	for (unsigned int i = 0; i < rule->nroles; i++)
		if (strlen(rule->role_name[i]) == len && !memcmp(rule->role_name[i], name, len))
			return i;
	return -1;
}

int value_find(const struct crule *rule, const char *name, unsigned int len)
{
	for (unsigned int i = 0; i < rule->nvalues; i++)
		if (strlen(rule->value[i].name) == len && !memcmp(rule->value[i].name, name, len))
			return i;
	return -1;
}

static void rule_fail(struct src_rule *src)
{
	src->is_bad = true;
}

/* xN as a register number, or -1. */
int xreg_number(const struct token *tok)
{
	char *end;
	long n;

	if (tok->kind != TOK_NAME || tok->text[0] != 'x' || tok->len < 2 || tok->len > 3)
		return -1;
	n = strtol(tok->text + 1, &end, 10);
	return end == tok->text + tok->len && n >= 0 && n < 32 ? (int)n : -1;
}

static int value_add(struct src_rule *src, struct lexer *lx, struct cvalue value)
{
	struct crule *rule = src->rule;

	if (rule->nvalues == RULE_VALUES_MAX) {
		diag_error(lx->diag, lex_peek(lx)->loc, "more than %d values in one rule, split it", RULE_VALUES_MAX);
		rule_fail(src);
		return 0;
	}
	rule->value[rule->nvalues] = value;
	return rule->nvalues++;
}

/* ---- match ---- */

/* Does the asm line print slot `name` as target(name)? */
static bool slot_is_target(const struct insn_desc *insn, const char *name)
{
	char text[80];

	snprintf(text, sizeof(text), "target(%s)", name);
	return insn->asm_text && strstr(insn->asm_text, text);
}

/* Low bits that no piece of the field holds are zero. */
static int64_t implied_zeros(const struct field *field)
{
	unsigned int lowest = field->npieces ? 63 : 0;

	for (unsigned int i = 0; i < field->npieces; i++)
		if (field->piece[i].field_lo < lowest)
			lowest = field->piece[i].field_lo;
	return (int64_t)(UINT64_MAX << lowest);
}

static struct cvalue field_value(const struct insn_desc *insn, unsigned int k, unsigned int slot, const char *name)
{
	const struct field *field = &insn->field[slot];
	struct cvalue value = { .kind = VAL_FIELD, .name = name, .ref = { k, slot } };

	if (field->is_signed) {
		value.lo = -((int64_t)1 << (field->width - 1));
		value.hi = ((int64_t)1 << (field->width - 1)) - 1;
	} else {
		value.hi = ((int64_t)1 << field->width) - 1;
	}
	value.hi &= implied_zeros(field);
	if (slot_is_target(insn, field->name)) { /* page offset of the instruction: 0..4094 */
		value.kind = VAL_TARGET;
		value.hi += 4094;
	}
	return value;
}

static void equal_add(struct src_rule *src, struct lexer *lx, struct rule_ref a, struct rule_ref b)
{
	struct crule *rule = src->rule;

	if (rule->nequals == sizeof(rule->equal) / sizeof(rule->equal[0])) {
		diag_error(lx->diag, lex_peek(lx)->loc, "too many equal operands in one match, split it");
		rule_fail(src);
		return;
	}
	rule->equal[rule->nequals++] = (struct rule_equal){ a, b };
}

/* A number in the place of an immediate: an equality if it fits in one, else a value that every arm tests. */
static void match_number(struct src_rule *src, struct lexer *lx, struct rule_ref ref, int64_t number)
{
	struct cvalue value;
	int index;

	if (number >= 0 && number < 0xff) {
		equal_add(src, lx, ref, (struct rule_ref){ 0xff, number });
		return;
	}
	value = field_value(src->rule->insn[ref.insn], ref.insn, ref.slot,
			    arena_printf(lx->arena, "#%u.%u", ref.insn, ref.slot));
	index = value_add(src, lx, value);
	src->rule->value[index].lo = number;
	src->rule->value[index].hi = number;
}

static void match_register(struct src_rule *src, struct lexer *lx, struct rule_ref ref, const char *name)
{
	struct crule *rule = src->rule;
	int role = role_find(rule, name, strlen(name));

	if (role >= 0 && role_is_f(rule, role) != (rule->insn[ref.insn]->field[ref.slot].regfile != 0)) {
		diag_error(lx->diag, rule->loc, "%s names registers of two files, use two names", name);
		rule_fail(src);
	} else if (role >= 0) {
		equal_add(src, lx, ref, rule->role[role]);
	} else if (rule->nroles == RULE_ROLES_MAX) {
		diag_error(lx->diag, rule->loc, "more than %d registers in one match, shorten it", RULE_ROLES_MAX);
		rule_fail(src);
	} else {
		rule->role_name[rule->nroles] = name;
		rule->role[rule->nroles++] = ref;
	}
}

static void match_immediate(struct src_rule *src, struct lexer *lx, struct rule_ref ref, const char *name)
{
	struct crule *rule = src->rule;
	int value = value_find(rule, name, strlen(name));

	if (value >= 0)
		equal_add(src, lx, ref, rule->value[value].ref);
	else
		value_add(src, lx, field_value(rule->insn[ref.insn], ref.insn, ref.slot, name));
}

/* One operand: name, register number or number. */
static bool match_operand(struct src_rule *src, struct lexer *lx, unsigned int k, unsigned int slot)
{
	const struct insn_desc *insn = src->rule->insn[k];
	struct rule_ref ref = { k, slot };
	bool is_negative;
	uint64_t number;
	int xreg;

	if (slot >= insn->nfields) {
		diag_error(lx->diag, lex_peek(lx)->loc, "%s has only %u operands", insn->name, insn->nfields);
		return false;
	}
	if (insn->field[slot].kind == FIELD_REG) {
		xreg = xreg_number(lex_peek(lx));
		if (lex_peek(lx)->kind != TOK_NAME) {
			lex_error_here(lx, "a register name");
			return false;
		}
		if (xreg >= 0) {
			lex_next(lx);
			equal_add(src, lx, ref, (struct rule_ref){ 0xff, xreg });
		} else {
			match_register(src, lx, ref, lex_name(lx, "a register name"));
		}
		return true;
	}
	if (lex_peek(lx)->kind == TOK_NAME) {
		match_immediate(src, lx, ref, lex_name(lx, "a name"));
		return true;
	}
	is_negative = lex_accept(lx, "-");
	if (!lex_number(lx, "a name or number", &number))
		return false;
	match_number(src, lx, ref, (int64_t)(is_negative ? 0 - number : number));
	return true;
}

/* Operands with the punctuation of the asm line: commas and parentheses only separate. */
static bool match_operands(struct src_rule *src, struct lexer *lx, unsigned int k)
{
	unsigned int slot = 0;

	while (lex_peek(lx)->kind != TOK_END && !lex_at(lx, ";")) {
		if (!match_operand(src, lx, k, slot++))
			return false;
		while (lex_accept(lx, ",") || lex_accept(lx, "(") || lex_accept(lx, ")"))
			;
	}
	return true;
}

static bool match_insn(struct ruleset *set, struct src_rule *src, struct lexer *lx)
{
	struct crule *rule = src->rule;
	struct loc loc = lex_peek(lx)->loc;
	const char *name = lex_name(lx, "an instruction");
	struct insn_desc *insn = name ? isa_find_insn(set->guest, name) : NULL;

	if (!name)
		return false;
	if (!insn || insn->expand) {
		diag_error(lx->diag, loc,
			   insn ? "%s is a compressed form, name its base instruction"
				: "%s is no instruction of the description, correct its name",
			   name);
		return false;
	}
	if (rule->ninsns == RULE_INSNS_MAX) {
		diag_error(lx->diag, loc, "more than %d instructions in one match, shorten it", RULE_INSNS_MAX);
		return false;
	}
	rule->insn[rule->ninsns++] = insn;
	rule->name = rule->ninsns == 1 ? name : arena_printf(lx->arena, "%s;%s", rule->name, name);
	return match_operands(src, lx, rule->ninsns - 1);
}

/* "a ...; b ..." on one line or with ';' in front of continuation lines. */
bool match_parse(struct ruleset *set, struct src_rule *src, struct lexer *lx, unsigned int limit)
{
	lex_next(lx);
	for (;;) {
		if (!match_insn(set, src, lx))
			return false;
		if (lex_peek(lx)->kind == TOK_END) {
			lex_close(lx, true);
			if (lx->pos >= limit || !token_is(&lx->tok[lx->pos], ";"))
				return true;
			lex_open_line(lx);
		}
		if (!lex_expect(lx, ";"))
			return false;
	}
}

/* ---- let ---- */

static struct ex *ex_new(struct lexer *lx, enum ex_kind kind)
{
	struct ex *ex = arena_alloc(lx->arena, sizeof(*ex));

	ex->kind = kind;
	ex->width = 64;
	ex->loc = lex_peek(lx)->loc;
	return ex;
}

static struct ex *let_sum(struct src_rule *src, struct lexer *lx, unsigned int level);

static struct ex *let_name(struct src_rule *src, struct lexer *lx)
{
	struct ex *ex = ex_new(lx, EX_LOCAL);
	struct loc loc = lex_peek(lx)->loc;
	const char *name = lex_name(lx, "a value name or number");
	int value = name ? value_find(src->rule, name, strlen(name)) : -1;

	if (!name)
		return NULL;
	if (value < 0 && !strcmp(name, "pcoff"))
		value = value_add(src, lx, (struct cvalue){ .kind = VAL_PCOFF, .name = name, .hi = 4094 });
	else if (value < 0 && !strcmp(name, "nextoff"))
		value = value_add(src, lx, (struct cvalue){ .kind = VAL_NEXTOFF, .name = name, .lo = 2, .hi = 4098 });
	if (value < 0) {
		diag_error(lx->diag, loc, "unbound name %s, use an immediate of the match, pcoff or nextoff", name);
		return NULL;
	}
	ex->index = value;
	return ex;
}

static struct ex *let_factor(struct src_rule *src, struct lexer *lx, unsigned int depth)
{
	struct ex *ex;

	if (depth > 16) {
		lex_error_here(lx, "a simpler expression");
		return NULL;
	}
	if (lex_at(lx, "-") || lex_at(lx, "~")) {
		ex = ex_new(lx, EX_UNARY);
		ex->op = lex_at(lx, "-") ? OP_NEG : OP_NOT;
		lex_next(lx);
		ex->arg[ex->nargs++] = let_factor(src, lx, depth + 1);
		return ex->arg[0] ? ex : NULL;
	}
	if (lex_accept(lx, "(")) {
		ex = let_sum(src, lx, depth + 1);
		return ex && lex_expect(lx, ")") ? ex : NULL;
	}
	if (lex_peek(lx)->kind == TOK_NAME)
		return let_name(src, lx);
	ex = ex_new(lx, EX_CONST);
	return lex_number(lx, "a value name or number", &ex->value) ? ex : NULL;
}

/* All operators bind from left to right with one precedence: C's order is asked for by parentheses. */
static struct ex *let_sum(struct src_rule *src, struct lexer *lx, unsigned int depth)
{
	static const struct {
		const char *text;
		enum ex_op op;
	} ops[] = {
		{ "+", OP_ADD }, { "-", OP_SUB },  { "&", OP_AND },  { "|", OP_OR },
		{ "^", OP_XOR }, { "<<", OP_SHL }, { ">>", OP_SHR }, { ">>>", OP_SAR },
	};
	struct ex *left = let_factor(src, lx, depth), *ex;
	unsigned int i, n = sizeof(ops) / sizeof(ops[0]), first = n;

	while (left) {
		for (i = 0; i < n && !lex_at(lx, ops[i].text); i++)
			;
		if (i == n)
			return left;
		if (first != n && ops[i].op != ops[first].op && (ops[i].op > OP_SUB || ops[first].op > OP_SUB)) {
			lex_error_here(lx, "parentheses around a sum of different operators");
			return NULL;
		}
		first = i;
		ex = ex_new(lx, EX_BINARY);
		ex->op = ops[i].op;
		lex_next(lx);
		ex->arg[0] = left;
		ex->arg[1] = let_factor(src, lx, depth);
		ex->nargs = 2;
		left = ex->arg[1] ? ex : NULL;
	}
	return NULL;
}

void let_parse(struct src_rule *src, struct lexer *lx)
{
	const char *name = lex_name(lx, "a name");
	struct cvalue value = { .kind = VAL_LET, .name = name, .lo = INT64_MIN, .hi = INT64_MAX };

	if (!name || !lex_expect(lx, "=")) {
		rule_fail(src);
		return;
	}
	if (value_find(src->rule, name, strlen(name)) >= 0 || role_find(src->rule, name, strlen(name)) >= 0) {
		diag_error(lx->diag, lex_peek(lx)->loc, "%s is already a name of this rule, choose another", name);
		rule_fail(src);
		return;
	}
	value.let = let_sum(src, lx, 0);
	if (!value.let) {
		rule_fail(src);
		return;
	}
	value_add(src, lx, value);
}
