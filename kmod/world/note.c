// SPDX-License-Identifier: GPL-2.0-only
/* note.c: decodes what the long way has served, so that entry.S need not.
 * Next file: entry.S (which uses it), exit.c (which calls it). */
#include "note.h"

#include "csr.h"
#include "inside.h"

#define notes ((struct csr_note *)(WORLD_BLOCK + BLOCK_NOTES))

static const u64 all_bits = ~0ULL;

/* All of them lie below 4 GiB. */
static u32 address(const void *at)
{
	return (u32)(u64)at;
}

/* Where entry.S finds register x: pins are in the frame, but for the one that the exit stub has put home. */
static u32 x_address(u32 number)
{
	u8 pin = abi_pin[number];

	if (pin == ABI_HOMED || pin == ABI_R11)
		return WORLD_STATE_RW + ABI_HOME + ABI_HOME_X + 8 * number;
	return WORLD_BLOCK + BLOCK_FRAME + FRAME_REG(pin);
}

static void note_word(struct csr_note *note, const struct guest *g, const struct csr_plain *plain, u32 kind)
{
	note->kind = kind;
	note->at = address((const u8 *)&g->csr + plain->offset);
	note->by = plain->is_delegated ? address(&g->csr.mideleg) : address(&all_bits);
	note->other = 0;
	if (plain->is_irqs && kind != NOTE_KIND_READ)
		note->other =
			plain->offset == offsetof(struct guest_csr, mie) ? address(&g->csr.mip) : address(&g->csr.mie);
	note->mask = plain->mask;
}

void note_csr(const struct guest *g, u32 insn)
{
	struct csr_note *note = &notes[insn * NOTE_HASH >> (32 - NOTE_BITS)];
	u32 number = insn >> 20, rs1 = insn >> 15 & 31, rd = insn >> 7 & 31, funct = insn >> 12 & 7;
	u32 kind = (funct & 3) == NOTE_KIND_RW || rs1 ? funct & 3 : NOTE_KIND_READ;
	struct csr_plain plain;

	if (!csr_is_plain(g, number, kind != NOTE_KIND_READ, &plain))
		return;
	note_word(note, g, &plain, kind);
	note->insn = insn;
	note->priv = g->priv;
	note->rd = rd ? x_address(rd) : address(&note->none);
	note->imm = funct & 4 ? rs1 : 0;
	note->rs1 = funct & 4 || !rs1 ? address(&note->imm) : x_address(rs1);
	note->denied = number == CSR_SATP && g->priv == PRIV_S ? (u32)MSTATUS_TVM : 0;
}
