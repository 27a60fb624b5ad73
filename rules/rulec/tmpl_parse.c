// SPDX-License-Identifier: GPL-2.0-only
/* tmpl_parse.c: one host instruction of a template with its operands bound. Next file: facts.h, legal.h. */
#include "rulec/src.h"

#include <stdlib.h>
#include <string.h>

#include "rulec/form_info.h"

enum { REG_TEMP = 32 }; /* REG_TEMP + n: temp n, until tmpl_finish() gives it a register */

struct ctx {
	struct ruleset *set;
	struct src_rule *src;
	struct src_arm *arm;
	struct lexer *lx;
};

static int scratch_number(const char *name, unsigned int len)
{
	static const char *const names[] = { "rax", "rcx", "rdx" };

	for (int i = 0; i < 3; i++)
		if (len == 3 && !memcmp(name, names[i], 3))
			return i;
	return -1;
}

/* xmm0 and xmm1 are scratch; the others hold f registers. */
static int xmm_number(const char *name, unsigned int len)
{
	return len == 4 && !memcmp(name, "xmm", 3) && (name[3] == '0' || name[3] == '1') ? name[3] - '0' : -1;
}

static int temp_find(const struct src_rule *src, const char *name, unsigned int len)
{
	for (unsigned int i = 0; i < src->ntemps; i++)
		if (strlen(src->temp[i]) == len && !memcmp(src->temp[i], name, len))
			return i;
	return -1;
}

/* "rd.b": length of the name and width in bits; a name without suffix has 64. */
static unsigned int split_width(const char *name, unsigned int *width)
{
	static const struct {
		char letter;
		unsigned int width;
	} suffix[] = { { 'd', 32 }, { 'w', 16 }, { 'b', 8 } };
	unsigned int len = strlen(name);

	*width = 64;
	if (len > 2 && name[len - 2] == '.')
		for (unsigned int i = 0; i < 3; i++)
			if (name[len - 1] == suffix[i].letter) {
				*width = suffix[i].width;
				return len - 2;
			}
	return len;
}

static bool unbound(struct ctx *ctx, struct loc loc, const char *name)
{
	diag_error(ctx->lx->diag, loc, "unbound name %s, use an operand, temp, let, rax, rcx or rdx", name);
	return false;
}

/* A register: number, REG_TEMP + n, HREG_ROLE | role, or HREG_NONE when the name is none. */
static int register_find(struct ctx *ctx, const char *name, unsigned int len)
{
	int n = scratch_number(name, len);

	if (n >= 0)
		return n;
	n = temp_find(ctx->src, name, len);
	if (n >= 0)
		return REG_TEMP + n;
	n = role_find(ctx->src->rule, name, len);
	return n >= 0 ? HREG_ROLE | n : HREG_NONE;
}

/* A value; pcoff and nextoff come into being when first named. */
static int named_value(struct ctx *ctx, const char *name)
{
	struct crule *rule = ctx->src->rule;
	int value = value_find(rule, name, strlen(name));
	bool is_pcoff = !strcmp(name, "pcoff");

	if (value >= 0 || (!is_pcoff && strcmp(name, "nextoff")))
		return value;
	if (rule->nvalues == RULE_VALUES_MAX)
		return -1;
	rule->value[rule->nvalues] = (struct cvalue){
		.kind = is_pcoff ? VAL_PCOFF : VAL_NEXTOFF,
		.name = name,
		.lo = is_pcoff ? 0 : 2,
		.hi = is_pcoff ? 4094 : 4098,
	};
	return rule->nvalues++;
}

/* ---- addresses ---- */

static bool address_add_register(struct ctx *ctx, struct hop *op, int reg, struct loc loc)
{
	uint64_t scale = 1;

	if (lex_accept(ctx->lx, "*") && !lex_number(ctx->lx, "a scale", &scale))
		return false;
	if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
		diag_error(ctx->lx->diag, loc, "scale must be 1, 2, 4 or 8");
		return false;
	}
	if (scale == 1 && op->base == HREG_NONE) {
		op->base = reg;
	} else if (op->index == HREG_NONE) {
		op->index = reg;
		op->scale = scale;
	} else {
		diag_error(ctx->lx->diag, loc, "an address has one base and one index, use fewer registers");
		return false;
	}
	return true;
}

