/* SPDX-License-Identifier: GPL-2.0-only */
/* inside.h: the vCPU's hart and the registers of its translated code, as the monitor finds them.
 *
 * Owns:    nothing; names for fixed addresses.
 * Promise: means something in the monitor alone.
 * Locks:   none: own CPU, interrupts off. Errors: none.
 * Next file: hart.h. */
#ifndef LDBT_WORLD_INSIDE_H
#define LDBT_WORLD_INSIDE_H

#include "hart.h"
#include "short.h"

#define hart	     ((struct hart *)(WORLD_BLOCK + BLOCK_HART))
#define reg	     ((u64 *)(WORLD_BLOCK + BLOCK_FRAME))
#define ways	     ((struct short_ways *)(WORLD_BLOCK + BLOCK_SHORT))
#define frame_rip    (*(u64 *)(WORLD_BLOCK + BLOCK_FRAME + FRAME_RIP))
#define frame_rflags (*(u64 *)(WORLD_BLOCK + BLOCK_FRAME + FRAME_RFLAGS))

#endif
