// SPDX-License-Identifier: GPL-2.0-only
/* net_user.c: the network as user-space sockets, by libslirp: addresses, names and defaults are those of QEMU's.
 * Next file: net_tap.c. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <slirp/libslirp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl.h"
#include "net.h"

enum { FORWARDS_MAX = 64, ADDR_BYTES = 64, FRAME_BYTES_MIN = 14, FRAME_BYTES_MAX = 1514 };

struct timer {
	SlirpTimerCb run;
	void *arg;
	int64_t expire_ms; /* INT64_MAX: not set */
	struct timer *next;
};

struct forward {
	bool is_udp;
	struct in_addr host, guest;
	uint16_t host_port, guest_port;
};

struct user {
	Slirp *slirp;
	struct timer *timers;
	struct forward forward[FORWARDS_MAX];
	uint32_t nforwards;
	struct virtio_poll *fill; /* while slirp fills it */
	const struct virtio_poll *done;
	uint32_t first; /* of its entries */
};

/* ---- options ---- */

/* tcp:[ADDR]:PORT-[ADDR]:PORT; without an address: all of the host's, the first of the guest's. */
static bool parse_forward(const char *value, struct forward *f)
{
	char proto[4], host[ADDR_BYTES] = "0.0.0.0", guest[ADDR_BYTES] = "10.0.2.15", rest[ADDR_BYTES];
	const char *dash = strchr(value, '-');
	int end = 0;

	if (!dash || sscanf(value, "%3[a-z]%n", proto, &end) != 1 || value[end] != ':' ||
	    (strcmp(proto, "tcp") && strcmp(proto, "udp")))
		return false;
	f->is_udp = !strcmp(proto, "udp");
	value += end + 1;
	sscanf(value, "%63[0-9.]", host);
	value += strspn(value, "0123456789.");
	if (sscanf(value, ":%5" SCNu16 "%n", &f->host_port, &end) != 1 || value + end != dash)
		return false;
	value = dash + 1;
	sscanf(value, "%63[0-9.]", guest);
	value += strspn(value, "0123456789.");
	if (sscanf(value, ":%5" SCNu16 "%63s", &f->guest_port, rest) != 1)
		return false;
	return f->host_port && f->guest_port && inet_aton(host, &f->host) && inet_aton(guest, &f->guest);
}

static struct user *get_user(struct net *net)
{
	if (!net_state(net))
		net_set_state(net, calloc(1, sizeof(struct user)));
	return net_state(net);
}

static int user_set(struct net *net, const char *name, const char *value)
{
	struct user *user = get_user(net);

	if (strcmp(name, "hostfwd"))
		return -ENOENT;
	if (!user || user->nforwards == FORWARDS_MAX) {
		ctl_error("--net: hostfwd=%s is one too many", value);
		return -ENOMEM;
	}
	if (parse_forward(value, &user->forward[user->nforwards])) {
		user->nforwards++;
		return 0;
	}
	ctl_error("--net: hostfwd: found '%s', expected tcp or udp:[ADDRESS]:PORT-[ADDRESS]:PORT, as in tcp::2222-:22",
		  value);
	return -EINVAL;
}

/* ---- what slirp asks for ---- */

static ssize_t on_frame(const void *frame, size_t bytes, void *opaque)
{
	struct net *net = opaque;
	const struct net_header header = {
		.flags = net_accepted(net) & NET_F_GUEST_CSUM ? NET_DATA_VALID : 0, /* slirp computed it itself */
		.num_buffers = 1,
	};

	net_receive(net, &header, frame, bytes);
	return (ssize_t)bytes;
}

static void on_guest_error(const char *text, void *opaque)
{
	(void)text;
	(void)opaque; /* the guest's own affair */
}

