/* SPDX-License-Identifier: GPL-2.0-only */
/* elf_file.h: reads a riscv64 executable from bytes nobody vouches for; every number is checked before it is used.
 *
 * Owns:    nothing.
 * Promise: on success every segment lies in the file and in the RAM given, and so does the entry.  [checked: fuzz-ctl]
 * Locks:   none. Context: any.
 * Errors:  -EINVAL with one line in err that says what was found and what was expected.
 * Next file: loader.c. */
#ifndef LDBTCTL_ELF_FILE_H
#define LDBTCTL_ELF_FILE_H

#include <stddef.h>
#include <stdint.h>

enum { ELF_SEGMENTS_MAX = 64, ELF_ERR_BYTES = 256 };

struct elf_segment {
	uint64_t gpa; /* p_paddr */
	uint64_t gva; /* p_vaddr: what entry and symbols are given in */
	uint64_t file_off, file_bytes, mem_bytes;
};

struct elf_file {
	uint64_t entry;	 /* guest physical */
	uint64_t tohost; /* guest physical address of the symbol, 8-byte aligned; 0: none */
	uint32_t nsegments;
	struct elf_segment segment[ELF_SEGMENTS_MAX];
};

int elf_parse(const uint8_t *bytes, size_t len_bytes, uint64_t ram_gpa, uint64_t ram_bytes, struct elf_file *elf,
	      char *err);

#endif
