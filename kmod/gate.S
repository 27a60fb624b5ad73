/* SPDX-License-Identifier: GPL-2.0-only */
/* gate.S: into the sealed world and back; what answers every vector there.
 *
 * This text lies at the same address in host and world. rdi is the vCPU's block throughout. While the world's IDT is
 * loaded any instruction may be hit by an NMI or a machine check; the handler tells by the interrupted address what to do:
 *
 *   guest      (ring 3, or before entry.S of the monitor has a stack): save everything, leave
 *   window     (between the loads of the two IDTs): note it, return without iret; the switch goes on
 *   resume     (from the last look at `pending` to iretq): drop what was popped, leave; the frame is still whole
 *   tail       (the same of entry.S, to sysret): as if ring 3 were reached
 *   monitor    (everything else here, and the monitor): note it, return without iret; seen on the way back to ring 3
 *
 * Returning without iret keeps NMIs blocked until the host has answered the one that came.
 * Next file: space_stay.c (which fills the block and calls gate_enter), boundary.c, world/monitor.c. */
#include <linux/linkage.h>
#include <linux/objtool.h>
#include <asm/asm.h>
#include <asm/alternative.h>
#include <asm/msr-index.h>
#include <asm/nospec-branch.h>
#include <asm/processor-flags.h>
#include <asm/segment.h>
#include <asm/smap.h>

#include "abi.h"
#include "compat/compat_asm.h"
#include "world/layout.h"

#define GATE_ENDBR	.byte 0xf3, 0x0f, 0x1e, 0xfa
#define GDT_TSS_TYPE	(GDT_ENTRY_TSS * 8 + 5)	/* byte of the descriptor that holds type and present bit */
#define TSS_AVAILABLE	0x89
#define SYSCALL_BYTES	2

/* Code that objtool is not to follow: stacks change under it. Nothing is put before or behind the label, so that pages and
 * table entries start where they are said to. */
#define GATE_CODE(name)	    .balign 16; SYM_START(name, SYM_L_GLOBAL, SYM_A_NONE)
#define GATE_CODE_END(name) SYM_END(name, SYM_T_FUNC); STACK_FRAME_NON_STANDARD name

/* Changes rax, rcx, rdx. */
.macro WRITE_MSR msr field
	mov	$\msr, %ecx
	mov	\field(%rdi), %eax
	mov	\field + 4(%rdi), %edx
	wrmsr
.endm

/* Writes a segment base from the block. Changes rax, rcx, rdx. */
.macro SET_BASE insn msr field
	ALTERNATIVE "WRITE_MSR \msr \field", "mov \field(%rdi), %rax; \insn %rax", X86_FEATURE_FSGSBASE
.endm

/* ---- what processors with bugs need ---- */

/* What the host has loaded or stored must not be found in buffers by ring 3. */
.macro CLEAR_BUFFERS
	verw	GATE_VERW(%rdi)
.endm

/* Written even if it is set: that it was is not enough for indirect branches trained since. Changes rax, rcx, rdx. */
.macro SET_IBRS
	WRITE_MSR MSR_IA32_SPEC_CTRL GATE_SPEC_CTRL
.endm

.macro RESTORE_HOST_REGS
	popfq				/* AC too: delivery of an exception does not clear it */
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
.endm

.macro FLUSH_PREDICTORS
	mov	$MSR_IA32_PRED_CMD, %ecx
	mov	$PRED_CMD_IBPB, %eax
	xor	%edx, %edx
	wrmsr
.endm

/* 32 return addresses that lead nowhere in place of the guest's. Changes rax. */
.macro FILL_RETURN_STACK
	mov	$16, %eax
.Lfill\@:
	ANNOTATE_INTRA_FUNCTION_CALL
	call	.Lodd\@
	int3
.Lodd\@:
	ANNOTATE_INTRA_FUNCTION_CALL
	call	.Leven\@
	int3
.Leven\@:
	add	$16, %rsp
	dec	%eax
	jnz	.Lfill\@
	lfence
.endm

/* 256 taken branches, more than any branch history holds (194, Intel: Branch History Injection). Changes rax. */
.macro CLEAR_HISTORY
	mov	$64, %eax
.Lround\@:
	jmp	.Lsecond\@
	int3
.Lsecond\@:
	jmp	.Lthird\@
	int3
.Lthird\@:
	jmp	.Llast\@
	int3