static bool address_term(struct ctx *ctx, struct hop *op, bool is_negative)
{
	struct loc loc = lex_peek(ctx->lx)->loc;
	const char *name;
	uint64_t number;
	int reg, value;

	if (lex_peek(ctx->lx)->kind == TOK_NUMBER) {
		if (!lex_number(ctx->lx, "a number", &number))
			return false;
		op->disp_const = (int64_t)((uint64_t)op->disp_const + (is_negative ? 0 - number : number));
		return true;
	}
	name = lex_name(ctx->lx, "a register, value or number");
	if (!name)
		return false;
	reg = register_find(ctx, name, strlen(name));
	value = named_value(ctx, name);
	if (reg == HREG_NONE && value < 0)
		return unbound(ctx, loc, name);
	if (is_negative || (reg == HREG_NONE && op->disp_value >= 0)) {
		diag_error(ctx->lx->diag, loc, "an address adds registers and one value, use let for the rest");
		return false;
	}
	if (reg != HREG_NONE)
		return address_add_register(ctx, op, reg, loc);
	op->disp_value = value;
	return true;
}

static bool address_parse(struct ctx *ctx, struct hop *op)
{
	struct loc loc = lex_peek(ctx->lx)->loc;
	bool is_negative = false;

	op->base = op->index = HREG_NONE;
	op->scale = 1;
	op->disp_value = -1;
	do {
		if (!address_term(ctx, op, is_negative))
			return false;
		is_negative = lex_at(ctx->lx, "-");
	} while (lex_accept(ctx->lx, "+") || lex_accept(ctx->lx, "-"));
	if (op->disp_value >= 0 && op->disp_const) {
		diag_error(ctx->lx->diag, loc, "an address has a value or a number, use let for their sum");
		return false;
	}
	return lex_expect(ctx->lx, "]");
}

/* gmem8, gmem16, gmem32, gmem64: the width, or 0. */
static unsigned int gmem_width(const char *name)
{
	static const char *const names[] = { "gmem8", "gmem16", "gmem32", "gmem64" };

	for (unsigned int i = 0; i < 4; i++)
		if (!strcmp(name, names[i]))
			return 8u << i;
	return 0;
}

/* ---- operands ---- */

/* Slots of the state area: the word before the dot. */
static const struct {
	const char *prefix;
	enum state_place place;
} pages[] = {
	{ "home.", STATE_HOME },
	{ "csr.", STATE_CSR },
	{ "table.", STATE_TABLE },
};
enum { PAGES = sizeof(pages) / sizeof(pages[0]) };

/* home.NAME, csr.NAME, table.NAME: length of the part before NAME, or 0. */
static unsigned int slot_prefix(const char *name, enum state_place *place)
{
	for (unsigned int p = 0; p < PAGES; p++) {
		unsigned int len = (unsigned int)strlen(pages[p].prefix);

		*place = pages[p].place;
		if (!strncmp(name, pages[p].prefix, len))
			return len;
	}
	return 0;
}

static bool operand_slot(struct ctx *ctx, enum state_place place, const char *name, struct loc loc, struct hop *op)
{
	int offset = slot_offset(place, name), state = isa_find_state(ctx->set->guest, name);

	if (offset < 0 || (state >= 0 && ctx->set->guest->state[state].place != place && strcmp(name, "pc_page"))) {
		diag_error(ctx->lx->diag, loc, "unknown %s state %s, use one of abi.h",
			   place == STATE_HOME	? "home"
			   : place == STATE_CSR ? "CSR"
						: "table",
			   name);
		return false;
	}
	*op = (struct hop){ .kind = HOP_STATE, .width = 64, .disp_const = offset };
	return true;
}

/* Page-relative: a target of the match, or a let that computes one. */
static bool is_target(const struct cvalue *value)
{
	return value->kind == VAL_TARGET || value->kind == VAL_LET;
}

