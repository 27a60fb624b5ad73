/* SPDX-License-Identifier: GPL-2.0-only */
/* guest.h: the architectural state of one hart, as the interpreter, traps and CSRs see it.
 *
 * Owns:    nothing; the host room (module, monitor or tests/host) allocates it. home and csr_page are pages of the
 *          vCPU's state area (abi.h): while translated code is outside, all 32 registers are in home->x[].
 * Promise: offsets of struct guest_home and struct guest_csr_page are those of abi.h (static_assert). What csr_page
 *          holds may be anything, as guest code can write it: csr.h has the functions that mask it.
 * Locks:   only the vCPU's own thread touches it.
 * Next file: interp.h, trap.h, csr.h. */
#ifndef LDBT_GUEST_H
#define LDBT_GUEST_H

#include "abi.h"
#include "port.h"

struct guest_home {
	u64 x[32];
	u64 pc_page;
	u64 resv; /* as ABI_HOME_RESV */
	u64 resv_value;
	u64 unused[5]; /* ABI_HOME_COUNT and room */
	u64 f[32];
	u64 frm, fflags;
};

_Static_assert(offsetof(struct guest_home, pc_page) == ABI_HOME_PC_PAGE, "abi.h");
_Static_assert(offsetof(struct guest_home, resv) == ABI_HOME_RESV, "abi.h");
_Static_assert(offsetof(struct guest_home, resv_value) == ABI_HOME_RESV_VALUE, "abi.h");
_Static_assert(offsetof(struct guest_home, f) == ABI_HOME_F, "abi.h");
_Static_assert(offsetof(struct guest_home, frm) == ABI_HOME_FRM, "abi.h");
_Static_assert(offsetof(struct guest_home, fflags) == ABI_HOME_FFLAGS, "abi.h");

struct guest_csr_page { /* sstatus: the S fields of mstatus are here and nowhere else */
	u64 sstatus, sscratch, sepc, scause, stval, stvec;
	u64 pending; /* as ABI_CSR_PENDING */
};

#define CSR_PAGE_AT(field, offset) _Static_assert(offsetof(struct guest_csr_page, field) == (offset), "abi.h")
CSR_PAGE_AT(sstatus, ABI_CSR_SSTATUS);
CSR_PAGE_AT(sscratch, ABI_CSR_SSCRATCH);
CSR_PAGE_AT(sepc, ABI_CSR_SEPC);
CSR_PAGE_AT(scause, ABI_CSR_SCAUSE);
CSR_PAGE_AT(stval, ABI_CSR_STVAL);
CSR_PAGE_AT(stvec, ABI_CSR_STVEC);
CSR_PAGE_AT(pending, ABI_CSR_PENDING);
#undef CSR_PAGE_AT
_Static_assert(sizeof(struct guest_csr_page) == ABI_CSR_SLOTS, "abi.h");

/* priv machine.adoc "Machine ISA (misa) Register": bit n is the letter A + n */
enum guest_isa { GUEST_ISA_D = 1 << 3, GUEST_ISA_F = 1 << 5, GUEST_ISA_FD = GUEST_ISA_F | GUEST_ISA_D };

/* priv chapter "Privilege Levels" */
enum priv_mode { PRIV_U = 0, PRIV_S = 1, PRIV_M = 3 };

struct guest_csr {   /* the bits that exist; views (sie, sip) are made by csr.c */
	u64 mstatus; /* without the S fields: csr_mstatus() has both */
	u64 mtvec, medeleg, mideleg, mie, mscratch, mepc, mcause, mtval, mcounteren, menvcfg;
	u64 mip; /* SEIP: the OR of the next two, each that bit or 0 */
	u64 seip_line, seip_soft;
	u64 mcountinhibit;
	u64 mcycle_base, minstret_base; /* counter = ops' count + base; while inhibited: the counter itself */
	/* minstret as written, until it counts: (pc of the instruction behind the write) | 1, or 0; the count then */
	u64 minstret_next, minstret_written;
	u64 satp, scounteren, senvcfg;
	u64 stimecmp; /* STIP while menvcfg.STCE is set and time has come to it: a line, made by the host room */
	u64 mhartid;
};

/* How the interpreter reaches memory and time: given by the host room. Return 0, or the exception cause
 * (enum trap_cause in trap.h) of the access; size_bytes is 1 2 4 8. `is_atomic` accesses never reach MMIO.
 * Before the call g->trap_tval is addr; on a fault the callee may replace it by the address of the part that faulted
 * (an access over two pages whose second page is missing). A store that faults has stored nothing. */
struct guest;
struct guest_ops {
	int (*load)(struct guest *g, gva_t addr, u32 size_bytes, u64 *value);
	int (*store)(struct guest *g, gva_t addr, u32 size_bytes, u64 value);
	/* *old = memory; memory = desired if *old == expected; size 4 or 8, naturally aligned */
	int (*cas)(struct guest *g, gva_t addr, u32 size_bytes, u64 expected, u64 desired, u64 *old);
	int (*fetch)(struct guest *g, gva_t addr, u16 *parcel);
	u64 (*time)(struct guest *g); /* mtime ticks */
	u64 (*instret)(struct guest *g);
	/* stimecmp or menvcfg was written; NULL: the host room looks at them often enough. */
	void (*timer_changed)(struct guest *g);
	/* sfence.vma was executed; NULL: STEP_SWITCH says enough. The description passes values of rs1 and rs2, not whether
	 * they are x0: 0 must be taken as "all", which is right for a register that holds 0 as well, only wider. */
	void (*sfence_vma)(struct guest *g, gva_t addr, u64 asid);
};

struct guest {
	struct guest_home *home;
	struct guest_csr_page *csr_page;
	struct abi_table *table; /* for time; NULL: time is ops' */
	u64 pc;			 /* gva of the next instruction while outside translated code */
	u8 priv;		 /* enum priv_mode */
	u32 isa; /* what the hart has beyond RV64IMACB: letters of misa, GUEST_ISA_*; set before csr_reset() */
	struct guest_csr csr;
	u64 trap_cause, trap_tval; /* set when a call returns STEP_TRAP */
	const struct guest_ops *ops;
	void *opaque; /* the host room's own */
};

/* What interpreting one instruction, or an effect of it, ended in. */
enum step {
	STEP_NEXT = 0, /* done; pc advanced */
	STEP_TRAP,     /* trap_cause, trap_tval set; nothing of the instruction happened, pc is its own */
	STEP_FENCE_I,  /* done; translations of written pages must go before the next instruction */
	STEP_WFI,      /* done; the hart may sleep */
	STEP_SWITCH,   /* done; mode, translation regime or pc changed by mret, sret, satp, sfence.vma */
};

#endif
