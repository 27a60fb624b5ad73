/* SPDX-License-Identifier: GPL-2.0-only */
/* trap.c: entering and leaving traps, the privileged instructions that do so, and the fences.
 *
 * Source: priv machine.adoc and supervisor.adoc. Effects are called by the generated interpreter; their prototypes
 * follow from the description's `effect` lines. Next file: csr.c. */
#include "trap.h"
#include "csr.h"
#include "effects.h"

enum { TVEC_VECTORED = 1, TVEC_MODE_MASK = 3 };

enum step trap_raise(struct guest *g, u64 cause, u64 tval)
{
	g->trap_cause = cause;
	g->trap_tval = tval;
	return STEP_TRAP;
}

/* ---- entry ---- */

/* Traps taken in M-mode are never delegated, whatever the delegation registers hold. */
static bool is_delegated(const struct guest *g, u64 cause)
{
	u64 delegated = cause & TRAP_IRQ_BIT ? g->csr.mideleg : g->csr.medeleg;

	return g->priv != PRIV_M && (delegated >> (cause & 63) & 1);
}

/* The vector offset applies to interrupts only; exceptions enter at the base in either mode. */
static u64 vector_pc(u64 tvec, u64 cause)
{
	u64 base = tvec & ~(u64)TVEC_MODE_MASK;

	if ((tvec & TVEC_MODE_MASK) == TVEC_VECTORED && (cause & TRAP_IRQ_BIT))
		return base + 4 * (cause & ~TRAP_IRQ_BIT);
	return base;
}

/* Of sstatus what traps leave as it is. */
static u64 kept_status(const struct guest *g)
{
	u64 kept = csr_s_fields(g, g->csr_page->sstatus) & (MSTATUS_SUM | MSTATUS_MXR | MSTATUS_FS);

	return csr_with_sd(kept) | MSTATUS_UXL_64;
}

static void enter_s(struct guest *g, u64 cause, u64 tval)
{
	struct guest_csr_page *page = g->csr_page;
	u64 old = page->sstatus, status = kept_status(g);

	if (old & MSTATUS_SIE)
		status |= MSTATUS_SPIE;
	if (g->priv == PRIV_S)
		status |= MSTATUS_SPP;
	page->sstatus = status;
	page->sepc = g->pc;
	page->scause = cause;
	page->stval = tval;
	g->priv = PRIV_S;
	g->pc = vector_pc(csr_stvec(g), cause);
}

static void enter_m(struct guest *g, u64 cause, u64 tval)
{
	struct guest_csr *csr = &g->csr;
	u64 status = csr->mstatus & ~(MSTATUS_MPP | MSTATUS_MPIE | MSTATUS_MIE);

	if (csr->mstatus & MSTATUS_MIE)
		status |= MSTATUS_MPIE;
	csr->mstatus = status | (u64)g->priv << MSTATUS_MPP_SHIFT;
	csr->mepc = g->pc;
	csr->mcause = cause;
	csr->mtval = tval;
	g->priv = PRIV_M;
	g->pc = vector_pc(csr->mtvec, cause);
}

void trap_enter(struct guest *g, u64 cause, u64 tval)
{
	if (is_delegated(g, cause))
		enter_s(g, cause, tval);
	else
		enter_m(g, cause, tval);
}

/* ---- interrupts ---- */

/* Highest priority first; priv machine.adoc "Machine Interrupt (mip and mie) Registers". */
static const u8 irq_order[] = { IRQ_M_EXT, IRQ_M_SOFT, IRQ_M_TIMER, IRQ_S_EXT, IRQ_S_SOFT, IRQ_S_TIMER };

int trap_pending_interrupt(const struct guest *g)
{
	const struct guest_csr *csr = &g->csr;
	u64 pending = csr->mip & csr->mie;
	u64 for_m = pending & ~csr->mideleg, for_s = pending & csr->mideleg;
	u64 taken = 0;
	u32 i;

	if (!pending)
		return TRAP_NO_IRQ;
	if (g->priv != PRIV_M || (csr->mstatus & MSTATUS_MIE))
		taken = for_m;
	/* An interrupt for M-mode goes first, even one that comes later in the order. */
	if (!taken && (g->priv == PRIV_U || (g->priv == PRIV_S && (g->csr_page->sstatus & MSTATUS_SIE))))
		taken = for_s;
	for (i = 0; taken && i < sizeof(irq_order); i++)
		if (taken >> irq_order[i] & 1)
			return irq_order[i];
	return TRAP_NO_IRQ;
}

/* ---- effects ---- */

enum step effect_ecall(struct guest *g)
{
	return trap_raise(g, CAUSE_ECALL_U + g->priv, 0);
}

/* xRET clears the reservation: as the design states, a trap handler that returns starts LR/SC anew. */
static void leave_to(struct guest *g, u8 priv)
{
	if (priv != PRIV_M)
		g->csr.mstatus &= ~MSTATUS_MPRV;
	g->priv = priv;
	g->home->resv = 0;
}

enum step effect_mret(struct guest *g, u64 *pc)
{
	u64 status = g->csr.mstatus;
	u8 priv = (status & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT;

	if (g->priv != PRIV_M)
		return trap_raise(g, CAUSE_ILLEGAL, 0);
	g->csr.mstatus = (status & ~(MSTATUS_MPP | MSTATUS_MIE)) | MSTATUS_MPIE;
	if (status & MSTATUS_MPIE)
		g->csr.mstatus |= MSTATUS_MIE;
	leave_to(g, priv);
	*pc = g->csr.mepc;
	return STEP_SWITCH;
}

enum step effect_sret(struct guest *g, u64 *pc)
{
	u64 old = g->csr_page->sstatus, status = kept_status(g) | MSTATUS_SPIE;

	if (g->priv == PRIV_U || (g->priv == PRIV_S && (g->csr.mstatus & MSTATUS_TSR)))
		return trap_raise(g, CAUSE_ILLEGAL, 0);
	if (old & MSTATUS_SPIE)
		status |= MSTATUS_SIE;
	g->csr_page->sstatus = status;
	leave_to(g, old & MSTATUS_SPP ? PRIV_S : PRIV_U);
	*pc = csr_sepc(g);
	return STEP_SWITCH;
}

/* With TW set the time limit of wfi in S-mode is zero; wfi in U-mode is always illegal. Both as in QEMU. */
enum step effect_wfi(struct guest *g)
{
	if (g->priv == PRIV_U || (g->priv == PRIV_S && (g->csr.mstatus & MSTATUS_TW)))
		return trap_raise(g, CAUSE_ILLEGAL, 0);
	return STEP_WFI;
}

enum step trap_check_fence(struct guest *g)
{
	if (g->priv == PRIV_U || (g->priv == PRIV_S && (g->csr.mstatus & MSTATUS_TVM)))
		return trap_raise(g, CAUSE_ILLEGAL, 0);
	return STEP_SWITCH;
}

/* STEP_SWITCH makes a host room without the hook drop all it derived from page tables. */
enum step effect_sfence_vma(struct guest *g, u64 addr, u64 asid)
{
	enum step step = trap_check_fence(g);

	if (step != STEP_TRAP && g->ops->sfence_vma)
		g->ops->sfence_vma(g, addr, asid);
	return step;
}

/* x86 keeps all orders but store before load; which of them was asked for is not worth a test here. */
enum step effect_fence(struct guest *g, u64 pred, u64 succ)
{
	(void)g;
	(void)pred;
	(void)succ;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return STEP_NEXT;
}

enum step effect_fence_i(struct guest *g)
{
	(void)g;
	return STEP_FENCE_I;
}
