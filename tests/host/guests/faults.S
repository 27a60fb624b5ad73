/* SPDX-License-Identifier: GPL-2.0-only */
/* faults.S: access faults, misaligned accesses and their exact state: cause, address, pc, and registers of the
 * instructions before, also where several instructions are likely to be one template. */
#include "test.inc"
#define HOLE 0x40000000			/* no device, no RAM */
#define UART_SCRATCH 0x10000007
	.macro	expect n, cause, addr, pc
	check_imm \n, t0, \cause
	check	\n, t1, \addr
	la	t5, \pc
	check	\n, t2, t5
	.endm
	start	on_trap

	li	a0, HOLE
	la	s10, 1f
l1:	ld	a1, 8(a0)
	li	s11, 1
	j	fail
1:	addi	a2, a0, 8
	expect	1, 5, a2, l1

	la	s10, 1f
	li	a1, 77
s1_:	sw	a1, 4(a0)
	j	fail
1:	addi	a2, a0, 4
	expect	2, 7, a2, s1_
	check_imm 2, a1, 77

	/* address computed just before: its result must be there when the access faults */
	la	s10, 1f
	li	a1, 3
	li	a3, -1
	slli	a3, a1, 3
	add	a3, a3, a0
l2:	lw	a4, 16(a3)
	j	fail
1:	addi	a2, a0, 40
	expect	3, 5, a2, l2
	addi	a2, a0, 24
	check	4, a3, a2

	/* lui + load with the same register, destination overwritten by the next operation */
	la	s10, 1f
	li	a5, 1234
	lui	a5, 0x40000
l3:	lw	a5, 0x10(a5)
	slli	a5, a5, 32
	j	fail
1:	li	a2, HOLE + 0x10
	expect	5, 5, a2, l3
	li	a2, HOLE
	check	6, a5, a2

	/* load to x0 faults too; addresses that no host address is */
	la	s10, 1f
	li	a0, 0x7000000000000000
l4:	lb	zero, 0(a0)
	j	fail
1:	expect	7, 5, a0, l4
	la	s10, 1f
	li	a0, -16
s2_:	sd	a0, 8(a0)
	j	fail
1:	addi	a2, a0, 8
	expect	8, 7, a2, s2_

	/* across the end of RAM's lower edge */
	la	s10, 1f
	li	a0, 0x80000000
l5:	ld	a1, -4(a0)
	j	fail
1:	addi	a2, a0, -4
	expect	9, 5, a2, l5

	/* atomics: misaligned, and where no RAM is */
	la	a0, data
	addi	a0, a0, 2
	la	s10, 1f
a1_:	amoadd.w a1, a1, (a0)
	j	fail
1:	expect	10, 6, a0, a1_
	la	s10, 1f
l6:	lr.w	a1, (a0)
	j	fail
1:	expect	11, 4, a0, l6
	la	s10, 1f
s3_:	sc.d	a1, a1, (a0)
	j	fail
1:	expect	12, 6, a0, s3_
	li	a0, 0x10000000
	la	s10, 1f
a2_:	amoswap.d a1, a1, (a0)
	j	fail
1:	expect	13, 7, a0, a2_

	/* plain misaligned accesses of RAM work, also across a page */
	la	a0, data
	li	a1, 0x1122334455667788
	sd	a1, 3(a0)
	ld	a2, 3(a0)
	check	14, a1, a2
	lhu	a2, 5(a0)
	check_imm 15, a2, 0x5566
	la	a0, edge
	sd	a1, -3(a0)
	ld	a2, -3(a0)
	check	16, a1, a2
	lbu	a2, 0(a0)
	check_imm 17, a2, 0x55

	/* devices: sign, zero, width; misaligned is a fault */
	li	a0, UART_SCRATCH
	li	a1, 0x1f5
	sb	a1, 0(a0)
	lb	a2, 0(a0)
	check_imm 18, a2, -11
	lbu	a2, 0(a0)
	check_imm 19, a2, 0xf5
	sb	zero, 0(a0)
	lb	a2, 0(a0)
	check_imm 20, a2, 0
	la	s10, 1f
s4_:	sh	a1, 0(a0)
	j	fail
1:	expect	21, 7, a0, s4_
	li	a0, 0x2004000		/* mtimecmp */
	li	a1, 0x80000000
	li	a3, -2
	sd	a3, 0(a0)
	sw	a1, 0(a0)
	lw	a2, 0(a0)
	check_imm 22, a2, -0x80000000
	lwu	a2, 0(a0)
	check	23, a2, a1
	ld	a2, 0(a0)
	li	a3, 0xffffffff80000000
	check	24, a2, a3
	lwu	t4, 4(a0)		/* registers without a host register as destination */
	check_imm 25, t4, 0xffffffff
	lw	t4, 4(a0)
	check_imm 26, t4, -1

	/* jump to where no code can be */
	la	s10, 1f
	li	a0, HOLE
	jalr	ra, a0
1:	check_imm 27, t0, 1
	check	28, t1, a0
	check	29, t2, a0
	finish
	expected_traps

	.balign	4096
data:	.space	64
	.balign	4096
edge:	.space	16
