// SPDX-License-Identifier: GPL-2.0-only
/* net_tap.c: the network as a tap interface of the host, which must exist and belong to the user. Checksums and
 * segmentation of what the guest sends are left to the host's kernel, and with vhost-net the frames too: then they also come
 * unsegmented. Next file: net_vhost.c. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ctl.h"
#include "net.h"
#include "net_vhost.h"

#define VHOST_FEATURES (NET_F_MRG_RXBUF | NET_F_GUEST_TSO4 | NET_F_GUEST_TSO6)

struct tap {
	int fd; /* -1: not open */
	char name[IFNAMSIZ];
	uint8_t bytes[sizeof(struct net_header) + NET_FRAME_BYTES_MAX];
	uint32_t entry;		 /* of the poll list; 0: not in it */
	bool no_vhost;		 /* by option */
	struct net_vhost *vhost; /* NULL: frames go through us */
};

static struct tap *get_tap(struct net *net)
{
	struct tap *tap = net_state(net);

	if (tap)
		return tap;
	tap = calloc(1, sizeof(*tap));
	if (tap)
		tap->fd = -1;
	net_set_state(net, tap);
	return tap;
}

static int set_ifname(struct tap *tap, const char *value)
{
	if (!*value || strlen(value) >= sizeof(tap->name)) {
		ctl_error("--net: ifname: found '%s', expected a name of 1 to %d characters", value, IFNAMSIZ - 1);
		return -EINVAL;
	}
	strcpy(tap->name, value);
	return 0;
}

static int set_vhost(struct tap *tap, const char *value)
{
	if (strcmp(value, "on") && strcmp(value, "off")) {
		ctl_error("--net: vhost: found '%s', expected on or off", value);
		return -EINVAL;
	}
	tap->no_vhost = !strcmp(value, "off");
	return 0;
}

static int tap_set(struct net *net, const char *name, const char *value)
{
	struct tap *tap = get_tap(net);

	if (!tap)
		return -ENOMEM;
	if (!strcmp(name, "ifname"))
		return set_ifname(tap, value);
	return strcmp(name, "vhost") ? -ENOENT : set_vhost(tap, value);
}

static int attach(struct tap *tap)
{
	struct ifreq req = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int header_bytes = sizeof(struct net_header), little_endian = 1;

	if (!if_nametoindex(tap->name)) /* TUNSETIFF would make one that nobody knows */
		return -ENODEV;
	tap->fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	memcpy(req.ifr_name, tap->name, sizeof(tap->name));
	if (tap->fd < 0 || ioctl(tap->fd, TUNSETIFF, &req) || ioctl(tap->fd, TUNSETVNETHDRSZ, &header_bytes) ||
	    ioctl(tap->fd, TUNSETVNETLE, &little_endian))
		return -errno;
	return 0;
}

/* It is faster, not needed. */
static void open_vhost(struct net *net, struct tap *tap)
{
	int ret = tap->no_vhost ? 0 : net_vhost_open(&tap->vhost);

	if (ret)
		ctl_error("--net: tap: %s: frames go through ldbtctl, not vhost-net: %s%s", tap->name, strerror(-ret),
			  ret == -ENOENT || ret == -ENODEV
				  ? " ('modprobe vhost_net' provides it, vhost=off asks for none)"
				  : "");
	if (tap->vhost)
		net_offer(net, VHOST_FEATURES);
}

static int tap_open(struct net *net)
{
	struct tap *tap = get_tap(net);
	int ret = !tap ? -ENOMEM : tap->name[0] ? attach(tap) : -EINVAL;

	if (ret == -EINVAL && !tap->name[0])
		ctl_error("--net: tap: expected ifname=NAME");
	else if (ret)
		ctl_error("--net: tap: %s: %s%s", tap ? tap->name : "", strerror(-ret),
			  ret == -ENODEV ? "; expected one made by 'ip tuntap add NAME mode tap user USER'" : "");
	else
		open_vhost(net, tap);
	return ret;
}

