// SPDX-License-Identifier: GPL-2.0-only
/* root.c: the monitor's view switch: loads the root, or the rights by protection key, of the view that view.c chose.
 * Next file: view.c. */
#include "root.h"

#include "fence.h"
#include "fill.h"
#include "view.h"

#define gate	((struct gate_state *)(WORLD_BLOCK + BLOCK_GATE))
#define monitor ((struct monitor_state *)(WORLD_BLOCK + BLOCK_MONITOR))

static void load_root(void)
{
	struct monitor_root *root = &monitor->root[monitor->root_now];

	gate->world_cr3 = root->cr3;
	__asm__ volatile("mov %0, %%cr3" : : "r"(root->cr3 | (root->must_flush ? 0 : monitor->cr3_noflush)) : "memory");
	root->must_flush = 0;
}

void root_refresh(u64 va)
{
	if (monitor->root[monitor->root_now].must_flush)
		load_root();
	else
		__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
}

static void load_keys(void)
{
	__asm__ volatile("wrpkru" : : "a"(monitor->pkru), "c"(0), "d"(0) : "memory");
}

bool view_switch(const struct walk_regime *regime, u64 satp, u8 priv)
{
	u32 root = monitor->root_now, view = monitor->view_now;

	view_choose(&world_shadow, regime, satp, priv);
	if (root != monitor->root_now || monitor->root[root].must_flush)
		load_root();
	if (world_shadow.st->has_keys && view != monitor->view_now)
		load_keys();
	return true;
}

void fence_vma(const struct fence *fence)
{
	u64 va = fence->gva + WORLD_GUEST_BASE;

	fence_note(&world_shadow, fence);
	if (fence->has_gva && va - WORLD_WINDOW < WORLD_SLOT_BYTES) {
		fill_again(va);
		root_refresh(va);
	} else if (monitor->root[monitor->root_now].must_flush) {
		load_root();
	}
}
