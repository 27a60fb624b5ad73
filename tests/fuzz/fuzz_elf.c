// SPDX-License-Identifier: GPL-2.0-only
/* fuzz_elf.c: libFuzzer target: any bytes as the file given to ldbt-bare. What elf_parse() accepts must lie in the file
 * and in the RAM. Run by `make fuzz-elf`, with the tests' guests as seeds. */
#include <stdlib.h>

#include "elf_load.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { RAM_ADDR = 0x80000000, RAM_BYTES = 16 << 20 };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	char err[ELF_ERR_BYTES] = "";
	struct elf_file elf;
	u8 *copy = malloc(size + 1); /* exactly sized: a read behind it is seen */
	u32 i;

	if (!copy)
		return 0;
	copy = realloc(copy, size ? size : 1);
	if (size)
		memcpy(copy, data, size);
	if (elf_parse(copy, size, RAM_ADDR, RAM_BYTES, &elf, err)) {
		if (!err[0])
			abort(); /* refused without a reason */
	} else {
		for (i = 0; i < elf.nsegments; i++) {
			const struct elf_segment *s = &elf.segment[i];

			if (s->file_off > size || s->file_bytes > size - s->file_off || s->file_bytes > s->mem_bytes ||
			    s->addr < RAM_ADDR || s->addr - RAM_ADDR > RAM_BYTES ||
			    s->mem_bytes > RAM_BYTES - (s->addr - RAM_ADDR))
				abort();
		}
		if (!elf.nsegments || elf.entry - RAM_ADDR >= RAM_BYTES)
			abort();
	}
	free(copy);
	return 0;
}
