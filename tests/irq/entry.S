/* SPDX-License-Identifier: GPL-2.0-only */
/* entry.S: trap entries of M- and S-mode that keep the interrupted code's registers, and the way to S-mode and back.
 * Next file: guest.c. */
#define SAVED 17

	.macro	each_saved op
	\op	ra, 0*8(sp)
	\op	t0, 1*8(sp)
	\op	t1, 2*8(sp)
	\op	t2, 3*8(sp)
	\op	t3, 4*8(sp)
	\op	t4, 5*8(sp)
	\op	t5, 6*8(sp)
	\op	t6, 7*8(sp)
	\op	a0, 8*8(sp)
	\op	a1, 9*8(sp)
	\op	a2, 10*8(sp)
	\op	a3, 11*8(sp)
	\op	a4, 12*8(sp)
	\op	a5, 13*8(sp)
	\op	a6, 14*8(sp)
	\op	a7, 15*8(sp)
	.endm

	.macro	entry name, cause, epc, tval, handler, ret
	.balign	4
	.globl	\name
\name:
	addi	sp, sp, -(SAVED + 1) / 2 * 16
	each_saved sd
	csrr	a0, \cause
	csrr	a1, \epc
	csrr	a2, \tval
	call	\handler
	each_saved ld
	addi	sp, sp, (SAVED + 1) / 2 * 16
	\ret
	.endm

	.text
	entry	irq_entry_m, mcause, mepc, mtval, irq_handle_m, mret
	entry	irq_entry_s, scause, sepc, stval, irq_handle_s, sret

/* void irq_call_s(void (*function)(void)): calls it in S-mode. The ecall behind it comes back through irq_entry_m, whose
 * handler makes mret go on at irq_back_in_m in M-mode. */
	.globl	irq_call_s
irq_call_s:
	addi	sp, sp, -16
	sd	ra, 0(sp)
	csrw	mepc, a0
	li	t0, 3 << 11
	csrc	mstatus, t0
	li	t0, 1 << 11
	csrs	mstatus, t0
	la	ra, 1f
	mret
1:	ecall
	.globl	irq_back_in_m
irq_back_in_m:
	ld	ra, 0(sp)
	addi	sp, sp, 16
	ret
