/* SPDX-License-Identifier: GPL-2.0-only */
/* facts.h: what is known about registers and values when an arm runs.
 *
 * Owns:    nothing; plain values.
 * Promise: every fact follows from the match, the arm's conditions and the arms above it that were not taken (an
 *          arm whose other conditions all hold leaves the negation of its last one).
 * Errors:  is_possible is false when the conditions contradict each other.
 * Next file: legal.h. */
#ifndef LDBT_RULEC_FACTS_H
#define LDBT_RULEC_FACTS_H

#include "rulec/src.h"

struct facts {
	int same[RULE_ROLES_MAX]; /* lowest role known to be the same register */
	bool differs[RULE_ROLES_MAX][RULE_ROLES_MAX];
	bool is_zero[RULE_ROLES_MAX], is_nonzero[RULE_ROLES_MAX];
	int64_t lo[RULE_VALUES_MAX], hi[RULE_VALUES_MAX];
	uint8_t block_mask, block_value; /* known bits of the block's state */
	bool is_possible;
};

void facts_of(const struct crule *rule, unsigned int arm, struct facts *facts);
/* Ranges of the lets from those of their operands; INT64_MIN..INT64_MAX where nothing is known. */
void let_range(const struct ex *ex, const int64_t *lo, const int64_t *hi, int64_t range[2]);

#endif
