// SPDX-License-Identifier: GPL-2.0-only
/* reg.c: one-reg numbers to guest registers; groups and order as in KVM's RISC-V ABI (uapi/asm/kvm.h of that port).
 * Next file: ../translator/csr.h. */
#include "csr.h"
#include "run.h"
#include "vcpu.h"
#include "vm.h"

enum {
	GROUP_MASK = 0x00ffffff,
	TIMER_FREQUENCY = 0,
	TIMER_TIME = 1,
	CORE_PC = 0,
	CORE_MODE = 32,
	FP_FCSR = 32,
	CSR_MODE_SHIFT = 8, /* of a CSR's number: the lowest mode that reaches it */
};

/* struct kvm_riscv_csr, in its order. */
static const u16 kvm_csr[] = {
	CSR_SSTATUS, CSR_SIE, CSR_STVEC, CSR_SSCRATCH,	 CSR_SEPC,    CSR_SCAUSE,
	CSR_STVAL,   CSR_SIP, CSR_SATP,	 CSR_SCOUNTEREN, CSR_SENVCFG,
};

/* ---- core ---- */

static int core_get(struct vcpu *v, u32 number, u64 *value)
{
	if (number > CORE_MODE)
		return -ENOENT;
	if (number == CORE_PC)
		*value = v->g->pc;
	else if (number == CORE_MODE)
		*value = v->g->priv;
	else
		*value = v->g->home->x[number];
	return 0;
}

static int core_set(struct vcpu *v, u32 number, u64 value)
{
	if (number > CORE_MODE)
		return -ENOENT;
	if (number == CORE_PC) {
		if (value & 1)
			return -EINVAL;
		v->g->pc = value;
	} else if (number == CORE_MODE) {
		if (value != PRIV_U && value != PRIV_S && (value != PRIV_M || v->vm->has_sbi))
			return -EINVAL;
		v->g->priv = (u8)value;
	} else {
		v->g->home->x[number] = value;
	}
	return 0;
}

/* ---- the other groups ---- */

static int csr_group_get(struct vcpu *v, u32 number, u64 *value)
{
	return number < ARRAY_SIZE(kvm_csr) ? csr_get(v->g, kvm_csr[number], value) : -ENOENT;
}

static int csr_group_set(struct vcpu *v, u32 number, u64 value)
{
	return number < ARRAY_SIZE(kvm_csr) ? csr_set(v->g, kvm_csr[number], value) : -ENOENT;
}

static int csr_number_get(struct vcpu *v, u32 number, u64 *value)
{
	return csr_get(v->g, number, value);
}

static int csr_number_set(struct vcpu *v, u32 number, u64 value)
{
	if (v->vm->has_sbi && (number >> CSR_MODE_SHIFT & 3) == PRIV_M)
		return -EINVAL;
	return csr_set(v->g, number, value);
}

static int timer_get(struct vcpu *v, u32 number, u64 *value)
{
	switch (number) {
	case TIMER_FREQUENCY: *value = CLINT_HZ; return 0;
	case TIMER_TIME: *value = clint_time(&v->vm->clint); return 0;
	default: return -ENOENT;
	}
}

static int timer_set(struct vcpu *v, u32 number, u64 value)
{
	switch (number) {
	case TIMER_FREQUENCY: return value == CLINT_HZ ? 0 : -EINVAL;
	case TIMER_TIME: clint_set_time(v->vm, value); return 0;
	default: return -ENOENT;
	}
}

/* The numbers of struct __riscv_d_ext_state; csr_set() would make FS dirty. */
static int fp_get(struct vcpu *v, u32 number, u64 *value)
{
	if (number >= ARRAY_SIZE(v->g->home->f))
		return -ENOENT;
	*value = v->g->home->f[number];
	return 0;
}

static int fp_set(struct vcpu *v, u32 number, u64 value)
{
	if (number >= ARRAY_SIZE(v->g->home->f))
		return -ENOENT;
	v->g->home->f[number] = value;
	return 0;
}

static int fcsr_get(struct vcpu *v, u32 number, u64 *value)
{
	return number == FP_FCSR ? csr_get(v->g, CSR_FCSR, value) : -ENOENT;
}

static int fcsr_set(struct vcpu *v, u32 number, u64 value)
{
	if (number != FP_FCSR)
		return -ENOENT;
	csr_put_fcsr(v->g, value);
	return 0;
}

static const struct {
	u64 base;
	int (*get)(struct vcpu *v, u32 number, u64 *value);
	int (*set)(struct vcpu *v, u32 number, u64 value);
} groups[] = {
	{ LDBT_REG_CORE, core_get, core_set },
	{ LDBT_REG_CSR, csr_group_get, csr_group_set },
	{ LDBT_REG_TIMER, timer_get, timer_set },
	{ LDBT_REG_FP_D, fp_get, fp_set },
	{ LDBT_REG_FP_FCSR & ~(u64)GROUP_MASK, fcsr_get, fcsr_set },
	{ LDBT_REG_CSR_NUMBER, csr_number_get, csr_number_set },
};

/* ---- calls ---- */

int reg_get(struct vcpu *v, u64 id, u64 *value)
{
	u32 i;

	if (v->is_inside) /* an MMIO access is under way: as far as the instruction has come */
		run_bring_home(v);
	for (i = 0; i < ARRAY_SIZE(groups); i++)
		if ((id & ~(u64)GROUP_MASK) == groups[i].base)
			return groups[i].get(v, (u32)(id & GROUP_MASK), value);
	return -ENOENT;
}

int reg_set(struct vcpu *v, u64 id, u64 value)
{
	u32 i;

	if (v->is_inside || v->mmio.state != MMIO_NONE || v->sbi.is_asked) /* an MMIO access waits for its answer */
		return -EBUSY;
	for (i = 0; i < ARRAY_SIZE(groups); i++)
		if ((id & ~(u64)GROUP_MASK) == groups[i].base)
			return groups[i].set(v, (u32)(id & GROUP_MASK), value);
	return -ENOENT;
}
