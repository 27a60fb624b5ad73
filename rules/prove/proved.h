/* SPDX-License-Identifier: GPL-2.0-only */
/* proved.h: the list of proved rules, rules/proved.txt: one line "digest name" for each, in file order.
 *
 * Owns:    struct proved: the digests of all rules of a set and a list, from proved_open() to proved_close().
 * Promise: the digest covers all that a proof used (rulec/digest.h), so a line is current exactly when nothing of it
 *          has changed.
 * Errors:  NULL or -errno with a message on stderr.
 * Next file: proved.c. */
#ifndef LDBT_PROVE_PROVED_H
#define LDBT_PROVE_PROVED_H

#include "prove/work.h"

struct proved;

/* paths: all input files; list: proved.txt, or NULL for an empty list. */
struct proved *proved_open(const struct ruleset *set, const char *const *path, unsigned int npaths, const char *list);
void proved_close(struct proved *proved);
bool proved_has(const struct proved *proved, unsigned int rule); /* rule: number in file order */

/* Writes the list: every rule that was proved now or was known. */
int proved_write(const struct proved *proved, const struct ruleset *set, const struct work *work, const char *path);
/* Says which rules the list lacks; returns their number. */
unsigned int proved_check(const struct proved *proved, const struct ruleset *set);

#endif
