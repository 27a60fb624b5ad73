/* SPDX-License-Identifier: GPL-2.0-only */
/* priv.h: the guest program of the differential test of privileged behaviour: its memory, a case, and a step of it.
 *
 * A case sets up page tables and data, then takes some steps. A step sets the machine's CSRs, enters one to three
 * instructions in M, S or U mode, and comes back by whatever trap ends them; what it finds in registers is folded.
 * S-mode's trap vector is a page of ecalls, so a delegated trap comes back as well, and its slot is the mepc.
 *
 * Owns:    guest memory from PRIV_CODE on.
 * Promise: the same seed and case number give the same machine state, whatever ran before.
 * Locks:   none; one hart. Context: M-mode, interrupts off. Errors: none.
 * Next file: priv_rt.c. */
#ifndef PRIV_H
#define PRIV_H

#define PRIV_CODE    0x80400000 /* mapped to itself in every page table: */
#define PRIV_VECTORS PRIV_CODE	/* S-mode's trap vector */
#define PRIV_CODE_S  (PRIV_CODE + 0x1000)
#define PRIV_CODE_U  (PRIV_CODE + 0x2000)
#define PRIV_TABLES  0x80410000
#define PRIV_DATA0   0x80600000 /* two areas of data pages, each at the start of a superpage */
#define PRIV_DATA1   0x80800000

/* struct priv_context */
#define CONTEXT_SP	64
#define CONTEXT_SLOT	72
#define CONTEXT_MSTATUS 80

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MODE_U, MODE_S, MODE_M = 3 };

struct priv_context {
	uint64_t a[8]; /* a0..a7, in and out */
	uint64_t sp;
	uint64_t slot;	  /* out: behind the vector's entry that was taken */
	uint64_t mstatus; /* out: as the trap left it */
};

_Static_assert(offsetof(struct priv_context, sp) == CONTEXT_SP, "priv_enter.S");
_Static_assert(offsetof(struct priv_context, slot) == CONTEXT_SLOT, "priv_enter.S");
_Static_assert(offsetof(struct priv_context, mstatus) == CONTEXT_MSTATUS, "priv_enter.S");

/* One step, before it runs. */
struct priv_step {
	int mode;			 /* MODE_* the instructions begin in */
	uint64_t entry;			 /* their address */
	uint64_t address, value;	 /* a1, a2 */
	uint64_t mepc, sepc;		 /* for mret and sret in the step */
	uint64_t mask;			 /* of a0 and a3 afterwards: bits that must agree */
	uint64_t mstatus, mstatus_clear; /* bits to set and to clear for it */
	bool is_open;			 /* emulators disagree about it: not compared, and nothing of it stays */
	const char *name;
	uint32_t word; /* the first instruction, for the dump */
};

/* priv_enter.S */
void priv_enter(struct priv_context *context);
extern const uint32_t priv_vectors[];

/* priv_rt.c */
uint64_t priv_random(void);
uint32_t priv_below(uint32_t limit);
static inline bool priv_chance(uint32_t percent)
{
	return priv_below(100) < percent;
}

/* priv_tables.c */
void tables_make(void);	       /* page tables and data of a case */
uint64_t tables_satp(void);    /* a satp value that keeps PRIV_CODE mapped */
uint64_t tables_address(void); /* somewhere interesting */
uint64_t tables_hash(uint64_t hash);
extern bool tables_have_hole; /* some leaf points where no memory is */

/* priv_csr.c */
uint64_t csr_mstatus_random(void);
void csr_machine_random(void); /* everything that decides about traps, but mstatus and satp */
uint32_t csr_access_make(uint32_t *code, struct priv_step *step); /* instructions that use a CSR; returns how many */
void csr_machine_quiet(void);					  /* no interrupt source is left */

/* priv_ops.c */
void ops_step_make(struct priv_step *step);

#define READ_CSR(name)                                                                                                 \
	({                                                                                                             \
		uint64_t v_;                                                                                           \
		__asm__ volatile("csrr %0, " name : "=r"(v_));                                                         \
		v_;                                                                                                    \
	})
#define WRITE_CSR(name, value) __asm__ volatile("csrw " name ", %0" : : "r"((uint64_t)(value)) : "memory")

#define STATUS_MPP_SHIFT 11
#define STATUS_MPRV	 (1UL << 17)
#define STATUS_TW	 (1UL << 21)
#define STATUS_XL	 (2UL << 32 | 2UL << 34)
#define STATUS_SD	 (1UL << 63)
/* SIE MIE SPIE MPIE SPP MPRV SUM MXR TVM TW TSR */
#define STATUS_WRITABLE 0x7e61aaUL
#endif
#endif
