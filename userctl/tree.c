// SPDX-License-Identifier: GPL-2.0-only
/* tree.c: fdt_check_full(), and before it what that takes for granted: libfdt 1.6.1 uses the name of a node at the top even if
 * it has none. Next file: board.c. */
#include "tree.h"

#include <libfdt.h>

static int check_names(const uint8_t *bytes)
{
	int at = 0, next = 0;
	uint32_t tag;

	do {
		at = next;
		tag = fdt_next_tag(bytes, at, &next);
		if (tag == FDT_BEGIN_NODE && !fdt_get_name(bytes, at, NULL))
			return -FDT_ERR_BADSTRUCTURE;
	} while (tag != FDT_END && next >= 0);
	return next < 0 ? next : 0;
}

int tree_check(const uint8_t *bytes, size_t len)
{
	int err;

	if (len < FDT_V1_SIZE || len < fdt_header_size(bytes))
		return -FDT_ERR_TRUNCATED;
	err = fdt_check_header(bytes);
	if (!err && fdt_totalsize(bytes) > len)
		err = -FDT_ERR_TRUNCATED;
	if (!err)
		err = check_names(bytes);
	return err ? err : fdt_check_full(bytes, len);
}
