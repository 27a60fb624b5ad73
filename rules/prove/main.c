// SPDX-License-Identifier: GPL-2.0-only
/* main.c: ruleprove: proves rules equal to the descriptions, and keeps the list of proved rules.
 *
 * usage: ruleprove [options] FILE...   (.isa, .rules, gmem.def, norms.txt; x86_64*.isa are the host description)
 * Next file: work.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "prove/axiom.h"
#include "prove/proved.h"
#include "prove/work.h"

enum { FILES_MAX = 64 };

struct options {
	struct work work;
	const char *out, *known, *check;
	bool axioms_only;
};

struct files {
	const char *guest[FILES_MAX], *host[FILES_MAX], *rules[FILES_MAX];
	unsigned int nguest, nhost, nrules;
};

static const char usage[] = "usage: ruleprove [-j N] [-s N] [-r RULE] [-o FILE] [-n FILE] [-c FILE] [-a] FILE...\n"
			    "  -j N     worker processes (2)\n"
			    "  -s N     prove only every N-th variant of an arm\n"
			    "  -r RULE  only the rules of this name\n"
			    "  -o FILE  write the list of proved rules\n"
			    "  -n FILE  prove only rules that this list lacks\n"
			    "  -c FILE  prove nothing: check that this list has every rule\n"
			    "  -a       prove the axioms at 8 bits and stop\n";

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), e = strlen(end);

	return n >= e && !strcmp(s + n - e, end);
}

static int add_file(struct files *files, const char *path)
{
	if (files->nguest == FILES_MAX || files->nhost == FILES_MAX || files->nrules == FILES_MAX)
		return -1;
	if (ends_with(path, ".isa") && strstr(path, "x86_64"))
		files->host[files->nhost++] = path;
	else if (ends_with(path, ".isa"))
		files->guest[files->nguest++] = path;
	else if (!ends_with(path, ".sum")) /* only counts for the digest */
		files->rules[files->nrules++] = path;
	return 0;
}

/* A set with its descriptions; NULL after a message. */
static struct ruleset *load(char **path, int npaths)
{
	static struct files files;
	struct diag diag = { .out = stderr };
	struct ruleset *set = NULL;
	struct isa *guest, *host;

	for (int i = 0; i < npaths; i++)
		if (add_file(&files, path[i]))
			return NULL;
	if (!files.nhost) {
		fputs("ruleprove: no host description (x86_64.isa) among the files\n", stderr);
		return NULL;
	}
	guest = isa_load(files.guest, files.nguest, &diag);
	host = isa_load(files.host, files.nhost, &diag);
	if (guest && host)
		set = ruleset_load(guest, host, files.rules, files.nrules, &diag);
	if (!set) {
		isa_free(guest);
		isa_free(host);
	}
	return set;
}

static void unload(struct ruleset *set)
{
	struct isa *guest = (struct isa *)set->guest, *host = (struct isa *)set->host;

	ruleset_free(set);
	isa_free(guest);
	isa_free(host);
}

static int parse_options(int argc, char **argv, struct options *o)
{
	int opt;

	while ((opt = getopt(argc, argv, "j:s:r:o:n:c:a")) != -1) {
		switch (opt) {
		case 'j': o->work.nworkers = (unsigned int)atoi(optarg); break;
		case 's': o->work.stride = (unsigned int)atoi(optarg); break;
		case 'r': o->work.only = optarg; break;
		case 'o': o->out = optarg; break;
		case 'n': o->known = optarg; break;
		case 'c': o->check = optarg; break;
		case 'a': o->axioms_only = true; break;
		default: return -1;
		}
	}
	if (o->work.nworkers < 1 || o->work.nworkers > WORKERS_MAX || o->work.stride < 1)
		return -1;
	return o->out && (o->work.stride > 1 || o->work.only) ? -1 : 0;
}

static int check_list(const struct ruleset *set, const struct proved *known)
{
	unsigned int missing = proved_check(known, set);

	printf("%u rules, %u not in the list\n", set->nrules, missing);
	return missing ? 1 : 0;
}

/* Everything asked for; the list, when one is wanted, has what could be proved. */
static int prove(const struct ruleset *set, const struct proved *known, struct options *o)
{
	const struct total *t = &o->work.total;

	if (work_run(set, known, &o->work))
		return 1;
	printf("%u rules, %u arms, %u variants, %u cases, %u proofs, %.0f seconds, unproved %u\n", t->rules,
	       t->sum.arms, t->sum.variants, t->sum.cases, t->sum.proofs, t->seconds, t->sum.unproved);
	if (o->out && proved_write(known, set, &o->work, o->out))
		return 1;
	return t->sum.unproved ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct options o = { .work = { .nworkers = 2, .stride = 1 } };
	struct ruleset *set;
	struct proved *known;
	int status = 1;

	if (parse_options(argc, argv, &o) || (optind == argc && !o.axioms_only)) {
		fputs(usage, stderr);
		return 2;
	}
	if ((o.axioms_only || o.out) && axioms_check(stderr))
		return 1;
	if (o.axioms_only)
		return 0;
	set = load(argv + optind, argc - optind);
	if (!set)
		return 1;
	known = proved_open(set, (const char *const *)argv + optind, (unsigned int)(argc - optind),
			    o.check ? o.check : o.known);
	if (known)
		status = o.check ? check_list(set, known) : prove(set, known, &o);
	proved_close(known);
	unload(set);
	return status;
}
