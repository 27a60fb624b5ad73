// SPDX-License-Identifier: GPL-2.0-only
/* regs_test.c: the register map keeps the promises of abi.h and regs.h, whatever pins are chosen. */
#include "regs.h"

#include <stdio.h>

static unsigned int npassed, nfailed;

static void check(int is_ok, const char *what)
{
	if (is_ok) {
		npassed++;
		return;
	}
	nfailed++;
	fprintf(stderr, "regs: %s\n", what);
}

static void test_pins_are_a_bijection(void)
{
	unsigned int reg, seen = 0, count = 0;

	for (reg = 0; reg < 32; reg++) {
		if (abi_pin[reg] == ABI_HOMED)
			continue;
		check(abi_pin[reg] < 16, "a pin is no host register");
		check(!(seen >> abi_pin[reg] & 1), "two guest registers share a host register");
		seen |= 1u << abi_pin[reg];
		count++;
	}
	check(count == 12, "not all twelve host registers are used");
	check(!(seen & (ABI_SCRATCH_MASK | 1u << ABI_RSP)), "a scratch register or rsp is pinned");
}

static void test_classes(void)
{
	unsigned int reg, nsib = 0;

	check(abi_pin[0] == ABI_HOMED && reg_class(0) == RES_ZERO, "x0 must have no place");
	for (reg = 1; reg < 32; reg++) {
		check((reg_class(reg) == RES_HOME) == (abi_pin[reg] == ABI_HOMED), "class and pin disagree");
		check((reg_class(reg) == RES_PIN_SIB) == (reg_host(reg) == ABI_R12), "r12 is the one with a SIB byte");
		check(reg_home_offset(reg) == ABI_HOME + ABI_HOME_X + 8 * reg, "slot offset");
		nsib += reg_class(reg) == RES_PIN_SIB;
	}
	check(nsib == 1, "one register is in r12");
}

static void test_f_registers(void)
{
	unsigned int n, seen = 0;

	for (n = 0; n < 32; n++) {
		check((reg_class(32 + n) == RES_HOME) == (abi_fpin[n] == ABI_HOMED),
		      "class and pin of an f register disagree");
		check(reg_home_offset(32 + n) == ABI_HOME + ABI_HOME_F + 8 * n, "slot offset of an f register");
		if (abi_fpin[n] == ABI_HOMED)
			continue;
		check(reg_class(32 + n) == RES_PIN && reg_host(32 + n) == abi_fpin[n], "an f register has another pin");
		check(abi_fpin[n] < 16 && !(seen >> abi_fpin[n] & 1), "two f registers share an xmm register");
		seen |= 1u << abi_fpin[n];
	}
	check(seen == 0xfffc, "all but xmm0 and xmm1 are used");
}

static void test_moves_of_f_registers(void)
{
	u64 f[32], back[32] = { 0 }, xmm[16][2] = { { 0 } };
	unsigned int n;

	for (n = 0; n < 32; n++)
		f[n] = 1000 + n;
	regs_load_fpins(xmm, f);
	regs_store_fpins(back, (const u64(*)[2])xmm);
	for (n = 0; n < 32; n++)
		check(back[n] == (abi_fpin[n] == ABI_HOMED ? 0 : f[n]), "an f register comes back changed");
	check(!xmm[0][0] && !xmm[1][0], "scratch is left alone");
}

int main(void)
{
	test_f_registers();
	test_moves_of_f_registers();
	test_pins_are_a_bijection();
	test_classes();
	printf("regs: %u passed, %u failed, 0 skipped\n", npassed, nfailed);
	return nfailed != 0;
}
