// SPDX-License-Identifier: GPL-2.0-only
/* out_tests.c: prints gen/ruletests.c, the runs of all tests as a table (translator/ruletests.h). */
#include <inttypes.h>
#include <string.h>

#include "rulec/guest_info.h"
#include "rulec/out_rules.h"
#include "rulec/out_text.h"
#include "rulec/ruletest.h"
#include "ruletests.h"

_Static_assert((int)RUN_STATES == (int)RULE_TEST_STATES, "one table of states");

struct out_tests {
	struct pool test, place, byte;
	unsigned int rule;
};

/* Register fields of a word that belong to roles; the word without them. */
static unsigned int put_places(const struct test_run *run, unsigned int k, uint32_t *word,
			       struct rule_test_place *place)
{
	const struct insn_desc *insn = run->rule->insn[k];
	unsigned int n = 0;

	for (unsigned int s = 0; s < insn->nfields; s++) {
		int role = rule_role_at(run->rule, k, s);

		if (insn->field[s].kind != FIELD_REG || role < 0)
			continue;
		*word &= ~field_insert(&insn->field[s], 31);
		place[n++] = (struct rule_test_place){ k, insn->field[s].piece[0].word_lo, role };
	}
	return n;
}

static void put_words(struct out_tests *o, const struct test_run *run, struct rule_test *test)
{
	struct rule_test_place place[RULE_INSNS_MAX * ISA_FIELDS_MAX];

	for (unsigned int k = 0; k < run->rule->ninsns; k++) {
		test->word[k] = run->word[k];
		test->nplaces += put_places(run, k, &test->word[k], place + test->nplaces);
	}
	test->place = pool_put(&o->place, place, test->nplaces);
}

static void put_registers(const struct test_run *run, struct rule_test *test)
{
	for (unsigned int r = 0; r < run->rule->nroles; r++) {
		int number = run->number[r];

		test->number[r] = number >= RUN_FREE_REG ? RULE_TEST_FREE + number - RUN_FREE_REG : number;
		test->is_f[r] = role_is_f(run->rule, r);
		test->before[r] = run->before[run_reg(run, r)];
		test->after[r] = run->is_evaluated ? run->after[run_reg(run, r)] : test->before[r];
	}
	test->block_state = run->block_state;
	for (unsigned int s = 0; s < RUN_STATES; s++) {
		test->state_before[s] = run->state_before[s];
		test->state_after[s] = run->is_evaluated ? run->state_after[s] : run->state_before[s];
	}
}

static void put_bytes(struct out_tests *o, const struct test_run *run, struct rule_test *test)
{
	struct rule_test_byte byte[RUN_BYTES_MAX];

	memset(byte, 0, sizeof(byte));
	for (unsigned int i = 0; i < run->nbytes; i++) {
		byte[i].addr = run->byte[i].addr;
		byte[i].before = run->byte[i].before;
		byte[i].after = run->byte[i].after;
	}
	test->nbytes = run->nbytes;
	test->byte = pool_put(&o->byte, byte, run->nbytes);
}

/* A run that no arm takes belongs to the single rules, which have tests of their own. */
static int put_run(void *ctx, struct test_run *run)
{
	struct out_tests *o = ctx;
	struct rule_test test;

	if (run->arm[0] < 0 && run->arm[1] < 0)
		return 0;
	memset(&test, 0, sizeof(test));
	test.rule = o->rule;
	test.line = run->line->loc.line;
	test.ninsns = run->rule->ninsns;
	test.nroles = run->rule->nroles;
	test.exit = run->is_evaluated ? 0 : exit_find(run->line->exit);
	test.pc = run->pc;
	test.next_pc = run->is_evaluated ? run->next_pc : run->pc;
	test.needs_features = run->is_evaluated && run->arm[0] >= 0 && run->rule->arm[run->arm[0]].term == TERM_EXIT;
	put_words(o, run, &test);
	put_registers(run, &test);
	put_bytes(o, run, &test);
	pool_put(&o->test, &test, 1);
	return 0;
}

