// SPDX-License-Identifier: GPL-2.0-only
/* unit_console.c: the virtio console: input that waits for buffers, output that waits for its reader.
 * Next file: unit_9p.c. */
#include "driver.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../../userctl/virtio.h"

enum { CON = 0, RX = 0, TX = 1, W = VIRTQ_DESC_WRITE };

#define RX_BUFFER DRV_BUFFERS
#define TX_BUFFER (DRV_BUFFERS + 0x1000)

static bool open_console(const char *arg)
{
	const struct virtio_model *model = virtio_models();

	for (; model; model = model->next)
		if (!strcmp(model->name, "console"))
			virtio_add(model, arg);
	return drv_create();
}

static int setup(void **state)
{
	(void)state;
	if (!open_console("virtio"))
		return -1;
	drv_start(CON, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	drv_destroy();
	return 0;
}

static void type(const char *text)
{
	struct dev *console = dev_console(drv.devs);

	for (; *text; text++)
		console->model->receive(console, (uint8_t)*text);
}

static void takes_the_input(void **state)
{
	(void)state;
	assert_string_equal(dev_console(drv.devs)->model->name, "virtio");
	assert_int_equal(drv_read(CON, VIRTIO_MMIO_DEVICE_ID), 3);
	drv_destroy();
	assert_true(open_console("uart"));
	assert_string_equal(dev_console(drv.devs)->model->name, "uart");
	drv_destroy();
	assert_false(open_console("vga"));
}

/* Reads n bytes by buffers of `room`. */
static void expect_input(const char *text, uint32_t room)
{
	const struct drv_buffer buffer = { RX_BUFFER, room, W };

	while (*text) {
		uint32_t n;

		drv_add(RX, &buffer, 1);
		n = drv_wait(RX, NULL);
		assert_in_range(n, 1, room);
		assert_memory_equal(drv_at(RX_BUFFER), text, n);
		text += n;
	}
}

static void input_before_buffers(void **state)
{
	(void)state;
	type("hello");
	expect_input("hello", 3);
}

static void buffers_before_input(void **state)
{
	const struct drv_buffer buffer = { RX_BUFFER, 64, W };

	(void)state;
	drv_add(RX, &buffer, 1);
	type("x");
	assert_int_equal(drv_wait(RX, NULL), 1);
	assert_int_equal(*(uint8_t *)drv_at(RX_BUFFER), 'x');
}

static void input_before_the_driver(void **state)
{
	struct dev *console = dev_console(drv.devs);
	uint32_t n = 0;

	(void)state;
	drv_write(CON, VIRTIO_MMIO_STATUS, 0);
	while (console->model->room(console)) {
		console->model->receive(console, 'a');
		n++;
	}
	assert_int_equal(n, 4096);
	drv_start(CON, 0);
	expect_input("aaaaaaaa", 4);
	assert_true(console->model->room(console));
}

static void output_in_pieces(void **state)
{
	const struct drv_buffer parts[] = { { TX_BUFFER, 3, 0 }, { TX_BUFFER + 100, 0, 0 }, { TX_BUFFER + 200, 2, 0 } };

	(void)state;
	memcpy(drv_at(TX_BUFFER), "abc", 3);
	memcpy(drv_at(TX_BUFFER + 200), "de", 2);
	drv_add(TX, parts, 3);
	drv_wait(TX, NULL);
	assert_int_equal(drv.nout, 5);
	assert_memory_equal(drv.out, "abcde", 5);
}

/* The reader takes 256 bytes; the rest comes when it has room again, and a reset must not wait for that. */
static void output_waits_for_its_reader(void **state)
{
	const struct drv_buffer big = { TX_BUFFER, 1000, 0 };
	char full[4096];

	(void)state;
	/* the pipe is full, so that nobody is told of room */
	fcntl(drv.put_fd[1], F_SETFL, O_NONBLOCK);
	memset(full, 0, sizeof(full));
	while (write(drv.put_fd[1], full, sizeof(full)) > 0)
		;
	memset(drv_at(TX_BUFFER), 'z', 1000);
	drv_add(TX, &big, 1);
	while (drv.nout < sizeof(drv.out))
		;
	assert_int_equal(drv.queue[TX].used[1], 0);
	drv_write(CON, VIRTIO_MMIO_STATUS, 0);
	drv_start(CON, 0);
	drv.nout = 0;
	drv_add(TX, &big, 1);
	while (drv.nout < sizeof(drv.out))
		;
	drv.nout = 0;
	assert_int_equal(read(drv.put_fd[0], full, sizeof(full)), sizeof(full)); /* room */
	while (drv.nout < sizeof(drv.out))
		;
	drv.nout = 0;
	while (drv.nout < sizeof(drv.out))
		;
	drv.nout = 0;
	drv_wait(TX, NULL);
	assert_int_equal(drv.nout, 1000 - 3 * sizeof(drv.out));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(takes_the_input),	       TEST(input_before_buffers), TEST(buffers_before_input),
		TEST(input_before_the_driver), TEST(output_in_pieces),	   TEST(output_waits_for_its_reader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
