// SPDX-License-Identifier: GPL-2.0-only
/* quicksort.c: own quicksort (median of three, insertion sort below 16) of 32-bit numbers. */
#include "bench.h"

enum { SORT_COUNT = 20000, SORT_SMALL = 16 };

const struct bench bench = { "quicksort", 200, 1 };

static int32_t numbers[SORT_COUNT];

static void swap(int32_t *a, int32_t *b)
{
	int32_t t = *a;

	*a = *b;
	*b = t;
}

static void sort_insertion(int32_t *v, int count)
{
	for (int i = 1; i < count; i++) {
		int32_t x = v[i];
		int j = i;

		for (; j > 0 && v[j - 1] > x; j--)
			v[j] = v[j - 1];
		v[j] = x;
	}
}

static void sort_quick(int32_t *v, int count)
{
	while (count > SORT_SMALL) {
		int lo = 0, hi = count - 1, mid = count / 2;
		int32_t pivot;

		if (v[mid] < v[lo])
			swap(&v[mid], &v[lo]);
		if (v[hi] < v[lo])
			swap(&v[hi], &v[lo]);
		if (v[hi] < v[mid])
			swap(&v[hi], &v[mid]);
		pivot = v[mid];
		while (lo <= hi) {
			while (v[lo] < pivot)
				lo++;
			while (v[hi] > pivot)
				hi--;
			if (lo <= hi)
				swap(&v[lo++], &v[hi--]);
		}
		sort_quick(v, hi + 1); /* the left part; the right one by the loop */
		v += lo;
		count -= lo;
	}
	sort_insertion(v, count);
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t seed = BENCH_SEED, sum = BENCH_SEED;

	while (iters--) {
		for (int i = 0; i < SORT_COUNT; i++)
			numbers[i] = (int32_t)bench_random(&seed);
		sort_quick(numbers, SORT_COUNT);
		for (int i = 1; i < SORT_COUNT; i++)
			if (numbers[i - 1] > numbers[i])
				return 0;
		for (int i = 0; i < SORT_COUNT; i += 97)
			sum = bench_fold(sum, (uint32_t)numbers[i]);
	}
	return sum;
}
