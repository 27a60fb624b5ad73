/* SPDX-License-Identifier: GPL-2.0-only */
/* entry.S: how the monitor is entered: page faults from the switcher, system calls from ring 3.
 *
 * syscall of the exit stub arrives at WORLD_SYSCALL with interrupts off. What guests do all the time goes a short way: ecall
 * from U to S, sret, and writes of sstatus, with what short.c noted of the new mode when the long way led there; accesses of
 * plain CSRs, as note.c has decoded them; fence.i when no code was stored to. No C is called. If anything is not as noted, or
 * the block is not in the jump table, the long way serves: all registers into the frame, then monitor_exit().
 * Up to its "commit" a short way has changed nothing but scratch registers and the frame.
 *
 * Both ways end in sysret to the resume stub of the code cache. rsp is 0 in ring 3: no address of the host gets there, and
 * translated code has no means to name it (rulec's list of allowed instructions). No branch here is indirect, but the one
 * out of the world, which goes where the block says whatever ring 3 has trained.
 *
 * An NMI or machine check that hits this text, as gate.S sorts them: from WORLD_SYSCALL to WORLD_SYSCALL_STACKED "guest",
 * for rsp alone is ring 3's there; in the tail as if its sysret were done; "monitor" elsewhere.
 * Next file: short.h, note.h, exit.c, ../gate.S. */
#include "abi.h"
#include "layout.h"

#define RFLAGS_RING3 0x202 /* interrupts on */
#define RFLAGS_TF    0x100
#define PRIV_U	     0
#define PRIV_S	     1
#define PAGE_MASK    (-4096)

/* sstatus; short.h has the proof */
#define STATUS_SIE     0x2
#define STATUS_SPIE    0x20
#define STATUS_SPP     0x100
#define STATUS_FS_LOW  0x2000
#define STATUS_ABOVE   0x8000 /* the bit above FS */
#define STATUS_SUM     0x40000
#define STATUS_MXR     0x80000
#define STATUS_UXL_BIT 33
#define STATUS_SD_UP   48 /* from the bit above FS to SD, */
#define STATUS_WAY_DOWN 10 /* and to SHORT_WAY_BYTES */

#define CAUSE_ECALL_U	 8
#define INSN_SRET	 0x10200073
#define INSN_STATUS	 0x10000073 /* csrrw, csrrs, csrrc rd, sstatus, rs1 but for rd, funct3 and rs1 */
#define INSN_STATUS_MASK 0xfff0407f
#define INSN_RD_SHIFT	 7
#define INSN_RD_MASK	 0xf80
#define INSN_RS1_SHIFT	 15
#define INSN_BIT_ODD	 12 /* of funct3: csrrw and csrrc, */
#define INSN_BIT_RMW	 13 /* csrrs and csrrc */

#define gate(field)    (WORLD_BLOCK + BLOCK_GATE + (field))
#define monitor(field) (WORLD_BLOCK + BLOCK_MONITOR + (field))
#define hart(field)    (WORLD_BLOCK + BLOCK_HART + (field))
#define shorts(field)  (WORLD_BLOCK + BLOCK_SHORT + (field))
#define way(to)	       shorts((to)*SHORT_WAY_BYTES)
#define note(field)    (WORLD_BLOCK + BLOCK_NOTES + (field))
#define table(field)   (WORLD_STATE_RW + ABI_TABLE + (field))
#define home(slot)     (WORLD_STATE_RW + ABI_HOME + (slot))
#define csr(slot)      (WORLD_STATE_RW + ABI_CSR + (slot))
#define JUMP_KEY       (WORLD_STATE_RW + ABI_JUMP)
#define JUMP_HOST      (WORLD_STATE_RW + ABI_JUMP + 8)
#define JUMP_MASK      ((ABI_JUMP_ENTRIES - 1) * 16)

/* Where the jump table has pc, at JUMP_KEY + \to: bit 1 of pc is bit 4 of the offset. */
.macro JUMP_OFFSET pc to
	lea	(, \pc, 8), \to
	and	$JUMP_MASK, \to
.endm

/* To the long way, unless the view of way rcx may be switched to. \low is the lower half of \reg, which changes. */
.macro CHECK_VIEW reg low
	mov	WAY_ROOT(%rcx), \low
	cmpb	$0, ROOT_MUST_FLUSH(\reg)
	jne	.Llong
.endm

/* To the long way, unless the block at rdx is in the jump table, in way rcx. Changes r11. */
.macro CHECK_JUMP
	JUMP_OFFSET %rdx %r11d
	mov	JUMP_KEY(%r11), %r11
	xor	WAY_TAG(%rcx), %r11
	cmp	%rdx, %r11
	jne	.Llong
