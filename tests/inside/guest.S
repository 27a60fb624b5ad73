/* SPDX-License-Identifier: GPL-2.0-only */
/* guest.S: what the monitor is to handle by itself, case by case: the guest's page faults, jumps whose block is there but not
 * their jump table entry, fences and changes of satp with jumps behind them.
 *
 * Starts in M-mode. Each case is a loop in U or S that ends by an ecall to M; it runs three times, and behind each M writes a
 * mark to the UART: '.', '<', '>'. Between the last two everything has been seen before, so the world need not be left. Then
 * comes a digest of scause, sepc, stval and sstatus of all traps that S-mode has taken; QEMU prints the same.
 *
 * s0 case  s1 phase  s2 digest  s3 prime of the digest  s4 rounds left  s6 entry of the demand page  s7 its value, or 0: faults
 * are skipped  s5 not 0: no fence behind it  s8 s9 two values of satp  s10 where scause goes in place of the digest, or 0  s11 the play pages
 * Next file: inside.c (which counts leaves). */
	.option	norvc
	.equ	UART, 0x10000000
	.equ	FINISHER, 0x100000
	.equ	ROOT, 0x80300000
	.equ	LEVEL1, 0x80301000
	.equ	LEVEL0, 0x80302000
	.equ	DATA, 0x80303000
	.equ	CODE, 0x80304000	/* a function of one instruction */
	.equ	HEAD, 0x80306000	/* its last halfword begins an instruction, that either of the next two pages ends */
	.equ	TAIL_ONE, 0x80307000
	.equ	TAIL_TWO, 0x80308000
	.equ	U_OFFSET, 0x40000000
	.equ	G_OFFSET, 0xc0000000
	.equ	CAUSES, 0x80305000	/* the last scause of an AMO */
	.equ	PLAY, 0x100000000	/* by LEVEL0: 0 nothing, 1 U read, 2 S all, 3 U read and write, 4 S read, 5 on demand,
					 * 6 HEAD, 7 a TAIL */
	.equ	STATUS_TRAP, 0x120	/* SPP, SPIE */

	.text
	.globl	_start
_start:
	li	t0, -1
	csrw	pmpaddr0, t0
	li	t0, 0x1f
	csrw	pmpcfg0, t0
	la	t0, m_trap
	csrw	mtvec, t0
	la	t0, s_trap
	csrw	stvec, t0
	li	t0, 1 << 12 | 1 << 13 | 1 << 15
	csrw	medeleg, t0
	csrw	mideleg, zero
	csrw	mie, zero
	jal	make_tables
	la	s0, cases
	li	s3, 0x100000001b3
	li	s8, 8 << 60 | ROOT >> 12
	li	t0, 1 << 44
	add	s9, s8, t0
	li	s11, PLAY
	csrw	satp, s8
	sfence.vma
next_case:
	li	s2, 0
	li	s1, 0
start:
	li	s5, 0
	li	s6, LEVEL0 + 5 * 8
	li	s7, 0
	li	s10, 0
	csrw	satp, s8
	sfence.vma
	la	t0, rounds_of
	add	t0, t0, s1
	lbu	s4, 0(t0)
	li	t0, 0x1800
	csrc	mstatus, t0
	ld	t0, 0(s0)
	csrs	mstatus, t0
	ld	t0, 8(s0)
	csrw	mepc, t0
	mret

	.balign	4
m_trap:
	csrr	t0, mcause
	addi	t0, t0, -8
	sltiu	t0, t0, 2
	beqz	t0, wrong
	la	t0, marks
	add	t0, t0, s1
	lbu	t1, 0(t0)
	li	t0, UART
	sb	t1, 0(t0)		/* the controller counts here */
	addi	s1, s1, 1
	li	t0, 3
	blt	s1, t0, start
	jal	print_digest
	addi	s0, s0, 16
	ld	t0, 8(s0)
	bnez	t0, next_case
	li	t1, 0x5555
end:	li	t0, FINISHER
	sw	t1, 0(t0)
	j	end
wrong:	li	t0, UART
	li	t1, '!'
	sb	t1, 0(t0)
	li	t1, 0x13333
	j	end

