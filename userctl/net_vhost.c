// SPDX-License-Identifier: GPL-2.0-only
/* net_vhost.c: sets vhost-net up (Linux: uapi/linux/vhost.h) and carries wake-ups between it, the relays and the guest.
 * Next file: net_tap.c. */
#include "net_vhost.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vhost.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "net.h"
#include "relay.h"

#define VHOST_DEVICE "/dev/vhost-net"
#define RELAY_GPA    (1ULL << 56) /* beside all memory of guests */
#define FEATURES     ((uint64_t)NET_F_MRG_RXBUF | VIRTIO_FEATURE_VERSION_1 | VIRTIO_FEATURE_INDIRECT_DESC)

enum {
	QUEUES = 2,
	RX = 0, /* the numbers are those of the card and of vhost-net */
	TX = 1,
	FDS = QUEUES + 1,
	FD_ERROR = QUEUES,
	REGIONS = 1 + QUEUES,
	HEADER = sizeof(struct net_header),
	NUM_BUFFERS = offsetof(struct net_header, num_buffers),
};

struct net_vhost {
	int fd;
	int kick_fd[QUEUES];  /* to the kernel */
	int wake_fd[FDS];     /* from it: one per queue, and one for damage */
	uint32_t first_entry; /* of the poll list; 0: not in it */
	bool is_running;
	struct virtio_dev *dev;
	struct relay relay[QUEUES];
};

/* Without mergeable buffers nobody else sets it [5.1.6.4.1]. */
static void set_num_buffers(struct iov_list written)
{
	const uint16_t one = 1;

	iov_copy_to(written, NUM_BUFFERS, &one, sizeof(one));
}

enum { FRAME_BYTES_MAX = HEADER + NET_FRAME_BYTES_MAX };

#define RX_KIND                                                                                                        \
	.is_written = true, .min_bytes = HEADER + 1, .too_small = "a receive buffer is smaller than a frame",          \
	.max_bytes = FRAME_BYTES_MAX
static const struct relay_kind rx_single = { RX_KIND, .finish = set_num_buffers };
static const struct relay_kind rx_mergeable = { RX_KIND };
static const struct relay_kind tx = {
	.min_bytes = HEADER,
	.too_small = "a frame has no header",
	.max_bytes = FRAME_BYTES_MAX,
};

/* ---- open ---- */

static int call(const struct net_vhost *v, unsigned long request, void *arg)
{
	return ioctl(v->fd, request, arg) < 0 ? -errno : 0;
}

static int new_eventfd(int *fd)
{
	*fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return *fd < 0 ? -errno : 0;
}

/* The descriptors stay; backends come and go. */
static int wire(struct net_vhost *v, unsigned int queue)
{
	struct vhost_vring_file kick = { .index = queue }, wake = { .index = queue }, error = { .index = queue };
	int ret = new_eventfd(&v->kick_fd[queue]);

	ret = ret ? ret : new_eventfd(&v->wake_fd[queue]);
	kick.fd = v->kick_fd[queue];
	wake.fd = v->wake_fd[queue];
	error.fd = v->wake_fd[FD_ERROR];
	ret = ret ? ret : call(v, VHOST_SET_VRING_KICK, &kick);
	ret = ret ? ret : call(v, VHOST_SET_VRING_CALL, &wake);
	return ret ? ret : call(v, VHOST_SET_VRING_ERR, &error);
}

static int set_up(struct net_vhost *v)
{
	uint64_t features = 0;
	unsigned int queue;
	int ret;

	v->fd = open(VHOST_DEVICE, O_RDWR | O_CLOEXEC);
	if (v->fd < 0)
		return -errno;
	ret = call(v, VHOST_SET_OWNER, NULL);
	ret = ret ? ret : call(v, VHOST_GET_FEATURES, &features);
	if (!ret && (features & FEATURES) != FEATURES)
		ret = -EOPNOTSUPP;
	ret = ret ? ret : new_eventfd(&v->wake_fd[FD_ERROR]);
	for (queue = 0; queue < QUEUES && !ret; queue++) {
		ret = wire(v, queue);
		ret = ret ? ret : relay_create(&v->relay[queue], RELAY_GPA + queue * relay_bytes());
	}
	return ret;
}

