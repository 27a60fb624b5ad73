// SPDX-License-Identifier: GPL-2.0-only
/* dev.c: the list of models, and the way from an address to a device. Next file: dev_uart.c. */
#include "dev.h"

#include <errno.h>
#include <stdlib.h>

#include "ctl.h"

static struct dev_model *models;

void dev_register(struct dev_model *model)
{
	struct dev_model **at = &models;

	while (*at && (*at)->gpa < model->gpa)
		at = &(*at)->next;
	model->next = *at;
	*at = model;
}

const struct dev_model *dev_models(void)
{
	return models;
}

static struct dev *allocate(const struct dev_model *model, struct dev_host *host)
{
	struct dev *dev = calloc(1, sizeof(*dev));

	if (!dev)
		return NULL;
	dev->model = model;
	dev->host = host;
	dev->state = calloc(1, model->state_bytes ? model->state_bytes : 1);
	if (!dev->state) {
		free(dev);
		return NULL;
	}
	return dev;
}

static int create(const struct dev_model *model, struct dev_host *host, struct dev **devs)
{
	struct dev *dev = allocate(model, host);

	if (!dev) {
		ctl_error("%s: no memory", model->name);
		return -ENOMEM;
	}
	dev->next = *devs;
	*devs = dev;
	return model->create ? model->create(dev) : 0;
}

int dev_create_all(struct dev_host *host, struct dev **devs)
{
	const struct dev_model *model;
	int ret = 0;

	*devs = NULL;
	for (model = models; model && !ret; model = model->next)
		ret = create(model, host, devs);
	if (ret)
		dev_destroy_all(*devs);
	return ret;
}

void dev_destroy_all(struct dev *devs)
{
	while (devs) {
		struct dev *next = devs->next;

		if (devs->model->destroy)
			devs->model->destroy(devs);
		free(devs->state);
		free(devs);
		devs = next;
	}
}

void dev_power_on_all(struct dev *devs, const struct gmem *mem)
{
	for (; devs; devs = devs->next)
		if (devs->model->power_on)
			devs->model->power_on(devs, mem);
}

void dev_power_off_all(struct dev *devs)
{
	for (; devs; devs = devs->next)
		if (devs->model->power_off)
			devs->model->power_off(devs);
}

void dev_reset_all(struct dev *devs)
{
	for (; devs; devs = devs->next)
		devs->model->reset(devs);
}

struct dev *dev_console(struct dev *devs)
{
	for (; devs; devs = devs->next)
		if (devs->model->receive && (!devs->model->is_console || devs->model->is_console(devs)))
			break;
	return devs;
}

int dev_access(struct dev *devs, uint64_t gpa, uint8_t *data, uint32_t len_bytes, bool is_write)
{
	for (; devs; devs = devs->next) {
		const struct dev_model *model = devs->model;
		uint64_t off = gpa - model->gpa;

		if (off < model->size_bytes && len_bytes <= model->size_bytes - off) {
			model->access(devs, off, data, len_bytes, is_write);
			return 0;
		}
	}
	return -ENXIO;
}
