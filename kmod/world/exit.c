// SPDX-License-Identifier: GPL-2.0-only
/* exit.c: serves exits of translated code in the monitor.
 *
 * A system call of the guest comes here as an exit, becomes a trap of the hart, and goes on at the handler's block under
 * the view of its mode; what the hart does is told by translator/trap.c and csr.c, as on the host.
 * Next file: go.h, ../run.c (which serves the rest). */
#include "exit.h"

#include "csr.h"
#include "effects.h"
#include "fence.h"
#include "go.h"
#include "inside.h"
#include "note.h"
#include "trap.h"

enum {
	INSN_SRET = 0x10200073,
	INSN_MRET = 0x30200073,
	INSN_SFENCE = 0x12000073,
	SFENCE_MASK = (int)0xfa007fff, /* all but rs1 and rs2, and the bit that makes it sinval.vma */
	INSN_SATP = 0x18001073,	       /* csrw satp, rs1 */
	SATP_MASK = (int)0xfff07fff,
	OPCODE_SYSTEM = 0x73,
	OPCODE_MASK = 0x7f,
	FUNCT3_NONE = 0, /* the instructions without a CSR */
	FUNCT3_MASK = 3, /* csrrw, csrrs, csrrc */
	FUNCT3_RW = 1,
	FUNCT3_RS = 2,
	FUNCT3_IMMEDIATE = 4,
	PAGE_BYTES = 4096,
};

/* A trap of M-mode is the host's: it finds handlers that trap for ever. So is a call of the SBI. */
static u64 deliver(struct guest *g, u64 cause, u64 tval)
{
	if (g->priv == PRIV_M || (cause == CAUSE_ECALL_S && hart->has_sbi))
		return LEAVE_EXIT;
	return go_trap(g, cause, tval);
}

/* ---- Zicsr, mret, sret, sfence.vma and sinval.vma ---- */

static u64 x_read(const struct guest *g, u32 number)
{
	return abi_pin[number] == ABI_HOMED ? g->home->x[number] : reg[abi_pin[number]];
}

static void x_write(struct guest *g, u32 number, u64 value)
{
	if (!number)
		return;
	if (abi_pin[number] == ABI_HOMED)
		g->home->x[number] = value;
	else
		reg[abi_pin[number]] = value;
}

static enum step csr_change(struct guest *g, u32 number, u32 funct, u64 old, u64 operand)
{
	if (funct == FUNCT3_RW)
		return effect_csr_write(g, number, operand);
	return funct == FUNCT3_RS ? effect_csr_set(g, number, old, operand) : effect_csr_clear(g, number, old, operand);
}

/* unpriv zicsr.adoc "CSR Instructions": csrrw does not read for rd = x0, the others do not write for rs1 = x0. */
static enum step csr_access(struct guest *g, u32 insn)
{
	u32 number = insn >> 20, rs1 = insn >> 15 & 31, rd = insn >> 7 & 31, funct = insn >> 12 & FUNCT3_MASK;
	u64 old = 0, operand = insn >> 12 & FUNCT3_IMMEDIATE ? rs1 : rs1 ? x_read(g, rs1) : 0;
	bool is_write = rs1 || funct == FUNCT3_RW;
	enum step step = STEP_NEXT;

	if (rd || funct != FUNCT3_RW)
		step = effect_csr_read(g, number, &old);
	if (step != STEP_TRAP && is_write)
		step = csr_change(g, number, funct, old, operand);
	if (step == STEP_TRAP)
		return step;
	if (number <= CSR_FCSR || (number == CSR_SATP && is_write))
		short_close(ways);
	else
		note_csr(g, insn);
	x_write(g, rd, old);
	g->pc += 4;
	return step;
}

/* fcsr and its parts: MXCSR holds a part of them while the guest is inside (fpu.h). */
static enum step fcsr_access(struct guest *g, u32 insn)
{
	enum step step;
	u32 mxcsr;

	__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
	fpu_collect(g->home, mxcsr);
	step = csr_access(g, insn);
	mxcsr = fpu_mxcsr(g->home);
	__asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
	return step;
}

