/* SPDX-License-Identifier: GPL-2.0-only */
/* csr.h: the control and status registers of one hart: which exist, who may reach them, which bits they keep.
 *
 * Owns:    nothing; state is g->csr and g->csr_page, which guest code may write: what is read from it is masked here.
 * Promise: RV64 M, S and U CSRs of the privileged manual 1.12 for a hart with I, M, A, C, S, U, what g->isa says, and
 *          zero PMP entries. Without F, FS is always off, and fcsr and its parts do not exist.
 *          What the table of csr.c does not list is illegal. Every write leaves a legal value (WARL). csr_write
 *          gives STEP_SWITCH when an interrupt may be due or memory be reached otherwise, else STEP_NEXT.
 * Locks:   the vCPU's own thread. Context: any; never sleeps; user space, module and monitor.
 * Errors:  effects return STEP_TRAP with CAUSE_ILLEGAL; csr_get() and csr_set() -ENOENT for a number not listed.
 * Next file: csr.c. */
#ifndef LDBT_CSR_H
#define LDBT_CSR_H

#include "fpu.h"
#include "guest.h"

/* Fields of mstatus; priv machine.adoc, "Machine Status (mstatus and mstatush) Registers". */
#define MSTATUS_SIE	  (1ULL << 1)
#define MSTATUS_MIE	  (1ULL << 3)
#define MSTATUS_SPIE	  (1ULL << 5)
#define MSTATUS_MPIE	  (1ULL << 7)
#define MSTATUS_SPP	  (1ULL << 8)
#define MSTATUS_MPP	  (3ULL << 11)
#define MSTATUS_MPP_SHIFT 11
#define MSTATUS_FS	  (3ULL << 13)
#define MSTATUS_FS_SHIFT  13
#define MSTATUS_MPRV	  (1ULL << 17)
#define MSTATUS_SUM	  (1ULL << 18)
#define MSTATUS_MXR	  (1ULL << 19)
#define MSTATUS_TVM	  (1ULL << 20)
#define MSTATUS_TW	  (1ULL << 21)
#define MSTATUS_TSR	  (1ULL << 22)
#define MSTATUS_UXL	  (3ULL << 32)
#define MSTATUS_UXL_64	  (2ULL << 32)
#define MSTATUS_SXL_64	  (2ULL << 34)
#define MSTATUS_SD	  (1ULL << 63)

/* What S-mode reads and writes of mstatus: these fields live in the CSR page. */
#define SSTATUS_WRITABLE (MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_SUM | MSTATUS_MXR | MSTATUS_FS)

/* Fields of menvcfg and satp. */
#define MIP_SEIP	(1ULL << 9)  /* IRQ_S_EXT of trap.h */
#define MENVCFG_ADUE	(1ULL << 61) /* Svadu: the walk sets A and D; clear: Svade, the access faults */
#define MENVCFG_STCE	(1ULL << 63) /* Sstc: S-mode has stimecmp, and STIP follows it */
#define SATP_MODE_SHIFT 60
#define SATP_PPN	((1ULL << 44) - 1)
#define SATP_ASID	(0xffffULL << 44) /* all 16 bits are kept */

/* Bits of mcounteren, scounteren and mcountinhibit. */
enum { COUNTER_CYCLE = 1, COUNTER_TIME = 2, COUNTER_INSTRET = 4 };

enum satp_mode { SATP_BARE = 0, SATP_SV39 = 8 };

enum csr_number {
	CSR_FFLAGS = 0x001,
	CSR_FRM = 0x002,
	CSR_FCSR = 0x003,
	CSR_CYCLE = 0xc00,
	CSR_TIME = 0xc01,
	CSR_INSTRET = 0xc02,
	CSR_HPMCOUNTER3 = 0xc03,
	CSR_SSTATUS = 0x100,
	CSR_SIE = 0x104,
	CSR_STVEC = 0x105,
	CSR_SCOUNTEREN = 0x106,
	CSR_SENVCFG = 0x10a,
	CSR_SSCRATCH = 0x140,
	CSR_SEPC = 0x141,
	CSR_SCAUSE = 0x142,
	CSR_STVAL = 0x143,
	CSR_SIP = 0x144,
	CSR_STIMECMP = 0x14d,
	CSR_SATP = 0x180,
	CSR_MSTATUS = 0x300,
	CSR_MISA = 0x301,
	CSR_MEDELEG = 0x302,
	CSR_MIDELEG = 0x303,
	CSR_MIE = 0x304,
	CSR_MTVEC = 0x305,
	CSR_MCOUNTEREN = 0x306,
	CSR_MENVCFG = 0x30a,
	CSR_MCOUNTINHIBIT = 0x320,
	CSR_MHPMEVENT3 = 0x323,
	CSR_MSCRATCH = 0x340,
	CSR_MEPC = 0x341,
	CSR_MCAUSE = 0x342,
	CSR_MTVAL = 0x343,
	CSR_MIP = 0x344,
	CSR_PMPCFG0 = 0x3a0,
	CSR_PMPADDR0 = 0x3b0,
	CSR_TSELECT = 0x7a0,
	CSR_MCYCLE = 0xb00,
	CSR_MINSTRET = 0xb02,
	CSR_MHPMCOUNTER3 = 0xb03,
	CSR_MVENDORID = 0xf11,
	CSR_MARCHID = 0xf12,
	CSR_MIMPID = 0xf13,
	CSR_MHARTID = 0xf14,
	CSR_MCONFIGPTR = 0xf15,
};

