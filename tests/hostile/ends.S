/* SPDX-License-Identifier: GPL-2.0-only */
/* ends.S: guests that never end by themselves, one for each value of WAY; run.sh says how each is ended. */
	.section .text.start, "ax"
	.globl	_start
/* The mode that the paged ways begin in: mstatus.MPP, and U of the page table entry. */
#if WAY >= 13
#define START_MPP 0
#define START_PTE 0x200000df
#else
#define START_MPP 0x800
#define START_PTE 0x200000cf
#endif
_start:
#if WAY >= 11	/* supervisor mode under Sv39: RAM at its place, the user's from way 13 on, and a GiB above as the supervisor's */
	la	t0, root
	li	t1, START_PTE
	sd	t1, 16(t0)
	li	t1, 0x200000cf
	sd	t1, 24(t0)
	srli	t0, t0, 12
	li	t1, 8 << 60
	or	t0, t0, t1
	csrw	satp, t0
	sfence.vma
	li	t0, -1
	csrw	medeleg, t0
	li	t0, 0x1800
	csrc	mstatus, t0
	li	t0, START_MPP
	csrs	mstatus, t0
	la	t1, 1f
	li	t0, 1 << 30
	add	t0, t0, t1
	csrw	stvec, t0
	la	t0, 2f
	csrw	mepc, t0
	mret
#endif
#if WAY == 1	/* the trap vector points to where no memory is */
	csrw	mtvec, zero
	.word	0
#elif WAY == 2	/* likewise, to an address no bus has */
	li	t0, -4096
	csrw	mtvec, t0
	ld	t0, 0(zero)
#elif WAY == 3	/* the handler's first instruction traps */
	la	t0, 1f
	csrw	mtvec, t0
	ecall
	.balign	4
1:	.word	0
#elif WAY == 4	/* the handler traps, but not at once */
	la	t0, 1f
	csrw	mtvec, t0
	ecall
	.balign	4
1:	addi	a0, a0, 1
	sd	a0, 0(zero)
#elif WAY == 5	/* an endless loop of one instruction */
	j	.
#elif WAY == 6	/* sleeps for ever, all interrupts off */
	csrw	mie, zero
1:	wfi
	j	1b
#elif WAY == 7	/* an endless loop that changes its own page */
	la	t0, 2f
1:	lw	t1, 0(t0)
	sw	t1, 0(t0)
	fence.i
	addi	a0, a0, 1
2:	j	1b
#elif WAY == 8	/* an endless storm of ecalls and mrets */
	la	t0, 1f
	csrw	mtvec, t0
	ecall
	.balign	4
1:	csrr	t0, mepc
	csrw	mepc, t0
	mret
#elif WAY == 9	/* interrupts for ever: the timer is due at once, its handler returns */
	la	t0, 1f
	csrw	mtvec, t0
	li	t0, 0x2004000
	sd	zero, 0(t0)
	li	t0, 0x80
	csrw	mie, t0
	csrsi	mstatus, 8
	j	.
	.balign	4
1:	mret
#elif WAY == 10	/* jumps in circles over many pages, each by its own block */
	la	t0, 1f
	li	t2, 1 << 20
	li	t3, 0x84000000
	mv	t4, t3
	lw	t1, 0(t0)
2:	sw	t1, 0(t4)
	sw	t1, 4(t4)
	addi	t4, t4, 0x7fc
	addi	t2, t2, -0x7fc
	bgtz	t2, 2b
	fence.i
3:	mv	t4, t3
4:	li	t2, 1 << 20
5:	la	ra, 6f
	jr	t4
6:	addi	t4, t4, 0x7fc
	addi	t2, t2, -0x7fc
	bgtz	t2, 5b
	fence.i
	j	3b
	.option	norvc
1:	jr	ra
#elif WAY == 11	/* the supervisor's trap vector is nowhere */
1:
2:	csrw	stvec, zero
	.word	0
#elif WAY == 12	/* two address spaces in turn, each with a fence of everything or of one address */
2:	csrr	s0, satp
	li	s1, 1 << 44
	xor	s1, s1, s0
1:	csrw	satp, s1
	sfence.vma
	lw	t0, 0(sp)
	csrw	satp, s0
	sfence.vma sp
	j	1b
#elif WAY == 13	/* system calls for ever */
2:	ecall
	j	2b
	.balign	4
1:	csrr	t0, sepc
	addi	t0, t0, 4
	csrw	sepc, t0
	sret
#elif WAY == 14	/* the same page fault for ever */
2:	sd	zero, 0(zero)
	.balign	4
1:	csrrw	t0, sscratch, t0
	csrrw	t0, sscratch, t0
	sret
#endif
	.bss
	.balign	4096
root:	.skip	4096
