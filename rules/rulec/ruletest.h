/* SPDX-License-Identifier: GPL-2.0-only */
/* ruletest.h: the `test` lines of a rule, run by the ISA description.
 *
 * Owns:    nothing.
 * Promise: each test line holds for the description itself, under every aliasing of registers that its values allow;
 *          each arm is reached by some of these runs.
 * Errors:  reported in diag with the line of the test or arm.
 * Next file: testrun.h; out_tests.c prints the same runs for the native runner. */
#ifndef LDBT_RULEC_RULETEST_H
#define LDBT_RULEC_RULETEST_H

#include "rulec/src.h"
#include "rulec/testrun.h"

void ruletest_check(struct ruleset *set, struct src_rule *src);

typedef int (*run_visit)(void *ctx, struct test_run *run); /* nonzero ends */

/* Every run of every test of the rule, evaluated. -EINVAL after a message. */
int ruletest_each(const struct ruleset *set, const struct crule *rule, struct diag *diag, run_visit visit, void *ctx);

#endif
