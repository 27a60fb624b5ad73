// SPDX-License-Identifier: GPL-2.0-only
/* p9_dir.c: messages about names: attach, walk, create, link, rename, remove, list. Next file: p9_file.c. */
#define _GNU_SOURCE /* O_PATH, getdents64() */
#include "p9_impl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	WALK_MAX = 16,
	TEXT_BYTES = 256,
	REMOVE_FOLDER = 0x200, /* of Tunlinkat */
	LIST_BYTES = 32 << 10,
	ENTRY_BYTES = P9_QID_BYTES + 8 + 1 + 2, /* of Rreaddir, without the name */
	CREATE_FLAGS = O_ACCMODE | O_EXCL | O_TRUNC | O_APPEND | O_SYNC | O_DSYNC,
	MODE_BITS = 0777 | S_ISVTX, /* never S_ISUID, S_ISGID */
};

/* ---- attach and walk ---- */

static int attach(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	uint32_t number = (uint32_t)p9_get(in, 4);
	char text[TEXT_BYTES];
	uid_t uid;
	int ret;

	p9_get(in, 4); /* afid: nobody asks who it is */
	ret = p9_get_string(in, text, sizeof(text));
	ret = ret ? ret : p9_get_string(in, text, sizeof(text));
	uid = (uid_t)p9_get(in, 4);
	if (ret || in->is_short)
		return ret ? ret : -EINVAL;
	ret = p9_fid_make(p9, number, uid, p9_node_get(p9->root));
	return ret ? ret : p9_put_qid_of(p9, p9->root->fd, out);
}

/* NULL with *err. ".." goes back the way the walk came, so that it never leaves the folder, wherever the host has moved
 * things meanwhile. */
static struct p9_node *step(struct p9_node *from, const char *name, int *err)
{
	struct p9_node *node;
	int fd;

	*err = 0;
	if (!strcmp(name, "."))
		return p9_node_get(from);
	if (!strcmp(name, ".."))
		return p9_node_get(from->parent ? from->parent : from);
	if (!name[0] || strchr(name, '/')) {
		*err = -EINVAL;
		return NULL;
	}
	fd = p9_open_entry(from->fd, name);
	if (fd < 0) {
		*err = fd;
		return NULL;
	}
	node = p9_node_make(fd, from);
	*err = node ? 0 : -ENOMEM;
	return node;
}

struct walk {
	struct p9_node *node; /* where it stands */
	uint32_t done;	      /* names walked */
};

/* One name of the message. */
static int walk_name(struct p9 *p9, struct walk *walk, struct p9_in *in, struct p9_out *out)
{
	struct p9_node *next = NULL;
	char name[P9_NAME_BYTES];
	int err = p9_get_string(in, name, sizeof(name));

	if (!err)
		next = step(walk->node, name, &err);
	if (!next)
		return err;
	p9_node_put(walk->node);
	walk->node = next;
	walk->done++;
	return p9_put_qid_of(p9, next->fd, out);
}

/* Walks as far as it goes. */
static int walk_names(struct p9 *p9, struct walk *walk, struct p9_in *in, struct p9_out *out)
{
	uint32_t n = (uint32_t)p9_get(in, 2);
	int err = n > WALK_MAX || in->is_short ? -EINVAL : 0;

	while (walk->done < n && !err)
		err = walk_name(p9, walk, in, out);
	return err;
}

/* A walk that goes a part of the way tells how far, and makes no fid. */
static int walk(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *fid = p9_fid_find(p9, (uint32_t)p9_get(in, 4));
	uint32_t number = (uint32_t)p9_get(in, 4);
	uint8_t *count = out->start + out->used;
	struct walk walk = { 0 };
	int err;

	if (!fid)
		return -EBADF;
	p9_put(out, 0, 2);
	walk.node = p9_node_get(fid->node);
	err = walk_names(p9, &walk, in, out);
	count[0] = (uint8_t)walk.done;
	if (!err && number != fid->number)
		return p9_fid_make(p9, number, fid->uid, walk.node);
	if (!err && fid->io_fd < 0) {
		p9_fid_set_node(fid, walk.node);
		return 0;
	}
	p9_node_put(walk.node);
	return !err ? -EBUSY : walk.done ? 0 : err;
}

/* ---- making things ---- */

/* Only root can give files away; whose they are is then what the guest says. */
static void give(int dir, const char *name, const struct p9_fid *fid, gid_t gid)
{
	if (!geteuid() && fchownat(dir, name, fid->uid, gid, AT_SYMLINK_NOFOLLOW))
		return; /* then it stays ours */
}

