/* SPDX-License-Identifier: GPL-2.0-only */
/* diff_enter.S: enters a block with all 31 registers set, and catches every trap of it. Next file: diff_rt.c. */
#include "diff_rt.h"

	.option	arch, +d
	.text
	.globl	diff_enter
diff_enter:			/* a0: struct diff_context */
	addi	sp, sp, -112
	sd	ra, 0(sp)
	sd	s0, 8(sp)
	sd	s1, 16(sp)
	sd	s2, 24(sp)
	sd	s3, 32(sp)
	sd	s4, 40(sp)
	sd	s5, 48(sp)
	sd	s6, 56(sp)
	sd	s7, 64(sp)
	sd	s8, 72(sp)
	sd	s9, 80(sp)
	sd	s10, 88(sp)
	sd	s11, 96(sp)
	sd	sp, CONTEXT_RT_SP(a0)
	sd	gp, CONTEXT_RT_GP(a0)
	sd	tp, CONTEXT_RT_TP(a0)
	csrw	mscratch, a0
	la	t0, diff_trap
	csrw	mtvec, t0

resume:				/* a0: struct diff_context */
	ld	t0, CONTEXT_ENTRY(a0)
	csrw	mepc, t0
	li	t0, 3 << 11	/* mstatus.MPP */
	csrc	mstatus, t0
	ld	t0, CONTEXT_MPP(a0)
	csrs	mstatus, t0
	mv	x31, a0
	.irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	ld	x\n, 8*\n(x31)
	.endr
	mret

	.balign	4
diff_trap:
	csrrw	x31, mscratch, x31
	.irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	sd	x\n, 8*\n(x31)
	.endr
	csrrw	t0, mscratch, x31
	sd	t0, 8*31(x31)
	mv	s0, x31
	ld	sp, CONTEXT_RT_SP(s0)
	ld	gp, CONTEXT_RT_GP(s0)
	ld	tp, CONTEXT_RT_TP(s0)
	mv	a0, s0
	csrr	a1, mcause
	csrr	a2, mepc
	csrr	a3, mtval
	call	diff_on_trap
	mv	t0, a0
	mv	a0, s0
	bnez	t0, resume

	ld	ra, 0(sp)
	ld	s0, 8(sp)
	ld	s1, 16(sp)
	ld	s2, 24(sp)
	ld	s3, 32(sp)
	ld	s4, 40(sp)
	ld	s5, 48(sp)
	ld	s6, 56(sp)
	ld	s7, 64(sp)
	ld	s8, 72(sp)
	ld	s9, 80(sp)
	ld	s10, 88(sp)
	ld	s11, 96(sp)
	addi	sp, sp, 112
	ret

	.globl	diff_load_fp
diff_load_fp:
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	fld	f\n, CONTEXT_F + 8*\n(a0)
	.endr
	ld	t0, CONTEXT_FCSR(a0)
	fscsr	t0
	ret

	.globl	diff_store_fp
diff_store_fp:
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	fsd	f\n, CONTEXT_F + 8*\n(a0)
	.endr
	frcsr	t0
	sd	t0, CONTEXT_FCSR(a0)
	ret
