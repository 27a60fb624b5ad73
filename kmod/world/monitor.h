/* SPDX-License-Identifier: GPL-2.0-only */
/* monitor.h: what the monitor shows to the switcher and to the host.
 *
 * Owns:    nothing.
 * Promise: the entry point is the first byte; what it needs has a fixed address.
 * Locks:   none: own CPU, interrupts off.
 * Context: ring 0 of the world, on the stack of IST 1.
 * Errors:  LEAVE_FAULT: the host room decides.
 * Next file: monitor.c. */
#ifndef LDBT_WORLD_MONITOR_H
#define LDBT_WORLD_MONITOR_H

#include "port.h"

/* A table entry holds the pool number of its child in bits that the processor ignores: 11 from bit 52, 3 from bit 9. */
#define MONITOR_BRANCH_INDEX(i)	    (((u64)((i)&0x7ff) << 52) | ((u64)((i) >> 11) << 9))
#define MONITOR_BRANCH_CHILD(entry) ((u32)(((entry) >> 52) & 0x7ff) | (u32)(((entry) >> 9) & 7) << 11)

/* Last-level entries made from guest leaves of level 1 and more: an address fence has to drop their neighbours too. */
#define MONITOR_LEAF_LARGE (1ULL << 9)

/* At WORLD_MONITOR itself. */
u64 monitor_page_fault(void);

#endif
