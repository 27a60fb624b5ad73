// SPDX-License-Identifier: GPL-2.0-only
/* unit_queue.c: registers of the transport and rings, good and malicious, with the rng as the device behind them.
 * Next file: unit_blk.c. */
#include "driver.h"

#include <string.h>

#include "../../userctl/board.h"
#include "../../userctl/virtio.h"
#include "../ctl/fake_api.h"

enum { RNG = 0, PAGE = 4096, W = VIRTQ_DESC_WRITE };

static int setup(void **state)
{
	const struct virtio_model *model = virtio_models();

	(void)state;
	for (; model; model = model->next)
		if (!strcmp(model->name, "rng"))
			virtio_add(model, "on");
	return drv_create() ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	drv_destroy();
	return 0;
}

/* ---- registers ---- */

static void registers_identify(void **state)
{
	(void)state;
	assert_int_equal(drv_read(RNG, VIRTIO_MMIO_MAGIC), 0x74726976);
	assert_int_equal(drv_read(RNG, VIRTIO_MMIO_VERSION), 2);
	assert_int_equal(drv_read(RNG, VIRTIO_MMIO_DEVICE_ID), 4);
	assert_int_equal(drv_read(RNG, VIRTIO_MMIO_SHM_LEN), UINT32_MAX);
	assert_int_equal(drv_read(RNG, VIRTIO_MMIO_STATUS), 0);
}

static void empty_slot_has_no_device(void **state)
{
	uint32_t reg;

	(void)state;
	assert_int_equal(drv_read(7, VIRTIO_MMIO_MAGIC), 0x74726976);
	for (reg = VIRTIO_MMIO_DEVICE_ID; reg < 0x200; reg += 4) {
		drv_write(7, reg, UINT32_MAX);
		if (reg != VIRTIO_MMIO_VENDOR_ID)
			assert_int_equal(drv_read(7, reg), 0);
	}
}

static void registers_want_words(void **state)
{
	uint8_t data[8];

	(void)state;
	memset(data, 0xaa, sizeof(data));
	dev_access(drv.devs, BOARD_VIRTIO_GPA, data, 1, false);
	assert_int_equal(data[0], 0);
	memset(data, 0xaa, sizeof(data));
	dev_access(drv.devs, BOARD_VIRTIO_GPA + 2, data, 4, false);
	assert_int_equal(data[0], 0);
	memset(data, 0xaa, sizeof(data));
	dev_access(drv.devs, BOARD_VIRTIO_GPA, data, 8, false);
	assert_int_equal(data[0] | data[7], 0);
	data[0] = VIRTIO_STATUS_ACKNOWLEDGE;
	dev_access(drv.devs, BOARD_VIRTIO_GPA + VIRTIO_MMIO_STATUS, data, 1, true);
	assert_int_equal(drv_read(RNG, VIRTIO_MMIO_STATUS), 0);
}

static uint32_t try_features(uint64_t features)
{
	uint32_t half;

	drv_write(RNG, VIRTIO_MMIO_STATUS, 0);
	drv_write(RNG, VIRTIO_MMIO_STATUS, 3);
	for (half = 0; half < 2; half++) {
		drv_write(RNG, VIRTIO_MMIO_DRIVER_FEATURES_SEL, half);
		drv_write(RNG, VIRTIO_MMIO_DRIVER_FEATURES, (uint32_t)(features >> 32 * half));
	}
	drv_write(RNG, VIRTIO_MMIO_STATUS, 3 | VIRTIO_STATUS_FEATURES_OK);
	return drv_read(RNG, VIRTIO_MMIO_STATUS);
}

