// SPDX-License-Identifier: GPL-2.0-only
/* test_machine.c: CSRs and traps of one hart, checked against sentences of the privileged manual.
 *
 * Each test starts from reset. Next file: test_counters.c. */
#include <stdio.h>

#include "csr.h"
#include "effects.h"
#include "hart.h"
#include "tally.h"
#include "trap.h"

/* ---- CSRs ---- */

/* What each register keeps of all ones and of zero written to it. */
static const struct {
	u32 number;
	u64 ones, zero;
} warl_rows[] = {
	{ CSR_SSTATUS, 0x2000c0122, 0x200000000 },
	{ CSR_SIE, 0, 0 },   /* nothing delegated */
	{ CSR_STVEC, 0, 0 }, /* mode 3 is reserved: not written */
	{ CSR_SCOUNTEREN, 7, 0 },
	{ CSR_SENVCFG, 1, 0 },
	{ CSR_SSCRATCH, ~0ULL, 0 },
	{ CSR_SEPC, ~1ULL, 0 },
	{ CSR_SCAUSE, ~0ULL, 0 },
	{ CSR_STVAL, ~0ULL, 0 },
	{ CSR_SIP, 0, 0 },
	{ CSR_SATP, 0, 0 },
	{ CSR_MSTATUS, 0xa007e19aa, 0xa00000000 },
	{ CSR_MISA, 0x8000000000141107, 0x8000000000141107 },
	{ CSR_MEDELEG, 0xb3ff, 0 },
	{ CSR_MIDELEG, 0x222, 0 },
	{ CSR_MIE, 0xaaa, 0 },
	{ CSR_MTVEC, 0, 0 },
	{ CSR_MCOUNTEREN, 7, 0 },
	{ CSR_MENVCFG, MENVCFG_STCE | MENVCFG_ADUE | 1, 0 },
	{ CSR_MCOUNTINHIBIT, 5, 0 },
	{ CSR_MHPMEVENT3, 0, 0 },
	{ CSR_MSCRATCH, ~0ULL, 0 },
	{ CSR_MEPC, ~1ULL, 0 },
	{ CSR_MCAUSE, ~0ULL, 0 },
	{ CSR_MTVAL, ~0ULL, 0 },
	{ CSR_MIP, 0x222, 0 },
	{ CSR_PMPCFG0, 0, 0 },
	{ CSR_PMPCFG0 + 14, 0, 0 },
	{ CSR_PMPADDR0, 0, 0 },
	{ CSR_PMPADDR0 + 63, 0, 0 },
	{ CSR_TSELECT, 0, 0 },
	{ CSR_TSELECT + 1, 0, 0 },
	{ CSR_MHPMCOUNTER3 + 28, 0, 0 },
	{ CSR_MVENDORID, 0, 0 },
	{ CSR_MARCHID, 0, 0 },
	{ CSR_MIMPID, 0, 0 },
	{ CSR_MHARTID, 5, 5 },
	{ CSR_MCONFIGPTR, 0, 0 },
};

static void test_warl(void)
{
	unsigned int i;
	char what[64];

	for (i = 0; i < sizeof(warl_rows) / sizeof(warl_rows[0]); i++) {
		struct guest g = hart_reset(PRIV_M);
		u32 number = warl_rows[i].number;

		snprintf(what, sizeof(what), "CSR 0x%x after ones", number);
		set(&g, number, ~0ULL);
		CHECK_EQ(get(&g, number), warl_rows[i].ones, what);
		snprintf(what, sizeof(what), "CSR 0x%x after zero", number);
		set(&g, number, 0);
		CHECK_EQ(get(&g, number), warl_rows[i].zero, what);
	}
}

/* Bits 9:8 of the number are the lowest mode, bits 11:10 = 3 read-only, for every number and mode. */
static void test_privilege(void)
{
	static const u8 modes[] = { PRIV_U, PRIV_S, PRIV_M };
	u32 number, i, found = 0;
	u64 value;

	for (i = 0; i < 3; i++) {
		for (number = 0; number < 4096; number++) {
			struct guest g = hart_reset(modes[i]);
			bool exists = !csr_get(&g, number, &value);
			bool allowed = exists && modes[i] >= (number >> 8 & 3);

			g.csr.mcounteren = g.csr.scounteren = g.csr.menvcfg = ~0ULL;
			CHECK(can_read(&g, number) == allowed, "read of CSR 0x%x in mode %u", number, modes[i]);
			CHECK(can_write(&g, number) == (allowed && number >> 10 != 3), "write of CSR 0x%x in mode %u",
			      number, modes[i]);
			found += exists;
		}
	}
	CHECK_EQ(found / 3, 11 + 10 + 29 + 5 + 8 + 64 + 4 + 2 + 29 + 3 + 29 + 5, "number of CSRs");
}

