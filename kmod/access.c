// SPDX-License-Identifier: GPL-2.0-only
/* access.c: loads, stores and fetches of the interpreter, and devices.
 * Next file: fault.c, which does the same for translated code. */
#include "access.h"

#include <linux/ktime.h>
#include <linux/mm.h>

#include "csr.h"
#include "mmu.h"
#include "trap.h"
#include "vcpu.h"
#include "vm.h"

enum { GPA_BITS = 56 }; /* of a physical address; priv supervisor.adoc, "Sv39" */

/* ---- RAM ---- */

static u8 *ram_at(struct vcpu *v, gpa_t gpa)
{
	return mem_bytes(&v->vm->mem, gpa) + (gpa & ~PAGE_MASK);
}

static u64 ram_load_aligned(const u8 *at, u32 len_bytes)
{
	switch (len_bytes) {
	case 1: return READ_ONCE(*at);
	case 2: return READ_ONCE(*(const u16 *)at);
	case 4: return READ_ONCE(*(const u32 *)at);
	default: return READ_ONCE(*(const u64 *)at);
	}
}

static void ram_store_aligned(u8 *at, u32 len_bytes, u64 value)
{
	switch (len_bytes) {
	case 1: WRITE_ONCE(*at, (u8)value); break;
	case 2: WRITE_ONCE(*(u16 *)at, (u16)value); break;
	case 4: WRITE_ONCE(*(u32 *)at, (u32)value); break;
	default: WRITE_ONCE(*(u64 *)at, value);
	}
}

/* ---- pieces ---- */

int access_split(struct vcpu *v, gva_t gva, u32 len_bytes, enum walk_access access, struct access_pieces *p)
{
	u32 first = min_t(u32, len_bytes, PAGE_SIZE - (gva & ~PAGE_MASK));
	int cause = mmu_translate(v, gva, access, &p->gpa[0]);

	p->first_bytes = first;
	p->fault = gva;
	if (cause || first == len_bytes)
		return cause;
	p->fault = gva + first;
	return mmu_translate(v, gva + first, access, &p->gpa[1]);
}

bool access_is_ram(struct vcpu *v, const struct access_pieces *p, u32 len_bytes)
{
	return mem_page(&v->vm->mem, p->gpa[0]) && (p->first_bytes == len_bytes || mem_page(&v->vm->mem, p->gpa[1]));
}

static u8 *byte_at(struct vcpu *v, const struct access_pieces *p, u32 i)
{
	return i < p->first_bytes ? ram_at(v, p->gpa[0] + i) : ram_at(v, p->gpa[1] + i - p->first_bytes);
}

static u64 ram_load(struct vcpu *v, const struct access_pieces *p, u32 len_bytes)
{
	u64 value = 0;
	u32 i;

	if (!(p->gpa[0] & (len_bytes - 1)))
		return ram_load_aligned(ram_at(v, p->gpa[0]), len_bytes);
	for (i = 0; i < len_bytes; i++)
		value |= (u64)*byte_at(v, p, i) << (8 * i);
	return value;
}

bool access_note_write(struct vcpu *v, const struct access_pieces *p, u32 len_bytes)
{
	bool is_noted = vm_note_write(v->vm, p->gpa[0], p->first_bytes);

	if (p->first_bytes < len_bytes)
		is_noted |= vm_note_write(v->vm, p->gpa[1], len_bytes - p->first_bytes);
	return is_noted;
}

static void ram_store(struct vcpu *v, const struct access_pieces *p, u32 len_bytes, u64 value)
{
	u32 i;

	access_note_write(v, p, len_bytes);
	if (!(p->gpa[0] & (len_bytes - 1))) {
		ram_store_aligned(ram_at(v, p->gpa[0]), len_bytes, value);
		return;
	}
	for (i = 0; i < len_bytes; i++)
		*byte_at(v, p, i) = (u8)(value >> (8 * i));
}

/* ---- devices ---- */

static int refuse(bool is_write)
{
	return is_write ? CAUSE_STORE_ACCESS : CAUSE_LOAD_ACCESS;
}

static void ask(struct vcpu *v, gpa_t gpa, u32 len_bytes, bool is_write, u64 value)
{
	v->mmio.state = MMIO_ASKED;
	v->mmio.gpa = gpa;
	v->mmio.len_bytes = len_bytes;
	v->mmio.is_write = is_write;
	v->mmio.value = value;
}

int access_device(struct vcpu *v, gpa_t gpa, u32 len_bytes, bool is_write, u64 *value)
{
	if ((gpa & (len_bytes - 1)) || gpa >> GPA_BITS || mem_touches(&v->vm->mem, gpa, len_bytes))
		return refuse(is_write);
	if (gpa - CLINT_GPA < CLINT_BYTES)
		return clint_access(v->vm, (u32)(gpa - CLINT_GPA), len_bytes, is_write, value) ? refuse(is_write) : 0;
	if (gpa - PLIC_GPA < PLIC_BYTES)
		return plic_access(v->vm, (u32)(gpa - PLIC_GPA), len_bytes, is_write, value) ? refuse(is_write) : 0;
	if (is_write && ioeventfd_signal(&v->vm->ioeventfds, gpa, len_bytes, *value))
		return 0;
	ask(v, gpa, len_bytes, is_write, is_write ? *value : 0);
	return ACCESS_ASK;
}

