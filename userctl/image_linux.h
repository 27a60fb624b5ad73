/* SPDX-License-Identifier: GPL-2.0-only */
/* image_linux.h: headers of Linux kernel files: the riscv64 Image, and the EFI zboot file that holds a packed one.
 *
 * Owns:    nothing.
 * Promise: every number is checked before it is used; a file that is shorter than its own section table says is refused.
 * Locks:   none. Context: any.
 * Errors:  -EINVAL with one line in err that says what was found and what was expected.
 * Source:  Linux, Documentation/arch/riscv/boot-image-header.rst; drivers/firmware/efi/libstub/zboot-header.S; Microsoft
 *          PE Format, "COFF File Header", "Section Table".
 * Next file: boot.h. */
#ifndef LDBTCTL_IMAGE_LINUX_H
#define LDBTCTL_IMAGE_LINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "unpack.h"

struct image_linux {
	uint64_t load_off;  /* from the start of RAM */
	uint64_t mem_bytes; /* with what the kernel has behind the file, such as its bss */
};

bool image_is_linux(const uint8_t *bytes, size_t len);
int image_parse_linux(const uint8_t *bytes, size_t len, uint64_t ram_bytes, struct image_linux *image, char *err);

bool image_is_zboot(const uint8_t *bytes, size_t len);
/* The packed kernel inside. */
int image_parse_zboot(const uint8_t *bytes, size_t len, const uint8_t **payload, size_t *payload_len, char *err);

#endif
