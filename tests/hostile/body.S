/* SPDX-License-Identifier: GPL-2.0-only */
/* body.S: one access each, 8 bytes of code apart. a0 = address, a1 = value. */
	.option	norvc
	.text
	.macro	bodies name, insns:vararg
	.globl	\name
	.balign	8
\name:
	.irp	insn, \insns
	\insn	a1, 0(a0)
	ret
	.endr
	.endm

	bodies	body_load, lb, lh, lw, ld
	bodies	body_store, sb, sh, sw, sd

	.globl	body_atomic
	.balign	8
body_atomic:
	amoadd.w a1, a1, (a0)
	ret
	amoadd.d a1, a1, (a0)
	ret

	.globl	body_jump
	.balign	8
body_jump:
	jr	a0
