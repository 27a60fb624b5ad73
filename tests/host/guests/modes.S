/* SPDX-License-Identifier: GPL-2.0-only */
/* modes.S: M to U and back; the same code in both modes; privileged instructions in U; software interrupt. */
#include "test.inc"
	start	on_trap
	li	s0, 20
again:	call	shared
	check_imm 1, a0, 5
	la	s10, 1f
	la	t0, user
	csrw	mepc, t0
	li	t0, 0x1800
	csrc	mstatus, t0
	mret
user:	li	a0, 0
	call	shared
	check_imm 2, a0, 5
ecall_: ecall
	j	fail
1:	check_imm 3, t0, 8
	la	t5, ecall_
	check	4, t2, t5

	la	s10, 1f
	la	t0, user2
	csrw	mepc, t0
	li	t0, 0x1800
	csrc	mstatus, t0
	mret
user2:	csrr	a0, mstatus
	j	fail
1:	check_imm 5, t0, 2
	la	t5, user2
	check	6, t2, t5

	la	s10, 1f			/* M-mode ecall and ebreak */
e2:	ecall
	j	fail
1:	check_imm 7, t0, 11
	la	s10, 1f
e3:	ebreak
	j	fail
1:	check_imm 8, t0, 3
	la	t5, e3
	check	9, t2, t5

	la	s10, 1f			/* no instruction */
bad:	.word	0xffffffff
	j	fail
1:	check_imm 10, t0, 2
	la	t5, bad
	check	11, t2, t5

	/* software interrupt: taken right behind the store that raises it */
	li	t0, 8
	csrw	mie, t0
	la	s10, 1f
	li	a0, 0x2000000
	li	a1, 1
	csrsi	mstatus, 8
	sw	a1, 0(a0)
soft:	addi	a1, a1, 1
	j	fail
1:	li	t5, 0x8000000000000003
	check	12, t0, t5
	la	t5, soft
	check	13, t2, t5
	check_imm 14, a1, 1
	sw	zero, 0(a0)
	csrci	mstatus, 8
	csrw	mie, zero
	addi	s0, s0, -1
	beqz	s0, 2f
	j	again
2:	finish

shared:	li	a0, 2
	addi	a0, a0, 3
	ret
	expected_traps
