// SPDX-License-Identifier: GPL-2.0-only
/* monitor.c: ring 0 of the sealed world: what the switcher calls there.
 *
 * Linked alone at WORLD_MONITOR; calls nothing outside and uses fixed addresses only: neither GS, FS nor the host exist
 * here. Runs with interrupts off, so every call is bounded. An NMI may interrupt it anywhere; it returns here.
 * Next file: ../gate.S (which calls it), fill.c, guest_fault.c. */
#include "monitor.h"

#include "fill.h"
#include "guest_fault.h"
#include "layout.h"
#include "shadow.h"
#include "state.h"

enum { PF_WRITE = 2, PF_FETCH = 16 }; /* page-fault error code */

#define gate  ((struct gate_state *)(WORLD_BLOCK + BLOCK_GATE))
#define error (*(const u64 *)(WORLD_BLOCK + BLOCK_FRAME + FRAME_ERROR))

const struct shadow world_shadow = SHADOW_PARTS;

/* 0: go on with the guest. Else LEAVE_FAULT: devices, stores to translated pages; or LEAVE_GUEST: a trap without a block. */
u64 monitor_page_fault(void)
{
	u64 va = gate->cr2;
	int cause;

	if (va - WORLD_WINDOW >= WORLD_SLOT_BYTES || (error & PF_FETCH))
		return LEAVE_FAULT;
	cause = fill_page(va, error & PF_WRITE);
	if (cause <= 0)
		return cause ? LEAVE_FAULT : 0;
	return guest_fault(va, cause);
}
