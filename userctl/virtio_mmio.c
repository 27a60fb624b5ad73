// SPDX-License-Identifier: GPL-2.0-only
/* virtio_mmio.c: registers of the slots. Numbers in brackets are sections of virtio 1.2. Next file: dev_virtio_rng.c. */
#include "virtio_mmio.h"

#include <errno.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>

#include "api.h"
#include "board.h"
#include "ctl.h"
#include "virtio.h"

#define MAGIC	  0x74726976 /* "virt" */
#define VENDOR_ID 0x5442444c /* "LDBT" */

enum { VERSION = 2, NODE_NAME_BYTES = 32 };

struct slot {
	uint32_t number;
	struct virtio_dev *dev; /* NULL: empty */
	uint32_t status;	/* but for NEEDS_RESET, which is the device's is_broken */
	uint32_t device_features_sel, driver_features_sel, queue_sel;
	bool is_wired; /* doorbells and interrupt are with the VM */
};

struct slots {
	const struct gmem *mem; /* NULL: no power */
	struct virtio_dev *dev[VIRTIO_SLOTS];
	struct slot slot[VIRTIO_SLOTS];
};

/* ---- wires ---- */

static uint64_t notify_gpa(const struct slot *slot)
{
	return BOARD_VIRTIO_GPA + slot->number * BOARD_VIRTIO_BYTES + VIRTIO_MMIO_QUEUE_NOTIFY;
}

/* The guest's doorbell goes to the device's thread by itself, and its interrupts back. */
static int wire(struct slot *slot, const struct gmem *mem)
{
	struct virtio_dev *dev = slot->dev;
	int ret = api_irqfd(mem->vm_fd, dev->irq_fd, BOARD_VIRTIO_IRQ + slot->number, 0);
	uint32_t i;

	slot->is_wired = true;
	for (i = 0; i < dev->model->nqueues && !ret; i++)
		ret = api_doorbell(mem->vm_fd, dev->kick_fd[i], notify_gpa(slot), i, 0);
	return ret;
}

/* What is not there, after a wire() that failed, is refused: no matter. */
static void unwire(struct slot *slot, const struct gmem *mem)
{
	struct virtio_dev *dev = slot->dev;
	uint32_t i;

	if (!slot->is_wired)
		return;
	slot->is_wired = false;
	api_irqfd(mem->vm_fd, dev->irq_fd, BOARD_VIRTIO_IRQ + slot->number, LDBT_IRQFD_DEASSIGN);
	for (i = 0; i < dev->model->nqueues; i++)
		api_doorbell(mem->vm_fd, dev->kick_fd[i], notify_gpa(slot), i, LDBT_IOEVENTFD_DEASSIGN);
}

/* ---- status [2.1, 3.1] ---- */

static void start(struct slot *slot, const struct gmem *mem)
{
	int ret = mem ? wire(slot, mem) : -ENXIO;

	if (ret)
		virtio_break(slot->dev, strerror(-ret));
	else
		virtio_start(slot->dev, mem);
}

static void stop(struct slot *slot, const struct gmem *mem)
{
	virtio_stop(slot->dev);
	unwire(slot, mem);
}

static void reset(struct slot *slot, const struct gmem *mem)
{
	struct virtio_dev *dev = slot->dev;
	uint32_t i;

	if (!dev)
		return;
	stop(slot, mem);
	slot->status = slot->device_features_sel = slot->driver_features_sel = slot->queue_sel = 0;
	dev->accepted = 0;
	atomic_store(&dev->irq_status, 0);
	atomic_store(&dev->is_broken, false);
	for (i = 0; i < dev->model->nqueues; i++)
		dev->queue[i] = (struct virtq){ .size = dev->model->queue_size };
}

static uint64_t offered(const struct virtio_dev *dev)
{
	return dev->features | VIRTIO_FEATURE_VERSION_1 | VIRTIO_FEATURE_INDIRECT_DESC | VIRTIO_FEATURE_EVENT_IDX;
}

static bool are_features_ok(const struct virtio_dev *dev)
{
	return dev->accepted & VIRTIO_FEATURE_VERSION_1 && !(dev->accepted & ~offered(dev));
}

/* Bits are only added, but for 0, which resets. */
static void write_status(struct slot *slot, const struct gmem *mem, uint32_t value)
{
	uint32_t added = value & ~slot->status & ~(uint32_t)VIRTIO_STATUS_NEEDS_RESET;

	if (!value) {
		reset(slot, mem);
		return;
	}
	if (added & VIRTIO_STATUS_FEATURES_OK && !are_features_ok(slot->dev))
		added &= ~(uint32_t)(VIRTIO_STATUS_FEATURES_OK | VIRTIO_STATUS_DRIVER_OK);
	slot->status |= added;
	if (!(slot->status & VIRTIO_STATUS_FEATURES_OK))
		slot->status &= ~(uint32_t)VIRTIO_STATUS_DRIVER_OK; /* [3.1.1]: it comes after */
	if (added & slot->status & VIRTIO_STATUS_DRIVER_OK)
		start(slot, mem);
}

