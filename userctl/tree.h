/* SPDX-License-Identifier: GPL-2.0-only */
/* tree.h: is a flattened device tree from a file one that libfdt may be asked about?
 *
 * Owns:    nothing.
 * Promise: after 0 every libfdt call on these bytes stays within them.                     [checked: check-ctl-fuzz]
 * Locks:   none. Context: any.
 * Errors:  libfdt's numbers.
 * Next file: board.h, image_fit.h. */
#ifndef LDBTCTL_TREE_H
#define LDBTCTL_TREE_H

#include <stddef.h>
#include <stdint.h>

/* bytes are aligned to 8, as from malloc(). */
int tree_check(const uint8_t *bytes, size_t len);

#endif
