// SPDX-License-Identifier: GPL-2.0-only
/* ruletest.c: which register numbers a test runs with, and which arms are reached. Next file: testrun.c, testeval.c. */
#include "rulec/ruletest.h"

#include <errno.h>
#include <string.h>

struct each {
	struct test_run run;
	struct diag *diag;
	run_visit visit;
	void *ctx;
};

static const struct ctest *given(const struct test_run *run, unsigned int role)
{
	for (unsigned int i = 0; i < run->line->nin; i++)
		if (!strcmp(run->line->in[i].name, run->rule->role_name[role]))
			return &run->line->in[i];
	return NULL;
}

/* One register has one value: may role have this number beside the roles below it? */
static bool is_consistent(const struct test_run *run, unsigned int role, int number)
{
	const struct ctest *mine = given(run, role), *other;

	if (mine && mine->is_register)
		return number == (int)mine->value;
	if (!number && !role_is_f(run->rule, role))
		return !mine || !mine->value;
	for (unsigned int r = 0; r < role; r++) {
		other = given(run, r);
		if (run->number[r] == number && role_is_f(run->rule, r) == role_is_f(run->rule, role) && mine &&
		    other && !other->is_register && mine->value != other->value)
			return false;
	}
	return true;
}

/* Own number, x0, numbers of earlier roles, numbers that conditions name. */
static unsigned int candidates(const struct test_run *run, unsigned int role, int number[64])
{
	const struct crule *rule = run->rule;
	const struct ctest *mine = given(run, role);
	uint32_t seen = 1u << 0 | 1u << (RUN_FREE_REG + role);
	unsigned int n = 0;

	if (mine && mine->is_register) {
		number[n++] = (int)mine->value;
		return n;
	}

	number[n++] = RUN_FREE_REG + role;
	if (!role_is_f(rule, role))
		number[n++] = 0;
	for (unsigned int r = 0; r < role; r++)
		if (role_is_f(rule, r) == role_is_f(rule, role) && !(seen >> run->number[r] & 1)) {
			seen |= 1u << run->number[r];
			number[n++] = run->number[r];
		}
	for (unsigned int a = 0; a < rule->narms; a++)
		for (unsigned int i = 0; i < rule->arm[a].nconds; i++) {
			const struct rule_cond *c = &rule->arm[a].cond[i];

			if ((c->kind != COND_ROLE_IS && c->kind != COND_ROLE_IS_NOT) || c->a != role ||
			    seen >> (c->b & 31) & 1)
				continue;
			seen |= 1u << (c->b & 31);
			number[n++] = c->b & 31;
		}
	return n;
}

static bool is_plain(const struct test_run *run)
{
	for (unsigned int r = 0; r < run->rule->nroles; r++)
		if (run->number[r] != RUN_FREE_REG + (int)r)
			return false;
	return true;
}

static bool leaves_by_exit(const struct test_run *run)
{
	return run->arm[1] >= 0 && run->rule->arm[run->arm[1]].term == TERM_EXIT;
}

/* exit=NAME belongs to an arm that exits so, or that may branch to that exit. */
static int check_exit(const struct each *e)
{
	const struct test_run *run = &e->run;
	const struct carm *arm = run->arm[1] >= 0 ? &run->rule->arm[run->arm[1]] : NULL;
	int want = run->line->exit ? exit_find(run->line->exit) : -1;

	if (leaves_by_exit(run) ? want == arm->term_arg : arm && arm->branch_exits >> want & 1)
		return 0;
	diag_error(e->diag, run->line->loc,
		   want >= 0 ? "test expects an exit that the arm does not take"
			     : "the arm leaves by an exit, write gives exit=NAME");
	return -EINVAL;
}

static int run_one(struct each *e)
{
	struct test_run *run = &e->run;
	bool holds;

	run->is_plain = is_plain(run);
	run->is_evaluated = false;
	if (testrun_prepare(run, e->diag))
		return -EINVAL;
	testrun_find_arms(run);
	if (run->line->exit || leaves_by_exit(run)) {
		if (check_exit(e))
			return -EINVAL;
		return e->visit(e->ctx, run);
	}
	if (testrun_eval(run, e->diag))
		return -EINVAL;
	/* In a longer match an alias may feed a later instruction: there the description alone says what comes out. */
	holds = run->is_plain || run->rule->ninsns == 1;
	if (holds && testrun_compare(run, e->diag))
		return -EINVAL;
	return e->visit(e->ctx, run);
}

static int each_number(struct each *e, unsigned int role)
{
	int number[64];
	unsigned int n;

	if (role == e->run.rule->nroles)
		return run_one(e);
	n = candidates(&e->run, role, number);
	for (unsigned int i = 0; i < n; i++) {
		int ret;

		if (!is_consistent(&e->run, role, number[i]))
			continue;
		e->run.number[role] = number[i];
		ret = each_number(e, role + 1);
		if (ret)
			return ret;
	}
	return 0;
}

int ruletest_each(const struct ruleset *set, const struct crule *rule, struct diag *diag, run_visit visit, void *ctx)
{
	struct each e = { .run = { .set = set, .rule = rule }, .diag = diag, .visit = visit, .ctx = ctx };

	for (const struct ctest_line *line = rule->test; line; line = line->next) {
		int ret;

		e.run.line = line;
		ret = each_number(&e, 0);
		if (ret)
			return ret;
	}
	return 0;
}

static int note_reached(void *ctx, struct test_run *run)
{
	uint32_t *reached = ctx;

	for (unsigned int i = 0; i < 2; i++)
		if (run->arm[i] >= 0)
			*reached |= 1u << run->arm[i];
	return 0;
}

void ruletest_check(struct ruleset *set, struct src_rule *src)
{
	uint32_t reached = 0;

	if (ruletest_each(set, src->rule, set->diag, note_reached, &reached))
		return;
	for (unsigned int a = 0; a < src->rule->narms; a++)
		if (!(reached >> a & 1))
			diag_error(set->diag, src->rule->arm[a].loc, "no test reaches this arm, add one");
}
