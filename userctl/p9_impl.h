/* SPDX-License-Identifier: GPL-2.0-only */
/* p9_impl.h: what the files of the 9p server share.
 *
 * Owns:    fids own a reference on a node and what they opened; a node owns an O_PATH descriptor and its parent.
 * Promise: a node's descriptor was reached from the folder by openat2() with one name at a time, never through "..".
 * Locks:   none; one thread. Context: any thread.
 * Errors:  negative errno.
 * Next file: p9_fid.c. */
#ifndef LDBTCTL_P9_IMPL_H
#define LDBTCTL_P9_IMPL_H

#include <sys/stat.h>
#include <sys/types.h>

#include "p9.h"
#include "p9_wire.h"

enum { P9_BUCKETS = 256, P9_FIDS_MAX = 1 << 16, P9_NO_FID = -1 };

struct p9_node {
	uint32_t refs;
	int fd;			/* O_PATH: may be a symbolic link */
	struct p9_node *parent; /* NULL: the folder itself */
};

struct p9_fid {
	uint32_t number;
	uid_t uid; /* of whom the client speaks */
	struct p9_node *node;
	int io_fd;	/* -1: not open */
	bool is_folder; /* if open */
	struct p9_fid *next;
};

struct p9 {
	struct p9_node *root;
	int proc_fd; /* /proc/self/fd: the way from an O_PATH descriptor to the file */
	bool is_readonly;
	dev_t device;		/* of the folder */
	uint32_t message_bytes; /* agreed upon */
	uint32_t nfids;
	struct p9_fid *fids[P9_BUCKETS];
};

/* ---- p9_fid.c ---- */

/* Takes over fd, also on error (NULL). */
struct p9_node *p9_node_make(int fd, struct p9_node *parent);
struct p9_node *p9_node_get(struct p9_node *node);
void p9_node_put(struct p9_node *node);

struct p9_fid *p9_fid_find(struct p9 *p9, uint32_t number);
/* Takes over the node's reference, also on error. */
int p9_fid_make(struct p9 *p9, uint32_t number, uid_t uid, struct p9_node *node);
void p9_fid_set_node(struct p9_fid *fid, struct p9_node *node);
void p9_fid_drop(struct p9 *p9, struct p9_fid *fid);

/* One entry of the folder `dir`, as O_PATH; -errno. */
int p9_open_entry(int dir, const char *name);
/* Opens what an O_PATH descriptor stands for, if it is a file or a folder. */
int p9_reopen(const struct p9 *p9, int fd, int flags);

int p9_stat(int fd, struct stat *st);
void p9_qid_of(const struct p9 *p9, const struct stat *st, struct p9_qid *qid);
int p9_put_qid_of(const struct p9 *p9, int fd, struct p9_out *out);

/* ---- the messages: p9_dir.c, p9_file.c, p9_attr.c ---- */

typedef int (*p9_handler)(struct p9 *p9, struct p9_in *in, struct p9_out *out);

struct p9_message {
	uint8_t type;
	bool is_change; /* refused on a read-only share */
	p9_handler run;
};

/* Ends with type 0. */
extern const struct p9_message p9_dir_messages[], p9_file_messages[], p9_attr_messages[];

#endif
