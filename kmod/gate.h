/* SPDX-License-Identifier: GPL-2.0-only */
/* gate.h: what gate.S offers to space.c.
 *
 * Owns:    nothing.
 * Promise: gate_enter() returns with CR3, CR4, GDT, TR, IDT, segment bases, LSTAR, flags and all registers of the host
 *          as they were; scratch registers as for any call.
 * Locks:   none. Context: interrupts off, on the CPU whose GDT copies lie in the block.
 * Errors:  none; gate_state.leave says why the stay ended.
 * Next file: gate.S. */
#ifndef LDBT_GATE_H
#define LDBT_GATE_H

#include <linux/linkage.h>

asmlinkage void gate_enter(void *block);
/* Interrupts are off at the call; on after it, but for vectors 2 and 18. */
asmlinkage void gate_host_interrupt(unsigned int vector);

/* Text that is mapped in the world, page aligned; and the addresses that the IDT and LSTAR need. */
extern const char gate_text[], gate_text_end[];
extern const char gate_leave[], gate_stubs[], gate_nmi[], gate_machine_check[], gate_double_fault[];

#define GATE_STUB_BYTES 16

#endif