/* The host room must look again after these writes, and only after these. */
static void test_switch(void)
{
	struct guest g = hart_reset(PRIV_M);

	CHECK_EQ(effect_csr_write(&g, CSR_MSTATUS, 0), STEP_SWITCH, "write of mstatus");
	CHECK_EQ(effect_csr_write(&g, CSR_SSTATUS, 0), STEP_SWITCH, "write of sstatus");
	CHECK_EQ(effect_csr_write(&g, CSR_SATP, 0), STEP_SWITCH, "write of satp");
	CHECK_EQ(effect_csr_write(&g, CSR_MIE, 0), STEP_SWITCH, "write of mie");
	CHECK_EQ(effect_csr_write(&g, CSR_SIP, 0), STEP_SWITCH, "write of sip");
	CHECK_EQ(effect_csr_write(&g, CSR_MSCRATCH, 0), STEP_NEXT, "write of mscratch");
	CHECK_EQ(effect_csr_write(&g, CSR_SEPC, 0), STEP_NEXT, "write of sepc");
}

static void test_illegal_cause(void)
{
	struct guest g = hart_reset(PRIV_U);

	CHECK_EQ(effect_csr_write(&g, CSR_MSTATUS, 0), STEP_TRAP, "write of mstatus in U-mode");
	CHECK_EQ(g.trap_cause, CAUSE_ILLEGAL, "cause");
	CHECK_EQ(g.csr.mstatus, MSTATUS_UXL_64 | MSTATUS_SXL_64, "mstatus after the trap");
	CHECK_EQ(csr_get(&g, 0x7ff, &g.pc), -ENOENT, "csr_get of no CSR");
	CHECK_EQ(csr_set(&g, 0x7ff, 0), -ENOENT, "csr_set of no CSR");
}

static void test_fields(void)
{
	struct guest g = hart_reset(PRIV_M);

	set(&g, CSR_MSTATUS, 3ULL << 11);
	set(&g, CSR_MSTATUS, 2ULL << 11);
	CHECK_EQ(g.csr.mstatus & MSTATUS_MPP, 3ULL << 11, "MPP after the reserved mode was written");
	set(&g, CSR_MTVEC, 0x8001);
	set(&g, CSR_MTVEC, 0x9002);
	CHECK_EQ(get(&g, CSR_MTVEC), 0x8001, "mtvec after a reserved mode was written");
	set(&g, CSR_SATP, 8ULL << 60 | 0x1234);
	set(&g, CSR_SATP, 9ULL << 60 | 0x5678);
	CHECK_EQ(get(&g, CSR_SATP), 8ULL << 60 | 0x1234, "satp keeps Sv39 when Sv48 is written");
	set(&g, CSR_SATP, 0x1234);
	CHECK_EQ(get(&g, CSR_SATP), 0, "satp of Bare");
	set(&g, CSR_MIDELEG, 0x202);
	set(&g, CSR_MIE, 0xaaa);
	CHECK_EQ(get(&g, CSR_SIE), 0x202, "sie shows delegated bits");
	set(&g, CSR_SIE, 0);
	CHECK_EQ(get(&g, CSR_MIE), 0x8a8, "sie clears delegated bits only");
	csr_set_lines(&g, ~0ULL, 0xaaa);
	CHECK_EQ(get(&g, CSR_SIP), 0x202, "sip shows delegated bits");
	set(&g, CSR_SIP, 0);
	CHECK_EQ(g.csr.mip, 0xaa8, "sip writes SSIP only");
	set(&g, CSR_MIP, 0);
	CHECK_EQ(g.csr.mip, 0xa88, "mip writes SSIP and STIP, and not the line of SEIP");
	set(&g, CSR_MSTATUS, ~0ULL);
	set(&g, CSR_SSTATUS, 0);
	CHECK_EQ(get(&g, CSR_MSTATUS), 0xa00721888, "sstatus leaves M-mode fields");
}

