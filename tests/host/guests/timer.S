/* SPDX-License-Identifier: GPL-2.0-only */
/* timer.S: interrupts at exact instruction boundaries. A tight loop keeps three registers in step; each interrupt looks
 * at them together with the pc it came from: whatever the boundary, their difference must be what the pc says. */
#include "test.inc"
#define MTIME 0x200bff8
#define MTIMECMP 0x2004000
#define ROUNDS 300
	start	on_irq
	li	s1, ROUNDS
	li	s2, 0			/* interrupts seen */
	call	next_tick
	li	t0, 0x80
	csrw	mie, t0
	li	a0, 0
	li	a1, 0
	li	t3, 0
	csrsi	mstatus, 8
	.option push
	.option norvc
l0:	addi	a0, a0, 1
l1:	addi	a1, a1, 1
l2:	addi	t3, t3, 1
l3:	blt	s2, s1, l0
	.option pop
	csrci	mstatus, 8
	check	1, a0, a1
	check	2, a0, t3
	finish

	/* time + 20 us, not always the same */
next_tick:
	li	s3, MTIME
	ld	s4, 0(s3)
	andi	s5, s4, 63
	addi	s4, s4, 200
	add	s4, s4, s5
	li	s3, MTIMECMP
	sd	s4, 0(s3)
	ret

	.balign	4
on_irq:
	csrr	s6, mcause
	li	s7, 0x8000000000000007
	check	3, s6, s7
	csrr	s6, mepc
	la	s7, l0
	sub	s6, s6, s7		/* 0: all equal; 4: a0 ahead; 8: a0, a1 ahead; 12: all equal */
	sub	s8, a0, a1
	sub	s9, a1, t3
	li	s7, 12
	bgtu	s6, s7, 2f		/* came before the loop: nothing to compare yet */
	seqz	s7, s6
	addi	s6, s6, -4
	seqz	t6, s6
	li	s11, 5
	bne	s8, t6, fail
	addi	s6, s6, -4
	seqz	t6, s6
	li	s11, 6
	bne	s9, t6, fail
2:	addi	s2, s2, 1
	csrr	s6, mepc		/* the run is over: no later interrupt */
	blt	s2, s1, 1f
	csrw	mie, zero
1:	mv	s8, ra
	call	next_tick
	mv	ra, s8
	mret
