// SPDX-License-Identifier: GPL-2.0-only
/* digest.c: see digest.h. Next file: main.c. */
#include "rulec/digest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rulec/sha256.h"

enum { LIST_MAX = 4096 };	/* lines of proved.txt */

struct digest_list {
	unsigned int count;
	char hex[LIST_MAX][DIGEST_HEX];
};

/* ---- files ---- */

static bool ends_in(const char *path, const char *end)
{
	return strlen(path) >= strlen(end) && !strcmp(path + strlen(path) - strlen(end), end);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int sum_file(const char *path, uint8_t sum[DIGEST_BYTES], struct diag *diag)
{
	FILE *in = fopen(path, "rb");
	struct sha256 sha;
	char chunk[4096];
	size_t n;

	if (!in) {
		diag_error(diag, (struct loc){ path, 0 }, "cannot be read: %s", strerror(errno));
		return -ENOENT;
	}
	sha256_start(&sha);
	sha256_add(&sha, base_name(path), strlen(base_name(path)) + 1);
	while ((n = fread(chunk, 1, sizeof(chunk), in)) > 0)
		sha256_add(&sha, chunk, n);
	fclose(in);
	sha256_end(&sha, sum);
	return 0;
}

/* The sum of the files is the exclusive or of their own sums, whatever their order. */
int digest_base(const char *const *path, unsigned int npaths, struct digest_base *base, struct diag *diag)
{
	uint8_t sum[DIGEST_BYTES];
	int err;

	memset(base, 0, sizeof(*base));
	for (unsigned int i = 0; i < npaths; i++) {
		if (ends_in(path[i], ".rules") || ends_in(path[i], "norms.txt"))
			continue;
		err = sum_file(path[i], sum, diag);
		if (err)
			return err;
		for (unsigned int b = 0; b < DIGEST_BYTES; b++)
			base->sum[b] ^= sum[b];
	}
	return 0;
}

void digest_rule(const struct digest_base *base, const struct crule *rule, char hex[DIGEST_HEX])
{
	uint8_t sum[DIGEST_BYTES];
	struct sha256 sha;

	sha256_start(&sha);
	sha256_add(&sha, base->sum, sizeof(base->sum));
	sha256_add(&sha, rule->text, rule->text_bytes);
	sha256_end(&sha, sum);
	for (unsigned int b = 0; b < DIGEST_BYTES; b++)
		snprintf(hex + 2 * b, 3, "%02x", sum[b]);
}

/* ---- the list ---- */

static int compare_hex(const void *a, const void *b)
{
	return memcmp(a, b, DIGEST_HEX);
}

struct digest_list *digest_list_open(const char *path)
{
	struct digest_list *list = calloc(1, sizeof(*list));
	FILE *in = path ? fopen(path, "r") : NULL;
	char line[512];

	while (list && in && list->count < LIST_MAX && fgets(line, sizeof(line), in))
		if (line[0] != '#' && strspn(line, "0123456789abcdef") == DIGEST_HEX - 1)
			memcpy(list->hex[list->count++], line, DIGEST_HEX - 1);
	if (in)
		fclose(in);
	if (list)
		qsort(list->hex, list->count, DIGEST_HEX, compare_hex);
	return list;
}

void digest_list_close(struct digest_list *list)
{
	free(list);
}

bool digest_list_has(const struct digest_list *list, const char *hex)
{
	return bsearch(hex, list->hex, list->count, DIGEST_HEX, compare_hex);
}
