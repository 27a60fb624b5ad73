// SPDX-License-Identifier: GPL-2.0-only
/* fuzz_image.c: libFuzzer target: any bytes as a kernel for ldbtctl: FIT, gzip, zstd, zboot, Linux Image. What a parser accepts
 * lies in the file or in RAM, and what it refuses has a reason. Run by `make fuzz-image`, and shortly by `make check`. */
#include <stdlib.h>
#include <string.h>

#include "../../userctl/image_fit.h"
#include "../../userctl/image_linux.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { RAM_BYTES = 64 << 20, UNPACKED_BYTES_MAX = 1 << 20, DEPTH_MAX = 3 };

static void demand(int ok)
{
	if (!ok)
		abort();
}

static int within(const uint8_t *inner, size_t inner_len, const uint8_t *outer, size_t outer_len)
{
	return inner >= outer && (size_t)(inner - outer) <= outer_len &&
	       inner_len <= outer_len - (size_t)(inner - outer);
}

static void try_image(const uint8_t *bytes, size_t len, int depth);

static void try_fit(const uint8_t *bytes, size_t len, char *err, int depth)
{
	struct fit fit;
	int part;

	if (image_parse_fit(bytes, len, &fit, err)) {
		demand(err[0] != 0);
		return;
	}
	demand(fit.part[FIT_KERNEL].bytes != NULL);
	for (part = 0; part < FIT_PARTS; part++)
		if (fit.part[part].bytes)
			demand(within(fit.part[part].bytes, fit.part[part].len, bytes, len));
	if (fit.bootargs)
		demand(within((const uint8_t *)fit.bootargs, strlen(fit.bootargs) + 1, bytes, len));
	try_image(fit.part[FIT_KERNEL].bytes, fit.part[FIT_KERNEL].len, depth + 1);
}

static void try_packed(const uint8_t *bytes, size_t len, char *err, int depth)
{
	struct blob out;

	if (unpack(bytes, len, UNPACKED_BYTES_MAX, &out, err)) {
		demand(err[0] != 0 && !out.bytes);
		return;
	}
	demand(out.len <= UNPACKED_BYTES_MAX);
	try_image(out.bytes, out.len, depth + 1);
	blob_free(&out);
}

static void try_zboot(const uint8_t *bytes, size_t len, char *err, int depth)
{
	const uint8_t *payload;
	size_t payload_len;

	if (image_parse_zboot(bytes, len, &payload, &payload_len, err)) {
		demand(err[0] != 0);
		return;
	}
	demand(within(payload, payload_len, bytes, len));
	try_image(payload, payload_len, depth + 1);
}

static void try_image(const uint8_t *bytes, size_t len, int depth)
{
	char err[IMAGE_ERR_BYTES] = "";
	struct image_linux image;

	if (depth > DEPTH_MAX)
		return;
	if (image_is_fit(bytes, len) && !depth)
		try_fit(bytes, len, err, depth);
	else if (unpack_is_packed(bytes, len))
		try_packed(bytes, len, err, depth);
	else if (image_is_zboot(bytes, len))
		try_zboot(bytes, len, err, depth);
	else if (image_parse_linux(bytes, len, RAM_BYTES, &image, err))
		demand(err[0] != 0);
	else
		demand(image.load_off < RAM_BYTES && image.mem_bytes >= len &&
		       image.mem_bytes <= RAM_BYTES - image.load_off);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1); /* exactly sized: a read behind it is seen */

	demand(copy != NULL);
	if (size)
		memcpy(copy, data, size);
	try_image(copy, size, 0);
	free(copy);
	return 0;
}
