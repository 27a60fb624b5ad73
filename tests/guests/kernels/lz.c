// SPDX-License-Identifier: GPL-2.0-only
/* lz.c: a small byte-oriented LZ77: hash of three bytes finds the last match; compress, expand, compare.
 * Stream: 0lllllll then l + 1 literal bytes, or 1lllllll, l + 3 bytes copied from a 16-bit distance. */
#include "bench.h"

enum { LZ_BYTES = 16384, LZ_HASH_BITS = 12, LZ_MIN = 3, LZ_MAX = 127 + LZ_MIN, LZ_RUN_MAX = 128 };

const struct bench bench = { "lz", 3500, 1 };

static uint8_t input[LZ_BYTES], packed[LZ_BYTES * 2], output[LZ_BYTES];
static int32_t last_at[1 << LZ_HASH_BITS];

static uint32_t hash3(const uint8_t *p)
{
	return ((uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2]) * 2654435761u >> (32 - LZ_HASH_BITS);
}

static uint8_t *put_literals(uint8_t *to, const uint8_t *from, int count)
{
	while (count) {
		int run = count < LZ_RUN_MAX ? count : LZ_RUN_MAX;

		*to++ = (uint8_t)(run - 1);
		memcpy(to, from, (size_t)run);
		to += run;
		from += run;
		count -= run;
	}
	return to;
}

static int match_length(int at, int before)
{
	int n = 0;

	while (n < LZ_MAX && at + n < LZ_BYTES && input[at + n] == input[before + n])
		n++;
	return n;
}

static size_t lz_pack(void)
{
	uint8_t *to = packed;
	int literal = 0, at = 0;

	memset(last_at, 0xff, sizeof(last_at));
	while (at + LZ_MIN <= LZ_BYTES) {
		uint32_t h = hash3(input + at);
		int before = last_at[h];
		int n = before >= 0 && at - before < 65536 ? match_length(at, before) : 0;

		last_at[h] = at;
		if (n < LZ_MIN) {
			at++;
			continue;
		}
		to = put_literals(to, input + literal, at - literal);
		*to++ = (uint8_t)(0x80 | (n - LZ_MIN));
		*to++ = (uint8_t)(at - before);
		*to++ = (uint8_t)((at - before) >> 8);
		at += n;
		literal = at;
	}
	to = put_literals(to, input + literal, LZ_BYTES - literal);
	return (size_t)(to - packed);
}

static void lz_unpack(const uint8_t *from, size_t bytes)
{
	const uint8_t *end = from + bytes;
	uint8_t *to = output;

	while (from < end) {
		uint8_t tag = *from++;

		if (tag & 0x80) {
			const uint8_t *source = to - (from[0] | from[1] << 8);

			from += 2;
			for (int n = (tag & 0x7f) + LZ_MIN; n > 0; n--)
				*to++ = *source++;
		} else {
			memcpy(to, from, (size_t)tag + 1);
			to += tag + 1;
			from += tag + 1;
		}
	}
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t seed = BENCH_SEED, sum = BENCH_SEED;

	for (int i = 0; i < LZ_BYTES; i++) {
		uint64_t r = bench_random(&seed);

		input[i] = i > 300 && r % 4 ? input[i - 256 + (r >> 8) % 3] : (uint8_t)(r >> 16);
	}
	while (iters--) {
		size_t bytes = lz_pack();

		lz_unpack(packed, bytes);
		if (memcmp(input, output, LZ_BYTES))
			return 0;
		sum = bench_fold(sum, bytes);
		input[bench_random(&seed) % LZ_BYTES] ^= 1;
	}
	return sum;
}
