// SPDX-License-Identifier: GPL-2.0-only
/* unit.c: the PLIC's rules, one test each, and a long random walk beside a plain statement of them.
 * Next file: ../../kmod/plic_model.c. */
#include "../../kmod/plic_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
	PENDING = 0x1000,
	ENABLE = 0x2000,
	THRESHOLD = 0x200000,
	CLAIM = 0x200004,
	M = 0,
	S = 1,
	UART = 10,
	STEPS = 300000,
};

static struct plic_model plic;

static int setup(void **state)
{
	(void)state;
	plic_model_init(&plic, 2);
	return 0;
}

static u32 load(u32 off)
{
	u64 value = ~0ULL;

	assert_int_equal(plic_model_load(&plic, off, 4, &value), 0);
	assert_true(value <= UINT32_MAX);
	return (u32)value;
}

static u32 store(u32 off, u32 value)
{
	u32 completed;

	assert_int_equal(plic_model_store(&plic, off, 4, value, &completed), 0);
	return completed;
}

static u32 enable_at(u32 context, u32 source)
{
	return ENABLE + context * 0x80 + source / 32 * 4;
}

static void enable(u32 context, u32 source, u32 priority)
{
	store(source * 4, priority);
	store(enable_at(context, source), load(enable_at(context, source)) | 1U << source % 32);
}

static u32 claim(u32 context)
{
	return load(CLAIM + context * 0x1000);
}

static u32 complete(u32 context, u32 source)
{
	return store(CLAIM + context * 0x1000, source);
}

static void raise_line(u32 source)
{
	plic_model_set_level(&plic, source, PLIC_INPUT_LINE, true);
}

static void lower_line(u32 source)
{
	plic_model_set_level(&plic, source, PLIC_INPUT_LINE, false);
}

/* ---- registers ---- */

static void registers_keep_their_bits(void **state)
{
	u32 source;

	(void)state;
	for (source = 0; source <= PLIC_SOURCES + 8; source++) {
		store(source * 4, ~0U);
		assert_int_equal(load(source * 4), source >= 1 && source <= PLIC_SOURCES ? 7 : 0);
	}
	store(ENABLE, ~0U);
	store(ENABLE + 8, 0x80000001);
	store(ENABLE + 12, ~0U);
	assert_int_equal(load(ENABLE), 0xfffffffe);
	assert_int_equal(load(ENABLE + 8), 0x80000001);
	assert_int_equal(load(ENABLE + 12), 0);
	assert_int_equal(load(ENABLE + 0x80), 0);
	store(THRESHOLD + 0x1000, 0xff);
	assert_int_equal(load(THRESHOLD + 0x1000), 7);
	assert_int_equal(load(THRESHOLD), 0);
}

static void pending_is_read_only(void **state)
{
	(void)state;
	store(PENDING, ~0U);
	assert_int_equal(load(PENDING), 0);
	raise_line(UART);
	raise_line(95);
	assert_int_equal(load(PENDING), 1 << UART);
	assert_int_equal(load(PENDING + 8), 1U << 31);
	store(PENDING, 0);
	assert_int_equal(load(PENDING), 1 << UART);
}

/* Beyond the contexts, and to the end of the range: nothing happens. */
static void places_without_a_register(void **state)
{
	static const u32 offs[] = { 0x400,    PENDING + 12, 0x1ffc,   ENABLE + 2 * 0x80, 0x1ffffc,
				    0x200008, 0x200ffc,	    0x202000, 0x202004,		 PLIC_BYTES - 4 };
	u32 i;

	(void)state;
	for (i = 0; i < sizeof(offs) / sizeof(offs[0]); i++) {
		store(offs[i], ~0U);
		assert_int_equal(load(offs[i]), 0);
	}
}

static void only_aligned_words(void **state)
{
	static const struct {
		u32 off, len;
	} bad[] = { { 0, 1 }, { 4, 2 }, { 8, 8 }, { 6, 4 }, { CLAIM, 1 }, { CLAIM, 8 } };
	u64 value = 0;
	u32 completed, i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(plic_model_load(&plic, bad[i].off, bad[i].len, &value), -ENODEV);
		assert_int_equal(plic_model_store(&plic, bad[i].off, bad[i].len, 1, &completed), -ENODEV);
	}
}

/* ---- who asks ---- */

