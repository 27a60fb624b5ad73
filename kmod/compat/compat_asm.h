/* SPDX-License-Identifier: GPL-2.0-only */
/* compat_asm.h: names that differ between kernels, for assembler and C.
 *
 * Owns:    nothing. Promise: with compat.h, the only place that tells kernels apart.
 * Next file: compat.h. */
#ifndef LDBT_KMOD_COMPAT_ASM_H
#define LDBT_KMOD_COMPAT_ASM_H

#include <asm/cpufeatures.h>

/* Clear the branch history after a stay in a guest. Later kernels have a shorter name. */
#ifdef X86_FEATURE_CLEAR_BHB_VMEXIT
#define COMPAT_FEATURE_CLEAR_BHB_VMEXIT X86_FEATURE_CLEAR_BHB_VMEXIT
#else
#define COMPAT_FEATURE_CLEAR_BHB_VMEXIT X86_FEATURE_CLEAR_BHB_LOOP_ON_VMEXIT
#endif

/* VERW before a guest runs; kernels without it have one bit for user space and guests. */
#ifdef X86_FEATURE_CLEAR_CPU_BUF_VM
#define COMPAT_FEATURE_CLEAR_CPU_BUF_VM X86_FEATURE_CLEAR_CPU_BUF_VM
#else
#define COMPAT_FEATURE_CLEAR_CPU_BUF_VM X86_FEATURE_CLEAR_CPU_BUF
#endif

#endif
