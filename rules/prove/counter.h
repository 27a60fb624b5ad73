/* SPDX-License-Identifier: GPL-2.0-only */
/* counter.h: says in guest terms what is wrong with a variant.
 *
 * Owns:    nothing. Promise: the first line starts with file:line of the arm and names rule and variant; then which
 *          registers, values and memory lead there, and what differs.
 * Next file: counter.c. */
#ifndef LDBT_PROVE_COUNTER_H
#define LDBT_PROVE_COUNTER_H

#include "prove/compare.h"

/* A structural refusal: no values are needed to see it. */
void counter_refusal(const struct compare *cmp, const struct host_path *h, const char *why);
void counter_unknown(const struct compare *cmp, const struct goals *goals);
void counter_example(const struct compare *cmp, const struct goals *goals, const struct guest_path *g, Z3_model model);

#endif
