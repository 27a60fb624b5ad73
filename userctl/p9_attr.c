// SPDX-License-Identifier: GPL-2.0-only
/* p9_attr.c: messages about attributes: getattr, setattr, readlink, statfs. Next file: p9.c. */
#define _GNU_SOURCE /* AT_EMPTY_PATH, O_PATH */
#include "p9_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/vfs.h>
#include <unistd.h>

enum {
	ATTR_BASIC = 0x7ff, /* all that stat() tells */

	SET_MODE = 0x1,
	SET_UID = 0x2,
	SET_GID = 0x4,
	SET_SIZE = 0x8,
	SET_ATIME = 0x10,
	SET_MTIME = 0x20,
	SET_ATIME_TO = 0x80,
	SET_MTIME_TO = 0x100,

	NUMBER_BYTES = 16,
};

static struct p9_fid *get_fid(struct p9 *p9, struct p9_in *in)
{
	return p9_fid_find(p9, (uint32_t)p9_get(in, 4));
}

static void put_time(struct p9_out *out, const struct timespec *ts)
{
	p9_put(out, (uint64_t)ts->tv_sec, 8);
	p9_put(out, (uint64_t)ts->tv_nsec, 8);
}

static int get_attr(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	static const struct timespec none;
	struct p9_fid *fid = get_fid(p9, in);
	struct p9_qid qid;
	struct stat st;
	int ret = fid ? p9_stat(fid->node->fd, &st) : -EBADF;

	if (ret)
		return ret;
	p9_qid_of(p9, &st, &qid);
	p9_put(out, ATTR_BASIC, 8);
	p9_put_qid(out, &qid);
	p9_put(out, st.st_mode, 4);
	p9_put(out, st.st_uid, 4);
	p9_put(out, st.st_gid, 4);
	p9_put(out, st.st_nlink, 8);
	p9_put(out, st.st_rdev, 8);
	p9_put(out, (uint64_t)st.st_size, 8);
	p9_put(out, (uint64_t)st.st_blksize, 8);
	p9_put(out, (uint64_t)st.st_blocks, 8);
	put_time(out, &st.st_atim);
	put_time(out, &st.st_mtim);
	put_time(out, &st.st_ctim);
	put_time(out, &none); /* birth */
	p9_put(out, 0, 8);    /* generation */
	p9_put(out, 0, 8);    /* data version */
	return 0;
}

/* ---- setattr ---- */

struct change {
	uint32_t valid;
	mode_t mode;
	uid_t uid;
	gid_t gid;
	uint64_t size;
	struct timespec times[2];
};

static int set_mode(const struct p9 *p9, const struct p9_fid *fid, const struct stat *st, mode_t mode)
{
	char number[NUMBER_BYTES];

	if (!S_ISREG(st->st_mode) && !S_ISDIR(st->st_mode))
		return -EOPNOTSUPP;
	/* Set-ID bits of a file would be the host's; that of a folder only says whose group new files have. */
	mode &= S_ISDIR(st->st_mode) ? 03777 : 01777;
	snprintf(number, sizeof(number), "%d", fid->node->fd);
	return fchmodat(p9->proc_fd, number, mode, 0) ? -errno : 0;
}

static int set_owner(const struct p9_fid *fid, const struct change *change)
{
	uid_t uid = change->valid & SET_UID ? change->uid : (uid_t)-1;
	gid_t gid = change->valid & SET_GID ? change->gid : (gid_t)-1;

	return fchownat(fid->node->fd, "", uid, gid, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) ? -errno : 0;
}

/* By the open file where there is one: it may have been opened before its mode changed. */
static int set_size(const struct p9 *p9, const struct p9_fid *fid, uint64_t size)
{
	int fd, ret;

	if (fid->io_fd >= 0 && !fid->is_folder && !ftruncate(fid->io_fd, (off_t)size))
		return 0;
	fd = p9_reopen(p9, fid->node->fd, O_WRONLY);
	if (fd < 0)
		return fd;
	ret = ftruncate(fd, (off_t)size) ? -errno : 0;
	close(fd);
	return ret;
}

static void get_time(struct p9_in *in, uint32_t valid, uint32_t wanted, uint32_t is_given, struct timespec *ts)
{
	ts->tv_sec = (time_t)p9_get(in, 8);
	ts->tv_nsec = (long)p9_get(in, 8);
	if (!(valid & wanted))
		ts->tv_nsec = UTIME_OMIT;
	else if (!(valid & is_given))
		ts->tv_nsec = UTIME_NOW;
}

static int apply(const struct p9 *p9, const struct p9_fid *fid, const struct change *change)
{
	struct stat st;
	int ret = p9_stat(fid->node->fd, &st);

	if (!ret && change->valid & SET_MODE)
		ret = set_mode(p9, fid, &st, change->mode);
	if (!ret && change->valid & (SET_UID | SET_GID))
		ret = set_owner(fid, change);
	if (!ret && change->valid & SET_SIZE)
		ret = set_size(p9, fid, change->size);
	if (!ret && change->valid & (SET_ATIME | SET_MTIME))
		ret = utimensat(fid->node->fd, "", change->times, AT_EMPTY_PATH) ? -errno : 0;
	return ret;
}

static int set_attr(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *fid = get_fid(p9, in);
	struct change change = { .valid = (uint32_t)p9_get(in, 4) };

	(void)out;
	change.mode = (mode_t)p9_get(in, 4);
	change.uid = (uid_t)p9_get(in, 4);
	change.gid = (gid_t)p9_get(in, 4);
	change.size = p9_get(in, 8);
	get_time(in, change.valid, SET_ATIME, SET_ATIME_TO, &change.times[0]);
	get_time(in, change.valid, SET_MTIME, SET_MTIME_TO, &change.times[1]);
	if (in->is_short || !fid)
		return in->is_short ? -EINVAL : -EBADF;
	return apply(p9, fid, &change);
}

/* ---- the rest ---- */

static int read_link(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *fid = get_fid(p9, in);
	char target[P9_TARGET_BYTES];
	ssize_t n;

	if (!fid)
		return -EBADF;
	n = readlinkat(fid->node->fd, "", target, sizeof(target) - 1);
	if (n < 0)
		return errno == ENOENT ? -EINVAL : -errno;
	target[n] = 0;
	p9_put_string(out, target);
	return 0;
}

static int stat_fs(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *fid = get_fid(p9, in);
	struct statfs st;
	uint64_t fsid;

	if (!fid)
		return -EBADF;
	if (fstatfs(fid->node->fd, &st))
		return -errno;
	fsid = (uint64_t)(uint32_t)st.f_fsid.__val[0] | (uint64_t)(uint32_t)st.f_fsid.__val[1] << 32;
	p9_put(out, (uint64_t)st.f_type, 4);
	p9_put(out, (uint64_t)st.f_bsize, 4);
	p9_put(out, st.f_blocks, 8);
	p9_put(out, st.f_bfree, 8);
	p9_put(out, st.f_bavail, 8);
	p9_put(out, st.f_files, 8);
	p9_put(out, st.f_ffree, 8);
	p9_put(out, fsid, 8);
	p9_put(out, (uint64_t)st.f_namelen, 4);
	return 0;
}

const struct p9_message p9_attr_messages[] = {
	{ 24, false, get_attr }, { 26, true, set_attr }, { 22, false, read_link }, { 8, false, stat_fs }, { 0 },
};
