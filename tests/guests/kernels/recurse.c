// SPDX-License-Identifier: GPL-2.0-only
/* recurse.c: calls and returns: Fibonacci, Ackermann, Hanoi. noinline: the calls are the work. */
#include "bench.h"

const struct bench bench = { "recurse", 260, 1 };

static uint64_t hanoi_sum;

__attribute__((noinline)) static uint64_t fib(uint32_t n)
{
	return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

__attribute__((noinline)) static uint64_t ackermann(uint64_t m, uint64_t n)
{
	if (!m)
		return n + 1;
	if (!n)
		return ackermann(m - 1, 1);
	return ackermann(m - 1, ackermann(m, n - 1));
}

__attribute__((noinline)) static void hanoi(uint32_t discs, uint32_t from, uint32_t to, uint32_t via)
{
	if (!discs)
		return;
	hanoi(discs - 1, from, via, to);
	hanoi_sum = bench_fold(hanoi_sum, discs << 4 | from << 2 | to);
	hanoi(discs - 1, via, to, from);
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t sum = BENCH_SEED;

	hanoi_sum = BENCH_SEED;
	while (iters--) {
		sum = bench_fold(sum, fib(24 + iters % 3));
		sum = bench_fold(sum, ackermann(2, 300 + iters % 64));
		sum = bench_fold(sum, ackermann(3, 6));
		hanoi(15, 0, 2, 1);
	}
	return sum ^ hanoi_sum;
}