static bool operand_branch(struct ctx *ctx, const char *name, struct loc loc, struct hop *op)
{
	int value = value_find(ctx->src->rule, name, strlen(name));

	if (!strcmp(name, "fallback") || !strcmp(name, "system")) {
		op->kind = HOP_EXIT;
		op->value = exit_find(name[0] == 'f' ? "FALLBACK" : "SYSTEM");
		ctx->arm->arm->branch_exits |= 1u << op->value;
		return true;
	}
	if (value < 0 || !is_target(&ctx->src->rule->value[value])) {
		diag_error(ctx->lx->diag, loc,
			   "%s is no branch target, use the target of the match, a let, fallback, "
			   "system, 1b or 1f",
			   name);
		return false;
	}
	op->kind = HOP_TARGET;
	op->value = value;
	return true;
}

static bool operand_name(struct ctx *ctx, const struct src_insn *insn, struct hop *op)
{
	struct loc loc = lex_peek(ctx->lx)->loc;
	const char *name = lex_name(ctx->lx, "an operand");
	unsigned int width, len, gmem = gmem_width(name);
	enum state_place place;
	int reg, value;

	if (gmem && lex_accept(ctx->lx, "[")) {
		*op = (struct hop){ .kind = HOP_GMEM, .width = gmem };
		return address_parse(ctx, op);
	}
	len = slot_prefix(name, &place);
	if (len)
		return operand_slot(ctx, place, name + len, loc, op);
	if (insn_is_jump(insn->name))
		return operand_branch(ctx, name, loc, op);
	len = split_width(name, &width);
	if (xmm_number(name, len) >= 0) {
		*op = (struct hop){ .kind = HOP_XMM, .width = width, .reg = xmm_number(name, len) };
		return true;
	}
	reg = register_find(ctx, name, len);
	if (reg != HREG_NONE) {
		*op = (struct hop){ .kind = reg >= HREG_ROLE ? HOP_ROLE : HOP_REG,
				    .width = width,
				    .reg = reg,
				    .role = reg & ~HREG_ROLE };
		return true;
	}
	value = named_value(ctx, name);
	if (value < 0)
		return unbound(ctx, loc, name);
	*op = (struct hop){ .kind = HOP_VALUE, .value = value };
	return true;
}

/* 1b, 1f */
static bool operand_label(struct lexer *lx, struct hop *op)
{
	const struct token *tok = lex_peek(lx);

	if (tok->kind != TOK_NAME || tok->len != 2 || tok->text[0] < '1' || tok->text[0] > '9' ||
	    (tok->text[1] != 'b' && tok->text[1] != 'f'))
		return false;
	lex_next(lx);
	*op = (struct hop){ .kind = HOP_LABEL, .label = tok->text[0] - '0', .disp_const = tok->text[1] == 'b' };
	return true;
}

static bool operand_parse(struct ctx *ctx, const struct src_insn *insn, struct hop *op)
{
	bool is_negative;
	uint64_t number;

	if (insn_is_jump(insn->name) && operand_label(ctx->lx, op))
		return true;
	if (lex_accept(ctx->lx, "[")) {
		if (strcmp(insn->name, "lea")) {
			diag_error(ctx->lx->diag, insn->loc,
				   "memory operand other than gmemN, home.NAME, csr.NAME or table.NAME: plain [..] "
				   "is for lea");
			return false;
		}
		*op = (struct hop){ .kind = HOP_ADDR, .width = 64 };
		return address_parse(ctx, op);
	}
	if (lex_peek(ctx->lx)->kind == TOK_NAME)
		return operand_name(ctx, insn, op);
	is_negative = lex_accept(ctx->lx, "-");
	if (!lex_number(ctx->lx, "an operand", &number))
		return false;
	*op = (struct hop){ .kind = HOP_CONST, .disp_const = (int64_t)(is_negative ? 0 - number : number) };
	return true;
}

/* ---- ways out ---- */

static bool arm_end(struct ctx *ctx, enum term_kind term, int arg, struct loc loc)
{
	struct carm *arm = ctx->arm->arm;

	if (arm->term != TERM_NEXT) {
		diag_error(ctx->lx->diag, loc, "an arm has one way out, remove the second");
		return false;
	}
	arm->term = term;
	arm->term_arg = arg;
	return true;
}

