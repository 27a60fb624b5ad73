/* SPDX-License-Identifier: GPL-2.0-only */
/* sbi.h: the supervisor's firmware, for guests that start in S-mode: RISC-V SBI 2.0 with Base, TIME, IPI, RFENCE, HSM, SRST,
 * DBCN and PMU, and of the legacy calls those that boot loaders use.
 *
 * Owns:    struct sbi_hart: what the firmware keeps for one hart. M-mode does not exist for such a guest.
 * Promise: an ecall of S-mode ends here, every other trap is delegated to S-mode. What is not listed in the table of sbi.c
 *          answers SBI_ERR_NOT_SUPPORTED. Addresses of the guest are checked before anybody uses them.
 * Locks:   the vCPU's own thread, with its lock, but for: hsm and the start's arguments, which another hart's call changes
 *          by cmpxchg from SBI_HSM_STOPPED; ipi, which it sets.
 * Context: process; sleeps.
 * Errors:  as SBI error numbers to the guest; to the run loop as vcpu_run()'s turns: 0, 1 (controller), -errno.
 * Source:  RISC-V Supervisor Binary Interface Specification 2.0; chapter names in sbi.c.
 * Next file: sbi_pmu.h, run.c. */
#ifndef LDBT_KMOD_SBI_H
#define LDBT_KMOD_SBI_H

#include "guest.h"
#include "sbi_pmu.h"

enum { SBI_SPEC_VERSION = 2 << 24 | 0 }; /* major, minor */

/* Chapter "Binary Encoding", table "Standard SBI Errors". */
enum sbi_error {
	SBI_SUCCESS = 0,
	SBI_ERR_FAILED = -1,
	SBI_ERR_NOT_SUPPORTED = -2,
	SBI_ERR_INVALID_PARAM = -3,
	SBI_ERR_DENIED = -4,
	SBI_ERR_INVALID_ADDRESS = -5,
	SBI_ERR_ALREADY_AVAILABLE = -6,
	SBI_ERR_ALREADY_STARTED = -7,
	SBI_ERR_ALREADY_STOPPED = -8,
};

/* Chapter "Hart State Management Extension", table "HSM Hart States". */
enum sbi_hsm {
	SBI_HSM_STARTED = 0,
	SBI_HSM_STOPPED = 1,
	SBI_HSM_START_PENDING = 2,
	SBI_HSM_SUSPENDED = 4,
};

struct vcpu;

struct sbi_hart {
	int hsm;		    /* enum sbi_hsm */
	u64 start_pc, start_opaque; /* of a start or a resume that is due */
	int ipi;		    /* another hart, or this one, asked for a software interrupt */
	bool is_asked;		    /* the run page has a call for the controller */
	bool is_legacy;		    /* and it is a legacy one: its answer is a0 alone */
	struct sbi_pmu pmu;
};

/* The hart as such a firmware hands it over: S-mode, no translation, interrupts off. Hart 0 is started, others stopped. */
void sbi_hart_init(struct vcpu *v);

/* Is the trap that the hart is about to take a call of this firmware? */
bool sbi_is_call(const struct vcpu *v, u64 cause);
/* Serves the ecall at pc. */
int sbi_call(struct vcpu *v);
/* Takes the controller's answer from the run page, if one is due. */
void sbi_complete(struct vcpu *v);

/* Makes an asked-for software interrupt pending. */
void sbi_take_ipi(struct vcpu *v);
/* The hart is stopped or suspended: sleeps until that changes, a signal comes, or somebody kicks. */
int sbi_wait(struct vcpu *v);

#endif
