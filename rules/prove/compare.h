/* SPDX-License-Identifier: GPL-2.0-only */
/* compare.h: every path of the host against every path of the guest, for one alias case.
 *
 * Owns:    nothing.
 * Promise: what docs/PROOFS.md lists as proved is built here as goals, and nowhere else.
 * Errors:  a message in guest terms on `out`, with file:line of the arm.
 * Next file: compare.c, counter.h. */
#ifndef LDBT_PROVE_COMPARE_H
#define LDBT_PROVE_COMPARE_H

#include <stdio.h>

#include "prove/goal.h"
#include "prove/host.h"

struct compare {
	const struct isa *guest, *host;
	struct alias_case *c;
	const struct host_code *code;
	const struct guest_path *guest_path;
	int nguest;
	const struct host_path *host_path;
	int nhost;
	FILE *out;
	unsigned int nproofs; /* questions asked */
};

/* 0: proved. Otherwise a message was written. */
int compare_case(struct compare *cmp);

/* events.c: the accesses of a pair of paths. */
void events_compare(struct compare *cmp, struct goals *goals, const struct host_path *h, const struct guest_path *g);
/* Goals: the state at `found` is the one at `expected`. */
void snapshot_compare(struct compare *cmp, struct goals *goals, const struct snapshot *expected,
		      const struct snapshot *found, const char *when);

#endif
