// SPDX-License-Identifier: GPL-2.0-only
/* queens.c: solutions of N queens by bit masks: shifts, negation, deep recursion with few memory accesses. */
#include "bench.h"

const struct bench bench = { "queens", 1800, 1 };

static uint64_t place(uint32_t all, uint32_t columns, uint32_t left, uint32_t right)
{
	uint32_t open = all & ~(columns | left | right);
	uint64_t found = 0;

	if (columns == all)
		return 1;
	while (open) {
		uint32_t bit = open & -open;

		open ^= bit;
		found += place(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
	}
	return found;
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t sum = BENCH_SEED;

	for (uint32_t i = 0; i < iters; i++)
		sum = bench_fold(sum, place((1u << (7 + i % 4)) - 1, 0, 0, 0));
	return sum;
}