static void features_are_checked(void **state)
{
	const uint64_t v1 = VIRTIO_FEATURE_VERSION_1;

	(void)state;
	assert_int_equal(try_features(v1), 11);
	assert_int_equal(try_features(v1 | VIRTIO_FEATURE_EVENT_IDX | VIRTIO_FEATURE_INDIRECT_DESC), 11);
	assert_int_equal(try_features(0), 3);
	assert_int_equal(try_features(VIRTIO_FEATURE_EVENT_IDX), 3);
	assert_int_equal(try_features(v1 | 1), 3);
	assert_int_equal(try_features(v1 | 1ULL << 34), 3); /* packed rings */
	/* too late to change them */
	try_features(v1);
	drv_write(RNG, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 0);
	drv_write(RNG, VIRTIO_MMIO_DRIVER_FEATURES, UINT32_MAX);
	drv_write(RNG, VIRTIO_MMIO_STATUS, 15);
	assert_int_equal(drv_read(RNG, VIRTIO_MMIO_STATUS), 15);
	drv_write(RNG, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 1);
	assert_int_equal(drv_read(RNG, VIRTIO_MMIO_DEVICE_FEATURES), 1);
	drv_write(RNG, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 2);
	assert_int_equal(drv_read(RNG, VIRTIO_MMIO_DEVICE_FEATURES), 0);
}

static void driver_ok_needs_features_ok(void **state)
{
	(void)state;
	drv_write(RNG, VIRTIO_MMIO_STATUS, 3 | VIRTIO_STATUS_DRIVER_OK);
	assert_int_equal(drv_read(RNG, VIRTIO_MMIO_STATUS), 3);
	assert_int_equal(fake_calls.doorbells, 0);
}

static void wires_come_and_go(void **state)
{
	(void)state;
	drv_start(RNG, 0);
	assert_int_equal(fake_calls.doorbells, 1);
	assert_true(fake_calls.irq_fd[1] > 0);
	drv_write(RNG, VIRTIO_MMIO_STATUS, 0);
	assert_int_equal(fake_calls.doorbells, 0);
	assert_int_equal(fake_calls.irq_fd[1], -1);
	assert_int_equal(drv_read(RNG, VIRTIO_MMIO_QUEUE_READY), 0);
}

static void queue_registers(void **state)
{
	(void)state;
	assert_true(drv_read(RNG, VIRTIO_MMIO_QUEUE_NUM_MAX) >= DRV_SIZE);
	drv_write(RNG, VIRTIO_MMIO_QUEUE_SEL, 1);
	assert_int_equal(drv_read(RNG, VIRTIO_MMIO_QUEUE_NUM_MAX), 0);
	drv_write(RNG, VIRTIO_MMIO_QUEUE_READY, 1);
	assert_int_equal(drv_read(RNG, VIRTIO_MMIO_QUEUE_READY), 0);
	drv_write(RNG, VIRTIO_MMIO_QUEUE_SEL, UINT32_MAX);
	assert_int_equal(drv_read(RNG, VIRTIO_MMIO_QUEUE_NUM_MAX), 0);
	drv_write(RNG, VIRTIO_MMIO_QUEUE_NOTIFY, UINT32_MAX);
}

static void bad_rings_break_the_device(void **state)
{
	static const uint64_t places[] = { 0, DRV_RAM_GPA - 16, DRV_RAM_GPA + DRV_RAM_BYTES - 16, DRV_RAM_GPA + 1,
					   UINT64_MAX - 15 };
	uint32_t i, reg;

	(void)state;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		for (reg = VIRTIO_MMIO_QUEUE_DESC; reg <= VIRTIO_MMIO_QUEUE_DEVICE; reg += 0x10) {
			drv_start(RNG, 0);
			drv_write(RNG, VIRTIO_MMIO_QUEUE_SEL, 0);
			drv_write(RNG, VIRTIO_MMIO_QUEUE_READY, 0);
			drv_write(RNG, VIRTIO_MMIO_QUEUE_DESC, (uint32_t)DRV_RAM_GPA);
			drv_write(RNG, VIRTIO_MMIO_QUEUE_DRIVER, (uint32_t)DRV_RAM_GPA);
			drv_write(RNG, VIRTIO_MMIO_QUEUE_DEVICE, (uint32_t)DRV_RAM_GPA);
			drv_write(RNG, reg, (uint32_t)places[i]);
			drv_write(RNG, reg + 4, (uint32_t)(places[i] >> 32));
			drv_write(RNG, VIRTIO_MMIO_QUEUE_READY, 1);
			drv_wait_broken();
		}
	}
}

