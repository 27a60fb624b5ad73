// SPDX-License-Identifier: GPL-2.0-only
/* image_linux.c: reads the two headers, little endian as all of them are. Next file: boot.c. */
#include "image_linux.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define REFUSE(err, ...) (snprintf(err, IMAGE_ERR_BYTES, __VA_ARGS__), -EINVAL)

struct linux_header {
	uint32_t code[2];
	uint64_t text_offset, image_size, flags;
	uint32_t version, reserved1;
	uint64_t reserved2;
	uint64_t magic;
	uint8_t magic2[4];
	uint32_t pe_off; /* 0: the kernel has no EFI stub */
};
_Static_assert(sizeof(struct linux_header) == 64, "boot-image-header.rst");

struct zboot_header {
	uint32_t mz;
	uint8_t type[4];
	uint32_t payload_off, payload_len, reserved[2];
	char packed_by[32]; /* ends with 0 */
	uint32_t pe_magic, pe_off;
};
_Static_assert(sizeof(struct zboot_header) == 64, "zboot-header.S");

struct pe_header {
	uint8_t magic[4];
	uint16_t machine, nsections;
	uint32_t date, symbols_off, nsymbols;
	uint16_t optional_len, flags;
};
_Static_assert(sizeof(struct pe_header) == 24, "PE format");

struct pe_section {
	char name[8];
	uint32_t mem_bytes, mem_off, file_bytes, file_off;
	uint32_t rest[4];
};
_Static_assert(sizeof(struct pe_section) == 40, "PE format");

enum {
	FLAG_BIG_ENDIAN = 1,
	PE_MACHINE_RISCV64 = 0x5064,
	PE_SECTIONS_MAX = 96,
	LOAD_ALIGN = 2 << 20, /* of a 64-bit kernel */
};

bool image_is_linux(const uint8_t *bytes, size_t len)
{
	return len >= sizeof(struct linux_header) &&
	       !memcmp(bytes + offsetof(struct linux_header, magic2), "RSC\x05", 4);
}

/* ---- the section table: is the file whole? ---- */

static int check_section(const struct pe_section *section, size_t len, char *err)
{
	uint64_t end = (uint64_t)section->file_off + section->file_bytes;

	if (end <= len)
		return 0;
	return REFUSE(err, "truncated kernel: section %.8s ends at byte %" PRIu64 ", but the file has %zu",
		      section->name, end, len);
}

static int check_pe(const uint8_t *bytes, size_t len, uint64_t pe_off, char *err)
{
	struct pe_header pe;
	uint64_t off;
	uint32_t i;
	int ret = 0;

	if (pe_off > len || len - pe_off < sizeof(pe))
		return REFUSE(err, "truncated kernel: its PE header is at byte %" PRIu64 ", but the file has %zu",
			      pe_off, len);
	memcpy(&pe, bytes + pe_off, sizeof(pe));
	if (memcmp(pe.magic, "PE\0", 4))
		return REFUSE(err, "damaged kernel: found no PE header at byte %" PRIu64, pe_off);
	if (pe.machine != PE_MACHINE_RISCV64)
		return REFUSE(err, "kernel of PE machine %#x, expected %#x (riscv64)", pe.machine, PE_MACHINE_RISCV64);
	off = pe_off + sizeof(pe) + pe.optional_len;
	if (pe.nsections > PE_SECTIONS_MAX || off > len || len - off < pe.nsections * sizeof(struct pe_section))
		return REFUSE(err, "truncated kernel: its table of %u sections does not lie in the file", pe.nsections);
	for (i = 0; i < pe.nsections && !ret; i++) {
		struct pe_section section;

		memcpy(&section, bytes + off + i * sizeof(section), sizeof(section));
		ret = check_section(&section, len, err);
	}
	return ret;
}

/* ---- Image ---- */

int image_parse_linux(const uint8_t *bytes, size_t len, uint64_t ram_bytes, struct image_linux *image, char *err)
{
	struct linux_header header;

	if (!image_is_linux(bytes, len))
		return REFUSE(err, "no Linux Image for riscv64: found no magic number RSC\\x05 at byte 56");
	memcpy(&header, bytes, sizeof(header));
	if (header.flags & FLAG_BIG_ENDIAN)
		return REFUSE(err, "big-endian kernel: found flags %#" PRIx64 ", expected bit 0 clear", header.flags);
	if (!header.image_size)
		return REFUSE(err,
			      "kernel without a size in its header: found 0, expected that of the kernel in memory");
	if (header.text_offset % LOAD_ALIGN)
		return REFUSE(err, "kernel's load offset: found %#" PRIx64 ", expected a multiple of %#x",
			      header.text_offset, LOAD_ALIGN);
	image->load_off = header.text_offset;
	image->mem_bytes = header.image_size > len ? header.image_size : len;
	if (image->load_off >= ram_bytes || image->mem_bytes > ram_bytes - image->load_off)
		return REFUSE(err,
			      "kernel needs %" PRIu64 " bytes from %#" PRIx64 " of memory on, found %" PRIu64
			      ": see --mem",
			      image->mem_bytes, image->load_off, ram_bytes);
	return header.pe_off ? check_pe(bytes, len, header.pe_off, err) : 0;
}

/* ---- zboot ---- */

bool image_is_zboot(const uint8_t *bytes, size_t len)
{
	return len >= 8 && !memcmp(bytes, "MZ", 2) && !memcmp(bytes + 4, "zimg", 4);
}

int image_parse_zboot(const uint8_t *bytes, size_t len, const uint8_t **payload, size_t *payload_len, char *err)
{
	struct zboot_header header;

	if (len < sizeof(header))
		return REFUSE(err, "truncated zboot file: found %zu bytes, expected a header of %zu", len,
			      sizeof(header));
	memcpy(&header, bytes, sizeof(header));
	header.packed_by[sizeof(header.packed_by) - 1] = 0;
	if (strcmp(header.packed_by, "gzip") && strncmp(header.packed_by, "zstd", 4))
		return REFUSE(err, "zboot file packed by '%.31s', expected gzip or zstd", header.packed_by);
	if (header.payload_off > len || header.payload_len > len - header.payload_off)
		return REFUSE(err, "truncated zboot file: kernel of %u bytes at byte %u, but the file has %zu",
			      header.payload_len, header.payload_off, len);
	*payload = bytes + header.payload_off;
	*payload_len = header.payload_len;
	if (!unpack_is_packed(*payload, *payload_len))
		return REFUSE(err, "damaged zboot file: found no gzip or zstd magic number at byte %u",
			      header.payload_off);
	return check_pe(bytes, len, header.pe_off, err);
}
