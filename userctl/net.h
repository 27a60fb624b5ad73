/* SPDX-License-Identifier: GPL-2.0-only */
/* net.h: what stands between the network card and the world: a link by user-space sockets (libslirp) or a tap interface.
 *
 * Owns:    a link owns its sockets or its descriptor.
 * Promise: frames are whole Ethernet frames without checksum of the wire; a link never sees guest memory.
 * Locks:   none; the device's thread, and before it exists whoever opens.
 * Context: as virtio.h.
 * Errors:  negative errno after a message; a frame that cannot be sent is dropped, as networks do.
 * Next file: dev_virtio_net.c. */
#ifndef LDBTCTL_NET_H
#define LDBTCTL_NET_H

#include "virtio.h"

enum { NET_FRAME_BYTES_MAX = 65536 + 18 };

/* Before each frame of a queue [virtio 1.2, section 5.1.6]. */
struct net_header {
	uint8_t flags, gso_type;
	uint16_t hdr_len, gso_size, csum_start, csum_offset, num_buffers;
};
_Static_assert(sizeof(struct net_header) == 12, "virtio 1.2, section 5.1.6");

enum { NET_NEEDS_CSUM = 1, NET_DATA_VALID = 2 };

/* Features, by bit [5.1.3]. */
enum {
	NET_F_CSUM = 1 << 0,
	NET_F_GUEST_CSUM = 1 << 1,
	NET_F_MAC = 1 << 5,
	NET_F_GUEST_TSO4 = 1 << 7,
	NET_F_GUEST_TSO6 = 1 << 8,
	NET_F_HOST_TSO4 = 1 << 11,
	NET_F_HOST_TSO6 = 1 << 12,
	NET_F_MRG_RXBUF = 1 << 15,
	NET_F_STATUS = 1 << 16,
};

struct net;

struct net_link {
	const char *name; /* first word of the option */
	uint64_t features;
	/* One option behind the name, as NAME=VALUE; -ENOENT: not one of this link's. */
	int (*set)(struct net *net, const char *name, const char *value);
	int (*open)(struct net *net); /* after all options */
	void (*close)(struct net *net);
	void (*start)(struct net *net); /* features are agreed upon; may be NULL, as the next two */
	void (*stop)(struct net *net);
	/* What a queue offers, by another way than send() and net_receive(); false: by these. */
	bool (*handle)(struct net *net, uint32_t queue);
	/* A frame of the guest. Its checksum is complete unless the link offers segmentation. */
	void (*send)(struct net *net, const struct net_header *header, const uint8_t *frame, size_t bytes);
	void (*poll_fill)(struct net *net, struct virtio_poll *poll);
	void (*poll_done)(struct net *net, const struct virtio_poll *poll);
};

extern const struct net_link net_user, net_tap;

/* ---- dev_virtio_net.c ---- */

void *net_state(struct net *net); /* the link's own, once it was set */
void net_set_state(struct net *net, void *state);
uint64_t net_accepted(const struct net *net);
struct virtio_dev *net_dev(struct net *net);
void net_offer(struct net *net, uint64_t features); /* besides those of all links of this kind; when it opens */

/* A frame for the guest; kept for a while if the guest has no buffer. */
void net_receive(struct net *net, const struct net_header *header, const uint8_t *frame, size_t bytes);
bool net_has_room(struct net *net); /* a frame would arrive at once; else the guest's doorbell wakes us */

#endif
