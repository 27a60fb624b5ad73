/* SPDX-License-Identifier: GPL-2.0-only */
/* trap.h: how one hart enters and leaves traps, and which interrupt it takes next.
 *
 * Owns:    nothing; changes mstatus, the trap CSRs, priv and pc of struct guest.
 * Promise: priv machine.adoc chapters "Trap Delegation" and "xtvec": delegation, vectored mode, the xIE/xPIE/xPP stack.
 * Locks:   the vCPU's own thread. Context: any; never sleeps; user space, module and monitor.
 * Errors:  none; the effects of the description (gen/effects.h) return STEP_TRAP with trap_cause set.
 * Next file: csr.h. */
#ifndef LDBT_TRAP_H
#define LDBT_TRAP_H

#include "guest.h"

/* priv machine.adoc, table "Machine cause register (mcause) values after trap" */
enum trap_cause {
	CAUSE_FETCH_MISALIGNED = 0,
	CAUSE_FETCH_ACCESS = 1,
	CAUSE_ILLEGAL = 2,
	CAUSE_BREAKPOINT = 3,
	CAUSE_LOAD_MISALIGNED = 4,
	CAUSE_LOAD_ACCESS = 5,
	CAUSE_STORE_MISALIGNED = 6,
	CAUSE_STORE_ACCESS = 7,
	CAUSE_ECALL_U = 8,
	CAUSE_ECALL_S = 9,
	CAUSE_ECALL_M = 11,
	CAUSE_FETCH_PAGE = 12,
	CAUSE_LOAD_PAGE = 13,
	CAUSE_STORE_PAGE = 15,
};

enum trap_irq {
	IRQ_S_SOFT = 1,
	IRQ_M_SOFT = 3,
	IRQ_S_TIMER = 5,
	IRQ_M_TIMER = 7,
	IRQ_S_EXT = 9,
	IRQ_M_EXT = 11,
};

#define TRAP_IRQ_BIT (1ULL << 63) /* of a cause: it is an interrupt */
enum { TRAP_NO_IRQ = -1 };

/* Enters the trap: cause is an enum trap_cause, or TRAP_IRQ_BIT | enum trap_irq. epc is g->pc. */
void trap_enter(struct guest *g, u64 cause, u64 tval);

/* The interrupt that the hart must take before its next instruction, or TRAP_NO_IRQ. */
int trap_pending_interrupt(const struct guest *g);

/* May the hart execute sfence.vma? Else STEP_TRAP. */
enum step trap_check_fence(struct guest *g);

/* For effects: sets trap_cause and trap_tval, returns STEP_TRAP. tval of CAUSE_ILLEGAL is the word: interp_insn()
 * fills it in. */
enum step trap_raise(struct guest *g, u64 cause, u64 tval);

#endif
