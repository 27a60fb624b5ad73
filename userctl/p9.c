// SPDX-License-Identifier: GPL-2.0-only
/* p9.c: one message in, one out. Next file: p9_impl.h. */
#define _GNU_SOURCE /* O_PATH */
#include "p9_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "ctl.h"

enum {
	HEADER_BYTES = 7, /* size, type, tag */
	TYPES = 128,
	RLERROR = 7,
	VERSION_BYTES = 32,
};

/* ---- messages about the session ---- */

/* Begins a session: whatever the client had is gone. */
static int version(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	uint32_t bytes = (uint32_t)p9_get(in, 4);
	char text[VERSION_BYTES];
	int ret = p9_get_string(in, text, sizeof(text));

	if (ret)
		return ret;
	if (bytes < P9_MESSAGE_BYTES_MIN)
		return -EMSGSIZE;
	p9_reset(p9);
	p9->message_bytes = bytes < P9_MESSAGE_BYTES_MAX ? bytes : P9_MESSAGE_BYTES_MAX;
	p9_put(out, p9->message_bytes, 4);
	p9_put_string(out, strcmp(text, "9P2000.L") ? "unknown" : text);
	return 0;
}

/* Each request is answered before the next is taken: there is nothing left to flush. */
static int flush(struct p9 *p9, struct p9_in *in, struct p9_out *out)
{
	(void)p9;
	(void)in;
	(void)out;
	return 0;
}

static const struct p9_message session_messages[] = {
	{ 100, false, version },
	{ 108, false, flush },
	{ 0 },
};

/* ---- dispatch ---- */

static const struct p9_message *find_message(uint8_t type)
{
	static const struct p9_message *const tables[] = { session_messages, p9_dir_messages, p9_file_messages,
							   p9_attr_messages };
	const struct p9_message *message;
	uint32_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (message = tables[i]; message->type; message++)
			if (message->type == type)
				return message;
	return NULL;
}

static int run(struct p9 *p9, uint8_t type, struct p9_in *in, struct p9_out *out)
{
	const struct p9_message *message = find_message(type);
	int ret;

	if (!message)
		return -EOPNOTSUPP; /* among them: Tauth, extended attributes */
	if (p9->is_readonly && message->is_change)
		return -EROFS;
	ret = message->run(p9, in, out);
	if (!ret && in->is_short)
		ret = -EINVAL;
	return !ret && out->is_full ? -EMSGSIZE : ret;
}

static void put_header(struct p9_out *out, size_t bytes, uint8_t type, uint16_t tag)
{
	out->used = 0;
	p9_put(out, bytes, 4);
	p9_put(out, type, 1);
	p9_put(out, tag, 2);
}

size_t p9_serve(struct p9 *p9, const uint8_t *request, size_t bytes, uint8_t *answer, size_t room)
{
	struct p9_in in = { request, bytes, false };
	struct p9_out out = { .start = answer, .room = room };
	size_t size = (size_t)p9_get(&in, 4), used;
	uint8_t type = (uint8_t)p9_get(&in, 1);
	uint16_t tag = (uint16_t)p9_get(&in, 2);
	int ret;

	if (size < HEADER_BYTES || size > bytes || room < P9_ERROR_BYTES)
		return 0;
	in.left = size - HEADER_BYTES;
	if (out.room > p9->message_bytes)
		out.room = p9->message_bytes;
	out.used = HEADER_BYTES;
	ret = run(p9, type, &in, &out);
	used = out.used;
	if (!ret) {
		put_header(&out, used, (uint8_t)(type + 1), tag);
		return used;
	}
	out.is_full = false;
	put_header(&out, P9_ERROR_BYTES, RLERROR, tag);
	p9_put(&out, (uint64_t)-ret, 4);
	return P9_ERROR_BYTES;
}

/* ---- life ---- */

void p9_reset(struct p9 *p9)
{
	uint32_t i;

	for (i = 0; i < P9_BUCKETS; i++)
		while (p9->fids[i])
			p9_fid_drop(p9, p9->fids[i]);
	p9->message_bytes = P9_MESSAGE_BYTES_MIN;
}

/* A guest keeps a descriptor open for each file its kernel remembers. */
static void raise_limit(void)
{
	struct rlimit limit;

	if (!getrlimit(RLIMIT_NOFILE, &limit) && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int open_folder(struct p9 *p9, const char *folder)
{
	int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	int ret = fd < 0 ? -errno : p9_stat(fd, &st);

	if (ret)
		return ret;
	p9->device = st.st_dev;
	p9->root = p9_node_make(fd, NULL);
	p9->proc_fd = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return !p9->root ? -ENOMEM : p9->proc_fd < 0 ? -errno : 0;
}

struct p9 *p9_create(const char *folder, bool is_readonly)
{
	struct p9 *p9 = calloc(1, sizeof(*p9));
	int ret = -ENOMEM;

	if (p9) {
		p9->is_readonly = is_readonly;
		p9->message_bytes = P9_MESSAGE_BYTES_MIN;
		p9->proc_fd = -1;
		ret = open_folder(p9, folder);
	}
	if (!ret) {
		raise_limit();
		return p9;
	}
	ctl_error("--share: %s: %s", folder, strerror(-ret));
	p9_destroy(p9);
	return NULL;
}

void p9_destroy(struct p9 *p9)
{
	if (!p9)
		return;
	p9_reset(p9);
	p9_node_put(p9->root);
	if (p9->proc_fd >= 0)
		close(p9->proc_fd);
	free(p9);
}