static enum step change(struct guest *g, enum step (*effect)(struct guest *, u64, u64, u64), u64 bits, u64 *was)
{
	CHECK_EQ(effect_csr_read(g, CSR_MIP, was), STEP_NEXT, "mip");
	return effect(g, CSR_MIP, *was, bits);
}

/* priv machine.adoc "Machine Interrupt (mip and mie) Registers": SEIP is the OR of a bit that M-mode writes and of the
 * line; what csrrs and csrrc write back is that bit. */
static void test_seip(void)
{
	struct guest g = hart_reset(PRIV_M);
	u64 was;

	set(&g, CSR_MIDELEG, 0x222);
	set(&g, CSR_MIE, 0x200);
	csr_set_lines(&g, 0x200, 0x200);
	CHECK_EQ(change(&g, effect_csr_set, 2, &was), STEP_SWITCH, "csrrs of another bit of mip");
	CHECK_EQ(was, 0x200, "the line is read");
	csr_set_lines(&g, 0x200, 0);
	CHECK_EQ(get(&g, CSR_MIP), 2, "csrrs did not write the line back");
	csr_set_lines(&g, 0x200, 0x200);
	CHECK_EQ(change(&g, effect_csr_clear, 2, &was), STEP_SWITCH, "csrrc of another bit of mip");
	csr_set_lines(&g, 0x200, 0);
	CHECK_EQ(get(&g, CSR_MIP), 0, "csrrc did not write the line back");
	change(&g, effect_csr_set, 0x200, &was);
	CHECK_EQ(get(&g, CSR_MIP), 0x200, "csrrs of SEIP");
	CHECK_EQ(hart_page.pending, 0x200, "the bit is an interrupt of S-mode");
	CHECK_EQ(get(&g, CSR_SIP), 0x200, "sip shows it");
	set(&g, CSR_SIP, 0);
	CHECK_EQ(get(&g, CSR_MIP), 0x200, "sip does not write it");
	csr_set_lines(&g, 0x200, 0x200);
	csr_set_lines(&g, 0x200, 0);
	CHECK_EQ(get(&g, CSR_MIP), 0x200, "the bit stays when the line rises and falls");
	change(&g, effect_csr_set, 0x20, &was);
	CHECK_EQ(get(&g, CSR_MIP), 0x220, "csrrs of another bit keeps it");
	csr_set_lines(&g, 0x200, 0x200);
	change(&g, effect_csr_clear, 0x200, &was);
	CHECK_EQ(get(&g, CSR_MIP), 0x220, "csrrc of SEIP while the line is high");
	csr_set_lines(&g, 0x200, 0);
	CHECK_EQ(get(&g, CSR_MIP), 0x20, "csrrc cleared the bit");
	CHECK_EQ(hart_page.pending, 0, "nothing waits");
}

static void test_sstc(void)
{
	struct guest g = hart_reset(PRIV_S);
	u32 before = hart_timer_changes;

	set(&g, CSR_MENVCFG, MENVCFG_STCE);
	CHECK(!can_read(&g, CSR_STIMECMP), "stimecmp without TM");
	set(&g, CSR_MCOUNTEREN, 2);
	CHECK(can_read(&g, CSR_STIMECMP) && can_write(&g, CSR_STIMECMP), "stimecmp of S-mode");
	set(&g, CSR_MENVCFG, 0);
	CHECK(!can_read(&g, CSR_STIMECMP), "stimecmp without STCE");
	CHECK_EQ(hart_timer_changes - before, 3, "times that the host is told");
	set(&g, CSR_MIP, 1 << IRQ_S_TIMER);
	CHECK_EQ(g.csr.mip, 1 << IRQ_S_TIMER, "STIP without STCE");
	set(&g, CSR_MENVCFG, MENVCFG_STCE);
	set(&g, CSR_MIP, 0);
	CHECK_EQ(g.csr.mip, 1 << IRQ_S_TIMER, "STIP is a line with STCE");
}

