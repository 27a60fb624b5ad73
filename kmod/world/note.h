/* SPDX-License-Identifier: GPL-2.0-only */
/* note.h: accesses of CSRs that the monitor has served, decoded: the short way of entry.S for the next one of their kind.
 *
 * Owns:    struct csr_note[], in the block.
 * Promise: a note is for one instruction in one mode, and for registers that are a word of struct guest_csr: reading gives
 *          its bits `by`, writing replaces those of `mask` among them, and nothing else follows but, with `other`, the
 *          pending word. What can change (TVM, mideleg, interrupts) entry.S looks at each time.
 * Locks:   the vCPU's thread: its monitor, or the host while the vCPU is outside. Context: any. Errors: none.
 * Next file: note.c, entry.S. */
#ifndef LDBT_WORLD_NOTE_H
#define LDBT_WORLD_NOTE_H

#include "hart.h"
#include "layout.h"

struct csr_note {
	u32 insn, priv; /* of what; no mode: unused */
	u32 at, by;	/* addresses: of the word, of the bits that are there */
	u32 other;	/* address of mie's or mip's partner, or 0 */
	u32 rs1, rd;	/* addresses: of the operand, of where the result goes */
	u32 denied;	/* bits of mstatus */
	u64 mask;
	u64 imm; /* operand that is no register */
	u32 kind, pad;
	u64 none; /* where x0 is written */
};

enum { CSR_NOTES = 1 << NOTE_BITS, NOTE_UNUSED = 0xff };

static inline void notes_clear(struct csr_note *note)
{
	u32 i;

	for (i = 0; i < CSR_NOTES; i++)
		note[i].priv = NOTE_UNUSED;
}

/* Monitor: this instruction was executed in the hart's mode. */
void note_csr(const struct guest *g, u32 insn);

#define NOTE_IS_AT(field, offset) _Static_assert(offsetof(struct csr_note, field) == (offset), "layout.h: " #field)
NOTE_IS_AT(insn, NOTE_KEY);
NOTE_IS_AT(priv, NOTE_KEY + 4);
NOTE_IS_AT(at, NOTE_AT);
NOTE_IS_AT(by, NOTE_BY);
NOTE_IS_AT(other, NOTE_OTHER);
NOTE_IS_AT(rs1, NOTE_RS1);
NOTE_IS_AT(rd, NOTE_RD);
NOTE_IS_AT(denied, NOTE_DENIED);
NOTE_IS_AT(mask, NOTE_MASK);
NOTE_IS_AT(kind, NOTE_KIND);
#undef NOTE_IS_AT
_Static_assert(sizeof(struct csr_note) == 1 << NOTE_SHIFT, "layout.h");
_Static_assert(BLOCK_NOTES + CSR_NOTES * sizeof(struct csr_note) <= BLOCK_BYTES, "layout.h");
_Static_assert(BLOCK_SHORT + SHORT_BYTES <= BLOCK_NOTES, "layout.h");

#endif
