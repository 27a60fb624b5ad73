/* SPDX-License-Identifier: GPL-2.0-only */
/* diff_rt.h: state shared by the two halves of the guest side of differential tests (diff_rt.c, diff_enter.S).
 * Owns:    nothing.
 * Promise: offsets below are those of struct diff_context (static_assert). mscratch holds its address.
 * Locks:   none; one hart. Context: M-mode, bare addresses. Errors: none. */
#ifndef DIFF_RT_H
#define DIFF_RT_H

#define CONTEXT_RT_SP 256
#define CONTEXT_RT_GP 264
#define CONTEXT_RT_TP 272
#define CONTEXT_ENTRY 280
#define CONTEXT_MPP   288
#define CONTEXT_FCSR  296
#define CONTEXT_F     304

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct diff_context {
	uint64_t x[32]; /* registers of the block: at entry, then at its last trap; x[0] unused */
	uint64_t rt_sp, rt_gp, rt_tp;
	uint64_t entry; /* where to go: the block's entry or behind a trap */
	uint64_t mpp;	/* the block's mode, as bits of mstatus */
	uint64_t fcsr;	/* at entry, then at the end */
	uint64_t f[32];
};

_Static_assert(offsetof(struct diff_context, rt_sp) == CONTEXT_RT_SP, "diff_enter.S");
_Static_assert(offsetof(struct diff_context, rt_gp) == CONTEXT_RT_GP, "diff_enter.S");
_Static_assert(offsetof(struct diff_context, rt_tp) == CONTEXT_RT_TP, "diff_enter.S");
_Static_assert(offsetof(struct diff_context, entry) == CONTEXT_ENTRY, "diff_enter.S");
_Static_assert(offsetof(struct diff_context, mpp) == CONTEXT_MPP, "diff_enter.S");
_Static_assert(offsetof(struct diff_context, fcsr) == CONTEXT_FCSR, "diff_enter.S");
_Static_assert(offsetof(struct diff_context, f) == CONTEXT_F, "diff_enter.S");

void diff_enter(struct diff_context *c); /* runs a block until diff_on_trap() says that it has ended */
/* f registers and fcsr, while mstatus.FS is not off. */
void diff_load_fp(const struct diff_context *c);
void diff_store_fp(struct diff_context *c);
int diff_on_trap(struct diff_context *c, uint64_t cause, uint64_t pc, uint64_t tval); /* 0: the block has ended */
#endif
#endif