/* Guest code may leave anything in the CSR page. */
static void test_stray_stores(void)
{
	struct guest g = hart_reset(PRIV_S);

	set(&g, CSR_MEDELEG, 1 << CAUSE_BREAKPOINT);
	hart_page = (struct guest_csr_page){ ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL };
	CHECK_EQ(get(&g, CSR_SSTATUS), (SSTATUS_WRITABLE & ~MSTATUS_FS) | MSTATUS_UXL_64, "sstatus");
	CHECK_EQ(get(&g, CSR_MSTATUS), (SSTATUS_WRITABLE & ~MSTATUS_FS) | MSTATUS_UXL_64 | MSTATUS_SXL_64, "mstatus");
	CHECK_EQ(get(&g, CSR_SEPC), ~1ULL, "sepc");
	CHECK_EQ(get(&g, CSR_STVEC), ~2ULL, "stvec");
	CHECK_EQ(trap_pending_interrupt(&g), TRAP_NO_IRQ, "interrupts come from mip and mie");
	trap_enter(&g, CAUSE_BREAKPOINT, 0);
	CHECK_EQ(g.pc, ~3ULL, "pc");
	CHECK_EQ(hart_page.sstatus, MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_SUM | MSTATUS_MXR | MSTATUS_UXL_64, "stack");
	hart_page.sstatus = hart_page.sepc = ~0ULL;
	CHECK_EQ(effect_sret(&g, &g.pc), STEP_SWITCH, "sret");
	CHECK_EQ(g.pc, ~1ULL, "pc after sret");
	CHECK_EQ(hart_page.sstatus, MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SUM | MSTATUS_MXR | MSTATUS_UXL_64, "stack");
}

/* Without F there is no FS and no fcsr; with it fcsr is there while FS is not off, and writing it makes FS dirty. */
static void test_fcsr(void)
{
	struct guest g = hart_reset(PRIV_M);
	u64 value;

	set(&g, CSR_MSTATUS, ~0ULL);
	CHECK_EQ(get(&g, CSR_MSTATUS) & (MSTATUS_FS | MSTATUS_SD), 0, "no FS without F");
	CHECK_EQ(effect_csr_read(&g, CSR_FCSR, &value), STEP_TRAP, "no fcsr without F");
	CHECK_EQ(csr_get(&g, CSR_FRM, &value), -ENOENT, "no frm without F");
	g = hart_reset(PRIV_M);
	g.isa = GUEST_ISA_FD;
	CHECK_EQ(get(&g, CSR_MISA), 0x800000000014112fULL, "misa");
	CHECK_EQ(effect_csr_read(&g, CSR_FCSR, &value), STEP_TRAP, "fcsr while FS is off");
	CHECK_EQ(effect_csr_write(&g, CSR_FCSR, 0), STEP_TRAP, "fcsr while FS is off");
	set(&g, CSR_SSTATUS, 1ULL << MSTATUS_FS_SHIFT);
	CHECK_EQ(get(&g, CSR_MSTATUS), 0xa00002000, "FS initial");
	CHECK_EQ(effect_csr_read(&g, CSR_FCSR, &value), STEP_NEXT, "fcsr");
	CHECK_EQ(get(&g, CSR_MSTATUS), 0xa00002000, "reading leaves FS");
	CHECK_EQ(effect_csr_write(&g, CSR_FCSR, ~0ULL), STEP_NEXT, "fcsr");
	CHECK_EQ(get(&g, CSR_FCSR), 0xff, "fcsr");
	CHECK_EQ(get(&g, CSR_MSTATUS), 0x8000000a00006000ULL, "FS dirty, SD");
	CHECK_EQ(get(&g, CSR_SSTATUS), 0x8000000200006000ULL, "sstatus likewise");
	set(&g, CSR_FRM, 2);
	CHECK_EQ(get(&g, CSR_FCSR), 0x5f, "frm");
	set(&g, CSR_FFLAGS, 1);
	CHECK_EQ(get(&g, CSR_FCSR), 0x41, "fflags");
	g.home->frm = g.home->fflags = ~0ULL;
	CHECK_EQ(get(&g, CSR_FCSR), 0xff, "stray stores into the home page");
	set(&g, CSR_MEDELEG, 1 << CAUSE_BREAKPOINT);
	g.priv = PRIV_S;
	trap_enter(&g, CAUSE_BREAKPOINT, 0);
	CHECK_EQ(get(&g, CSR_SSTATUS), 0x8000000200006100ULL, "a trap leaves FS");
	CHECK_EQ(effect_sret(&g, &g.pc), STEP_SWITCH, "sret");
	CHECK_EQ(get(&g, CSR_SSTATUS), 0x8000000200006020ULL, "sret leaves FS");
	set(&g, CSR_MSTATUS, 0);
	CHECK_EQ(effect_csr_read(&g, CSR_FFLAGS, &value), STEP_TRAP, "fflags while FS is off");
}

