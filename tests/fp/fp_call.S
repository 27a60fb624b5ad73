/* SPDX-License-Identifier: GPL-2.0-only */
/* fp_call.S: loads f10..f12, x10 and frm, runs the code, stores what it left. a0: struct fp_frame of fp_guest.c. */
	.text
	.globl	fp_call
fp_call:
	addi	sp, sp, -16
	sd	ra, 0(sp)
	sd	s0, 8(sp)
	mv	s0, a0
	fld	f10, 8(s0)
	fld	f11, 16(s0)
	fld	f12, 24(s0)
	fld	f5, 8(s0)	/* for the other registers */
	fld	f6, 16(s0)
	fld	f7, 24(s0)
	lw	t0, 44(s0)
	slli	t0, t0, 5
	csrw	fcsr, t0
	ld	t1, 0(s0)
	ld	a0, 32(s0)
	li	a1, 0
	jalr	t1
	csrr	t0, fflags
	fsd	f10, 48(s0)
	sd	a1, 56(s0)
	sd	t0, 64(s0)
	ld	ra, 0(sp)
	ld	s0, 8(sp)
	addi	sp, sp, 16
	ret
