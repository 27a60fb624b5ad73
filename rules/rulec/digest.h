/* SPDX-License-Identifier: GPL-2.0-only */
/* digest.h: what a proof of a rule depends on, as one number, and the list of numbers that were proved.
 *
 * Owns:    struct digest_list, from digest_list_open() to digest_list_close().
 * Promise: a rule's digest covers its text and the bytes of every file given to digest_base(): the .isa files,
 *          gmem.def, and the sums of the sources that ruleprove is made of, rulec among them (gen/tools.sum). Names of directories are not
 *          in it. SHA-256 (FIPS 180-4).
 * Errors:  -errno with a message in diag: a file cannot be read. A list that does not exist is an empty one.
 * Next file: digest.c, sha256.h. */
#ifndef LDBT_RULEC_DIGEST_H
#define LDBT_RULEC_DIGEST_H

#include "rulec/crule.h"

enum { DIGEST_BYTES = 32, DIGEST_HEX = 2 * DIGEST_BYTES + 1 };

struct digest_base {
	uint8_t sum[DIGEST_BYTES];
};

/* Order does not matter; .rules files and norms.txt among the paths are left out (each rule brings its own text). */
int digest_base(const char *const *path, unsigned int npaths, struct digest_base *base, struct diag *diag);
void digest_rule(const struct digest_base *base, const struct crule *rule, char hex[DIGEST_HEX]);

/* rules/proved.txt: "digest name" lines; # starts a comment. */
struct digest_list;
struct digest_list *digest_list_open(const char *path);
void digest_list_close(struct digest_list *list);
bool digest_list_has(const struct digest_list *list, const char *hex);

#endif