/* The slot that says whether an interrupt would come if SIE were set. */
static void test_pending(void)
{
	struct guest g = hart_reset(PRIV_M);

	csr_set_lines(&g, ~0ULL, 0xaaa);
	CHECK_EQ(hart_page.pending, 0, "nothing enabled, nothing delegated");
	set(&g, CSR_MIE, 0x20);
	CHECK_EQ(hart_page.pending, 0, "not delegated");
	set(&g, CSR_MIDELEG, 0x222);
	CHECK_EQ(hart_page.pending, 0x20, "enabled and delegated");
	set(&g, CSR_SIE, 0x202);
	CHECK_EQ(hart_page.pending, 0x202, "sie");
	set(&g, CSR_SIP, 0);
	CHECK_EQ(hart_page.pending, 0x200, "sip");
	csr_set_lines(&g, 0x200, 0);
	CHECK_EQ(hart_page.pending, 0, "the line fell");
	set(&g, CSR_MIP, 2);
	CHECK_EQ(hart_page.pending, 2, "mip");
}

static void test_tvm(void)
{
	struct guest g = hart_reset(PRIV_S);

	CHECK(can_read(&g, CSR_SATP) && can_write(&g, CSR_SATP), "satp in S-mode");
	CHECK_EQ(effect_sfence_vma(&g, 0, 0), STEP_SWITCH, "sfence.vma in S-mode");
	g.csr.mstatus |= MSTATUS_TVM;
	CHECK(!can_read(&g, CSR_SATP) && !can_write(&g, CSR_SATP), "satp in S-mode with TVM");
	CHECK_EQ(effect_sfence_vma(&g, 0, 0), STEP_TRAP, "sfence.vma in S-mode with TVM");
	g.priv = PRIV_M;
	CHECK(can_read(&g, CSR_SATP) && can_write(&g, CSR_SATP), "satp in M-mode with TVM");
	CHECK_EQ(effect_sfence_vma(&g, 0, 0), STEP_SWITCH, "sfence.vma in M-mode with TVM");
	g.priv = PRIV_U;
	CHECK_EQ(effect_sfence_vma(&g, 0, 0), STEP_TRAP, "sfence.vma in U-mode");
}

/* ---- traps ---- */

static void test_enter_m(void)
{
	struct guest g = hart_reset(PRIV_S);

	set(&g, CSR_MTVEC, 0x8001);
	g.csr.mstatus |= MSTATUS_MIE;
	trap_enter(&g, CAUSE_LOAD_PAGE, 0x55);
	CHECK_EQ(g.pc, 0x8000, "pc: exceptions take the base of a vectored mtvec");
	CHECK_EQ(g.priv, PRIV_M, "mode");
	CHECK_EQ(g.csr.mepc, 0x1000, "mepc");
	CHECK_EQ(g.csr.mcause, 13, "mcause");
	CHECK_EQ(g.csr.mtval, 0x55, "mtval");
	CHECK_EQ(g.csr.mstatus & (MSTATUS_MPP | MSTATUS_MPIE | MSTATUS_MIE), 1ULL << 11 | MSTATUS_MPIE, "stack");
	trap_enter(&g, TRAP_IRQ_BIT | IRQ_M_TIMER, 0);
	CHECK_EQ(g.pc, 0x801c, "pc: vectored interrupt");
	CHECK_EQ(g.csr.mcause, 0x8000000000000007, "mcause of an interrupt");
	CHECK_EQ(g.csr.mstatus & (MSTATUS_MPP | MSTATUS_MPIE | MSTATUS_MIE), 3ULL << 11, "stack of a nested trap");
}

