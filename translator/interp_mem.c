/* SPDX-License-Identifier: GPL-2.0-only */
/* interp_mem.c: memory accesses of the generated interpreter. Next file: gen/interp.c, which calls these. */
#include "interp_mem.h"
#include "bits.h"
#include "trap.h"

static bool is_aligned(gva_t addr, u32 size_bytes)
{
	return !(addr & (size_bytes - 1));
}

static int access_trap(struct guest *g, int cause, gva_t addr)
{
	if (cause)
		trap_raise(g, cause, addr);
	return cause;
}

int mem_load(struct guest *g, gva_t addr, u32 size_bytes, u64 *value)
{
	int cause = g->ops->load(g, addr, size_bytes, value);

	if (!cause)
		*value = low64(*value, 8 * size_bytes);
	return access_trap(g, cause, addr);
}

int mem_load_aligned(struct guest *g, gva_t addr, u32 size_bytes, u64 *value)
{
	if (!is_aligned(addr, size_bytes))
		return access_trap(g, CAUSE_LOAD_MISALIGNED, addr);
	return mem_load(g, addr, size_bytes, value);
}

int mem_store(struct guest *g, gva_t addr, u32 size_bytes, u64 value)
{
	return access_trap(g, g->ops->store(g, addr, size_bytes, value), addr);
}

int mem_cas(struct guest *g, gva_t addr, u32 size_bytes, u64 expected, u64 desired, u64 *old)
{
	int cause;

	if (!is_aligned(addr, size_bytes))
		return access_trap(g, CAUSE_STORE_MISALIGNED, addr);
	cause = g->ops->cas(g, addr, size_bytes, expected, desired, old);
	if (!cause)
		*old = low64(*old, 8 * size_bytes);
	return access_trap(g, cause, addr);
}

bool effect_ends(enum step step, enum step *end)
{
	if (step != STEP_NEXT)
		*end = step;
	return step == STEP_TRAP;
}
