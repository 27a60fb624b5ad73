/* SPDX-License-Identifier: GPL-2.0-only */
/* pages.S: transfers across pages of every kind, and instructions that straddle two pages. */
#include "test.inc"
	start	on_trap
	li	s0, 50			/* all of it often enough to be linked */
again:
	li	a0, 0
	j	before_edge
	.balign	4096
	.space	4096 - 16
before_edge:
	addi	a0, a0, 1
	.option push
	.option norvc
	j	1f
	.space	4
1:	.option rvc
	c.nop
	.option norvc
	lui	a1, 0x12345		/* straddles: two bytes before the page's end */
	.option pop
	check_imm 1, a1, 0x12345000
	check_imm 2, a0, 1

	/* branches, taken and not taken, into the straddling instruction and across the edge */
	li	a2, 0
	li	a3, 7
	call	loop_over_edge
	check_imm 3, a2, 7
	la	t0, straddler
	li	a4, 0
	jalr	ra, t0
	check_imm 4, a4, 0x678
	call	straddler
	check_imm 5, a4, 0xcf0
	beqz	zero, far		/* conditional, taken, two pages ahead */
back:	check_imm 6, a5, 99
	auipc	t1, 0
	la	t2, back
	check_imm 7, s11, 7
	addi	s0, s0, -1
	beqz	s0, 1f
	j	again
1:	finish

	.balign	4096
	.space	4096 - 8
loop_over_edge:
	.option push
	.option norvc
	addi	a2, a2, 1
	nop
	nop				/* first instruction of the next page */
	bltu	a2, a3, loop_over_edge
	ret
	.option pop

	.balign	4096
	.space	4096 - 2
	.option push
	.option norvc
straddler:
	addi	a4, a4, 0x678
	ret
	.option pop

	.balign	4096
far:	li	a5, 99
	j	back
	expected_traps
