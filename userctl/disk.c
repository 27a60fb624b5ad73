// SPDX-License-Identifier: GPL-2.0-only
/* disk.c: see disk.h. A snapshot is a sparse temporary file as long as the disk; a bit per cluster says whether the
 * cluster's bytes are there or still in the file. Next file: dev_virtio_blk.c. */
#define _GNU_SOURCE /* O_TMPFILE, fallocate() */
#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"

enum { SECTOR_BYTES = 512, CLUSTER_BYTES = 4096, ZERO_BYTES = 64 << 10 };

/* ---- opening ---- */

/* Takes the suffix off. */
static bool take_suffix(const char *text, size_t *len, const char *suffix)
{
	size_t n = strlen(suffix);

	if (*len <= n || strncmp(text + *len - n, suffix, n))
		return false;
	*len -= n;
	return true;
}

/* From the end, so that a name may hold commas. */
static size_t take_options(const char *arg, bool *is_readonly, bool *is_snapshot)
{
	size_t len = strlen(arg);
	bool again;

	do {
		again = false;
		if (take_suffix(arg, &len, ",ro"))
			*is_readonly = again = true;
		if (take_suffix(arg, &len, ",snapshot"))
			*is_snapshot = again = true;
	} while (again);
	return len;
}

size_t disk_name_bytes(const char *arg)
{
	bool ignored;

	return take_options(arg, &ignored, &ignored);
}

static int parse(struct disk *disk, const char *arg)
{
	disk->path = strndup(arg, take_options(arg, &disk->is_readonly, &disk->is_snapshot));
	if (!disk->path) {
		ctl_error("--disk: no memory");
		return -ENOMEM;
	}
	if (disk->is_readonly && disk->is_snapshot) {
		ctl_error("--disk=%s: found ro and snapshot, expected one of them", arg);
		return -EINVAL;
	}
	return 0;
}

static int measure(struct disk *disk)
{
	struct stat st;
	int block_bytes = 0;

	if (fstat(disk->fd, &st))
		return -errno;
	disk->block_bytes = SECTOR_BYTES;
	disk->bytes = (uint64_t)st.st_size;
	disk->is_device = S_ISBLK(st.st_mode);
	if (disk->is_device) {
		if (ioctl(disk->fd, BLKGETSIZE64, &disk->bytes) || ioctl(disk->fd, BLKSSZGET, &block_bytes))
			return -errno;
		disk->block_bytes = (uint32_t)block_bytes;
	} else if (!S_ISREG(st.st_mode)) {
		return -ENOTBLK;
	}
	return 0;
}

static int check_size(const struct disk *disk)
{
	if (disk->bytes && !(disk->bytes % SECTOR_BYTES))
		return 0;
	ctl_error("--disk: %s: found %" PRIu64 " bytes, expected a multiple of %d and not 0 (a raw image)", disk->path,
		  disk->bytes, SECTOR_BYTES);
	return -EINVAL;
}

/* Files that hold a disk in a format of their own: their bytes are not the disk's. */
static int check_format(const struct disk *disk)
{
	static const struct {
		size_t off;
		const char *magic, *name;
	} formats[] = {
		{ 0, "QFI\xfb", "qcow2" }, { 0, "KDMV", "vmdk" },    { 0, "# Disk Descriptor", "vmdk" },
		{ 0, "vhdxfile", "vhdx" }, { 0, "conectix", "vhd" }, { 64, "\x7f\x10\xda\xbe", "vdi" },
	};
	char head[SECTOR_BYTES] = { 0 };
	uint32_t i;

	if (pread(disk->fd, head, sizeof(head), 0) < 0)
		return 0; /* the guest will see it */
	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (memcmp(head + formats[i].off, formats[i].magic, strlen(formats[i].magic)))
			continue;
		ctl_error("--disk: %s: found a %s file, expected a raw image: 'qemu-img convert' makes one", disk->path,
			  formats[i].name);
		return -EINVAL;
	}
	return 0;
}

/* Two writers would destroy a file system; a reader beside a writer would see one destroyed. */
static int lock(const struct disk *disk)
{
	int kind = disk->is_readonly || disk->is_snapshot ? LOCK_SH : LOCK_EX;

	if (!flock(disk->fd, kind | LOCK_NB) || errno != EWOULDBLOCK)
		return 0; /* a file system without locks is no reason not to start */
	ctl_error("--disk: %s: in use by another process; expected it free%s", disk->path,
		  kind == LOCK_SH ? " of writers" : ", or ,ro or ,snapshot behind its name");
	return -EBUSY;
}

