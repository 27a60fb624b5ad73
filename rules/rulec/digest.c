// SPDX-License-Identifier: GPL-2.0-only
/* digest.c: see digest.h. */
#include "rulec/digest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DIGEST_FILES_MAX = 64 };

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool ends_in(const char *path, const char *end)
{
	return strlen(path) >= strlen(end) && !strcmp(path + strlen(path) - strlen(end), end);
}

static bool counts(const char *path)
{
	return ends_in(path, ".isa") || ends_in(path, ".def") || ends_in(path, ".sum");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(base_name(*(const char *const *)a), base_name(*(const char *const *)b));
}

static int add_file(struct sha256 *sha, const char *path, struct diag *diag)
{
	FILE *in = fopen(path, "r");
	char chunk[4096];
	size_t n;

	if (!in) {
		diag_error(diag, (struct loc){ path, 0 }, "cannot be read: %s", strerror(errno));
		return -EINVAL;
	}
	/* The name and its end, so that text cannot move from one file to the next. */
	sha256_add(sha, base_name(path), strlen(base_name(path)) + 1);
	while ((n = fread(chunk, 1, sizeof(chunk), in)) > 0)
		sha256_add(sha, chunk, n);
	sha256_add(sha, "", 1);
	fclose(in);
	return 0;
}

int digest_base(const char *const *path, unsigned int npaths, struct digest_base *base, struct diag *diag)
{
	const char *sorted[DIGEST_FILES_MAX];
	unsigned int n = 0;
	int ret = 0;

	for (unsigned int i = 0; i < npaths; i++) {
		if (!counts(path[i]))
			continue;
		if (n == DIGEST_FILES_MAX) {
			diag_error(diag, (struct loc){ path[i], 0 }, "more files than a digest takes");
			return -EINVAL;
		}
		sorted[n++] = path[i];
	}
	qsort(sorted, n, sizeof(sorted[0]), by_name);
	sha256_start(&base->sha);
	for (unsigned int i = 0; i < n && !ret; i++)
		ret = add_file(&base->sha, sorted[i], diag);
	return ret;
}

static void finish(struct sha256 sha, char hex[DIGEST_HEX])
{
	uint8_t digest[SHA256_BYTES];

	sha256_end(&sha, digest);
	sha256_hex(digest, hex);
}

void digest_base_hex(const struct digest_base *base, char hex[DIGEST_HEX])
{
	finish(base->sha, hex);
}

void digest_rule(const struct digest_base *base, const struct crule *rule, char hex[DIGEST_HEX])
{
	struct sha256 sha = base->sha;

	sha256_add(&sha, rule->name, strlen(rule->name) + 1);
	sha256_add(&sha, rule->text, rule->text_bytes);
	finish(sha, hex);
}

/* ---- list ---- */

struct digest_list {
	unsigned int n, capacity;
	char (*hex)[DIGEST_HEX];
};

static bool list_add(struct digest_list *list, const char *word)
{
	if (list->n == list->capacity) {
		unsigned int capacity = 2 * list->capacity + 256;
		void *grown = realloc(list->hex, capacity * sizeof(*list->hex));

		if (!grown)
			return false;
		list->hex = grown;
		list->capacity = capacity;
	}
	memcpy(list->hex[list->n++], word, DIGEST_HEX);
	return true;
}

struct digest_list *digest_list_open(const char *path)
{
	struct digest_list *list = calloc(1, sizeof(*list));
	FILE *in = path ? fopen(path, "r") : NULL;
	char line[512], word[DIGEST_HEX + 1];
	bool is_good = list;

	while (in && is_good && fgets(line, sizeof(line), in))
		if (sscanf(line, "%65s", word) == 1 && strlen(word) == DIGEST_HEX - 1)
			is_good = list_add(list, word);
	if (in)
		fclose(in);
	if (is_good)
		return list;
	digest_list_close(list);
	return NULL;
}

bool digest_list_has(const struct digest_list *list, const char *hex)
{
	for (unsigned int i = 0; i < list->n; i++)
		if (!strcmp(list->hex[i], hex))
			return true;
	return false;
}

void digest_list_close(struct digest_list *list)
{
	if (!list)
		return;
	free(list->hex);
	free(list);
}
