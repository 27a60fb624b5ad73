// SPDX-License-Identifier: GPL-2.0-only
/* structsort.c: records sorted by several keys through comparison functions: indirect calls and struct copies. */
#include "bench.h"

enum { SORT_RECORDS = 2048 };

const struct bench bench = { "structsort", 1000, 1 };

struct record {
	uint32_t id;
	int16_t rank;
	uint8_t name[10];
	uint64_t weight;
};

typedef int compare_fn(const struct record *a, const struct record *b);

static struct record records[SORT_RECORDS], spare[SORT_RECORDS];

static int by_id(const struct record *a, const struct record *b)
{
	return (a->id > b->id) - (a->id < b->id);
}

static int by_rank(const struct record *a, const struct record *b)
{
	return a->rank != b->rank ? a->rank - b->rank : by_id(a, b);
}

static int by_name(const struct record *a, const struct record *b)
{
	for (int i = 0; i < 10; i++)
		if (a->name[i] != b->name[i])
			return a->name[i] - b->name[i];
	return by_id(a, b);
}

static int by_weight(const struct record *a, const struct record *b)
{
	return a->weight < b->weight ? 1 : a->weight > b->weight ? -1 : by_id(a, b);
}

static compare_fn *const volatile compare_table[] = { by_id, by_rank, by_name, by_weight };

/* Bottom-up merge sort; equal records keep their order. */
static void sort_records(compare_fn *compare)
{
	for (uint32_t width = 1; width < SORT_RECORDS; width *= 2) {
		for (uint32_t start = 0; start < SORT_RECORDS; start += 2 * width) {
			uint32_t i = start, mid = start + width, j = mid, end = mid + width;

			for (uint32_t k = start; k < end; k++) {
				if (i < mid && (j >= end || compare(&records[i], &records[j]) <= 0))
					spare[k] = records[i++];
				else
					spare[k] = records[j++];
			}
		}
		memcpy(records, spare, sizeof(records));
	}
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t seed = BENCH_SEED, sum = BENCH_SEED;

	for (uint32_t i = 0; i < SORT_RECORDS; i++) {
		struct record *r = &records[i];

		r->id = i * 2654435761u;
		r->rank = (int16_t)(bench_random(&seed) % 200) - 100;
		for (int k = 0; k < 10; k++)
			r->name[k] = (uint8_t)('a' + bench_random(&seed) % 3);
		r->weight = bench_random(&seed);
	}
	while (iters--) {
		sort_records(compare_table[iters % 4]);
		sum = bench_fold(sum, records[iters % SORT_RECORDS].id);
		records[bench_random(&seed) % SORT_RECORDS].weight ^= sum;
	}
	return sum;
}
