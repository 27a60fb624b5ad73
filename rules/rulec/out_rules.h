/* SPDX-License-Identifier: GPL-2.0-only */
/* out_rules.h: writers of the files that follow from the rules: gen/rules.h, gen/rules.c, gen/ruletests.c.
 *
 * Owns:    nothing.
 * Promise: what is written depends on descriptions and rules only.
 * Errors:  the caller checks the stream.
 * Next file: tables.h, translator/rule.h. */
#ifndef LDBT_RULEC_OUT_RULES_H
#define LDBT_RULEC_OUT_RULES_H

#include "rulec/tables.h"

void out_rules_h(const struct tables *tables, FILE *out);
void out_rules_c(const struct tables *tables, FILE *out);
int out_ruletests_c(const struct ruleset *set, FILE *out, struct diag *diag); /* 0, or -EINVAL: a test fails */

#endif