int net_vhost_open(struct net_vhost **out)
{
	struct net_vhost *v = calloc(1, sizeof(*v));
	int ret;

	if (!v)
		return -ENOMEM;
	memset(v->kick_fd, 0xff, sizeof(v->kick_fd));
	memset(v->wake_fd, 0xff, sizeof(v->wake_fd));
	ret = set_up(v);
	if (ret) {
		net_vhost_close(v);
		return ret;
	}
	*out = v;
	return 0;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void net_vhost_close(struct net_vhost *v)
{
	unsigned int i;

	if (!v)
		return;
	close_fd(v->fd); /* first: its worker ends, and nobody uses the rings any more */
	for (i = 0; i < QUEUES; i++) {
		close_fd(v->kick_fd[i]);
		relay_destroy(&v->relay[i]);
	}
	for (i = 0; i < FDS; i++)
		close_fd(v->wake_fd[i]);
	free(v);
}

/* ---- start and stop ---- */

static int set_backend(const struct net_vhost *v, unsigned int queue, int fd)
{
	struct vhost_vring_file backend = { .index = queue, .fd = fd };

	return call(v, VHOST_NET_SET_BACKEND, &backend);
}

/* What descriptors may name: the guest's memory, and the tables of the relays. */
static int set_memory(struct net_vhost *v, const struct gmem *mem)
{
	struct {
		struct vhost_memory head;
		struct vhost_memory_region region[REGIONS];
	} table = { .head.nregions = REGIONS };
	unsigned int queue;

	table.region[0] = (struct vhost_memory_region){ mem->gpa, mem->bytes, (uintptr_t)mem->ram, 0 };
	for (queue = 0; queue < QUEUES; queue++)
		table.region[1 + queue] = (struct vhost_memory_region){ v->relay[queue].gpa, relay_bytes(),
									(uintptr_t)v->relay[queue].memory, 0 };
	return call(v, VHOST_SET_MEM_TABLE, &table);
}

static int start_queue(struct net_vhost *v, unsigned int queue, const struct relay_kind *kind, int tap_fd)
{
	struct relay *r = &v->relay[queue];
	struct vhost_vring_state size = { .index = queue, .num = v->dev->queue[queue].size }, base = { .index = queue };
	struct vhost_vring_addr addr = {
		.index = queue,
		.desc_user_addr = (uintptr_t)r->desc,
		.avail_user_addr = (uintptr_t)r->avail,
		.used_user_addr = (uintptr_t)r->used,
	};
	int ret = relay_start(r, &v->dev->queue[queue], kind);

	ret = ret ? ret : call(v, VHOST_SET_VRING_NUM, &size);
	ret = ret ? ret : call(v, VHOST_SET_VRING_BASE, &base);
	ret = ret ? ret : call(v, VHOST_SET_VRING_ADDR, &addr);
	return ret ? ret : set_backend(v, queue, tap_fd);
}

static const struct gmem *memory_of(const struct virtio_dev *dev)
{
	return dev->queue[RX].is_ready ? dev->queue[RX].mem : dev->queue[TX].is_ready ? dev->queue[TX].mem : NULL;
}

int net_vhost_start(struct net_vhost *v, struct virtio_dev *dev, int tap_fd)
{
	const struct gmem *mem = memory_of(dev);
	const struct relay_kind *const kinds[QUEUES] = {
		[RX] = dev->accepted & NET_F_MRG_RXBUF ? &rx_mergeable : &rx_single,
		[TX] = &tx,
	};
	uint64_t features = FEATURES & (dev->accepted | VIRTIO_FEATURE_INDIRECT_DESC);
	unsigned int queue;
	int ret;

	if (!mem)
		return 0; /* no queue: nothing to do */
	v->dev = dev;
	v->first_entry = 0;
	v->is_running = true;
	ret = call(v, VHOST_SET_FEATURES, &features);
	ret = ret ? ret : set_memory(v, mem);
	for (queue = 0; queue < QUEUES && !ret; queue++)
		if (dev->queue[queue].is_ready)
			ret = start_queue(v, queue, kinds[queue], tap_fd);
	if (ret)
		net_vhost_stop(v);
	return ret;
}

/* The call returns when the kernel's worker has let go of the queue. */
void net_vhost_stop(struct net_vhost *v)
{
	unsigned int queue;

	if (!v->is_running)
		return;
	v->is_running = false;
	for (queue = 0; queue < QUEUES; queue++) {
		set_backend(v, queue, -1);
		relay_stop(&v->relay[queue]);
	}
}

bool net_vhost_is_running(const struct net_vhost *v)
{
	return v->is_running;
}

/* ---- the device's thread ---- */

static void signal_fd(int fd)
{
	uint64_t one = 1;

	while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static void drain_fd(int fd)
{
	uint64_t count;

	while (read(fd, &count, sizeof(count)) < 0 && errno == EINTR)
		;
}

static void tell(struct net_vhost *v, struct relay *r)
{
	if (r->fault)
		virtio_break(v->dev, r->fault);
	else
		virtio_tell(v->dev, r->q);
}

void net_vhost_handle(struct net_vhost *v, uint32_t queue)
{
	struct relay *r = &v->relay[queue];

	if (!r->q)
		return;
	if (relay_pump(r, &v->dev->chain))
		signal_fd(v->kick_fd[queue]);
	relay_drain(r);
	tell(v, r);
}

void net_vhost_poll_fill(struct net_vhost *v, struct virtio_poll *poll)
{
	unsigned int i;

	v->first_entry = poll->used;
	for (i = 0; i < FDS; i++)
		if (virtio_poll_add(poll, v->wake_fd[i], POLLIN) < 0)
			v->first_entry = 0;
}

void net_vhost_poll_done(struct net_vhost *v, const struct virtio_poll *poll)
{
	const struct pollfd *entry = poll->fds + v->first_entry;
	unsigned int queue;

	if (!v->first_entry)
		return;
	for (queue = 0; queue < QUEUES; queue++) {
		if (!entry[queue].revents || !v->relay[queue].q)
			continue;
		drain_fd(v->wake_fd[queue]);
		relay_drain(&v->relay[queue]);
		tell(v, &v->relay[queue]);
	}
	if (entry[FD_ERROR].revents) {
		drain_fd(v->wake_fd[FD_ERROR]);
		virtio_break(v->dev, "the host's kernel finds its rings damaged");
	}
}