/* goto rax; exit NAME[, pc]; jmp target. False: it is something else. */
static bool way_out(struct ctx *ctx, const char *name, struct loc loc)
{
	struct lexer *lx = ctx->lx;
	int exit, value;

	if (!strcmp(name, "goto")) {
		if (lex_expect(lx, "rax"))
			arm_end(ctx, TERM_INDIRECT, 0, loc);
		ctx->arm->used_regs |= 1;
		return true;
	}
	if (!strcmp(name, "exit")) {
		const char *what = lex_name(lx, "an exit");

		exit = what ? exit_find(what) : -1;
		if (what && exit < 0)
			diag_error(lx->diag, loc, "unknown exit %s, use one of abi.h", what);
		else if (what)
			arm_end(ctx, TERM_EXIT, exit, loc);
		if (lex_accept(lx, ","))
			lex_expect(lx, "pc");
		return true;
	}
	if (strcmp(name, "jmp") || lex_peek(lx)->kind != TOK_NAME)
		return false;
	value = value_find(ctx->src->rule, lex_peek(lx)->text, lex_peek(lx)->len);
	if (value < 0 || !is_target(&ctx->src->rule->value[value]))
		return false;
	lex_next(lx);
	arm_end(ctx, TERM_JUMP, value, loc);
	return true;
}

static void insn_parse(struct ctx *ctx, struct src_insn *insn)
{
	while (lex_peek(ctx->lx)->kind != TOK_END) {
		if (insn->nops == ISA_OPERANDS_MAX) {
			lex_error_here(ctx->lx, "the end of the line");
			return;
		}
		if (!operand_parse(ctx, insn, &insn->op[insn->nops]))
			return;
		insn->nops++;
		if (lex_peek(ctx->lx)->kind != TOK_END && !lex_expect(ctx->lx, ","))
			return;
	}
	if (insn->nops && insn->op[0].kind == HOP_TARGET)
		arm_end(ctx, TERM_BRANCH, insn->op[0].value, insn->loc);
	ctx->arm->ninsns++;
}

static bool labels_parse(struct lexer *lx, uint16_t *labels)
{
	while (lex_peek(lx)->kind == TOK_NUMBER && token_is(lex_peek_at(lx, 1), ":")) {
		uint64_t label = lex_next(lx)->value;

		lex_next(lx);
		if (label < 1 || label > 9) {
			diag_error(lx->diag, lex_peek(lx)->loc, "local labels are 1: to 9:");
			return false;
		}
		*labels |= 1u << label;
	}
	return true;
}

void tmpl_parse_line(struct ruleset *set, struct src_rule *src, struct src_arm *arm, struct lexer *lx)
{
	struct ctx ctx = { set, src, arm, lx };
	struct src_insn *insn = &arm->insn[arm->ninsns];
	struct loc loc = lex_peek(lx)->loc;

	if (arm->ninsns == SRC_INSNS_MAX) {
		diag_error(lx->diag, loc, "more than %d host instructions in one arm, split the rule",
			   SRC_INSNS_MAX - 1);
		return;
	}
	if (arm->arm->term != TERM_NEXT) {
		diag_error(lx->diag, loc, "nothing may follow the way out of an arm, remove it");
		return;
	}
	if (!labels_parse(lx, &insn->labels) || lex_peek(lx)->kind == TOK_END)
		return;
	insn->loc = loc;
	insn->name = lex_name(lx, "a host instruction");
	if (!insn->name)
		return;
	if (way_out(&ctx, insn->name, loc))
		insn->name = NULL;
	else
		insn_parse(&ctx, insn);
}

/* ---- scratch registers ---- */

static bool op_uses(const struct hop *op, int reg)
{
	bool is_address = op->kind == HOP_GMEM || op->kind == HOP_ADDR;

	return (op->kind == HOP_REG && op->reg == reg) || (is_address && (op->base == reg || op->index == reg));
}