/* ---- printing ---- */

static void out_list(FILE *out, const uint64_t *value, unsigned int n)
{
	fprintf(out, "{");
	for (unsigned int i = 0; i < n; i++)
		fprintf(out, value[i] < 10 ? "%s%" PRIu64 : "%s0x%" PRIx64 "ULL", i ? ", " : "", value[i]);
	fprintf(out, "},");
}

static void out_test(FILE *out, const struct rule_test *t)
{
	fprintf(out, "\t{%u, %u, %u, %u, %u, %u, %u, %u, %u, {%u, %u, %u, %u, %u, %u}, {%u, %u, %u, %u, %u, %u}, ",
		t->rule, t->line, t->ninsns, t->nroles, t->nplaces, t->nbytes, t->exit, t->block_state,
		t->needs_features, t->number[0], t->number[1], t->number[2], t->number[3], t->number[4], t->number[5],
		t->is_f[0], t->is_f[1], t->is_f[2], t->is_f[3], t->is_f[4], t->is_f[5]);
	fprintf(out, "%u, %u, {%#x, %#x, %#x, %#x},\n\t ", t->place, t->byte, t->word[0], t->word[1], t->word[2],
		t->word[3]);
	fprintf(out, "0x%" PRIx64 "ULL, 0x%" PRIx64 "ULL, ", t->pc, t->next_pc);
	out_list(out, t->before, RULE_ROLES_MAX);
	out_list(out, t->after, RULE_ROLES_MAX);
	out_list(out, t->state_before, RUN_STATES);
	out_list(out, t->state_after, RUN_STATES);
	fprintf(out, "},\n");
}

static void out_all(const struct out_tests *o, FILE *out)
{
	const struct rule_test_place *place = (const void *)o->place.data;
	const struct rule_test_byte *byte = (const void *)o->byte.data;

	fprintf(out, "const struct rule_test rule_test_table[] = {\n");
	for (unsigned int i = 0; i < o->test.n; i++)
		out_test(out, (const struct rule_test *)(const void *)o->test.data + i);
	fprintf(out, "};\n\nconst struct rule_test_place rule_test_place_table[] = {\n");
	for (unsigned int i = 0; i < o->place.n; i++)
		fprintf(out, "\t{%u, %u, %u},\n", place[i].insn, place[i].shift, place[i].role);
	fprintf(out, "\t{0, 0, 0},\n};\n\nconst struct rule_test_byte rule_test_byte_table[] = {\n");
	for (unsigned int i = 0; i < o->byte.n; i++)
		fprintf(out, "\t{0x%" PRIx64 "ULL, %u, %u},\n", byte[i].addr, byte[i].before, byte[i].after);
	fprintf(out, "\t{0, 0, 0},\n};\n\nconst u16 rule_test_state_offset[] = {");
	for (unsigned int s = 0; s < RUN_STATES; s++)
		fprintf(out, "%s%d", s ? ", " : "", run_state_offset(s));
	fprintf(out, "};\n\nconst unsigned int rule_test_count = %u;\n", o->test.n);
}

int out_ruletests_c(const struct ruleset *set, FILE *out, struct diag *diag)
{
	struct out_tests o = { 0 };
	int ret = 0;

	pool_init(&o.test, "tests", sizeof(struct rule_test), UINT32_MAX);
	pool_init(&o.place, "places", sizeof(struct rule_test_place), UINT32_MAX);
	pool_init(&o.byte, "test bytes", sizeof(struct rule_test_byte), UINT32_MAX);
	for (const struct crule *rule = set->first; rule && !ret; rule = rule->next, o.rule++)
		ret = ruletest_each(set, rule, diag, put_run, &o);
	out_head(out, set->guest, "ruletests.c", "the tests of all rules (ruletests.h).");
	fprintf(out, "#include \"ruletests.h\"\n\n");
	if (!ret)
		out_all(&o, out);
	pool_free(&o.test);
	pool_free(&o.place);
	pool_free(&o.byte);
	return ret;
}
