// SPDX-License-Identifier: GPL-2.0-only
/* sbi.c: a table of extensions, each a table of functions; chapters of the specification in the comments.
 * Next file: sbi_pmu.c, run.c. */
#include "sbi.h"

#include <linux/sched/signal.h>
#include <linux/wait.h>

#include "csr.h"
#include "mem.h"
#include "mmu.h"
#include "run.h"
#include "trap.h"
#include "vcpu.h"
#include "vm.h"
#include "world/hart.h"

enum {
	REG_A0 = 10,
	REG_A1 = 11,
	REG_A6 = 16, /* function */
	REG_A7 = 17, /* extension */
	ARGS = 6,
	IMPLEMENTATION = 0x6c646274, /* "ldbt": no number of the specification's list */
	IMPLEMENTATION_VERSION = LDBT_API_VERSION,
	EXT_LEGACY_LAST = 0xf,
	FENCE_PAGES_MAX = 64, /* from there on all is forgotten */
	SUSPEND_RETENTIVE = 0,
	RESET_TYPE_SHUTDOWN = 0,
	RESET_TYPE_COLD = 1,
	RESET_TYPE_WARM = 2,
	RESET_REASON_FAILURE = 1,
};

#define SUSPEND_NON_RETENTIVE 0x80000000U
#define HARTS_ALL	      (~0ULL) /* hart_mask_base: the mask is not looked at */

/* What a function returns besides errors of the specification. */
enum {
	ASK = 1,    /* the controller serves it */
	EXITED = 2, /* the run page is filled, and there will be no answer */
	GONE = 3,   /* the hart goes on elsewhere */
};

typedef int (*sbi_function)(struct vcpu *v, const u64 *arg, u64 *value);

static int to_controller(struct vcpu *v, u32 reason)
{
	WRITE_ONCE(v->run->exit_reason, reason);
	return 1;
}

/* ---- harts ---- */

static struct vcpu *hart_get(struct vcpu *v, u64 hartid)
{
	return hartid < VM_VCPUS_MAX ? READ_ONCE(v->vm->vcpu[hartid]) : NULL;
}

/* Calls fn for each hart of a hart mask. Chapter "Binary Encoding", "Hart list parameter". */
static int for_harts(struct vcpu *v, u64 mask, u64 base, void (*fn)(struct vcpu *target, const u64 *arg),
		     const u64 *arg)
{
	u64 hartid;

	if (base == HARTS_ALL) {
		base = 0;
		mask = (1ULL << VM_VCPUS_MAX) - 1;
	}
	for (hartid = 0; hartid < 64; hartid++)
		if (mask >> hartid & 1 && !hart_get(v, base + hartid))
			return SBI_ERR_INVALID_PARAM;
	for (hartid = 0; hartid < 64; hartid++)
		if (mask >> hartid & 1)
			fn(hart_get(v, base + hartid), arg);
	return SBI_SUCCESS;
}

/* ---- "Base Extension" ---- */

static int base_spec(struct vcpu *v, const u64 *arg, u64 *value)
{
	*value = SBI_SPEC_VERSION;
	return SBI_SUCCESS;
}

static int base_implementation(struct vcpu *v, const u64 *arg, u64 *value)
{
	*value = IMPLEMENTATION;
	return SBI_SUCCESS;
}

static int base_version(struct vcpu *v, const u64 *arg, u64 *value)
{
	*value = IMPLEMENTATION_VERSION;
	return SBI_SUCCESS;
}

static int base_vendor(struct vcpu *v, const u64 *arg, u64 *value)
{
	csr_get(v->g, CSR_MVENDORID, value);
	return SBI_SUCCESS;
}

static int base_arch(struct vcpu *v, const u64 *arg, u64 *value)
{
	csr_get(v->g, CSR_MARCHID, value);
	return SBI_SUCCESS;
}

static int base_imp(struct vcpu *v, const u64 *arg, u64 *value)
{
	csr_get(v->g, CSR_MIMPID, value);
	return SBI_SUCCESS;
}

static int base_probe(struct vcpu *v, const u64 *arg, u64 *value);

/* ---- "Timer Extension" ---- */

/* The same alarm as stimecmp: who uses both uses one. */
static int set_timer(struct vcpu *v, const u64 *arg, u64 *value)
{
	sbi_pmu_count(v, SBI_FW_SET_TIMER);
	csr_set(v->g, CSR_STIMECMP, arg[0]);
	return SBI_SUCCESS;
}

/* ---- "IPI Extension" ---- */

static void ipi_one(struct vcpu *target, const u64 *arg)
{
	WRITE_ONCE(target->sbi.ipi, 1);
	vcpu_kick(target); /* orders the two */
}

