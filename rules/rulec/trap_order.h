/* SPDX-License-Identifier: GPL-2.0-only */
/* trap_order.h: nothing of an instruction may have happened when it traps.
 *
 * Owns:    nothing.
 * Promise: on every path of the semantics each point that can trap stands before each point that writes. Points that
 *          can trap: trap(), memory accesses, effects. Points that write: registers, states, stores and atomics,
 *          effects but those whose name ends in "_read".
 * Errors:  -1 after a message that names both lines.
 * Next file: trap_order.c. */
#ifndef LDBT_RULEC_TRAP_ORDER_H
#define LDBT_RULEC_TRAP_ORDER_H

#include "lang/isa.h"

int trap_order_check(const struct isa *isa, const struct insn_desc *insn, struct diag *diag);

#endif
