/* SPDX-License-Identifier: GPL-2.0-only */
/* sha256.h: SHA-256 (FIPS 180-4), for the digests of proved rules.
 *
 * Owns:    nothing; struct sha256 is a plain value and may be copied to fork a digest.
 * Promise: the test vectors of FIPS 180-4 (tests/rulec/sha256_test.c).
 * Errors:  none.
 * Next file: digest.h. */
#ifndef LDBT_RULEC_SHA256_H
#define LDBT_RULEC_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32, SHA256_BLOCK = 64, SHA256_HEX = 2 * SHA256_BYTES + 1 };

struct sha256 {
	uint32_t h[8];
	uint64_t len_bytes;
	uint8_t block[SHA256_BLOCK];
};

void sha256_start(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *data, size_t len_bytes);
void sha256_end(struct sha256 *sha, uint8_t digest[SHA256_BYTES]);
void sha256_hex(const uint8_t digest[SHA256_BYTES], char hex[SHA256_HEX]);

#endif
