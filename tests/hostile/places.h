/* SPDX-License-Identifier: GPL-2.0-only */
/* places.h: addresses all over the 64-bit range, those of the host and of the world among them.
 * Owns:    nothing.
 * Promise: the same addresses in the same order each time.
 * Locks:   none. Context: any. Errors: none.
 * Next file: sweep.c, vsweep.c. */
#ifndef HOSTILE_PLACES_H
#define HOSTILE_PLACES_H

#include <stdint.h>

void places_each(void (*visit)(uint64_t addr));

/* Whether ring 3 may use what lies there, seen as a guest address: the code cache. A load there is the documented deviation.
 * (The state area lies at one of 2^33 places, which no sweep will hit.) */
int place_is_open(uint64_t addr);

#endif
