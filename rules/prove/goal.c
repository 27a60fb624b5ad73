// SPDX-License-Identifier: GPL-2.0-only
/* goal.c: see goal.h. Next file: axiom.c. */
#include "prove/goal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prove/axiom.h"

enum { CACHE_SLOTS = 1 << 14 }; /* open addressing; when half full, questions are no longer remembered */

struct goal_stats goal_stats;
unsigned int goal_rlimit = 20000000;

static Z3_ast cache[CACHE_SLOTS]; /* questions already answered "cannot be" */
static unsigned int ncached;

void goals_reset(void)
{
	memset(cache, 0, sizeof(cache));
	ncached = 0;
}

void goals_start(struct goals *goals, pred assume)
{
	goals->assume = assume;
	goals->ngoals = 0;
}

static struct goal *goal_new(struct goals *goals, const char *fmt, va_list args)
{
	struct goal *goal;

	if (goals->ngoals == GOALS_MAX) {
		fprintf(stderr, "ruleprove: more than %d goals on one path\n", GOALS_MAX);
		abort();
	}
	goal = &goals->goal[goals->ngoals++];
	vsnprintf(goal->name, sizeof(goal->name), fmt, args);
	goal->expected = goal->found = NULL;
	goal_stats.goals++;
	return goal;
}

void goal_add(struct goals *goals, pred holds, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	goal_new(goals, fmt, args)->holds = holds;
	va_end(args);
}

void goal_add_eq(struct goals *goals, term expected, term found, const char *fmt, ...)
{
	struct goal *goal;
	va_list args;

	va_start(args, fmt);
	goal = goal_new(goals, fmt, args);
	va_end(args);
	goal->expected = expected;
	goal->found = found;
	goal->holds = expected == found ? t_true() : t_eq(expected, found);
}

/* ---- the cache ---- */

static unsigned int cache_slot(Z3_ast question)
{
	unsigned int i = Z3_get_ast_id(terms_z3(), question) * 2654435761u % CACHE_SLOTS;

	while (cache[i] && cache[i] != question)
		i = (i + 1) % CACHE_SLOTS;
	return i;
}

static bool cache_has(Z3_ast question)
{
	return cache[cache_slot(question)] == question;
}

static void cache_put(Z3_ast question)
{
	if (ncached >= CACHE_SLOTS / 2)
		return;
	ncached++;
	cache[cache_slot(question)] = question;
}

/* ---- the question ---- */

static pred all_goals(const struct goals *goals)
{
	pred all = t_true();

	for (unsigned int i = 0; i < goals->ngoals; i++)
		if (!t_is_true(goals->goal[i].holds))
			all = t_and(all, goals->goal[i].holds);
	return t_simplify(all);
}

static Z3_solver new_solver(void)
{
	Z3_context z = terms_z3();
	Z3_solver solver = Z3_mk_solver_for_logic(z, Z3_mk_string_symbol(z, "QF_UFBV"));
	Z3_params params;

	Z3_solver_inc_ref(z, solver); /* before the next object is made: Z3 keeps only the last one alive */
	params = Z3_mk_params(z);
	Z3_params_inc_ref(z, params);
	Z3_params_set_uint(z, params, Z3_mk_string_symbol(z, "rlimit"), goal_rlimit);
	Z3_solver_set_params(z, solver, params);
	Z3_params_dec_ref(z, params);
	return solver;
}

static enum verdict ask_solver(const struct alias_case *c, pred question, Z3_model *model)
{
	Z3_context z = terms_z3();
	Z3_solver solver = new_solver();
	enum verdict verdict = GOALS_UNKNOWN;
	Z3_lbool answer;

	goal_stats.solved++;
	Z3_solver_assert(z, solver, question);
	if (c->has_numbers)
		Z3_solver_assert(z, solver, c->numbers);
	axioms_assert(solver);
	answer = Z3_solver_check(z, solver);
	if (answer == Z3_L_FALSE)
		verdict = GOALS_PROVED;
	if (answer == Z3_L_TRUE) {
		verdict = GOALS_REFUTED;
		*model = Z3_solver_get_model(z, solver);
		Z3_model_inc_ref(z, *model);
	}
	Z3_solver_dec_ref(z, solver);
	return verdict;
}

enum verdict goals_prove(struct goals *goals, const struct alias_case *c, Z3_model *model)
{
	pred all = all_goals(goals), question;
	enum verdict verdict;

	if (!t_is_true(all)) {
		question = t_simplify(t_and(goals->assume, t_not(all)));
		if (!t_is_false(question)) {
			if (cache_has(question)) {
				goal_stats.cached++;
				return GOALS_PROVED;
			}
			verdict = ask_solver(c, question, model);
			if (verdict == GOALS_PROVED)
				cache_put(question);
			return verdict;
		}
	}
	goal_stats.by_structure++;
	return GOALS_PROVED;
}

/* ---- models ---- */

void goals_drop_model(Z3_model model)
{
	Z3_model_dec_ref(terms_z3(), model);
}

static Z3_ast model_eval(Z3_model model, Z3_ast t)
{
	Z3_ast value = NULL;

	if (!Z3_model_eval(terms_z3(), model, t, true, &value))
		return t;
	return value;
}

uint64_t model_value(Z3_model model, term t)
{
	uint64_t value = 0;

	t_is_num(model_eval(model, t), &value);
	return value;
}

bool model_holds(Z3_model model, pred p)
{
	return t_is_true(model_eval(model, p));
}
