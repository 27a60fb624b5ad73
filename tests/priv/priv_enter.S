/* SPDX-License-Identifier: GPL-2.0-only */
/* priv_enter.S: into a step and back. Steps use a0..a7 only; x30 and x31 are the trap entry's.
 * Next file: priv.h. */
#include "priv.h"

#define FRAME 112
	.text
	.globl	priv_enter
priv_enter:
	addi	sp, sp, -FRAME
	sd	ra, 0(sp)
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	sd	s\n, (8 + 8 * \n)(sp)
	.endr
	sd	sp, CONTEXT_SP(a0)
	csrw	mscratch, a0
	.irp	n, 1, 2, 3, 4, 5, 6, 7
	ld	a\n, (8 * \n)(a0)
	.endr
	ld	a0, 0(a0)
	mret

	/* Each entry says in x31 which one it was: exceptions take the first, vectored interrupts their own. */
	.balign	256
	.globl	priv_vectors
priv_vectors:
	.option	push
	.option	norvc
	.rept	16
	jal	x31, 1f
	.endr
	.option	pop
1:	li	x30, 1 << 17		/* MPRV off before the first store */
	csrrc	x30, mstatus, x30
	csrrw	sp, mscratch, sp
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	sd	a\n, (8 * \n)(sp)
	.endr
	sd	x31, CONTEXT_SLOT(sp)
	sd	x30, CONTEXT_MSTATUS(sp)
	ld	sp, CONTEXT_SP(sp)
	ld	ra, 0(sp)
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	ld	s\n, (8 + 8 * \n)(sp)
	.endr
	addi	sp, sp, FRAME
	ret
