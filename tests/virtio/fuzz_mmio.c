// SPDX-License-Identifier: GPL-2.0-only
/* fuzz_mmio.c: libFuzzer target: any accesses to the registers of a network card, a random number generator and an empty slot,
 * with any bytes in memory. The devices' threads run meanwhile. Next file: fuzz_p9.c. */
#include <stdlib.h>
#include <string.h>

#include "../../userctl/board.h"
#include "../../userctl/dev.h"
#include "../../userctl/virtio_mmio.h"
#include "../ctl/fake_api.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { RAM_BYTES = 64 << 10, RECORD_BYTES = 4, SLOT_MASK = 3 };
#define RAM_GPA 0x80000000ULL

static struct dev *devs;
static struct gmem mem = { .gpa = RAM_GPA, .bytes = RAM_BYTES, .vm_fd = -1 };
static uint8_t code_map[4096];

static void put(struct dev_host *host, uint8_t byte)
{
	(void)host;
	(void)byte;
}

static void set_irq(struct dev_host *host, uint32_t irq, bool level)
{
	(void)host;
	(void)irq;
	(void)level;
}

static void power_off(struct dev_host *host, int status)
{
	(void)host;
	(void)status;
}

static void restart(struct dev_host *host)
{
	(void)host;
}

static struct dev_host host = { .put = put, .set_irq = set_irq, .power_off = power_off, .restart = restart };

static void access_word(uint64_t gpa, uint32_t value, bool is_write)
{
	dev_access(devs, gpa, (uint8_t *)&value, sizeof(value), is_write);
}

/* A driver's usual beginning, which random accesses would rarely find. */
static void begin(uint64_t slot)
{
	static const uint32_t steps[][2] = {
		{ VIRTIO_MMIO_STATUS, 0 },
		{ VIRTIO_MMIO_STATUS, 3 },
		{ VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1 },
		{ VIRTIO_MMIO_DRIVER_FEATURES, 1 },
		{ VIRTIO_MMIO_DRIVER_FEATURES_SEL, 0 },
		{ VIRTIO_MMIO_DRIVER_FEATURES, 3U << 28 },
		{ VIRTIO_MMIO_STATUS, 11 },
		{ VIRTIO_MMIO_QUEUE_SEL, 0 },
		{ VIRTIO_MMIO_QUEUE_NUM, 8 },
		{ VIRTIO_MMIO_QUEUE_DESC, RAM_GPA },
		{ VIRTIO_MMIO_QUEUE_DRIVER, RAM_GPA + 0x100 },
		{ VIRTIO_MMIO_QUEUE_DEVICE, RAM_GPA + 0x200 },
		{ VIRTIO_MMIO_QUEUE_READY, 1 },
		{ VIRTIO_MMIO_STATUS, 15 },
	};
	uint32_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		access_word(slot + steps[i][0], steps[i][1], true);
}

/* Four bytes: slot and kind, register, two of value. */
static void run_record(const unsigned char *at)
{
	uint64_t slot = BOARD_VIRTIO_GPA + (at[0] & SLOT_MASK) * BOARD_VIRTIO_BYTES;
	uint32_t value = (uint32_t)(at[2] | at[3] << 8);
	uint8_t data[8] = { at[2], at[3] };

	switch (at[0] >> 5) {
	case 0: begin(slot); break;
	case 1: access_word(slot + (at[1] & 0x7cU), value, true); break;
	case 2: access_word(slot + (at[1] & 0xfcU), (uint32_t)RAM_GPA + value, true); break;
	case 3: access_word(slot + at[1], value, false); break;
	case 4: dev_access(devs, slot + at[1] * 8U, data, 1U << (at[2] & 3), at[3] & 1); break;
	case 5: access_word(slot + VIRTIO_MMIO_QUEUE_NOTIFY, value & 1, true); break;
	default: memcpy(mem.ram + (at[1] << 2 & 0x3fc), at + 2, 2); break;
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	size_t i;

	memset(&fake_calls, 0, sizeof(fake_calls));
	mem.ram = calloc(1, RAM_BYTES);
	mem.code_map = code_map;
	if (!mem.ram || dev_create_all(&host, &devs))
		abort();
	dev_reset_all(devs);
	dev_power_on_all(devs, &mem);
	for (i = 0; i + RECORD_BYTES <= size; i += RECORD_BYTES)
		run_record(data + i);
	dev_power_off_all(devs);
	if (fake_calls.doorbells)
		abort(); /* each that was wired must be unwired */
	dev_destroy_all(devs);
	free(mem.ram);
	return 0;
}
