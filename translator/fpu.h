/* SPDX-License-Identifier: GPL-2.0-only */
/* fpu.h: fcsr and the host's MXCSR, which stands for a part of it while translated code runs.
 *
 * Owns:    nothing.
 * Promise: inside, MXCSR.RC is frm's mode where the host has it (FPU_MODES; else nearest, and no template asks), and
 *          fflags is home->fflags or'ed with MXCSR's sticky flags. Whoever brings the hart outside collects them;
 *          whoever changes frm or reads fflags inside does both (fpu_collect, then fpu_mxcsr anew).
 * Locks:   as guest.h. Context: any; no FPU instruction here. Errors: none.
 * Next file: csr.h. */
#ifndef LDBT_FPU_H
#define LDBT_FPU_H

#include "guest.h"

enum {
	FPU_MXCSR_MASKED = 0x1f80, /* no exception is taken; FTZ and DAZ are off */
	FPU_MXCSR_STICKY = 0x3f,
	FPU_MXCSR_RC_SHIFT = 13,
	FPU_MODES = 4,	  /* frm 0..3: RNE RTZ RDN RUP */
	FPU_FRM_MASK = 7, /* of home->frm, which guest code may have written */
	FPU_FFLAGS_MASK = 31,
};

/* MXCSR as the guest's fcsr wants it, with nothing raised. */
static inline u32 fpu_mxcsr(const struct guest_home *home)
{
	u32 frm = home->frm & FPU_FRM_MASK;
	/* Intel volume 1, table 4-8: 1 down, 2 up, 3 to zero; for the modes it lacks, nearest */
	u32 rc = 0x9c >> 2 * (frm & 3) & 3;

	return FPU_MXCSR_MASKED | (frm < FPU_MODES ? rc << FPU_MXCSR_RC_SHIFT : 0);
}

/* IE ZE OE UE PE are bits 0 2 3 4 5; the guest's NV DZ OF UF NX bits 4 3 2 1 0. DE has no counterpart. */
static inline void fpu_collect(struct guest_home *home, u32 mxcsr)
{
	home->fflags |= (mxcsr & 1) << 4 | (mxcsr & 4) << 1 | (mxcsr & 8) >> 1 | (mxcsr & 16) >> 3 | (mxcsr & 32) >> 5;
	home->fflags &= FPU_FFLAGS_MASK;
}

#endif
