// SPDX-License-Identifier: GPL-2.0-only
/* proved.c: see proved.h. Next file: ../rulec/digest.h. */
#include "prove/proved.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rulec/digest.h"

struct proved {
	struct digest_list *list;
	unsigned int nrules;
	char (*hex)[DIGEST_HEX];
};

struct proved *proved_open(const struct ruleset *set, const char *const *path, unsigned int npaths, const char *list)
{
	struct diag diag = { .out = stderr };
	struct proved *proved = calloc(1, sizeof(*proved));
	struct digest_base base;

	if (!proved || digest_base(path, npaths, &base, &diag))
		goto err_free;
	proved->list = digest_list_open(list);
	proved->hex = calloc(set->nrules + 1, DIGEST_HEX);
	if (!proved->list || !proved->hex)
		goto err_free;
	for (const struct crule *rule = set->first; rule; rule = rule->next)
		digest_rule(&base, rule, proved->hex[proved->nrules++]);
	return proved;

err_free:
	proved_close(proved);
	return NULL;
}

void proved_close(struct proved *proved)
{
	if (!proved)
		return;
	digest_list_close(proved->list);
	free(proved->hex);
	free(proved);
}

bool proved_has(const struct proved *proved, unsigned int rule)
{
	return digest_list_has(proved->list, proved->hex[rule]);
}

int proved_write(const struct proved *proved, const struct ruleset *set, const struct work *work, const char *path)
{
	FILE *out = fopen(path, "w");
	unsigned int i = 0;

	if (!out) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -EIO;
	}
	fprintf(out, "# Rules that ruleprove has proved: digest of all that the proof used, opcodes. `make prove` "
		     "writes it.\n");
	for (const struct crule *rule = set->first; rule; rule = rule->next, i++)
		if (proved_has(proved, i) || (work->result[i].arms && !work->result[i].unproved))
			fprintf(out, "%s %s\n", proved->hex[i], rule->name);
	return fclose(out) ? -EIO : 0;
}

unsigned int proved_check(const struct proved *proved, const struct ruleset *set)
{
	unsigned int i = 0, missing = 0;

	for (const struct crule *rule = set->first; rule; rule = rule->next, i++) {
		if (proved_has(proved, i))
			continue;
		fprintf(stderr, "%s:%d: %s: not in the list of proved rules\n", rule->loc.file, rule->loc.line,
			rule->name);
		missing++;
	}
	return missing;
}
