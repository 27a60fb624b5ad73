/* SPDX-License-Identifier: GPL-2.0-only */
/* unpack.h: compressed files: gzip and zstd.
 *
 * Owns:    nothing; a blob belongs to whoever asked for it, for blob_free().
 * Promise: what comes out is what was packed, as far as the format's checksum tells, and at most max_bytes.
 * Locks:   none. Context: any.
 * Errors:  -EINVAL, -EFBIG, -ENOMEM with one line in err that says what was found.
 * Next file: image.h. */
#ifndef LDBTCTL_UNPACK_H
#define LDBTCTL_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IMAGE_ERR_BYTES = 256 };

/* Bytes of one file, or of a part of one. */
struct blob {
	uint8_t *bytes; /* NULL: none */
	size_t len;
};

void blob_free(struct blob *blob);

bool unpack_is_packed(const uint8_t *bytes, size_t len); /* by its magic number */
int unpack(const uint8_t *bytes, size_t len, uint64_t max_bytes, struct blob *out, char *err);

#endif