static void test_enter_s(void)
{
	struct guest g = hart_reset(PRIV_U);

	set(&g, CSR_STVEC, 0x4001);
	set(&g, CSR_MEDELEG, 1 << CAUSE_ECALL_U);
	set(&g, CSR_MIDELEG, 1 << IRQ_S_SOFT);
	hart_page.sstatus |= MSTATUS_SIE;
	CHECK_EQ(effect_ecall(&g), STEP_TRAP, "ecall");
	CHECK_EQ(g.trap_cause, CAUSE_ECALL_U, "cause of ecall");
	trap_enter(&g, g.trap_cause, g.trap_tval);
	CHECK_EQ(g.pc, 0x4000, "pc");
	CHECK_EQ(g.priv, PRIV_S, "mode");
	CHECK_EQ(hart_page.sepc, 0x1000, "sepc");
	CHECK_EQ(hart_page.scause, 8, "scause");
	CHECK_EQ(hart_page.sstatus & (MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_SIE), MSTATUS_SPIE, "stack");
	CHECK_EQ(g.csr.mcause, 0, "mcause untouched");
	trap_enter(&g, TRAP_IRQ_BIT | IRQ_S_SOFT, 0);
	CHECK_EQ(g.pc, 0x4004, "pc of a vectored interrupt");
	CHECK_EQ(hart_page.sstatus & (MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_SIE), MSTATUS_SPP, "stack of a nested trap");
	g.priv = PRIV_M;
	trap_enter(&g, CAUSE_ECALL_U, 0);
	CHECK_EQ(g.priv, PRIV_M, "a trap in M-mode is not delegated");
}

static void test_ecall_causes(void)
{
	struct guest g = hart_reset(PRIV_S);

	effect_ecall(&g);
	CHECK_EQ(g.trap_cause, CAUSE_ECALL_S, "ecall in S-mode");
	g.priv = PRIV_M;
	effect_ecall(&g);
	CHECK_EQ(g.trap_cause, CAUSE_ECALL_M, "ecall in M-mode");
}

static void test_mret(void)
{
	struct guest g = hart_reset(PRIV_M);
	u64 pc = 0;

	g.csr.mstatus |= MSTATUS_MPIE | MSTATUS_MPRV | 1ULL << MSTATUS_MPP_SHIFT;
	g.csr.mepc = 0x2222;
	g.home->resv = 1;
	CHECK_EQ(effect_mret(&g, &pc), STEP_SWITCH, "mret");
	CHECK_EQ(pc, 0x2222, "pc");
	CHECK_EQ(g.priv, PRIV_S, "mode");
	CHECK_EQ(g.csr.mstatus & ~(MSTATUS_UXL_64 | MSTATUS_SXL_64), MSTATUS_MIE | MSTATUS_MPIE, "mstatus");
	CHECK_EQ(g.home->resv, 0, "reservation");
	CHECK_EQ(effect_mret(&g, &pc), STEP_TRAP, "mret in S-mode");
	g = hart_reset(PRIV_M);
	g.csr.mstatus |= MSTATUS_MPP | MSTATUS_MPRV;
	effect_mret(&g, &pc);
	CHECK_EQ(g.priv, PRIV_M, "mode after mret to M");
	CHECK(g.csr.mstatus & MSTATUS_MPRV, "MPRV stays on a return to M-mode");
	CHECK(!(g.csr.mstatus & MSTATUS_MPP), "MPP becomes U");
}

static void test_sret(void)
{
	struct guest g = hart_reset(PRIV_S);
	u64 pc = 0;

	hart_page.sstatus |= MSTATUS_SPP | MSTATUS_SPIE;
	g.csr.mstatus |= MSTATUS_MPRV;
	hart_page.sepc = 0x3330;
	CHECK_EQ(effect_sret(&g, &pc), STEP_SWITCH, "sret");
	CHECK_EQ(pc, 0x3330, "pc");
	CHECK_EQ(g.priv, PRIV_S, "mode");
	CHECK_EQ(csr_mstatus(&g) & ~(MSTATUS_UXL_64 | MSTATUS_SXL_64), MSTATUS_SIE | MSTATUS_SPIE, "mstatus");
	effect_sret(&g, &pc);
	CHECK_EQ(g.priv, PRIV_U, "SPP became U");
	CHECK_EQ(effect_sret(&g, &pc), STEP_TRAP, "sret in U-mode");
	g = hart_reset(PRIV_S);
	g.csr.mstatus |= MSTATUS_TSR;
	CHECK_EQ(effect_sret(&g, &pc), STEP_TRAP, "sret in S-mode with TSR");
	g.priv = PRIV_M;
	CHECK_EQ(effect_sret(&g, &pc), STEP_SWITCH, "sret in M-mode with TSR");
}

