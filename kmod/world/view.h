/* SPDX-License-Identifier: GPL-2.0-only */
/* view.h: what makes guest memory appear as the guest's registers say.
 *
 * A view is what one mode can reach: U, S with SUM clear, S with SUM set, M, and the same without translation. Its number
 * is that of a root (shadow_root()). Two implementations of a switch: each view has its own page-table root; or, with
 * protection keys, the views of an address space share one root and differ in PKRU.
 *
 * Owns:    which view and which address space is in use.
 * Promise: after view_switch() a load or store of translated code reaches what the regime allows, and the CSR page if
 *          and only if priv is not U. What was filled is kept until a fence, or until its pages are needed elsewhere; what
 *          MXR and MPRV made is dropped when they, satp or the mode change.
 * Locks:   the vCPU's thread. view_choose(): host or monitor; view_switch(): the monitor alone, on its way back to ring 3.
 * Context: any; interrupts off in the monitor; bounded as aspace.h.
 * Errors:  view_switch() false: nothing changed, the host has to do it.
 * Next file: view.c, root.c. */
#ifndef LDBT_WORLD_VIEW_H
#define LDBT_WORLD_VIEW_H

#include "shadow.h"
#include "walk.h"

/* The view for this regime is in use from now on: view_now, root_now and pkru say what is to be loaded. priv: the hart's
 * mode, which MPRV may make differ from regime->priv. */
void view_choose(const struct shadow *s, const struct walk_regime *regime, u64 satp, u8 priv);
/* At creation: without translation, M-mode. */
void view_reset(const struct shadow *s);

/* From now on loads and stores go by regime (walk_regime_get(), WALK_LOAD). To be called after mode, SUM, MXR, MPRV, satp
 * or menvcfg changed. */
bool view_switch(const struct walk_regime *regime, u64 satp, u8 priv);

#endif
