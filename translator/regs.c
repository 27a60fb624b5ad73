// SPDX-License-Identifier: GPL-2.0-only
/* regs.c: which guest registers live in host registers.
 *
 * The registers that real riscv64 programs use most, by dynamic count; docs/PINS.md has the figures and how
 * to repeat them. */
#include "regs.h"

#define VALUE(reg, pin) pin,
const u8 abi_pin[32] = { REGS_PINS(VALUE) };
#undef VALUE

#define VALUE(reg, xmm) xmm,
const u8 abi_fpin[32] = { REGS_FPINS(VALUE) };