/* ---- registers ---- */

static struct virtq *selected(struct slot *slot)
{
	return slot->queue_sel < slot->dev->model->nqueues ? &slot->dev->queue[slot->queue_sel] : NULL;
}

static uint32_t half(uint64_t value, uint32_t sel)
{
	return sel > 1 ? 0 : (uint32_t)(value >> 32 * sel);
}

static void set_half(uint64_t *value, uint32_t sel, uint32_t bits)
{
	if (sel <= 1)
		*value = (*value & ~(0xffffffffULL << 32 * sel)) | (uint64_t)bits << 32 * sel;
}

static uint32_t read_register(struct slot *slot, uint64_t off)
{
	struct virtio_dev *dev = slot->dev;
	const struct virtq *q = selected(slot);

	switch (off) {
	case VIRTIO_MMIO_DEVICE_FEATURES: return half(offered(dev), slot->device_features_sel);
	case VIRTIO_MMIO_QUEUE_NUM_MAX: return q ? dev->model->queue_size : 0;
	case VIRTIO_MMIO_QUEUE_READY: return q && q->is_ready;
	case VIRTIO_MMIO_INTERRUPT_STATUS: return atomic_load(&dev->irq_status);
	case VIRTIO_MMIO_STATUS:
		return slot->status | (atomic_load(&dev->is_broken) ? (uint32_t)VIRTIO_STATUS_NEEDS_RESET : 0);
	default: return off >= VIRTIO_MMIO_SHM_LEN && off < VIRTIO_MMIO_SHM_END ? UINT32_MAX : 0;
	}
}

/* A queue is taken back while others go on. */
static void write_ready(struct slot *slot, const struct gmem *mem, struct virtq *q, bool is_ready)
{
	bool was_running = slot->dev->is_running;

	if (q->is_ready == is_ready)
		return;
	if (was_running)
		stop(slot, mem);
	if (!is_ready)
		*q = (struct virtq){ .size = slot->dev->model->queue_size };
	q->is_ready = is_ready;
	if (was_running)
		start(slot, mem);
}

/* Registers of the selected queue; they hold still while it is ready [4.2.2.2]. */
static void write_queue(struct slot *slot, const struct gmem *mem, uint64_t off, uint32_t value)
{
	struct virtq *q = selected(slot);
	uint32_t high = off >> 2 & 1;

	if (!q || (q->is_ready && off != VIRTIO_MMIO_QUEUE_READY))
		return;
	switch (off & ~4ULL) {
	case VIRTIO_MMIO_QUEUE_DESC: set_half(&q->desc_gpa, high, value); break;
	case VIRTIO_MMIO_QUEUE_DRIVER: set_half(&q->avail_gpa, high, value); break;
	case VIRTIO_MMIO_QUEUE_DEVICE: set_half(&q->used_gpa, high, value); break;
	case VIRTIO_MMIO_QUEUE_NUM: q->size = value <= slot->dev->model->queue_size ? value : 0; break;
	case VIRTIO_MMIO_QUEUE_READY & ~4: write_ready(slot, mem, q, value & 1); break;
	default: break;
	}
}

static void write_register(struct slot *slot, const struct gmem *mem, uint64_t off, uint32_t value)
{
	struct virtio_dev *dev = slot->dev;

	switch (off) {
	case VIRTIO_MMIO_DEVICE_FEATURES_SEL: slot->device_features_sel = value; break;
	case VIRTIO_MMIO_DRIVER_FEATURES_SEL: slot->driver_features_sel = value; break;
	case VIRTIO_MMIO_DRIVER_FEATURES:
		if (!(slot->status & VIRTIO_STATUS_FEATURES_OK))
			set_half(&dev->accepted, slot->driver_features_sel, value);
		break;
	case VIRTIO_MMIO_QUEUE_SEL: slot->queue_sel = value; break;
	case VIRTIO_MMIO_QUEUE_NOTIFY: /* where the module did not take it */
		if (value < dev->model->nqueues && dev->is_running)
			virtio_kick(dev, value);
		break;
	case VIRTIO_MMIO_INTERRUPT_ACK: virtio_acknowledge(dev, value); break;
	case VIRTIO_MMIO_STATUS: write_status(slot, mem, value); break;
	default: write_queue(slot, mem, off, value);
	}
}

/* ---- accesses ---- */

static void read_config(const struct slot *slot, uint64_t off, uint8_t *data, uint32_t len_bytes)
{
	const struct virtio_dev *dev = slot->dev;
	uint32_t i;

	for (i = 0; i < len_bytes; i++)
		data[i] = dev && off + i < dev->model->config_bytes ? dev->config[off + i] : 0;
}

static uint32_t read_common(struct slot *slot, uint64_t off)
{
	switch (off) {
	case VIRTIO_MMIO_MAGIC: return MAGIC;
	case VIRTIO_MMIO_VERSION: return VERSION;
	case VIRTIO_MMIO_DEVICE_ID: return slot->dev ? slot->dev->model->device_id : 0;
	case VIRTIO_MMIO_VENDOR_ID: return VENDOR_ID;
	default: return slot->dev ? read_register(slot, off) : 0;
	}
}

