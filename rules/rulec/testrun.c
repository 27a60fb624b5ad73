// SPDX-License-Identifier: GPL-2.0-only
/* testrun.c: before a run: values, fields, words, and the arm that takes it. Next file: testeval.c. */
#include "rulec/testrun.h"

#include <errno.h>
#include <string.h>

#include "rulec/src.h"

enum {
	RUN_PC = 0x4100, /* unless the test gives one: not at the start of its page */
	RUN_TARGET = 64, /* distance of a branch target that the test does not give */
	INSN_BYTES = 4,	 /* matches hold base forms; tests use their 32-bit encodings */
};

const char *const run_state_name[RUN_STATES] = { "resv",   "resv_value", "sstatus",	"sscratch",    "sepc",
						 "scause", "stval",	 "stvec",	"pending",     "frm",
						 "fflags", "time_mult",	 "time_mult_s", "time_mult_u", "time_offset" };

unsigned int run_reg(const struct test_run *run, unsigned int role)
{
	return run->number[role] + (role_is_f(run->rule, role) ? RULE_REGS / 2 : 0);
}

int run_state_offset(unsigned int s)
{
	static const enum state_place places[] = { STATE_HOME, STATE_CSR, STATE_TABLE };
	int offset = -1;

	for (unsigned int p = 0; p < sizeof(places) / sizeof(places[0]) && offset < 0; p++)
		offset = slot_offset(places[p], run_state_name[s]);
	return offset;
}

static const struct ctest *find_in(const struct test_run *run, const char *name)
{
	for (unsigned int i = 0; i < run->line->nin; i++)
		if (!strcmp(run->line->in[i].name, name))
			return &run->line->in[i];
	return NULL;
}

/* ---- fields ---- */

static int64_t default_value(const struct cvalue *value)
{
	if (value->name[0] == '#')
		return value->lo;
	return value->kind == VAL_TARGET ? RUN_TARGET : 0;
}

/* An immediate of the match; a target is given as an address. */
static int64_t field_value(const struct test_run *run, const struct cvalue *value)
{
	const struct ctest *item = find_in(run, value->name);

	if (!item)
		return default_value(value);
	if (value->kind == VAL_TARGET)
		return item->value - (run->pc + value->ref.insn * INSN_BYTES);
	return item->value;
}

static int64_t *field_at(struct test_run *run, struct rule_ref ref)
{
	return &run->field[ref.insn][ref.slot];
}

static void fields_fill(struct test_run *run)
{
	const struct crule *rule = run->rule;

	memset(run->field, 0, sizeof(run->field));
	for (unsigned int v = 0; v < rule->nvalues; v++)
		if (rule->value[v].kind == VAL_FIELD || rule->value[v].kind == VAL_TARGET)
			*field_at(run, rule->value[v].ref) = field_value(run, &rule->value[v]);
	for (unsigned int r = 0; r < rule->nroles; r++)
		*field_at(run, rule->role[r]) = run->number[r];
	for (unsigned int e = 0; e < rule->nequals; e++)
		*field_at(run, rule->equal[e].a) =
			rule->equal[e].b.insn == 0xff ? rule->equal[e].b.slot : *field_at(run, rule->equal[e].b);
}

static int words_encode(struct test_run *run, struct diag *diag)
{
	for (unsigned int k = 0; k < run->rule->ninsns; k++) {
		const struct insn_desc *insn = run->rule->insn[k];

		run->word[k] = insn->match;
		for (unsigned int s = 0; s < insn->nfields; s++) {
			uint32_t bits = field_insert(&insn->field[s], run->field[k][s]);

			if (field_extract(&insn->field[s], bits) != run->field[k][s]) {
				diag_error(diag, run->line->loc, "%s cannot encode %s=%lld, choose another value",
					   insn->name, insn->field[s].name, (long long)run->field[k][s]);
				return -EINVAL;
			}
			run->word[k] |= bits;
		}
	}
	return 0;
}

/* ---- values and arms ---- */

static int64_t let_value(const struct ex *ex, const int64_t *value)
{
	uint64_t a, b;

	if (ex->kind == EX_CONST)
		return ex->value;
	if (ex->kind == EX_LOCAL)
		return value[ex->index];
	a = let_value(ex->arg[0], value);
	if (ex->kind == EX_UNARY)
		return ex->op == OP_NEG ? -a : ~a;
	b = let_value(ex->arg[1], value);
	switch (ex->op) {
	case OP_ADD: return a + b;
	case OP_SUB: return a - b;
	case OP_AND: return a & b;
	case OP_OR: return a | b;
	case OP_XOR: return a ^ b;
	case OP_SHL: return b < 64 ? a << b : 0;
	case OP_SHR: return b < 64 ? a >> b : 0;
	default: return (int64_t)a >> (b < 64 ? b : 63);
	}
}

