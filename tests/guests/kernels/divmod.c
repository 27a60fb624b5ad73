// SPDX-License-Identifier: GPL-2.0-only
/* divmod.c: 64- and 32-bit division and remainder: gcd, modular powers, digits of numbers. */
#include "bench.h"

const struct bench bench = { "divmod", 36000, 20 };

static uint64_t gcd(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t r = a % b;

		a = b;
		b = r;
	}
	return a;
}

static uint64_t power_mod(uint64_t base, uint64_t exponent, uint32_t modulus)
{
	uint64_t result = 1;

	base %= modulus;
	for (; exponent; exponent >>= 1) {
		if (exponent & 1)
			result = result * base % modulus;
		base = base * base % modulus;
	}
	return result;
}

static uint32_t digit_sum(int64_t value, int64_t base)
{
	uint32_t sum = 0;

	while (value) {
		sum += (uint32_t)(value % base + base);
		value /= base;
	}
	return sum;
}

static int32_t collatz(int32_t value)
{
	int32_t steps = 0;

	for (; value != 1 && steps < 200; steps++)
		value = value % 2 ? (int32_t)((uint32_t)value * 3 + 1) / 2 : value / 2;
	return steps;
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t seed = BENCH_SEED, sum = BENCH_SEED;

	while (iters--) {
		for (int i = 0; i < 8; i++) {
			uint64_t a = bench_random(&seed), b = bench_random(&seed);
			uint32_t modulus = (uint32_t)b | 3;

			sum = bench_fold(sum, gcd(a, b));
			sum = bench_fold(sum, power_mod(a, b, modulus));
			sum = bench_fold(sum, digit_sum((int64_t)a, (int64_t)(b % 90) + 7));
			sum = bench_fold(sum, (uint64_t)collatz((int32_t)(a % 10000) + 1));
		}
	}
	return sum;
}
