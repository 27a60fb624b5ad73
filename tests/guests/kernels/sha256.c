// SPDX-License-Identifier: GPL-2.0-only
/* sha256.c: the hash of FIPS 180-4 over a buffer: 32-bit rotates, adds and logic, long straight code.
 * The constants are computed as the standard defines them: fraction bits of cube and square roots of primes. */
#include "bench.h"

enum { SHA_BYTES = 16384 };

const struct bench bench = { "sha256", 24000, 20 };

static uint32_t round_constant[64], start_state[8];
static uint8_t message[SHA_BYTES];

/* floor(prime^(1/power) * 2^32) mod 2^32 by bisection, in 128-bit arithmetic */
static uint32_t root_fraction(uint32_t prime, int power)
{
	uint64_t lo = 0, hi = (uint64_t)20 << 32;

	while (hi - lo > 1) {
		uint64_t mid = (lo + hi) / 2;
		unsigned __int128 square = (unsigned __int128)mid * mid;
		int is_above;

		if (power == 2)
			is_above = square > (unsigned __int128)prime << 64;
		else /* mid^3 > prime << 96, both sides without their low 32 bits */
			is_above = (square >> 32) * mid > (unsigned __int128)prime << 64;
		if (is_above)
			hi = mid;
		else
			lo = mid;
	}
	return (uint32_t)lo;
}

static void sha_prepare(void)
{
	int n = 0;

	for (uint32_t p = 2; n < 64; p++) {
		uint32_t d = 2;

		while (d * d <= p && p % d)
			d++;
		if (d * d <= p)
			continue;
		if (n < 8)
			start_state[n] = root_fraction(p, 2);
		round_constant[n++] = root_fraction(p, 3);
	}
}

static uint32_t rotr(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static uint32_t load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void sha_block(uint32_t state[8], const uint8_t *block)
{
	uint32_t w[64], s[8];

	for (int i = 0; i < 16; i++)
		w[i] = load_be32(block + 4 * i);
	for (int i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + (rotr(a, 7) ^ rotr(a, 18) ^ a >> 3) + w[i - 7] +
		       (rotr(b, 17) ^ rotr(b, 19) ^ b >> 10);
	}
	for (int i = 0; i < 8; i++)
		s[i] = state[i];
	for (int i = 0; i < 64; i++) {
		uint32_t e = s[4], a = s[0];
		uint32_t t1 = s[7] + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & s[5]) ^ (~e & s[6])) +
			      round_constant[i] + w[i];
		uint32_t t2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));

		for (int k = 7; k > 0; k--)
			s[k] = s[k - 1];
		s[4] += t1;
		s[0] = t1 + t2;
	}
	for (int i = 0; i < 8; i++)
		state[i] += s[i];
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t seed = BENCH_SEED;
	uint32_t state[8];

	sha_prepare();
	for (int i = 0; i < SHA_BYTES; i++)
		message[i] = (uint8_t)bench_random(&seed);
	memcpy(state, start_state, sizeof(state));
	for (uint32_t i = 0; i < iters; i++)
		for (uint32_t at = 0; at < SHA_BYTES / 16; at += 64)
			sha_block(state, message + (at + i * 64) % SHA_BYTES);
	return (uint64_t)state[0] << 32 | state[7];
}
