// SPDX-License-Identifier: GPL-2.0-only
/* dev_virtio_console.c: a console (virtio 1.2, section 5.3) of one port, Linux's hvc0: whole buffers instead of the UART's
 * single bytes. Next file: dev_virtio_9p.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ctl.h"
#include "virtio.h"

enum {
	DEVICE_ID = 3,
	QUEUE_SIZE = 64,
	QUEUE_RX = 0,
	QUEUE_TX = 1,
	BACKLOG_BYTES = 4096, /* a power of 2 */
	PART_BYTES = 512,     /* of output at a time: a pipe that has room has that much */
};

struct console {
	pthread_mutex_t lock; /* of the backlog: the terminal's thread fills it */
	uint8_t backlog[BACKLOG_BYTES];
	uint32_t head, used;
	int input_fd; /* an eventfd: there is input */
	struct virtq_chain rx;
	bool has_output;    /* dev->chain is not yet written as a whole... */
	size_t output_done; /* ...but this much of it is */
};

/* ---- input ---- */

static void console_receive(struct virtio_dev *dev, uint8_t byte)
{
	struct console *con = dev->state;
	uint64_t one = 1;

	pthread_mutex_lock(&con->lock);
	if (con->used < BACKLOG_BYTES)
		con->backlog[(con->head + con->used++) % BACKLOG_BYTES] = byte;
	pthread_mutex_unlock(&con->lock);
	while (write(con->input_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static bool console_room(struct virtio_dev *dev)
{
	struct console *con = dev->state;
	bool room;

	pthread_mutex_lock(&con->lock);
	room = con->used < BACKLOG_BYTES;
	pthread_mutex_unlock(&con->lock);
	return room;
}

/* Takes up to max bytes off the backlog. */
static uint32_t take_input(struct console *con, uint8_t *to, uint32_t max)
{
	uint32_t n = 0;

	pthread_mutex_lock(&con->lock);
	while (con->used && n < max) {
		to[n++] = con->backlog[con->head];
		con->head = (con->head + 1) % BACKLOG_BYTES;
		con->used--;
	}
	pthread_mutex_unlock(&con->lock);
	return n;
}

static bool has_input(struct console *con)
{
	bool has;

	pthread_mutex_lock(&con->lock);
	has = con->used;
	pthread_mutex_unlock(&con->lock);
	return has;
}

/* Input waits for buffers, buffers wait for input: each comes with a signal of its own. */
static void deliver_input(struct virtio_dev *dev)
{
	struct console *con = dev->state;
	struct virtq *q = &dev->queue[QUEUE_RX];
	uint8_t bytes[BACKLOG_BYTES];

	while (q->is_ready && has_input(con) && (virtq_has_chain(q) || virtq_rest(q))) {
		uint32_t n = 0;

		if (virtq_pop(q, &con->rx) <= 0)
			break;
		if (con->rx.write_bytes)
			n = take_input(con, bytes,
				       con->rx.write_bytes < sizeof(bytes) ? con->rx.write_bytes : sizeof(bytes));
		iov_copy_to(virtq_writable(&con->rx), 0, bytes, n);
		virtq_push(q, &con->rx, n);
	}
	if (q->is_ready)
		virtio_tell(dev, q);
}

/* ---- output ---- */

/* Never blocks: true: the chain is written. */
static bool write_chain(struct virtio_dev *dev)
{
	struct console *con = dev->state;
	uint8_t bytes[PART_BYTES];

	while (con->output_done < dev->chain.read_bytes) {
		size_t n = iov_copy_from(virtq_readable(&dev->chain), con->output_done, bytes, sizeof(bytes));

		n = dev->host->put_some(dev->host, bytes, n);
		if (!n)
			return false;
		con->output_done += n;
	}
	return true;
}

static void write_output(struct virtio_dev *dev)
{
	struct console *con = dev->state;
	struct virtq *q = &dev->queue[QUEUE_TX];

	do {
		virtq_work(q);
		while (con->has_output || virtq_pop(q, &dev->chain) > 0) {
			con->has_output = !write_chain(dev);
			if (con->has_output)
				return; /* goes on when there is room */
			con->output_done = 0;
			virtq_push(q, &dev->chain, 0);
			virtio_tell(dev, q);
		}
	} while (virtq_rest(q));
	virtio_tell(dev, q);
}

/* ---- the model ---- */

static void console_handle(struct virtio_dev *dev, uint32_t queue)
{
	if (queue == QUEUE_TX)
		write_output(dev);
	else
		deliver_input(dev);
}

static void console_poll_fill(struct virtio_dev *dev, struct virtio_poll *poll)
{
	struct console *con = dev->state;

	virtio_poll_add(poll, con->input_fd, POLLIN);
	if (con->has_output)
		virtio_poll_add(poll, dev->host->put_fd, POLLOUT);
}

static void console_poll_done(struct virtio_dev *dev, const struct virtio_poll *poll)
{
	struct console *con = dev->state;
	uint64_t count;

	(void)poll;
	if (read(con->input_fd, &count, sizeof(count)) == sizeof(count))
		deliver_input(dev);
	if (con->has_output)
		write_output(dev);
}

static void console_stop(struct virtio_dev *dev)
{
	struct console *con = dev->state;

	con->has_output = false;
	con->output_done = 0;
}

static int console_open(struct virtio_dev *dev, const char *arg)
{
	struct console *con = dev->state;

	con->input_fd = -1;
	pthread_mutex_init(&con->lock, NULL);
	if (!strcmp(arg, "uart"))
		return VIRTIO_NONE;
	if (strcmp(arg, "virtio")) {
		ctl_error("--console: found '%s', expected uart or virtio", arg);
		return -EINVAL;
	}
	con->input_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (con->input_fd >= 0)
		return 0;
	ctl_error("--console: %s", strerror(errno));
	return -errno;
}

static void console_close(struct virtio_dev *dev)
{
	struct console *con = dev->state;

	if (con->input_fd >= 0)
		close(con->input_fd);
	pthread_mutex_destroy(&con->lock);
}

static struct virtio_model console = {
	.name = "console",
	.help = "      --console=uart|virtio\n"
		"                      where the terminal's input goes (uart); virtio: Linux's hvc0\n",
	.device_id = DEVICE_ID,
	.nqueues = 2,
	.queue_size = QUEUE_SIZE,
	.state_bytes = sizeof(struct console),
	.open = console_open,
	.close = console_close,
	.stop = console_stop,
	.handle = console_handle,
	.poll_fill = console_poll_fill,
	.poll_done = console_poll_done,
	.receive = console_receive,
	.room = console_room,
};
VIRTIO_MODEL(console)
