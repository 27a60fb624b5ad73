// SPDX-License-Identifier: GPL-2.0-only
/* guest_fault.c: from the host instruction that faulted to the guest's, by its access record.
 * Next file: go.h, ../fault.c (which does the rest). */
#include "guest_fault.h"

#include "go.h"
#include "inside.h"
#include "trap.h"

enum { RFLAGS_TF = 0x100 };

static gva_t record_address(const struct access_record *a)
{
	return (a->base == ACCESS_NO_REG ? 0 : reg[a->base & 15]) + (u64)(s64)a->disp;
}

/* Atomic instructions may load first; their faults are those of a store (unpriv a-st-ext.adoc, "Atomic Memory Operations").
 * What refuses the load refuses a store for the same reason. */
static u64 cause_of(const struct access_record *a, int cause)
{
	if (a->kind == ACCESS_LOAD)
		return (u64)cause;
	return (u64)(cause == CAUSE_LOAD_PAGE	  ? CAUSE_STORE_PAGE
		     : cause == CAUSE_LOAD_ACCESS ? CAUSE_STORE_ACCESS
						  : cause);
}

static const struct access_record *find_record(void)
{
	u64 off = frame_rip - WORLD_CODE;

	if (!hart->cache.hash || off >= hart->cache.mem.code_bytes)
		return NULL;
	return faultmap_access(&hart->cache, (u32)off);
}

u64 guest_fault(u64 va, int cause)
{
	struct guest *g = &hart->g;
	const struct access_record *a;

	if (!go_may_trap(g) || (frame_rflags & RFLAGS_TF))
		return LEAVE_FAULT;
	a = find_record();
	if (!a || record_address(a) + WORLD_GUEST_BASE != va)
		return LEAVE_FAULT;
	g->pc = (g->home->pc_page & -4096ULL) + a->guest;
	return go_trap(g, cause_of(a, cause), va - WORLD_GUEST_BASE);
}
