/* SPDX-License-Identifier: GPL-2.0-only */
/* probe_entry.S: into a piece of code and back from its trap, with all registers. Next file: probe.c. */
#define PROBE_PC    256
#define PROBE_MODE  264
#define PROBE_CAUSE 272
#define PROBE_EPC   280
#define PROBE_TVAL  288
#define PROBE_SP    296
#define MSTATUS_MPP_MPIE 0x1880

	.macro	saved op
	\op	ra, 0(sp)
	\op	gp, 8(sp)
	\op	tp, 16(sp)
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	\op	s\n, 24 + 8 * \n(sp)
	.endr
	.endm

	.option	norelax		/* gp is the probed code's, or nobody's */
	.text
	.globl	probe_run
probe_run:
	addi	sp, sp, -128
	saved	sd
	la	x31, probe
	sd	sp, PROBE_SP(x31)
	ld	t0, PROBE_PC(x31)
	csrw	mepc, t0
	li	t0, MSTATUS_MPP_MPIE
	csrc	mstatus, t0
	ld	t0, PROBE_MODE(x31)
	slli	t0, t0, 11
	csrs	mstatus, t0
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ld	x\n, 8 * \n(x31)
	.endr
	mret

	.globl	probe_return
	.balign	4
probe_return:
	ecall

	.globl	probe_vector
	.balign	4
probe_vector:
	csrw	mscratch, x31
	la	x31, probe
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	sd	x\n, 8 * \n(x31)
	.endr
	csrr	t0, mscratch
	sd	t0, 8 * 31(x31)
	csrr	t0, mcause
	sd	t0, PROBE_CAUSE(x31)
	csrr	t0, mepc
	sd	t0, PROBE_EPC(x31)
	csrr	t0, mtval
	sd	t0, PROBE_TVAL(x31)
	ld	sp, PROBE_SP(x31)
	saved	ld
	addi	sp, sp, 128
	ret
