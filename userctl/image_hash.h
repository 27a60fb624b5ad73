/* SPDX-License-Identifier: GPL-2.0-only */
/* image_hash.h: hashes of the parts of a FIT image, by the names U-Boot gives them: crc32, md5, sha1, sha256, sha384, sha512.
 *
 * Owns:    nothing.
 * Promise: 0 means that the bytes are those the hash was made of; a hash that cannot be checked is an error.
 * Locks:   none. Context: any thread.
 * Errors:  -EINVAL, with a text for the user in err[IMAGE_ERR_BYTES].
 * Next file: image_fit.h. */
#ifndef LDBTCTL_IMAGE_HASH_H
#define LDBTCTL_IMAGE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct image_hash {
	const char *part; /* in the text: "kernel" */
	const char *algo; /* NULL: not said */
	const uint8_t *value;
	int value_bytes;
};

int image_check_hash(const struct image_hash *hash, const uint8_t *bytes, size_t len, char *err);

#endif
