/* SPDX-License-Identifier: GPL-2.0-only */
/* loader.h: the guest's file, from its path to guest memory.
 *
 * Owns:    the bytes of the file, until image_free().
 * Promise: a file is checked completely before anything is written to guest memory.
 * Locks:   none. Context: process; blocks on I/O.
 * Errors:  negative errno, after a message that names what was found and what was expected; nothing to free then.
 * Next file: elf_file.h. */
#ifndef LDBTCTL_LOADER_H
#define LDBTCTL_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf_file.h"

/* Larger files are refused before they are read. */
#define LOADER_FILE_BYTES_MAX (1ULL << 30)

struct image {
	uint8_t *bytes;
	size_t len_bytes;
	struct elf_file elf;
};

/* A regular file of at most max_bytes, all of it; *bytes is for free(). */
int loader_read_file(const char *path, uint64_t max_bytes, uint8_t **bytes, size_t *len_bytes);

int image_read(const char *path, uint64_t ram_bytes, struct image *image);
void image_free(struct image *image);

/* Does a segment use a byte of [gpa, gpa + bytes)? */
bool image_overlaps(const struct image *image, uint64_t gpa, uint64_t bytes);

/* ram is zeroed memory for guest physical BOARD_RAM_GPA on, as large as image_read() was told. */
void image_place(const struct image *image, uint8_t *ram);

#endif
