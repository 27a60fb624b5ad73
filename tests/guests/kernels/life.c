// SPDX-License-Identifier: GPL-2.0-only
/* life.c: Conway's game of life on a torus of bytes: neighbour sums, wrap-around indices. */
#include "bench.h"

enum { LIFE_W = 96, LIFE_H = 64 };

const struct bench bench = { "life", 14000, 10 };

static uint8_t field[2][LIFE_H][LIFE_W];

static void life_step(uint8_t to[LIFE_H][LIFE_W], uint8_t from[LIFE_H][LIFE_W])
{
	for (uint32_t y = 0; y < LIFE_H; y++) {
		const uint8_t *up = from[(y + LIFE_H - 1) % LIFE_H], *row = from[y], *down = from[(y + 1) % LIFE_H];

		for (uint32_t x = 0; x < LIFE_W; x++) {
			uint32_t l = x ? x - 1 : LIFE_W - 1, r = x + 1 < LIFE_W ? x + 1 : 0;
			uint32_t n = up[l] + up[x] + up[r] + row[l] + row[r] + down[l] + down[x] + down[r];

			to[y][x] = n == 3 || (n == 2 && row[x]);
		}
	}
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t seed = BENCH_SEED, sum = BENCH_SEED;

	for (int y = 0; y < LIFE_H; y++)
		for (int x = 0; x < LIFE_W; x++)
			field[0][y][x] = bench_random(&seed) % 3 == 0;
	for (uint32_t i = 0; i < iters; i++) {
		life_step(field[(i + 1) & 1], field[i & 1]);
		field[(i + 1) & 1][i % LIFE_H][i % LIFE_W] ^= 1; /* keeps the field alive */
	}
	for (int y = 0; y < LIFE_H; y++)
		for (int x = 0; x < LIFE_W; x++)
			sum = bench_fold(sum, field[iters & 1][y][x]);
	return sum;
}
