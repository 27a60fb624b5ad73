/* SPDX-License-Identifier: GPL-2.0-only */
/* work.h: proves a set of rules with several worker processes.
 *
 * Owns:    the results, shared with the workers, until the process ends.
 * Promise: a worker takes the next rule that nobody has; a rule whose worker died counts as unproved.
 * Errors:  messages of the prover on stderr, one rule at a time; -errno when workers cannot be started.
 * Next file: work.c, proved.h. */
#ifndef LDBT_PROVE_WORK_H
#define LDBT_PROVE_WORK_H

#include "prove/rule.h"

enum { WORKERS_MAX = 64 };

struct total {
	unsigned int rules;
	struct rule_result sum;
	double seconds;
};

struct work {
	unsigned int nworkers, stride;
	const char *only;		  /* rule name, or NULL: all */
	const struct rule_result *result; /* per rule in file order; arms == 0: not asked for */
	struct total total;
};

/* known: rules that need no proof. */
struct proved;
int work_run(const struct ruleset *set, const struct proved *known, struct work *work);

#endif
