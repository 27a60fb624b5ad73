/* SPDX-License-Identifier: GPL-2.0-only */
/* virtio.h: how a virtio device model looks to the transport, and the transport to it. A model registers itself when the
 * program starts; options of `ldbtctl run` then ask for devices of it.
 *
 * Owns:    the list of models and of the devices asked for.
 * Promise: a model's handle() and poll functions run in one thread, the device's own, and only while the driver is
 *          working; open(), start(), stop() and close() run while that thread does not exist.
 * Locks:   none here; a model that a third thread reaches has its own.
 * Context: virtio_interrupt() in any thread.
 * Errors:  negative errno after a message; damage by the guest ends the device, not the program.
 * Next file: virtio_mmio.h. */
#ifndef LDBTCTL_VIRTIO_H
#define LDBTCTL_VIRTIO_H

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "dev.h"
#include "virtq.h"

enum {
	VIRTIO_SLOTS = 8,
	VIRTIO_QUEUES_MAX = 2,
	VIRTIO_CONFIG_BYTES = 256,
	VIRTIO_NAME_BYTES = 32,
};

/* Features of every device [virtio 1.2, section 6]. */
#define VIRTIO_FEATURE_INDIRECT_DESC (1ULL << 28)
#define VIRTIO_FEATURE_EVENT_IDX     (1ULL << 29)
#define VIRTIO_FEATURE_VERSION_1     (1ULL << 32)

/* Bits of the interrupt status. */
enum { VIRTIO_IRQ_USED = 1, VIRTIO_IRQ_CONFIG = 2 };

struct virtio_dev;

/* What a device's thread waits for besides doorbells. */
struct virtio_poll {
	struct pollfd *fds;
	uint32_t used, room;
	int timeout_ms; /* -1: for ever */
};

struct virtio_model {
	const char *name;	 /* also the option: --name=ARGUMENT */
	const char *help;	 /* lines for `run --help` */
	const char *default_arg; /* of a device that is there unless the option was given; NULL: only by the option */
	uint32_t device_id;	 /* [5] */
	uint32_t nqueues, queue_size;
	uint32_t config_bytes;
	size_t state_bytes;
	/* Opens what arg names; sets features and config. VIRTIO_NONE: the argument means no device. */
	int (*open)(struct virtio_dev *dev, const char *arg);
	void (*close)(struct virtio_dev *dev); /* also after an open() that failed */
	/* May be NULL. */
	void (*start)(struct virtio_dev *dev); /* features are agreed upon, queues are ready */
	void (*stop)(struct virtio_dev *dev);  /* the driver resets the device, or power goes */
	void (*handle)(struct virtio_dev *dev, uint32_t queue);
	void (*poll_fill)(struct virtio_dev *dev, struct virtio_poll *poll);
	void (*poll_done)(struct virtio_dev *dev, const struct virtio_poll *poll);
	void (*receive)(struct virtio_dev *dev, uint8_t byte); /* as in dev.h */
	bool (*room)(struct virtio_dev *dev);
	struct virtio_model *next;
};

enum { VIRTIO_NONE = 1 };

struct virtio_dev {
	const struct virtio_model *model;
	struct dev_host *host;
	char name[VIRTIO_NAME_BYTES]; /* in messages */
	void *state;
	uint64_t features; /* of the model's own, offered */
	uint8_t config[VIRTIO_CONFIG_BYTES];

	uint64_t accepted; /* by the driver, VIRTIO_FEATURE_* included */
	struct virtq queue[VIRTIO_QUEUES_MAX];
	struct virtq_chain chain; /* for handle() */

	/* of virtio_run.c and the transport */
	_Atomic uint32_t irq_status;
	_Atomic bool is_broken;	 /* until reset */
	_Atomic uint32_t faults; /* how often it was */
	int irq_fd, stop_fd, kick_fd[VIRTIO_QUEUES_MAX];
	bool is_running;
	pthread_t thread;
};

void virtio_register(struct virtio_model *model);

#define VIRTIO_MODEL(model)                                                                                            \
	__attribute__((constructor)) static void model##_register(void)                                                \
	{                                                                                                              \
		virtio_register(&(model));                                                                             \
	}

const struct virtio_model *virtio_models(void); /* by name */

/* Asks for one more device; -EINVAL after a message. Texts stay the caller's until virtio_create(). */
int virtio_add(const struct virtio_model *model, const char *arg);

bool virtio_is_wanted(const char *name); /* was one of that model asked for? Until virtio_create(). */

/* What was asked for, and the defaults, in order; NULL from there on. */
int virtio_create(struct dev_host *host, struct virtio_dev *slots[VIRTIO_SLOTS]);
void virtio_destroy(struct virtio_dev *slots[VIRTIO_SLOTS]);

/* ---- virtio_run.c: the device's thread ---- */

int virtio_open_fds(struct virtio_dev *dev);
void virtio_close_fds(struct virtio_dev *dev);
int virtio_start(struct virtio_dev *dev, const struct gmem *mem);
void virtio_stop(struct virtio_dev *dev);

void virtio_kick(struct virtio_dev *dev, uint32_t queue);
void virtio_interrupt(struct virtio_dev *dev, uint32_t bits);
void virtio_acknowledge(struct virtio_dev *dev, uint32_t bits);
void virtio_break(struct virtio_dev *dev, const char *why); /* the device needs a reset; said once */

/* Ends the queue's turn: breaks the device if the rings are damaged, else tells the guest if it wants to know. */
void virtio_tell(struct virtio_dev *dev, struct virtq *q);

/* For poll_fill(): the entry's number, or -1 after a message. */
int virtio_poll_add(struct virtio_poll *poll, int fd, short events);

/* Runs `one` for each chain of a queue until none is left; it returns how many bytes it wrote. */
void virtio_each(struct virtio_dev *dev, struct virtq *q,
		 uint32_t (*one)(struct virtio_dev *dev, const struct virtq_chain *chain));

#endif
