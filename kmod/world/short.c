// SPDX-License-Identifier: GPL-2.0-only
/* short.c: notes where the long way led, so that the next exit of its kind may go the short one.
 * Next file: entry.S (which uses it), exit.c (which calls it). */
#include "short.h"

#include "inside.h"

#include "trap.h"

#define monitor ((struct monitor_state *)(WORLD_BLOCK + BLOCK_MONITOR))

/* What entry.S does not look at. M-mode, MXR and MPRV use other address spaces: while one of those is in use no way may
 * be open, since fences and evictions are for the one in use, and entry.S changes views within it. What guest code
 * stores to its sstatus must not matter for that. */
static bool is_plain(const struct walk_regime *regime)
{
	const u32 served = 1U << EXIT_ECALL | 1U << EXIT_SYSTEM;
	const struct guest_csr *csr = &hart->g.csr;

	return hart->g.priv != PRIV_M && !regime->mxr && !(csr->mstatus & (MSTATUS_TSR | MSTATUS_MPRV)) &&
	       (csr->medeleg >> CAUSE_ECALL_U & 1) && (hart->serves & served) == served;
}

static u32 way_to(const struct guest *g, const struct walk_regime *regime)
{
	u32 is_dirty = (csr_s_fields(g, g->csr_page->sstatus) & MSTATUS_FS) == MSTATUS_FS;

	if (g->priv == PRIV_U && !regime->sum)
		return SHORT_TO_U + is_dirty;
	if (g->priv == PRIV_S)
		return (regime->sum ? SHORT_TO_SUM : SHORT_TO_S) + is_dirty;
	return SHORT_WAYS;
}

void short_note(const struct walk_regime *regime)
{
	u32 to = way_to(&hart->g, regime);
	struct short_way *way;

	if (!is_plain(regime)) {
		short_close(ways);
		return;
	}
	if (to == SHORT_WAYS)
		return;
	way = &ways->to[to];
	way->tag = hart->table->tag;
	__builtin_memcpy(&way->regime_mode, &regime->priv, sizeof(way->regime_mode));
	way->root_view = monitor->root_now | (u64)monitor->view_now << 32;
	way->root = (u32)(u64)&monitor->root[monitor->root_now];
	way->pkru = monitor->pkru;
	ways->keep = (u32)csr_s_fields(&hart->g, MSTATUS_SUM | MSTATUS_FS);
}
