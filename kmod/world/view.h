/* SPDX-License-Identifier: GPL-2.0-only */
/* view.h: which page-table root makes guest memory appear as the guest's registers say.
 *
 * A view is what one mode can reach: one root, with a window of its own, known by regime, satp and whether the mode may
 * use the CSR page (S and M may, U may not).
 *
 * Owns:    monitor_state.view[] and which of them is in use.
 * Promise: after view_switch() a load or store of translated code reaches what the regime allows, and the CSR page if
 *          and only if priv is not U. What was filled for a regime is kept until its root is needed for another one.
 * Locks:   the vCPU's thread. view_find(): host or monitor; view_switch(): the monitor alone, on its way back to ring 3.
 * Context: any; interrupts off in the monitor; bounded: one search and one cleared table.
 * Errors:  view_switch() false: nothing changed, the host has to do it.
 * Next file: view.c, root.c. */
#ifndef LDBT_WORLD_VIEW_H
#define LDBT_WORLD_VIEW_H

#include "shadow.h"
#include "walk.h"

/* Number of the root for this regime; one that was used for another is emptied. priv: the hart's mode, which MPRV may
 * make differ from regime->priv. */
u32 view_find(const struct shadow *s, const struct walk_regime *regime, u64 satp, u8 priv);

/* From now on loads and stores go by regime (walk_regime_get(), WALK_LOAD). To be called after mode, SUM, MXR, MPRV, satp
 * or menvcfg changed. */
bool view_switch(const struct walk_regime *regime, u64 satp, u8 priv);

#endif
