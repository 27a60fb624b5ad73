// SPDX-License-Identifier: GPL-2.0-only
/* unit.c: devices, escape key, numbers, device tree placement and counters, without a module.
 * Next file: tests.bats. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../userctl/board.h"
#include "../../userctl/ctl.h"
#include "../../userctl/dev.h"
#include "../../userctl/stats.h"
#include "../../userctl/watch.h"

enum { UART = 0x10000000, IRQ = 10, SYSCON = 0x100000, RTC = 0x101000, RTC_IRQ = 11 };

/* A host that remembers what devices asked for. */
static struct {
	struct dev_host host;
	char out[64];
	size_t nout;
	int irq_level, irq_changes, status, restarts;
	atomic_int rtc_level; /* from the alarm's thread */
} seen;

static void put(struct dev_host *host, uint8_t byte)
{
	(void)host;
	if (seen.nout < sizeof(seen.out))
		seen.out[seen.nout++] = (char)byte;
}

static void set_irq(struct dev_host *host, uint32_t irq, bool level)
{
	(void)host;
	if (irq == RTC_IRQ) {
		atomic_store(&seen.rtc_level, level);
		return;
	}
	assert_int_equal(irq, IRQ);
	seen.irq_level = level;
	seen.irq_changes++;
}

static void power_off(struct dev_host *host, int status)
{
	(void)host;
	seen.status = status;
}

static void restart(struct dev_host *host)
{
	(void)host;
	seen.restarts++;
}

static struct dev *devs;

static int setup(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof(seen));
	seen.host = (struct dev_host){ .put = put, .set_irq = set_irq, .power_off = power_off, .restart = restart };
	seen.status = -1;
	if (dev_create_all(&seen.host, &devs))
		return -1;
	dev_reset_all(devs);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	dev_destroy_all(devs);
	return 0;
}

static uint8_t in(uint32_t reg)
{
	uint8_t data = 0xaa;

	assert_int_equal(dev_access(devs, UART + reg, &data, 1, false), 0);
	return data;
}

static void out(uint32_t reg, uint8_t value)
{
	assert_int_equal(dev_access(devs, UART + reg, &value, 1, true), 0);
}

static void type(const char *text)
{
	struct dev *console = dev_console(devs);

	for (; *text; text++)
		console->model->receive(console, (uint8_t)*text);
}

/* ---- UART ---- */

static void uart_reset_state(void **state)
{
	(void)state;
	assert_int_equal(in(1), 0);
	assert_int_equal(in(2), 0x01);
	assert_int_equal(in(3), 0);
	assert_int_equal(in(4), 0);
	assert_int_equal(in(5), 0x60);
	assert_int_equal(in(6), 0xb0);
	assert_int_equal(in(0), 0);
}

static void uart_sends(void **state)
{
	(void)state;
	out(0, 'o');
	out(0, 'k');
	assert_memory_equal(seen.out, "ok", 2);
	assert_int_equal(seen.nout, 2);
	assert_int_equal(in(5), 0x60);
}

static void uart_receives_in_order(void **state)
{
	(void)state;
	type("abc");
	assert_int_equal(in(5), 0x61);
	assert_int_equal(in(0), 'a');
	assert_int_equal(in(0), 'b');
	assert_int_equal(in(0), 'c');
	assert_int_equal(in(5), 0x60);
	assert_int_equal(in(0), 0);
}

static void uart_loses_no_input(void **state)
{
	struct dev *console = dev_console(devs);
	int i;

	(void)state;
	out(2, 0x01);
	for (i = 0; i < 5000 && console->model->room(console); i++)
		console->model->receive(console, (uint8_t)i);
	assert_true(i >= 4096);
	assert_false(console->model->room(console));
	for (int j = 0; j < i; j++)
		assert_int_equal(in(0), (uint8_t)j);
	assert_int_equal(in(5), 0x60);
}

static void uart_divisor_latch(void **state)
{
	(void)state;
	out(3, 0x83);
	out(0, 0x12);
	out(1, 0x34);
	assert_int_equal(in(0), 0x12);
	assert_int_equal(in(1), 0x34);
	out(3, 0x03);
	assert_int_equal(in(1), 0);
	assert_int_equal(seen.nout, 0);
}

static void uart_scratch_and_masks(void **state)
{
	(void)state;
	out(7, 0x5a);
	assert_int_equal(in(7), 0x5a);
	out(1, 0xff);
	assert_int_equal(in(1), 0x0f);
	out(4, 0xff);
	assert_int_equal(in(4), 0x1f);
}

