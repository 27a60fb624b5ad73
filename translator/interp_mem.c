/* SPDX-License-Identifier: GPL-2.0-only */
/* interp_mem.c: memory accesses of the generated interpreter. Next file: gen/interp.c, which calls these. */
#include "interp_mem.h"
#include "bits.h"
#include "trap.h"

static bool is_aligned(gva_t addr, u32 size_bytes)
{
	return !(addr & (size_bytes - 1));
}

/* The address stands there before the access: who performs it replaces it when only a part of it faulted. */
static void access_start(struct guest *g, gva_t addr)
{
	g->trap_tval = addr;
}

static int access_end(struct guest *g, int cause)
{
	if (cause)
		trap_raise(g, cause, g->trap_tval);
	return cause;
}

int mem_load(struct guest *g, gva_t addr, u32 size_bytes, u64 *value)
{
	int cause;

	access_start(g, addr);
	cause = g->ops->load(g, addr, size_bytes, value);
	if (!cause)
		*value = low64(*value, 8 * size_bytes);
	return access_end(g, cause);
}

int mem_load_aligned(struct guest *g, gva_t addr, u32 size_bytes, u64 *value)
{
	if (is_aligned(addr, size_bytes))
		return mem_load(g, addr, size_bytes, value);
	access_start(g, addr);
	return access_end(g, CAUSE_LOAD_MISALIGNED);
}

int mem_store(struct guest *g, gva_t addr, u32 size_bytes, u64 value)
{
	access_start(g, addr);
	return access_end(g, g->ops->store(g, addr, size_bytes, value));
}

int mem_cas(struct guest *g, gva_t addr, u32 size_bytes, u64 expected, u64 desired, u64 *old)
{
	int cause = CAUSE_STORE_MISALIGNED;

	access_start(g, addr);
	if (is_aligned(addr, size_bytes))
		cause = g->ops->cas(g, addr, size_bytes, expected, desired, old);
	if (!cause)
		*old = low64(*old, 8 * size_bytes);
	return access_end(g, cause);
}

bool effect_ends(enum step step, enum step *end)
{
	if (step != STEP_NEXT)
		*end = step;
	return step == STEP_TRAP;
}
