/* SPDX-License-Identifier: GPL-2.0-only */
/* rule.h: proves one compiled rule: every arm, every variant, every alias case.
 *
 * Owns:    opens and closes the solver's context, once for each arm.
 * Promise: result->unproved == 0 means every variant that was asked for is proved; a rule without arms or an arm
 *          without variants counts as unproved.
 * Errors:  messages on `out`, one block for each arm at most: the first variant that fails.
 * Next file: rule.c, main.c. */
#ifndef LDBT_PROVE_RULE_H
#define LDBT_PROVE_RULE_H

#include <stdio.h>

#include "prove/goal.h"
#include "prove/host.h"

struct rule_result {
	unsigned int arms, variants, cases, proofs;
	unsigned int unproved; /* variants */
};

/* Proves every stride-th variant, beginning with the first (1: all). */
void rule_prove(const struct ruleset *set, const struct crule *rule, unsigned int stride, FILE *out,
		struct rule_result *result);

/* One variant alone, in a context of its own (for the tests). 0: proved; otherwise a message was written. */
int variant_prove(const struct ruleset *set, const struct crule *rule, const struct carm *arm,
		  const struct cvariant *variant, FILE *out);

/* cover.c: a variant exists for every residency that the arm's conditions allow. Otherwise -1, with a message. */
int cover_check(const struct crule *rule, const struct carm *arm, FILE *out);

/* access.c: the records for the fault handler say what the decoded instructions do. NULL, or what is wrong. */
const char *access_check(const struct cvariant *variant, const struct host_code *code);
/* Holes name roles and values that the rule has. NULL, or what is wrong. */
const char *holes_check(const struct crule *rule, const struct cvariant *variant);
/* The arm's conditions promise every CPU feature that its instructions need. NULL, or the feature that is missing. */
const char *feature_check(const struct isa *host, const struct carm *arm, const struct host_code *code);

#endif
