// SPDX-License-Identifier: GPL-2.0-only
/* mutate.c: damages proved variants and counts what the prover refuses.
 *
 * usage: mutate COUNT INPUT... (as ruleprove). A damaged variant that is proved all the same is listed with both
 * instructions: it must mean the same, and the list in docs/PROOFS.md says why such survivors exist. Those whose
 * decoded instructions do not differ at all would be a mistake of the decoder and fail the test. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "damage.h"
#include "host/hprint.h"
#include "prove/rule.h"

enum { FILES_MAX = 64, VARIANTS_MAX = 1 << 16 };

struct pick {
	const struct crule *rule;
	const struct carm *arm;
	const struct cvariant *variant;
};

static struct pick pick[VARIANTS_MAX];
static unsigned int npicks;
static uint64_t seed = 0x2545f4914f6cdd1d;

static uint64_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed >> 8;
}

static struct ruleset *load(char **path, int npaths)
{
	const char *guest[FILES_MAX], *host[FILES_MAX], *rules[FILES_MAX];
	unsigned int nguest = 0, nhost = 0, nrules = 0;
	struct diag diag = { .out = stderr };

	for (int i = 0; i < npaths && i < FILES_MAX; i++) {
		if (strstr(path[i], ".isa") && strstr(path[i], "x86_64"))
			host[nhost++] = path[i];
		else if (strstr(path[i], ".isa"))
			guest[nguest++] = path[i];
		else if (!strstr(path[i], ".sum"))
			rules[nrules++] = path[i];
	}
	if (!nhost)
		return NULL;
	return ruleset_load(isa_load(guest, nguest, &diag), isa_load(host, nhost, &diag), rules, nrules, &diag);
}

static void collect(const struct ruleset *set)
{
	for (const struct crule *rule = set->first; rule; rule = rule->next)
		for (unsigned int a = 0; a < rule->narms; a++)
			for (unsigned int v = 0; v < rule->arm[a].nvariants && npicks < VARIANTS_MAX; v++)
				pick[npicks++] = (struct pick){ rule, &rule->arm[a], &rule->arm[a].variant[v] };
}

/* ---- survivors ---- */

static void print_code(const struct ruleset *set, const struct pick *p, const struct cvariant *v, char *text,
		       size_t size)
{
	static struct host_code code;
	struct diag diag = { .out = stderr };
	const char *value[RULE_VALUES_MAX] = { NULL };
	struct hnames names = { p->rule->role_name, value };
	FILE *out = fmemopen(text, size, "w");

	for (unsigned int i = 0; i < p->rule->nvalues; i++)
		value[i] = p->rule->value[i].name ? p->rule->value[i].name : "value";
	if (host_decode(set->host, v, p->arm->loc, &code, &diag))
		code.ninsns = 0;
	for (unsigned int i = 0; i < code.ninsns; i++) {
		hinsn_print(out, &code.insn[i], &names);
		fputs("; ", out);
	}
	fclose(out);
}

/* True: the two differ as instructions, so that there is a reason to look at. */
static bool survivor(const struct ruleset *set, const struct pick *p, const struct cvariant *v, const char *what)
{
	char before[2048] = "", after[2048] = "";

	print_code(set, p, p->variant, before, sizeof(before));
	print_code(set, p, v, after, sizeof(after));
	printf("survivor: %s:%d %s, %s\n  was %s\n  is  %s\n", p->arm->loc.file, p->arm->loc.line, p->rule->name, what,
	       before, after);
	return strcmp(before, after);
}

/* ---- the runs ---- */

struct tally {
	unsigned int refused, survived, failed;
};

static void run_random(const struct ruleset *set, unsigned int count, FILE *nowhere, struct tally *tally)
{
	char text[DAMAGE_TEXT_MAX];

	while (count) {
		const struct pick *p = &pick[next_random() % npicks];
		struct cvariant v = *p->variant;

		if (!damage_random(&v, next_random, text) || !memcmp(&v, p->variant, sizeof(v)))
			continue;
		count--;
		if (variant_prove(set, p->rule, p->arm, &v, nowhere))
			tally->refused++;
		else if (survivor(set, p, &v, text))
			tally->survived++;
		else
			tally->failed++;
	}
}

/* Each plant on a few variants that it can be applied to, for which its message must come. */
static void run_plants(const struct ruleset *set, struct tally *tally)
{
	for (const struct plant *plant = damage_plants; plant->name; plant++) {
		for (unsigned int tries = 0, done = 0; done < 3 && tries < 20000; tries++) {
			const struct pick *p = &pick[next_random() % npicks];
			struct cvariant v = *p->variant;
			char text[8192] = "";
			FILE *out;
			int err;

			if (p->rule->ninsns > 1 || p->arm->term != TERM_NEXT || !plant->apply(p->rule, set->host, &v))
				continue;
			done++;
			out = fmemopen(text, sizeof(text), "w");
			err = variant_prove(set, p->rule, p->arm, &v, out);
			fclose(out);
			if (err && strstr(text, plant->expect)) {
				tally->refused++;
				continue;
			}
			printf("FAILED: %s in %s\n%s", plant->name, p->rule->name, text);
			tally->failed++;
		}
	}
}

int main(int argc, char **argv)
{
	struct ruleset *set = argc > 2 ? load(argv + 2, argc - 2) : NULL;
	FILE *nowhere = fopen("/dev/null", "w");
	struct tally tally = { 0 };

	if (!set || !nowhere)
		return 2;
	collect(set);
	run_plants(set, &tally);
	run_random(set, (unsigned int)atoi(argv[1]), nowhere, &tally);
	printf("mutations: %u refused, %u survived with the same meaning\n", tally.refused, tally.survived);
	printf("check-mutate: %u passed, %u failed, 0 skipped\n", tally.refused + tally.survived, tally.failed);
	fclose(nowhere);
	return tally.failed ? 1 : 0;
}