/* A space, 16 digits, a new line. */
print_digest:
	li	t0, UART
	li	t1, ' '
	sb	t1, 0(t0)
	li	t2, 60
1:	srl	t1, s2, t2
	andi	t1, t1, 15
	sltiu	t3, t1, 10
	addi	t1, t1, 'a' - 10
	beqz	t3, 2f
	addi	t1, t1, '0' - 'a' + 10
2:	sb	t1, 0(t0)
	addi	t2, t2, -4
	bgez	t2, 1b
	li	t1, '\n'
	sb	t1, 0(t0)
	ret

	.macro	entry table, index, value
	li	t0, \table + 8 * \index
	li	t1, \value
	sd	t1, 0(t0)
	.endm
make_tables:
	entry	ROOT, 0, 0x000000d7			/* devices, U */
	entry	ROOT, 1, 0x80000000 >> 2 | 0xdf		/* RAM, U */
	entry	ROOT, 2, 0x80000000 >> 2 | 0xcf		/* RAM, S */
	entry	ROOT, 4, LEVEL1 >> 2 | 1
	entry	ROOT, 5, 0x80000000 >> 2 | 0xef		/* RAM, S, global */
	entry	LEVEL1, 0, LEVEL0 >> 2 | 1
	entry	LEVEL0, 1, DATA >> 2 | 0xd3
	entry	LEVEL0, 2, DATA >> 2 | 0xcf
	entry	LEVEL0, 3, DATA >> 2 | 0xd7
	entry	LEVEL0, 4, DATA >> 2 | 0xc3
	entry	LEVEL0, 6, HEAD >> 2 | 0xcf
	li	t0, CODE
	li	t1, 0x00008067		/* ret */
	sw	t1, 0(t0)
	li	t2, 0x00190913		/* addi s2, s2, 1 */
	li	t0, HEAD
	li	t3, 4094
	add	t3, t3, t0
	sh	t2, 0(t3)
	srli	t2, t2, 16
	.macro	tail page
	li	t0, \page
	sh	t2, 0(t0)
	sh	t1, 2(t0)
	sh	zero, 4(t0)
	.endm
	tail	TAIL_ONE
	addi	t2, t2, 1 << 4		/* addi s2, s2, 2 */
	tail	TAIL_TWO
	fence.i
	ret

/* S-mode's handler: skips the load or store, comes back from the fetch, or maps the page and tries again. */
	.balign	4
s_trap:
	csrr	t3, scause
	bnez	s10, cause_apart
	xor	s2, s2, t3
	mul	s2, s2, s3
cause_kept:
	csrr	t4, sepc
	xor	s2, s2, t4
	mul	s2, s2, s3
	csrr	t5, stval
	xor	s2, s2, t5
	mul	s2, s2, s3
	csrr	t6, sstatus
	andi	t6, t6, STATUS_TRAP
	xor	s2, s2, t6
	mul	s2, s2, s3
	bnez	s7, on_demand
	li	t6, 12
	beq	t3, t6, from_fetch
	addi	t4, t4, 4
	csrw	sepc, t4
	sret
from_fetch:
	csrw	sepc, ra
	sret
cause_apart:
	sd	t3, 0(s10)
	j	cause_kept
on_demand:
	sd	s7, 0(s6)
	bnez	s5, 1f
	sfence.vma t5
1:	sret

	.macro	rounds
	addi	s4, s4, -1
	bnez	s4, 1b
	ecall
	.endm
	.macro	play page, offset=0
	li	a2, \page * 4096 + \offset
	add	a2, a2, s11
	.endm
	/* the same loop for both modes: U runs it at its own address */
	.macro	faulting name, page, offset, insn:vararg
\name:	play	\page, \offset
1:	\insn
	rounds
	.endm

	/* QEMU 7.2 takes the read part of an AMO for a load: the cause is looked at by inside.c alone */
	.macro	faulting_amo name, page, offset, insn:vararg
\name:	play	\page, \offset
	li	s10, CAUSES
