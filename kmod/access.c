// SPDX-License-Identifier: GPL-2.0-only
/* access.c: loads, stores and fetches of the interpreter, and devices. The hart has no address translation of its own
 * yet (satp keeps Bare only), so guest virtual addresses are guest physical ones.
 * Next file: fault.c, which does the same for translated code. */
#include "access.h"

#include <linux/ktime.h>
#include <linux/mm.h>

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

/* A misaligned access may cross into another page: byte by byte. */
static u64 ram_load(struct vcpu *v, gpa_t gpa, u32 len_bytes)
{
	u64 value = 0;
	u32 i;

	if (!(gpa & (len_bytes - 1)))
		return ram_load_aligned(ram_at(v, gpa), len_bytes);
	for (i = 0; i < len_bytes; i++)
		value |= (u64)*ram_at(v, gpa + i) << (8 * i);
	return value;
}

static void ram_store(struct vcpu *v, gpa_t gpa, u32 len_bytes, u64 value)
{
	u32 i;

	vm_note_write(v->vm, gpa, len_bytes);
	if (!(gpa & (len_bytes - 1))) {
		ram_store_aligned(ram_at(v, gpa), len_bytes, value);
		return;
	}
	for (i = 0; i < len_bytes; i++)
		*ram_at(v, gpa + i) = (u8)(value >> (8 * i));
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

static int op_load(struct guest *g, gva_t addr, u32 size_bytes, u64 *value)
{
	struct vcpu *v = g->opaque;

	if (!mem_holds(&v->vm->mem, addr, size_bytes))
		return interp_device(v, addr, size_bytes, false, value);
	*value = ram_load(v, addr, size_bytes);
	return 0;
}

static int op_store(struct guest *g, gva_t addr, u32 size_bytes, u64 value)
{
	struct vcpu *v = g->opaque;

	if (size_bytes < 8)
		value &= (1ULL << (8 * size_bytes)) - 1;
	if (!mem_holds(&v->vm->mem, addr, size_bytes))
		return interp_device(v, addr, size_bytes, true, &value);
	ram_store(v, addr, size_bytes, value);
	return 0;
}

static int op_cas(struct guest *g, gva_t addr, u32 size_bytes, u64 expected, u64 desired, u64 *old)
{
	struct vcpu *v = g->opaque;
	u8 *at;

	if (!mem_holds(&v->vm->mem, addr, size_bytes))
		return CAUSE_STORE_ACCESS;
	vm_note_write(v->vm, addr, size_bytes);
	at = ram_at(v, addr);
	if (size_bytes == 8)
		*old = cmpxchg((u64 *)at, expected, desired);
	else
		*old = cmpxchg((u32 *)at, (u32)expected, (u32)desired);
	return 0;
}

static int op_fetch(struct guest *g, gva_t addr, u16 *parcel)
{
	struct vcpu *v = g->opaque;

	if (!mem_holds(&v->vm->mem, addr, 2))
		return CAUSE_FETCH_ACCESS;
	*parcel = (u16)ram_load(v, addr, 2);
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

const struct guest_ops access_ops = {
	.load = op_load,
	.store = op_store,
	.cas = op_cas,
	.fetch = op_fetch,
	.time = op_time,
	.instret = op_instret,
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
