/* SPDX-License-Identifier: GPL-2.0-only */
/* stats.h: the counters of a VM as text or JSON. Names are those of struct ldbt_stats; the counters of
 * leaves[] are leaves_REASON.
 *
 * Owns:    nothing.
 * Promise: JSON holds all counters; text leaves out reasons that never happened.             [checked: tests/ctl]
 * Locks:   none. Context: any thread. Errors: -ENOMEM.
 * Next file: cmd_stat.c. */
#ifndef LDBTCTL_STATS_H
#define LDBTCTL_STATS_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "api.h"

/* Room for all of ours, and for those a newer module may add. */
enum { STATS_MAX = 128, STATS_NAME_BYTES = 48 };

struct stats_list {
	unsigned int count;
	struct {
		char name[STATS_NAME_BYTES];
		uint64_t value;
	} entry[STATS_MAX];
};

void stats_from_api(const struct ldbt_stats *stats, struct stats_list *list);

/* "name value" on each line, as the module's debugfs file has them; other lines are passed over. */
void stats_from_text(FILE *file, struct stats_list *list);

/* Percent of the translated instructions that rules translated; negative: nothing was translated. */
double stats_rule_share(const struct stats_list *list);

void stats_print_text(FILE *out, const struct stats_list *list);
int stats_print_json(FILE *out, const struct stats_list *list);
cJSON *stats_to_json(const struct stats_list *list); /* NULL: no memory */

#endif
