// SPDX-License-Identifier: GPL-2.0-only
/* main.c: rulec: reads descriptions and rules, checks and compiles them, writes gen/.
 * Next file: ruleset.c (how rules are compiled), out.h and out_rules.h (what is written). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rulec/digest.h"
#include "rulec/listing.h"
#include "rulec/out.h"
#include "rulec/out_rules.h"

enum { PATHS_MAX = 128 };

static const char help[] =
	"usage: rulec [OPTIONS] FILES\n"
	"FILES: *.isa (a name with x86_64 in it is the host), gmem.def, norms.txt, *.rules, and for\n"
	"digests tools.sum (sums of the sources of rulec and ruleprove)\n"
	"  --gen DIR         write the generated files to DIR\n"
	"  --proved LIST     refuse rules that are not in LIST (rules/proved.txt)\n"
	"  --allow-unproved  compile unproved rules too (for development)\n"
	"  --list[=NAME]     print every variant of every rule, or of rule NAME\n"
	"  --digest          print digest, name, arms and variants of each rule\n"
	"  --stats           print the sizes of the tables\n"
	"  --help            print this\n";

struct options {
	const char *gen, *proved, *list_name;
	bool allow_unproved, list, digest, stats;
	const char *all[PATHS_MAX], *guest[PATHS_MAX], *host[PATHS_MAX], *rules[PATHS_MAX];
	unsigned int nall, nguest, nhost, nrules;
};

static int usage(const char *what, const char *arg)
{
	fprintf(stderr, "rulec: %s %s\n%s", what, arg, help);
	return -EINVAL;
}

static int add_path(struct options *opt, const char *path)
{
	size_t len = strlen(path);

	if (opt->nall == PATHS_MAX)
		return usage("more files than rulec takes:", path);
	opt->all[opt->nall++] = path;
	if (len >= 4 && !strcmp(path + len - 4, ".sum"))
		return 0;
	if (len < 4 || strcmp(path + len - 4, ".isa"))
		opt->rules[opt->nrules++] = path;
	else if (strstr(path, "x86_64"))
		opt->host[opt->nhost++] = path;
	else
		opt->guest[opt->nguest++] = path;
	return 0;
}

/* Options with a value; NULL when arg is none of them. */
static const char **value_option(struct options *opt, const char *arg)
{
	if (!strcmp(arg, "--gen"))
		return &opt->gen;
	return strcmp(arg, "--proved") ? NULL : &opt->proved;
}

static int parse_options(struct options *opt, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *arg = argv[i], **value = value_option(opt, arg);

		if (value && i + 1 == argc)
			return usage("a value is missing after", arg);
		if (value)
			*value = argv[++i];
		else if (!strcmp(arg, "--list"))
			opt->list = true;
		else if (!strncmp(arg, "--list=", 7))
			opt->list = true, opt->list_name = arg + 7;
		else if (!strcmp(arg, "--digest"))
			opt->digest = true;
		else if (!strcmp(arg, "--stats"))
			opt->stats = true;
		else if (!strcmp(arg, "--allow-unproved"))
			opt->allow_unproved = true;
		else if (arg[0] == '-')
			return usage("unknown option", arg);
		else if (add_path(opt, arg))
			return -EINVAL;
	}
	if (!opt->nguest)
		return usage("no guest description (*.isa) among", "FILES");
	if (opt->nrules && !opt->nhost)
		return usage("rules need a host description (x86_64.isa) among", "FILES");
	return 0;
}

/* ---- proofs ---- */

static void print_digests(const struct ruleset *set, const struct digest_base *base)
{
	char hex[DIGEST_HEX];

	for (const struct crule *rule = set->first; rule; rule = rule->next) {
		unsigned int nvariants = 0;

		for (unsigned int a = 0; a < rule->narms; a++)
			nvariants += rule->arm[a].nvariants;
		digest_rule(base, rule, hex);
		printf("%s %s %u %u\n", hex, rule->name, rule->narms, nvariants);
	}
	digest_base_hex(base, hex);
	printf("%s (descriptions and tools)\n", hex);
}

/* Each rule must be in the list of proved ones. */
static int check_proved(const struct ruleset *set, const struct options *opt, const struct digest_base *base,
			struct diag *diag)
{
	struct digest_list *list = digest_list_open(opt->proved);
	unsigned int unproved = 0;

