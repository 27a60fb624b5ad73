/* SPDX-License-Identifier: GPL-2.0-only */
/* boot.h: from the user's files to what lies in guest memory when the hart starts.
 *
 * Owns:    the bytes of all files, unpacked, and the device tree, until boot_free().
 * Promise: every file is read and checked completely before anything is written to guest memory; pieces lie in RAM and do
 *          not overlap.
 * Locks:   none. Context: process; blocks on I/O.
 * Errors:  negative errno, after a message that names the file, what was found and what was expected.
 * Next file: image_linux.h, image_fit.h, elf_file.h. */
#ifndef LDBTCTL_BOOT_H
#define LDBTCTL_BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"
#include "elf_file.h"
#include "unpack.h"

/* U-Boot for S-mode, of Debian's package u-boot-qemu. */
#define BOOT_LOADER "/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin"

enum boot_mode { BOOT_MODE_DEFAULT, BOOT_MODE_M, BOOT_MODE_S };

struct boot_options {
	const char *kernel;			  /* Linux Image (also packed), ELF, FIT, disk; NULL: only with bios */
	const char *loader;			  /* starts what is on a disk; NULL: Debian's U-Boot */
	const char *initrd, *dtb, *bios, *append; /* NULL: none */
	enum boot_mode mode;
	uint64_t ram_bytes;
};

struct boot_piece {
	const char *what;
	uint64_t gpa, mem_bytes;
	const uint8_t *bytes;
	uint64_t file_bytes; /* the rest of mem_bytes is zero */
};

enum { BOOT_PIECES_MAX = ELF_SEGMENTS_MAX + 8 };

/* Where the hart starts, and with what in a1 and a2. */
struct boot_start {
	uint64_t pc, tree_gpa, info_gpa;
	bool is_s_mode; /* with the module's SBI */
};

struct boot {
	struct boot_start start;
	uint64_t tohost;  /* gpa of the ELF symbol; 0: none */
	uint64_t next_pc; /* the kernel's entry, for a firmware */
	uint32_t npieces;
	struct boot_piece piece[BOOT_PIECES_MAX];
	struct board_tree tree;
	struct blob kernel, unpacked, initrd_file, bios; /* files */
	const uint8_t *image;				 /* the kernel itself, in one of them */
	size_t image_len;
	const uint8_t *initrd, *fdt; /* in a file; NULL: none */
	size_t initrd_len, fdt_len;
	uint64_t initrd_gpa;
	const char *bootargs; /* NULL: none */
	const char *disk;     /* the kernel's file is a disk, and the image its boot loader; NULL: it is not */
	uint64_t info[6];     /* for fw_dynamic */
};

int boot_read(const struct boot_options *opt, struct boot *boot);
void boot_free(struct boot *boot);

/* ram is zeroed memory for guest physical BOARD_RAM_GPA on, as large as boot_read() was told. */
void boot_place(const struct boot *boot, uint8_t *ram);

#endif
