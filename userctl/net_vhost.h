/* SPDX-License-Identifier: GPL-2.0-only */
/* net_vhost.h: frames of a tap interface moved by the host's kernel (vhost-net) straight from and to the guest's buffers.
 *
 * Owns:    /dev/vhost-net, the relays of both queues, the eventfds between them and the kernel.
 * Promise: the kernel sees no ring of the guest (relay.h); between stop and start it touches no guest memory.
 * Locks:   none. Context: as virtio.h: open and close, start and stop without the device's thread, the rest in it.
 * Errors:  negative errno, without a message: the tap goes on without.
 * Next file: net_tap.c. */
#ifndef LDBTCTL_NET_VHOST_H
#define LDBTCTL_NET_VHOST_H

#include "virtio.h"

struct net_vhost;

/* -ENOENT: this kernel has no vhost-net, or its module is not loaded. */
int net_vhost_open(struct net_vhost **out);
void net_vhost_close(struct net_vhost *v);

int net_vhost_start(struct net_vhost *v, struct virtio_dev *dev, int tap_fd);
void net_vhost_stop(struct net_vhost *v);
bool net_vhost_is_running(const struct net_vhost *v);

void net_vhost_handle(struct net_vhost *v, uint32_t queue);
void net_vhost_poll_fill(struct net_vhost *v, struct virtio_poll *poll);
void net_vhost_poll_done(struct net_vhost *v, const struct virtio_poll *poll);

#endif
