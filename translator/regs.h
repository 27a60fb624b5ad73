/* SPDX-License-Identifier: GPL-2.0-only */
/* regs.h: where a guest register lives: nowhere (x0), in a host register, or in the home page.
 *
 * Owns:    abi_pin[], declared in abi.h because the exit stub and the host rooms need it too; abi_fpin[].
 * Promise: each of the 12 pin registers of abi.h holds exactly one guest register; x0 has none. Each of xmm2 to xmm15
 *          holds one f register. Numbers of guest registers: x0..x31, then f0..f31.
 *                                                                  [checked: tests/regs]
 * Locks:   none; constants. Context: any. Errors: none.
 * Next file: rule.h (residency classes select the variant of an arm). */
#ifndef LDBT_REGS_H
#define LDBT_REGS_H

#include "abi.h"
#include "rule.h"

/* Each guest register and its pin. r12 holds ra, which is no memory base, because a base in r12 costs a SIB byte. Changing
 * a line here changes code, not meaning: every rule is compiled for every residency. */
#define REGS_PINS(pin)                                                                                                 \
	pin(0, ABI_HOMED) pin(1, ABI_R12) pin(2, ABI_RBP) pin(3, ABI_HOMED)		    /* zero ra sp gp */        \
		pin(4, ABI_HOMED) pin(5, ABI_HOMED) pin(6, ABI_HOMED) pin(7, ABI_HOMED)	    /* tp t0 t1 t2 */          \
		pin(8, ABI_R14) pin(9, ABI_R15)						    /* s0 s1 */                \
		pin(10, ABI_R8) pin(11, ABI_R9) pin(12, ABI_R10) pin(13, ABI_RDI)	    /* a0 a1 a2 a3 */          \
		pin(14, ABI_RSI) pin(15, ABI_RBX) pin(16, ABI_R11) pin(17, ABI_HOMED)	    /* a4 a5 a6 a7 */          \
		pin(18, ABI_R13) pin(19, ABI_HOMED) pin(20, ABI_HOMED) pin(21, ABI_HOMED)   /* s2 s3 s4 s5 */          \
		pin(22, ABI_HOMED) pin(23, ABI_HOMED) pin(24, ABI_HOMED) pin(25, ABI_HOMED) /* s6 s7 s8 s9 */          \
		pin(26, ABI_HOMED) pin(27, ABI_HOMED)					    /* s10 s11 */              \
		pin(28, ABI_HOMED) pin(29, ABI_HOMED) pin(30, ABI_HOMED) pin(31, ABI_HOMED) /* t3 t4 t5 t6 */

/* Each f register and its xmm register, likewise. */
#define REGS_FPINS(pin)                                                                                                \
	pin(0, 9) pin(1, 10) pin(2, 12) pin(3, 13) pin(4, 14)				    /* ft0 to ft4 */           \
		pin(5, ABI_HOMED) pin(6, ABI_HOMED) pin(7, ABI_HOMED)			    /* ft5 ft6 ft7 */          \
		pin(8, 8) pin(9, 11)							    /* fs0 fs1 */              \
		pin(10, 5) pin(11, 7) pin(12, 6) pin(13, 4) pin(14, 3) pin(15, 2)	    /* fa0 to fa5 */           \
		pin(16, ABI_HOMED) pin(17, ABI_HOMED)					    /* fa6 fa7 */              \
		pin(18, ABI_HOMED) pin(19, ABI_HOMED) pin(20, ABI_HOMED) pin(21, ABI_HOMED) /* fs2 to fs5 */           \
		pin(22, ABI_HOMED) pin(23, 15)						    /* fs6 fs7 */              \
		pin(24, ABI_HOMED) pin(25, ABI_HOMED) pin(26, ABI_HOMED) pin(27, ABI_HOMED) /* fs8 to fs11 */          \
		pin(28, ABI_HOMED) pin(29, ABI_HOMED) pin(30, ABI_HOMED) pin(31, ABI_HOMED) /* ft8 to ft11 */

extern const u8 abi_fpin[32]; /* xmm register of an f register, or ABI_HOMED */

/* Residency of a guest register: the class by which a variant of a rule's arm is chosen. */
static inline enum res_class reg_class(unsigned int guest_reg)
{
	u8 pin = guest_reg < 32 ? abi_pin[guest_reg] : abi_fpin[guest_reg - 32];

	if (guest_reg == 0)
		return RES_ZERO;
	if (pin == ABI_HOMED)
		return RES_HOME;
	return guest_reg < 32 && pin == ABI_R12 ? RES_PIN_SIB : RES_PIN;
}

/* Host number of a pinned register; ABI_HOMED for the others. */
static inline u8 reg_host(unsigned int guest_reg)
{
	return guest_reg < 32 ? abi_pin[guest_reg] : abi_fpin[guest_reg - 32];
}

/* Byte offset of a register's slot in the state area, whether it is pinned or not. */
static inline u32 reg_home_offset(unsigned int guest_reg)
{
	return ABI_HOME + 8 * guest_reg + (guest_reg < 32 ? ABI_HOME_X : ABI_HOME_F - 8 * 32);
}

/* The pinned registers between the home page's slots and reg[], by host number. Straight code: every entry into and every
 * way out of the world comes here. */
static inline void regs_load_pins(u64 reg[16], const u64 x[32])
{
#define LOAD(guest, host)                                                                                              \
	if ((host) != ABI_HOMED)                                                                                       \
		reg[(host)&15] = x[guest];
	REGS_PINS(LOAD)
#undef LOAD
}

static inline void regs_store_pins(u64 x[32], const u64 reg[16])
{
#define STORE(guest, host)                                                                                             \
	if ((host) != ABI_HOMED)                                                                                       \
		x[guest] = reg[(host)&15];
	REGS_PINS(STORE)
#undef STORE
}

/* Likewise the pinned f registers; xmm[] as the legacy part of an XSAVE area has them, 16 bytes each. */
static inline void regs_load_fpins(u64 (*xmm)[2], const u64 f[32])
{
#define LOAD(guest, host)                                                                                              \
	if ((host) != ABI_HOMED)                                                                                       \
		xmm[(host)&15][0] = f[guest];
	REGS_FPINS(LOAD)
#undef LOAD
}

static inline void regs_store_fpins(u64 f[32], const u64 (*xmm)[2])
{
#define STORE(guest, host)                                                                                             \
	if ((host) != ABI_HOMED)                                                                                       \
		f[guest] = xmm[(host)&15][0];
	REGS_FPINS(STORE)
#undef STORE
}

#endif
