/* SPDX-License-Identifier: GPL-2.0-only */
/* interp_mem.h: how the generated interpreter reaches guest memory and joins effects.
 *
 * Owns:    nothing.
 * Promise: each function is at most one access; nonzero means trap_cause and trap_tval are set and nothing happened.
 *          tval is the address the
 *          instruction computed, unless guest_ops named the part of it that faulted. Values above the access size come back as zero.
 * Context: as interp.h. Next file: interp_mem.c, guest.h (struct guest_ops). */
#ifndef LDBT_INTERP_MEM_H
#define LDBT_INTERP_MEM_H

#include "guest.h"

int mem_load(struct guest *g, gva_t addr, u32 size_bytes, u64 *value);
int mem_load_aligned(struct guest *g, gva_t addr, u32 size_bytes, u64 *value);
int mem_store(struct guest *g, gva_t addr, u32 size_bytes, u64 value);
/* Naturally aligned only; a misaligned address is the store's trap. */
int mem_cas(struct guest *g, gva_t addr, u32 size_bytes, u64 expected, u64 desired, u64 *old);

/* True when the effect trapped; else notes in *end what the instruction ends in. */
bool effect_ends(enum step step, enum step *end);

#endif
