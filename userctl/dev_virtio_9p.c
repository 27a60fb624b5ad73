// SPDX-License-Identifier: GPL-2.0-only
/* dev_virtio_9p.c: a folder of the host for the guest (virtio 1.2, section 5.15: 9P transport): chains to messages and
 * back. Next file: p9.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "p9.h"
#include "virtio.h"

enum {
	DEVICE_ID = 9,
	QUEUE_SIZE = 128,
	F_MOUNT_TAG = 1 << 0,
	TAG_BYTES_MAX = VIRTIO_CONFIG_BYTES - 2,
};

struct share {
	struct p9 *p9;
	uint8_t request[P9_MESSAGE_BYTES_MAX], answer[P9_MESSAGE_BYTES_MAX];
};

static uint32_t serve(struct virtio_dev *dev, const struct virtq_chain *chain)
{
	struct share *share = dev->state;
	size_t room = chain->write_bytes < P9_MESSAGE_BYTES_MAX ? chain->write_bytes : P9_MESSAGE_BYTES_MAX;
	size_t bytes = iov_copy_from(virtq_readable(chain), 0, share->request, sizeof(share->request));

	bytes = p9_serve(share->p9, share->request, bytes, share->answer, room);
	if (!bytes)
		virtio_break(dev, "a request that is no message, or has no room for an answer");
	return (uint32_t)iov_copy_to(virtq_writable(chain), 0, share->answer, bytes);
}

static void share_handle(struct virtio_dev *dev, uint32_t queue)
{
	virtio_each(dev, &dev->queue[queue], serve);
}

static void share_stop(struct virtio_dev *dev)
{
	p9_reset(((struct share *)dev->state)->p9);
}

/* DIR[,tag=NAME][,ro], from the end: a folder's name may hold commas. */
static int share_open(struct virtio_dev *dev, const char *arg)
{
	struct share *share = dev->state;
	char *text = strdup(arg), *at;
	const char *tag = "share";
	size_t len = text ? strlen(text) : 0;
	bool is_readonly = len > 3 && !strcmp(text + len - 3, ",ro");
	uint16_t tag_bytes;

	if (!text) {
		ctl_error("--share: no memory");
		return -ENOMEM;
	}
	if (is_readonly)
		text[len - 3] = 0;
	at = strrchr(text, ',');
	if (at && !strncmp(at, ",tag=", 5)) {
		*at = 0;
		tag = at + 5;
	}
	tag_bytes = (uint16_t)strnlen(tag, TAG_BYTES_MAX + 1);
	if (tag_bytes && tag_bytes <= TAG_BYTES_MAX)
		share->p9 = p9_create(text, is_readonly);
	else
		ctl_error("--share=%s: expected a tag of 1 to %d bytes", arg, TAG_BYTES_MAX);
	memcpy(dev->config, &tag_bytes, sizeof(tag_bytes));
	memcpy(dev->config + sizeof(tag_bytes), tag, strnlen(tag, TAG_BYTES_MAX));
	dev->features = F_MOUNT_TAG;
	free(text);
	return share->p9 ? 0 : -EINVAL;
}

static void share_close(struct virtio_dev *dev)
{
	p9_destroy(((struct share *)dev->state)->p9);
}

static struct virtio_model share = {
	.name = "share",
	.help = "      --share=FOLDER[,tag=NAME][,ro]\n"
		"                      a folder of the host: mount -t 9p -o trans=virtio,version=9p2000.L NAME\n",
	.device_id = DEVICE_ID,
	.nqueues = 1,
	.queue_size = QUEUE_SIZE,
	.config_bytes = VIRTIO_CONFIG_BYTES,
	.state_bytes = sizeof(struct share),
	.open = share_open,
	.close = share_close,
	.stop = share_stop,
	.handle = share_handle,
};
VIRTIO_MODEL(share)
