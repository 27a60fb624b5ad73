// SPDX-License-Identifier: GPL-2.0-only
/* exec_test.c: the description's results of register instructions, against the same meaning written in C, on all
 * pairs of edge operands and with the destination as one of the sources. Next file: exec_bits_test.c. */
#include <inttypes.h>

#include "exec.h"

typedef unsigned __int128 u128;
typedef __int128 s128;

static const uint64_t edge_table[] = {
	0,
	1,
	2,
	3,
	31,
	32,
	63,
	64,
	0x7f,
	0x80,
	0xff,
	0x7ff,
	0x7fff,
	0x8000,
	0xffff,
	0x7fffffff,
	0x80000000,
	0x80000001,
	0xffffffff,
	0x100000000,
	0x123456789abcdef0,
	0x7fffffffffffffff,
	0x8000000000000000,
	0x8000000000000001,
	0xfedcba9876543210,
	0xffffffff7fffffff,
	0xffffffff80000000,
	0xffffffffffffff80,
	0xfffffffffffffffe,
	UINT64_MAX,
};

enum { EDGES = sizeof(edge_table) / sizeof(edge_table[0]) };

static int64_t sx(uint64_t a)
{
	return (int32_t)a;
}

static uint64_t divide(int64_t a, int64_t b, int64_t min)
{
	if (!b)
		return -1;
	return b == -1 && a == min ? a : a / b;
}

static uint64_t remainder_of(int64_t a, int64_t b)
{
	if (!b)
		return a;
	return b == -1 ? 0 : a % b;
}

static uint64_t multiply_high(int64_t a, u128 b)
{
	return (u128)((s128)a * (s128)b) >> 64;
}

MODEL(add, a + b)
MODEL(sub, a - b)
MODEL(sll, a << (b & 63))
MODEL(slt, (int64_t)a < (int64_t)b)
MODEL(sltu, a < b)
MODEL(xor, a ^ b)
MODEL(srl, a >> (b & 63))
MODEL(sra, (int64_t)a >> (b & 63))
MODEL(or, a | b)
MODEL(and, a &b)
MODEL(addw, sx(a + b))
MODEL(subw, sx(a - b))
MODEL(sllw, sx((uint32_t)a << (b & 31)))
MODEL(srlw, sx((uint32_t)a >> (b & 31)))
MODEL(sraw, sx(a) >> (b & 31))
MODEL(mul, a *b)
MODEL(mulh, multiply_high(a, (s128)(int64_t)b))
MODEL(mulhsu, multiply_high(a, b))
MODEL(mulhu, (u128)a *b >> 64)
MODEL(mulw, sx(a *b))
MODEL(div, divide(a, b, INT64_MIN))
MODEL(divu, b ? a / b : UINT64_MAX)
MODEL(rem, remainder_of(a, b))
MODEL(remu, b ? a % b : a)
MODEL(divw, sx(divide(sx(a), sx(b), INT32_MIN)))
MODEL(divuw, sx((uint32_t)b ? (uint32_t)a / (uint32_t)b : UINT32_MAX))
MODEL(remw, sx(remainder_of(sx(a), sx(b))))
MODEL(remuw, sx((uint32_t)b ? (uint32_t)a % (uint32_t)b : a))

#define ROW(name)                                                                                                      \
	{                                                                                                              \
#name, do_##name                                                                                       \
	}

static const struct model reg_table[] = {
	ROW(add),  ROW(sub), ROW(sll),	ROW(slt),    ROW(sltu),	 ROW(xor),  ROW(srl),
	ROW(sra),  ROW(or),  ROW(and),	ROW(addw),   ROW(subw),	 ROW(sllw), ROW(srlw),
	ROW(sraw), ROW(mul), ROW(mulh), ROW(mulhsu), ROW(mulhu), ROW(mulw), ROW(div),
	ROW(divu), ROW(rem), ROW(remu), ROW(divw),   ROW(divuw), ROW(remw), ROW(remuw),
};

