// SPDX-License-Identifier: GPL-2.0-only
/* boot.c: reads kernel, ramdisk, firmware and device tree, and lays them out: firmware at the start of RAM, kernel where it
 * wants to be, the rest from the top down. Next file: cmd_run.c. */
#include "boot.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "disk.h"
#include "image_fit.h"
#include "image_linux.h"
#include "loader.h"

enum {
	PAGE = 4096,
	FIRMWARE_BYTES = 2 << 20,    /* of RAM, before what a firmware starts */
	TOP_BYTES = 2 << 20,	     /* of RAM, behind the ramdisk: the tree, and what a firmware is told */
	TREE_SPARE_BYTES = 64 << 10, /* where a firmware adds to the tree in its place, as OpenSBI does */
	DEPTH_MAX = 3,		     /* a FIT of a zboot file of a gzip file */
	INFO_VERSION = 2,
	INFO_MODE_S = 1,
};

#define INFO_MAGIC 0x4942534fULL /* OpenSBI, include/sbi/fw_dynamic.h */

static int refuse(const char *path, const char *err)
{
	ctl_error("%s: %s", path, err);
	return -ENOEXEC;
}

/* ---- what is in the file ---- */

/* Puts the bytes in place of those that were packed. */
static int unpack_image(const char *path, struct boot *boot)
{
	struct blob old = boot->unpacked;
	char err[IMAGE_ERR_BYTES];
	int ret = unpack(boot->image, boot->image_len, LOADER_FILE_BYTES_MAX, &boot->unpacked, err);

	blob_free(&old);
	if (ret)
		return refuse(path, err);
	boot->image = boot->unpacked.bytes;
	boot->image_len = boot->unpacked.len;
	return 0;
}

static int open_fit(const char *path, struct boot *boot)
{
	char err[IMAGE_ERR_BYTES];
	struct fit fit;

	if (boot->image != boot->kernel.bytes)
		return refuse(path, "found a FIT image within another file, expected a kernel");
	if (image_parse_fit(boot->image, boot->image_len, &fit, err))
		return refuse(path, err);
	boot->image = fit.part[FIT_KERNEL].bytes;
	boot->image_len = fit.part[FIT_KERNEL].len;
	boot->initrd = fit.part[FIT_RAMDISK].bytes;
	boot->initrd_len = fit.part[FIT_RAMDISK].len;
	boot->fdt = fit.part[FIT_FDT].bytes;
	boot->fdt_len = fit.part[FIT_FDT].len;
	boot->bootargs = fit.bootargs;
	return 0;
}

/* Opens containers until a kernel is found. */
static int open_image(const char *path, struct boot *boot)
{
	char err[IMAGE_ERR_BYTES];
	int depth, ret;

	for (depth = 0; depth <= DEPTH_MAX; depth++) {
		if (image_is_fit(boot->image, boot->image_len))
			ret = open_fit(path, boot);
		else if (unpack_is_packed(boot->image, boot->image_len))
			ret = unpack_image(path, boot);
		else if (!image_is_zboot(boot->image, boot->image_len))
			return 0;
		else
			ret = image_parse_zboot(boot->image, boot->image_len, &boot->image, &boot->image_len, err)
				      ? refuse(path, err)
				      : 0;
		if (ret)
			return ret;
	}
	return refuse(path, "found a file packed again and again, expected a kernel");
}

/* ---- pieces ---- */

static int add_piece(struct boot *boot, const char *path, const struct boot_piece *piece)
{
	uint32_t i;

	for (i = 0; i < boot->npieces; i++) {
		const struct boot_piece *other = &boot->piece[i];

		if (piece->gpa >= other->gpa + other->mem_bytes || other->gpa >= piece->gpa + piece->mem_bytes)
			continue;
		ctl_error("%s: %s at %#" PRIx64 " of %" PRIu64 " bytes and %s at %#" PRIx64 " of %" PRIu64
			  " bytes overlap in guest memory: see --mem",
			  path, piece->what, piece->gpa, piece->mem_bytes, other->what, other->gpa, other->mem_bytes);
		return -ENOSPC;
	}
	boot->piece[boot->npieces++] = *piece;
	return 0;
}

static int add_elf(struct boot *boot, const char *path, const uint8_t *bytes, size_t len, uint64_t ram_bytes,
		   uint64_t *entry)
{
	struct elf_file elf;
	char err[ELF_ERR_BYTES];
	uint32_t i;
	int ret = 0;

	if (elf_parse(bytes, len, BOARD_RAM_GPA, ram_bytes, &elf, err))
		return refuse(path, err);
	for (i = 0; i < elf.nsegments && !ret; i++)
		ret = add_piece(boot, path,
				&(struct boot_piece){ "a segment", elf.segment[i].gpa, elf.segment[i].mem_bytes,
						      bytes + elf.segment[i].file_off, elf.segment[i].file_bytes });
	*entry = elf.entry;
	boot->tohost = elf.tohost;
	return ret;
}