/* Looks the new entry up and puts its qid. */
static int put_entry(const struct p9 *p9, int dir, const char *name, struct p9_out *out)
{
	int fd = p9_open_entry(dir, name), ret;

	if (fd < 0)
		return fd;
	ret = p9_put_qid_of(p9, fd, out);
	close(fd);
	return ret;
}

/* An O_PATH descriptor of the file just made or opened; what is no file is not for the guest to open. */
static int create_file(int dir, const char *name, uint32_t flags, mode_t mode)
{
	struct open_how how = {
		.flags = (flags & CREATE_FLAGS) | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		.mode = mode & MODE_BITS,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, dir, name, &how, sizeof(how));
	struct stat st;

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return -ENXIO;
}

/* The fid of the folder becomes the file's, and is open. */
static int lcreate(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *fid = p9_fid_find(p9, (uint32_t)p9_get(in, 4));
	char name[P9_NAME_BYTES];
	int ret = p9_get_name(in, name), io_fd, fd;
	uint32_t flags = (uint32_t)p9_get(in, 4);
	mode_t mode = (mode_t)p9_get(in, 4);
	gid_t gid = (gid_t)p9_get(in, 4);
	struct p9_node *node;

	if (ret || in->is_short || !fid || fid->io_fd >= 0)
		return ret ? ret : !fid ? -EBADF : -EINVAL;
	io_fd = create_file(fid->node->fd, name, flags, mode);
	if (io_fd < 0)
		return io_fd;
	give(fid->node->fd, name, fid, gid);
	fd = p9_open_entry(fid->node->fd, name);
	node = fd < 0 ? NULL : p9_node_make(fd, fid->node);
	if (!node) {
		close(io_fd);
		return fd < 0 ? fd : -ENOMEM;
	}
	p9_fid_set_node(fid, node);
	fid->io_fd = io_fd;
	fid->is_folder = false;
	ret = p9_put_qid_of(p9, fd, out);
	p9_put(out, 0, 4); /* iounit: as large as messages are */
	return ret;
}

/* What Tsymlink, Tmknod and Tmkdir have in common: a folder and a name first, a group last. */
struct make {
	struct p9_fid *dir;
	char name[P9_NAME_BYTES];
};

static int get_make(struct p9 *p9, struct p9_in *in, struct make *make)
{
	int ret;

	make->dir = p9_fid_find(p9, (uint32_t)p9_get(in, 4));
	ret = p9_get_name(in, make->name);
	return ret ? ret : make->dir ? 0 : -EBADF;
}

static int made(struct p9 *p9, struct p9_in *in, struct p9_out *out, const struct make *make)
{
	give(make->dir->node->fd, make->name, make->dir, (gid_t)p9_get(in, 4));
	return put_entry(p9, make->dir->node->fd, make->name, out);
}

static int make_symlink(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	char target[P9_TARGET_BYTES];
	struct make make;
	int ret = get_make(p9, in, &make);

	ret = ret ? ret : p9_get_string(in, target, sizeof(target));
	if (ret || in->left < 4)
		return ret ? ret : -EINVAL;
	return symlinkat(target, make.dir->node->fd, make.name) ? -errno : made(p9, in, out, &make);
}

/* Pipes and sockets are names for the guest's own kernel; a device node would be one of the host's. */
static int make_node(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct make make;
	int ret = get_make(p9, in, &make);
	mode_t mode = (mode_t)p9_get(in, 4), kind = mode & S_IFMT;

	p9_get(in, 8); /* major, minor */
	if (ret || in->left < 4)
		return ret ? ret : -EINVAL;
	if (kind != S_IFREG && kind != S_IFIFO && kind != S_IFSOCK)
		return -EPERM;
	return mknodat(make.dir->node->fd, make.name, kind | (mode & MODE_BITS), 0) ? -errno : made(p9, in, out, &make);
}

static int make_folder(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct make make;
	int ret = get_make(p9, in, &make);
	mode_t mode = (mode_t)p9_get(in, 4);

	if (ret || in->left < 4)
		return ret ? ret : -EINVAL;
	return mkdirat(make.dir->node->fd, make.name, mode & MODE_BITS) ? -errno : made(p9, in, out, &make);
}

/* ---- other names ---- */

static int make_link(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *dir = p9_fid_find(p9, (uint32_t)p9_get(in, 4));
	struct p9_fid *fid = p9_fid_find(p9, (uint32_t)p9_get(in, 4));
	char name[P9_NAME_BYTES], number[16];
	int ret = p9_get_name(in, name);

	(void)out;
	if (ret || !dir || !fid)
		return ret ? ret : -EBADF;
	/* by way of /proc, for which no right is needed; it goes to the link itself where the file is one */
	snprintf(number, sizeof(number), "%d", fid->node->fd);
	return linkat(p9->proc_fd, number, dir->node->fd, name, AT_SYMLINK_FOLLOW) ? -errno : 0;
}