static void bad_sizes_break_the_device(void **state)
{
	static const uint32_t sizes[] = { 0, 3, 128, 1 << 16, UINT32_MAX };
	uint32_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		drv_start(RNG, 0);
		drv_write(RNG, VIRTIO_MMIO_QUEUE_SEL, 0);
		drv_write(RNG, VIRTIO_MMIO_QUEUE_READY, 0);
		drv_write(RNG, VIRTIO_MMIO_QUEUE_DESC, (uint32_t)DRV_RAM_GPA);
		drv_write(RNG, VIRTIO_MMIO_QUEUE_DRIVER, (uint32_t)DRV_RAM_GPA);
		drv_write(RNG, VIRTIO_MMIO_QUEUE_DEVICE, (uint32_t)DRV_RAM_GPA);
		drv_write(RNG, VIRTIO_MMIO_QUEUE_NUM, sizes[i]);
		drv_write(RNG, VIRTIO_MMIO_QUEUE_READY, 1);
		drv_wait_broken();
	}
}

/* ---- rings ---- */

static bool is_zero(uint64_t gpa, size_t bytes)
{
	const uint8_t *at = drv_at(gpa);

	while (bytes && !*at)
		at++, bytes--;
	return !bytes;
}

static void serve_some(uint64_t features, uint32_t n)
{
	struct drv_buffer parts[] = { { DRV_BUFFERS, 40, W },
				      { DRV_BUFFERS + PAGE, 0, W },
				      { DRV_BUFFERS + 2 * PAGE, 24, W } };
	uint16_t head, used;
	uint32_t i;

	drv_start(RNG, features);
	for (i = 0; i < n; i++) {
		memset(drv_at(DRV_BUFFERS), 0, 3 * PAGE);
		head = drv_add(0, parts, 3);
		assert_int_equal(drv_wait(0, &used), 64);
		assert_int_equal(used, head);
		assert_false(is_zero(DRV_BUFFERS + 8, 32));
		assert_false(is_zero(DRV_BUFFERS + 2 * PAGE, 24));
		assert_true(is_zero(DRV_BUFFERS + 40, PAGE));
		assert_true(is_zero(DRV_BUFFERS + 2 * PAGE + 24, PAGE - 24));
	}
}

/* Both, over the wrap of the 16-bit indices. */
static void serves_chains(void **state)
{
	(void)state;
	serve_some(0, 100);
	serve_some(VIRTIO_FEATURE_EVENT_IDX, 70000);
}

static void serves_what_came_before_the_start(void **state)
{
	const struct drv_buffer one = { DRV_BUFFERS, 8, W };

	(void)state;
	drv_start(RNG, 0);
	drv_write(RNG, VIRTIO_MMIO_QUEUE_READY, 0);
	drv_add(0, &one, 1);
	drv.queue[0].used[1] = 0;
	drv_write(RNG, VIRTIO_MMIO_QUEUE_NUM, DRV_SIZE);
	drv_write(RNG, VIRTIO_MMIO_QUEUE_DESC, (uint32_t)DRV_RAM_GPA + 0x10000);
	drv_write(RNG, VIRTIO_MMIO_QUEUE_DRIVER, (uint32_t)DRV_RAM_GPA + 0x11000);
	drv_write(RNG, VIRTIO_MMIO_QUEUE_DEVICE, (uint32_t)DRV_RAM_GPA + 0x12000);
	drv_write(RNG, VIRTIO_MMIO_QUEUE_READY, 1);
	assert_int_equal(drv_wait(0, NULL), 8);
}

static void reset_begins_anew(void **state)
{
	(void)state;
	serve_some(0, 3);
	serve_some(0, 3);
	assert_int_equal(drv.queue[0].used[1], 3);
}

static struct virtq_desc *indirect_at(uint64_t gpa, uint32_t n)
{
	struct virtq_desc *table = drv_at(gpa);
	uint32_t i;

	for (i = 0; i < n; i++)
		table[i] = (struct virtq_desc){ DRV_BUFFERS + 0x100000 + PAGE * i, 16,
						W | (i + 1 < n ? VIRTQ_DESC_NEXT : 0), (uint16_t)(i + 1) };
	return table;
}