static void asks_when_enabled_and_above_threshold(void **state)
{
	(void)state;
	raise_line(UART);
	assert_false(plic_model_asks(&plic, M));
	enable(M, UART, 0);
	assert_false(plic_model_asks(&plic, M)); /* priority 0: never */
	assert_int_equal(claim(M), 0);
	store(UART * 4, 3);
	assert_true(plic_model_asks(&plic, M));
	assert_false(plic_model_asks(&plic, S));
	store(THRESHOLD, 3);
	assert_false(plic_model_asks(&plic, M));
	store(THRESHOLD, 2);
	assert_true(plic_model_asks(&plic, M));
}

static void claim_passes_over_the_threshold(void **state)
{
	(void)state;
	enable(M, UART, 1);
	store(THRESHOLD, 7);
	raise_line(UART);
	assert_false(plic_model_asks(&plic, M));
	assert_int_equal(claim(M), UART);
}

static void highest_priority_then_lowest_number(void **state)
{
	(void)state;
	enable(M, 3, 1);
	enable(M, 40, 5);
	enable(M, 95, 5);
	raise_line(95);
	raise_line(3);
	raise_line(40);
	assert_int_equal(claim(M), 40);
	assert_int_equal(claim(M), 95);
	assert_int_equal(claim(M), 3);
	assert_int_equal(claim(M), 0);
}

static void one_context_gets_it(void **state)
{
	(void)state;
	enable(M, UART, 1);
	enable(S, UART, 1);
	raise_line(UART);
	assert_true(plic_model_asks(&plic, M));
	assert_true(plic_model_asks(&plic, S));
	assert_int_equal(claim(S), UART);
	assert_false(plic_model_asks(&plic, M));
	assert_int_equal(claim(M), 0);
}

/* ---- gateways ---- */

static void level_asks_until_it_falls(void **state)
{
	(void)state;
	enable(M, UART, 1);
	raise_line(UART);
	assert_int_equal(claim(M), UART);
	assert_false(plic_model_asks(&plic, M)); /* shut while it is served */
	raise_line(UART);
	assert_false(plic_model_asks(&plic, M));
	assert_int_equal(complete(M, UART), UART);
	assert_int_equal(claim(M), UART);
	lower_line(UART);
	complete(M, UART);
	assert_int_equal(claim(M), 0);
}

static void request_stays_when_the_level_falls(void **state)
{
	(void)state;
	enable(M, UART, 1);
	raise_line(UART);
	lower_line(UART);
	assert_int_equal(claim(M), UART);
	complete(M, UART);
	assert_int_equal(claim(M), 0);
}

static void two_inputs_hold_one_line(void **state)
{
	(void)state;
	enable(M, UART, 1);
	raise_line(UART);
	plic_model_set_level(&plic, UART, PLIC_INPUT_FD, true);
	claim(M);
	complete(M, UART);
	assert_int_equal(claim(M), UART);
	lower_line(UART);
	complete(M, UART);
	assert_int_equal(claim(M), 0);
}

static void completion_lowers_the_resampled_input(void **state)
{
	(void)state;
	enable(M, UART, 1);
	plic_model_set_level(&plic, UART, PLIC_INPUT_FD, true);
	claim(M);
	plic_model_set_level(&plic, UART, PLIC_INPUT_FD, true);
	complete(M, UART);
	assert_int_equal(claim(M), 0);
	plic_model_set_level(&plic, UART, PLIC_INPUT_FD, true);
	assert_int_equal(claim(M), UART);
}

static void edges_are_requests(void **state)
{
	(void)state;
	enable(M, UART, 1);
	plic_model_edge(&plic, UART);
	plic_model_edge(&plic, UART); /* not yet claimed: the same request */
	assert_int_equal(claim(M), UART);
	complete(M, UART);
	assert_int_equal(claim(M), 0);
}

static void edge_while_served_is_kept(void **state)
{
	(void)state;
	enable(M, UART, 1);
	plic_model_edge(&plic, UART);
	claim(M);
	plic_model_edge(&plic, UART);
	plic_model_edge(&plic, UART);
	assert_int_equal(claim(M), 0);
	complete(M, UART);
	assert_int_equal(claim(M), UART);
	complete(M, UART);
	assert_int_equal(claim(M), 0);
}

/* ---- completion ---- */