static void test_wfi(void)
{
	struct guest g = hart_reset(PRIV_S);

	CHECK_EQ(effect_wfi(&g), STEP_WFI, "wfi in S-mode");
	g.csr.mstatus |= MSTATUS_TW;
	CHECK_EQ(effect_wfi(&g), STEP_TRAP, "wfi in S-mode with TW");
	g.priv = PRIV_M;
	CHECK_EQ(effect_wfi(&g), STEP_WFI, "wfi in M-mode with TW");
	g.priv = PRIV_U;
	g.csr.mstatus = 0;
	CHECK_EQ(effect_wfi(&g), STEP_TRAP, "wfi in U-mode");
}

/* ---- interrupts ---- */

static const struct {
	u64 pending, enabled, delegated, status;
	u8 priv;
	int taken;
} irq_rows[] = {
	{ 0, ~0ULL, 0, MSTATUS_MIE, PRIV_M, TRAP_NO_IRQ },
	{ ~0ULL, 0, 0, MSTATUS_MIE, PRIV_M, TRAP_NO_IRQ },
	{ 0xaaa, 0xaaa, 0, 0, PRIV_M, TRAP_NO_IRQ },
	{ 0xaaa, 0xaaa, 0, MSTATUS_MIE, PRIV_M, IRQ_M_EXT },
	{ 0x2aa, 0xaaa, 0, MSTATUS_MIE, PRIV_M, IRQ_M_SOFT },
	{ 0x2a2, 0xaaa, 0, MSTATUS_MIE, PRIV_M, IRQ_M_TIMER },
	{ 0x222, 0xaaa, 0, MSTATUS_MIE, PRIV_M, IRQ_S_EXT },
	{ 0x022, 0xaaa, 0, MSTATUS_MIE, PRIV_M, IRQ_S_SOFT },
	{ 0x020, 0xaaa, 0, MSTATUS_MIE, PRIV_M, IRQ_S_TIMER },
	{ 0x222, 0xaaa, 0x222, MSTATUS_MIE | MSTATUS_SIE, PRIV_M, TRAP_NO_IRQ }, /* delegated: not in M-mode */
	{ 0x888, 0xaaa, 0x222, 0, PRIV_S, IRQ_M_EXT },				 /* M interrupts are on below M */
	{ 0x222, 0xaaa, 0x222, 0, PRIV_S, TRAP_NO_IRQ },
	{ 0x222, 0xaaa, 0x222, MSTATUS_SIE, PRIV_S, IRQ_S_EXT },
	{ 0x222, 0xaaa, 0x222, 0, PRIV_U, IRQ_S_EXT },
	{ 0x220, 0xaaa, 0x200, MSTATUS_SIE, PRIV_S, IRQ_S_TIMER }, /* one for M-mode goes before one for S-mode */
};

static void test_interrupts(void)
{
	unsigned int i;
	char what[32];

	for (i = 0; i < sizeof(irq_rows) / sizeof(irq_rows[0]); i++) {
		struct guest g = hart_reset(irq_rows[i].priv);

		g.csr.mip = irq_rows[i].pending;
		g.csr.mie = irq_rows[i].enabled;
		g.csr.mideleg = irq_rows[i].delegated;
		csr_put_mstatus(&g, irq_rows[i].status);
		snprintf(what, sizeof(what), "interrupt of row %u", i);
		CHECK_EQ(trap_pending_interrupt(&g), irq_rows[i].taken, what);
	}
}

int main(void)
{
	test_warl();
	test_privilege();
	test_switch();
	test_illegal_cause();
	test_counters();
	test_fields();
	test_seip();
	test_sstc();
	test_stray_stores();
	test_fcsr();
	test_pending();
	test_tvm();
	test_enter_m();
	test_enter_s();
	test_ecall_causes();
	test_mret();
	test_sret();
	test_wfi();
	test_interrupts();
	return tally_end("machine");
}