static int add_linux(struct boot *boot, const char *path, uint64_t ram_bytes, uint64_t *entry)
{
	struct image_linux image;
	char err[IMAGE_ERR_BYTES];

	if (image_parse_linux(boot->image, boot->image_len, ram_bytes, &image, err))
		return refuse(path, err);
	*entry = BOARD_RAM_GPA + image.load_off;
	return add_piece(boot, path,
			 &(struct boot_piece){ "the kernel", *entry, image.mem_bytes, boot->image, boot->image_len });
}

static int add_raw(struct boot *boot, const char *path, const char *what, const struct blob *blob, uint64_t gpa,
		   uint64_t ram_bytes)
{
	if (!blob->len || blob->len > ram_bytes || gpa - BOARD_RAM_GPA > ram_bytes - blob->len) {
		ctl_error("%s: found %zu bytes, expected 1 to what RAM has from %#" PRIx64 " on", path, blob->len, gpa);
		return -EFBIG;
	}
	return add_piece(boot, path, &(struct boot_piece){ what, gpa, blob->len, blob->bytes, blob->len });
}

/* ---- files ---- */

static bool is_elf(const uint8_t *bytes, size_t len)
{
	return len >= 4 && !memcmp(bytes, "\177ELF", 4);
}

/* Also with what --disk takes behind the name. */
static bool is_disk(const char *arg)
{
	char *name = strndup(arg, disk_name_bytes(arg));
	bool is_there = !access(arg, F_OK);
	bool found = is_there ? loader_is_disk(arg) : name && loader_is_disk(name);

	free(name);
	return found;
}

/* A disk is not read: its boot loader is, which is no kernel of a known format. */
static int read_loader(const struct boot_options *opt, struct boot *boot)
{
	const char *path = opt->loader ? opt->loader : BOOT_LOADER;
	int ret = loader_read_file(path, LOADER_FILE_BYTES_MAX, &boot->kernel);

	if (ret == -ENOENT && !opt->loader)
		ctl_error("%s is a disk, which starts by U-Boot: apt-get install u-boot-qemu, or --u-boot=FILE",
			  opt->kernel);
	if (ret)
		return ret;
	boot->disk = opt->kernel;
	boot->start.is_s_mode = opt->mode != BOOT_MODE_M;
	boot->start.pc = BOARD_RAM_GPA + FIRMWARE_BYTES;
	return add_raw(boot, path, "the boot loader", &boot->kernel, boot->start.pc, opt->ram_bytes);
}

static int read_kernel(const struct boot_options *opt, struct boot *boot)
{
	const char *path = opt->kernel;
	int ret;

	if (is_disk(path))
		return read_loader(opt, boot);
	ret = loader_read_file(path, LOADER_FILE_BYTES_MAX, &boot->kernel);
	if (ret)
		return ret;
	boot->image = boot->kernel.bytes;
	boot->image_len = boot->kernel.len;
	ret = open_image(path, boot);
	if (ret)
		return ret;
	boot->start.is_s_mode = opt->mode == BOOT_MODE_S;
	if (!image_is_linux(boot->image, boot->image_len)) {
		ret = loader_refuse_foreign(path, boot->image, boot->image_len);
		return ret ? ret : add_elf(boot, path, boot->image, boot->image_len, opt->ram_bytes, &boot->start.pc);
	}
	boot->start.is_s_mode = opt->mode != BOOT_MODE_M;
	return add_linux(boot, path, opt->ram_bytes, &boot->start.pc);
}

/* A firmware goes before the kernel, in M-mode, and starts it in S-mode. */
static int read_bios(const struct boot_options *opt, struct boot *boot)
{
	const char *path = opt->bios;
	int ret = loader_read_file(path, LOADER_FILE_BYTES_MAX, &boot->bios);

	if (ret)
		return ret;
	if (opt->kernel)
		boot->next_pc = boot->start.pc;
	boot->start.is_s_mode = false;
	if (is_elf(boot->bios.bytes, boot->bios.len))
		return add_elf(boot, path, boot->bios.bytes, boot->bios.len, opt->ram_bytes, &boot->start.pc);
	ret = loader_refuse_foreign(path, boot->bios.bytes, boot->bios.len);
	boot->start.pc = BOARD_RAM_GPA;
	return ret ? ret : add_raw(boot, path, "the firmware", &boot->bios, BOARD_RAM_GPA, opt->ram_bytes);
}

