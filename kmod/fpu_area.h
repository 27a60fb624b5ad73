/* SPDX-License-Identifier: GPL-2.0-only */
/* fpu_area.h: the guest's FPU state in the XSAVE area of its world, while the vCPU is outside.
 *
 * Owns:    nothing; the area lies in the vCPU's block.
 * Promise: between fpu_enter() and fpu_leave() the area (inside: the registers) holds the pinned f registers and the
 *          sticky flags; else home has all. Components that the area says are initial are taken as such.
 * Locks:   the vCPU's thread. Context: outside an FPU section (space.h). Errors: none.
 * Next file: run.c. */
#ifndef LDBT_KMOD_FPU_AREA_H
#define LDBT_KMOD_FPU_AREA_H

#include "fpu.h"
#include "regs.h"

enum { XSTATE_SSE = 2 }; /* in `features` */

/* Intel volume 1, section 13.4: legacy region, then the header. */
struct fpu_area {
	u8 x87[24];
	u32 mxcsr, mxcsr_mask;
	u8 st[128];
	u64 xmm[16][2];
	u8 unused[96];
	u64 features; /* XSTATE_BV: a component whose bit is 0 is in its initial state, whatever is stored */
};

_Static_assert(offsetof(struct fpu_area, mxcsr) == 24 && offsetof(struct fpu_area, xmm) == 160, "XSAVE area");
_Static_assert(offsetof(struct fpu_area, features) == 512, "XSAVE area");

static inline void fpu_area_has_xmm(struct fpu_area *a)
{
	if (!(a->features & XSTATE_SSE))
		memset(a->xmm, 0, sizeof(a->xmm));
	a->features |= XSTATE_SSE;
}

static inline void fpu_enter(struct fpu_area *a, const struct guest_home *home)
{
	a->mxcsr = fpu_mxcsr(home);
	fpu_area_has_xmm(a);
	regs_load_fpins(a->xmm, home->f);
}

static inline void fpu_leave(struct fpu_area *a, struct guest_home *home)
{
	fpu_collect(home, a->mxcsr);
	a->mxcsr &= ~(u32)FPU_MXCSR_STICKY;
	fpu_area_has_xmm(a);
	regs_store_fpins(home->f, a->xmm);
}

#endif
