/* SPDX-License-Identifier: GPL-2.0-only */
/* test.h: what the assembly guests of ldbt-bare's tests share. A program ends with status 0, or with the number in
 * s11 of the check that failed. gp, s11 and t6 belong to these macros. */
#define FINISHER 0x100000

	.macro	start handler
	.section .text.start, "ax"
	.globl	_start
_start:
	la	sp, rt_stack_top
	la	t6, \handler
	csrw	mtvec, t6
	.endm

	/* check number n: a == b */
	.macro	check n, a, b
	li	s11, \n
	bne	\a, \b, fail
	.endm

	.macro	check_imm n, a, value
	li	t6, \value
	check	\n, \a, t6
	.endm

	.macro	check_csr n, csr, value
	csrr	t5, \csr
	check_imm \n, t5, \value
	.endm

	.macro	finish
	li	t6, FINISHER
	li	t5, 0x5555
	sw	t5, 0(t6)
1:	j	1b
	.balign	4
fail:	li	t6, FINISHER
	slli	s11, s11, 16
	li	t5, 0x3333
	or	t5, t5, s11
	sw	t5, 0(t6)
2:	j	2b
	.endm

	/* Handler of traps that a test expects: t0 = cause, t1 = tval, t2 = epc; goes on at the address in s10, in M-mode,
	 * interrupts off. */
	.macro	expected_traps
	.balign	4
on_trap:
	csrr	t0, mcause
	csrr	t1, mtval
	csrr	t2, mepc
	csrw	mepc, s10
	li	t5, 0x1800
	csrs	mstatus, t5
	csrci	mstatus, 8
	li	t5, 0x80
	csrc	mstatus, t5
	mret
	.endm
