// SPDX-License-Identifier: GPL-2.0-only
/* norms.c: a sorted-by-nothing list of tags; a few hundred, so a linear search will do. */
#include "rulec/norms.h"

#include <string.h>

#include "lang/arena.h"

struct norms {
	unsigned int n;
	const char **tag;
};

void norms_load(struct ruleset *set, const char *file, const char *text, size_t len_bytes, struct diag *diag)
{
	struct norms *norms = arena_alloc(set->arena, sizeof(*norms));
	const char *end = text + len_bytes;
	struct loc loc = { file, 0 };

	for (size_t len; text < end; text += len + 1) {
		const char *stop = memchr(text, '\n', end - text);

		len = (stop ? stop : end) - text;
		loc.line++;
		if (!len || text[0] == '#')
			continue;
		if (len < 6 || memcmp(text, "norm:", 5) || memchr(text, ' ', len)) {
			diag_error(diag, loc, "not a tag, write one norm:name a line");
			continue;
		}
		norms->tag = arena_grow(set->arena, norms->tag, norms->n, sizeof(*norms->tag));
		norms->tag[norms->n++] = arena_text(set->arena, text, len);
	}
	set->norms = norms;
}

bool norm_is_known(const struct ruleset *set, const char *tag)
{
	if (!set->norms)
		return true;
	for (unsigned int i = 0; i < set->norms->n; i++)
		if (!strcmp(set->norms->tag[i], tag))
			return true;
	return false;
}