1:	\insn
	rounds
	.endm

	faulting load_missing, 0, 8, ld t0, 0(a2)
	faulting load_byte, 0, 4095, lbu t0, 0(a2)
	faulting load_other, 2, 0, lw t0, 4(a2)
	faulting store_missing, 0, 16, sd s4, 0(a2)
	faulting store_readonly, 1, 24, sd s4, 0(a2)
	faulting store_s_readonly, 4, 24, sw s4, 8(a2)
	faulting load_user, 3, 32, ld t0, 0(a2)
	faulting_amo amo_missing, 0, 40, amoadd.d t0, s4, (a2)
	faulting_amo amo_readonly, 1, 48, amoadd.w t0, s4, (a2)
	faulting_amo amo_max, 0, 56, amomaxu.d t0, s4, (a2)
	faulting lr_missing, 0, 64, lr.d t0, (a2)
	faulting fetch_missing, 0, 72, jalr a2
	faulting fetch_no_x, 3, 80, jalr a2
	faulting fetch_user, 1, 88, jalr a2

/* Two faults, each with a register that the other changes. */
two_faults:
	play	0, 96
1:	addi	t0, s4, 1
	ld	t0, 0(a2)
	xor	s2, s2, t0
	sd	t0, -8(a2)
	rounds

/* The page is taken away, touched, and given by the handler. */
demand:
	li	s7, DATA >> 2 | 0xcf
	play	5, 0
1:	sd	zero, 0(s6)
	sfence.vma a2
	ld	t0, 0(a2)
	xor	s2, s2, t0
	sd	zero, 0(s6)
	sfence.vma a2
	sd	s4, 0(a2)
	rounds
demand_fetch:
	li	s7, CODE >> 2 | 0xcf
	play	5, 0
1:	sd	zero, 0(s6)
	sfence.vma
	jalr	a2
	rounds

/* Svvptc: what becomes valid, a page or a table, is seen without a fence; what is taken away needs one, here Svinval's. */
	.macro	taken_away
	sd	zero, 0(s6)
	.word	0x18000073		/* sfence.w.inval */
	.word	0x16000073		/* sinval.vma */
	.word	0x18100073		/* sfence.inval.ir */
	.endm
appear:
	li	s5, 1
	li	s7, DATA >> 2 | 0xcf
	play	5, 0
1:	taken_away
	ld	t0, 0(a2)
	xor	s2, s2, t0
	taken_away
	sd	s4, 0(a2)
	rounds
appear_fetch:
	li	s5, 1
	li	s7, CODE >> 2 | 0xcf
	play	5, 0
1:	taken_away
	jalr	a2
	rounds
appear_table:
	li	s5, 1
	li	s6, LEVEL1 + 8
	li	s7, LEVEL0 >> 2 | 1
	play	514, 0
1:	taken_away
	ld	t0, 0(a2)
	xor	s2, s2, t0
	taken_away
	sd	s4, 0(a2)
	rounds

/* Two functions that share a slot of the jump table. */
jumps:
	la	a2, far_one
	la	a3, far_two
1:	jalr	a2
	jalr	a3
	xor	s2, s2, s4
	rounds

/* Jumps of every kind behind a fence of everything, and behind changes of satp. */
fence_all:
	la	a2, far_one
1:	sfence.vma
	jalr	a2
	call	far_two
	xor	s2, s2, s4
	rounds
fence_asid:
	la	a2, far_one
	li	a4, 0
1:	sfence.vma zero, a4
	jalr	a2
	call	far_two
	rounds
satps:
	la	a2, far_one
1:	csrw	satp, s9
	call	far_three
	jalr	a2
	csrw	satp, s8
	call	far_three
	jalr	a2
	rounds

fence_i:
1:	fence.i
	xor	s2, s2, s4
	rounds
fence_i_data:
	li	a2, DATA
1:	sd	s4, 0(a2)
	fence.i
	ld	t0, 0(a2)
	xor	s2, s2, t0
	mul	s2, s2, s3
	rounds