static void uart_tx_interrupt(void **state)
{
	(void)state;
	out(1, 0x02);
	assert_int_equal(seen.irq_level, 1);
	assert_int_equal(in(2), 0x02); /* reading it clears it */
	assert_int_equal(seen.irq_level, 0);
	assert_int_equal(in(2), 0x01);
	out(0, 'x');
	assert_int_equal(seen.irq_level, 1);
	out(1, 0);
	assert_int_equal(seen.irq_level, 0);
}

static void uart_rx_interrupt(void **state)
{
	(void)state;
	type("a");
	assert_int_equal(seen.irq_level, 0);
	out(1, 0x01);
	assert_int_equal(seen.irq_level, 1);
	assert_int_equal(in(2), 0x04);
	assert_int_equal(in(0), 'a');
	assert_int_equal(seen.irq_level, 0);
}

static void uart_fifo_trigger(void **state)
{
	(void)state;
	out(2, 0x41); /* enable, trigger at 4 */
	out(1, 0x01);
	type("abc");
	assert_int_equal(in(2), 0xcc); /* below the trigger: character timeout */
	type("d");
	assert_int_equal(in(2), 0xc4);
	out(2, 0x43); /* clear the receiver */
	assert_int_equal(in(2), 0xc1);
	assert_int_equal(in(5), 0x60);
	out(2, 0xc0); /* without the enable bit nothing else counts */
	assert_int_equal(in(2), 0x01);
}

static void uart_priorities(void **state)
{
	(void)state;
	out(4, 0x10); /* loopback changes the modem lines */
	out(2, 0x01);
	for (int i = 0; i < 17; i++)
		out(0, (uint8_t)i); /* one more than fits: overrun */
	out(1, 0x0f);
	assert_int_equal(in(2), 0xc6);
	assert_int_equal(in(5), 0x63);
	assert_int_equal(in(5), 0x61); /* errors are read once */
	assert_int_equal(in(2), 0xc4);
	for (int i = 0; i < 16; i++)
		assert_int_equal(in(0), i);
	assert_int_equal(in(2), 0xc2);
	assert_int_equal(in(2), 0xc0);
	in(6);
	assert_int_equal(in(2), 0xc1);
}

static void uart_loopback(void **state)
{
	(void)state;
	out(4, 0x10);
	in(6);
	out(4, 0x1a); /* RTS and OUT2: what Linux's autoconf looks for */
	assert_int_equal(in(6) & 0xf0, 0x90);
	assert_int_equal(in(6) & 0x0f, 0);
	out(0, 'l');
	assert_int_equal(seen.nout, 0);
	assert_int_equal(in(0), 'l');
	out(4, 0x14); /* RI, then its trailing edge */
	in(6);
	out(4, 0x10);
	assert_int_equal(in(6), 0x04);
}

static void uart_overrun_keeps_last_without_fifo(void **state)
{
	(void)state;
	out(4, 0x10);
	out(0, 'a');
	out(0, 'b');
	assert_int_equal(in(5), 0x63);
	assert_int_equal(in(0), 'b');
}

static void uart_wide_access_is_bytes(void **state)
{
	uint8_t data[8];

	(void)state;
	out(7, 0x5a);
	assert_int_equal(dev_access(devs, UART, data, 8, false), 0);
	assert_int_equal(data[5], 0x60);
	assert_int_equal(data[7], 0x5a);
}

static void uart_reset_forgets(void **state)
{
	(void)state;
	out(1, 0x01);
	type("abc");
	dev_reset_all(devs);
	assert_int_equal(in(1), 0);
	assert_int_equal(in(0), 'b'); /* 'a' was in the device, the rest on the line */
	assert_int_equal(in(0), 'c');
	assert_int_equal(in(5), 0x60);
}

/* ---- syscon, bus ---- */

static void write_syscon(uint32_t value, uint32_t len)
{
	uint8_t data[8] = { 0 };

	memcpy(data, &value, sizeof(value));
	assert_int_equal(dev_access(devs, SYSCON, data, len, true), 0);
}

