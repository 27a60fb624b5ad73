/* SPDX-License-Identifier: GPL-2.0-only */
/* vbody.S: code that vtables.c and vstorm.c run in U and S. */
	.option	norvc
	.text
	.globl	vbody_ld, vbody_sd, vbody_amo, vbody_jump, vbody_satp, vbody_store_fence_load, vbody_twice, vbody_ecalls, vbody_handler
	.balign	8
vbody_ld:
	ld	a1, 0(a0)
	ret
vbody_sd:
	sd	a1, 0(a0)
	ret
vbody_amo:
	amoadd.d a1, a1, (a0)
	ret
vbody_jump:
	jr	a0
	/* satp = a0; a1 = satp */
vbody_satp:
	csrw	satp, a0
	sfence.vma
	csrr	a1, satp
	ret
	/* [a0] = a1; fence; a1 = [a2] */
vbody_store_fence_load:
	sd	a1, 0(a0)
	sfence.vma
	ld	a1, 0(a2)
	ret
	/* a1 = [a0], twice, with a fence of that address between */
vbody_twice:
	ld	a1, 0(a0)
	sfence.vma a0
	ld	a1, 0(a0)
	ret
	/* a1 times: ecall, then counted in a2 (which the handler changes) */
vbody_ecalls:
	ecall
	addi	a1, a1, -1
	bnez	a1, vbody_ecalls
	j	probe_return

	/* stvec: counts ecalls from U in a2, with all that S-mode does in between; what else comes is M's */
	.balign	4
vbody_handler:
	csrrw	t0, sscratch, t0
	csrr	t1, sepc
	addi	t1, t1, 4
	csrw	sepc, t1
	csrr	t1, scause
	csrr	t2, stval
	add	a2, a2, t1
	csrrw	t0, sscratch, t0
	csrsi	sstatus, 2
	csrci	sstatus, 2
	sret