static int open_file(struct disk *disk)
{
	int flags = disk->is_readonly || disk->is_snapshot ? O_RDONLY : O_RDWR, ret;

	disk->fd = disk->write_fd = open(disk->path, flags | O_CLOEXEC | O_NONBLOCK);
	ret = disk->fd < 0 ? -errno : measure(disk);
	if (!ret)
		ret = check_format(disk);
	else
		ctl_error("--disk: %s: %s%s", disk->path,
			  ret == -ENOTBLK ? "expected a file or a block device" : strerror(-ret),
			  flags == O_RDWR && (ret == -EACCES || ret == -EROFS)
				  ? ": expected a file that may be written, or ,ro"
				  : "");
	ret = ret ? ret : check_size(disk);
	return ret ? ret : lock(disk);
}

/* Without a name from the start. */
static int open_temporary(void)
{
	const char *places[] = { getenv("TMPDIR"), "/var/tmp", "/tmp" };
	uint32_t i = places[0] ? 0 : 1, end = i ? 3 : 1;
	int fd = -1;

	for (; i < end && fd < 0; i++)
		fd = open(places[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return fd;
}

static int open_snapshot(struct disk *disk)
{
	uint64_t clusters = (disk->bytes + CLUSTER_BYTES - 1) / CLUSTER_BYTES;

	disk->write_fd = open_temporary();
	if (disk->write_fd < 0 || ftruncate(disk->write_fd, (off_t)disk->bytes)) {
		int ret = -errno;

		ctl_error("--disk: %s: no temporary file for its snapshot (see TMPDIR): %s", disk->path,
			  strerror(-ret));
		return ret;
	}
	disk->kept = calloc(1, (clusters + 7) / 8);
	if (disk->kept)
		return 0;
	ctl_error("--disk: %s: no memory for its snapshot", disk->path);
	return -ENOMEM;
}

int disk_open(struct disk *disk, const char *arg)
{
	int ret;

	*disk = (struct disk){ .fd = -1, .write_fd = -1 };
	signal(SIGXFSZ, SIG_IGN); /* EFBIG says it too */
	ret = parse(disk, arg);
	if (!ret)
		ret = open_file(disk);
	if (!ret && disk->is_snapshot)
		ret = open_snapshot(disk);
	return ret;
}

void disk_close(struct disk *disk)
{
	if (!disk->path)
		return;
	if (disk->write_fd >= 0 && disk->write_fd != disk->fd)
		close(disk->write_fd);
	if (disk->fd >= 0)
		close(disk->fd);
	free(disk->kept);
	free(disk->path);
	*disk = (struct disk){ 0 };
}

/* ---- transfers ---- */

typedef ssize_t (*transfer_fn)(int fd, const struct iovec *iov, int n, off_t off);

/* All of it: files give and take less when they like. */
static int transfer(int fd, uint64_t off, struct iov_list list, transfer_fn fn)
{
	struct iovec rest[IOV_LIST_MAX];
	size_t bytes = iov_bytes(list), done = 0;

	while (done < bytes) {
		struct iov_list part = done ? iov_slice(list, done, bytes - done, rest) : list;
		ssize_t n = fn(fd, part.iov, (int)part.n, (off_t)(off + done));

		if (n < 0 && errno != EINTR)
			return -errno;
		if (!n)
			return -EIO; /* the file became shorter */
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static bool is_kept(const struct disk *disk, uint64_t off)
{
	uint64_t cluster = off / CLUSTER_BYTES;

	return disk->kept[cluster / 8] >> cluster % 8 & 1;
}

/* How many bytes from off on lie in one and the same file. */
static uint64_t run_bytes(const struct disk *disk, uint64_t off, uint64_t bytes)
{
	uint64_t end = off - off % CLUSTER_BYTES + CLUSTER_BYTES;

	while (end < off + bytes && is_kept(disk, end) == is_kept(disk, off))
		end += CLUSTER_BYTES;
	return end < off + bytes ? end - off : bytes;
}

int disk_read(struct disk *disk, uint64_t off, struct iov_list to)
{
	struct iovec part[IOV_LIST_MAX];
	size_t bytes = iov_bytes(to), done = 0;
	int ret = 0;

	if (!disk->is_snapshot)
		return transfer(disk->fd, off, to, preadv);
	while (done < bytes && !ret) {
		uint64_t n = run_bytes(disk, off + done, bytes - done);
		int fd = is_kept(disk, off + done) ? disk->write_fd : disk->fd;

		ret = transfer(fd, off + done, iov_slice(to, done, n, part), preadv);
		done += n;
	}
	return ret;
}

/* ---- writes, and what a snapshot does before and after ---- */

static int keep_cluster(struct disk *disk, uint64_t off)
{
	uint8_t bytes[CLUSTER_BYTES];
	uint64_t at = off - off % CLUSTER_BYTES;
	struct iovec iov = { bytes, disk->bytes - at < CLUSTER_BYTES ? disk->bytes - at : CLUSTER_BYTES };
	struct iov_list list = { &iov, 1 };
	int ret = is_kept(disk, at) ? 0 : transfer(disk->fd, at, list, preadv);

	return ret || is_kept(disk, at) ? ret : transfer(disk->write_fd, at, list, pwritev);
}

/* Clusters that will be written in part are taken over from the file first. */
static int before_write(struct disk *disk, uint64_t off, uint64_t bytes)
{
	uint64_t end = off + bytes;
	int ret = 0;

	if (disk->is_readonly)
		return -EROFS;
	if (!disk->is_snapshot || !bytes)
		return 0;
	if (off % CLUSTER_BYTES)
		ret = keep_cluster(disk, off);
	if (!ret && end % CLUSTER_BYTES && end != disk->bytes)
		ret = keep_cluster(disk, end);
	return ret;
}

static void after_write(struct disk *disk, uint64_t off, uint64_t bytes)
{
	uint64_t cluster = off / CLUSTER_BYTES, end = (off + bytes + CLUSTER_BYTES - 1) / CLUSTER_BYTES;

	for (; disk->is_snapshot && bytes && cluster < end; cluster++)
		disk->kept[cluster / 8] |= (uint8_t)(1 << cluster % 8);
}

int disk_write(struct disk *disk, uint64_t off, struct iov_list from)
{
	uint64_t bytes = iov_bytes(from);
	int ret = before_write(disk, off, bytes);

	if (!ret)
		ret = transfer(disk->write_fd, off, from, pwritev);
	if (!ret)
		after_write(disk, off, bytes);
	return ret;
}

int disk_flush(struct disk *disk)
{
	if (disk->is_snapshot || disk->is_readonly)
		return 0; /* nothing of it outlives us */
	return fdatasync(disk->fd) ? -errno : 0;
}

/* ---- zeroes ---- */

static bool is_unsupported(int err)
{
	return err == EOPNOTSUPP || err == ENOSYS || err == EINVAL || err == ENOTTY;
}

static int punch(const struct disk *disk, uint64_t off, uint64_t bytes)
{
	return fallocate(disk->write_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)off, (off_t)bytes) ? errno
													       : 0;
}

static int zero_fast(const struct disk *disk, uint64_t off, uint64_t bytes, bool may_unmap)
{
	if (may_unmap || disk->is_snapshot)
		return punch(disk, off, bytes); /* of a device: zeroes it, by contract */
	return fallocate(disk->write_fd, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, (off_t)off, (off_t)bytes) ? errno
													       : 0;
}

static int zero_slowly(const struct disk *disk, uint64_t off, uint64_t bytes)
{
	static const uint8_t zeroes[ZERO_BYTES];
	int ret = 0;

	while (bytes && !ret) {
		struct iovec iov = { (void *)(uintptr_t)zeroes, bytes < ZERO_BYTES ? bytes : ZERO_BYTES };

		ret = transfer(disk->write_fd, off, (struct iov_list){ &iov, 1 }, pwritev);
		off += iov.iov_len;
		bytes -= iov.iov_len;
	}
	return ret;
}

int disk_zero(struct disk *disk, uint64_t off, uint64_t bytes, bool may_unmap)
{
	int ret = before_write(disk, off, bytes), err;

	if (ret || !bytes)
		return ret;
	err = zero_fast(disk, off, bytes, may_unmap);
	ret = is_unsupported(err) ? zero_slowly(disk, off, bytes) : -err;
	if (!ret)
		after_write(disk, off, bytes);
	return ret;
}

int disk_discard(struct disk *disk, uint64_t off, uint64_t bytes)
{
	uint64_t range[2] = { off, bytes };
	int err;

	if (disk->is_readonly)
		return -EROFS;
	if (disk->is_snapshot || !bytes)
		return 0;
	if (disk->is_device)
		err = ioctl(disk->fd, BLKDISCARD, range) ? errno : 0;
	else
		err = punch(disk, off, bytes);
	return is_unsupported(err) ? 0 : -err;
}
