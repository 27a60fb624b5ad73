// SPDX-License-Identifier: GPL-2.0-only
/* sha256.c: FIPS 180-4, sections 4.1.2, 4.2.2, 5 and 6.2. */
#include "rulec/sha256.h"

#include <stdio.h>
#include <string.h>

/* First 32 bits of the fractional parts of the cube roots of the first 64 primes (4.2.2). */
static const uint32_t k_table[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

static uint32_t word_at(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void schedule(const uint8_t *block, uint32_t w[64])
{
	for (unsigned int t = 0; t < 16; t++)
		w[t] = word_at(block + 4 * t);
	for (unsigned int t = 16; t < 64; t++) {
		uint32_t s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
		uint32_t s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;

		w[t] = w[t - 16] + s0 + w[t - 7] + s1;
	}
}

static void compress(struct sha256 *sha)
{
	uint32_t w[64], v[8];

	schedule(sha->block, w);
	memcpy(v, sha->h, sizeof(v));
	for (unsigned int t = 0; t < 64; t++) {
		uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
		uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
		uint32_t ch = (v[4] & v[5]) ^ (~v[4] & v[6]);
		uint32_t maj = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
		uint32_t t1 = v[7] + s1 + ch + k_table[t] + w[t];

		memmove(v + 1, v, 7 * sizeof(v[0]));
		v[4] += t1;
		v[0] = t1 + s0 + maj;
	}
	for (unsigned int i = 0; i < 8; i++)
		sha->h[i] += v[i];
}

void sha256_start(struct sha256 *sha)
{
	static const uint32_t start[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	memset(sha, 0, sizeof(*sha));
	memcpy(sha->h, start, sizeof(start));
}

void sha256_add(struct sha256 *sha, const void *data, size_t len_bytes)
{
	const uint8_t *at = data;

	while (len_bytes) {
		size_t used = sha->len_bytes % SHA256_BLOCK, n = SHA256_BLOCK - used;

		n = n < len_bytes ? n : len_bytes;
		memcpy(sha->block + used, at, n);
		sha->len_bytes += n;
		at += n;
		len_bytes -= n;
		if (used + n == SHA256_BLOCK)
			compress(sha);
	}
}

void sha256_end(struct sha256 *sha, uint8_t digest[SHA256_BYTES])
{
	uint64_t len_bits = sha->len_bytes * 8;
	uint8_t tail[SHA256_BLOCK + 8] = { 0x80 };
	size_t pad = 1 + (SHA256_BLOCK * 2 - 9 - sha->len_bytes % SHA256_BLOCK) % SHA256_BLOCK;

	for (unsigned int i = 0; i < 8; i++)
		tail[pad + i] = len_bits >> (56 - 8 * i);
	sha256_add(sha, tail, pad + 8);
	for (unsigned int i = 0; i < SHA256_BYTES; i++)
		digest[i] = sha->h[i / 4] >> (24 - 8 * (i % 4));
}

void sha256_hex(const uint8_t digest[SHA256_BYTES], char hex[SHA256_HEX])
{
	for (unsigned int i = 0; i < SHA256_BYTES; i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
}
