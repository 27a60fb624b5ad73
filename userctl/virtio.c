// SPDX-License-Identifier: GPL-2.0-only
/* virtio.c: the models, and the devices that options ask for. Next file: virtio_run.c. */
#include "virtio.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

static struct virtio_model *models;

static struct wanted {
	const struct virtio_model *model;
	const char *arg;
} wanted[VIRTIO_SLOTS];
static uint32_t nwanted;

void virtio_register(struct virtio_model *model)
{
	struct virtio_model **at = &models;

	while (*at && strcmp((*at)->name, model->name) < 0)
		at = &(*at)->next;
	model->next = *at;
	*at = model;
}

const struct virtio_model *virtio_models(void)
{
	return models;
}

int virtio_add(const struct virtio_model *model, const char *arg)
{
	if (nwanted == VIRTIO_SLOTS) {
		ctl_error("--%s: found a device too many, expected at most %d", model->name, VIRTIO_SLOTS);
		return -EINVAL;
	}
	wanted[nwanted++] = (struct wanted){ model, arg };
	return 0;
}

bool virtio_is_wanted(const char *name)
{
	uint32_t i;

	for (i = 0; i < nwanted; i++)
		if (!strcmp(wanted[i].model->name, name))
			return true;
	return false;
}

static int add_defaults(void)
{
	const struct virtio_model *model;
	int ret = 0;

	for (model = models; model && !ret; model = model->next)
		if (model->default_arg && !virtio_is_wanted(model->name))
			ret = virtio_add(model, model->default_arg);
	return ret;
}

static void destroy(struct virtio_dev *dev)
{
	dev->model->close(dev);
	virtio_close_fds(dev);
	free(dev->state);
	free(dev);
}

static struct virtio_dev *allocate(struct dev_host *host, const struct wanted *want, uint32_t number)
{
	struct virtio_dev *dev = calloc(1, sizeof(*dev));

	if (!dev)
		return NULL;
	dev->state = calloc(1, want->model->state_bytes ? want->model->state_bytes : 1);
	if (!dev->state) {
		free(dev);
		return NULL;
	}
	dev->model = want->model;
	dev->host = host;
	dev->irq_fd = dev->stop_fd = -1;
	memset(dev->kick_fd, 0xff, sizeof(dev->kick_fd));
	snprintf(dev->name, sizeof(dev->name), "virtio %u (%s)", number, want->model->name);
	return dev;
}

/* 0, VIRTIO_NONE, or negative */
static int create(struct dev_host *host, const struct wanted *want, struct virtio_dev **slot, uint32_t number)
{
	struct virtio_dev *dev = allocate(host, want, number);
	int ret;

	if (!dev) {
		ctl_error("--%s: no memory", want->model->name);
		return -ENOMEM;
	}
	ret = virtio_open_fds(dev);
	if (ret)
		ctl_error("--%s: %s", want->model->name, strerror(-ret));
	else
		ret = dev->model->open(dev, want->arg);
	if (ret)
		destroy(dev);
	else
		*slot = dev;
	return ret;
}

int virtio_create(struct dev_host *host, struct virtio_dev *slots[VIRTIO_SLOTS])
{
	uint32_t i, used = 0;
	int ret = add_defaults();

	memset(slots, 0, sizeof(slots[0]) * VIRTIO_SLOTS);
	for (i = 0; i < nwanted && ret >= 0; i++) {
		ret = create(host, &wanted[i], &slots[used], used);
		if (!ret)
			used++;
	}
	nwanted = 0;
	return ret < 0 ? ret : 0;
}

void virtio_destroy(struct virtio_dev *slots[VIRTIO_SLOTS])
{
	uint32_t i;

	for (i = 0; i < VIRTIO_SLOTS; i++)
		if (slots[i])
			destroy(slots[i]);
}
