/* SPDX-License-Identifier: GPL-2.0-only */
/* guest.S: one loop for each operation whose cost is measured. Starts in M-mode, a0 = operation, a1 = rounds; ends by a store to
 * the finisher. Names of the operations are in costs.c, in this order. */
	.option	norvc
	.text
	.globl	_start
_start:
	la	t0, table
	slli	t1, a0, 2
	add	t0, t0, t1
	jr	t0
table:	j	loop_empty
	j	loop_csr_read
	j	loop_csr_write
	j	loop_mmio
	j	loop_fill
	j	loop_ecall
	j	loop_clint
	j	loop_timer
	j	loop_link
	j	loop_miss
	j	loop_fence_i
	j	loop_ecall_s
	j	loop_ecall_bare
	j	loop_sret
	j	loop_sscratch_read
	j	loop_sscratch_write
	j	loop_sie_read
	j	loop_sum
	j	loop_status
	j	loop_satp
	j	loop_sfence
	j	loop_sfence_all
	j	loop_fault_load
	j	loop_fault_store
	j	loop_fault_fetch
	j	loop_sfence_call
	j	loop_rdtime

done:	li	t0, 0x100000
	sw	zero, 0(t0)
	j	done

	.macro	rounds
	addi	a1, a1, -1
	bnez	a1, 1b
	j	done
	.endm

loop_empty:
1:	rounds
loop_csr_read:
1:	csrr	t0, mscratch
	rounds
loop_csr_write:
1:	csrw	mscratch, a1
	rounds
loop_mmio:
	li	t1, 0x10000000
1:	lbu	t0, 5(t1)
	rounds
loop_fill:
	li	t1, 0x80400000
	li	t2, 4096
1:	sb	zero, 0(t1)
	add	t1, t1, t2
	rounds

loop_ecall:
	la	t0, ecall_trap
	csrw	mtvec, t0
	la	t0, 1f
	csrw	mepc, t0
	li	t0, 0x1800
	csrc	mstatus, t0
	mret
1:	ecall
	rounds
	.balign	4
ecall_trap:
	csrr	t0, mepc
	addi	t0, t0, 4
	csrw	mepc, t0
	mret

loop_clint:
	li	t1, 0x2004000
	li	t2, -1
1:	sd	t2, 0(t1)
	rounds
loop_timer:
	la	t0, timer_trap
	csrw	mtvec, t0
	li	t0, 0x80
	csrw	mie, t0
	csrsi	mstatus, 8
	li	t1, 0x2004000
	li	t2, -1
1:	sd	zero, 0(t1)
	rounds
	.balign	4
timer_trap:
	sd	t2, 0(t1)
	mret

	/* a jump to the next word, which is a jump to the next word, ...: each is a block of its own */
loop_link:
	li	t1, 0x80400000
	mv	t3, t1
	la	t0, 2f
	lw	t0, 0(t0)
1:	sw	t0, 0(t1)
	addi	t1, t1, 4
	addi	a1, a1, -1
	bnez	a1, 1b
	la	t0, 3f
	lw	t0, 0(t0)
	sw	t0, 0(t1)
	la	ra, done
	fence.i
	jr	t3
2:	j	.+4
3:	ret

	/* two targets that share a slot of the jump table, in turn */
loop_miss:
	la	t0, 3b
	lw	t0, 0(t0)
	li	t1, 0x80400000
	li	t2, 0x80402000
	sw	t0, 0(t1)
	sw	t0, 0(t2)
	fence.i
1:	jalr	ra, t1
	jalr	ra, t2
	rounds
