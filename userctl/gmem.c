// SPDX-License-Identifier: GPL-2.0-only
/* gmem.c: bounds of guest memory, and the report of what was written there. Next file: virtq.c. */
#include "gmem.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "api.h"
#include "ctl.h"

enum { PAGE_SHIFT = 12 };

void *gmem_at(const struct gmem *mem, uint64_t gpa, uint64_t len_bytes)
{
	uint64_t off = gpa - mem->gpa;

	return gpa >= mem->gpa && off <= mem->bytes && len_bytes <= mem->bytes - off ? mem->ram + off : NULL;
}

static bool has_code(const struct gmem *mem, uint64_t page)
{
	return mem->code_map[page / 8] >> page % 8 & 1;
}

static void report(const struct gmem *mem, uint64_t first, uint64_t end)
{
	uint64_t gpa = mem->gpa + (first << PAGE_SHIFT), bytes = (end - first) << PAGE_SHIFT;
	int ret = api_mem_written(mem->vm_fd, gpa, bytes);

	if (ret)
		ctl_error("module: found report of %" PRIu64 " bytes written at %#" PRIx64 " refused: %s", bytes, gpa,
			  strerror(-ret));
}

void gmem_written(const struct gmem *mem, const void *at, size_t len_bytes)
{
	uint64_t off = (uint64_t)((const uint8_t *)at - mem->ram);
	uint64_t page = off >> PAGE_SHIFT, end = (off + len_bytes + (1 << PAGE_SHIFT) - 1) >> PAGE_SHIFT;

	if (!len_bytes)
		return;
	atomic_thread_fence(memory_order_seq_cst); /* written first, then looked: see the map in uapi/ldbt.h */
	while (page < end) {
		uint64_t first = page;

		while (page < end && has_code(mem, page))
			page++;
		if (page > first)
			report(mem, first, page);
		else
			page++;
	}
}
