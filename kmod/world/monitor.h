/* SPDX-License-Identifier: GPL-2.0-only */
/* monitor.h: what the monitor shows to the switcher and to the host.
 *
 * Owns:    nothing.
 * Promise: entry.S leads here from the first byte; what it needs has a fixed address.
 * Locks:   none: own CPU, interrupts off.
 * Context: ring 0 of the world, on the stack of IST 1.
 * Errors:  LEAVE_FAULT: the host room decides; LEAVE_GUEST: it goes on at hart.g.pc.
 * Next file: monitor.c. */
#ifndef LDBT_WORLD_MONITOR_H
#define LDBT_WORLD_MONITOR_H

#include "port.h"

/* By the jump at WORLD_MONITOR. */
u64 monitor_page_fault(void);

#endif