.endm

/* rdx: pc of the next instruction, r11: offset of this one. To \long, unless its block is in the jump table. Changes r11. */
.macro NEXT_PC long
	mov	home(ABI_HOME_PC_PAGE), %rdx
	and	$PAGE_MASK, %rdx
	lea	4(%rdx, %r11), %rdx
	JUMP_OFFSET %rdx %r11d
	mov	JUMP_KEY(%r11), %r11
	xor	table(ABI_TABLE_TAG), %r11
	cmp	%rdx, %r11
	jne	\long
.endm

/* To the long way, if an interrupt waits, whether or not it may be taken. Changes r11. */
.macro CHECK_INTERRUPTS
	mov	hart(HART_MIE), %r11
	test	%r11, hart(HART_MIP)
	jnz	.Llong
.endm

/* Of S fields to the bit above FS: all of FS is set. */
.macro DIRTY from to
	lea	STATUS_FS_LOW(\from), \to
	and	$STATUS_ABOVE, \to
.endm

/* S fields to what sstatus reads as: SD where FS is dirty, UXL. \low is the lower half of \scratch. */
.macro WHOLE_STATUS fields scratch low
	DIRTY \fields \low
	shl	$STATUS_SD_UP, \scratch
	or	\scratch, \fields
	bts	$STATUS_UXL_BIT, \fields
.endm

/* The S fields of r11 to sstatus. Changes r11, rax. */
.macro PUT_STATUS
	WHOLE_STATUS %r11 %rax %eax
	mov	%r11, csr(ABI_CSR_SSTATUS)
.endm

.macro SAVE_PINS
	mov	%rbx, FRAME_REG(ABI_RBX)(%rsp)
	mov	%rbp, FRAME_REG(ABI_RBP)(%rsp)
	mov	%rsi, FRAME_REG(ABI_RSI)(%rsp)
	mov	%rdi, FRAME_REG(ABI_RDI)(%rsp)
	mov	%r8, FRAME_REG(ABI_R8)(%rsp)
	mov	%r9, FRAME_REG(ABI_R9)(%rsp)
	mov	%r10, FRAME_REG(ABI_R10)(%rsp)
	mov	%r12, FRAME_REG(ABI_R12)(%rsp)
	mov	%r13, FRAME_REG(ABI_R13)(%rsp)
	mov	%r14, FRAME_REG(ABI_R14)(%rsp)
	mov	%r15, FRAME_REG(ABI_R15)(%rsp)
.endm

.macro LOAD_PINS
	mov	FRAME_REG(ABI_RBX)(%rsp), %rbx
	mov	FRAME_REG(ABI_RBP)(%rsp), %rbp
	mov	FRAME_REG(ABI_RSI)(%rsp), %rsi
	mov	FRAME_REG(ABI_RDI)(%rsp), %rdi
	mov	FRAME_REG(ABI_R8)(%rsp), %r8
	mov	FRAME_REG(ABI_R9)(%rsp), %r9
	mov	FRAME_REG(ABI_R10)(%rsp), %r10
	mov	FRAME_REG(ABI_R12)(%rsp), %r12
	mov	FRAME_REG(ABI_R13)(%rsp), %r13
	mov	FRAME_REG(ABI_R14)(%rsp), %r14
	mov	FRAME_REG(ABI_R15)(%rsp), %r15
.endm

.macro PLACE address
	.org	\address - WORLD_MONITOR, 0xcc
.endm

	.section .text.entry, "ax", @progbits
	jmp	monitor_page_fault

/* Flags: of `pending`. rax: pc, rdx: its block, rcx: the resume stub, r11: flags of ring 3, rsp: the frame. */
	PLACE	WORLD_TAIL
.Ltail:
	jne	.Lleave_pending
	xor	%esp, %esp
	sysretq
	int3

/* From the exit stub. eax: exit word, upper half: the argument; rdx: only EXIT_MISS has something there. */
	PLACE	WORLD_SYSCALL
	mov	gate(GATE_FRAME), %rsp
	PLACE	WORLD_SYSCALL_STACKED
	test	$RFLAGS_TF, %r11d
	jnz	.Lleave_exit
	mov	%rax, FRAME_REG(ABI_RAX)(%rsp)
	mov	%rcx, FRAME_RIP(%rsp)
	lea	-ABI_EXIT_WORD(EXIT_ECALL, 0)(%rax), %ecx
	cmp	$-PAGE_MASK, %ecx
	ja	.Lno_ecall

