/* SPDX-License-Identifier: GPL-2.0-only */
/* fill.h: makes a page of the guest window present, from the guest's page tables.
 *
 * Owns:    the tables of the guest window, in pool pages.
 * Promise: an entry of the window is writable only while its guest page is not GPAGE_READONLY at the time of filling;
 *          none is executable or global.
 * Locks:   none: own CPU, interrupts off. The host may clear the W bit of entries at any time.
 * Context: ring 0 of the world.
 * Errors:  false: the access is the guest's own fault, reaches a device, or stores to a translated page.
 * Next file: fill.c. */
#ifndef LDBT_WORLD_FILL_H
#define LDBT_WORLD_FILL_H

#include "port.h"

/* va: a world address in the window. */
bool fill_page(u64 va, bool is_store);

#endif
