/* SPDX-License-Identifier: GPL-2.0-only */
/* ruletest.h: the `test` lines of a rule, run by the ISA description.
 *
 * Owns:    nothing.
 * Promise: each test line holds for the description itself, under every aliasing of registers that its values allow;
 *          each arm is reached by some of these runs.
 * Errors:  reported in diag with the line of the test or arm.
 * Next file: out_tests.c, which prints the same runs for the native runner. */
#ifndef LDBT_RULEC_RULETEST_H
#define LDBT_RULEC_RULETEST_H

#include "rulec/src.h"

void ruletest_check(struct ruleset *set, struct src_rule *src);

#endif