.Llast\@:
	dec	%eax
	jnz	.Lround\@
	lfence
.endm

	.text
	.balign	4096
GATE_CODE(gate_text)
	GATE_ENDBR			/* nobody jumps here; its address is taken */
	.skip	60, 0xcc
GATE_CODE_END(gate_text)

/* void gate_enter(void *block): one stay in the world. Interrupts are off. */
GATE_CODE(gate_enter)
	GATE_ENDBR
	push	%rbp
	push	%rbx
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	pushfq
	mov	%rsp, GATE_HOST_RSP(%rdi)
	SET_BASE wrfsbase, MSR_FS_BASE, GATE_WORLD_FS
	WRITE_MSR MSR_LSTAR GATE_WORLD_LSTAR
	movb	$TSS_AVAILABLE, (BLOCK_GDT_WORLD + GDT_TSS_TYPE)(%rdi)
	lgdt	GATE_GDTR_WORLD(%rdi)
	lidt	GATE_IDTR_WORLD(%rdi)
.Lenter_window:
	ANNOTATE_NOENDBR
	mov	$(GDT_ENTRY_TSS * 8), %eax
	ltr	%ax
	cmpb	$0, GATE_SWITCH_CR4(%rdi)
	je	1f
	mov	GATE_WORLD_CR4(%rdi), %rax
	mov	%rax, %cr4
1:	SET_BASE wrgsbase, MSR_GS_BASE, GATE_WORLD_GS
	lea	BLOCK_FRAME(%rdi), %rsp
	mov	GATE_WORLD_CR3(%rdi), %rax
	mov	%rax, %cr3
	ALTERNATIVE_2 "", "CLEAR_BUFFERS", X86_FEATURE_CLEAR_CPU_BUF, "CLEAR_BUFFERS", COMPAT_FEATURE_CLEAR_CPU_BUF_VM
.Lenter_window_end:
	ANNOTATE_NOENDBR

/* Back to ring 3. rsp is the frame. */
.Lgate_resume:
	cmpw	$0, GATE_PENDING(%rdi)
.Lresume:
	ANNOTATE_NOENDBR
	jne	.Lleave_pending
	pop	%rax
	pop	%rcx
	pop	%rdx
	pop	%rbx
	lea	8(%rsp), %rsp		/* no guest value lives in rsp */
	pop	%rbp
	pop	%rsi
	pop	%rdi
	pop	%r8
	pop	%r9
	pop	%r10
	pop	%r11
	pop	%r12
	pop	%r13
	pop	%r14
	pop	%r15
	lea	(FRAME_RIP - FRAME_VECTOR)(%rsp), %rsp
	iretq
.Lresume_end:
	ANNOTATE_NOENDBR
	int3

.Lleave_pending:
	movl	$LEAVE_PENDING, GATE_LEAVE(%rdi)

/* Out of the world; why is in GATE_LEAVE. TR must be the world's while CR3 is, and GS the host's before its IDT is. */
	.globl	gate_leave
gate_leave:
	ANNOTATE_NOENDBR
	lea	BLOCK_FRAME(%rdi), %rsp
	mov	GATE_HOST_CR3(%rdi), %rax
	mov	%rax, %cr3
	SET_BASE wrgsbase, MSR_GS_BASE, GATE_HOST_GS
	cmpb	$0, GATE_SWITCH_CR4(%rdi)
	je	1f
	mov	GATE_HOST_CR4(%rdi), %rax
	mov	%rax, %cr4
1:	movb	$TSS_AVAILABLE, (BLOCK_GDT_HOST + GDT_TSS_TYPE)(%rdi)
	lgdt	GATE_GDTR_HOST(%rdi)
	mov	$(GDT_ENTRY_TSS * 8), %eax
	ltr	%ax
	lidt	GATE_HOST_IDTR(%rdi)
