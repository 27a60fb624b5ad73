/* SPDX-License-Identifier: GPL-2.0-only */
/* space_impl.h: the two structs behind space.h. Private to space*.c.
 *
 * Owns:    see space.h.
 * Promise: the tables of a window are changed by the vCPU's own thread and its monitor only: space_protect_page() of
 *          others reaches them through the ring of space_vm, applied before the next stay.
 * Locks:   space_vm.lock: spaces, ring. Order: the caller's locks, then this one.
 * Context: as space.h. Errors: as space.h.
 * Next file: space.c. */
#ifndef LDBT_SPACE_IMPL_H
#define LDBT_SPACE_IMPL_H

#include <linux/list.h>
#include <linux/spinlock.h>

#include "pcid.h"
#include "space.h"
#include "space_map.h"
#include "world/shadow.h"
#include "world/state.h"

enum {
	PROTECT_RING = 64, /* a vCPU that missed more drops all its shadow tables */
	INSIDE_NONE = -1,
};

struct space_vm {
	struct world_map map; /* never loaded: spaces copy its level-4 entries */
	struct monitor_region region[SPACE_REGIONS_MAX];
	u32 nregions, ncode_pages;
	u64 nram_pages, nhuge_blocks;
	u64 key_bytes, meta_bytes;
	u64 state_base; /* world address of the state areas */
	spinlock_t lock;
	struct list_head spaces;
	u64 protect_count; /* pages protected so far */
	gpa_t protect_ring[PROTECT_RING];
};

struct space {
	struct space_vm *vm;
	struct list_head node; /* in vm->spaces */
	struct world_map map;
	void *block;
	struct gate_state *gate;
	struct monitor_state *monitor;
	void *state;
	struct page **pool;
	struct shadow shadow; /* as the host sees it */
	u32 nheads;
	u64 *root[SHADOW_ROOTS]; /* NULL: that number has none */
	u64 protect_seen;
	int cpu; /* CPU whose GDT copies lie in the block, and whose PCIDs the roots have; INSIDE_NONE: none */
	struct pcid_range pcids;
	u32 pkru;   /* the process's, during an FPU section */
	int inside; /* CPU that runs it now, or INSIDE_NONE */
	u8 is_kicked;
	struct space_stats stats;
};

static inline struct space_frame *frame_of(const struct space *space)
{
	return space->block + BLOCK_FRAME;
}

/* Every entry of the world against space_table[]: 0, or -EIO with the first offence in the log. */
int space_verify(struct space *space);
void space_part_bounds(const struct space *space, enum part part, u64 *va, u64 *bytes);
/* Memory of the shadow tables; the monitor's block is there. */
int space_alloc_shadow(struct space *space);
void space_free_shadow(struct space *space);
/* The roots of all views, from one that is complete but for the window. */
int space_create_roots(struct space *space);
/* What stays need to know of this host. At module init. */
void space_stay_init(void);
/* Applies what vm->protect_ring holds for this space. Own thread, outside the world. */
void space_apply_protects(struct space *space);

#endif