/* Of status the fields that S-mode has: FS is there only where F is. */
static inline u64 csr_s_fields(const struct guest *g, u64 status)
{
	return status & (g->isa & GUEST_ISA_F ? SSTATUS_WRITABLE : SSTATUS_WRITABLE & ~MSTATUS_FS);
}

/* SD says that FS is dirty. */
static inline u64 csr_with_sd(u64 status)
{
	return (status & MSTATUS_FS) == MSTATUS_FS ? status | MSTATUS_SD : status;
}

/* mstatus as a whole: the fields of M-mode, and those of the CSR page. */
static inline u64 csr_mstatus(const struct guest *g)
{
	return csr_with_sd(g->csr.mstatus | csr_s_fields(g, g->csr_page->sstatus));
}

/* All fields at once; value holds none that do not exist, but for FS. */
static inline void csr_put_mstatus(struct guest *g, u64 value)
{
	g->csr.mstatus = value & ~(SSTATUS_WRITABLE | MSTATUS_SD);
	g->csr_page->sstatus = csr_with_sd(csr_s_fields(g, value) | (value & MSTATUS_UXL));
}

/* State of the blocks (abi.h) that the hart runs as it is now. */
static inline u8 guest_block_state(const struct guest *g)
{
	bool is_dirty = (csr_s_fields(g, g->csr_page->sstatus) & MSTATUS_FS) == MSTATUS_FS;
	bool has_mode = (g->home->frm & FPU_FRM_MASK) < FPU_MODES;

	return (u8)(g->priv | (is_dirty && has_mode) << ABI_BLOCK_FPU_SHIFT);
}

/* Where a trap to S-mode goes. The reserved modes 2 and 3 cannot be written by csrw: a stray store made them. */
static inline u64 csr_stvec(const struct guest *g)
{
	return g->csr_page->stvec & ~2ULL;
}

static inline u64 csr_sepc(const struct guest *g)
{
	return g->csr_page->sepc & ~1ULL;
}

/* After every change of mip, mie or mideleg. */
static inline void csr_update_pending(struct guest *g)
{
	g->csr_page->pending = g->csr.mip & g->csr.mie & g->csr.mideleg;
}

/* priv machine.adoc "Machine Interrupt (mip and mie) Registers": SEIP is read as the OR of its line and of the bit that
 * M-mode writes. */
static inline void csr_update_mip(struct guest *g)
{
	g->csr.mip = (g->csr.mip & ~MIP_SEIP) | g->csr.seip_line | g->csr.seip_soft;
	csr_update_pending(g);
}

/* Interrupt lines: the bits of mask become those of lines. */
static inline void csr_set_lines(struct guest *g, u64 mask, u64 lines)
{
	g->csr.mip = (g->csr.mip & ~mask) | (lines & mask);
	if (mask & MIP_SEIP)
		g->csr.seip_line = lines & MIP_SEIP;
	csr_update_mip(g);
}

/* After every change of mcounteren, scounteren or the table page's time_mult: who may read time by it (priv machine.adoc
 * "Machine Counter-Enable (mcounteren) Register": S-mode asks one, U-mode both). */
static inline void csr_update_time(struct guest *g)
{
	if (!g->table)
		return;
	g->table->time_mult_s = g->csr.mcounteren & COUNTER_TIME ? g->table->time_mult : 0;
	g->table->time_mult_u = g->csr.scounteren & COUNTER_TIME ? g->table->time_mult_s : 0;
}

/* Is time read from the TSC, by the table page? Else by g->ops. */
static inline bool csr_has_tsc(const struct guest *g)
{
	return g->table && g->table->time_mult;
}

/* Reading or writing it needs g->ops: time, its alarm and the counters. */
static inline bool csr_needs_ops(const struct guest *g, u32 number)
{
	if (number == CSR_TIME)
		return !csr_has_tsc(g);
	return number >> 8 == CSR_CYCLE >> 8 || number >> 8 == CSR_MCYCLE >> 8 || number == CSR_MCOUNTINHIBIT ||
	       number == CSR_STIMECMP || number == CSR_MENVCFG;
}

/* By a hart that may. */
void csr_write_satp(struct guest *g, u64 value);

/* A register that is a word of struct guest_csr and nothing more. */
struct csr_plain {
	u16 offset;	   /* in struct guest_csr */
	bool is_delegated; /* of the word only the bits of mideleg are there */
	bool is_irqs;	   /* behind a write csr_update_pending() is due */
	u64 mask;	   /* bits that a write replaces */
};

/* False: the number is another kind of register, or has another kind of write. */
bool csr_is_plain(const struct guest *g, u32 number, bool is_written, struct csr_plain *plain);

/* fcsr as a whole; FS stays as it is. */
void csr_put_fcsr(struct guest *g, u64 value);

/* State after reset: M-mode, interrupts off, no translation; pc is the caller's. */
void csr_reset(struct guest *g, u64 hartid);

/* The value as M-mode would see it, without privilege and counter-enable checks: for debuggers and the host room. */
int csr_get(struct guest *g, u32 number, u64 *value);
/* Writes like M-mode (WARL applies; a read-only register keeps its value). */
int csr_set(struct guest *g, u32 number, u64 value);

#endif
