/* SPDX-License-Identifier: GPL-2.0-only */
/* interp.h: executes one decoded instruction; generated from the ISA description (gen/interp.c).
 *
 * Owns:    nothing.
 * Promise: complete for every instruction of the description; on STEP_TRAP the guest state is that before the
 *          instruction. Effects (docs/LANGUAGE.md) are calls effect_NAME() of trap.c and csr.c, primitives calls
 *          prim_NAME() of prim.c.
 * Locks:   none. Context: any; never sleeps; user space, module and monitor.
 * Source:  rules/riscv64*.isa. */
#ifndef LDBT_INTERP_H
#define LDBT_INTERP_H

#include "guest.h"
#include "insn.h"

enum step interp_insn(struct guest *g, const struct insn *in);

#endif
