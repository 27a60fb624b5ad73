/* SPDX-License-Identifier: GPL-2.0-only */
/* digest.h: what a proof of a rule depends on, as one number: its text, the descriptions, gmem.def and the sources of
 * compiler and prover; and the list of such numbers, rules/proved.txt: "digest name" a line, # comments.
 *
 * Owns:    struct digest_list: from digest_list_open() to digest_list_close(). The others are plain values.
 * Promise: two digests of a rule are equal only if none of those has changed. Names of files are part of it,
 *          their directories and their order are not.
 * Errors:  -EINVAL with a message when a file cannot be read; a list that does not exist is empty.
 * Next file: sha256.h. */
#ifndef LDBT_RULEC_DIGEST_H
#define LDBT_RULEC_DIGEST_H

#include "rulec/crule.h"
#include "rulec/sha256.h"

enum { DIGEST_HEX = SHA256_HEX };

struct digest_base {
	struct sha256 sha; /* over the files */
};

/* path: .isa files, gmem.def and tools.sum (sums of the sources of compiler and prover) count, in the order of their
 * names; rule files and norms.txt may stand among them and do not. */
int digest_base(const char *const *path, unsigned int npaths, struct digest_base *base, struct diag *diag);
void digest_base_hex(const struct digest_base *base, char hex[DIGEST_HEX]);
void digest_rule(const struct digest_base *base, const struct crule *rule, char hex[DIGEST_HEX]);

struct digest_list;

struct digest_list *digest_list_open(const char *path); /* NULL path: an empty list */
bool digest_list_has(const struct digest_list *list, const char *hex);
void digest_list_close(struct digest_list *list);

#endif
