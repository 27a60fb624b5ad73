// SPDX-License-Identifier: GPL-2.0-only
/* image_hash.c: crc32 by zlib, the others by nettle, which calls them as FIT images do. Next file: image_fit.c. */
#include "image_hash.h"

#include <errno.h>
#include <nettle/nettle-meta.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "unpack.h"

#define REFUSE(err, ...) (snprintf(err, IMAGE_ERR_BYTES, __VA_ARGS__), -EINVAL)

enum { CONTEXT_BYTES = 512, DIGEST_BYTES = 64, CRC_BYTES = 4, SHOWN_BYTES = 8, TEXT_BYTES = 2 * SHOWN_BYTES + 4 };

struct digest {
	uint8_t bytes[DIGEST_BYTES];
	int len;
};

static void digest_crc32(const uint8_t *bytes, size_t len, struct digest *out)
{
	uint32_t crc = (uint32_t)crc32_z(0, bytes, len), i;

	out->len = CRC_BYTES;
	for (i = 0; i < CRC_BYTES; i++)
		out->bytes[i] = (uint8_t)(crc >> (24 - 8 * i));
}

/* Those that U-Boot knows; nettle has more. */
static const struct nettle_hash *find(const char *algo)
{
	static const char *const known[] = { "md5", "sha1", "sha256", "sha384", "sha512" };
	const struct nettle_hash *hash = NULL;
	unsigned int i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i], algo))
			hash = nettle_lookup_hash(algo);
	return hash && hash->context_size <= CONTEXT_BYTES && hash->digest_size <= DIGEST_BYTES ? hash : NULL;
}

static bool make_digest(const char *algo, const uint8_t *bytes, size_t len, struct digest *out)
{
	alignas(max_align_t) uint8_t context[CONTEXT_BYTES];
	const struct nettle_hash *hash;

	if (!strcmp(algo, "crc32")) {
		digest_crc32(bytes, len, out);
		return true;
	}
	hash = find(algo);
	if (!hash)
		return false;
	hash->init(context);
	hash->update(context, len, bytes);
	hash->digest(context, hash->digest_size, out->bytes);
	out->len = (int)hash->digest_size;
	return true;
}

/* The beginning will do to tell them apart. */
static const char *hex(const uint8_t *bytes, int len, char text[TEXT_BYTES])
{
	int i, n = len < SHOWN_BYTES ? len : SHOWN_BYTES;

	for (i = 0; i < n; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	strcpy(text + 2 * n, len > n ? "..." : "");
	return text;
}

int image_check_hash(const struct image_hash *hash, const uint8_t *bytes, size_t len, char *err)
{
	char found[TEXT_BYTES], wanted[TEXT_BYTES];
	struct digest digest;

	if (!hash->algo || !hash->value)
		return REFUSE(err, "FIT image: a hash of its %s has no %s", hash->part, hash->algo ? "value" : "algo");
	if (!make_digest(hash->algo, bytes, len, &digest))
		return REFUSE(err,
			      "FIT image: found a hash of its %s by '%s', expected crc32, md5, sha1, sha256, sha384 or "
			      "sha512",
			      hash->part, hash->algo);
	if (hash->value_bytes != digest.len)
		return REFUSE(err, "FIT image: %s of its %s has %d bytes, expected %d", hash->algo, hash->part,
			      hash->value_bytes, digest.len);
	if (memcmp(digest.bytes, hash->value, (size_t)digest.len))
		return REFUSE(err, "damaged FIT image: %s of its %s is %s, expected %s", hash->algo, hash->part,
			      hex(digest.bytes, digest.len, found), hex(hash->value, digest.len, wanted));
	return 0;
}
