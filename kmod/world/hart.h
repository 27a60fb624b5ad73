/* SPDX-License-Identifier: GPL-2.0-only */
/* hart.h: the guest's hart as host and monitor share it, in the block of its vCPU.
 *
 * Owns:    nothing. The pages that the pointers lead to have the same address in host and world.
 * Promise: the tables of cache change as cache.h says; its own fields do not. Guest code reaches home, CSR, table and jump
 *          pages by mappings of its own, and nothing else of this.
 * Locks:   the vCPU's thread: its monitor, or the host while the vCPU is outside.
 * Errors:  none.
 * Next file: trap.h, ../vcpu.h. */
#ifndef LDBT_WORLD_HART_H
#define LDBT_WORLD_HART_H

#include "abi.h"
#include "cache.h"
#include "guest.h"
#include "layout.h"
#include "tag.h"

struct hart {
	u32 serves;	  /* bit per EXIT_*: the monitor may serve it; 0: all is the host's */
	u32 code_written; /* a page with translations was stored to since the last fence.i: the next one is the host's */
	struct guest g;	  /* g.ops and g.opaque are the host's: the monitor calls none of them */
	struct abi_table *table;
	struct abi_jump *jump;
	struct tags tags;
	struct cache cache;		/* a view, by the world's addresses; hash is NULL if there is none */
	u64 *r11_home;			/* home slot of the register pinned in r11, which syscall overwrites */
	u32 has_sbi;			/* an ecall of S-mode is the host's */
	u64 exits, traps, irqs, misses; /* served; traps and interrupts among them; with no block to go on at */
	u64 resolved;			/* jump table entries made */
};

_Static_assert(sizeof(struct hart) <= BLOCK_HART_BYTES, "layout.h");

#endif