/* ---- what the interpreter uses ---- */

/* The first time the controller is asked, and the instruction given up by a cause that run.c does not deliver; the second
 * time the answer is there. */
static int interp_device(struct vcpu *v, gpa_t gpa, u32 len_bytes, bool is_write, u64 *value)
{
	int cause;

	if (v->mmio.state == MMIO_ANSWERED && v->mmio.gpa == gpa && v->mmio.is_write == is_write) {
		v->mmio.state = MMIO_NONE;
		*value = v->mmio.value;
		return v->mmio.is_refused ? refuse(is_write) : 0;
	}
	cause = access_device(v, gpa, len_bytes, is_write, value);
	v->mmio.is_interpreted = true;
	return cause == ACCESS_ASK ? refuse(is_write) : cause;
}

/* As struct guest_ops wants it: trap_tval is the address of the part that faulted. */
static int op_split(struct guest *g, gva_t addr, u32 size_bytes, enum walk_access access, struct access_pieces *p)
{
	int cause = access_split(g->opaque, addr, size_bytes, access, p);

	if (cause)
		g->trap_tval = p->fault;
	return cause;
}

static int op_load(struct guest *g, gva_t addr, u32 size_bytes, u64 *value)
{
	struct vcpu *v = g->opaque;
	struct access_pieces p;
	int cause = op_split(g, addr, size_bytes, WALK_LOAD, &p);

	if (cause)
		return cause;
	if (!access_is_ram(v, &p, size_bytes))
		return interp_device(v, p.gpa[0], size_bytes, false, value);
	*value = ram_load(v, &p, size_bytes);
	return 0;
}

static int op_store(struct guest *g, gva_t addr, u32 size_bytes, u64 value)
{
	struct vcpu *v = g->opaque;
	struct access_pieces p;
	int cause = op_split(g, addr, size_bytes, WALK_STORE, &p);

	if (cause)
		return cause;
	if (size_bytes < 8)
		value &= (1ULL << (8 * size_bytes)) - 1;
	if (!access_is_ram(v, &p, size_bytes))
		return interp_device(v, p.gpa[0], size_bytes, true, &value);
	ram_store(v, &p, size_bytes, value);
	return 0;
}

static int op_cas(struct guest *g, gva_t addr, u32 size_bytes, u64 expected, u64 desired, u64 *old)
{
	struct vcpu *v = g->opaque;
	struct access_pieces p;
	int cause = op_split(g, addr, size_bytes, WALK_STORE, &p);
	u8 *at;

	if (cause)
		return cause;
	if (!access_is_ram(v, &p, size_bytes))
		return CAUSE_STORE_ACCESS;
	access_note_write(v, &p, size_bytes);
	at = ram_at(v, p.gpa[0]);
	if (size_bytes == 8)
		*old = cmpxchg((u64 *)at, expected, desired);
	else
		*old = cmpxchg((u32 *)at, (u32)expected, (u32)desired);
	return 0;
}

static int op_fetch(struct guest *g, gva_t addr, u16 *parcel)
{
	struct vcpu *v = g->opaque;
	struct access_pieces p;
	int cause = access_split(v, addr, 2, WALK_FETCH, &p);

	if (cause)
		return cause;
	if (!access_is_ram(v, &p, 2))
		return CAUSE_FETCH_ACCESS;
	*parcel = (u16)ram_load(v, &p, 2);
	return 0;
}

static u64 op_time(struct guest *g)
{
	struct vcpu *v = g->opaque;

	return clint_time(&v->vm->clint);
}

/* Derived from time, one per nanosecond, as an emulated hart has no cycles of its own. */
static u64 op_instret(struct guest *g)
{
	return ktime_get_ns();
}

/* The lines are looked at before the next block is entered. */
static void op_timer_changed(struct guest *g)
{
	struct vcpu *v = g->opaque;

	clint_set_s_alarm(v, g->csr.menvcfg & MENVCFG_STCE ? g->csr.stimecmp : ~0ULL);
	atomic_set(&v->is_kicked, 1);
}

const struct guest_ops access_ops = {
	.load = op_load,
	.store = op_store,
	.cas = op_cas,
	.fetch = op_fetch,
	.time = op_time,
	.instret = op_instret,
	.timer_changed = op_timer_changed,
};

int access_fetch_insn(struct guest *g, u32 *word, gva_t *tval)
{
	u16 lo = 0, hi = 0;
	int cause;

	*tval = g->pc;
	cause = g->ops->fetch(g, g->pc, &lo);
	if (!cause && (lo & 3) == 3) {
		*tval = g->pc + 2;
		cause = g->ops->fetch(g, g->pc + 2, &hi);
	}
	*word = (u32)hi << 16 | lo;
	return cause;
}
