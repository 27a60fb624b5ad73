/* SPDX-License-Identifier: GPL-2.0-only */
/* compile.h: a checked rule to its variants: bytes, holes and access records.
 *
 * Owns:    nothing; variants live in the arena of the ruleset.
 * Promise: every class combination that the conditions allow has a variant, narrow and wide where that differs.
 * Errors:  reported in diag; the arm then has fewer variants and must not be used.
 * Next file: legal.h, then out_rules.c. */
#ifndef LDBT_RULEC_COMPILE_H
#define LDBT_RULEC_COMPILE_H

#include "rulec/src.h"

void compile_rule(struct ruleset *set, struct src_rule *src);

/* check.c: before and after compilation. */
void check_rule(struct ruleset *set, struct src_rule *src);
void check_overlap(struct ruleset *set);

#endif