csrs:
1:	andi	t0, s4, 7
	csrw	scounteren, t0
	csrr	t1, scounteren
	csrr	a3, satp
	xor	t1, t1, a3
	csrrsi	a4, scounteren, 5
	xor	t1, t1, a4
	csrrc	t2, scounteren, s4
	xor	t1, t1, t2
	csrr	a4, scounteren
	xor	t1, t1, a4
	csrr	a5, sie
	xor	t1, t1, a5
	csrr	t2, sip
	xor	t1, t1, t2
	xor	s2, s2, t1
	mul	s2, s2, s3
	rounds

/* Stores of f registers do not make FS dirty; off becomes initial here, and dirty stays what it is. */
fp_stores:
	li	t0, 1 << 13
	csrs	sstatus, t0
	li	a2, DATA
1:	.word	0x00a63027	/* fsd fa0, 0(a2) */
	ld	t0, 0(a2)
	xor	s2, s2, t0
	mul	s2, s2, s3
	rounds

	.balign	4096
	.skip	4032
	/* up to the end of its page and beyond, without an instruction over both */
long_way:
	.rept	32
	addi	t0, t0, 1
	.endr
	add	s2, s2, t0
	ret

over_page:
1:	sfence.vma
	li	t0, 0
	call	long_way
	rounds

/* Two instructions over two pages that share a slot; and one whose second page is another each time, behind a fence of that. */
straddlers:
	la	a2, straddler_one
	la	a3, straddler_two
1:	jalr	a2
	jalr	a3
	rounds
second_page:
	play	6, 4094
	addi	a3, a2, 2
	li	t0, LEVEL0 + 7 * 8
	li	t1, TAIL_ONE >> 2 | 0xcf
	li	t2, TAIL_TWO >> 2 | 0xcf
1:	sd	t1, 0(t0)
	sfence.vma a3
	jalr	a2
	mul	s2, s2, s3
	sd	t2, 0(t0)
	sfence.vma a3
	jalr	a2
	mul	s2, s2, s3
	rounds

	.macro	straddler name
	.balign	4096
	.skip	4092
	.option	rvc
	c.nop
	.option	norvc
\name:	xor	s2, s2, s4
	mul	s2, s2, s3
	ret
	.option	rvc
	c.nop
	.option	norvc
	.endm
	straddler straddler_one
	straddler straddler_two

	.balign	4096
	.skip	256
far_one:
	addi	s2, s2, 1
	mul	s2, s2, s3
	ret
	.balign	4096
	.skip	4096 + 256
far_two:
	xor	s2, s2, s4
	mul	s2, s2, s3
	ret
far_three:			/* in a slot of its own */
	xor	s2, s2, s4
	mul	s2, s2, s3
	ret

	.balign	4096
rounds_of: .byte 20, 20, 200
marks:	.ascii	".<>"
	.balign	8
	/* status bits, and the address in this mode: U's, S's, or S's by global leaves */
	.macro	case mode, label
	.dword	(\mode) & 0x800, \label + ((\mode) & 1) * G_OFFSET - (((\mode) >> 11 & 1) ^ 1) * U_OFFSET
	.endm
	.equ	U, 0
	.equ	S, 0x800
	.equ	G, 0x801
cases:				/* in the order of names[] in inside.c */
	case	U, load_missing
	case	U, load_byte
	case	U, load_other
	case	U, store_missing
	case	U, store_readonly
	case	U, amo_missing
	case	U, amo_readonly
	case	U, amo_max
	case	U, lr_missing
	case	U, fetch_missing
	case	U, fetch_no_x
	case	U, two_faults
	case	U, jumps
	case	S, load_missing
	case	S, load_byte
	case	S, store_missing
	case	S, store_s_readonly
	case	S, load_user
	case	S, amo_missing
	case	S, amo_max
	case	S, lr_missing
	case	S, fetch_missing
	case	S, fetch_user
	case	S, two_faults
	case	S, demand
	case	S, demand_fetch
	case	S, appear
	case	S, appear_fetch
	case	S, appear_table
	case	S, jumps
	case	S, fence_all
	case	S, fence_asid
	case	S, satps
	case	S, over_page
	case	U, straddlers
	case	S, straddlers
	case	S, second_page
	case	G, satps
	case	G, over_page
	case	U, fence_i
	case	S, fence_i_data
	case	S, csrs
	case	S, fp_stores
	.dword	0, 0
