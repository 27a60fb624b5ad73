/* SPDX-License-Identifier: GPL-2.0-only */
/* fence.h: sfence.vma.
 *
 * Owns:    shadow_state.fence[], the fences of late: an address space that is not in use applies those it has missed when
 *          it is used again.
 * Promise: afterwards no load or store goes by what the fence orders to be forgotten. With an ASID, leaves with G set may
 *          stay. An address fence in the monitor also fills the entry anew if that changes nothing in the guest's tables.
 * Locks:   as shadow.h. Context: fence_note(): host and monitor; fence_vma(): monitor, on its way back to ring 3.
 * Errors:  none.
 * Next file: fence.c, aspace.c. */
#ifndef LDBT_WORLD_FENCE_H
#define LDBT_WORLD_FENCE_H

#include "shadow.h"

/* All but what the processor has to forget: must_flush of roots; for the root in use, if that is clear, gva alone. */
void fence_note(const struct shadow *s, const struct fence *fence);

void fence_vma(const struct fence *fence);

#endif
