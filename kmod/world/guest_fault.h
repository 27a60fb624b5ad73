/* SPDX-License-Identifier: GPL-2.0-only */
/* guest_fault.h: a load or store of translated code that the guest's own page tables refuse becomes a trap of the guest.
 *
 * Owns:    nothing; changes the hart and the register frame.
 * Promise: the trap is that of the instruction whose access record stands at the frame's rip, with all registers exact.
 *          What is not served has changed nothing.
 * Locks:   none: own CPU, interrupts off; the running block's records are intact (cache.h). Bounded: two binary searches, and
 *          go_trap().
 * Context: ring 0 of the world, on the stack of IST 1.
 * Errors:  LEAVE_FAULT: M-mode, a single step, the second page of an access over two, no record: the host's.
 * Next file: guest_fault.c. */
#ifndef LDBT_WORLD_GUEST_FAULT_H
#define LDBT_WORLD_GUEST_FAULT_H

#include "port.h"

/* The walk for the access at world address va, in the window, ended in this exception cause. */
u64 guest_fault(u64 va, int cause);

#endif
