// SPDX-License-Identifier: GPL-2.0-only
/* codec.c: base64 there and back (RFC 4648's alphabet) and CRC-32 by table: byte shuffling and table look-ups. */
#include "bench.h"

enum { CODEC_BYTES = 6144, CODEC_TEXT = CODEC_BYTES / 3 * 4 };

const struct bench bench = { "codec", 5000, 15 };

static uint8_t plain[CODEC_BYTES], decoded[CODEC_BYTES], encoded[CODEC_TEXT];
static uint8_t alphabet[64], value_of[256];
static uint32_t crc_table[256];

static void codec_prepare(void)
{
	int n = 0;

	for (int c = 'A'; c <= 'Z'; c++)
		alphabet[n++] = (uint8_t)c;
	for (int c = 'a'; c <= 'z'; c++)
		alphabet[n++] = (uint8_t)c;
	for (int c = '0'; c <= '9'; c++)
		alphabet[n++] = (uint8_t)c;
	alphabet[n++] = '+';
	alphabet[n++] = '/';
	for (int i = 0; i < n; i++)
		value_of[alphabet[i]] = (uint8_t)i;
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;

		for (int bit = 0; bit < 8; bit++)
			c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1; /* IEEE 802.3, reflected */
		crc_table[i] = c;
	}
}

static void base64_encode(uint8_t *to, const uint8_t *from)
{
	for (int i = 0; i < CODEC_BYTES; i += 3, to += 4) {
		uint32_t w = (uint32_t)from[i] << 16 | (uint32_t)from[i + 1] << 8 | from[i + 2];

		to[0] = alphabet[w >> 18];
		to[1] = alphabet[w >> 12 & 63];
		to[2] = alphabet[w >> 6 & 63];
		to[3] = alphabet[w & 63];
	}
}

static void base64_decode(uint8_t *to, const uint8_t *from)
{
	for (int i = 0; i < CODEC_TEXT; i += 4, to += 3) {
		uint32_t w = (uint32_t)value_of[from[i]] << 18 | (uint32_t)value_of[from[i + 1]] << 12 |
			     (uint32_t)value_of[from[i + 2]] << 6 | value_of[from[i + 3]];

		to[0] = (uint8_t)(w >> 16);
		to[1] = (uint8_t)(w >> 8);
		to[2] = (uint8_t)w;
	}
}

static uint32_t crc32(const uint8_t *data, int bytes)
{
	uint32_t crc = ~0u;

	for (int i = 0; i < bytes; i++)
		crc = crc >> 8 ^ crc_table[(crc ^ data[i]) & 0xff];
	return ~crc;
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t seed = BENCH_SEED, sum = BENCH_SEED;

	codec_prepare();
	for (int i = 0; i < CODEC_BYTES; i++)
		plain[i] = (uint8_t)bench_random(&seed);
	while (iters--) {
		base64_encode(encoded, plain);
		base64_decode(decoded, encoded);
		sum = bench_fold(sum, crc32(encoded, CODEC_TEXT));
		sum = bench_fold(sum, crc32(decoded, CODEC_BYTES));
		plain[iters % CODEC_BYTES] += (uint8_t)sum;
	}
	return sum;
}
