/* SPDX-License-Identifier: GPL-2.0-only */
/* state.h: what host, switcher and monitor share in the block of one vCPU.
 *
 * Owns:    nothing; the block is struct space's.
 * Promise: offsets are those of layout.h (static_assert), so that gate.S agrees.
 * Locks:   the vCPU's thread; NMI and #MC handlers of the world write gate_state.pending and the nmi counters.
 * Errors:  none.
 * Next file: monitor.c. */
#ifndef LDBT_WORLD_STATE_H
#define LDBT_WORLD_STATE_H

#include "layout.h"
#include "port.h"
#include "walk.h"

struct gate_descriptor { /* operand of lgdt and its kin */
	u16 limit;
	u64 base;
	u8 pad[6];
} __attribute__((packed));

struct gate_state {
	u64 host_rsp, host_cr3, host_cr4, host_fs, host_gs, host_lstar;
	u64 world_cr3, world_cr4, world_fs, world_gs, world_lstar;
	u64 frame; /* address of the register frame in the host's direct mapping */
	u64 cr2;
	struct gate_descriptor host_gdtr, host_idtr, gdtr_world, gdtr_host, idtr_world;
	u32 leave; /* LEAVE_* */
	u8 pending_nmi, pending_mc;
	u8 switch_cr4, pad;
	u32 nmi_window, nmi_monitor, nmi_resume, nmi_guest; /* where NMIs and machine checks hit */
	u64 host_spec_ctrl;
	u16 verw_selector, pad2[3];
	u64 leave_at; /* gate_leave */
};

struct monitor_region {
	u64 gpa, gpa_end;
	u32 head_page, head_block; /* numbers of the first page's and the first 2 MiB block's list: rmap.h */
};

#define MONITOR_REGIONS 8

/* Address spaces with shadow tables, and the trees and roots of each. Without translation, and in number 1, TREE_U and
 * TREE_S name roots without and with the CSR page of one tree. */
enum { ASPACE_BARE = 0, ASPACE_OWN = 1, ASPACE_FIRST = 2, SHADOW_ASPACES = 26 };
enum { TREE_U, TREE_S, TREE_SUM, SHADOW_TREES };
enum { SHADOW_ROOTS = SHADOW_ASPACES * SHADOW_TREES };

struct monitor_root {
	u64 cr3;       /* without bit 63 */
	u8 must_flush; /* something was dropped behind it: its next load must have bit 63 clear */
};

struct monitor_state {
	u64 me_mask; /* to be set in every entry: memory encryption */
	u32 nregions;
	u32 root_now;	 /* in use */
	u32 view_now;	 /* number of the view: its root, unless views share one */
	u32 pkru;	 /* of the view, if there are protection keys */
	u64 cr3_noflush; /* bit 63, if a load of CR3 may keep what the processor knows */
	struct walk_regime regime;
	u64 view_switches, page_fills;
	u64 huge_fills; /* among page_fills: entries of 2 MiB */
	struct monitor_root root[SHADOW_ROOTS];
	struct monitor_region region[MONITOR_REGIONS];
};

#define STATE_AT(field, offset)                                                                                        \
	_Static_assert(__builtin_offsetof(struct gate_state, field) == (offset), "layout.h: " #field)
STATE_AT(host_rsp, GATE_HOST_RSP);
STATE_AT(host_lstar, GATE_HOST_LSTAR);
STATE_AT(world_cr3, GATE_WORLD_CR3);
STATE_AT(world_cr4, GATE_WORLD_CR4);
STATE_AT(world_fs, GATE_WORLD_FS);
STATE_AT(world_gs, GATE_WORLD_GS);
STATE_AT(world_lstar, GATE_WORLD_LSTAR);
STATE_AT(host_cr3, GATE_HOST_CR3);
STATE_AT(host_cr4, GATE_HOST_CR4);
STATE_AT(host_fs, GATE_HOST_FS);
STATE_AT(host_gs, GATE_HOST_GS);
STATE_AT(frame, GATE_FRAME);
STATE_AT(cr2, GATE_CR2);
STATE_AT(host_gdtr, GATE_HOST_GDTR);
STATE_AT(host_idtr, GATE_HOST_IDTR);
STATE_AT(gdtr_world, GATE_GDTR_WORLD);
STATE_AT(gdtr_host, GATE_GDTR_HOST);
STATE_AT(idtr_world, GATE_IDTR_WORLD);
STATE_AT(leave, GATE_LEAVE);
STATE_AT(pending_nmi, GATE_PENDING_NMI);
STATE_AT(pending_mc, GATE_PENDING_MC);
STATE_AT(switch_cr4, GATE_SWITCH_CR4);
STATE_AT(nmi_window, GATE_NMI_WINDOW);
STATE_AT(nmi_monitor, GATE_NMI_MONITOR);
STATE_AT(nmi_resume, GATE_NMI_RESUME);
STATE_AT(nmi_guest, GATE_NMI_GUEST);
STATE_AT(host_spec_ctrl, GATE_SPEC_CTRL);
STATE_AT(verw_selector, GATE_VERW);
STATE_AT(leave_at, GATE_LEAVE_AT);
_Static_assert(sizeof(struct gate_state) == GATE_BYTES, "layout.h");
_Static_assert(BLOCK_GATE + GATE_BYTES <= BLOCK_MONITOR, "layout.h");
_Static_assert(BLOCK_MONITOR + sizeof(struct monitor_state) <= BLOCK_IDT, "layout.h");
#undef STATE_AT

#endif
