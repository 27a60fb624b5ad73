// SPDX-License-Identifier: GPL-2.0-only
/* loader.c: reads files, and tells by their magic numbers those that are no kernel of ours. Next file: boot.c. */
#include "loader.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"

/* What a user may hold for a guest image. The first row that matches counts. */
static const struct format {
	size_t off; /* of the magic bytes, in the file */
	size_t len;
	const char *magic;
	const char *name;
} formats[] = {
	{ 56, 4, "ARM\x64", "a Linux Image for arm64" },
	{ 514, 4, "HdrS", "a Linux kernel for x86" },
	{ 0, 6, "\xfd\x37zXZ", "an xz file" },
	{ 0, 4, "\x02\x21\x4c\x18", "an lz4 file" },
	{ 0, 3, "BZh", "a bzip2 file" },
	{ 0, 6, "070701", "a cpio archive" },
	{ 512, 8, "EFI PART", "a disk image" }, /* packed: plain ones are told by loader_is_disk() */
	{ 510, 2, "\x55\xaa", "a disk image" },
	{ 0, 4, "QFI\xfb", "a qcow2 disk image" },
	{ 0, 2, "MZ", "an EFI program" },
	{ 0, 2, "#!", "a script" },
};

enum { DISK_HEAD_BYTES = 1024, FORMATS = sizeof(formats) / sizeof(formats[0]) };

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

int loader_read_file(const char *path, uint64_t max_bytes, struct blob *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO is refused, not waited for */
	int ret;

	if (fd < 0) {
		ret = -errno;
		ctl_error("%s: %s", path, strerror(errno));
		return ret;
	}
	*out = (struct blob){ 0 };
	ret = check_size(path, fd, max_bytes, &out->len);
	if (!ret) {
		out->bytes = malloc(out->len + 1); /* never of size 0 */
		ret = out->bytes ? read_all(path, fd, out->bytes, out->len) : -ENOMEM;
	}
	if (ret == -ENOMEM)
		ctl_error("%s: no memory for %zu bytes", path, out->len);
	if (ret)
		blob_free(out);
	close(fd);
	return ret;
}

/* A file that is a kernel besides, such as one that EFI starts, is no disk. */
bool loader_is_disk(const char *path)
{
	uint8_t head[DISK_HEAD_BYTES] = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool has_head = fd >= 0 && pread(fd, head, sizeof(head), 0) == sizeof(head);

	if (fd >= 0)
		close(fd);
	return has_head && memcmp(head, "MZ", 2) && memcmp(head, "\177ELF", 4) &&
	       (!memcmp(head + 512, "EFI PART", 8) || !memcmp(head + 510, "\x55\xaa", 2));
}

int loader_refuse_foreign(const char *path, const uint8_t *bytes, size_t len)
{
	int i;

	for (i = 0; i < FORMATS; i++) {
		if (len < formats[i].off + formats[i].len ||
		    memcmp(bytes + formats[i].off, formats[i].magic, formats[i].len))
			continue;
		ctl_error("%s: found %s, expected a riscv64 kernel: Linux Image, ELF program, or a FIT image with one",
			  path, formats[i].name);
		return -ENOEXEC;
	}
	return 0;
}