.Lleave_window_end:
	ANNOTATE_NOENDBR
	lgdt	GATE_HOST_GDTR(%rdi)
	mov	$__KERNEL_DS, %eax
	mov	%eax, %ss
	SET_BASE wrfsbase, MSR_FS_BASE, GATE_HOST_FS
	WRITE_MSR MSR_LSTAR GATE_HOST_LSTAR
	mov	GATE_HOST_RSP(%rdi), %rsp
	/* before the first ret; what exactly the host wants is looked at there */
	ALTERNATIVE_2 "", "jmp .Lmitigate", X86_FEATURE_RSB_VMEXIT, "jmp .Lmitigate", COMPAT_FEATURE_CLEAR_BHB_VMEXIT
	ALTERNATIVE_2 "", "jmp .Lmitigate", X86_FEATURE_UNRET, "jmp .Lmitigate", X86_FEATURE_SRSO_ALIAS
	ALTERNATIVE_2 "", "jmp .Lmitigate", X86_FEATURE_ENTRY_IBPB, "jmp .Lmitigate", X86_FEATURE_KERNEL_IBRS
	ALTERNATIVE "", "jmp .Lmitigate", X86_FEATURE_IBPB_ON_VMEXIT
.Lmitigated:
	RESTORE_HOST_REGS
	ALTERNATIVE "", "jmp .Lreturn_from_alias", X86_BUG_ITLB_MULTIHIT
	RET

/* What the host's own entry, or that after a VM exit, does on processors with bugs. Here is no indirect branch, and none of
 * the kernel's functions is called on processors whose gate runs at another address (boundary.c). */
.Lmitigate:
	ALTERNATIVE "", "SET_IBRS", X86_FEATURE_KERNEL_IBRS
	CALL_UNTRAIN_RET
	ALTERNATIVE_2 "", "FLUSH_PREDICTORS", X86_FEATURE_ENTRY_IBPB, "FLUSH_PREDICTORS", X86_FEATURE_IBPB_ON_VMEXIT
	ALTERNATIVE "jmp .Lfilled", "", X86_FEATURE_RSB_VMEXIT
	FILL_RETURN_STACK
.Lfilled:
	ALTERNATIVE "jmp .Lmitigated", "", COMPAT_FEATURE_CLEAR_BHB_VMEXIT
	CLEAR_HISTORY
	jmp	.Lmitigated

/* The return thunk is too far for this address. These processors predict a return by the return stack alone, which has just
 * been filled if the host cares. */
.Lreturn_from_alias:
	ANNOTATE_UNRET_SAFE
	ret
	int3
GATE_CODE_END(gate_enter)

.macro SAVE_REGS_BUT_RDI_AT base
	mov	%rax, (\base + FRAME_REG(ABI_RAX))(%rdi)
	mov	%rcx, (\base + FRAME_REG(ABI_RCX))(%rdi)
	mov	%rdx, (\base + FRAME_REG(ABI_RDX))(%rdi)
	mov	%rbx, (\base + FRAME_REG(ABI_RBX))(%rdi)
	mov	%rbp, (\base + FRAME_REG(ABI_RBP))(%rdi)
	mov	%rsi, (\base + FRAME_REG(ABI_RSI))(%rdi)
	mov	%r8, (\base + FRAME_REG(ABI_R8))(%rdi)
	mov	%r9, (\base + FRAME_REG(ABI_R9))(%rdi)
	mov	%r10, (\base + FRAME_REG(ABI_R10))(%rdi)
	mov	%r11, (\base + FRAME_REG(ABI_R11))(%rdi)
	mov	%r12, (\base + FRAME_REG(ABI_R12))(%rdi)
	mov	%r13, (\base + FRAME_REG(ABI_R13))(%rdi)
	mov	%r14, (\base + FRAME_REG(ABI_R14))(%rdi)
	mov	%r15, (\base + FRAME_REG(ABI_R15))(%rdi)
.endm

/* Calls the monitor's function at \to. No branch predictor that ring 3 has trained decides where: a return to an address
 * on the stack, whose own prediction is caught. Changes rax. */
.macro CALL_MONITOR to
	mov	$\to, %eax
	call	.Lto_monitor\@
	jmp	.Lback\@
.Lto_monitor\@:
	ANNOTATE_INTRA_FUNCTION_CALL
	call	.Laim\@
.Lcatch\@:
	pause
	lfence
	jmp	.Lcatch\@
.Laim\@:
	mov	%rax, (%rsp)
	ANNOTATE_UNRET_SAFE
	ret
	int3
.Lback\@:
.endm

/* Jumps to \to if \low <= rax < \high. Changes rdx. */
.macro IF_WITHIN low high to
	lea	\low(%rip), %rdx
	cmp	%rdx, %rax
	jb	.Loutside\@
	lea	\high(%rip), %rdx
	cmp	%rdx, %rax
	jb	\to
