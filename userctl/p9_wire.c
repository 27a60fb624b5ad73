// SPDX-License-Identifier: GPL-2.0-only
/* p9_wire.c: see p9_wire.h. Next file: p9.c. */
#include "p9_wire.h"

#include <errno.h>
#include <string.h>

static const uint8_t *take(struct p9_in *in, size_t bytes)
{
	const uint8_t *at = in->at;

	if (bytes > in->left) {
		in->is_short = true;
		in->left = 0;
		return NULL;
	}
	in->at += bytes;
	in->left -= bytes;
	return at;
}

uint64_t p9_get(struct p9_in *in, uint32_t bytes)
{
	const uint8_t *at = take(in, bytes);
	uint64_t value = 0;

	if (at)
		memcpy(&value, at, bytes);
	return value;
}

int p9_get_string(struct p9_in *in, char *to, size_t room)
{
	size_t bytes = (size_t)p9_get(in, 2);
	const uint8_t *at = take(in, bytes);

	to[0] = 0;
	if (!at)
		return -EINVAL;
	if (bytes >= room)
		return -ENAMETOOLONG;
	if (memchr(at, 0, bytes))
		return -EINVAL;
	memcpy(to, at, bytes);
	to[bytes] = 0;
	return 0;
}

int p9_get_name(struct p9_in *in, char to[P9_NAME_BYTES])
{
	int ret = p9_get_string(in, to, P9_NAME_BYTES);

	if (!ret && (!to[0] || strchr(to, '/') || !strcmp(to, ".") || !strcmp(to, "..")))
		ret = -EINVAL;
	return ret;
}

static uint8_t *room_for(struct p9_out *out, size_t bytes)
{
	uint8_t *at = out->start + out->used;

	if (bytes > out->room - out->used) {
		out->is_full = true;
		return NULL;
	}
	out->used += bytes;
	return at;
}

void p9_put(struct p9_out *out, uint64_t value, uint32_t bytes)
{
	uint8_t *at = room_for(out, bytes);

	if (at)
		memcpy(at, &value, bytes);
}

void p9_put_string(struct p9_out *out, const char *text)
{
	size_t bytes = strlen(text);
	uint8_t *at;

	p9_put(out, bytes, 2);
	at = room_for(out, bytes);
	if (at)
		memcpy(at, text, bytes);
}

void p9_put_qid(struct p9_out *out, const struct p9_qid *qid)
{
	p9_put(out, qid->type, 1);
	p9_put(out, qid->version, 4);
	p9_put(out, qid->path, 8);
}