loop_fence_i:
1:	fence.i
	rounds

	/* ---- S and U mode ----
	 * Sv39: 1 GiB pages. 0x80000000 is S's, the same memory at 0x40000000 U's, the devices U's at their place.
	 * U ends by itself; S ends by an ecall to M. */
	.equ	TABLE, 0x80300000
	.equ	U_OFFSET, 0x40000000
	.macro	page_table
	li	t0, TABLE
	li	t1, 0xdf
	sd	t1, 0(t0)
	li	t1, 0x200000df
	sd	t1, 8(t0)
	li	t1, 0x200000cf
	sd	t1, 16(t0)
	li	t0, 8 << 60 | TABLE >> 12
	csrw	satp, t0
	.endm

	/* to the next instruction, in mode \mpp (as in mstatus), at this address less \offset */
	.macro	enter mpp, offset
	li	t0, 0x100
	csrw	medeleg, t0
	enter_delegated \mpp, \offset, ecall_trap_s
	.endm
	.macro	enter_delegated mpp, offset, handler
	la	t0, done
	csrw	mtvec, t0
	la	t0, \handler
	csrw	stvec, t0
	li	t0, 0x1800
	csrc	mstatus, t0
	li	t0, \mpp
	csrs	mstatus, t0
	la	t0, 1f
	li	t1, \offset
	sub	t0, t0, t1
	csrw	mepc, t0
	mret
1:
	.endm
	.macro	rounds_s
	addi	a1, a1, -1
	bnez	a1, 1b
	ecall
	.endm

	.balign	4
ecall_trap_s:
	csrr	t0, sepc
	addi	t0, t0, 4
	csrw	sepc, t0
	sret

loop_ecall_s:
	page_table
	enter	0, U_OFFSET
1:	ecall
	rounds
loop_ecall_bare:
	enter	0, 0
1:	ecall
	rounds
loop_sret:
	page_table
	enter	0x800, 0
	la	t1, 2f
1:	csrw	sepc, t1
	li	t2, 0x100
	csrs	sstatus, t2
	sret
	.balign	4
2:	rounds_s
loop_sscratch_read:
	page_table
	enter	0x800, 0
1:	csrr	t0, sscratch
	rounds_s
loop_sscratch_write:
	page_table
	enter	0x800, 0
1:	csrw	sscratch, t0
	rounds_s
loop_sie_read:
	page_table
	enter	0x800, 0
1:	csrr	t0, sie
	rounds_s
loop_sum:
	page_table
	enter	0x800, 0
	li	t0, 1 << 18
1:	csrs	sstatus, t0
	csrc	sstatus, t0
	rounds_s
	/* as Linux at each entry and exit */
loop_status:
	page_table
	enter	0x800, 0
	li	t0, 1 << 13
	csrs	sstatus, t0
	li	t0, 1 << 18 | 3 << 13
1:	csrrc	t1, sstatus, t0
	csrw	sstatus, t1
	rounds_s
loop_satp:
	page_table
	enter	0x800, 0
	csrr	t0, satp
	li	t1, 1 << 44
	add	t1, t0, t1
1:	csrw	satp, t1
	csrw	satp, t0
	rounds_s
loop_sfence:
	page_table
	enter	0x800, 0
	li	t0, 0x40000000
1:	sfence.vma t0, zero
	rounds_s
loop_sfence_all:
	page_table
	enter	0x800, 0
1:	sfence.vma
	rounds_s

	/* ---- page faults of the guest; the address is in none of its tables ---- */
	.macro	faulting mpp, offset, handler
	page_table
	li	t0, 0xb100		/* faults by pages, ecall from U */
	csrw	medeleg, t0
	enter_delegated \mpp, \offset, \handler
	li	t1, 0x100000000
	.endm

loop_fault_load:
	faulting 0, U_OFFSET, ecall_trap_s
1:	ld	t2, 0(t1)
	rounds
loop_fault_store:
	faulting 0x800, 0, ecall_trap_s
1:	sd	t2, 0(t1)
	rounds_s
	.balign	4
fetch_trap_s:
	csrw	sepc, ra
	sret
loop_fault_fetch:
	faulting 0, U_OFFSET, fetch_trap_s
1:	jalr	t1
	rounds
loop_rdtime:
	csrwi	mcounteren, 2
	csrwi	scounteren, 2
	page_table
	enter	0, U_OFFSET
1:	rdtime	t0
	rounds
loop_sfence_call:
	page_table
	enter	0x800, 0
1:	sfence.vma
	call	far_function
	rounds_s
	.balign	4096
far_function:
	ret
