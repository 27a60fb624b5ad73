// SPDX-License-Identifier: GPL-2.0-only
/* ruleset.c: files to compiled rules. Next file: rule_parse.c, check.c, compile.c, ruletest.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rulec/compile.h"
#include "rulec/gmem.h"
#include "rulec/norms.h"
#include "rulec/ruletest.h"

struct file_text {
	char *text;
	size_t len;
};

/* Whole file into the arena; false after a message. */
static bool file_read(struct ruleset *set, const char *path, struct file_text *file)
{
	FILE *in = fopen(path, "r");
	char chunk[4096];
	size_t n;
	FILE *out;
	char *text = NULL;

	*file = (struct file_text){ 0 };
	if (!in) {
		diag_error(set->diag, (struct loc){ path, 0 }, "cannot be read: %s", strerror(errno));
		return false;
	}
	out = open_memstream(&text, &file->len);
	while (out && (n = fread(chunk, 1, sizeof(chunk), in)) > 0)
		fwrite(chunk, 1, n, out);
	fclose(in);
	if (!out || fclose(out)) {
		diag_error(set->diag, (struct loc){ path, 0 }, "out of memory");
		return false;
	}
	file->text = arena_text(set->arena, text, file->len);
	free(text);
	return true;
}

static bool ends_in(const char *path, const char *end)
{
	return strlen(path) >= strlen(end) && !strcmp(path + strlen(path) - strlen(end), end);
}

static void load_file(struct ruleset *set, const char *path, struct gmem *gmem, struct src_rule ***tail)
{
	struct file_text file;
	struct lexer lx;

	if (!file_read(set, path, &file))
		return;
	if (ends_in(path, "norms.txt")) {
		norms_load(set, path, file.text, file.len, set->diag);
		return;
	}
	lex_init(&lx, set->arena, set->diag, path, file.text, file.len);
	if (ends_in(path, "gmem.def"))
		gmem_load(gmem, &lx);
	else
		*tail = rules_parse(set, &lx, *tail);
}

/* Lists first, so that rules find them whatever the order of the paths. */
static struct src_rule *load_files(struct ruleset *set, const char *const *path, unsigned int npaths)
{
	struct gmem *gmem = arena_alloc(set->arena, sizeof(*gmem));
	struct src_rule *first = NULL, **tail = &first;

	for (unsigned int round = 0; round < 2; round++)
		for (unsigned int i = 0; i < npaths; i++)
			if (ends_in(path[i], ".rules") == (round == 1))
				load_file(set, path[i], gmem, &tail);
	set->gmem = gmem;
	return first;
}

static void set_link(struct ruleset *set, struct src_rule *first)
{
	struct crule **tail = &set->first;

	for (struct src_rule *src = first; src; src = src->next) {
		*tail = src->rule;
		tail = &src->rule->next;
		set->nrules++;
	}
}

static void set_compile(struct ruleset *set, struct src_rule *first)
{
	for (struct src_rule *src = first; src; src = src->next) {
		if (!src->is_bad)
			check_rule(set, src);
		if (!src->is_bad)
			compile_rule(set, src);
		if (!src->is_bad)
			ruletest_check(set, src);
	}
	check_overlap(set);
}

struct ruleset *ruleset_load(const struct isa *guest, const struct isa *host, const char *const *path,
			     unsigned int npaths, struct diag *diag)
{
	struct arena *arena = arena_create();
	struct ruleset *set = arena_alloc(arena, sizeof(*set));
	unsigned int nerrors = diag->nerrors;
	struct src_rule *first;

	set->guest = guest;
	set->host = host;
	set->arena = arena;
	set->diag = diag;
	first = load_files(set, path, npaths);
	set_link(set, first);
	set_compile(set, first);
	set->diag = NULL;
	if (diag->nerrors == nerrors)
		return set;
	ruleset_free(set);
	return NULL;
}

void ruleset_free(struct ruleset *set)
{
	if (set)
		arena_destroy(set->arena);
}