/* Scratch registers that the instruction names or uses without naming them, temps not included. */
static unsigned int insn_registers(const struct ruleset *set, const struct src_insn *insn)
{
	const struct form *form = form_of(set->host, insn->name, insn->nops);
	unsigned int mask = 0;
	struct form_info info;

	for (unsigned int k = 0; k < insn->nops; k++)
		for (int reg = 0; reg < SRC_TEMPS_MAX; reg++)
			mask |= op_uses(&insn->op[k], reg) ? 1u << reg : 0;
	if (form) {
		form_info(set->host, form, &info);
		mask |= info.reg_reads | info.reg_writes;
	}
	return mask;
}

static bool arm_uses(const struct src_arm *arm, int reg)
{
	for (unsigned int i = 0; i < arm->ninsns; i++)
		for (unsigned int k = 0; k < arm->insn[i].nops; k++)
			if (op_uses(&arm->insn[i].op[k], reg))
				return true;
	return false;
}

static void place(int *reg, const int *temp_reg)
{
	if (*reg >= REG_TEMP && *reg < HREG_ROLE)
		*reg = temp_reg[*reg - REG_TEMP];
}

static void place_temps(struct src_arm *arm, const int *temp_reg)
{
	for (unsigned int i = 0; i < arm->ninsns; i++)
		for (unsigned int k = 0; k < arm->insn[i].nops; k++) {
			place(&arm->insn[i].op[k].reg, temp_reg);
			place(&arm->insn[i].op[k].base, temp_reg);
			place(&arm->insn[i].op[k].index, temp_reg);
		}
}

/* First instruction of the loop that a jump at i closes, or -1. */
static int loop_start(const struct src_arm *arm, int i)
{
	const struct hop *op = &arm->insn[i].op[0];

	if (!arm->insn[i].nops || op->kind != HOP_LABEL || !op->disp_const)
		return -1;
	for (int k = i; k >= 0; k--)
		if (arm->insn[k].labels >> op->label & 1)
			return k;
	return -1;
}

/* A register used in a loop is in use all through it. */
static void spans_cover_loops(struct src_arm *arm)
{
	for (int i = 0; i < (int)arm->ninsns; i++) {
		int start = loop_start(arm, i);

		for (int reg = 0; reg < SRC_TEMPS_MAX && start >= 0; reg++) {
			if (arm->first_use[reg] > i || arm->last_use[reg] < start)
				continue;
			if (arm->first_use[reg] > start)
				arm->first_use[reg] = start;
			if (arm->last_use[reg] < i)
				arm->last_use[reg] = i;
		}
	}
}

static void find_spans(const struct ruleset *set, struct src_arm *arm)
{
	for (int reg = 0; reg < SRC_TEMPS_MAX; reg++) {
		arm->first_use[reg] = SRC_INSNS_MAX;
		arm->last_use[reg] = -1;
		for (int i = 0; i < (int)arm->ninsns; i++) {
			if (!(insn_registers(set, &arm->insn[i]) >> reg & 1))
				continue;
			if (arm->last_use[reg] < 0)
				arm->first_use[reg] = i;
			arm->last_use[reg] = i;
		}
	}
	if (arm->arm->term == TERM_INDIRECT)
		arm->last_use[0] = SRC_INSNS_MAX;
	/* Twice for loops within loops. */
	spans_cover_loops(arm);
	spans_cover_loops(arm);
}

void tmpl_finish(struct ruleset *set, struct src_rule *src, struct src_arm *arm, struct diag *diag)
{
	int temp_reg[SRC_TEMPS_MAX] = { 0 };

	for (unsigned int i = 0; i < arm->ninsns; i++)
		arm->used_regs |= insn_registers(set, &arm->insn[i]);
	for (unsigned int t = 0; t < src->ntemps; t++) {
		if (!arm_uses(arm, REG_TEMP + t))
			continue;
		temp_reg[t] = __builtin_ctz(~arm->used_regs);
		if (temp_reg[t] >= SRC_TEMPS_MAX) {
			diag_error(diag, arm->arm->loc, "no scratch register left for temp %s, use fewer",
				   src->temp[t]);
			return;
		}
		arm->used_regs |= 1u << temp_reg[t];
	}
	place_temps(arm, temp_reg);
	find_spans(set, arm);
	arm->end_labels = arm->ninsns < SRC_INSNS_MAX ? arm->insn[arm->ninsns].labels : 0;
}
