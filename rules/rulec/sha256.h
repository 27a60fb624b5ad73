/* SPDX-License-Identifier: GPL-2.0-only */
/* sha256.h: SHA-256 of FIPS 180-4.
 *
 * Owns:    nothing; struct sha256 is a value. Promise: sha256_end() gives the sum of all bytes added since
 *          sha256_start(). Next file: sha256.c. */
#ifndef LDBT_RULEC_SHA256_H
#define LDBT_RULEC_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
	uint32_t state[8];
	uint64_t len_bytes;
	uint8_t block[64];	/* the last len_bytes % 64 bytes */
};

void sha256_start(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *data, size_t len_bytes);
void sha256_end(struct sha256 *sha, uint8_t sum[32]);

#endif
