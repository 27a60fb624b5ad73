// SPDX-License-Identifier: GPL-2.0-only
/* sieve.c: primes below SIEVE_LIMIT by Eratosthenes: byte stores at growing strides. */
#include "bench.h"

enum { SIEVE_LIMIT = 200000 };

const struct bench bench = { "sieve", 500, 2 };

static uint8_t is_composite[SIEVE_LIMIT];

static void sieve_fill(void)
{
	memset(is_composite, 0, sizeof(is_composite));
	for (uint32_t p = 2; p * p < SIEVE_LIMIT; p++) {
		if (is_composite[p])
			continue;
		for (uint32_t m = p * p; m < SIEVE_LIMIT; m += p)
			is_composite[m] = 1;
	}
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t sum = BENCH_SEED;

	while (iters--) {
		uint32_t primes = 0, last = 0;

		sieve_fill();
		for (uint32_t n = 2; n < SIEVE_LIMIT; n++) {
			if (!is_composite[n]) {
				primes++;
				last = n;
			}
		}
		sum = bench_fold(sum, (uint64_t)primes << 32 | last);
	}
	return sum;
}