.Loutside\@:
.endm

/* The same for places of the monitor's text. */
.macro IF_AT low high to
	cmp	$\low, %rax
	jb	.Loutside\@
	cmp	$\high, %rax
	jb	\to
.Loutside\@:
.endm

/* What the handler of an NMI or machine check finds above the two registers it pushes. */
#define HIT_RDX	   0
#define HIT_RAX	   8
#define HIT_RIP	   16
#define HIT_CS	   24
#define HIT_RFLAGS 32
#define HIT_RSP	   40
#define HIT_SS	   48
#define HIT_BYTES  16	/* the two registers */

/* Takes the two registers back, and leaves rdi on the stack. rdi: the block. */
.macro NOTE_HIT pending counter
	pop	%rdx
	pop	%rax
	push	%rdi
	mov	%rsp, %rdi
	and	$BLOCK_MASK, %rdi
	movb	$1, \pending(%rdi)
	incl	\counter(%rdi)
.endm

.macro NMI_HANDLER name pending
GATE_CODE(\name)
	GATE_ENDBR
	push	%rax
	push	%rdx
	mov	HIT_RIP(%rsp), %rax
	testb	$3, HIT_CS(%rsp)
	jnz	.Lguest\@
	IF_WITHIN .Lenter_window, .Lenter_window_end, .Lwindow\@
	IF_WITHIN gate_leave, .Lleave_window_end, .Lwindow\@
	IF_WITHIN .Lresume, .Lresume_end, .Lresume\@
	IF_AT WORLD_SYSCALL, WORLD_SYSCALL_STACKED, .Lguest\@
	IF_AT WORLD_TAIL, WORLD_TAIL_END, .Ltail\@
	mov	%rsp, %rax
	and	$BLOCK_MASK, %rax
	movb	$1, \pending(%rax)
	incl	GATE_NMI_MONITOR(%rax)
	jmp	.Lreturn\@

.Lwindow\@:				/* the stack may be the host's: rdi is the block */
	movb	$1, \pending(%rdi)
	incl	GATE_NMI_WINDOW(%rdi)
.Lreturn\@:				/* copies what ret needs to the interrupted stack */
	mov	HIT_RSP(%rsp), %rdx
	mov	HIT_RIP(%rsp), %rax
	mov	%rax, -8(%rdx)
	mov	HIT_RFLAGS(%rsp), %rax
	mov	%rax, -16(%rdx)
	mov	HIT_RAX(%rsp), %rax
	mov	%rax, -24(%rdx)
	mov	HIT_RDX(%rsp), %rax
	mov	%rax, -32(%rdx)
	lea	-32(%rdx), %rsp
	pop	%rdx
	pop	%rax
	popfq
	ANNOTATE_UNRET_SAFE
	ret
	int3

.Lresume\@:
	mov	%rsp, %rdi
	and	$BLOCK_MASK, %rdi
	movb	$1, \pending(%rdi)
	incl	GATE_NMI_RESUME(%rdi)
	jmp	.Lleave_pending

.Ltail\@:				/* what sysret would have loaded */
	mov	%rcx, HIT_RIP(%rsp)
	movb	$__USER_CS, HIT_CS(%rsp)
	mov	%r11, HIT_RFLAGS(%rsp)
	NOTE_HIT \pending GATE_NMI_RESUME
	jmp	gate_nmi_guest

.Lguest\@:
	NOTE_HIT \pending GATE_NMI_GUEST
	jmp	gate_nmi_guest
GATE_CODE_END(\name)
.endm

	NMI_HANDLER gate_nmi, GATE_PENDING_NMI
	NMI_HANDLER gate_machine_check, GATE_PENDING_MC

/* Saves the registers of translated code hit by an NMI; they may be those that it is about to have. On the stack: its rdi, then what the processor pushed. */
GATE_CODE(gate_nmi_guest)
	SAVE_REGS_BUT_RDI_AT BLOCK_FRAME
	pop	%rax
	mov	%rax, (BLOCK_FRAME + FRAME_REG(ABI_RDI))(%rdi)
	testb	$3, 8(%rsp)
	jz	1f
	mov	0(%rsp), %rax
	mov	%rax, (BLOCK_FRAME + FRAME_RIP)(%rdi)
	mov	16(%rsp), %rax
	mov	%rax, (BLOCK_FRAME + FRAME_RFLAGS)(%rdi)
	jmp	2f
