// SPDX-License-Identifier: GPL-2.0-only
/* bytecode.c: one small register program, run by a switch loop and by computed gotos: unpredictable indirect jumps.
 * The program: i = 0; do { b = (a ^ i) * 5; a = b + (a >> 3); if (a < 0) a = a - i; i = i + 1; } while (i < n); */
#include "bench.h"

const struct bench bench = { "bytecode", 900, 1 };

enum { BC_XOR, BC_MULI, BC_SHRI, BC_ADD, BC_SUB, BC_ADDI, BC_JGE0, BC_JLT, BC_MOVE, BC_HALT };
enum { REG_A, REG_B, REG_C, REG_I, REG_N, BC_REGS };

struct op {
	uint8_t code, to, x, y; /* y: register, constant or target */
};

static const struct op program[] = {
	{ BC_MOVE, REG_C, REG_A, 0 },	 { BC_XOR, REG_B, REG_C, REG_I },
	{ BC_MULI, REG_B, REG_B, 5 },	 { BC_SHRI, REG_C, REG_C, 3 },
	{ BC_ADD, REG_A, REG_B, REG_C }, { BC_JGE0, 0, REG_A, 7 },
	{ BC_SUB, REG_A, REG_A, REG_I }, { BC_ADDI, REG_I, REG_I, 1 },
	{ BC_JLT, REG_I, REG_N, 0 },	 { BC_HALT, 0, 0, 0 },
};

static void run_switch(uint64_t *r)
{
	for (const struct op *p = program;; p++) {
		switch (p->code) {
		case BC_XOR: r[p->to] = r[p->x] ^ r[p->y]; break;
		case BC_MULI: r[p->to] = r[p->x] * p->y; break;
		case BC_SHRI: r[p->to] = r[p->x] >> p->y; break;
		case BC_ADD: r[p->to] = r[p->x] + r[p->y]; break;
		case BC_SUB: r[p->to] = r[p->x] - r[p->y]; break;
		case BC_ADDI: r[p->to] = r[p->x] + p->y; break;
		case BC_MOVE: r[p->to] = r[p->x]; break;
		case BC_JGE0:
			if ((int64_t)r[p->x] >= 0)
				p = program + p->y - 1;
			break;
		case BC_JLT:
			if (r[p->to] < r[p->x])
				p = program + p->y - 1;
			break;
		default: return;
		}
	}
}

#define NEXT() goto *label[p->code]

static void run_goto(uint64_t *r)
{
	static const void *const label[] = {
		&&l_xor, &&l_muli, &&l_shri, &&l_add, &&l_sub, &&l_addi, &&l_jge0, &&l_jlt, &&l_move, &&l_halt,
	};
	const struct op *p = program;

	NEXT();
l_xor:
	r[p->to] = r[p->x] ^ r[p->y];
	p++;
	NEXT();
l_muli:
	r[p->to] = r[p->x] * p->y;
	p++;
	NEXT();
l_shri:
	r[p->to] = r[p->x] >> p->y;
	p++;
	NEXT();
l_add:
	r[p->to] = r[p->x] + r[p->y];
	p++;
	NEXT();
l_sub:
	r[p->to] = r[p->x] - r[p->y];
	p++;
	NEXT();
l_addi:
	r[p->to] = r[p->x] + p->y;
	p++;
	NEXT();
l_move:
	r[p->to] = r[p->x];
	p++;
	NEXT();
l_jge0:
	p = (int64_t)r[p->x] >= 0 ? program + p->y : p + 1;
	NEXT();
l_jlt:
	p = r[p->to] < r[p->x] ? program + p->y : p + 1;
	NEXT();
l_halt:
	return;
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t sum = BENCH_SEED;

	while (iters--) {
		uint64_t r[BC_REGS] = { sum, 0, 0, 0, 20000 };

		if (iters & 1)
			run_switch(r);
		else
			run_goto(r);
		sum = bench_fold(sum, r[REG_A] ^ r[REG_B]);
	}
	return sum;
}
