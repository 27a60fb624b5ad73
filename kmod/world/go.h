/* SPDX-License-Identifier: GPL-2.0-only */
/* go.h: going on with the guest, at the block of its pc.
 *
 * Owns:    the vCPU's jump table entries while the world is not left.
 * Promise: 0: the frame is a place in the code cache whose block is that of the hart's pc, mode and address space, and was
 *          live a moment ago; who drops it afterwards kicks the vCPU. Else all of the guest's state is exact at g.pc, and the
 *          host finds or makes the block. A fetch that faults became a trap of U or S, once a call.
 * Locks:   none: own CPU, interrupts off; another thread may drop blocks meanwhile (cache.h). Bounded: two traps, two view
 *          switches, two walks, and the chains of two buckets.
 * Context: ring 0 of the world, on the stack of IST 1.
 * Errors:  LEAVE_GUEST: no block there, or what the monitor must not do.
 * Next file: go.c. */
#ifndef LDBT_WORLD_GO_H
#define LDBT_WORLD_GO_H

#include "guest.h"

/* Mode, translation and CSRs are those of before. */
u64 go_on(struct guest *g);
/* They may have changed: an interrupt may be wanted, the tag and the view may be others. */
u64 go_on_switched(struct guest *g);

/* May the monitor raise a trap of its own finding (a fault, not an exit that asks for it)? Traps of M-mode are the host's:
 * it finds handlers that trap for ever. */
bool go_may_trap(const struct guest *g);
u64 go_trap(struct guest *g, u64 cause, u64 tval);

#endif
