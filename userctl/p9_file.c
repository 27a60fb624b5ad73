// SPDX-License-Identifier: GPL-2.0-only
/* p9_file.c: messages about contents: open, read, write, sync, locks, clunk. Next file: p9_attr.c. */
#define _GNU_SOURCE /* O_PATH */
#include "p9_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
	OPEN_FLAGS = O_ACCMODE | O_TRUNC | O_APPEND | O_SYNC | O_DSYNC | O_DIRECTORY,
	LOCK_OK = 0,
	LOCK_TYPE_NONE = 2,
	CLIENT_BYTES = 256,
};

static struct p9_fid *get_fid(struct p9 *p9, struct p9_in *in)
{
	return p9_fid_find(p9, (uint32_t)p9_get(in, 4));
}

/* Open flags of 9P2000.L have Linux's own numbers on x86. */
static int lopen(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *fid = get_fid(p9, in);
	int flags = (int)p9_get(in, 4) & OPEN_FLAGS, fd;
	struct stat st;

	if (in->is_short || !fid)
		return in->is_short ? -EINVAL : -EBADF;
	if (fid->io_fd >= 0)
		return -EBUSY;
	if (p9->is_readonly && (flags & O_TRUNC || (flags & O_ACCMODE) != O_RDONLY))
		return -EROFS;
	fd = p9_reopen(p9, fid->node->fd, flags);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st)) {
		close(fd);
		return -EIO;
	}
	fid->io_fd = fd;
	fid->is_folder = S_ISDIR(st.st_mode);
	fd = p9_put_qid_of(p9, fid->node->fd, out);
	p9_put(out, 0, 4);
	return fd;
}

static int check_file(const struct p9_in *in, const struct p9_fid *fid)
{
	if (in->is_short)
		return -EINVAL;
	if (!fid || fid->io_fd < 0)
		return -EBADF;
	return fid->is_folder ? -EISDIR : 0;
}

static int read_file(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *fid = get_fid(p9, in);
	uint64_t off = p9_get(in, 8);
	uint32_t count = (uint32_t)p9_get(in, 4), room;
	int ret = check_file(in, fid);
	ssize_t n;

	if (ret)
		return ret;
	if (out->room - out->used < sizeof(count))
		return -EINVAL;
	room = (uint32_t)(out->room - out->used - sizeof(count));
	n = pread(fid->io_fd, out->start + out->used + sizeof(count), count < room ? count : room, (off_t)off);
	if (n < 0)
		return -errno;
	p9_put(out, (uint64_t)n, sizeof(count));
	out->used += (size_t)n;
	return 0;
}

static int write_file(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *fid = get_fid(p9, in);
	uint64_t off = p9_get(in, 8);
	uint32_t count = (uint32_t)p9_get(in, 4);
	int ret = check_file(in, fid);
	ssize_t n;

	if (ret || count > in->left)
		return ret ? ret : -EINVAL;
	n = pwrite(fid->io_fd, in->at, count, (off_t)off);
	if (n < 0)
		return -errno;
	p9_put(out, (uint64_t)n, 4);
	return 0;
}

static int sync_file(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *fid = get_fid(p9, in);
	bool is_data = p9_get(in, 4);

	(void)out;
	if (in->is_short || !fid || fid->io_fd < 0)
		return in->is_short ? -EINVAL : -EBADF;
	return (is_data ? fdatasync(fid->io_fd) : fsync(fid->io_fd)) ? -errno : 0;
}

/* Locks are between programs of the guest, which its kernel sees to; the host's programs do not see them. */
static int lock(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	if (!get_fid(p9, in))
		return -EBADF;
	p9_put(out, LOCK_OK, 1);
	return 0;
}

static int get_lock(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *fid = get_fid(p9, in);
	uint64_t start, length;
	uint32_t pid;
	char client[CLIENT_BYTES];
	int ret;

	p9_get(in, 1);
	start = p9_get(in, 8);
	length = p9_get(in, 8);
	pid = (uint32_t)p9_get(in, 4);
	ret = p9_get_string(in, client, sizeof(client));
	if (ret || !fid)
		return ret ? ret : -EBADF;
	p9_put(out, LOCK_TYPE_NONE, 1);
	p9_put(out, start, 8);
	p9_put(out, length, 8);
	p9_put(out, pid, 4);
	p9_put_string(out, client);
	return 0;
}

static int clunk(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *fid = get_fid(p9, in);

	(void)out;
	if (!fid)
		return -EBADF;
	p9_fid_drop(p9, fid);
	return 0;
}

const struct p9_message p9_file_messages[] = {
	{ 12, false, lopen }, { 116, false, read_file }, { 118, true, write_file }, { 50, false, sync_file },
	{ 52, false, lock },  { 54, false, get_lock },	 { 120, false, clunk },	    { 0 },
};