static int64_t now_ns(void *opaque)
{
	struct timespec ts;

	(void)opaque;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void *timer_new(SlirpTimerCb run, void *arg, void *opaque)
{
	struct user *user = net_state(opaque);
	struct timer *timer = malloc(sizeof(*timer));

	if (timer) {
		*timer = (struct timer){ run, arg, INT64_MAX, user->timers };
		user->timers = timer;
	}
	return timer;
}

static void timer_free(void *timer, void *opaque)
{
	struct timer **at = &((struct user *)net_state(opaque))->timers;

	while (*at && *at != timer)
		at = &(*at)->next;
	if (*at)
		*at = (*at)->next;
	free(timer);
}

static void timer_mod(void *timer, int64_t expire_ms, void *opaque)
{
	(void)opaque;
	if (timer)
		((struct timer *)timer)->expire_ms = expire_ms;
}

static void on_poll_fd(int fd, void *opaque)
{
	(void)fd;
	(void)opaque;
}

/* All of slirp runs in one thread, which looks at everything again before it sleeps. */
static void on_notify(void *opaque)
{
	(void)opaque;
}

static const SlirpCb callbacks = {
	.send_packet = on_frame,
	.guest_error = on_guest_error,
	.clock_get_ns = now_ns,
	.timer_new = timer_new,
	.timer_free = timer_free,
	.timer_mod = timer_mod,
	.register_poll_fd = on_poll_fd,
	.unregister_poll_fd = on_poll_fd,
	.notify = on_notify,
};

/* ---- open and close ---- */

static int add_forwards(struct user *user)
{
	uint32_t i;

	for (i = 0; i < user->nforwards; i++) {
		const struct forward *f = &user->forward[i];

		errno = 0;
		if (!slirp_add_hostfwd(user->slirp, f->is_udp, f->host, f->host_port, f->guest, f->guest_port))
			continue;
		ctl_error("--net: hostfwd: cannot listen on %s port %u of %s: %s", f->is_udp ? "UDP" : "TCP",
			  f->host_port, inet_ntoa(f->host), errno ? strerror(errno) : "refused");
		return errno ? -errno : -EINVAL;
	}
	return 0;
}

static int user_open(struct net *net)
{
	struct user *user = get_user(net);
	SlirpConfig config = {
		.version = 1,
		.in_enabled = true,
		.in6_enabled = true,
		.vprefix_len = 64,
	};

	if (!user) {
		ctl_error("--net: no memory");
		return -ENOMEM;
	}
	inet_pton(AF_INET, "10.0.2.0", &config.vnetwork);
	inet_pton(AF_INET, "255.255.255.0", &config.vnetmask);
	inet_pton(AF_INET, "10.0.2.2", &config.vhost);
	inet_pton(AF_INET, "10.0.2.3", &config.vnameserver);
	inet_pton(AF_INET, "10.0.2.15", &config.vdhcp_start);
	inet_pton(AF_INET6, "fec0::", &config.vprefix_addr6);
	inet_pton(AF_INET6, "fec0::2", &config.vhost6);
	inet_pton(AF_INET6, "fec0::3", &config.vnameserver6);
	user->slirp = slirp_new(&config, &callbacks, net);
	if (!user->slirp) {
		ctl_error("--net: libslirp does not start");
		return -EINVAL;
	}
	return add_forwards(user);
}

static void user_close(struct net *net)
{
	struct user *user = net_state(net);

	if (!user)
		return;
	if (user->slirp)
		slirp_cleanup(user->slirp);
	while (user->timers)
		timer_free(user->timers, net);
	free(user);
	net_set_state(net, NULL);
}

/* ---- the device's thread ---- */

static void user_send(struct net *net, const struct net_header *header, const uint8_t *frame, size_t bytes)
{
	struct user *user = net_state(net);

	(void)header;
	if (bytes >= FRAME_BYTES_MIN && bytes <= FRAME_BYTES_MAX)
		slirp_input(user->slirp, frame, (int)bytes);
}

static const struct {
	int slirp;
	short poll;
} events[] = {
	{ SLIRP_POLL_IN, POLLIN },   { SLIRP_POLL_OUT, POLLOUT }, { SLIRP_POLL_PRI, POLLPRI },
	{ SLIRP_POLL_ERR, POLLERR }, { SLIRP_POLL_HUP, POLLHUP },
};

enum { EVENTS = sizeof(events) / sizeof(events[0]) };

static int add_fd(int fd, int wanted, void *opaque)
{
	struct user *user = net_state(opaque);
	short bits = 0;
	int i;

	for (i = 0; i < EVENTS; i++)
		bits |= (short)(wanted & events[i].slirp ? events[i].poll : 0);
	i = virtio_poll_add(user->fill, fd, bits);
	return i < 0 ? i : i - (int)user->first;
}

static int get_events(int number, void *opaque)
{
	struct user *user = net_state(opaque);
	int bits = 0, i;

	if (number < 0)
		return 0;
	for (i = 0; i < EVENTS; i++)
		bits |= user->done->fds[user->first + (uint32_t)number].revents & events[i].poll ? events[i].slirp : 0;
	return bits;
}

static void user_poll_fill(struct net *net, struct virtio_poll *poll)
{
	struct user *user = net_state(net);
	uint32_t timeout_ms = UINT32_MAX;
	int64_t now_ms = now_ns(NULL) / 1000000;
	struct timer *timer;

	user->fill = poll;
	user->first = poll->used;
	slirp_pollfds_fill(user->slirp, &timeout_ms, add_fd, net);
	for (timer = user->timers; timer; timer = timer->next) {
		int64_t left_ms = timer->expire_ms > now_ms ? timer->expire_ms - now_ms : 0;

		if (timer->expire_ms != INT64_MAX && left_ms < timeout_ms)
			timeout_ms = (uint32_t)left_ms;
	}
	poll->timeout_ms = timeout_ms > INT32_MAX ? -1 : (int)timeout_ms;
}

/* A timer may set or free others. */
static void run_timers(struct user *user)
{
	int64_t now_ms = now_ns(NULL) / 1000000;
	struct timer *timer = user->timers;

	while (timer) {
		if (timer->expire_ms > now_ms) {
			timer = timer->next;
			continue;
		}
		timer->expire_ms = INT64_MAX;
		timer->run(timer->arg);
		timer = user->timers;
	}
}

static void user_poll_done(struct net *net, const struct virtio_poll *poll)
{
	struct user *user = net_state(net);

	user->done = poll;
	slirp_pollfds_poll(user->slirp, 0, get_events, net);
	run_timers(user);
}

const struct net_link net_user = {
	.name = "user",
	.features = NET_F_CSUM | NET_F_GUEST_CSUM,
	.set = user_set,
	.open = user_open,
	.close = user_close,
	.send = user_send,
	.poll_fill = user_poll_fill,
	.poll_done = user_poll_done,
};