static void tap_close(struct net *net)
{
	struct tap *tap = net_state(net);

	if (tap)
		net_vhost_close(tap->vhost);
	if (tap && tap->fd >= 0)
		close(tap->fd);
	free(tap);
	net_set_state(net, NULL);
}

static void set_offload(const struct tap *tap, uint64_t accepted, bool is_segmented)
{
	unsigned long offload = 0;

	if (accepted & NET_F_GUEST_CSUM) {
		offload = TUN_F_CSUM;
		offload |= accepted & NET_F_GUEST_TSO4 && is_segmented ? TUN_F_TSO4 : 0;
		offload |= accepted & NET_F_GUEST_TSO6 && is_segmented ? TUN_F_TSO6 : 0;
	}
	if (ioctl(tap->fd, TUNSETOFFLOAD, offload))
		ctl_error("--net: tap: %s: offload: %s", tap->name, strerror(errno));
}

/* What the guest takes without a checksum, and unsegmented: that would not fit into one of its buffers here. */
static void tap_start(struct net *net)
{
	struct tap *tap = net_state(net);
	int ret;

	set_offload(tap, net_accepted(net), tap->vhost != NULL);
	ret = tap->vhost ? net_vhost_start(tap->vhost, net_dev(net), tap->fd) : 0;
	if (!ret)
		return;
	ctl_error("--net: tap: %s: frames go through ldbtctl, not vhost-net: %s", tap->name, strerror(-ret));
	set_offload(tap, net_accepted(net), false);
}

static void tap_stop(struct net *net)
{
	struct tap *tap = net_state(net);

	if (tap->vhost)
		net_vhost_stop(tap->vhost);
}

static bool uses_vhost(const struct tap *tap)
{
	return tap->vhost && net_vhost_is_running(tap->vhost);
}

static bool tap_handle(struct net *net, uint32_t queue)
{
	struct tap *tap = net_state(net);
	bool is_other = uses_vhost(tap);

	if (is_other)
		net_vhost_handle(tap->vhost, queue);
	return is_other;
}

/* A full queue of the interface drops it. */
static void tap_send(struct net *net, const struct net_header *header, const uint8_t *frame, size_t bytes)
{
	struct tap *tap = net_state(net);
	const struct iovec iov[] = { { (void *)(uintptr_t)header, sizeof(*header) },
				     { (void *)(uintptr_t)frame, bytes } };

	while (writev(tap->fd, iov, 2) < 0 && errno == EINTR)
		;
}

static void tap_poll_fill(struct net *net, struct virtio_poll *poll)
{
	struct tap *tap = net_state(net);
	int entry;

	if (uses_vhost(tap)) {
		net_vhost_poll_fill(tap->vhost, poll);
		return;
	}
	entry = net_has_room(net) ? virtio_poll_add(poll, tap->fd, POLLIN) : 0;

	tap->entry = entry > 0 ? (uint32_t)entry : 0;
}

static void tap_poll_done(struct net *net, const struct virtio_poll *poll)
{
	struct tap *tap = net_state(net);
	struct net_header header;

	if (uses_vhost(tap)) {
		net_vhost_poll_done(tap->vhost, poll);
		return;
	}
	if (!tap->entry || !poll->fds[tap->entry].revents)
		return;
	while (net_has_room(net)) {
		ssize_t n = read(tap->fd, tap->bytes, sizeof(tap->bytes));

		if (n < (ssize_t)sizeof(header))
			return;
		memcpy(&header, tap->bytes, sizeof(header));
		header.num_buffers = 1;
		net_receive(net, &header, tap->bytes + sizeof(header), (size_t)n - sizeof(header));
	}
}

const struct net_link net_tap = {
	.name = "tap",
	.features = NET_F_CSUM | NET_F_GUEST_CSUM | NET_F_HOST_TSO4 | NET_F_HOST_TSO6,
	.set = tap_set,
	.open = tap_open,
	.close = tap_close,
	.start = tap_start,
	.stop = tap_stop,
	.handle = tap_handle,
	.send = tap_send,
	.poll_fill = tap_poll_fill,
	.poll_done = tap_poll_done,
};
