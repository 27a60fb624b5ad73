/* SPDX-License-Identifier: GPL-2.0-only */
/* boundary.h: what the border of worlds needs on processors with bugs, because the world takes no way of Linux's own.
 *
 * Which mitigations apply is Linux's decision, by its feature bits: on the way out those that it would use after a guest
 * of KVM or a system call (return stack, branch history, untraining, IBRS), on the way in the clearing of buffers.
 * gate.S does the work; alternatives leave nothing of it on processors without the bugs.
 *
 * Owns:    the second mapping of the gate's text.
 * Promise: where iTLB multihit is a bug, the gate's text is reached in host and world by the same address in pages of the
 *          same size. The parameter `mitigations` of the module names what applies.
 * Locks:   none; made at module init. Context: boundary_enter() with interrupts off.
 * Errors:  boundary_init(): -ENOMEM.
 * Next file: boundary.c, gate.S. */
#ifndef LDBT_BOUNDARY_H
#define LDBT_BOUNDARY_H

#include <asm/cpufeature.h>

#include "gate.h"
#include "port.h"

struct gate_state;

extern u64 boundary_gate_shift; /* from the module's text to the mapping in use */

int boundary_init(void);
void boundary_exit(void);

/* Where a label of the gate's text is, in host and world. */
static inline u64 boundary_gate(const void *label)
{
	return (u64)label + boundary_gate_shift;
}

/* IBRS, where the kernel sets it at each entry from user space, is for the kernel alone; gate.S sets it again. */
void boundary_release_ibrs(struct gate_state *gate);

/* gate_enter(). */
static inline void boundary_enter(struct gate_state *gate)
{
	if (static_cpu_has(X86_FEATURE_KERNEL_IBRS))
		boundary_release_ibrs(gate);
	if (static_cpu_has_bug(X86_BUG_ITLB_MULTIHIT))
		((void (*)(void *))boundary_gate(gate_enter))(gate);
	else
		gate_enter(gate);
}

#endif