1:	/* syscall was the last instruction: it will be executed again. The stub has stored r11 before */
	lea	-SYSCALL_BYTES(%rcx), %rax
	mov	%rax, (BLOCK_FRAME + FRAME_RIP)(%rdi)
	mov	%r11, (BLOCK_FRAME + FRAME_RFLAGS)(%rdi)
2:	cld
	jmp	.Lleave_pending
GATE_CODE_END(gate_nmi_guest)

/* Double fault: a bug of ours, contained. On the stack of IST 4: error code, rip, cs. */
GATE_CODE(gate_double_fault)
	GATE_ENDBR
	mov	%rsp, %rdi
	and	$BLOCK_MASK, %rdi
	mov	8(%rsp), %rax
	mov	%rax, (BLOCK_FRAME + FRAME_RIP)(%rdi)
	movq	$8, (BLOCK_FRAME + FRAME_VECTOR)(%rdi)
	jmp	.Lfatal
GATE_CODE_END(gate_double_fault)

/* One stub of 16 bytes per vector; those without an error code push 0. */
	.balign	64
GATE_CODE(gate_stubs)
	.set	vector, 0
	.rept	256
	.balign	16
	GATE_ENDBR
	.if	(vector == 8) || ((vector >= 10) && (vector <= 14)) || (vector == 17) || (vector == 21) || (vector == 29) || (vector == 30)
	.else
	push	$0
	.endif
	push	$vector
	jmp	gate_common
	.set	vector, vector + 1
	.endr
GATE_CODE_END(gate_stubs)

GATE_CODE(gate_common)
	push	%r15
	push	%r14
	push	%r13
	push	%r12
	push	%r11
	push	%r10
	push	%r9
	push	%r8
	push	%rdi
	push	%rsi
	push	%rbp
	push	$0
	push	%rbx
	push	%rdx
	push	%rcx
	push	%rax
	cld
	ASM_CLAC
	mov	%rsp, %rdi
	and	$BLOCK_MASK, %rdi
	mov	FRAME_VECTOR(%rsp), %eax
	cmp	$32, %eax
	jae	.Lirq
	testb	$3, FRAME_CS(%rsp)
	jz	.Lfatal
	cmp	$14, %eax
	jne	.Lfault
	mov	%cr2, %rax
	mov	%rax, GATE_CR2(%rdi)
	mov	%rdi, %rbx
	CALL_MONITOR WORLD_MONITOR
	mov	%rbx, %rdi
	test	%eax, %eax
	jz	.Lgate_resume
	mov	%eax, GATE_LEAVE(%rdi)
	jmp	gate_leave
.Lfault:
	movl	$LEAVE_FAULT, GATE_LEAVE(%rdi)
	jmp	gate_leave
.Lirq:
	movl	$LEAVE_IRQ, GATE_LEAVE(%rdi)
	jmp	gate_leave
.Lfatal:
	mov	%cr2, %rax
	mov	%rax, GATE_CR2(%rdi)
	movl	$LEAVE_FATAL, GATE_LEAVE(%rdi)
	jmp	gate_leave
GATE_CODE_END(gate_common)

	.balign	4096, 0xcc
GATE_CODE(gate_text_end)
	GATE_ENDBR
	int3
GATE_CODE_END(gate_text_end)

/* void gate_host_interrupt(u32 vector): the host's own entry for a vector that arrived in the world. The shadow of sti
 * makes the saved flags say "interrupts on" without a window; NMI and machine check come with interrupts off. */
	.balign	64
GATE_CODE(gate_host_interrupt)
	GATE_ENDBR
	shl	$4, %edi
	lea	gate_host_table(%rip), %rax
	add	%rdi, %rax
	JMP_NOSPEC rax
GATE_CODE_END(gate_host_interrupt)

	.balign	16
GATE_CODE(gate_host_table)
	.set	vector, 0
	.rept	256
	.balign	16
	GATE_ENDBR
	.if	(vector != 2) && (vector != 18)
	sti
	.endif
	.byte	0xcd, vector
	jmp	gate_host_done
	.set	vector, vector + 1
	.endr
GATE_CODE_END(gate_host_table)

GATE_CODE(gate_host_done)
	RET
GATE_CODE_END(gate_host_done)