static void values_fill(struct test_run *run)
{
	const struct crule *rule = run->rule;
	int64_t pcoff = run->pc & 4095;

	for (unsigned int v = 0; v < rule->nvalues; v++) {
		const struct cvalue *value = &rule->value[v];

		switch (value->kind) {
		case VAL_FIELD: run->value[v] = *field_at(run, value->ref); break;
		case VAL_TARGET:
			run->value[v] = pcoff + INSN_BYTES * value->ref.insn + *field_at(run, value->ref);
			break;
		case VAL_PCOFF: run->value[v] = pcoff; break;
		case VAL_NEXTOFF: run->value[v] = pcoff + INSN_BYTES * rule->ninsns; break;
		default: run->value[v] = let_value(value->let, run->value);
		}
	}
}

static bool cond_holds(const struct test_run *run, const struct rule_cond *c, bool has_features)
{
	int64_t value = run->value[c->a % RULE_VALUES_MAX];

	switch (c->kind) {
	case COND_ROLE_EQ: return run->number[c->a] == run->number[c->b];
	case COND_ROLE_NE: return run->number[c->a] != run->number[c->b];
	case COND_ROLE_IS: return run->number[c->a] == c->b;
	case COND_ROLE_IS_NOT: return run->number[c->a] != c->b;
	case COND_VALUE_IN: return value >= c->lo && value <= c->hi;
	case COND_VALUE_NOT_IN: return value < c->lo || value > c->hi;
	case COND_BLOCK: return (run->block_state & c->a) == c->b;
	case COND_BLOCK_NOT: return (run->block_state & c->a) != c->b;
	default: return has_features;
	}
}

static int find_arm(const struct test_run *run, bool has_features)
{
	for (unsigned int a = 0; a < run->rule->narms; a++) {
		const struct carm *arm = &run->rule->arm[a];
		bool holds = true;

		for (unsigned int i = 0; i < arm->nconds && holds; i++)
			holds = cond_holds(run, &arm->cond[i], has_features);
		if (holds)
			return a;
	}
	return -1;
}

void testrun_find_arms(struct test_run *run)
{
	run->arm[0] = find_arm(run, false);
	run->arm[1] = find_arm(run, true);
}

/* ---- registers and memory before ---- */

/* Registers hold what the test says; the others something that no result is by accident. */
static void registers_fill(struct test_run *run)
{
	for (unsigned int i = 0; i < RULE_REGS; i++)
		run->before[i] = i ? 0xdead4bad00c0ffeeULL * (2 * i + 1) : 0;
	for (unsigned int r = 0; r < run->rule->nroles; r++) {
		const struct ctest *item = find_in(run, run->rule->role_name[r]);

		if (item && run_reg(run, r) && !item->is_register)
			run->before[run_reg(run, r)] = item->value;
	}
	for (unsigned int s = 0; s < RUN_STATES; s++) {
		const struct ctest *item = find_in(run, run_state_name[s]);

		run->state_before[s] = item ? item->value : 0;
	}
}

/* m[addr]=value stands for eight bytes, so that neighbours of a smaller access are seen too. */
static int memory_fill(struct test_run *run, struct diag *diag)
{
	run->nbytes = 0;
	for (unsigned int i = 0; i < run->line->nin; i++) {
		const struct ctest *item = &run->line->in[i];

		if (strcmp(item->name, "m"))
			continue;
		if (run->nbytes + 8 > RUN_BYTES_MAX) {
			diag_error(diag, run->line->loc, "too much memory in one test, split it");
			return -EINVAL;
		}
		for (unsigned int b = 0; b < 8; b++) {
			struct run_byte *byte = &run->byte[run->nbytes++];

			byte->addr = item->key + b;
			byte->before = byte->after = item->value >> (8 * b);
		}
	}
	return 0;
}

/* Each part of the block's state that the test gives. */
static void block_state_fill(struct test_run *run)
{
	run->block_state = RUN_BLOCK_STATE;
	for (unsigned int i = 0; i < run->line->nin; i++) {
		const struct ctest *item = &run->line->in[i];
		unsigned int shift, bits;

		if (block_state_find(item->name, &shift, &bits))
			run->block_state = (run->block_state & ~(((1u << bits) - 1) << shift)) | item->value << shift;
	}
}

int testrun_prepare(struct test_run *run, struct diag *diag)
{
	const struct ctest *pc = find_in(run, "pc");

	run->pc = pc ? pc->value : RUN_PC;
	fields_fill(run);
	if (words_encode(run, diag) || memory_fill(run, diag))
		return -EINVAL;
	block_state_fill(run);
	values_fill(run);
	registers_fill(run);
	return 0;
}
