/* SPDX-License-Identifier: GPL-2.0-only */
/* elf_load.h: reads a riscv64 executable from memory; every number is checked before use.
 *
 * Owns:    nothing.
 * Promise: on success all segments lie in the file and in the RAM given, and do not wrap.
 * Locks:   none. Context: user space. Errors: -EINVAL with one line in err that says what was found and expected.
 * Next file: elf_load.c. */
#ifndef LDBT_HOST_ELF_LOAD_H
#define LDBT_HOST_ELF_LOAD_H

#include "port.h"

enum { ELF_SEGMENTS_MAX = 32, ELF_ERR_BYTES = 200 };

struct elf_segment {
	u64 addr, file_off, file_bytes, mem_bytes;
};

struct elf_file {
	u64 entry;
	u64 tohost; /* address of the symbol, 0: none */
	u32 nsegments;
	struct elf_segment segment[ELF_SEGMENTS_MAX];
};

int elf_parse(const u8 *image, size_t len_bytes, u64 ram_addr, u64 ram_bytes, struct elf_file *elf, char *err);

#endif