static int ipi_send(struct vcpu *v, const u64 *arg, u64 *value)
{
	sbi_pmu_count(v, SBI_FW_IPI_SENT);
	return for_harts(v, arg[0], arg[1], ipi_one, arg);
}

void sbi_take_ipi(struct vcpu *v)
{
	if (!xchg(&v->sbi.ipi, 0))
		return;
	sbi_pmu_count(v, SBI_FW_IPI_RECEIVED);
	csr_set_lines(v->g, 1ULL << IRQ_S_SOFT, 1ULL << IRQ_S_SOFT);
}

/* ---- "RFENCE Extension": mask, base, start, size, asid ---- */

static void fence_i_one(struct vcpu *target, const u64 *arg)
{
	BUILD_BUG_ON(VM_VCPUS_MAX != 1); /* the target is the caller: nobody is within the blocks */
	sbi_pmu_count(target, SBI_FW_FENCE_I_RECEIVED);
	vm_fence_i(target->vm);
}

static int fence_i(struct vcpu *v, const u64 *arg, u64 *value)
{
	sbi_pmu_count(v, SBI_FW_FENCE_I_SENT);
	return for_harts(v, arg[0], arg[1], fence_i_one, arg);
}

static void fence_range(struct vcpu *target, u64 start, u64 size_bytes, const struct fence *like)
{
	struct fence fence = *like;
	u64 first = start & PAGE_MASK, pages = (size_bytes + (start - first) + PAGE_SIZE - 1) >> PAGE_SHIFT;
	u64 n;

	if ((!start && !size_bytes) || size_bytes > (u64)FENCE_PAGES_MAX << PAGE_SHIFT) {
		mmu_fence(target, &fence);
		return;
	}
	fence.has_gva = true;
	for (n = 0; n < pages; n++) {
		fence.gva = first + (n << PAGE_SHIFT);
		mmu_fence(target, &fence);
	}
}

static void fence_vma_one(struct vcpu *target, const u64 *arg)
{
	const struct fence fence = { 0 };

	BUILD_BUG_ON(VM_VCPUS_MAX != 1); /* the target is the caller */
	sbi_pmu_count(target, SBI_FW_SFENCE_VMA_RECEIVED);
	fence_range(target, arg[2], arg[3], &fence);
}

static void fence_asid_one(struct vcpu *target, const u64 *arg)
{
	const struct fence fence = { .has_asid = true, .asid = (u16)arg[4] };

	sbi_pmu_count(target, SBI_FW_SFENCE_VMA_ASID_RECEIVED);
	fence_range(target, arg[2], arg[3], &fence);
}

static int fence_vma(struct vcpu *v, const u64 *arg, u64 *value)
{
	sbi_pmu_count(v, SBI_FW_SFENCE_VMA_SENT);
	return for_harts(v, arg[0], arg[1], fence_vma_one, arg);
}

static int fence_vma_asid(struct vcpu *v, const u64 *arg, u64 *value)
{
	sbi_pmu_count(v, SBI_FW_SFENCE_VMA_ASID_SENT);
	return for_harts(v, arg[0], arg[1], fence_asid_one, arg);
}

/* ---- "Hart State Management Extension" ---- */

/* S-mode at pc with a0 = hartid, a1 = opaque, without translation and with interrupts off. */
static void start_at(struct vcpu *v, u64 pc, u64 opaque)
{
	csr_set(v->g, CSR_SATP, 0);
	v->g->csr_page->sstatus &= ~MSTATUS_SIE;
	v->g->priv = PRIV_S;
	v->g->pc = pc;
	v->g->home->x[REG_A0] = v->hartid;
	v->g->home->x[REG_A1] = opaque;
	WRITE_ONCE(v->sbi.hsm, SBI_HSM_STARTED);
}

/* hartid, pc, opaque. The start is due before the state says so; the hart itself takes it. */
static int hsm_start(struct vcpu *v, const u64 *arg, u64 *value)
{
	struct vcpu *target = hart_get(v, arg[0]);

	if (!target)
		return SBI_ERR_INVALID_PARAM;
	if (arg[1] & 1 || !mem_holds(&v->vm->mem, arg[1], 2))
		return SBI_ERR_INVALID_ADDRESS;
	if (READ_ONCE(target->sbi.hsm) != SBI_HSM_STOPPED)
		return SBI_ERR_ALREADY_AVAILABLE;
	target->sbi.start_pc = arg[1];
	target->sbi.start_opaque = arg[2];
	if (cmpxchg(&target->sbi.hsm, SBI_HSM_STOPPED, SBI_HSM_START_PENDING) != SBI_HSM_STOPPED)
		return SBI_ERR_ALREADY_AVAILABLE;
	vcpu_kick(target);
	return SBI_SUCCESS;
}

static int hsm_stop(struct vcpu *v, const u64 *arg, u64 *value)
{
	WRITE_ONCE(v->sbi.hsm, SBI_HSM_STOPPED);
	return GONE;
}

