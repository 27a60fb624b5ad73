/* SPDX-License-Identifier: GPL-2.0-only */
/* relay.h: a queue of the guest whose chains a back end in the host's kernel (vhost) works on, over rings of our own between
 * the two.
 *
 * Owns:    the rings the back end sees, and the chains from the guest's available ring until they are in its used ring.
 * Promise: the back end sees checked copies of descriptors only; what it wrote is reported (gmem.h) before the guest's used
 *          ring shows it, in the order of the available ring, and what it finished in one step is shown in one step.
 *                                                                                     [checked: unit_relay, fuzz_relay]
 * Locks:   none; one thread at a time. Context: any thread.
 * Errors:  negative errno; damage is in relay->fault or the queue's own, and ends the device.
 * Next file: net_vhost.h. */
#ifndef LDBTCTL_RELAY_H
#define LDBTCTL_RELAY_H

#include "virtq.h"

enum { RELAY_SIZE_MAX = 256 };

/* What the back end does with a chain's buffers. */
struct relay_kind {
	bool is_written;    /* it writes the writable ones; else it reads the readable ones */
	uint32_t min_bytes; /* of a chain; less is damage: */
	const char *too_small;
	uint32_t
		max_bytes; /* the rest of a writable chain is not shown; a longer readable one is dropped, as an empty one */
	/* The last word on what was written; may be NULL. */
	void (*finish)(struct iov_list written);
};

/* A chain in the back end's hands; the number is that of its descriptor there. */
struct relay_slot {
	uint16_t head, nbuffers;
	bool is_done;
	uint32_t bytes, written_bytes;
};

struct relay {
	const struct relay_kind *kind;
	struct virtq *q; /* NULL: stopped */
	uint64_t gpa;	 /* of `memory`, as the back end names it: beside all RAM */
	uint32_t size;
	void *memory;
	struct virtq_desc *desc, *tables; /* [size], [size][VIRTQ_IOV_MAX] */
	uint16_t *avail, *used;
	uint16_t first, ntaken; /* slots from `first` on, in the order of the guest's ring */
	uint16_t next_avail, seen_used;
	const char *fault;
	struct relay_slot slot[RELAY_SIZE_MAX];
	struct iovec iov[VIRTQ_IOV_MAX];
};

/* -ENOMEM. */
int relay_create(struct relay *r, uint64_t gpa);
void relay_destroy(struct relay *r);
uint64_t relay_bytes(void); /* of memory */

/* On empty rings; the back end does not run yet. -EPROTO: more entries than RELAY_SIZE_MAX. */
int relay_start(struct relay *r, struct virtq *q, const struct relay_kind *kind);
/* The back end runs no more: what it was given and did not use is the guest's again, unused. */
void relay_stop(struct relay *r);

/* Hands on what the guest offers. True: the back end wants a doorbell. */
bool relay_pump(struct relay *r, struct virtq_chain *chain);
/* Hands back what the back end used. */
void relay_drain(struct relay *r);

#endif
