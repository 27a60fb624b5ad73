// SPDX-License-Identifier: GPL-2.0-only
/* fuzz_ctl.c: libFuzzer target: any bytes as the file given to ldbtctl run. What elf_parse() accepts lies in the file
 * and in the RAM, and what it refuses has a reason. Run by `make fuzz-ctl`, with the tests' guests as seeds. */
#include <stdlib.h>
#include <string.h>

#include "../../userctl/elf_file.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { RAM_BYTES = 16 << 20 };
#define RAM_GPA 0x80000000ULL

static void demand(int ok)
{
	if (!ok)
		abort();
}

static int in_ram(uint64_t gpa, uint64_t bytes)
{
	return gpa >= RAM_GPA && gpa - RAM_GPA <= RAM_BYTES && bytes <= RAM_BYTES - (gpa - RAM_GPA);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	char err[ELF_ERR_BYTES] = "";
	uint8_t *copy = malloc(size ? size : 1); /* exactly sized: a read behind it is seen */
	struct elf_file elf;
	uint32_t i;

	demand(copy != NULL);
	if (size)
		memcpy(copy, data, size);
	if (elf_parse(copy, size, RAM_GPA, RAM_BYTES, &elf, err)) {
		demand(err[0] != 0);
	} else {
		demand(elf.nsegments > 0 && in_ram(elf.entry, 2));
		demand(!elf.tohost || in_ram(elf.tohost, 8));
		for (i = 0; i < elf.nsegments; i++) {
			const struct elf_segment *seg = &elf.segment[i];

			demand(in_ram(seg->gpa, seg->mem_bytes) && seg->file_bytes <= seg->mem_bytes);
			demand(seg->file_off <= size && seg->file_bytes <= size - seg->file_off);
		}
	}
	free(copy);
	return 0;
}
