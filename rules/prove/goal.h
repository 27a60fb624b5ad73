/* SPDX-License-Identifier: GPL-2.0-only */
/* goal.h: what must hold on one pair of paths, and the question to the solver.
 *
 * Owns:    struct goals is a value; the cache of answered questions lives as long as the context of term.h.
 * Promise: GOALS_PROVED means: the assumptions imply every goal. Structural equality after simplification is tried
 *          first, then the cache, then the solver under a limit of its own steps (never of time).
 * Errors:  GOALS_UNKNOWN: the limit was reached; that counts as unproved.
 * Next file: axiom.h, compare.h. */
#ifndef LDBT_PROVE_GOAL_H
#define LDBT_PROVE_GOAL_H

#include "prove/alias.h"

enum { GOALS_MAX = 128, GOAL_NAME_MAX = 80 };

struct goal {
	char name[GOAL_NAME_MAX]; /* in guest terms */
	pred holds;
	term expected, found; /* NULL when the goal is no equality of values */
};

struct goals {
	pred assume;
	unsigned int ngoals;
	struct goal goal[GOALS_MAX];
};

enum verdict { GOALS_PROVED, GOALS_REFUTED, GOALS_UNKNOWN };

struct goal_stats {
	uint64_t goals;	       /* single goals */
	uint64_t by_structure; /* questions answered without a solver */
	uint64_t cached;
	uint64_t solved;
};
extern struct goal_stats goal_stats;
extern unsigned int goal_rlimit; /* solver steps for one question */

void goals_start(struct goals *goals, pred assume);
void goal_add(struct goals *goals, pred holds, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void goal_add_eq(struct goals *goals, term expected, term found, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* On GOALS_REFUTED *model is the counterexample (release with goals_drop_model()). */
enum verdict goals_prove(struct goals *goals, const struct alias_case *c, Z3_model *model);
void goals_drop_model(Z3_model model);
/* Value of a term of at most 64 bits, or the truth of a pred, in a model. */
uint64_t model_value(Z3_model model, term t);
bool model_holds(Z3_model model, pred p);

void goals_reset(void); /* with every new context */

#endif