/* ---- ecall, from U to S without SUM ---- */
	cmpb	$PRIV_U, hart(HART_PRIV)
	jne	.Llong
	CHECK_INTERRUPTS
	mov	%ecx, %eax		/* offset of the pc */
	mov	csr(ABI_CSR_SSTATUS), %ecx
	test	$(STATUS_SUM | STATUS_MXR), %ecx
	jnz	.Llong
	and	shorts(SHORT_KEEP), %ecx
	DIRTY %rcx %ecx
	shr	$STATUS_WAY_DOWN, %ecx
	add	$way(SHORT_TO_S), %ecx
	CHECK_VIEW %rdx %edx
	mov	csr(ABI_CSR_STVEC), %rdx
	and	$-4, %rdx
	CHECK_JUMP
	/* commit */
	mov	home(ABI_HOME_PC_PAGE), %r11
	and	$PAGE_MASK, %r11
	add	%rax, %r11
	mov	%r11, csr(ABI_CSR_SEPC)
	movq	$CAUSE_ECALL_U, csr(ABI_CSR_SCAUSE)
	movq	$0, csr(ABI_CSR_STVAL)
	mov	csr(ABI_CSR_SSTATUS), %r11d
	mov	%r11d, %eax
	and	$STATUS_SIE, %eax
	shl	$4, %eax		/* to SPIE */
	and	shorts(SHORT_KEEP), %r11d
	or	%eax, %r11d
	PUT_STATUS
	movb	$PRIV_S, hart(HART_PRIV)
	incq	shorts(SHORT_TRAPS)

/* ---- on at pc rdx, by way rcx ---- */
.Lgo:
	incq	shorts(SHORT_SERVED)
	mov	WAY_TAG(%rcx), %rax
	mov	%rax, table(ABI_TABLE_TAG)
	mov	WAY_REGIME_MODE(%rcx), %rax
	mov	%rax, monitor(MONITOR_REGIME_MODE)
	mov	WAY_ROOT_VIEW(%rcx), %rax
	mov	monitor(MONITOR_ROOT_NOW), %r11
	cmp	%rax, %r11
	je	.Lswitched
	mov	%rax, monitor(MONITOR_ROOT_NOW)
	incq	monitor(MONITOR_VIEW_SWITCHES)
	cmp	%eax, %r11d
	je	.Lkeys			/* views that share a root differ in keys */
	mov	WAY_ROOT(%rcx), %eax
	mov	ROOT_CR3(%rax), %rax
	or	monitor(MONITOR_CR3_NOFLUSH), %rax
	mov	%rax, %cr3
.Lswitched:
	mov	%rdx, %rax
	JUMP_OFFSET %rdx %ecx
	and	$PAGE_MASK, %rdx
	mov	%rdx, home(ABI_HOME_PC_PAGE)
	mov	JUMP_HOST(%rcx), %rdx	/* behind the key, as translated code does */
.Lback:
	movabs	$(WORLD_CODE + WORLD_STUB_RESUME), %rcx
	mov	$RFLAGS_RING3, %r11d
	cmpw	$0, gate(GATE_PENDING)
	jmp	.Ltail

.Lkeys:
	mov	WAY_PKRU(%rcx), %eax
	mov	%eax, monitor(MONITOR_PKRU)
	mov	%rdx, %r11
	xor	%ecx, %ecx
	xor	%edx, %edx
	wrpkru
	mov	%r11, %rdx
	jmp	.Lswitched

/* ---- what S does ---- */
.Lno_ecall:
	lea	-ABI_EXIT_WORD(EXIT_SYSTEM, 0)(%rax), %ecx
	cmp	$-PAGE_MASK, %ecx
	ja	.Lno_system
	mov	%rax, %rdx
	shr	$WORLD_EXIT_ARG_SHIFT, %rdx
	cmpb	$PRIV_S, hart(HART_PRIV)
	jne	.Lnoted
	cmp	$INSN_SRET, %edx
	jne	.Lno_sret
	CHECK_INTERRUPTS

/* sret to U, or to S with SUM as it is. */
	mov	csr(ABI_CSR_SSTATUS), %r11d
	test	$STATUS_MXR, %r11d
	jnz	.Llong
	mov	$way(SHORT_TO_U), %ecx
	mov	$PRIV_U, %eax
	test	$(STATUS_SPP | STATUS_SUM), %r11d
	jnz	.Lsret_to_s
