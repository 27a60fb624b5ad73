/* SPDX-License-Identifier: GPL-2.0-only */
/* p9_wire.h: fields of 9P2000.L messages: little endian numbers, and strings with a 16-bit length.
 *
 * Owns:    nothing.
 * Promise: no byte outside of a message is read or written; what is too short is remembered, not guessed.
 * Locks:   none. Context: any thread.
 * Errors:  in->is_short, out->is_full: sticky; looked at once, at the end.
 * Next file: p9.h. */
#ifndef LDBTCTL_P9_WIRE_H
#define LDBTCTL_P9_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { P9_NAME_BYTES = 256 /* with its 0 */, P9_TARGET_BYTES = 4096, P9_QID_BYTES = 13 };

struct p9_in {
	const uint8_t *at;
	size_t left;
	bool is_short;
};

struct p9_out {
	uint8_t *start;
	size_t used, room;
	bool is_full;
};

struct p9_qid {
	uint8_t type;
	uint32_t version;
	uint64_t path;
};

uint64_t p9_get(struct p9_in *in, uint32_t bytes); /* a number of 1 to 8 bytes */
/* 0, -EINVAL (a 0 within), -ENAMETOOLONG. `to` always ends with 0. */
int p9_get_string(struct p9_in *in, char *to, size_t room);
/* The name of one entry of a directory: besides, it is not empty, has no '/', and is not "." or "..". */
int p9_get_name(struct p9_in *in, char to[P9_NAME_BYTES]);

void p9_put(struct p9_out *out, uint64_t value, uint32_t bytes);
void p9_put_string(struct p9_out *out, const char *text);
void p9_put_qid(struct p9_out *out, const struct p9_qid *qid);

#endif