static void serves_indirect(void **state)
{
	const struct drv_buffer only = { DRV_BUFFERS, 100 * sizeof(struct virtq_desc), VIRTQ_DESC_INDIRECT };
	const struct drv_buffer mixed[] = { { DRV_BUFFERS + 0x200000, 16, W }, only };

	(void)state;
	drv_start(RNG, VIRTIO_FEATURE_INDIRECT_DESC);
	indirect_at(DRV_BUFFERS, 100);
	drv_add(0, &only, 1);
	assert_int_equal(drv_wait(0, NULL), 1600);
	assert_false(is_zero(DRV_BUFFERS + 0x100000 + 99 * PAGE, 16));
	drv_add(0, mixed, 2);
	assert_int_equal(drv_wait(0, NULL), 1616);
}

/* ---- malice ---- */

static void expect_broken(const struct drv_buffer *buffers, uint32_t n, uint64_t features)
{
	drv_start(RNG, features);
	drv_add(0, buffers, n);
	drv_wait_broken();
	assert_int_equal(drv.queue[0].used[1], 0);
	serve_some(features, 2); /* a reset helps */
}

static void malicious_buffers(void **state)
{
	static const struct drv_buffer bad[] = {
		{ DRV_RAM_GPA - 1, 2, W },
		{ 0, 16, W },
		{ DRV_RAM_GPA + DRV_RAM_BYTES - 8, 9, W },
		{ DRV_RAM_GPA + DRV_RAM_BYTES + 1, 0, W },
		{ UINT64_MAX, 16, W },
		{ UINT64_MAX - 14, 16, W },
		{ DRV_RAM_GPA, UINT32_MAX, W },
		{ 0x10000000, 4, W },			  /* a device is no memory */
		{ DRV_BUFFERS, 16, VIRTQ_DESC_INDIRECT }, /* not agreed upon */
		{ DRV_BUFFERS, 16, VIRTQ_DESC_INDIRECT | W },
	};
	static const struct drv_buffer order[] = { { DRV_BUFFERS, 16, W }, { DRV_BUFFERS, 16, 0 } };
	uint32_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect_broken(&bad[i], 1, 0);
	expect_broken(order, 2, 0);
}

static void malicious_indirect(void **state)
{
	static const struct drv_buffer bad[] = {
		{ DRV_BUFFERS, 0, VIRTQ_DESC_INDIRECT },
		{ DRV_BUFFERS, 15, VIRTQ_DESC_INDIRECT },
		{ DRV_BUFFERS, 17, VIRTQ_DESC_INDIRECT },
		{ DRV_BUFFERS, UINT32_MAX & ~15U, VIRTQ_DESC_INDIRECT },
		{ DRV_RAM_GPA + DRV_RAM_BYTES - 16, 32, VIRTQ_DESC_INDIRECT },
		{ DRV_BUFFERS, 32, VIRTQ_DESC_INDIRECT | VIRTQ_DESC_NEXT },
		{ DRV_BUFFERS + PAGE, 32, VIRTQ_DESC_INDIRECT },	    /* nested */
		{ DRV_BUFFERS + 2 * PAGE, 32, VIRTQ_DESC_INDIRECT },	    /* a loop */
		{ DRV_BUFFERS + 3 * PAGE, 32, VIRTQ_DESC_INDIRECT },	    /* next is outside */
		{ DRV_BUFFERS + 4 * PAGE, 2000 * 16, VIRTQ_DESC_INDIRECT }, /* too many */
	};
	uint32_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		indirect_at(DRV_BUFFERS, 2);
		indirect_at(DRV_BUFFERS + PAGE, 2)[1].flags = VIRTQ_DESC_INDIRECT;
		indirect_at(DRV_BUFFERS + 2 * PAGE, 2)[1] =
			(struct virtq_desc){ DRV_BUFFERS, 1, W | VIRTQ_DESC_NEXT, 0 };
		indirect_at(DRV_BUFFERS + 3 * PAGE, 2)[0].next = 2;
		for (uint32_t j = 0; j < 2000; j++)
			indirect_at(DRV_BUFFERS + 4 * PAGE + 16 * j, 1)->flags = W | VIRTQ_DESC_NEXT;
		for (uint32_t j = 0; j < 2000; j++)
			((struct virtq_desc *)drv_at(DRV_BUFFERS + 4 * PAGE))[j].next = (uint16_t)(j + 1);
		expect_broken(&bad[i], 1, VIRTIO_FEATURE_INDIRECT_DESC);
	}
}

