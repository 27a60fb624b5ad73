/* SPDX-License-Identifier: GPL-2.0-only */
/* enter.S: into translated code and back. Translated code never touches rsp, so the host's stack stays under it.
 * Next file: machine.h (struct enter_frame, the offsets used here). */
#define FRAME_STEP 140
#define FRAME_XMM 144
#define FRAME_MXCSR 400
#define MXCSR_DEFAULT 0x1f80
#define FRAME_KICK 136
#define FRAME_TARGET 128

	.text
	.globl	machine_enter, machine_enter_begin, machine_enter_end, machine_exit
	.type	machine_enter, @function
/* void machine_enter(struct enter_frame *frame): frame->reg[] by host register number, in and out. A signal that comes
 * before the compare is seen by it; one that comes later finds rip between begin and end, or in the cache. */
machine_enter:
	endbr64
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	push	%rdi
machine_enter_begin:
	cmpl	$0, FRAME_KICK(%rdi)
	jne	1f
	cmpl	$0, FRAME_STEP(%rdi)
	je	3f
	pushfq
	orq	$0x100, (%rsp)		/* TF */
	popfq
3:	mov	FRAME_TARGET(%rdi), %rax
	ldmxcsr	FRAME_MXCSR(%rdi)
	.irp	n, 2,3,4,5,6,7,8,9,10,11,12,13,14,15
	movq	(FRAME_XMM + 16*\n)(%rdi), %xmm\n
	.endr
	mov	24(%rdi), %rbx
	mov	40(%rdi), %rbp
	mov	48(%rdi), %rsi
	mov	64(%rdi), %r8
	mov	72(%rdi), %r9
	mov	80(%rdi), %r10
	mov	88(%rdi), %r11
	mov	96(%rdi), %r12
	mov	104(%rdi), %r13
	mov	112(%rdi), %r14
	mov	120(%rdi), %r15
	mov	56(%rdi), %rdi
	jmp	*%rax
machine_enter_end:
1:	movq	$0, (%rdi)
	jmp	2f

/* The exit stub of the cache comes here: eax, ecx, rdx are the exit's arguments. */
machine_exit:
	push	%rdi
	mov	8(%rsp), %rdi
	mov	%rax, 0(%rdi)
	mov	%rcx, 8(%rdi)
	mov	%rdx, 16(%rdi)
	mov	%rbx, 24(%rdi)
	mov	%rbp, 40(%rdi)
	mov	%rsi, 48(%rdi)
	mov	%r8, 64(%rdi)
	mov	%r9, 72(%rdi)
	mov	%r10, 80(%rdi)
	mov	%r11, 88(%rdi)
	mov	%r12, 96(%rdi)
	mov	%r13, 104(%rdi)
	mov	%r14, 112(%rdi)
	mov	%r15, 120(%rdi)
	pop	%rax
	mov	%rax, 56(%rdi)
	stmxcsr	FRAME_MXCSR(%rdi)
	.irp	n, 2,3,4,5,6,7,8,9,10,11,12,13,14,15
	movq	%xmm\n, (FRAME_XMM + 16*\n)(%rdi)
	.endr
	push	$MXCSR_DEFAULT
	ldmxcsr	(%rsp)
	pop	%rax
2:	pop	%rdi
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret
	.size	machine_enter, . - machine_enter
	.section .note.GNU-stack, "", @progbits
