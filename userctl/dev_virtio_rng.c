// SPDX-License-Identifier: GPL-2.0-only
/* dev_virtio_rng.c: entropy (virtio 1.2, section 5.4): buffers are filled by getrandom(). Next file: dev_virtio_blk.c. */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "ctl.h"
#include "virtio.h"

enum {
	DEVICE_ID = 4,
	QUEUE_SIZE = 64,
	REQUEST_BYTES_MAX = 64 << 10, /* of one chain; a driver asks again for more */
	CALL_BYTES_MAX = 256,	      /* getrandom() never gives less for these */
};

static int rng_open(struct virtio_dev *dev, const char *arg)
{
	(void)dev;
	if (!strcmp(arg, "on"))
		return 0;
	if (!strcmp(arg, "none"))
		return VIRTIO_NONE;
	ctl_error("--rng: found '%s', expected on or none", arg);
	return -EINVAL;
}

static void rng_close(struct virtio_dev *dev)
{
	(void)dev;
}

static uint32_t fill_chain(struct virtio_dev *dev, const struct virtq_chain *chain)
{
	uint8_t bytes[CALL_BYTES_MAX];
	uint32_t done = 0;

	while (done < chain->write_bytes && done < REQUEST_BYTES_MAX) {
		ssize_t got = getrandom(bytes, sizeof(bytes), 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			virtio_break(dev, strerror(errno));
			break;
		}
		done += (uint32_t)iov_copy_to(virtq_writable(chain), done, bytes, (size_t)got);
	}
	return done;
}

static void rng_handle(struct virtio_dev *dev, uint32_t queue)
{
	virtio_each(dev, &dev->queue[queue], fill_chain);
}

static struct virtio_model rng = {
	.name = "rng",
	.help = "      --rng=on|none   random numbers for the guest (on)\n",
	.default_arg = "on",
	.device_id = DEVICE_ID,
	.nqueues = 1,
	.queue_size = QUEUE_SIZE,
	.open = rng_open,
	.close = rng_close,
	.handle = rng_handle,
};
VIRTIO_MODEL(rng)
