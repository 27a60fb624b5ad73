// SPDX-License-Identifier: GPL-2.0-only
/* root.c: the monitor's view switch: loads the root that view.c names.
 * Next file: view.c. */
#include "state.h"
#include "view.h"

#define gate	((struct gate_state *)(WORLD_BLOCK + BLOCK_GATE))
#define monitor ((struct monitor_state *)(WORLD_BLOCK + BLOCK_MONITOR))

bool view_switch(const struct walk_regime *regime, u64 satp, u8 priv)
{
	u32 root = view_find(&world_shadow, regime, satp, priv);
	struct monitor_root *now = &monitor->root[root];

	if (root == monitor->root_now && !now->must_flush)
		return true;
	monitor->root_now = root;
	monitor->view_switches++;
	gate->world_cr3 = now->cr3;
	__asm__ volatile("mov %0, %%cr3" : : "r"(now->cr3 | (now->must_flush ? 0 : monitor->cr3_noflush)) : "memory");
	now->must_flush = 0;
	return true;
}
