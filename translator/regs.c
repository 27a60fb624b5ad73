// SPDX-License-Identifier: GPL-2.0-only
/* regs.c: which guest registers live in host registers.
 *
 * The integer registers that real riscv64 programs use most, by dynamic count; docs/PINS.md has the figures and how
 * to repeat them. r12 holds ra, which is no memory base, because a base in r12 costs a SIB byte. Changing a line here
 * changes code, not meaning: every rule is compiled for every residency. */
#include "regs.h"

const u8 abi_pin[32] = {
	ABI_HOMED, ABI_R12,   ABI_RBP,	 ABI_HOMED, /* zero ra sp gp */
	ABI_HOMED, ABI_HOMED, ABI_HOMED, ABI_HOMED, /* tp t0 t1 t2 */
	ABI_R14,   ABI_R15,			    /* s0 s1 */
	ABI_R8,	   ABI_R9,    ABI_R10,	 ABI_RDI,   /* a0 a1 a2 a3 */
	ABI_RSI,   ABI_RBX,   ABI_R11,	 ABI_HOMED, /* a4 a5 a6 a7 */
	ABI_R13,   ABI_HOMED, ABI_HOMED, ABI_HOMED, /* s2 s3 s4 s5 */
	ABI_HOMED, ABI_HOMED, ABI_HOMED, ABI_HOMED, /* s6 s7 s8 s9 */
	ABI_HOMED, ABI_HOMED,			    /* s10 s11 */
	ABI_HOMED, ABI_HOMED, ABI_HOMED, ABI_HOMED, /* t3 t4 t5 t6 */
};
