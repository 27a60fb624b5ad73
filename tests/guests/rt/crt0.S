/* SPDX-License-Identifier: GPL-2.0-only */
/* crt0.S: first instructions of every bare-metal guest, in M-mode with a0 = hart, a1 = device tree.
 * Clears .bss, sets the stack and the trap vector, calls main(), leaves by rt_exit() with its value.
 * Next file: rt.h. */
	.section .text.start, "ax"
	.globl	_start
_start:
	csrr	t0, mhartid
	bnez	t0, park		/* one hart is all these programs know */
	.option	push
	.option	norelax
	la	gp, __global_pointer$
	.option	pop
	la	sp, rt_stack_top
	la	t0, trap_entry
	csrw	mtvec, t0
	la	t0, rt_bss_start
	la	t1, rt_bss_end
1:	bgeu	t0, t1, 2f
	sd	zero, 0(t0)
	addi	t0, t0, 8
	j	1b
2:	call	main
	call	rt_exit
park:	wfi
	j	park

	/* A trap here is a mistake of the program or of whoever runs it: report and stop. */
	.balign	4
trap_entry:
	la	sp, rt_stack_top	/* the old stack may be the reason */
	csrr	a0, mcause
	csrr	a1, mepc
	csrr	a2, mtval
	call	rt_trap
	j	park
