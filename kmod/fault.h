/* SPDX-License-Identifier: GPL-2.0-only */
/* fault.h: host exceptions raised by translated code: which guest access it was, and what comes of it.
 *
 * Owns:    nothing.
 * Promise: the guest's instruction is never fetched again: the access record says all. After a device access execution
 *          goes on behind the host instruction; after a trap the vCPU is outside, with pc at the instruction.
 * Locks:   the vCPU's own thread, with its lock. Context: process; sleeps.
 * Errors:  0: go on; 1: back to the controller (as vcpu_fail() says).
 * Next file: run.c. */
#ifndef LDBT_KMOD_FAULT_H
#define LDBT_KMOD_FAULT_H

#include "port.h"

struct vcpu;

/* The exception in space_frame(). */
int fault_handle(struct vcpu *v);
/* The answer to what fault_handle() asked the controller is in v->mmio. */
void fault_complete(struct vcpu *v);

/* Translated code stands at an instruction boundary: leaves it there and returns true. */
bool fault_at_boundary(struct vcpu *v);

#endif
