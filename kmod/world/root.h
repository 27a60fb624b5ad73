/* SPDX-License-Identifier: GPL-2.0-only */
/* root.h: the monitor's loads of CR3 and PKRU.
 *
 * Owns:    CR3 inside the world, between entry and leave.
 * Promise: root_now is loaded, and nothing that was dropped behind it is known to the processor.
 * Locks:   none: own CPU, interrupts off. Context: ring 0 of the world. Errors: none.
 * Next file: root.c. */
#ifndef LDBT_WORLD_ROOT_H
#define LDBT_WORLD_ROOT_H

#include "port.h"

/* Loads root_now again if it must be flushed; else forgets the page at va alone. */
void root_refresh(u64 va);

#endif
