/* SPDX-License-Identifier: GPL-2.0-only */
/* damage.h: makes a proved variant wrong, in one place.
 *
 * Owns:    nothing. Promise: the variant differs from what it was; what it did is in text.
 * Next file: damage.c, mutate.c. */
#ifndef LDBT_TEST_DAMAGE_H
#define LDBT_TEST_DAMAGE_H

#include "rulec/crule.h"

enum { DAMAGE_TEXT_MAX = 80 };

/* A random bit of the bytes, or a random member of a hole or of an access record. False: there was nothing to damage. */
bool damage_random(struct cvariant *variant, uint64_t (*random)(void), char text[DAMAGE_TEXT_MAX]);

/* Planted by bytes what no rule text can say; NULL name: behind the last. */
struct plant {
	const char *name, *expect;
	bool (*apply)(const struct crule *rule, const struct isa *host, struct cvariant *variant);
};
extern const struct plant damage_plants[];

#endif