static int rename_at(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *from = p9_fid_find(p9, (uint32_t)p9_get(in, 4)), *to;
	char old[P9_NAME_BYTES], new[P9_NAME_BYTES];
	int ret = p9_get_name(in, old);

	(void)out;
	to = p9_fid_find(p9, (uint32_t)p9_get(in, 4));
	ret = ret ? ret : p9_get_name(in, new);
	if (ret || !from || !to)
		return ret ? ret : -EBADF;
	return renameat(from->node->fd, old, to->node->fd, new) ? -errno : 0;
}

static int unlink_at(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *dir = p9_fid_find(p9, (uint32_t)p9_get(in, 4));
	char name[P9_NAME_BYTES];
	int ret = p9_get_name(in, name);
	uint32_t flags = (uint32_t)p9_get(in, 4);

	(void)out;
	if (ret || in->is_short || !dir)
		return ret ? ret : !dir ? -EBADF : -EINVAL;
	return unlinkat(dir->node->fd, name, flags & REMOVE_FOLDER ? AT_REMOVEDIR : 0) ? -errno : 0;
}

/* By fid alone there is no name to remove or to change; Linux's client then uses the messages that have one. The fid is
 * gone in any case. */
static int remove_fid(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *fid = p9_fid_find(p9, (uint32_t)p9_get(in, 4));

	(void)out;
	if (fid)
		p9_fid_drop(p9, fid);
	return fid ? -EOPNOTSUPP : -EBADF;
}

static int rename_fid(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	(void)out;
	return p9_fid_find(p9, (uint32_t)p9_get(in, 4)) ? -EOPNOTSUPP : -EBADF;
}

/* ---- lists ---- */

/* false: no room for it. The qid is made of what the list itself says: no look at each file. */
static bool put_dirent(struct p9 *p9, struct p9_out *out, const struct dirent64 *entry)
{
	const struct stat st = {
		.st_ino = entry->d_ino,
		.st_mode = DTTOIF(entry->d_type),
		.st_dev = p9->device,
	};
	struct p9_qid qid;

	if (ENTRY_BYTES + strlen(entry->d_name) > out->room - out->used)
		return false;
	p9_qid_of(p9, &st, &qid);
	p9_put_qid(out, &qid);
	p9_put(out, (uint64_t)entry->d_off, 8);
	p9_put(out, entry->d_type, 1);
	p9_put_string(out, entry->d_name);
	return true;
}

/* Fills out with whole entries; 0 or negative. */
static int list(struct p9 *p9, int fd, struct p9_out *out)
{
	_Alignas(struct dirent64) char bytes[LIST_BYTES];
	ssize_t n, at;

	while ((n = getdents64(fd, bytes, sizeof(bytes))) > 0) {
		for (at = 0; at < n;) {
			const struct dirent64 *entry = (const struct dirent64 *)(bytes + at);

			if (!put_dirent(p9, out, entry))
				return 0;
			at += entry->d_reclen;
		}
	}
	return n < 0 ? -errno : 0;
}

static int read_folder(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	struct p9_fid *fid = p9_fid_find(p9, (uint32_t)p9_get(in, 4));
	uint64_t off = p9_get(in, 8);
	uint32_t count = (uint32_t)p9_get(in, 4);
	size_t count_at = out->used;
	struct p9_out part;
	int ret;

	if (in->is_short || !fid || fid->io_fd < 0 || !fid->is_folder)
		return in->is_short ? -EINVAL : -EBADF;
	p9_put(out, 0, 4);
	if (out->is_full)
		return -EINVAL;
	part = *out;
	if (part.room - part.used > count)
		part.room = part.used + count;
	if (lseek(fid->io_fd, (off_t)off, SEEK_SET) < 0)
		return -errno;
	ret = list(p9, fid->io_fd, &part);
	count = (uint32_t)(part.used - out->used);
	memcpy(out->start + count_at, &count, sizeof(count));
	out->used = part.used;
	return ret;
}

const struct p9_message p9_dir_messages[] = {
	{ 104, false, attach },
	{ 110, false, walk },
	{ 14, true, lcreate },
	{ 16, true, make_symlink },
	{ 18, true, make_node },
	{ 72, true, make_folder },
	{ 70, true, make_link },
	{ 74, true, rename_at },
	{ 76, true, unlink_at },
	{ 122, true, remove_fid },
	{ 20, true, rename_fid },
	{ 40, false, read_folder },
	{ 0 },
};
