/* SPDX-License-Identifier: GPL-2.0-only */
/* shadow.h: where the parts of one vCPU's shadow tables lie, so that host and monitor run the same code on them.
 *
 * Owns:    nothing; the pages are struct space's.
 * Promise: pool page i is at pool + 512 * i and has the physical address pool_pa[i].
 * Locks:   the vCPU's thread: its monitor, or the host while the vCPU is outside.
 * Context: any; calls nothing. Errors: none.
 * Next file: view.h, state.h. */
#ifndef LDBT_WORLD_SHADOW_H
#define LDBT_WORLD_SHADOW_H

#include "port.h"

struct monitor_state;

struct shadow {
	struct monitor_state *m;
	u64 *pool;
	const u64 *pool_pa;
};

enum {
	SHADOW_PRESENT = 1, /* bits of table entries, as the processor defines them */
	SHADOW_WRITE = 2,
	SHADOW_USER = 4,
	SHADOW_ACCESSED = 0x20,
	SHADOW_DIRTY = 0x40,
	SHADOW_ENTRIES = 512, /* of one table */
};

#define SHADOW_NX (1ULL << 63)
#define SHADOW_PA 0x000ffffffffff000ULL

/* The monitor's: parts at their world addresses. */
extern const struct shadow world_shadow;

static inline u64 *shadow_page(const struct shadow *s, u32 index)
{
	return s->pool + (u64)index * SHADOW_ENTRIES;
}

static inline void shadow_clear(u64 *page)
{
	u64 count = SHADOW_ENTRIES;

	__asm__ volatile("rep stosq" : "+D"(page), "+c"(count) : "a"(0ULL) : "memory");
}

#endif