/* Mode and regime stay; the tag need not. */
static u64 serve_fence(struct guest *g, u32 insn)
{
	u32 rs1 = insn >> 15 & 31, rs2 = insn >> 20 & 31;
	struct fence fence = { .has_gva = rs1, .has_asid = rs2 };
	bool is_forgotten;

	if (trap_check_fence(g) == STEP_TRAP)
		return deliver(g, CAUSE_ILLEGAL, insn);
	fence.gva = rs1 ? x_read(g, rs1) : 0;
	fence.asid = rs2 ? (u16)x_read(g, rs2) : 0;
	is_forgotten = tags_fence(&hart->tags, &fence);
	fence_vma(&fence);
	g->pc += 4;
	if (is_forgotten) {
		short_close(ways);
		return go_on_switched(g);
	}
	hart->exits++;
	return go_on(g);
}

/* What a kernel does at each switch of processes. */
static bool is_plain_satp(const struct guest *g, u32 insn)
{
	return (insn & (u32)SATP_MASK) == INSN_SATP && g->priv == PRIV_S && !(g->csr.mstatus & MSTATUS_TVM);
}

static u64 serve_satp(struct guest *g, u32 insn)
{
	csr_write_satp(g, x_read(g, insn >> 15 & 31));
	short_close(ways);
	g->pc += 4;
	return go_on_switched(g);
}

static bool is_csr_access(u32 insn)
{
	return (insn & OPCODE_MASK) == OPCODE_SYSTEM && (insn >> 12 & FUNCT3_MASK);
}

static u64 serve_system(struct guest *g, u32 insn)
{
	enum step step;

	if (insn == INSN_SRET)
		step = effect_sret(g, &g->pc);
	else if (insn == INSN_MRET)
		step = effect_mret(g, &g->pc);
	else if ((insn & (u32)SFENCE_MASK) == INSN_SFENCE)
		return serve_fence(g, insn);
	else if (is_plain_satp(g, insn))
		return serve_satp(g, insn);
	else if (is_csr_access(insn) && !csr_needs_ops(g, insn >> 20))
		step = insn >> 20 <= CSR_FCSR ? fcsr_access(g, insn) : csr_access(g, insn);
	else
		return LEAVE_EXIT;
	if (step == STEP_TRAP)
		return deliver(g, CAUSE_ILLEGAL, insn);
	if (step == STEP_SWITCH)
		return go_on_switched(g);
	hart->exits++;
	return go_on(g);
}

/* Translations are of what memory holds, unless a page that has some was stored to. */
static u64 serve_fence_i(struct guest *g)
{
	if (hart->code_written)
		return LEAVE_EXIT;
	g->pc += 4;
	hart->exits++;
	return go_on(g);
}

/* Nothing but the place changes: no interrupt can be wanted that was not before. */
static u64 serve_miss(struct guest *g)
{
	g->pc = reg[ABI_RDX] & ~1ULL;
	hart->exits++;
	return go_on(g);
}

/* ---- the entry ---- */

u64 monitor_exit(void)
{
	u32 word = (u32)reg[ABI_RAX], code = word >> 16, offset = word & 0xffff;
	struct guest *g = &hart->g;

	if (code >= EXIT_COUNT || !(hart->serves >> code & 1) || offset > PAGE_BYTES)
		return LEAVE_EXIT;
	reg[ABI_R11] = *hart->r11_home; /* syscall has overwritten it */
	g->pc = (g->home->pc_page & -(u64)PAGE_BYTES) + offset;
	switch (code) {
	case EXIT_MISS: return serve_miss(g);
	case EXIT_ECALL: return deliver(g, CAUSE_ECALL_U + g->priv, 0);
	case EXIT_EBREAK: return deliver(g, CAUSE_BREAKPOINT, g->pc);
	case EXIT_FENCE_I: return serve_fence_i(g);
	case EXIT_SYSTEM: return serve_system(g, (u32)(reg[ABI_RAX] >> WORLD_EXIT_ARG_SHIFT));
	default: return LEAVE_EXIT;
	}
}
