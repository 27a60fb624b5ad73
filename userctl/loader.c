// SPDX-License-Identifier: GPL-2.0-only
/* loader.c: tells file formats apart by their magic numbers; ELF programs are loaded, the others named and refused.
 * Next file: elf_file.c. */
#include "loader.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "board.h"
#include "ctl.h"

/* What a user may hold for a guest image. The first row that matches counts. */
static const struct format {
	size_t off; /* of the magic bytes, in the file */
	size_t len;
	const char *magic;
	const char *name;
} formats[] = {
	{ 56, 4, "RSC\x05", "a Linux Image" }, /* Documentation/riscv/boot-image-header.rst, magic2 */
	{ 4, 4, "zimg", "a compressed EFI image (zboot)" },
	{ 0, 2, "\x1f\x8b", "a gzip file" },
	{ 0, 4, "\x28\xb5\x2f\xfd", "a zstd file" },
	{ 0, 6, "\xfd\x37zXZ", "an xz file" },
	{ 0, 4, "\xd0\x0d\xfe\xed", "a device tree or FIT image" },
	{ 512, 8, "EFI PART", "a disk image with a GUID partition table" },
	{ 510, 2, "\x55\xaa", "a disk image with a boot sector" },
	{ 0, 4, "QFI\xfb", "a qcow2 disk image" },
	{ 0, 2, "MZ", "an EFI program" },
	{ 0, 2, "#!", "a script" },
};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

static int check_size(const char *path, int fd, uint64_t max_bytes, size_t *len_bytes)
{
	struct stat st;

	if (fstat(fd, &st)) {
		ctl_error("%s: %s", path, strerror(errno));
		return -EIO;
	}
	if (!S_ISREG(st.st_mode)) {
		ctl_error("%s: found a %s, expected a regular file", path,
			  S_ISDIR(st.st_mode) ? "directory" : "special file");
		return -EINVAL;
	}
	if ((uint64_t)st.st_size > max_bytes) {
		ctl_error("%s: found %jd bytes, expected at most %" PRIu64, path, (intmax_t)st.st_size, max_bytes);
		return -EFBIG;
	}
	*len_bytes = (size_t)st.st_size;
	return 0;
}

static int read_all(const char *path, int fd, uint8_t *bytes, size_t len_bytes)
{
	size_t done = 0;

	while (done < len_bytes) {
		ssize_t n = read(fd, bytes + done, len_bytes - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			ctl_error("%s: read %zu bytes, expected %zu: %s", path, done, len_bytes,
				  n ? strerror(errno) : "the file became shorter");
			return -EIO;
		}
		done += (size_t)n;
	}
	return 0;
}

int loader_read_file(const char *path, uint64_t max_bytes, uint8_t **bytes, size_t *len_bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO is refused, not waited for */
	int ret;

	if (fd < 0) {
		ret = -errno;
		ctl_error("%s: %s", path, strerror(errno));
		return ret;
	}
	*bytes = NULL;
	ret = check_size(path, fd, max_bytes, len_bytes);
	if (!ret) {
		*bytes = malloc(*len_bytes + 1); /* never of size 0 */
		ret = *bytes ? read_all(path, fd, *bytes, *len_bytes) : -ENOMEM;
	}
	if (ret == -ENOMEM)
		ctl_error("%s: no memory for %zu bytes", path, *len_bytes);
	if (ret)
		free(*bytes);
	close(fd);
	return ret;
}

/* NULL: unknown */
static const char *format_name(const uint8_t *bytes, size_t len_bytes)
{
	int i;

	for (i = 0; i < FORMATS; i++)
		if (len_bytes >= formats[i].off + formats[i].len &&
		    !memcmp(bytes + formats[i].off, formats[i].magic, formats[i].len))
			return formats[i].name;
	return NULL;
}

int image_read(const char *path, uint64_t ram_bytes, struct image *image)
{
	char err[ELF_ERR_BYTES];
	const char *name;
	int ret = loader_read_file(path, LOADER_FILE_BYTES_MAX, &image->bytes, &image->len_bytes);

	if (ret)
		return ret;
	name = format_name(image->bytes, image->len_bytes);
	if (name) {
		ctl_error("%s: found %s, expected a riscv64 ELF program: this version runs nothing else", path, name);
		ret = -ENOEXEC;
	} else if (elf_parse(image->bytes, image->len_bytes, BOARD_RAM_GPA, ram_bytes, &image->elf, err)) {
		ctl_error("%s: %s", path, err);
		ret = -ENOEXEC;
	}
	if (ret)
		image_free(image);
	return ret;
}

void image_free(struct image *image)
{
	free(image->bytes);
	image->bytes = NULL;
}

bool image_overlaps(const struct image *image, uint64_t gpa, uint64_t bytes)
{
	uint32_t i;

	for (i = 0; i < image->elf.nsegments; i++) {
		const struct elf_segment *seg = &image->elf.segment[i];

		if (gpa < seg->gpa + seg->mem_bytes && seg->gpa < gpa + bytes)
			return true;
	}
	return false;
}

void image_place(const struct image *image, uint8_t *ram)
{
	uint32_t i;

	for (i = 0; i < image->elf.nsegments; i++) {
		const struct elf_segment *seg = &image->elf.segment[i];

		memcpy(ram + (seg->gpa - BOARD_RAM_GPA), image->bytes + seg->file_off, seg->file_bytes);
	}
}
