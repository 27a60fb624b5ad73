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

static uint64_t first_one(uint64_t a, unsigned int width)
{
	unsigned int n = 0;

	while (n < width && !(a >> (width - 1 - n) & 1))
		n++;
	return n;
}

static uint64_t last_one(uint64_t a, unsigned int width)
{
	unsigned int n = 0;

	while (n < width && !(a >> n & 1))
		n++;
	return n;
}

static uint64_t count(uint64_t a)
{
	uint64_t n = 0;

	for (; a; a >>= 1)
		n += a & 1;
	return n;
}

static uint64_t full_bytes(uint64_t a)
{
	uint64_t result = 0;

	for (unsigned int i = 0; i < 64; i++)
		result |= (a >> i & 1) * (0xffULL << i / 8 * 8);
	return result;
}

static uint64_t swapped(uint64_t a)
{
	uint64_t result = 0;

	for (unsigned int i = 0; i < 8; i++)
		result = result << 8 | (a >> 8 * i & 0xff);
	return result;
}

/* one bit at a time, n times */
static uint64_t rotated(uint64_t a, uint64_t n)
{
	while (n--)
		a = a << 1 | a >> 63;
	return a;
}

static uint64_t rotated_word(uint64_t a, uint64_t n)
{
	uint32_t w = (uint32_t)a;

	while (n--)
		w = w << 1 | w >> 31;
	return (uint64_t)(int64_t)(int32_t)w;
}

MODEL(clz, first_one(a, 64))
MODEL(clzw, first_one(a, 32))
MODEL(ctz, last_one(a, 64))
MODEL(ctzw, last_one(a, 32))
MODEL(cpop, count(a))
MODEL(cpopw, count(word(a)))
MODEL(sext_b, (uint64_t)(int64_t)(int8_t)a)
MODEL(sext_h, (uint64_t)(int64_t)(int16_t)a)
MODEL(zext_h, (uint16_t)a)
MODEL(orc_b, full_bytes(a))
MODEL(rev8, swapped(a))
MODEL(andn, a &(b ^ UINT64_MAX))
MODEL(orn, a | (b ^ UINT64_MAX))
MODEL(xnor, a ^ b ^ UINT64_MAX)
MODEL(min, (int64_t)a < (int64_t)b ? a : b)
MODEL(minu, a < b ? a : b)
MODEL(max, (int64_t)a > (int64_t)b ? a : b)
MODEL(maxu, a > b ? a : b)
MODEL(rol, rotated(a, b & 63))
MODEL(ror, rotated(a, 64 - (b & 63)))
MODEL(rolw, rotated_word(a, b & 31))
MODEL(rorw, rotated_word(a, 32 - (b & 31)))
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
	{ "add.uw", do_add_uw },
	{ "sh1add", do_sh1add },
	{ "sh2add", do_sh2add },
	{ "sh3add", do_sh3add },
	{ "sh1add.uw", do_sh1add_uw },
	{ "sh2add.uw", do_sh2add_uw },
	{ "sh3add.uw", do_sh3add_uw },
	{ "bclr", do_bclr },
	{ "bext", do_bext },
	{ "binv", do_binv },
	{ "bset", do_bset },
	{ "andn", do_andn },
	{ "orn", do_orn },
	{ "xnor", do_xnor },
	{ "min", do_min },
	{ "minu", do_minu },
	{ "max", do_max },
	{ "maxu", do_maxu },
	{ "rol", do_rol },
	{ "ror", do_ror },
	{ "rolw", do_rolw },
	{ "rorw", do_rorw },
	{ "clz", do_clz },
	{ "clzw", do_clzw },
	{ "ctz", do_ctz },
	{ "ctzw", do_ctzw },
	{ "cpop", do_cpop },
	{ "cpopw", do_cpopw },
	{ "sext.b", do_sext_b },
	{ "sext.h", do_sext_h },
	{ "zext.h", do_zext_h },
	{ "orc.b", do_orc_b },
	{ "rev8", do_rev8 },
};

/* amounts below 64, or 32 for words */
static const struct model shift_table[] = {
	{ "slli.uw", do_slli_uw }, { "bclri", do_bclr }, { "bexti", do_bext }, { "binvi", do_binv },
	{ "bseti", do_bset },	   { "rori", do_ror },	 { "roriw", do_rorw },
};

void test_exec_bits(void)
{
	static const int64_t amount[] = { 0, 1, 7, 31, 32, 33, 63 };

	for (unsigned int i = 0; i < sizeof(reg_table) / sizeof(reg_table[0]); i++)
		exec_reg(&reg_table[i]);
	for (unsigned int i = 0; i < sizeof(shift_table) / sizeof(shift_table[0]); i++)
		exec_imm(&shift_table[i], amount, shift_table[i].result == do_rorw ? 4 : 7);
}