static void syscon_ends(void **state)
{
	(void)state;
	write_syscon(0x1234, 4);
	assert_int_equal(seen.status, -1);
	write_syscon(0x5555, 4);
	assert_int_equal(seen.status, 0);
	write_syscon(42 << 16 | 0x3333, 4);
	assert_int_equal(seen.status, 42);
	write_syscon(0x100 << 16 | 0x3333, 4);
	assert_int_equal(seen.status, 1);
	write_syscon(0x3333, 2);
	assert_int_equal(seen.status, 1);
	write_syscon(0x7777, 4);
	assert_int_equal(seen.restarts, 1);
}

/* ---- RTC ---- */

static uint32_t rtc_read(uint32_t reg)
{
	uint32_t value = 0xaaaaaaaa;

	assert_int_equal(dev_access(devs, RTC + reg, (uint8_t *)&value, 4, false), 0);
	return value;
}

static void rtc_write(uint32_t reg, uint32_t value)
{
	assert_int_equal(dev_access(devs, RTC + reg, (uint8_t *)&value, 4, true), 0);
}

static uint64_t rtc_s(void)
{
	uint64_t low = rtc_read(0); /* latches the high half */

	return ((uint64_t)rtc_read(4) << 32 | low) / 1000000000;
}

static void rtc_tells_and_keeps_time(void **state)
{
	const uint64_t set_s = 4000000000;
	uint64_t before = (uint64_t)time(NULL), now = rtc_s();
	uint8_t byte = 0xaa;

	(void)state;
	assert_true(now >= before && now <= (uint64_t)time(NULL) + 1);
	rtc_write(4, (uint32_t)(set_s * 1000000000 >> 32));
	rtc_write(0, (uint32_t)(set_s * 1000000000));
	assert_true(rtc_s() >= set_s && rtc_s() - set_s <= (uint64_t)time(NULL) - before + 1);
	dev_reset_all(devs);
	assert_true(rtc_s() >= set_s); /* a reset does not touch the clock */
	assert_int_equal(dev_access(devs, RTC, &byte, 1, false), 0);
	assert_int_equal(byte, 0);
}

static void rtc_wait(int level)
{
	while (atomic_load(&seen.rtc_level) != level)
		usleep(1000); /* a test that hangs is ended by its timeout */
}

static void rtc_rings(void **state)
{
	uint64_t soon = rtc_s() * 1000000000;

	(void)state;
	rtc_write(0x10, 1);
	rtc_write(0x0c, (uint32_t)(soon >> 32));
	rtc_write(0x08, (uint32_t)soon); /* over already */
	rtc_wait(1);
	assert_int_equal(rtc_read(0x18), 0);
	rtc_write(0x1c, 1);
	rtc_wait(0);
	rtc_write(0x0c, 0xffffffff);
	rtc_write(0x08, 0);
	assert_int_equal(rtc_read(0x18), 1);
	assert_int_equal(rtc_read(0x0c), 0xffffffff);
	rtc_write(0x14, 1);
	assert_int_equal(rtc_read(0x18), 0);
	assert_int_equal(atomic_load(&seen.rtc_level), 0);
}

static void bus_bounds(void **state)
{
	uint8_t data[8] = { 1 };

	(void)state;
	assert_int_not_equal(dev_access(devs, UART - 1, data, 1, false), 0);
	assert_int_not_equal(dev_access(devs, UART + 0x100, data, 1, false), 0);
	assert_int_not_equal(dev_access(devs, UART + 0xfc, data, 8, false), 0);
	assert_int_not_equal(dev_access(devs, ~0ULL, data, 8, false), 0);
	assert_int_equal(dev_access(devs, SYSCON + 0xffc, data, 4, false), 0);
	assert_int_equal(data[0], 0);
}

/* ---- escape key ---- */

static void escape_key(void **state)
{
	struct loop loop = { 0 };
	struct watch watch = { .loop = &loop, .console = dev_console(devs), .has_escape = true };

	(void)state;
	watch_input(&watch, 'a');
	watch_input(&watch, 1);
	watch_input(&watch, 1);
	watch_input(&watch, 1);
	watch_input(&watch, 'z'); /* unknown: swallowed */
	watch_input(&watch, 'x');
	assert_int_equal(loop_verdict(&loop).end, LOOP_RUNNING);
	assert_int_equal(in(0), 'a');
	assert_int_equal(in(0), 1);
	assert_int_equal(in(0), 'x');
	watch_input(&watch, 1);
	watch_input(&watch, 'x');
	assert_int_equal(loop_verdict(&loop).end, LOOP_QUIT);
}

