// SPDX-License-Identifier: GPL-2.0-only
/* hash.c: chained hash table of 64-bit keys with far fewer buckets than entries: inserts, hits, misses, removals. */
#include "bench.h"

enum { HASH_BUCKETS = 1024, HASH_ENTRIES = 4096 };

const struct bench bench = { "hash", 600, 1 };

struct entry {
	uint64_t key, value;
	struct entry *next;
};

static struct entry pool[HASH_ENTRIES];
static struct entry *bucket[HASH_BUCKETS];
static struct entry *free_list;

static uint32_t hash_of(uint64_t key)
{
	key ^= key >> 33;
	key *= 0xff51afd7ed558ccdULL; /* an odd multiplier mixes upwards only, hence the shifts */
	return (uint32_t)(key >> 40) % HASH_BUCKETS;
}

static void table_clear(void)
{
	memset(bucket, 0, sizeof(bucket));
	free_list = NULL;
	for (int i = HASH_ENTRIES - 1; i >= 0; i--) {
		pool[i].next = free_list;
		free_list = &pool[i];
	}
}

static struct entry *table_find(uint64_t key)
{
	struct entry *e = bucket[hash_of(key)];

	while (e && e->key != key)
		e = e->next;
	return e;
}

static void table_add(uint64_t key, uint64_t value)
{
	struct entry *e = table_find(key);

	if (e) {
		e->value += value;
		return;
	}
	e = free_list;
	if (!e)
		return;
	free_list = e->next;
	e->key = key;
	e->value = value;
	e->next = bucket[hash_of(key)];
	bucket[hash_of(key)] = e;
}

static uint64_t table_remove(uint64_t key)
{
	struct entry **at = &bucket[hash_of(key)], *e;

	while (*at && (*at)->key != key)
		at = &(*at)->next;
	e = *at;
	if (!e)
		return 0;
	*at = e->next;
	e->next = free_list;
	free_list = e;
	return e->value;
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t seed = BENCH_SEED, sum = BENCH_SEED;

	while (iters--) {
		table_clear();
		for (int i = 0; i < 6000; i++)
			table_add(bench_random(&seed) % 5000, (uint64_t)i);
		for (int i = 0; i < 10000; i++) {
			struct entry *e = table_find(bench_random(&seed) % 7000);

			sum = bench_fold(sum, e ? e->value : 1);
		}
		for (int i = 0; i < 3000; i++)
			sum += table_remove(bench_random(&seed) % 5000);
	}
	return sum;
}