/* [4.2.2.2]: registers are accessed by aligned 32-bit words; what is not reads as 0 and writes nothing. No model has a
 * config field that drivers may write. */
static void mmio_access(struct dev *dev, uint64_t off, uint8_t *data, uint32_t len_bytes, bool is_write)
{
	struct slots *slots = dev->state;
	struct slot *slot = &slots->slot[off / BOARD_VIRTIO_BYTES];
	uint32_t value = 0;

	off %= BOARD_VIRTIO_BYTES;
	if (off >= VIRTIO_MMIO_CONFIG) {
		if (!is_write)
			read_config(slot, off - VIRTIO_MMIO_CONFIG, data, len_bytes);
		return;
	}
	if (len_bytes != sizeof(value) || off % sizeof(value)) {
		if (!is_write)
			memset(data, 0, len_bytes);
		return;
	}
	if (is_write) {
		memcpy(&value, data, sizeof(value));
		if (slot->dev)
			write_register(slot, slots->mem, off, value);
	} else {
		value = read_common(slot, off);
		memcpy(data, &value, sizeof(value));
	}
}

/* ---- the model ---- */

static int mmio_create(struct dev *dev)
{
	struct slots *slots = dev->state;
	uint32_t i;
	int ret = virtio_create(dev->host, slots->dev);

	for (i = 0; i < VIRTIO_SLOTS; i++)
		slots->slot[i] = (struct slot){ .number = i, .dev = slots->dev[i] };
	return ret;
}

static void mmio_destroy(struct dev *dev)
{
	virtio_destroy(((struct slots *)dev->state)->dev);
}

static void mmio_reset(struct dev *dev)
{
	struct slots *slots = dev->state;
	uint32_t i;

	for (i = 0; i < VIRTIO_SLOTS; i++)
		reset(&slots->slot[i], slots->mem);
}

static void mmio_power_on(struct dev *dev, const struct gmem *mem)
{
	((struct slots *)dev->state)->mem = mem;
}

static void mmio_power_off(struct dev *dev)
{
	mmio_reset(dev);
	((struct slots *)dev->state)->mem = NULL;
}

/* ---- the terminal's input ---- */

static struct virtio_dev *find_console(struct dev *dev)
{
	struct slots *slots = dev->state;
	uint32_t i;

	for (i = 0; i < VIRTIO_SLOTS; i++)
		if (slots->dev[i] && slots->dev[i]->model->receive)
			return slots->dev[i];
	return NULL;
}

static bool mmio_is_console(struct dev *dev)
{
	return find_console(dev);
}

static void mmio_receive(struct dev *dev, uint8_t byte)
{
	struct virtio_dev *console = find_console(dev);

	console->model->receive(console, byte);
}

static bool mmio_room(struct dev *dev)
{
	struct virtio_dev *console = find_console(dev);

	return console->model->room(console);
}

/* ---- the device tree ---- */

static int describe_slot(void *fdt, uint32_t number)
{
	uint64_t gpa = BOARD_VIRTIO_GPA + number * BOARD_VIRTIO_BYTES;
	uint64_t reg[2] = { cpu_to_fdt64(gpa), cpu_to_fdt64(BOARD_VIRTIO_BYTES) };
	char name[NODE_NAME_BYTES];
	int err;

	snprintf(name, sizeof(name), "virtio_mmio@%" PRIx64, gpa);
	err = fdt_begin_node(fdt, name);
	err = err ? err : fdt_property_string(fdt, "compatible", "virtio,mmio");
	err = err ? err : fdt_property(fdt, "reg", reg, sizeof(reg));
	err = err ? err : fdt_property_u32(fdt, "interrupts", BOARD_VIRTIO_IRQ + number);
	err = err ? err : fdt_property_u32(fdt, "interrupt-parent", BOARD_PHANDLE_PLIC);
	return err ? err : fdt_end_node(fdt);
}

/* All of them, as QEMU does: a driver finds an empty one by its device ID. */
static int mmio_describe(void *fdt)
{
	uint32_t i;
	int err = 0;

	for (i = 0; i < VIRTIO_SLOTS && !err; i++)
		err = describe_slot(fdt, i);
	return err;
}

static struct dev_model virtio_mmio = {
	.name = "virtio",
	.gpa = BOARD_VIRTIO_GPA,
	.size_bytes = VIRTIO_SLOTS * BOARD_VIRTIO_BYTES,
	.state_bytes = sizeof(struct slots),
	.describe = mmio_describe,
	.reset = mmio_reset,
	.access = mmio_access,
	.create = mmio_create,
	.destroy = mmio_destroy,
	.power_on = mmio_power_on,
	.power_off = mmio_power_off,
	.is_console = mmio_is_console,
	.receive = mmio_receive,
	.room = mmio_room,
};
DEV_MODEL(virtio_mmio)