.Lsret:
	and	shorts(SHORT_KEEP), %r11d
	DIRTY %r11 %r11d
	shr	$STATUS_WAY_DOWN, %r11d
	add	%r11d, %ecx
	CHECK_VIEW %rdx %edx
	mov	csr(ABI_CSR_SEPC), %rdx
	and	$-2, %rdx
	CHECK_JUMP
	/* commit */
	mov	%al, hart(HART_PRIV)
	movq	$0, home(ABI_HOME_RESV)
	mov	csr(ABI_CSR_SSTATUS), %r11d
	mov	%r11d, %eax
	and	$STATUS_SPIE, %eax
	shr	$4, %eax		/* to SIE */
	and	shorts(SHORT_KEEP), %r11d
	lea	STATUS_SPIE(%r11, %rax), %r11d
	PUT_STATUS
	jmp	.Lgo
.Lsret_to_s:
	test	$STATUS_SPP, %r11d
	jz	.Llong
	mov	$PRIV_S, %eax
	mov	$way(SHORT_TO_S), %ecx
	test	$STATUS_SUM, %r11d
	jz	.Lsret
	mov	$way(SHORT_TO_SUM), %ecx
	jmp	.Lsret

/* A write of sstatus that leaves MXR clear. Operand and result may be in pins: all of them go to the frame. */
.Lno_sret:
	mov	%edx, %eax
	and	$INSN_STATUS_MASK, %eax
	cmp	$INSN_STATUS, %eax
	jne	.Lnoted
	CHECK_INTERRUPTS
	mov	%edx, %eax
	shr	$INSN_RS1_SHIFT, %eax
	and	$31, %eax
	jz	.Llong
	movzbl	abi_pin(%rax), %r11d
	cmp	$ABI_R11, %r11d		/* the exit stub has put this one home */
	je	1f
	cmp	$ABI_R15, %r11d		/* ABI_HOMED is above */
	ja	1f
	SAVE_PINS
	mov	(%rsp, %r11, 8), %rax
	jmp	2f
1:	mov	home(ABI_HOME_X)(, %rax, 8), %rax
2:	mov	shorts(SHORT_KEEP), %ecx
	or	$(STATUS_SIE | STATUS_SPIE | STATUS_SPP | STATUS_MXR), %ecx
	and	%ecx, %eax
	mov	csr(ABI_CSR_SSTATUS), %r11d
	and	%ecx, %r11d		/* as it is; eax becomes what it will be */
	bt	$INSN_BIT_RMW, %edx
	jnc	.Lcsrrw
	bt	$INSN_BIT_ODD, %edx
	jc	.Lcsrrc
	or	%r11d, %eax
.Lstatus:
	mov	%r11d, FRAME_REG(ABI_RDX)(%rsp)
	or	%eax, %r11d
	test	$STATUS_MXR, %r11d
	jnz	.Llong
	mov	$way(SHORT_TO_S), %ecx
	test	$STATUS_SUM, %eax
	jz	1f
	mov	$way(SHORT_TO_SUM), %ecx
1:	DIRTY %rax %edx
	shr	$STATUS_WAY_DOWN, %edx
	add	%edx, %ecx
	CHECK_VIEW %rdx %edx
	mov	home(ABI_HOME_PC_PAGE), %rdx
	and	$PAGE_MASK, %rdx
	movzwl	FRAME_REG(ABI_RAX)(%rsp), %r11d
	lea	4(%rdx, %r11), %rdx
	CHECK_JUMP
	/* commit */
	testl	$INSN_RD_MASK, FRAME_REG(ABI_RAX) + 4(%rsp)
	jnz	.Lresult
.Lput_status:
	mov	%eax, %r11d
	PUT_STATUS
	jmp	.Lgo

/* As it was, to rd; pc stays in the frame meanwhile. */
.Lresult:
	mov	%rdx, FRAME_REG(ABI_RCX)(%rsp)
	mov	FRAME_REG(ABI_RDX)(%rsp), %edx
	WHOLE_STATUS %rdx %r11 %r11d
	mov	FRAME_REG(ABI_RAX) + 4(%rsp), %r11d
	shr	$INSN_RD_SHIFT, %r11d
	and	$31, %r11d
	cmpb	$ABI_R11, abi_pin(%r11)
	je	1f
	cmpb	$ABI_R15, abi_pin(%r11)
	ja	1f
	movzbl	abi_pin(%r11), %r11d
	SAVE_PINS
	mov	%rdx, (%rsp, %r11, 8)
	LOAD_PINS
	jmp	2f
1:	mov	%rdx, home(ABI_HOME_X)(, %r11, 8)
2:	mov	FRAME_REG(ABI_RCX)(%rsp), %rdx
	jmp	.Lput_status
.Lcsrrc:
	not	%eax
	and	%r11d, %eax
	jmp	.Lstatus
.Lcsrrw:
	bt	$INSN_BIT_ODD, %edx
	jc	.Lstatus		/* the operand is it */

