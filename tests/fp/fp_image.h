/* SPDX-License-Identifier: GPL-2.0-only */
/* fp_image.h: what fp.py writes into the guest's image.
 * Owns: nothing. Promise: 8-byte fields, in this order behind the magic number. Next file: fp_guest.c. */
#ifndef FP_IMAGE_H
#define FP_IMAGE_H

#include "fp_ops.h"

#define FP_MAGIC   0x6567616d69707066ULL /* "fppimage" */
#define FP_ALL_OPS (~0ULL)

struct fp_image {
	uint64_t magic;
	struct fp_plan plan;
	uint64_t op, cases; /* one op and its first `cases` cases, the last one printed; FP_ALL_OPS: hashes of all */
	uint64_t
		is_other; /* on f5 to f7, which ldbt keeps in memory, instead of f10 to f12, which it keeps in registers */
};

#endif
