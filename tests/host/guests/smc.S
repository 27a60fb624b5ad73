/* SPDX-License-Identifier: GPL-2.0-only */
/* smc.S: code that is written and run again. After fence.i the new code must run; without fence.i the old or the new
 * code may run, but nothing else; and data beside code must survive. */
#include "test.inc"
	start	on_trap
	li	s0, 0			/* round */
	li	s1, 200
	la	s2, patch
	la	s3, beside
	sd	zero, 0(s3)
round:
	/* addi a0, a0, round: imm in bits 31:20 */
	slli	t0, s0, 20
	li	t1, 0x00050513
	or	t0, t0, t1
	sw	t0, 0(s2)
	ld	t2, 0(s3)
	addi	t2, t2, 1
	sd	t2, 0(s3)
	fence.i
	li	a0, 1000
	call	function
	addi	t3, s0, 1000
	check	1, a0, t3
	addi	s0, s0, 1
	bne	s0, s1, round
	ld	t2, 0(s3)
	check	2, t2, s1

	/* without fence.i: old (199) or new (5) */
	li	t1, 0x00550513
	sw	t1, 0(s2)
	li	a0, 0
	call	function
	li	t0, 199
	beq	a0, t0, 3f
	check_imm 3, a0, 5
3:	fence.i
	li	a0, 0
	call	function
	check_imm 4, a0, 5

	/* the very block that writes: a store into the instruction behind its own fence.i */
	la	s2, behind
	li	t1, 0x00700293		/* li t0, 7 */
	sw	t1, 0(s2)
	fence.i
	.option push
	.option norvc
behind:	li	t0, 6
	.option pop
	check_imm 5, t0, 7
	finish

	.balign	8
beside:	.dword	0
	.option push
	.option norvc
function:
patch:	addi	a0, a0, 0
	ret
	.option pop
	expected_traps
