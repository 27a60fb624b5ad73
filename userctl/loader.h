/* SPDX-License-Identifier: GPL-2.0-only */
/* loader.h: the user's files, and the names of those that are no kernel.
 *
 * Owns:    nothing; a blob belongs to whoever asked for it, for blob_free().
 * Promise: a file is read whole or not at all.
 * Locks:   none. Context: process; blocks on I/O.
 * Errors:  negative errno, after a message that names what was found and what was expected; nothing to free then.
 * Next file: boot.h. */
#ifndef LDBTCTL_LOADER_H
#define LDBTCTL_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "unpack.h"

/* Larger files are refused before they are read. */
#define LOADER_FILE_BYTES_MAX (1ULL << 30)

/* A regular file of at most max_bytes, all of it. */
int loader_read_file(const char *path, uint64_t max_bytes, struct blob *out);

/* Is it a disk image with a table of partitions, or a block device with one? */
bool loader_is_disk(const char *path);

/* Says what the file is, if it is known to be something that does not run here. */
int loader_refuse_foreign(const char *path, const uint8_t *bytes, size_t len);

#endif
