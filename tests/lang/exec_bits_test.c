// SPDX-License-Identifier: GPL-2.0-only
/* exec_bits_test.c: Zba, Zbb and Zbs, bit by bit and without a look at the description. Next file: exec_mem_test.c. */
#include "exec.h"

static uint64_t word(uint64_t a)
{
	return (uint32_t)a;
}

static uint64_t bit(uint64_t n)
{
	return 1ULL << (n & 63);
}

MODEL(add_uw, word(a) + b)
MODEL(sh1add, b + a * 2)
MODEL(sh2add, b + a * 4)
MODEL(sh3add, b + a * 8)
MODEL(sh1add_uw, b + word(a) * 2)
MODEL(sh2add_uw, b + word(a) * 4)
MODEL(sh3add_uw, b + word(a) * 8)
MODEL(slli_uw, word(a) << b)
MODEL(bclr, a & ~bit(b))
MODEL(bext, !!(a & bit(b)))
MODEL(binv, a &bit(b) ? a - bit(b) : a + bit(b))
MODEL(bset, a &bit(b) ? a : a + bit(b))

static const struct model reg_table[] = {
	{ "add.uw", do_add_uw },       { "sh1add", do_sh1add },	      { "sh2add", do_sh2add },
	{ "sh3add", do_sh3add },       { "sh1add.uw", do_sh1add_uw }, { "sh2add.uw", do_sh2add_uw },
	{ "sh3add.uw", do_sh3add_uw }, { "bclr", do_bclr },	      { "bext", do_bext },
	{ "binv", do_binv },	       { "bset", do_bset },
};

/* amounts below 64, or 32 for words */
static const struct model shift_table[] = {
	{ "slli.uw", do_slli_uw }, { "bclri", do_bclr }, { "bexti", do_bext },
	{ "binvi", do_binv },	   { "bseti", do_bset },
};

void test_exec_bits(void)
{
	static const int64_t amount[] = { 0, 1, 7, 31, 32, 33, 63 };

	for (unsigned int i = 0; i < sizeof(reg_table) / sizeof(reg_table[0]); i++)
		exec_reg(&reg_table[i]);
	for (unsigned int i = 0; i < sizeof(shift_table) / sizeof(shift_table[0]); i++)
		exec_imm(&shift_table[i], amount, 7);
}
