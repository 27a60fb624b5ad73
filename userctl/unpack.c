// SPDX-License-Identifier: GPL-2.0-only
/* unpack.c: one loop over a growing buffer for both formats. Next file: image.c. */
#include "unpack.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define REFUSE(err, errnum, ...) (snprintf(err, IMAGE_ERR_BYTES, __VA_ARGS__), -(errnum))

enum { FIRST_BYTES = 1 << 20, GZIP_WINDOW = 15 + 16 /* zlib: expect a gzip header */ };

/* One step of a format: moves bytes from in to out. 1: ended well; 0: go on; negative: err says. */
struct stream {
	const uint8_t *in;
	size_t in_len, in_done;
	struct blob *out;
	size_t room; /* of out->bytes; out->len are used */
	char *err;
};

struct format {
	const char *name;
	size_t magic_len;
	const char *magic;
	int (*run)(struct stream *s, uint64_t max_bytes);
};

void blob_free(struct blob *blob)
{
	free(blob->bytes);
	*blob = (struct blob){ 0 };
}

/* Twice the room, up to one byte more than may be used. */
static int grow(struct stream *s, uint64_t max_bytes)
{
	size_t room = s->room ? 2 * s->room : FIRST_BYTES;
	uint8_t *bytes;

	if (s->out->len > max_bytes)
		return REFUSE(s->err, EFBIG, "unpacks to more than %" PRIu64 " bytes", max_bytes);
	if (room > max_bytes + 1)
		room = max_bytes + 1;
	bytes = realloc(s->out->bytes, room);
	if (!bytes)
		return REFUSE(s->err, ENOMEM, "no memory to unpack it");
	s->out->bytes = bytes;
	s->room = room;
	return 0;
}

/* ---- gzip ---- */

static int inflate_step(struct stream *s, z_stream *z)
{
	int ret;

	z->next_in = (Bytef *)(uintptr_t)(s->in + s->in_done);
	z->avail_in = (uInt)(s->in_len - s->in_done > UINT32_MAX ? UINT32_MAX : s->in_len - s->in_done);
	z->next_out = s->out->bytes + s->out->len;
	z->avail_out = (uInt)(s->room - s->out->len > UINT32_MAX ? UINT32_MAX : s->room - s->out->len);
	ret = inflate(z, Z_NO_FLUSH);
	s->in_done = (size_t)(z->next_in - s->in);
	s->out->len = (size_t)(z->next_out - s->out->bytes);
	if (ret == Z_STREAM_END)
		return 1;
	if (ret == Z_BUF_ERROR && s->in_done == s->in_len)
		return REFUSE(s->err, EINVAL, "truncated: the gzip file goes on behind its %zu bytes", s->in_len);
	if (ret == Z_OK || ret == Z_BUF_ERROR)
		return 0;
	return REFUSE(s->err, ret == Z_MEM_ERROR ? ENOMEM : EINVAL, "damaged gzip file: %s",
		      z->msg ? z->msg : zError(ret));
}

static int run_gzip(struct stream *s, uint64_t max_bytes)
{
	z_stream z = { 0 };
	int ret = 0;

	if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
		return REFUSE(s->err, ENOMEM, "no memory to unpack it");
	while (!ret) {
		if (s->out->len == s->room)
			ret = grow(s, max_bytes);
		if (!ret)
			ret = inflate_step(s, &z);
	}
	inflateEnd(&z);
	return ret < 0 ? ret : 0;
}

/* ---- zstd ---- */

static int zstd_step(struct stream *s, ZSTD_DStream *z)
{
	ZSTD_inBuffer in = { s->in, s->in_len, s->in_done };
	ZSTD_outBuffer out = { s->out->bytes, s->room, s->out->len };
	size_t ret = ZSTD_decompressStream(z, &out, &in);
	bool is_stuck = out.pos == s->out->len && in.pos == s->in_done;

	s->in_done = in.pos;
	s->out->len = out.pos;
	if (ZSTD_isError(ret))
		return REFUSE(s->err, EINVAL, "damaged zstd file: %s", ZSTD_getErrorName(ret));
	if (!ret)
		return 1;
	if (is_stuck && s->out->len < s->room)
		return REFUSE(s->err, EINVAL, "truncated: the zstd file goes on behind its %zu bytes", s->in_len);
	return 0;
}

static int run_zstd(struct stream *s, uint64_t max_bytes)
{
	ZSTD_DStream *z = ZSTD_createDStream();
	int ret = 0;

	if (!z)
		return REFUSE(s->err, ENOMEM, "no memory to unpack it");
	while (!ret) {
		if (s->out->len == s->room)
			ret = grow(s, max_bytes);
		if (!ret)
			ret = zstd_step(s, z);
	}
	ZSTD_freeDStream(z);
	return ret < 0 ? ret : 0;
}

/* ---- both ---- */

static const struct format formats[] = {
	{ "gzip", 2, "\x1f\x8b", run_gzip },
	{ "zstd", 4, "\x28\xb5\x2f\xfd", run_zstd },
};

static const struct format *format_find(const uint8_t *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (len >= formats[i].magic_len && !memcmp(bytes, formats[i].magic, formats[i].magic_len))
			return &formats[i];
	return NULL;
}

bool unpack_is_packed(const uint8_t *bytes, size_t len)
{
	return format_find(bytes, len);
}

int unpack(const uint8_t *bytes, size_t len, uint64_t max_bytes, struct blob *out, char *err)
{
	struct stream s = { .in = bytes, .in_len = len, .out = out, .err = err };
	const struct format *format = format_find(bytes, len);
	int ret;

	*out = (struct blob){ 0 };
	if (!format)
		return REFUSE(err, EINVAL, "found no gzip or zstd magic number");
	ret = format->run(&s, max_bytes);
	if (!ret && out->len > max_bytes)
		ret = REFUSE(err, EFBIG, "unpacks to more than %" PRIu64 " bytes", max_bytes);
	if (ret)
		blob_free(out);
	return ret;
}
