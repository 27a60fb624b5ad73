// SPDX-License-Identifier: GPL-2.0-only
/* p9_fid.c: fids, nodes, and the only two ways by which a descriptor comes to be. Next file: p9_dir.c. */
#define _GNU_SOURCE /* O_PATH */
#include "p9_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { QID_FOLDER = 0x80, QID_SYMLINK = 0x02, NUMBER_BYTES = 16, OTHER_DEVICE_SHIFT = 48 };

/* ---- nodes ---- */

struct p9_node *p9_node_make(int fd, struct p9_node *parent)
{
	struct p9_node *node = malloc(sizeof(*node));

	if (!node) {
		close(fd);
		return NULL;
	}
	*node = (struct p9_node){ 1, fd, parent ? p9_node_get(parent) : NULL };
	return node;
}

struct p9_node *p9_node_get(struct p9_node *node)
{
	node->refs++;
	return node;
}

/* A long line of ancestors must not become a deep recursion. */
void p9_node_put(struct p9_node *node)
{
	while (node && !--node->refs) {
		struct p9_node *parent = node->parent;

		close(node->fd);
		free(node);
		node = parent;
	}
}

/* ---- descriptors ---- */

/* RESOLVE_NO_SYMLINKS lets the last one be a link that is not followed; RESOLVE_BENEATH is what the promise rests on even
 * if a name were not what p9_get_name() takes care of. */
int p9_open_entry(int dir, const char *name)
{
	struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, dir, name, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

/* Devices and pipes of the host are not for the guest: opening alone can have effects. */
int p9_reopen(const struct p9 *p9, int fd, int flags)
{
	char number[NUMBER_BYTES];
	struct stat st;
	int ret = p9_stat(fd, &st), new;

	if (ret)
		return ret;
	if (S_ISLNK(st.st_mode))
		return -ELOOP;
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return -ENXIO;
	snprintf(number, sizeof(number), "%d", fd);
	new = openat(p9->proc_fd, number, (flags & ~(O_CREAT | O_NOFOLLOW)) | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return new < 0 ? -errno : new;
}

int p9_stat(int fd, struct stat *st)
{
	return fstatat(fd, "", st, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) ? -errno : 0;
}

/* Inode numbers of another file system mounted below are told apart by bits that inode numbers rarely use. */
void p9_qid_of(const struct p9 *p9, const struct stat *st, struct p9_qid *qid)
{
	qid->type = S_ISDIR(st->st_mode) ? QID_FOLDER : S_ISLNK(st->st_mode) ? QID_SYMLINK : 0;
	qid->version = (uint32_t)st->st_mtim.tv_nsec ^ (uint32_t)st->st_mtim.tv_sec ^ (uint32_t)st->st_size << 8;
	qid->path = st->st_ino;
	if (st->st_dev != p9->device)
		qid->path ^= (uint64_t)(st->st_dev ^ 1) << OTHER_DEVICE_SHIFT;
}

int p9_put_qid_of(const struct p9 *p9, int fd, struct p9_out *out)
{
	struct p9_qid qid;
	struct stat st;
	int ret = p9_stat(fd, &st);

	if (ret)
		return ret;
	p9_qid_of(p9, &st, &qid);
	p9_put_qid(out, &qid);
	return 0;
}

/* ---- fids ---- */

static struct p9_fid **bucket(struct p9 *p9, uint32_t number)
{
	return &p9->fids[number % P9_BUCKETS];
}

struct p9_fid *p9_fid_find(struct p9 *p9, uint32_t number)
{
	struct p9_fid *fid = *bucket(p9, number);

	while (fid && fid->number != number)
		fid = fid->next;
	return fid;
}

int p9_fid_make(struct p9 *p9, uint32_t number, uid_t uid, struct p9_node *node)
{
	struct p9_fid *fid = NULL, **at = bucket(p9, number);
	int ret = -ENFILE;

	if (p9_fid_find(p9, number) || number == (uint32_t)P9_NO_FID)
		ret = -EEXIST;
	else if (p9->nfids < P9_FIDS_MAX)
		fid = malloc(sizeof(*fid));
	if (!fid) {
		p9_node_put(node);
		return ret;
	}
	*fid = (struct p9_fid){ .number = number, .uid = uid, .node = node, .io_fd = -1, .next = *at };
	*at = fid;
	p9->nfids++;
	return 0;
}

void p9_fid_set_node(struct p9_fid *fid, struct p9_node *node)
{
	p9_node_put(fid->node);
	fid->node = node;
}

void p9_fid_drop(struct p9 *p9, struct p9_fid *fid)
{
	struct p9_fid **at = bucket(p9, fid->number);

	while (*at != fid)
		at = &(*at)->next;
	*at = fid->next;
	if (fid->io_fd >= 0)
		close(fid->io_fd);
	p9_node_put(fid->node);
	free(fid);
	p9->nfids--;
}
