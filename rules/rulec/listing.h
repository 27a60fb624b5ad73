/* SPDX-License-Identifier: GPL-2.0-only */
/* listing.h: compiled rules for people: every variant with its residency, host instructions and bytes.
 *
 * Owns:    nothing. Promise: what is shown is decoded from the bytes, not from what the compiler meant.
 * Errors:  bytes that do not decode are reported in diag. Next file: host/hprint.h. */
#ifndef LDBT_RULEC_LISTING_H
#define LDBT_RULEC_LISTING_H

#include "rulec/crule.h"

void list_ruleset(const struct ruleset *set, const char *name, FILE *out, struct diag *diag); /* name NULL: all */

#endif
