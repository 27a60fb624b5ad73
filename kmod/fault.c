// SPDX-License-Identifier: GPL-2.0-only
/* fault.c: faults of translated code by access record (translator/faultmap.h), and instruction boundaries.
 *
 * The guest address comes from the record (base register + displacement), so it does not matter whether the host raised
 * #PF or, for a non-canonical address, #GP.
 * Next file: run.c. */
#include "fault.h"

#include "access.h"
#include "run.h"
#include "space.h"
#include "trap.h"
#include "vcpu.h"
#include "vm.h"

#include <asm/trapnr.h>

enum {
	IDLE_FAULTS_MAX = 16,
	BOUNDARY_STEPS_MAX = 512, /* host instructions from any point to the next guest boundary */
};

/* -ENOENT: rip is outside the cache, or in a stub. The access record is copied: it may go with its block later. */
static int find_site(struct vcpu *v, struct fault_site *site, struct access_record *record)
{
	u64 off = space_frame(v->space)->rip - WORLD_CODE;
	struct vm *vm = v->vm;
	int err = -ENOENT;

	if (off >= vm->text.code_bytes)
		return err;
	mutex_lock(&vm->code_lock);
	err = faultmap_find(&vm->cache, (u32)off, site);
	if (!err && site->access)
		*record = *site->access;
	mutex_unlock(&vm->code_lock);
	return err;
}

bool fault_at_boundary(struct vcpu *v)
{
	struct access_record unused;
	struct fault_site site;

	if (find_site(v, &site, &unused) || !site.is_boundary)
		return false;
	run_leave(v, site.guest);
	return true;
}

/* ---- registers of the record ---- */

static u64 record_value(const struct access_record *a, const struct space_frame *frame)
{
	u64 value = a->reg == ACCESS_IMM ? (u64)(s64)a->imm : frame->reg[a->reg & 15];

	return a->size_bytes < 8 ? value & ((1ULL << (8 * a->size_bytes)) - 1) : value;
}

static void finish_load(const struct access_record *a, struct space_frame *frame, u64 value)
{
	u32 unused_bits = 64 - a->size_bytes * 8;

	value <<= unused_bits;
	value = a->is_signed ? (u64)((s64)value >> unused_bits) : value >> unused_bits;
	if (a->dest_bits == 32)
		value = (u32)value;
	if (a->reg != ACCESS_NO_REG)
		frame->reg[a->reg & 15] = value;
}

static gva_t record_address(const struct access_record *a, const struct space_frame *frame)
{
	return (a->base == ACCESS_NO_REG ? 0 : frame->reg[a->base & 15]) + (u64)(s64)a->disp;
}

/* ---- what becomes of it ---- */

static void guest_trap(struct vcpu *v, const struct access_record *a, int cause, gva_t addr)
{
	run_leave(v, a->guest);
	run_trap(v, (u64)cause, addr);
}

/* RAM faults only where a store meets translations, or when the world must fill anew: try again. */
static int ram_fault(struct vcpu *v, const struct access_record *a, const struct access_pieces *p)
{
	u64 rip = space_frame(v->space)->rip;

	if (a->kind != ACCESS_LOAD && access_note_write(v, p, a->size_bytes))
		return 0;
	if (v->idle_rip != rip)
		v->idle_faults = 0;
	v->idle_rip = rip;
	if (++v->idle_faults > IDLE_FAULTS_MAX)
		return vcpu_fail(v, LDBT_ERROR_INTERNAL, p->gpa[0]);
	return 0;
}

static void resume_behind(struct vcpu *v, const struct access_record *a)
{
	space_frame(v->space)->rip += a->len;
	v->idle_faults = 0;
}

static int device_fault(struct vcpu *v, const struct access_record *a, gpa_t gpa, gva_t gva)
{
	struct space_frame *frame = space_frame(v->space);
	bool is_write = a->kind == ACCESS_STORE;
	u64 value = is_write ? record_value(a, frame) : 0;
	int cause =
		a->kind == ACCESS_ATOMIC ? CAUSE_STORE_ACCESS : access_device(v, gpa, a->size_bytes, is_write, &value);

	if (cause == ACCESS_ASK) {
		v->mmio.is_interpreted = false;
		v->mmio.record = *a;
		v->mmio.gva = gva;
		return run_ask(v);
	}
	if (cause) {
		guest_trap(v, a, cause, gva);
		return 0;
	}
	if (!is_write)
		finish_load(a, frame, value);
	resume_behind(v, a);
	return 0;
}

void fault_complete(struct vcpu *v)
{
	const struct access_record *a = &v->mmio.record;

	v->mmio.state = MMIO_NONE;
	if (v->mmio.is_refused) {
		guest_trap(v, a, v->mmio.is_write ? CAUSE_STORE_ACCESS : CAUSE_LOAD_ACCESS, v->mmio.gva);
		return;
	}
	if (!v->mmio.is_write)
		finish_load(a, space_frame(v->space), v->mmio.value);
	resume_behind(v, a);
}

/* A single step: run.c looks whether the boundary is reached. */
static int step_done(struct vcpu *v)
{
	if (++v->boundary_steps > BOUNDARY_STEPS_MAX) /* a template without an end: a bug of ours */
		return vcpu_fail(v, LDBT_ERROR_INTERNAL, space_frame(v->space)->rip);
	return 0;
}

static int access_fault(struct vcpu *v, const struct access_record *a)
{
	enum walk_access access = a->kind == ACCESS_LOAD ? WALK_LOAD : WALK_STORE;
	gva_t gva = record_address(a, space_frame(v->space));
	struct access_pieces p;
	int cause = access_split(v, gva, a->size_bytes, access, &p);

	if (cause) {
		guest_trap(v, a, cause, p.fault);
		return 0;
	}
	if (access_is_ram(v, &p, a->size_bytes))
		return ram_fault(v, a, &p);
	return device_fault(v, a, p.gpa[0], gva);
}

int fault_handle(struct vcpu *v)
{
	struct space_frame *frame = space_frame(v->space);
	struct access_record record;
	struct fault_site site;

	if (frame->vector == X86_TRAP_DB)
		return step_done(v);
	if (frame->vector != X86_TRAP_PF && frame->vector != X86_TRAP_GP && frame->vector != X86_TRAP_SS)
		return vcpu_fail(v, LDBT_ERROR_INTERNAL, frame->vector);
	if (find_site(v, &site, &record) || !site.access)
		return vcpu_fail(v, LDBT_ERROR_INTERNAL, frame->rip);
	return access_fault(v, &record);
}