/* immediate forms: the same function, the immediate as second operand */
static const struct model imm_table[] = {
	{ "addi", do_add }, { "slti", do_slt }, { "sltiu", do_sltu }, { "xori", do_xor },
	{ "ori", do_or },   { "andi", do_and }, { "addiw", do_addw },
};

static const struct model shift_table[] = {
	{ "slli", do_sll },   { "srli", do_srl },   { "srai", do_sra },
	{ "slliw", do_sllw }, { "srliw", do_srlw }, { "sraiw", do_sraw },
};

static bool run_one(const struct model *model, uint32_t word, unsigned int rd, uint64_t a, uint64_t b, uint64_t imm)
{
	struct machine m;
	uint64_t expected = model->result(a, imm);

	machine_init(&m, riscv64());
	m.x[1] = a;
	m.x[2] = b;
	m.x[0] = 0x5555; /* must never be read */
	if (machine_word(&m, word) != EVAL_NEXT || machine_state(&m, "pc") != 0x8004)
		return check(false, "%s does not go on to the next instruction", model->name);
	if (m.x[0] != 0x5555)
		return check(false, "%s writes x0", model->name);
	if (!rd)
		return true;
	return m.x[rd] == expected ||
	       check(false, "%s of 0x%" PRIx64 ", 0x%" PRIx64 " to x%u: 0x%" PRIx64 ", not 0x%" PRIx64, model->name, a,
		     imm, rd, (uint64_t)m.x[rd], expected);
}

void exec_reg(const struct model *model)
{
	bool ok = true;

	for (unsigned int rd = 0; rd < 4; rd++) {
		uint32_t word = machine_encode_rd(riscv64(), model->name, rd, 0);

		for (unsigned int i = 0; i < EDGES * EDGES; i++)
			ok &= run_one(model, word, rd, edge_table[i / EDGES], edge_table[i % EDGES],
				      edge_table[i % EDGES]);
	}
	check(ok, "%s on edge operands", model->name);
}

void exec_imm(const struct model *model, const int64_t *imm, unsigned int nimms)
{
	bool ok = true;

	for (unsigned int k = 0; k < nimms; k++)
		for (unsigned int i = 0; i < EDGES; i++)
			for (unsigned int rd = 0; rd < 4; rd++)
				ok &= run_one(model, machine_encode_rd(riscv64(), model->name, rd, imm[k]), rd,
					      edge_table[i], 0, imm[k]);
	check(ok, "%s on edge operands", model->name);
}

static void test_upper(void)
{
	static const int64_t imm[] = { 0, 0x1000, 0x7ffff000, -0x80000000LL, -0x1000 };
	struct machine m;

	for (unsigned int i = 0; i < sizeof(imm) / sizeof(imm[0]); i++) {
		machine_init(&m, riscv64());
		machine_word(&m, machine_encode(riscv64(), "lui", imm[i]));
		check(m.x[3] == (uint64_t)imm[i], "lui %" PRId64, imm[i]);
		machine_word(&m, machine_encode(riscv64(), "auipc", imm[i]));
		check(m.x[3] == (uint64_t)imm[i] + 0x8004, "auipc %" PRId64 " at 0x8004", imm[i]);
	}
}

void test_exec(void)
{
	static const int64_t imm[] = { 0, 1, -1, 2, 127, 128, -128, -129, 2047, -2048 };
	static const int64_t amount[] = { 0, 1, 7, 31, 32, 33, 63 };

	for (unsigned int i = 0; i < sizeof(reg_table) / sizeof(reg_table[0]); i++)
		exec_reg(&reg_table[i]);
	for (unsigned int i = 0; i < sizeof(imm_table) / sizeof(imm_table[0]); i++)
		exec_imm(&imm_table[i], imm, 10);
	for (unsigned int i = 0; i < sizeof(shift_table) / sizeof(shift_table[0]); i++)
		exec_imm(&shift_table[i], amount, shift_table[i].name[4] == 'w' ? 4 : 7);
	test_upper();
}
