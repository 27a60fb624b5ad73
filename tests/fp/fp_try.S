/* SPDX-License-Identifier: GPL-2.0-only */
/* fp_try.S: runs code that may trap, with FS, fcsr, x10, x2 and f8..f11 given; says what it left. a0: struct fp_try of
 * fp_state.c. x2 is the address of x10 too, for the forms that name it; s0 keeps the frame, the code leaves it alone. */
#define FS 0x6000
	.text
	.globl	fp_try
fp_try:
	addi	sp, sp, -32
	sd	ra, 0(sp)
	sd	s0, 8(sp)
	sd	s1, 16(sp)
	mv	s0, a0
	mv	s1, sp
	la	t0, trapped
	csrw	mtvec, t0
	li	t0, FS
	csrs	mstatus, t0
	fld	f10, 32(s0)
	fld	f11, 32(s0)
	fld	f8, 32(s0)
	ld	t1, 16(s0)
	csrw	fcsr, t1
	csrc	mstatus, t0
	ld	t1, 8(s0)
	csrs	mstatus, t1
	ld	t1, 0(s0)
	ld	a0, 24(s0)
	mv	sp, a0
	li	a1, 0
	sd	zero, 40(s0)
	jalr	t1
out:	mv	sp, s1
	csrr	t1, mstatus
	sd	t1, 48(s0)
	li	t0, FS
	csrs	mstatus, t0
	csrr	t1, fcsr
	sd	t1, 56(s0)
	sd	a0, 64(s0)
	sd	a1, 72(s0)
	fsd	f10, 80(s0)
	fsd	f8, 88(s0)
	ld	ra, 0(sp)
	ld	s1, 16(sp)
	ld	s0, 8(sp)
	addi	sp, sp, 32
	ret

	.balign	4
trapped:
	csrr	t0, mcause
	sd	t0, 40(s0)
	j	out