	for (const struct crule *rule = set->first; rule && list; rule = rule->next) {
		char hex[DIGEST_HEX];

		digest_rule(base, rule, hex);
		if (digest_list_has(list, hex))
			continue;
		unproved++;
		if (!opt->allow_unproved)
			diag_error(diag, rule->loc, "rule %s is not proved: run make prove", rule->name);
	}
	if (opt->allow_unproved && unproved)
		fprintf(stderr, "rulec: warning: %u of %u rules are not proved\n", unproved, set->nrules);
	digest_list_close(list);
	return !list || (unproved && !opt->allow_unproved) ? -EINVAL : 0;
}

/* ---- files ---- */

/* Opens DIR/name.new; gen_close() gives it its name, so that no half file is ever seen. */
static FILE *gen_open(const struct options *opt, const char *name, char *path, size_t size)
{
	FILE *out;

	snprintf(path, size, "%s/%s.new", opt->gen, name);
	out = fopen(path, "w");
	if (!out)
		fprintf(stderr, "rulec: %s: %s\n", path, strerror(errno));
	return out;
}

static int gen_close(FILE *out, const char *path, int ret)
{
	char final[4096];

	snprintf(final, sizeof(final), "%.*s", (int)(strlen(path) - strlen(".new")), path);
	if (fclose(out) || ret || rename(path, final)) {
		fprintf(stderr, "rulec: %s could not be written\n", final);
		remove(path);
		return -EIO;
	}
	return 0;
}

static int gen_isa(const struct options *opt, const struct isa *guest, struct diag *diag)
{
	char path[4096];

	for (const struct out_file *file = out_files; file->name; file++) {
		FILE *out = gen_open(opt, file->name, path, sizeof(path));

		if (!out || gen_close(out, path, file->write(guest, out, diag)))
			return -EIO;
	}
	return 0;
}

static int gen_rules(const struct options *opt, const struct tables *tables, struct diag *diag)
{
	char path[4096];
	FILE *out = gen_open(opt, "rules.h", path, sizeof(path));

	if (!out)
		return -EIO;
	out_rules_h(tables, out);
	if (gen_close(out, path, 0))
		return -EIO;
	out = gen_open(opt, "rules.c", path, sizeof(path));
	if (!out)
		return -EIO;
	out_rules_c(tables, out);
	if (gen_close(out, path, 0))
		return -EIO;
	out = gen_open(opt, "ruletests.c", path, sizeof(path));
	if (!out)
		return -EIO;
	return gen_close(out, path, out_ruletests_c(tables->set, out, diag));
}

static int use_rules(const struct options *opt, const struct ruleset *set, struct diag *diag)
{
	struct digest_base base;
	struct tables tables;
	int ret = digest_base(opt->all, opt->nall, &base, diag);

	if (ret)
		return ret;
	if (opt->list)
		list_ruleset(set, opt->list_name, stdout, diag);
	if (opt->digest)
		print_digests(set, &base);
	if (opt->gen && check_proved(set, opt, &base, diag))
		return -EINVAL;
	ret = tables_build(&tables, set, diag);
	if (!ret && opt->stats)
		tables_print_stats(&tables, stdout);
	if (!ret && opt->gen)
		ret = gen_rules(opt, &tables, diag);
	tables_free(&tables);
	return ret;
}

static int run(const struct options *opt, struct diag *diag)
{
	struct isa *guest = isa_load(opt->guest, opt->nguest, diag);
	struct isa *host = opt->nhost ? isa_load(opt->host, opt->nhost, diag) : NULL;
	struct ruleset *set = NULL;
	int ret = guest && (host || !opt->nhost) ? 0 : -EINVAL;

	if (!ret && host) {
		set = ruleset_load(guest, host, opt->rules, opt->nrules, diag);
		ret = set ? use_rules(opt, set, diag) : -EINVAL;
	}
	if (!ret && opt->gen)
		ret = gen_isa(opt, guest, diag);
	ruleset_free(set);
	isa_free(host);
	isa_free(guest);
	return ret;
}

int main(int argc, char **argv)
{
	static struct options opt;
	struct diag diag = { .out = stderr };

	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--help"))
			return fputs(help, stdout) < 0;
	if (parse_options(&opt, argc, argv))
		return 2;
	return run(&opt, &diag) || diag.nerrors ? 1 : 0;
}