static int hsm_status(struct vcpu *v, const u64 *arg, u64 *value)
{
	struct vcpu *target = hart_get(v, arg[0]);

	if (!target)
		return SBI_ERR_INVALID_PARAM;
	*value = (u64)READ_ONCE(target->sbi.hsm);
	return SBI_SUCCESS;
}

/* type, pc, opaque. A retentive suspend is a wfi that goes on behind the call. */
static int hsm_suspend(struct vcpu *v, const u64 *arg, u64 *value)
{
	u32 type = (u32)arg[0];

	if (type == SUSPEND_RETENTIVE) {
		run_sleep(v);
		return SBI_SUCCESS;
	}
	if (type != SUSPEND_NON_RETENTIVE)
		return SBI_ERR_INVALID_PARAM;
	if (arg[1] & 1 || !mem_holds(&v->vm->mem, arg[1], 2))
		return SBI_ERR_INVALID_ADDRESS;
	v->sbi.start_pc = arg[1];
	v->sbi.start_opaque = arg[2];
	WRITE_ONCE(v->sbi.hsm, SBI_HSM_SUSPENDED);
	return GONE;
}

int sbi_wait(struct vcpu *v)
{
	int hsm = READ_ONCE(v->sbi.hsm);

	if (hsm == SBI_HSM_START_PENDING || (hsm == SBI_HSM_SUSPENDED && v->g->csr.mip & v->g->csr.mie))
		start_at(v, v->sbi.start_pc, v->sbi.start_opaque);
	else
		wait_event_interruptible(v->wait, atomic_read(&v->is_kicked));
	return 0;
}

/* ---- "System Reset Extension" ---- */

/* type, reason */
static int system_reset(struct vcpu *v, const u64 *arg, u64 *value)
{
	u32 type = (u32)arg[0], reason = (u32)arg[1];

	if (reason > RESET_REASON_FAILURE)
		return SBI_ERR_INVALID_PARAM;
	switch (type) {
	case RESET_TYPE_SHUTDOWN: to_controller(v, LDBT_EXIT_SHUTDOWN); break;
	case RESET_TYPE_COLD:
	case RESET_TYPE_WARM: to_controller(v, LDBT_EXIT_RESET); break;
	default: return SBI_ERR_INVALID_PARAM;
	}
	v->run->system.code = reason;
	return EXITED;
}

static int legacy_shutdown(struct vcpu *v, const u64 *arg, u64 *value)
{
	const u64 shutdown[] = { RESET_TYPE_SHUTDOWN, 0 };

	return system_reset(v, shutdown, value);
}

/* ---- "Debug Console Extension" ---- */

/* num_bytes, base_addr_lo, base_addr_hi */
static int console_buffer(struct vcpu *v, const u64 *arg, u64 *value)
{
	u64 len_bytes = arg[0], gpa = arg[1];

	if (arg[2] || gpa + len_bytes < gpa)
		return SBI_ERR_INVALID_PARAM;
	if (!len_bytes)
		return SBI_SUCCESS;
	return mem_holds(&v->vm->mem, gpa, len_bytes) ? ASK : SBI_ERR_INVALID_PARAM;
}

static int ask(struct vcpu *v, const u64 *arg, u64 *value)
{
	return ASK;
}

/* The legacy "Clear IPI". */
static int legacy_clear_ipi(struct vcpu *v, const u64 *arg, u64 *value)
{
	csr_set_lines(v->g, 1ULL << IRQ_S_SOFT, 0);
	return SBI_SUCCESS;
}

/* ---- the table ---- */

static const sbi_function base_functions[] = {
	base_spec, base_implementation, base_version, base_probe, base_vendor, base_arch, base_imp,
};
static const sbi_function time_functions[] = { set_timer };
static const sbi_function ipi_functions[] = { ipi_send };
static const sbi_function rfence_functions[] = { fence_i, fence_vma, fence_vma_asid };
static const sbi_function hsm_functions[] = { hsm_start, hsm_stop, hsm_status, hsm_suspend };
static const sbi_function srst_functions[] = { system_reset };
static const sbi_function dbcn_functions[] = { console_buffer, console_buffer, ask };
static const sbi_function pmu_functions[] = {
	sbi_pmu_num_counters, sbi_pmu_info,    sbi_pmu_config,	   sbi_pmu_start,
	sbi_pmu_stop,	      sbi_pmu_fw_read, sbi_pmu_fw_read_hi,
};
/* Legacy calls have no function number. */
static const sbi_function legacy_set_timer[] = { set_timer };
static const sbi_function legacy_console[] = { ask };
static const sbi_function legacy_ipi[] = { legacy_clear_ipi };
static const sbi_function legacy_off[] = { legacy_shutdown };

