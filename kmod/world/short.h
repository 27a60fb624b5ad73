/* SPDX-License-Identifier: GPL-2.0-only */
/* short.h: what the short ways of entry.S know of the modes that they lead to.
 *
 * Owns:    struct short_ways, in the block.
 * Promise: a way that is not closed leads to its mode, in the address space in use, with the view, the regime and the tag
 *          that enter_space() of go.c would give; medeleg sends ecall of U to S, sret is S's to execute, and the monitor
 *          may serve both. Ways are closed when any of this changes: by the host at each entry, by the monitor when M-mode
 *          or another address space comes into use, at writes of fcsr, and when a tag is forgotten or replaced. What can change
 *          in other manners (SUM, MXR, FS, stvec, pending interrupts, must_flush) entry.S looks at each time.
 * Locks:   the vCPU's thread: its monitor, or the host while the vCPU is outside. Context: any. Errors: none.
 * Next file: entry.S, short.c. */
#ifndef LDBT_WORLD_SHORT_H
#define LDBT_WORLD_SHORT_H

#include "csr.h"
#include "hart.h"
#include "layout.h"
#include "state.h"

struct short_way {
	u64 tag;
	u64 regime_mode; /* of monitor_state.regime all but root */
	u64 root_view;	 /* monitor_state.root_now and view_now */
	u32 root;	 /* address of its struct monitor_root; that of `closed` */
	u32 pkru;
};

struct short_ways {
	struct short_way to[SHORT_WAYS]; /* by SHORT_TO_*, + 1: FS is dirty, which blocks may depend on */
	struct monitor_root closed;
	u32 keep, pad;
	u64 served, traps; /* exits, and traps among them */
};

static inline void short_close(struct short_ways *ways)
{
	u32 i;

	for (i = 0; i < SHORT_WAYS; i++)
		ways->to[i].root = WORLD_BLOCK + BLOCK_SHORT + SHORT_CLOSED;
}

/* At creation. */
static inline void short_init(struct short_ways *ways)
{
	ways->closed.must_flush = 1;
	short_close(ways);
}

/* Monitor: the hart is in the view of this regime, by a served exit. */
void short_note(const struct walk_regime *regime);

#define SHORT_AT(type, field, offset) _Static_assert(offsetof(type, field) == (offset), "layout.h: " #field)
SHORT_AT(struct monitor_state, root_now, MONITOR_ROOT_NOW);
SHORT_AT(struct monitor_state, view_now, MONITOR_ROOT_NOW + 4);
SHORT_AT(struct monitor_state, pkru, MONITOR_PKRU);
SHORT_AT(struct monitor_state, cr3_noflush, MONITOR_CR3_NOFLUSH);
SHORT_AT(struct monitor_state, regime.priv, MONITOR_REGIME_MODE);
SHORT_AT(struct monitor_state, view_switches, MONITOR_VIEW_SWITCHES);
SHORT_AT(struct monitor_root, cr3, ROOT_CR3);
SHORT_AT(struct monitor_root, must_flush, ROOT_MUST_FLUSH);
SHORT_AT(struct hart, serves, HART_SERVES);
SHORT_AT(struct hart, code_written, HART_CODE_WRITTEN);
SHORT_AT(struct hart, g.priv, HART_PRIV);
SHORT_AT(struct hart, g.csr.mstatus, HART_MSTATUS);
SHORT_AT(struct hart, g.csr.mip, HART_MIP);
SHORT_AT(struct hart, g.csr.mie, HART_MIE);
SHORT_AT(struct short_way, tag, WAY_TAG);
SHORT_AT(struct short_way, regime_mode, WAY_REGIME_MODE);
SHORT_AT(struct short_way, root_view, WAY_ROOT_VIEW);
SHORT_AT(struct short_way, root, WAY_ROOT);
SHORT_AT(struct short_way, pkru, WAY_PKRU);
SHORT_AT(struct short_ways, closed, SHORT_CLOSED);
SHORT_AT(struct short_ways, keep, SHORT_KEEP);
SHORT_AT(struct short_ways, served, SHORT_SERVED);
SHORT_AT(struct short_ways, traps, SHORT_TRAPS);
#undef SHORT_AT
_Static_assert(sizeof(struct short_way) == SHORT_WAY_BYTES, "layout.h");
_Static_assert(sizeof(struct short_ways) == SHORT_BYTES, "layout.h");
_Static_assert(sizeof(struct walk_regime) == offsetof(struct walk_regime, priv) + sizeof(u64),
	       "all but root is a word");
/* entry.S moves SIE to SPIE and back by 4, and adds FS's lowest bit to learn whether all of it is set. */
_Static_assert(MSTATUS_SIE == 0x2 && MSTATUS_SPIE == 0x20 && MSTATUS_SPP == 0x100, "entry.S");
_Static_assert(MSTATUS_FS == 0x6000 && MSTATUS_SUM == 0x40000 && MSTATUS_MXR == 0x80000, "entry.S");
_Static_assert(MSTATUS_UXL_64 == 1ULL << 33 && MSTATUS_SD == 0x8000ULL << 48, "entry.S");

#endif
