// SPDX-License-Identifier: GPL-2.0-only
/* driver.c: see driver.h. Next file: unit.c. */
#include "driver.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../userctl/board.h"
#include "../ctl/fake_api.h"

struct drv drv;

static void put(struct dev_host *host, uint8_t byte)
{
	(void)host;
	if (drv.nout < sizeof(drv.out))
		drv.out[drv.nout] = byte;
	drv.nout++;
}

/* As a pipe that someone reads slowly: what does not fit waits. */
static size_t put_some(struct dev_host *host, const uint8_t *bytes, size_t n)
{
	size_t room = sizeof(drv.out) - drv.nout;

	(void)host;
	n = n < room ? n : room;
	memcpy(drv.out + drv.nout, bytes, n);
	drv.nout += (uint32_t)n;
	return n;
}

static void set_irq(struct dev_host *host, uint32_t irq, bool level)
{
	(void)host;
	(void)irq;
	(void)level;
}

bool drv_create(void)
{
	memset(&drv, 0, sizeof(drv));
	memset(&fake_calls, 0, sizeof(fake_calls));
	assert_int_equal(pipe(drv.put_fd), 0);
	drv.host = (struct dev_host){ .put = put, .put_some = put_some, .put_fd = drv.put_fd[1], .set_irq = set_irq };
	/* not malloc(): an access behind it would be seen too late */
	drv.ram = mmap(NULL, DRV_RAM_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(drv.ram, MAP_FAILED);
	drv.code_map = calloc(1, LDBT_CODE_MAP_BYTES(DRV_RAM_BYTES));
	drv.mem = (struct gmem){ drv.ram, DRV_RAM_GPA, DRV_RAM_BYTES, drv.code_map, -1 };
	if (dev_create_all(&drv.host, &drv.devs)) {
		drv.devs = NULL;
		return false;
	}
	dev_reset_all(drv.devs);
	dev_power_on_all(drv.devs, &drv.mem);
	return true;
}

void drv_destroy(void)
{
	dev_power_off_all(drv.devs);
	dev_destroy_all(drv.devs);
	close(drv.put_fd[0]);
	close(drv.put_fd[1]);
	munmap(drv.ram, DRV_RAM_BYTES);
	free(drv.code_map);
}

static uint64_t slot_gpa(uint32_t slot)
{
	return BOARD_VIRTIO_GPA + slot * BOARD_VIRTIO_BYTES;
}

uint32_t drv_read(uint32_t slot, uint32_t reg)
{
	uint32_t value = 0xaaaaaaaa;

	assert_int_equal(dev_access(drv.devs, slot_gpa(slot) + reg, (uint8_t *)&value, sizeof(value), false), 0);
	return value;
}

void drv_write(uint32_t slot, uint32_t reg, uint32_t value)
{
	assert_int_equal(dev_access(drv.devs, slot_gpa(slot) + reg, (uint8_t *)&value, sizeof(value), true), 0);
}

uint64_t drv_config(uint32_t slot, uint32_t off, uint32_t len_bytes)
{
	uint64_t value = 0;

	assert_int_equal(
		dev_access(drv.devs, slot_gpa(slot) + VIRTIO_MMIO_CONFIG + off, (uint8_t *)&value, len_bytes, false),
		0);
	return value;
}

void *drv_at(uint64_t gpa)
{
	return drv.ram + (gpa - DRV_RAM_GPA);
}

uint32_t drv_queue_gpa(uint32_t queue, uint64_t gpa[3])
{
	uint32_t i;

	for (i = 0; i < 3; i++)
		gpa[i] = DRV_RAM_GPA + 0x10000 * (1 + queue) + 0x1000 * i;
	return DRV_SIZE;
}

static void make_queue(uint32_t slot, uint32_t queue)
{
	uint64_t gpa[3];
	uint32_t size = drv_queue_gpa(queue, gpa), i;

	drv.queue[queue] = (struct drv_queue){ drv_at(gpa[0]), drv_at(gpa[1]), drv_at(gpa[2]), 0, 0 };
	memset(drv.queue[queue].desc, 0, 0x3000);
	drv_write(slot, VIRTIO_MMIO_QUEUE_SEL, queue);
	if (!drv_read(slot, VIRTIO_MMIO_QUEUE_NUM_MAX))
		return;
	drv_write(slot, VIRTIO_MMIO_QUEUE_NUM, size);
	for (i = 0; i < 3; i++) {
		drv_write(slot, VIRTIO_MMIO_QUEUE_DESC + 0x10 * i, (uint32_t)gpa[i]);
		drv_write(slot, VIRTIO_MMIO_QUEUE_DESC + 0x10 * i + 4, (uint32_t)(gpa[i] >> 32));
	}
	drv_write(slot, VIRTIO_MMIO_QUEUE_READY, 1);
}

void drv_start(uint32_t slot, uint64_t features)
{
	uint32_t status = VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER, half, queue;

	drv.slot = slot;
	drv.features = features;
	drv_write(slot, VIRTIO_MMIO_STATUS, 0);
	drv_write(slot, VIRTIO_MMIO_STATUS, status);
	features |= 1ULL << 32;
	for (half = 0; half < 2; half++) {
		drv_write(slot, VIRTIO_MMIO_DRIVER_FEATURES_SEL, half);
		drv_write(slot, VIRTIO_MMIO_DRIVER_FEATURES, (uint32_t)(features >> 32 * half));
	}
	status |= VIRTIO_STATUS_FEATURES_OK;
	drv_write(slot, VIRTIO_MMIO_STATUS, status);
	assert_int_equal(drv_read(slot, VIRTIO_MMIO_STATUS), status);
	for (queue = 0; queue < DRV_QUEUES; queue++)
		make_queue(slot, queue);
	drv_write(slot, VIRTIO_MMIO_STATUS, status | VIRTIO_STATUS_DRIVER_OK);
}

uint16_t drv_add(uint32_t queue, const struct drv_buffer *buffers, uint32_t n)
{
	struct drv_queue *q = &drv.queue[queue];
	uint16_t head = q->next_desc % DRV_SIZE, idx = q->avail[1];
	uint32_t i;

	for (i = 0; i < n; i++) {
		uint16_t at = q->next_desc++ % DRV_SIZE;
		uint16_t flags = buffers[i].flags | (i + 1 < n ? VIRTQ_DESC_NEXT : 0);

		q->desc[at] = (struct virtq_desc){ buffers[i].gpa, buffers[i].len_bytes, flags, (at + 1) % DRV_SIZE };
	}
	q->avail[2 + idx % DRV_SIZE] = head;
	__atomic_store_n(&q->avail[1], (uint16_t)(idx + 1), __ATOMIC_SEQ_CST);
	drv_kick(queue);
	return head;
}

void drv_kick(uint32_t queue)
{
	drv_write(drv.slot, VIRTIO_MMIO_QUEUE_NOTIFY, queue);
}

/* As the module would: the line's eventfd is taken. A level is kept by the device, so a lost edge ends in a hang here. */
static void sleep_for_interrupt(void)
{
	int fd = fake_calls.irq_fd[BOARD_VIRTIO_IRQ + drv.slot];
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	uint64_t count;

	assert_true(fd > 0);
	assert_int_equal(poll(&pfd, 1, -1), 1);
	assert_int_equal(read(fd, &count, sizeof(count)), sizeof(count));
	drv_write(drv.slot, VIRTIO_MMIO_INTERRUPT_ACK, drv_read(drv.slot, VIRTIO_MMIO_INTERRUPT_STATUS));
}

uint32_t drv_wait(uint32_t queue, uint16_t *head)
{
	struct drv_queue *q = &drv.queue[queue];
	const struct virtq_used_elem *elem;

	/* with event indices: the next one, please */
	__atomic_store_n(&q->avail[2 + DRV_SIZE], q->seen, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&q->used[1], __ATOMIC_ACQUIRE) == q->seen)
		sleep_for_interrupt();
	elem = (const struct virtq_used_elem *)(q->used + 2) + q->seen++ % DRV_SIZE;
	if (head)
		*head = (uint16_t)elem->id;
	return elem->len_bytes;
}

void drv_wait_broken(void)
{
	while (!(drv_read(drv.slot, VIRTIO_MMIO_STATUS) & VIRTIO_STATUS_NEEDS_RESET))
		sleep_for_interrupt();
}
