// SPDX-License-Identifier: GPL-2.0-only
/* virtio_run.c: the thread of a device: doorbells in, chains to the model, interrupts out. Next file: virtio_mmio.c. */
#include "virtio.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ctl.h"

enum { POLL_STEP = 16, FAULTS_SAID_MAX = 8 /* a guest may do it for ever */ };

/* ---- descriptors ---- */

int virtio_open_fds(struct virtio_dev *dev)
{
	uint32_t i;

	dev->irq_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	dev->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (dev->irq_fd < 0 || dev->stop_fd < 0)
		return -errno;
	for (i = 0; i < dev->model->nqueues; i++) {
		dev->kick_fd[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (dev->kick_fd[i] < 0)
			return -errno;
	}
	return 0;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void virtio_close_fds(struct virtio_dev *dev)
{
	uint32_t i;

	close_fd(dev->irq_fd);
	close_fd(dev->stop_fd);
	for (i = 0; i < VIRTIO_QUEUES_MAX; i++)
		close_fd(dev->kick_fd[i]);
}

/* Never blocks and never fills up: its reader takes the whole count. */
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

/* ---- what models and the transport call ---- */

void virtio_kick(struct virtio_dev *dev, uint32_t queue)
{
	signal_fd(dev->kick_fd[queue]);
}

/* The line is the status register's; an edge for each time it stops being 0 is what a driver sees of it. */
void virtio_interrupt(struct virtio_dev *dev, uint32_t bits)
{
	if (!atomic_fetch_or(&dev->irq_status, bits))
		signal_fd(dev->irq_fd);
}

void virtio_acknowledge(struct virtio_dev *dev, uint32_t bits)
{
	if (atomic_fetch_and(&dev->irq_status, ~bits) & ~bits)
		signal_fd(dev->irq_fd); /* a level that stays up asks again */
}

void virtio_break(struct virtio_dev *dev, const char *why)
{
	if (atomic_exchange(&dev->is_broken, true))
		return;
	if (dev->faults++ < FAULTS_SAID_MAX)
		ctl_error("%s: stopped until the guest resets it: %s", dev->name, why);
	virtio_interrupt(dev, VIRTIO_IRQ_CONFIG); /* [2.1.2] */
}

void virtio_tell(struct virtio_dev *dev, struct virtq *q)
{
	if (q->fault)
		virtio_break(dev, q->fault);
	else if (virtq_wants_interrupt(q))
		virtio_interrupt(dev, VIRTIO_IRQ_USED);
}

void virtio_each(struct virtio_dev *dev, struct virtq *q,
		 uint32_t (*one)(struct virtio_dev *dev, const struct virtq_chain *chain))
{
	do {
		virtq_work(q);
		while (!atomic_load(&dev->is_broken) && virtq_pop(q, &dev->chain) > 0) {
			virtq_push(q, &dev->chain, one(dev, &dev->chain));
			virtio_tell(dev, q);
		}
	} while (virtq_rest(q) && !atomic_load(&dev->is_broken));
	virtio_tell(dev, q);
}

int virtio_poll_add(struct virtio_poll *poll, int fd, short events)
{
	if (poll->used == poll->room) {
		struct pollfd *more = reallocarray(poll->fds, poll->room + POLL_STEP, sizeof(*more));

		if (!more) {
			ctl_error("devices: no memory to wait for one more file");
			return -1;
		}
		poll->fds = more;
		poll->room += POLL_STEP;
	}
	poll->fds[poll->used] = (struct pollfd){ .fd = fd, .events = events };
	return (int)poll->used++;
}

/* ---- the thread ---- */

static void handle_kicks(struct virtio_dev *dev, const struct pollfd *kick)
{
	uint32_t i;

	for (i = 0; i < dev->model->nqueues; i++) {
		if (!kick[i].revents)
			continue;
		drain_fd(dev->kick_fd[i]);
		if (dev->queue[i].is_ready && !atomic_load(&dev->is_broken))
			dev->model->handle(dev, i);
	}
}

/* Entry 0 is the stop signal, then one per queue, then the model's. false: no memory for the list. */
static bool fill(struct virtio_dev *dev, struct virtio_poll *set)
{
	uint32_t i;

	set->used = 0;
	set->timeout_ms = -1;
	if (virtio_poll_add(set, dev->stop_fd, POLLIN) < 0)
		return false;
	for (i = 0; i < dev->model->nqueues; i++)
		if (virtio_poll_add(set, dev->kick_fd[i], POLLIN) < 0)
			return false;
	if (dev->model->poll_fill && !atomic_load(&dev->is_broken))
		dev->model->poll_fill(dev, set);
	return true;
}

static void *device_thread(void *arg)
{
	struct virtio_dev *dev = arg;
	struct virtio_poll set = { 0 };

	while (fill(dev, &set)) {
		if (poll(set.fds, set.used, set.timeout_ms) < 0 && errno != EINTR)
			break;
		if (set.fds[0].revents)
			break;
		handle_kicks(dev, set.fds + 1);
		if (dev->model->poll_done && !atomic_load(&dev->is_broken))
			dev->model->poll_done(dev, &set);
	}
	free(set.fds);
	return NULL;
}

/* Signals are for other threads. */
static int create_thread(struct virtio_dev *dev)
{
	sigset_t all, old;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&dev->thread, NULL, device_thread, dev);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -err;
}

/* ---- start and stop ---- */

static int start_queues(struct virtio_dev *dev, const struct gmem *mem)
{
	uint32_t i;

	for (i = 0; i < dev->model->nqueues; i++) {
		struct virtq *q = &dev->queue[i];

		q->has_event_idx = dev->accepted & VIRTIO_FEATURE_EVENT_IDX;
		q->has_indirect = dev->accepted & VIRTIO_FEATURE_INDIRECT_DESC;
		if (q->is_ready && !q->desc && virtq_start(q, mem)) {
			virtio_break(dev, q->fault);
			return -EPROTO;
		}
	}
	return 0;
}

int virtio_start(struct virtio_dev *dev, const struct gmem *mem)
{
	uint32_t i;
	int ret = start_queues(dev, mem);

	if (ret)
		return ret;
	drain_fd(dev->stop_fd);
	if (dev->model->start)
		dev->model->start(dev);
	dev->is_running = true;
	ret = create_thread(dev);
	if (ret) {
		dev->is_running = false;
		virtio_break(dev, "no thread for it");
		if (dev->model->stop)
			dev->model->stop(dev);
		return ret;
	}
	for (i = 0; i < dev->model->nqueues; i++)
		virtio_kick(dev, i); /* chains may have come first */
	return 0;
}

void virtio_stop(struct virtio_dev *dev)
{
	if (!dev->is_running)
		return;
	signal_fd(dev->stop_fd);
	pthread_join(dev->thread, NULL);
	dev->is_running = false;
	if (dev->model->stop)
		dev->model->stop(dev);
	drain_fd(dev->irq_fd);
}
