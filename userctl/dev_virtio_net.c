// SPDX-License-Identifier: GPL-2.0-only
/* dev_virtio_net.c: the network card (virtio 1.2, section 5.1). Next file: net_user.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "net.h"

enum {
	DEVICE_ID = 1,
	QUEUE_SIZE = 256,
	QUEUE_RX = 0,
	QUEUE_TX = 1,
	LINK_UP = 1,
	BACKLOG = 256, /* frames that wait for a buffer; then they are dropped */
	CONFIG_STATUS = 6,
	CONFIG_BYTES = 12,
	MAC_BYTES = 6,
};

struct waiting {
	struct net_header header;
	size_t bytes;
	uint8_t frame[];
};

struct net {
	struct virtio_dev *dev;
	const struct net_link *link;
	void *link_state;
	struct virtq_chain rx; /* a frame may come while another is sent */
	struct waiting *backlog[BACKLOG];
	uint32_t first, nwaiting;
	uint8_t frame[NET_FRAME_BYTES_MAX];
};

void *net_state(struct net *net)
{
	return net->link_state;
}

void net_set_state(struct net *net, void *state)
{
	net->link_state = state;
}

uint64_t net_accepted(const struct net *net)
{
	return net->dev->accepted;
}

struct virtio_dev *net_dev(struct net *net)
{
	return net->dev;
}

void net_offer(struct net *net, uint64_t features)
{
	net->dev->features |= features;
}

/* ---- to the guest ---- */

static struct virtq *rx_queue(struct net *net)
{
	return &net->dev->queue[QUEUE_RX];
}

static bool can_receive(struct net *net)
{
	return net->dev->is_running && rx_queue(net)->is_ready && !atomic_load(&net->dev->is_broken);
}

/* Doorbells of this queue are asked for only when it is empty. */
bool net_has_room(struct net *net)
{
	struct virtq *q = rx_queue(net);

	return can_receive(net) && (virtq_has_chain(q) || virtq_rest(q));
}

enum { BUFFER_BYTES_MIN = sizeof(struct net_header) + 14 }; /* header and Ethernet's */

/* false: no buffer. A frame over the guest's MTU is dropped, as by a card. */
static bool deliver(struct net *net, const struct net_header *header, const uint8_t *frame, size_t bytes)
{
	struct virtq *q = rx_queue(net);
	struct iov_list to;

	if (!net_has_room(net) || virtq_pop(q, &net->rx) <= 0)
		return false;
	if (net->rx.write_bytes < BUFFER_BYTES_MIN) {
		virtio_break(net->dev, "a receive buffer is smaller than a frame");
		return false;
	}
	if (net->rx.write_bytes < sizeof(*header) + bytes) {
		virtq_unpop(q, 1);
		return true;
	}
	to = virtq_writable(&net->rx);
	iov_copy_to(to, 0, header, sizeof(*header));
	iov_copy_to(to, sizeof(*header), frame, bytes);
	virtq_push(q, &net->rx, (uint32_t)(sizeof(*header) + bytes));
	return true;
}

static void keep(struct net *net, const struct net_header *header, const uint8_t *frame, size_t bytes)
{
	struct waiting *w = net->nwaiting < BACKLOG ? malloc(sizeof(*w) + bytes) : NULL;

	if (!w)
		return; /* dropped */
	w->header = *header;
	w->bytes = bytes;
	memcpy(w->frame, frame, bytes);
	net->backlog[(net->first + net->nwaiting++) % BACKLOG] = w;
}

static void drop_first(struct net *net)
{
	free(net->backlog[net->first]);
	net->first = (net->first + 1) % BACKLOG;
	net->nwaiting--;
}

static void deliver_backlog(struct net *net)
{
	while (net->nwaiting) {
		const struct waiting *w = net->backlog[net->first];

		if (!deliver(net, &w->header, w->frame, w->bytes))
			return;
		drop_first(net);
	}
}

void net_receive(struct net *net, const struct net_header *header, const uint8_t *frame, size_t bytes)
{
	if (net->nwaiting || !deliver(net, header, frame, bytes))
		keep(net, header, frame, bytes);
}

/* ---- from the guest ---- */

/* The guest left a checksum to us: the sum of everything from csum_start on goes to csum_offset behind it. Where the guest
 * points outside of the frame the frame is nonsense, but it harms nobody. */
