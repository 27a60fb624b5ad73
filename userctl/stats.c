// SPDX-License-Identifier: GPL-2.0-only
/* stats.c: a table gives each counter its name; everything else goes by names. Next file: cmd_stat.c. */
#include "stats.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define COUNTER(field)                                                                                                 \
	{                                                                                                              \
#field, offsetof(struct ldbt_stats, field)                                                             \
	}
/* index: EXIT_* of the translator */
#define LEAVE(index, name)                                                                                             \
	{                                                                                                              \
		"leaves_" name, offsetof(struct ldbt_stats, leaves[index])                                             \
	}

static const struct counter {
	const char *name;
	size_t off;
} counters[] = {
	COUNTER(enters),
	LEAVE(0, "other"),
	LEAVE(1, "link"),
	LEAVE(2, "miss"),
	LEAVE(3, "fallback"),
	LEAVE(4, "ecall"),
	LEAVE(5, "ebreak"),
	LEAVE(6, "fence_i"),
	LEAVE(7, "wfi"),
	LEAVE(8, "illegal"),
	LEAVE(9, "page_end"),
	LEAVE(10, "fault"),
	LEAVE(11, "interrupt"),
	LEAVE(12, "system"),
	LEAVE(13, "13"),
	LEAVE(14, "14"),
	LEAVE(15, "15"),
	COUNTER(host_irqs),
	COUNTER(host_nmis),
	COUNTER(user_exits),
	COUNTER(page_fills),
	COUNTER(huge_fills),
	COUNTER(huge_blocks),
	COUNTER(guest_traps),
	COUNTER(view_switches),
	COUNTER(blocks),
	COUNTER(translated_insns),
	COUNTER(translated_by_rule),
	COUNTER(translated_guest_bytes),
	COUNTER(translated_host_bytes),
	COUNTER(interpreted_insns),
	COUNTER(evictions),
	COUNTER(invalidations),
	COUNTER(guest_irqs),
	COUNTER(monitor_exits),
	COUNTER(monitor_misses),
	COUNTER(sbi_calls),
	COUNTER(shadow_evictions),
};

enum { COUNTERS = sizeof(counters) / sizeof(counters[0]) };

static void add(struct stats_list *list, const char *name, uint64_t value)
{
	if (list->count == STATS_MAX)
		return;
	snprintf(list->entry[list->count].name, STATS_NAME_BYTES, "%s", name);
	list->entry[list->count++].value = value;
}

void stats_from_api(const struct ldbt_stats *stats, struct stats_list *list)
{
	unsigned int i;

	list->count = 0;
	for (i = 0; i < COUNTERS; i++) {
		uint64_t value;

		memcpy(&value, (const char *)stats + counters[i].off, sizeof(value));
		add(list, counters[i].name, value);
	}
}

void stats_from_text(FILE *file, struct stats_list *list)
{
	char name[STATS_NAME_BYTES], line[256];
	uint64_t value;
	int end;

	list->count = 0;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " %47s %" SCNu64 " %n", name, &value, &end) == 2 && !line[end])
			add(list, name, value);
}

static uint64_t find(const struct stats_list *list, const char *name)
{
	unsigned int i;

	for (i = 0; i < list->count; i++)
		if (!strcmp(list->entry[i].name, name))
			return list->entry[i].value;
	return 0;
}

double stats_rule_share(const struct stats_list *list)
{
	uint64_t all = find(list, "translated_insns");

	return all ? 100.0 * (double)find(list, "translated_by_rule") / (double)all : -1;
}

/* Reasons that never happened say nothing. */
static bool is_silent(const char *name, uint64_t value)
{
	return !value && !strncmp(name, "leaves_", strlen("leaves_"));
}

void stats_print_text(FILE *out, const struct stats_list *list)
{
	double share = stats_rule_share(list);
	unsigned int i;

	for (i = 0; i < list->count; i++)
		if (!is_silent(list->entry[i].name, list->entry[i].value))
			fprintf(out, "%-24s %" PRIu64 "\n", list->entry[i].name, list->entry[i].value);
	if (share >= 0)
		fprintf(out, "%-24s %.3f %%\n", "translated_rule_share", share);
}

/* Whole numbers as text: a double of JSON would round them from 2^53 on. */
static cJSON *number(uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	return cJSON_CreateRaw(text);
}

cJSON *stats_to_json(const struct stats_list *list)
{
	cJSON *object = cJSON_CreateObject();
	double share = stats_rule_share(list);
	unsigned int i;

	for (i = 0; i < list->count; i++)
		if (!cJSON_AddItemToObject(object, list->entry[i].name, number(list->entry[i].value)))
			goto err_delete;
	if (share < 0 || cJSON_AddNumberToObject(object, "translated_rule_share", share))
		return object;
err_delete:
	cJSON_Delete(object);
	return NULL;
}

int stats_print_json(FILE *out, const struct stats_list *list)
{
	cJSON *object = stats_to_json(list);
	char *text = object ? cJSON_Print(object) : NULL;

	cJSON_Delete(object);
	if (!text)
		return -ENOMEM;
	fprintf(out, "%s\n", text);
	cJSON_free(text);
	return 0;
}