static int read_initrd(const struct boot_options *opt, struct boot *boot)
{
	int ret = loader_read_file(opt->initrd, LOADER_FILE_BYTES_MAX, &boot->initrd_file);

	if (!ret && !boot->initrd_file.len) {
		ctl_error("%s: found an empty file, expected a ramdisk", opt->initrd);
		ret = -EINVAL;
	}
	boot->initrd = boot->initrd_file.bytes;
	boot->initrd_len = boot->initrd_file.len;
	return ret;
}

/* ---- layout ---- */

static int place_initrd(const struct boot_options *opt, struct boot *boot)
{
	const char *path = opt->initrd ? opt->initrd : opt->kernel;
	uint64_t top = board_top_gpa(opt->ram_bytes);

	if (boot->initrd_len + TOP_BYTES > top - BOARD_RAM_GPA) {
		ctl_error("%s: found a ramdisk of %zu bytes, which does not fit into memory: see --mem", path,
			  boot->initrd_len);
		return -ENOSPC;
	}
	boot->initrd_gpa = (top - TOP_BYTES - boot->initrd_len) & ~(uint64_t)(PAGE - 1);
	return add_piece(boot, path,
			 &(struct boot_piece){ "the ramdisk", boot->initrd_gpa, boot->initrd_len, boot->initrd,
					       boot->initrd_len });
}

static int make_tree(const struct boot_options *opt, struct boot *boot)
{
	const struct board_config config = {
		.ram_bytes = opt->ram_bytes,
		.bootargs = opt->append ? opt->append : boot->bootargs,
		.initrd_gpa = boot->initrd_gpa,
		.initrd_bytes = boot->initrd_len,
		.has_m_mode = !boot->start.is_s_mode,
	};

	if (opt->dtb)
		return board_read_tree(opt->dtb, &config, &boot->tree);
	if (boot->fdt)
		return board_adapt_tree(opt->kernel, boot->fdt, boot->fdt_len, &config, &boot->tree);
	return board_make_tree(&config, &boot->tree);
}

static int place_tree(const struct boot_options *opt, struct boot *boot)
{
	const char *path = opt->kernel ? opt->kernel : opt->bios;

	boot->start.tree_gpa = board_tree_gpa(opt->ram_bytes, &boot->tree, opt->bios ? TREE_SPARE_BYTES : 0);
	if (!boot->start.tree_gpa) {
		ctl_error("%s: device tree of %zu bytes does not fit into memory: see --mem", path,
			  boot->tree.len_bytes);
		return -ENOSPC;
	}
	return add_piece(boot, path,
			 &(struct boot_piece){ "the device tree", boot->start.tree_gpa, boot->tree.len_bytes,
					       boot->tree.fdt, boot->tree.len_bytes });
}

/* struct fw_dynamic_info: magic, version, next address, next mode, options, hart that boots. */
static int place_info(const struct boot_options *opt, struct boot *boot)
{
	const uint64_t info[] = { INFO_MAGIC, INFO_VERSION, boot->next_pc, INFO_MODE_S, 0, 0 };

	memcpy(boot->info, info, sizeof(info));
	boot->start.info_gpa = boot->start.tree_gpa - PAGE;
	return add_piece(boot, opt->bios,
			 &(struct boot_piece){ "the firmware's orders", boot->start.info_gpa, sizeof(boot->info),
					       (const uint8_t *)boot->info, sizeof(boot->info) });
}

int boot_read(const struct boot_options *opt, struct boot *boot)
{
	int ret = 0;

	*boot = (struct boot){ .next_pc = BOARD_RAM_GPA + FIRMWARE_BYTES };
	if (opt->kernel)
		ret = read_kernel(opt, boot);
	if (!ret && opt->bios)
		ret = read_bios(opt, boot);
	if (!ret && opt->initrd)
		ret = read_initrd(opt, boot);
	if (!ret && boot->initrd)
		ret = place_initrd(opt, boot);
	if (!ret)
		ret = make_tree(opt, boot);
	if (!ret)
		ret = place_tree(opt, boot);
	if (!ret && opt->bios)
		ret = place_info(opt, boot);
	if (ret)
		boot_free(boot);
	return ret;
}

void boot_free(struct boot *boot)
{
	blob_free(&boot->kernel);
	blob_free(&boot->unpacked);
	blob_free(&boot->initrd_file);
	blob_free(&boot->bios);
	board_free_tree(&boot->tree);
}

void boot_place(const struct boot *boot, uint8_t *ram)
{
	uint32_t i;

	for (i = 0; i < boot->npieces; i++)
		memcpy(ram + (boot->piece[i].gpa - BOARD_RAM_GPA), boot->piece[i].bytes, boot->piece[i].file_bytes);
}
