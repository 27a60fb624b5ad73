/* SPDX-License-Identifier: GPL-2.0-only */
/* probe.h: runs a piece of guest code with chosen registers and mode until it traps, and tells how it did.
 *
 * Owns:    mtvec, mscratch, mepc and mstatus.MPP while a probe runs; PMP entry 0 (open) where there are entries.
 * Promise: whatever the code does to registers, the caller goes on behind probe_run(). What it does to memory is its own.
 * Locks:   none; one hart.
 * Context: M-mode, no paging, interrupts off.
 * Errors:  probe_check() counts; the end says PASS, or FAIL with status 1.
 * Next file: probe_entry.S. */
#ifndef HOSTILE_PROBE_H
#define HOSTILE_PROBE_H

#include "rt.h"

enum {
	MODE_U = 0,
	MODE_S = 1,
	MODE_M = 3,
	CAUSE_FETCH_ACCESS = 1,
	CAUSE_ILLEGAL = 2,
	CAUSE_BREAKPOINT = 3,
	CAUSE_LOAD_MISALIGNED = 4,
	CAUSE_LOAD_ACCESS = 5,
	CAUSE_STORE_MISALIGNED = 6,
	CAUSE_STORE_ACCESS = 7,
	CAUSE_ECALL_U = 8,
};

/* The board both emulators have when asked for 128 MiB. */
#define RAM_START 0x80000000UL
#define RAM_END	  0x88000000UL

/* offsets are known to probe_entry.S */
struct probe {
	uint64_t x[32]; /* in: registers at the start; out: at the trap. x[0] is not used */
	uint64_t pc;	/* in */
	uint64_t mode;	/* in: MODE_* */
	uint64_t cause, epc, tval;
	uint64_t sp; /* of the caller while the probe runs */
};

extern struct probe probe;
extern const char probe_return[]; /* address of an ecall: where a well-behaved piece of code returns */
extern const char probe_vector[]; /* value for mtvec */

void probe_run(void); /* probe_entry.S */

/* Registers 0 but ra, a0 and a1; to be run at pc. */
void probe_set(uint64_t pc, uint64_t mode, uint64_t a0, uint64_t a1);
int probe_has_returned(void); /* else it trapped */

/* A digest of all that was noted, printed at the end: equal on all emulators. */
void probe_note(uint64_t value);
void probe_check(int is_right, const char *what, uint64_t a, uint64_t b);
uint64_t probe_random(void);

#endif
