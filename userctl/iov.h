/* SPDX-License-Identifier: GPL-2.0-only */
/* iov.h: bytes that lie in several pieces.
 *
 * Owns:    nothing.
 * Promise: nothing outside of the list is touched; what is behind its end is not there.
 * Locks:   none. Context: any thread.
 * Errors:  none: results say how much there was.
 * Next file: virtq.c. */
#ifndef LDBTCTL_IOV_H
#define LDBTCTL_IOV_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

enum { IOV_LIST_MAX = 1024 }; /* entries: what the kernel takes in one call */

struct iov_list {
	const struct iovec *iov;
	uint32_t n;
};

/* Bytes [off, off + bytes) as a list of their own: `to` has room for list.n entries. */
struct iov_list iov_slice(struct iov_list list, size_t off, size_t bytes, struct iovec *to);

size_t iov_bytes(struct iov_list list);

/* From offset off on; both return how many bytes there were. */
size_t iov_copy_from(struct iov_list list, size_t off, void *to, size_t bytes);
size_t iov_copy_to(struct iov_list list, size_t off, const void *from, size_t bytes);

#endif
