/* SPDX-License-Identifier: GPL-2.0-only */
/* disk.h: bytes of a disk: a raw file or a block device, as it is, read-only, or with writes kept apart (snapshot).
 *
 * Owns:    the file and its lock against other writers, the temporary file of a snapshot and the map of what lies there.
 * Promise: what disk_write() returned for is with the host's kernel, so our death loses nothing; what disk_flush()
 *          returned for is on the medium. A snapshot never changes the file.           [checked: tests/virtio, tests/ctl]
 * Locks:   none; one thread.
 * Context: any thread; may sleep in I/O.
 * Errors:  negative errno; disk_open() after a message. Ranges are the caller's duty: within disk->bytes.
 * Next file: dev_virtio_blk.c. */
#ifndef LDBTCTL_DISK_H
#define LDBTCTL_DISK_H

#include <stdbool.h>

#include "iov.h"

struct disk {
	char *path;
	uint64_t bytes; /* a multiple of 512 */
	uint32_t block_bytes;
	bool is_readonly, is_device, is_snapshot;
	int fd;	       /* the file */
	int write_fd;  /* where writes go: the file, or a snapshot's own */
	uint8_t *kept; /* of a snapshot: bit n: cluster n lies in write_fd */
};

int disk_open(struct disk *disk, const char *arg); /* FILE[,ro][,snapshot] */
size_t disk_name_bytes(const char *arg);	   /* of FILE in that */
void disk_close(struct disk *disk);		   /* also after a disk_open() that failed; zeroed memory too */

int disk_read(struct disk *disk, uint64_t off, struct iov_list to);
int disk_write(struct disk *disk, uint64_t off, struct iov_list from);
int disk_flush(struct disk *disk);
int disk_zero(struct disk *disk, uint64_t off, uint64_t bytes, bool may_unmap);
int disk_discard(struct disk *disk, uint64_t off, uint64_t bytes); /* a hint */

#endif