static void no_escape_key_in_a_pipe(void **state)
{
	struct loop loop = { 0 };
	struct watch watch = { .loop = &loop, .console = dev_console(devs) };

	(void)state;
	watch_input(&watch, 1);
	watch_input(&watch, 'x');
	assert_int_equal(in(0), 1);
	assert_int_equal(in(0), 'x');
	assert_int_equal(loop_verdict(&loop).end, LOOP_RUNNING);
}

static void first_verdict_counts(void **state)
{
	struct loop loop = { 0 };

	(void)state;
	loop_stop(&loop, LOOP_RESTART, 0);
	loop_clear(&loop);
	assert_int_equal(loop_verdict(&loop).end, LOOP_RUNNING);
	loop_stop(&loop, LOOP_SIGNAL, 15);
	loop_stop(&loop, LOOP_POWER_OFF, 0);
	loop_clear(&loop); /* only a restart goes on */
	assert_int_equal(loop_verdict(&loop).end, LOOP_SIGNAL);
	assert_int_equal(loop_verdict(&loop).number, 15);
}

/* ---- numbers, tree, counters ---- */

static void byte_sizes(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes; /* 0: refused */
	} cases[] = {
		{ "128", 128 << 20 }, { "64M", 64 << 20 },  { "2G", 2ULL << 30 },
		{ "2048k", 2 << 20 }, { "0x10", 16 << 20 }, { "", 0 },
		{ "M", 0 },	      { "-1", 0 },	    { "1MM", 0 },
		{ "1T", 0 },	      { "0", 0 },	    { "999999999999999999999", 0 },
		{ "17G", 0 },	      { "1K", 0 },	    { "18446744073709551615G", 0 },
	};
	uint64_t bytes;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int ret = ctl_parse_bytes(cases[i].text, "--mem", 1 << 20, 16ULL << 30, &bytes);

		assert_int_equal(!ret, cases[i].bytes != 0);
		if (!ret)
			assert_int_equal(bytes, cases[i].bytes);
	}
}

static void tree_place(void **state)
{
	struct board_tree tree = { NULL, 2000 };

	(void)state;
	assert_int_equal(board_tree_gpa(128 << 20, &tree, 0), 0x88000000 - 4096);
	assert_int_equal(board_tree_gpa(4ULL << 30, &tree, 0), 0xc0000000 - 4096);
	assert_int_equal(board_tree_gpa(1000, &tree, 0), 0);
	assert_int_equal(board_tree_gpa(128 << 20, &tree, 8192), 0x88000000 - 3 * 4096);
	assert_int_equal(board_tree_gpa(1 << 20, &tree, 1 << 20), 0);
}

static void counters_as_json(void **state)
{
	struct ldbt_stats stats = { .enters = ~0ULL, .translated_insns = 4, .translated_by_rule = 3 };
	struct stats_list list;
	cJSON *json;
	char *text;

	(void)state;
	stats.leaves[2] = 17;
	stats_from_api(&stats, &list);
	assert_true(stats_rule_share(&list) == 75.0);
	json = stats_to_json(&list);
	assert_non_null(json);
	text = cJSON_PrintUnformatted(json);
	assert_non_null(strstr(text, "\"enters\":18446744073709551615,"));
	assert_non_null(strstr(text, "\"leaves_miss\":17,"));
	assert_non_null(strstr(text, "\"translated_rule_share\":75"));
	free(text);
	cJSON_Delete(json);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(uart_reset_state),
		TEST(uart_sends),
		TEST(uart_receives_in_order),
		TEST(uart_loses_no_input),
		TEST(uart_divisor_latch),
		TEST(uart_scratch_and_masks),
		TEST(uart_tx_interrupt),
		TEST(uart_rx_interrupt),
		TEST(uart_fifo_trigger),
		TEST(uart_priorities),
		TEST(uart_loopback),
		TEST(uart_overrun_keeps_last_without_fifo),
		TEST(uart_wide_access_is_bytes),
		TEST(uart_reset_forgets),
		TEST(syscon_ends),
		TEST(rtc_tells_and_keeps_time),
		TEST(rtc_rings),
		TEST(bus_bounds),
		TEST(escape_key),
		TEST(no_escape_key_in_a_pipe),
		TEST(first_verdict_counts),
		TEST(byte_sizes),
		TEST(tree_place),
		TEST(counters_as_json),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	int count = sizeof(tests) / sizeof(tests[0]);

	print_message("ctl-unit: %d passed, %d failed, 0 skipped\n", count - failed, failed);
	return failed != 0;
}
