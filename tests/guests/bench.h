/* SPDX-License-Identifier: GPL-2.0-only */
/* bench.h: the contract between a benchmark kernel and bench_main.c.
 * Owns:    nothing.
 * Promise: bench_run() does the same work and returns the same value wherever it runs: no floating point, no
 *          undefined behaviour, no dependence on time, addresses, char signedness or byte order beyond LP64 little endian.
 * Locks:   none. Context: bare-metal guest or native process.
 * Errors:  none. */
#ifndef GUEST_BENCH_H
#define GUEST_BENCH_H

#include "rt.h"

struct bench {
	const char *name;
	uint32_t iters;	      /* about 0.2 s natively on a 2020s x86-64 */
	uint32_t check_iters; /* a fraction of a second in an interpreter */
};

extern const struct bench bench; /* each kernel defines both */
uint64_t bench_run(uint32_t iters);

/* Pseudo-random numbers for inputs: Marsaglia's xorshift64, period 2^64 - 1. */
static inline uint64_t bench_random(uint64_t *state)
{
	uint64_t s = *state;

	s ^= s << 13;
	s ^= s >> 7;
	s ^= s << 17;
	*state = s;
	return s;
}

/* Folds a value into a checksum: FNV-1a's prime over 64-bit units. */
static inline uint64_t bench_fold(uint64_t sum, uint64_t value)
{
	return (sum ^ value) * 0x100000001b3ULL;
}

#define BENCH_SEED 0x9e3779b97f4a7c15ULL

#endif