static bool complete_checksum(uint8_t *frame, size_t bytes, struct net_header *header)
{
	size_t start = header->csum_start, at = start + header->csum_offset, i;
	uint32_t sum = 0;

	if (!(header->flags & NET_NEEDS_CSUM))
		return true;
	if (start >= bytes || at + 2 > bytes)
		return false;
	for (i = start; i + 1 < bytes; i += 2)
		sum += (uint32_t)(frame[i] << 8 | frame[i + 1]);
	if (i < bytes)
		sum += (uint32_t)frame[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	sum = ~sum & 0xffff;
	sum = sum ? sum : 0xffff; /* of UDP: 0 is no checksum; for TCP both mean the same */
	frame[at] = (uint8_t)(sum >> 8);
	frame[at + 1] = (uint8_t)sum;
	header->flags = 0;
	return true;
}

static uint32_t send_chain(struct virtio_dev *dev, const struct virtq_chain *chain)
{
	struct net *net = dev->state;
	struct iov_list from = virtq_readable(chain);
	struct net_header header;
	size_t bytes;

	if (chain->read_bytes < sizeof(header)) {
		virtio_break(dev, "a frame has no header");
		return 0;
	}
	iov_copy_from(from, 0, &header, sizeof(header));
	bytes = iov_copy_from(from, sizeof(header), net->frame, sizeof(net->frame));
	if (chain->read_bytes - sizeof(header) > bytes)
		return 0; /* longer than any frame: dropped */
	if (net->link->features & NET_F_HOST_TSO4 || complete_checksum(net->frame, bytes, &header))
		net->link->send(net, &header, net->frame, bytes);
	return 0;
}

static void net_handle(struct virtio_dev *dev, uint32_t queue)
{
	struct net *net = dev->state;

	if (net->link->handle && net->link->handle(net, queue))
		return;
	if (queue == QUEUE_TX)
		virtio_each(dev, &dev->queue[QUEUE_TX], send_chain);
	else
		virtq_work(&dev->queue[QUEUE_RX]);
	if (can_receive(net)) {
		deliver_backlog(net);
		virtio_tell(dev, rx_queue(net));
	}
}

static void net_poll_fill(struct virtio_dev *dev, struct virtio_poll *poll)
{
	struct net *net = dev->state;

	net->link->poll_fill(net, poll);
}

static void net_poll_done(struct virtio_dev *dev, const struct virtio_poll *poll)
{
	struct net *net = dev->state;

	net->link->poll_done(net, poll);
	if (can_receive(net))
		virtio_tell(dev, rx_queue(net));
}

static void net_start(struct virtio_dev *dev)
{
	struct net *net = dev->state;

	if (net->link->start)
		net->link->start(net);
}

/* Frames for a driver that is gone. */
static void net_stop(struct virtio_dev *dev)
{
	struct net *net = dev->state;

	if (net->link->stop)
		net->link->stop(net);
	while (net->nwaiting)
		drop_first(net);
}

/* ---- options ---- */

static int set_mac(struct virtio_dev *dev, const char *value)
{
	unsigned int byte[MAC_BYTES], i;
	int end = 0;

	if (sscanf(value, "%2x:%2x:%2x:%2x:%2x:%2x%n", &byte[0], &byte[1], &byte[2], &byte[3], &byte[4], &byte[5],
		   &end) != MAC_BYTES ||
	    value[end] || byte[0] & 1) {
		ctl_error("--net: mac: found '%s', expected 6 bytes like 52:54:00:12:34:56, the first one even", value);
		return -EINVAL;
	}
	for (i = 0; i < MAC_BYTES; i++)
		dev->config[i] = (uint8_t)byte[i];
	return 0;
}

static int set_option(struct net *net, char *option)
{
	char *value = strchr(option, '=');
	int ret = -ENOENT;

	if (value) {
		*value++ = 0;
		ret = strcmp(option, "mac") ? net->link->set(net, option, value) : set_mac(net->dev, value);
	}
	if (ret == -ENOENT)
		ctl_error("--net: %s: found '%s', expected an option that the manual lists, with a value",
			  net->link->name, option);
	return ret;
}

static int find_link(struct net *net, const char *name)
{
	static const struct net_link *const links[] = { &net_user, &net_tap };
	uint32_t i;

	for (i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (!strcmp(links[i]->name, name))
			net->link = links[i];
	if (net->link)
		return 0;
	ctl_error("--net: found '%s', expected user, tap or none", name);
	return -EINVAL;
}

static int open_link(struct net *net, char *text)
{
	char *rest, *option = strtok_r(text, ",", &rest);
	int ret = find_link(net, option ? option : "");

	while (!ret && (option = strtok_r(NULL, ",", &rest)))
		ret = set_option(net, option);
	return ret ? ret : net->link->open(net);
}

static int net_open(struct virtio_dev *dev, const char *arg)
{
	static uint8_t cards;
	const uint8_t mac[MAC_BYTES] = { 0x52, 0x54, 0x00, 0x12, 0x34, (uint8_t)(0x56 + cards++) };
	struct net *net = dev->state;
	char *text;
	int ret;

	if (!strcmp(arg, "none"))
		return VIRTIO_NONE;
	net->dev = dev;
	dev->features = 0;
	memcpy(dev->config, mac, sizeof(mac));
	dev->config[CONFIG_STATUS] = LINK_UP;
	text = strdup(arg);
	ret = text ? open_link(net, text) : -ENOMEM;
	free(text);
	if (!ret)
		dev->features |= NET_F_MAC | NET_F_STATUS | net->link->features;
	return ret;
}

static void net_close(struct virtio_dev *dev)
{
	struct net *net = dev->state;

	if (net->link)
		net->link->close(net);
}

static struct virtio_model net = {
	.name = "net",
	.help = "      --net=user[,hostfwd=tcp|udp:[ADDR]:PORT-[ADDR]:PORT]...[,mac=MAC]\n"
		"                      the guest reaches the network through sockets of ldbtctl (user)\n"
		"      --net=tap,ifname=NAME[,vhost=on|off][,mac=MAC]\n"
		"                      through an interface that exists, its frames moved by the host's\n"
		"                      kernel (vhost-net) if it can; --net=none: no card\n",
	.default_arg = "user",
	.device_id = DEVICE_ID,
	.nqueues = 2,
	.queue_size = QUEUE_SIZE,
	.config_bytes = CONFIG_BYTES,
	.state_bytes = sizeof(struct net),
	.open = net_open,
	.close = net_close,
	.start = net_start,
	.stop = net_stop,
	.handle = net_handle,
	.poll_fill = net_poll_fill,
	.poll_done = net_poll_done,
};
VIRTIO_MODEL(net)
