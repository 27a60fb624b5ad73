// SPDX-License-Identifier: GPL-2.0-only
/* pool.c: arrays in which equal runs are stored once. Next file: tables.c. */
#include "rulec/tables.h"

#include <stdlib.h>
#include <string.h>

enum { POOL_BUCKETS = 1 << 15, RUN_END = 0 };

/* Runs that have been put, chained by hash; number 0 ends a chain. */
struct pool_run {
	unsigned int start, count, next;
};

static void *checked(void *memory)
{
	if (!memory) {
		fprintf(stderr, "rulec: out of memory\n");
		exit(1);
	}
	return memory;
}

void pool_init(struct pool *pool, const char *name, unsigned int element_bytes, unsigned int limit)
{
	*pool = (struct pool){ .name = name, .element_bytes = element_bytes, .limit = limit, .nruns = 1 };
	pool->bucket = checked(calloc(POOL_BUCKETS, sizeof(*pool->bucket)));
}

void pool_free(struct pool *pool)
{
	free(pool->data);
	free(pool->run);
	free(pool->bucket);
}

static unsigned int hash_of(const void *data, size_t bytes)
{
	const unsigned char *at = data;
	uint32_t hash = 2166136261u; /* FNV-1a */

	while (bytes--)
		hash = (hash ^ *at++) * 16777619u;
	return hash % POOL_BUCKETS;
}

unsigned int pool_append(struct pool *pool, const void *data, unsigned int count)
{
	unsigned int start = pool->n;

	if (pool->n + count > pool->capacity) {
		pool->capacity = 2 * pool->capacity + count + 64;
		pool->data = checked(realloc(pool->data, (size_t)pool->capacity * pool->element_bytes));
	}
	if (count)
		memcpy(pool->data + (size_t)start * pool->element_bytes, data, (size_t)count * pool->element_bytes);
	pool->n += count;
	return start;
}

unsigned int pool_put(struct pool *pool, const void *data, unsigned int count)
{
	size_t bytes = (size_t)count * pool->element_bytes;
	unsigned int hash = hash_of(data, bytes), at;

	if (!count)
		return 0;
	for (at = pool->bucket[hash]; at != RUN_END; at = pool->run[at].next)
		if (pool->run[at].count == count &&
		    !memcmp(pool->data + (size_t)pool->run[at].start * pool->element_bytes, data, bytes))
			return pool->run[at].start;
	if (pool->nruns >= pool->run_capacity) {
		pool->run_capacity = 2 * pool->run_capacity + 64;
		pool->run = checked(realloc(pool->run, pool->run_capacity * sizeof(*pool->run)));
	}
	at = pool->nruns++;
	pool->run[at] = (struct pool_run){ pool_append(pool, data, count), count, pool->bucket[hash] };
	pool->bucket[hash] = at;
	return pool->run[at].start;
}

bool pool_is_full(const struct pool *pool)
{
	return pool->n > pool->limit;
}
