/* SPDX-License-Identifier: GPL-2.0-only */
/* image_fit.h: FIT images: kernel, ramdisk, device tree and command line in one file, which is a flattened device tree.
 *
 * Owns:    nothing; parts lie in the file's bytes.
 * Promise: a part lies in the file, and its crc32 is what the file says, where it says one.
 * Locks:   none. Context: any.
 * Errors:  -EINVAL with one line in err that says what was found; fit_write() libfdt's numbers.
 * Source:  Flat Image Tree Specification 0.8. The command line is property `bootargs` of the configuration, ours.
 * Next file: boot.h. */
#ifndef LDBTCTL_IMAGE_FIT_H
#define LDBTCTL_IMAGE_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "unpack.h"

enum fit_part { FIT_KERNEL, FIT_RAMDISK, FIT_FDT, FIT_PARTS };

struct fit {
	struct {
		const uint8_t *bytes; /* NULL: none; the kernel is there always */
		size_t len;
	} part[FIT_PARTS];
	const char *bootargs; /* NULL: none */
};

bool image_is_fit(const uint8_t *bytes, size_t len);
int image_parse_fit(const uint8_t *bytes, size_t len, struct fit *fit, char *err);

/* A FIT of these parts, in a new blob. */
int fit_write(const struct fit *fit, struct blob *out);

#endif