/* ---- a CSR, as note rax says ---- */
.Lnoted:
	testl	$(1 << EXIT_SYSTEM), hart(HART_SERVES)
	jz	.Llong
	movzbl	hart(HART_PRIV), %ecx
	shl	$32, %rcx
	or	%rdx, %rcx
	imul	$NOTE_HASH, %edx, %eax
	shr	$(32 - NOTE_BITS), %eax
	shl	$NOTE_SHIFT, %eax
	cmp	%rcx, note(NOTE_KEY)(%rax)
	jne	.Llong
	SAVE_PINS			/* operand and result may be there; from here on all are scratch */
	mov	hart(HART_MSTATUS), %ecx
	test	%ecx, note(NOTE_DENIED)(%rax)
	jnz	.Llong_saved
	movzwl	FRAME_REG(ABI_RAX)(%rsp), %r11d
	NEXT_PC	.Llong_saved
	mov	note(NOTE_AT)(%rax), %ebx
	mov	(%rbx), %rcx
	mov	note(NOTE_BY)(%rax), %esi
	mov	(%rsi), %rsi
	mov	%rcx, %rbp
	and	%rsi, %rbp		/* what is read */
	mov	note(NOTE_KIND)(%rax), %edi
	test	%edi, %edi
	jz	.Lread
	mov	note(NOTE_RS1)(%rax), %r8d
	mov	(%r8), %r8
	cmp	$NOTE_KIND_RS, %edi
	jb	.Lwrite
	je	1f
	not	%r8
	and	%rbp, %r8
	jmp	.Lwrite
1:	or	%rbp, %r8
.Lwrite:
	and	note(NOTE_MASK)(%rax), %rsi
	and	%rsi, %r8
	not	%rsi
	and	%rsi, %rcx
	or	%rcx, %r8
	mov	note(NOTE_OTHER)(%rax), %r9d
	test	%r9d, %r9d
	jz	1f
	test	%r8, (%r9)		/* an interrupt waits */
	jnz	.Llong_saved
	/* commit */
	movq	$0, csr(ABI_CSR_PENDING)
1:	mov	%r8, (%rbx)
.Lread:
	mov	note(NOTE_RD)(%rax), %r8d
	mov	%rbp, (%r8)
	LOAD_PINS
.Lgo_same:
	incq	shorts(SHORT_SERVED)
	jmp	.Lswitched

/* ---- fence.i: translations are of what memory holds ---- */
.Lno_system:
	lea	-ABI_EXIT_WORD(EXIT_FENCE_I, 0)(%rax), %r11d
	cmp	$-PAGE_MASK, %r11d
	ja	.Llong
	testl	$(1 << EXIT_FENCE_I), hart(HART_SERVES)
	jz	.Llong
	cmpl	$0, hart(HART_CODE_WRITTEN)
	jne	.Llong
	NEXT_PC	.Llong
	jmp	.Lgo_same

/* ---- the long way ---- */
.Llong:
	SAVE_PINS
.Llong_saved:
	mov	%rdx, FRAME_REG(ABI_RDX)(%rsp)
	movq	$RFLAGS_RING3, FRAME_RFLAGS(%rsp)
	call	monitor_exit
	test	%eax, %eax
	jnz	.Lleave
	LOAD_PINS
	mov	FRAME_REG(ABI_RAX)(%rsp), %rax
	mov	FRAME_RIP(%rsp), %rdx
	jmp	.Lback

/* ---- out of the world ---- */
.Lleave_exit:
	movl	$LEAVE_EXIT, gate(GATE_LEAVE)
	jmp	1f
.Lleave_pending:
	movl	$LEAVE_PENDING, gate(GATE_LEAVE)
1:	SAVE_PINS
	mov	%rax, FRAME_REG(ABI_RAX)(%rsp)
	mov	%rdx, FRAME_REG(ABI_RDX)(%rsp)
	mov	%rcx, FRAME_RIP(%rsp)
	mov	%r11, FRAME_RFLAGS(%rsp)
	jmp	.Lleave_noted

/* gate_leave wants the block in rdi. A return to an address on the stack, whose own prediction is caught. */
.Lleave:
	mov	%eax, gate(GATE_LEAVE)
.Lleave_noted:
	lea	-BLOCK_FRAME(%rsp), %rdi
	mov	gate(GATE_LEAVE_AT), %rax
	call	.Laim
.Lcatch:
	pause
	lfence
	jmp	.Lcatch
.Laim:
	mov	%rax, (%rsp)
	ret
	int3
	.section .note.GNU-stack, "", @progbits
