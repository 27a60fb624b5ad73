/* SPDX-License-Identifier: GPL-2.0-only */
/* regs.h: where a guest register lives: nowhere (x0), in a host register, or in the home page.
 *
 * Owns:    abi_pin[], declared in abi.h because the exit stub and the host rooms need it too.
 * Promise: each of the 12 pin registers of abi.h holds exactly one guest register; x0 has none.
 *                                                                  [checked: tests/regs]
 * Locks:   none; constants. Context: any. Errors: none.
 * Next file: rule.h (residency classes select the variant of an arm). */
#ifndef LDBT_REGS_H
#define LDBT_REGS_H

#include "abi.h"
#include "rule.h"

/* Residency of a guest register, 0..31: the class by which a variant of a rule's arm is chosen. */
static inline enum res_class reg_class(unsigned int guest_reg)
{
	u8 pin = abi_pin[guest_reg];

	if (guest_reg == 0)
		return RES_ZERO;
	if (pin == ABI_HOMED)
		return RES_HOME;
	return pin == ABI_R12 ? RES_PIN_SIB : RES_PIN;
}

/* Host number of a pinned register; ABI_HOMED for the others. */
static inline u8 reg_host(unsigned int guest_reg)
{
	return abi_pin[guest_reg];
}

/* Byte offset of a register's slot in the state area, whether it is pinned or not. */
static inline u32 reg_home_offset(unsigned int guest_reg)
{
	return ABI_HOME + ABI_HOME_X + 8 * guest_reg;
}

#endif