#define EXTENSION(id, functions)                                                                                       \
	{                                                                                                              \
		id, ARRAY_SIZE(functions), functions                                                                   \
	}

static const struct extension {
	u32 id;
	u32 count;
	const sbi_function *function;
} extensions[] = {
	EXTENSION(0x10, base_functions),
	EXTENSION(0x54494d45, time_functions),
	EXTENSION(0x735049, ipi_functions),
	EXTENSION(0x52464e43, rfence_functions),
	EXTENSION(0x48534d, hsm_functions),
	EXTENSION(0x53525354, srst_functions),
	EXTENSION(LDBT_SBI_DBCN, dbcn_functions),
	EXTENSION(0x504d55, pmu_functions),
	EXTENSION(0, legacy_set_timer),
	EXTENSION(LDBT_SBI_PUTCHAR, legacy_console),
	EXTENSION(LDBT_SBI_GETCHAR, legacy_console),
	EXTENSION(3, legacy_ipi),
	EXTENSION(8, legacy_off),
};

static const struct extension *extension_find(u64 id)
{
	const struct extension *e;

	for (e = extensions; e < extensions + ARRAY_SIZE(extensions); e++)
		if (e->id == id)
			return e;
	return NULL;
}

static int base_probe(struct vcpu *v, const u64 *arg, u64 *value)
{
	*value = extension_find(arg[0]) ? 1 : 0;
	return SBI_SUCCESS;
}

/* ---- calls ---- */

static sbi_function function_find(u64 extension, u64 number)
{
	const struct extension *e = extension_find(extension);

	if (extension <= EXT_LEGACY_LAST)
		number = 0;
	return e && number < e->count ? e->function[number] : NULL;
}

/* Of a legacy call a0 is the answer, and a1 stays. */
static void answer(struct vcpu *v, bool is_legacy, s64 error, u64 value)
{
	v->g->home->x[REG_A0] = (u64)error;
	if (!is_legacy)
		v->g->home->x[REG_A1] = value;
	v->g->pc += 4;
}

/* A controller that does not know the call leaves the answer as it finds it. */
static int ask_controller(struct vcpu *v, bool is_legacy)
{
	const u64 *x = v->g->home->x;
	struct ldbt_run *run = v->run;

	run->sbi.extension = x[REG_A7];
	run->sbi.function = is_legacy ? 0 : x[REG_A6];
	memcpy(run->sbi.args, &x[REG_A0], sizeof(run->sbi.args));
	run->sbi.error = SBI_ERR_NOT_SUPPORTED;
	run->sbi.value = 0;
	v->sbi.is_asked = true;
	v->sbi.is_legacy = is_legacy;
	return to_controller(v, LDBT_EXIT_SBI);
}

bool sbi_is_call(const struct vcpu *v, u64 cause)
{
	return v->vm->has_sbi && cause == CAUSE_ECALL_S;
}

int sbi_call(struct vcpu *v)
{
	u64 extension = v->g->home->x[REG_A7], arg[ARGS], value = 0;
	bool is_legacy = extension <= EXT_LEGACY_LAST;
	sbi_function function = function_find(extension, v->g->home->x[REG_A6]);
	int err = SBI_ERR_NOT_SUPPORTED;

	v->stats.sbi_calls++;
	memcpy(arg, &v->g->home->x[REG_A0], sizeof(arg));
	if (function)
		err = function(v, arg, &value);
	switch (err) {
	case ASK: return ask_controller(v, is_legacy);
	case EXITED: return 1;
	case GONE: return 0;
	default: answer(v, is_legacy, err, value); return 0;
	}
}

void sbi_complete(struct vcpu *v)
{
	if (!v->sbi.is_asked)
		return;
	v->sbi.is_asked = false;
	answer(v, v->sbi.is_legacy, (s64)READ_ONCE(v->run->sbi.error), READ_ONCE(v->run->sbi.value));
}

/* ---- the start ---- */

/* Delegated is what lower modes can raise, but for S-mode's own calls; that also spares the monitor a question. */
void sbi_hart_init(struct vcpu *v)
{
	const struct {
		u16 number;
		u64 value;
	} csrs[] = {
		{ CSR_MEDELEG, ~(1ULL << CAUSE_ECALL_S) },
		{ CSR_MIDELEG, ~0ULL },
		{ CSR_MCOUNTEREN, ~0ULL },
		{ CSR_SCOUNTEREN, ~0ULL },
		{ CSR_MENVCFG, MENVCFG_STCE | MENVCFG_ADUE },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(csrs); i++)
		csr_set(v->g, csrs[i].number, csrs[i].value);
	v->hart->has_sbi = 1;
	start_at(v, 0, 0);
	if (v->hartid)
		v->sbi.hsm = SBI_HSM_STOPPED;
}