static void completion_needs_enable_and_service(void **state)
{
	(void)state;
	enable(M, UART, 1);
	enable(M, 3, 1);
	raise_line(UART);
	assert_int_equal(complete(M, UART), 0); /* not claimed */
	assert_int_equal(claim(M), UART);
	assert_int_equal(complete(M, 0), 0);
	assert_int_equal(complete(M, 96), 0);
	assert_int_equal(complete(M, ~0U), 0);
	assert_int_equal(complete(S, UART), 0); /* not enabled there */
	assert_int_equal(claim(M), 0);
	store(ENABLE, 1 << 3);
	assert_int_equal(complete(M, UART), 0);
	store(ENABLE, 1 << UART);
	assert_int_equal(complete(M, UART), UART);
	assert_int_equal(claim(M), UART);
}

/* ---- the random walk ---- */

static u64 seed = 1;

static u32 draw(u32 below)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(seed >> 33) % below;
}

/* One source as the specification tells it, with a byte for each fact. */
static struct {
	bool line, pending, served, kept, enabled[2];
	u32 priority;
} plain[PLIC_SOURCES + 1];
static u32 threshold[2];

static u32 plain_best(u32 context)
{
	u32 best = 0, i;

	for (i = PLIC_SOURCES; i; i--)
		if (plain[i].pending && plain[i].enabled[context] && plain[i].priority &&
		    plain[i].priority >= plain[best].priority)
			best = i;
	return best;
}

static void walk_line(u32 i)
{
	plain[i].line = draw(2);
	if (plain[i].line && !plain[i].served)
		plain[i].pending = true;
	plic_model_set_level(&plic, i, PLIC_INPUT_LINE, plain[i].line);
}

static void walk_edge(u32 i)
{
	if (plain[i].served)
		plain[i].kept = true;
	else
		plain[i].pending = true;
	plic_model_edge(&plic, i);
}

static void walk_complete(u32 i, u32 context)
{
	bool is_done = plain[i].served && plain[i].enabled[context];

	if (is_done) {
		plain[i].pending = plain[i].kept || plain[i].line;
		plain[i].served = plain[i].kept = false;
	}
	assert_int_equal(complete(context, i), is_done ? i : 0);
}

static void walk_claim(u32 context)
{
	u32 best = plain_best(context);

	assert_int_equal(claim(context), best);
	plain[best].pending = false;
	plain[best].served = best;
}

static void walk_setting(u32 i, u32 context)
{
	u32 value = draw(8), off = enable_at(context, i);

	switch (draw(3)) {
	case 0:
		plain[i].priority = value;
		store(i * 4, value | draw(2) << 3);
		break;
	case 1:
		plain[i].enabled[context] = !plain[i].enabled[context];
		store(off, load(off) ^ 1U << i % 32);
		break;
	default: threshold[context] = value; store(THRESHOLD + context * 0x1000, value);
	}
}

static void walk_check(void)
{
	u32 context = draw(2), i = 1 + draw(PLIC_SOURCES);

	assert_int_equal(load(PENDING + i / 32 * 4) >> i % 32 & 1, plain[i].pending);
	assert_int_equal(plic_model_asks(&plic, context), plain[plain_best(context)].priority > threshold[context]);
}

static void random_walk(void **state)
{
	const char *text = getenv("SEED");
	u32 step;

	(void)state;
	seed = text ? strtoull(text, NULL, 0) : 1;
	printf("random walk: SEED=%llu, %d steps\n", (unsigned long long)seed, STEPS);
	for (step = 0; step < STEPS; step++) {
		u32 i = 1 + draw(PLIC_SOURCES), context = draw(2);

		switch (draw(5)) {
		case 0: walk_line(i); break;
		case 1: walk_edge(i); break;
		case 2: walk_claim(context); break;
		case 3: walk_complete(i, context); break;
		default: walk_setting(i, context);
		}
		walk_check();
	}
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(registers_keep_their_bits),
		TEST(pending_is_read_only),
		TEST(places_without_a_register),
		TEST(only_aligned_words),
		TEST(asks_when_enabled_and_above_threshold),
		TEST(claim_passes_over_the_threshold),
		TEST(highest_priority_then_lowest_number),
		TEST(one_context_gets_it),
		TEST(level_asks_until_it_falls),
		TEST(request_stays_when_the_level_falls),
		TEST(two_inputs_hold_one_line),
		TEST(completion_lowers_the_resampled_input),
		TEST(edges_are_requests),
		TEST(edge_while_served_is_kept),
		TEST(completion_needs_enable_and_service),
		TEST(random_walk),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL), all = sizeof(tests) / sizeof(tests[0]);

	printf("irq-unit: %d passed, %d failed, 0 skipped\n", all - failed, failed);
	return failed != 0;
}
