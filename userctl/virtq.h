/* SPDX-License-Identifier: GPL-2.0-only */
/* virtq.h: the split virtqueue (virtio 1.2, section 2.7) from the device's side, with indirect descriptors and event
 * indices.
 *
 * Owns:    the place in the rings; chains belong to whoever popped them until pushed.
 * Promise: no address, length or index of the guest is used before it was checked, and none is read twice; what was
 *          written to a chain is reported (gmem.h) before the used ring shows it.    [checked: tests/virtio, fuzz_virtq]
 * Locks:   none; one thread at a time. Context: any thread.
 * Errors:  -EPROTO: the rings are damaged; q->fault says how, and every later call fails too.
 * Next file: virtio.h. */
#ifndef LDBTCTL_VIRTQ_H
#define LDBTCTL_VIRTQ_H

#include <stdbool.h>

#include "gmem.h"
#include "iov.h"

enum { VIRTQ_SIZE_MAX = 1024, VIRTQ_IOV_MAX = IOV_LIST_MAX };

struct virtq_desc {
	uint64_t gpa;
	uint32_t len_bytes;
	uint16_t flags; /* VIRTQ_DESC_* */
	uint16_t next;
};

enum { VIRTQ_DESC_NEXT = 1, VIRTQ_DESC_WRITE = 2, VIRTQ_DESC_INDIRECT = 4 };

struct virtq_used_elem {
	uint32_t id;
	uint32_t len_bytes;
};

struct virtq {
	/* set by the transport before virtq_start() */
	uint32_t size; /* entries, a power of 2 */
	uint64_t desc_gpa, avail_gpa, used_gpa;
	bool is_ready;

	const struct gmem *mem;
	bool has_event_idx, has_indirect;
	const struct virtq_desc *desc;
	uint16_t *avail; /* flags, idx, ring[size], used_event */
	uint16_t *used;	 /* flags, idx, struct virtq_used_elem ring[size], avail_event */
	uint16_t next_avail, next_used;
	uint16_t told; /* next_used when the guest was last asked whether it wants to know */
	const char *fault;
};

/* What the guest wants read comes first in iov, then what it wants written. */
struct virtq_chain {
	uint16_t head;
	uint32_t nread, nwrite;		  /* entries of iov */
	uint32_t read_bytes, write_bytes; /* sums */
	struct iovec iov[VIRTQ_IOV_MAX];
};

/* From the beginning of the rings. -EPROTO: the rings do not lie in memory. */
int virtq_start(struct virtq *q, const struct gmem *mem);

/* 1: a chain; 0: none; -EPROTO. */
int virtq_pop(struct virtq *q, struct virtq_chain *chain);
bool virtq_has_chain(const struct virtq *q);
/* Gives the chain back with its first written_bytes writable bytes filled. */
void virtq_push(struct virtq *q, const struct virtq_chain *chain, uint32_t written_bytes);

/* The same for chains that others worked on, several at once: entries are laid down behind what is published, and the guest
 * sees all n or none. Their buffers were reported before. */
void virtq_fill(struct virtq *q, uint16_t nth, uint16_t head, uint32_t written_bytes);
void virtq_publish(struct virtq *q, uint16_t n);
/* The n chains popped last are as they were before. */
void virtq_unpop(struct virtq *q, uint16_t n);

/* After some pushes: does the guest want an interrupt? */
bool virtq_wants_interrupt(struct virtq *q);

/* Doorbells are not wanted while the queue is worked on. virtq_rest() asks for them again; true: a chain came meanwhile. */
void virtq_work(struct virtq *q);
bool virtq_rest(struct virtq *q);

struct iov_list virtq_readable(const struct virtq_chain *chain);
struct iov_list virtq_writable(const struct virtq_chain *chain);

#endif