/* The queue's own table as an indirect one: its first entry leads there again. */
static void indirect_upon_the_queue(void **state)
{
	const struct drv_buffer self = { DRV_RAM_GPA + 0x10000, 16 * DRV_SIZE, VIRTQ_DESC_INDIRECT };

	(void)state;
	expect_broken(&self, 1, VIRTIO_FEATURE_INDIRECT_DESC);
}

static void malicious_rings(void **state)
{
	struct drv_queue *q = &drv.queue[0];

	(void)state;
	/* a loop of two descriptors */
	drv_start(RNG, 0);
	q->desc[0] = (struct virtq_desc){ DRV_BUFFERS, 4, W | VIRTQ_DESC_NEXT, 1 };
	q->desc[1] = (struct virtq_desc){ DRV_BUFFERS, 4, W | VIRTQ_DESC_NEXT, 0 };
	q->avail[1] = 1;
	drv_kick(0);
	drv_wait_broken();
	/* next outside of the table */
	drv_start(RNG, 0);
	q->desc[0] = (struct virtq_desc){ DRV_BUFFERS, 4, W | VIRTQ_DESC_NEXT, DRV_SIZE };
	q->avail[1] = 1;
	drv_kick(0);
	drv_wait_broken();
	/* a head outside of the table */
	drv_start(RNG, 0);
	q->avail[2] = 0xffff;
	q->avail[1] = 1;
	drv_kick(0);
	drv_wait_broken();
	/* more chains than the ring has entries */
	drv_start(RNG, 0);
	q->avail[1] = DRV_SIZE + 1;
	drv_kick(0);
	drv_wait_broken();
	/* nothing happens while it waits for the reset */
	q->avail[1] = 1;
	drv_kick(0);
	drv_write(RNG, VIRTIO_MMIO_STATUS, 0);
	assert_int_equal(drv_read(RNG, VIRTIO_MMIO_STATUS), 0);
	assert_int_equal(q->used[1], 0);
}

/* ---- pages with translations ---- */

static uint16_t used_at_report;

static void note_report(void)
{
	used_at_report = drv.queue[0].used[1];
}

static void written_code_is_reported_first(void **state)
{
	const struct drv_buffer parts[] = { { DRV_BUFFERS + PAGE - 8, 16, W },
					    { DRV_BUFFERS + 8 * PAGE, 3 * PAGE, W } };
	uint32_t first = (DRV_BUFFERS - DRV_RAM_GPA) / PAGE;

	(void)state;
	drv_start(RNG, 0);
	drv_add(0, parts, 2);
	drv_wait(0, NULL);
	assert_int_equal(fake_calls.written, 0);

	drv.code_map[(first + 1) / 8] |= (uint8_t)(1 << (first + 1) % 8);
	fake_calls.on_written = note_report;
	used_at_report = 99;
	drv_add(0, parts, 2);
	drv_wait(0, NULL);
	assert_int_equal(fake_calls.written, 1);
	assert_int_equal(fake_calls.written_gpa, DRV_BUFFERS + PAGE);
	assert_int_equal(fake_calls.written_bytes, PAGE);
	assert_int_equal(used_at_report, 1);

	memset(&drv.code_map[(first + 8) / 8], 0x0e, 1); /* pages 9 to 11 */
	drv_add(0, parts, 2);
	drv_wait(0, NULL);
	assert_int_equal(fake_calls.written, 3);
	assert_int_equal(fake_calls.written_gpa, DRV_BUFFERS + 9 * PAGE);
	assert_int_equal(fake_calls.written_bytes, 2 * PAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(registers_identify),
		TEST(empty_slot_has_no_device),
		TEST(registers_want_words),
		TEST(features_are_checked),
		TEST(driver_ok_needs_features_ok),
		TEST(wires_come_and_go),
		TEST(queue_registers),
		TEST(bad_rings_break_the_device),
		TEST(bad_sizes_break_the_device),
		TEST(serves_chains),
		TEST(serves_what_came_before_the_start),
		TEST(reset_begins_anew),
		TEST(serves_indirect),
		TEST(malicious_buffers),
		TEST(malicious_indirect),
		TEST(indirect_upon_the_queue),
		TEST(malicious_rings),
		TEST(written_code_is_reported_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
