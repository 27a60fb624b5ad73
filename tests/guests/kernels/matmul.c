// SPDX-License-Identifier: GPL-2.0-only
/* matmul.c: square matrices times each other, 32-bit wrapping and 64-bit, plus transposition. */
#include "bench.h"

enum { MAT_N = 48 };

const struct bench bench = { "matmul", 3200, 3 };

static int32_t a32[MAT_N][MAT_N], b32[MAT_N][MAT_N], c32[MAT_N][MAT_N];
static uint64_t a64[MAT_N][MAT_N], b64[MAT_N][MAT_N], c64[MAT_N][MAT_N];

static void multiply32(void)
{
	for (int i = 0; i < MAT_N; i++) {
		for (int j = 0; j < MAT_N; j++) {
			uint32_t s = 0;

			for (int k = 0; k < MAT_N; k++)
				s += (uint32_t)a32[i][k] * (uint32_t)b32[k][j];
			c32[i][j] = (int32_t)s;
		}
	}
}

static void multiply64(void)
{
	for (int i = 0; i < MAT_N; i++) {
		for (int j = 0; j < MAT_N; j++) {
			uint64_t s = 0;

			for (int k = 0; k < MAT_N; k++)
				s += a64[i][k] * b64[j][k]; /* b is held transposed */
			c64[i][j] = s;
		}
	}
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t seed = BENCH_SEED, sum = BENCH_SEED;

	for (int i = 0; i < MAT_N; i++) {
		for (int j = 0; j < MAT_N; j++) {
			a32[i][j] = (int32_t)bench_random(&seed);
			b32[i][j] = (int32_t)bench_random(&seed);
			a64[i][j] = bench_random(&seed);
			b64[i][j] = bench_random(&seed);
		}
	}
	while (iters--) {
		multiply32();
		multiply64();
		for (int i = 0; i < MAT_N; i++) {
			sum = bench_fold(sum, (uint32_t)c32[i][i]);
			sum = bench_fold(sum, c64[i][MAT_N - 1 - i]);
			a32[i][iters % MAT_N] += 3;
			a64[iters % MAT_N][i] ^= sum;
		}
	}
	return sum;
}
