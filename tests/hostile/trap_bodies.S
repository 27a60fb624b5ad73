/* SPDX-License-Identifier: GPL-2.0-only */
/* trap_bodies.S: pieces of code that traps.c runs. */
	.option	norelax		/* gp is the probed code's, or nobody's */
	.text
	.globl	trap_count, trap_nest
	.balign	4
trap_count:
	addi	a0, a0, 1
	ecall
	j	trap_count

	/* mtvec: one trap more, by an illegal word in the handler, until trap_depth is used up */
	.balign	4
trap_nest:
	csrw	mscratch, t0
	la	t0, trap_depth
	sd	t1, 8(t0)
	ld	t1, 0(t0)
	beqz	t1, 1f
	addi	t1, t1, -1
	sd	t1, 0(t0)
	ld	t1, 8(t0)
	csrr	t0, mscratch
	.word	0
1:	ld	t1, 8(t0)
	csrr	t0, mscratch
	j	probe_vector

	.globl	body_lr, body_sc, body_amo_w, body_amo_d, body_ld, body_sd
body_lr:
	lr.d	a1, (a0)
	ret
body_sc:
	sc.d	a1, a1, (a0)
	ret
body_amo_w:
	amoswap.w a1, a1, (a0)
	ret
body_amo_d:
	amomax.d a1, a1, (a0)
	ret
body_ld:
	ld	a1, 0(a0)
	ret
body_sd:
	sd	a1, 0(a0)
	ret

	.bss
	.balign	8
	.globl	trap_depth
trap_depth:
	.skip	16
