// SPDX-License-Identifier: GPL-2.0-only
/* unit_relay.c: the relay between a guest's queue and vhost; the test is both, honest and not. Next file: fuzz_relay.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "../../userctl/relay.h"
#include "../ctl/fake_api.h"

#define RAM_GPA	  0x80000000ULL
#define RELAY_GPA (1ULL << 56)

enum {
	RAM_BYTES = 1 << 20,
	PAGE = 4096,
	SIZE = 8,
	AVAIL = 0x1000,
	USED = 0x2000,
	INDIRECT = 0x3000,
	BUFFERS = 0x10000,
	W = VIRTQ_DESC_WRITE,
	MIN = 12,
	MAX = 3000,
	NO_NOTIFY = 1,
};

static struct gmem mem;
static uint8_t code_map[RAM_BYTES / PAGE / 8];
static struct virtq q;
static struct relay relay;
static struct virtq_chain chain;
static uint32_t finished;

static void finish(struct iov_list written)
{
	assert_true(written.n > 0);
	finished++;
}

static const struct relay_kind writes = { true, MIN + 1, "small", MAX, finish };
static const struct relay_kind reads = { .min_bytes = MIN, .too_small = "small", .max_bytes = MAX };

/* ---- the guest ---- */

static void *at(uint32_t off)
{
	return mem.ram + off;
}

static void set_desc(uint32_t i, uint32_t off, uint32_t len_bytes, uint16_t flags, uint16_t next)
{
	((struct virtq_desc *)at(0))[i] = (struct virtq_desc){ RAM_GPA + off, len_bytes, flags, next };
}

static void offer(uint16_t head)
{
	uint16_t *avail = at(AVAIL);

	avail[2 + avail[1] % SIZE] = head;
	avail[1]++;
}

/* One buffer in a page of its own. */
static void offer_page(uint16_t head, uint32_t len_bytes, uint16_t flags)
{
	set_desc(head, BUFFERS + head * PAGE, len_bytes, flags, 0);
	offer(head);
}

static uint16_t used_idx(void)
{
	return ((uint16_t *)at(USED))[1];
}

static struct virtq_used_elem used_at(uint32_t i)
{
	return ((struct virtq_used_elem *)at(USED + 4))[i % SIZE];
}

/* ---- the back end ---- */

static uint16_t back_seen;

static uint32_t waiting(void)
{
	return (uint16_t)(relay.avail[1] - back_seen);
}

/* The next chain: number of its descriptor; its buffers are list[0..*n). */
static uint16_t back_take(const struct virtq_desc **list, uint32_t *n)
{
	uint16_t id = relay.avail[2 + back_seen++ % SIZE];
	const struct virtq_desc *desc = &relay.desc[id];

	assert_true(waiting() < SIZE);
	assert_int_equal(desc->flags, VIRTQ_DESC_INDIRECT);
	assert_in_range(desc->gpa, RELAY_GPA, RELAY_GPA + relay_bytes() - desc->len_bytes);
	*list = (const struct virtq_desc *)((uint8_t *)relay.memory + (desc->gpa - RELAY_GPA));
	*n = desc->len_bytes / sizeof(**list);
	return id;
}

static uint16_t back_take_any(void)
{
	const struct virtq_desc *list;
	uint32_t n;

	return back_take(&list, &n);
}

static void back_lay(uint16_t nth, uint32_t id, uint32_t len_bytes)
{
	struct virtq_used_elem *ring = (struct virtq_used_elem *)(relay.used + 2);

	ring[(uint16_t)(relay.used[1] + nth) % SIZE] = (struct virtq_used_elem){ id, len_bytes };
}

static void back_use(uint32_t id, uint32_t len_bytes)
{
	back_lay(0, id, len_bytes);
	relay.used[1]++;
}

/* ---- fixture ---- */

static void begin(const struct relay_kind *kind)
{
	q = (struct virtq){ .size = SIZE,
			    .desc_gpa = RAM_GPA,
			    .avail_gpa = RAM_GPA + AVAIL,
			    .used_gpa = RAM_GPA + USED,
			    .is_ready = true,
			    .has_indirect = true };
	assert_int_equal(virtq_start(&q, &mem), 0);
	assert_int_equal(relay_start(&relay, &q, kind), 0);
	back_seen = 0;
}

static int setup(void **state)
{
	(void)state;
	mem = (struct gmem){ .gpa = RAM_GPA, .bytes = RAM_BYTES, .code_map = code_map, .vm_fd = -1 };
	mem.ram = mmap(NULL, RAM_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(mem.ram, MAP_FAILED);
	memset(code_map, 0, sizeof(code_map));
	memset(&fake_calls, 0, sizeof(fake_calls));
	finished = 0;
	return relay_create(&relay, RELAY_GPA);
}

static int teardown(void **state)
{
	(void)state;
	relay_destroy(&relay);
	munmap(mem.ram, RAM_BYTES);
	return 0;
}

static void mark_code(uint32_t off)
{
	code_map[off / PAGE / 8] |= (uint8_t)(1 << off / PAGE % 8);
}

/* ---- honest ---- */

static void chains_go_there_and_back(void **state)
{
	const struct virtq_desc *list;
	uint32_t n;
	uint16_t id;

	(void)state;
	begin(&reads);
	set_desc(0, BUFFERS, MIN, VIRTQ_DESC_NEXT, 1);
	set_desc(1, BUFFERS + 100, 0, VIRTQ_DESC_NEXT, 2);
	set_desc(2, BUFFERS + 200, 60, VIRTQ_DESC_NEXT, 3);
	set_desc(3, BUFFERS + 300, 4, W, 0); /* of no use here */
	offer(0);
	assert_true(relay_pump(&relay, &chain));
	assert_int_equal(waiting(), 1);
	id = back_take(&list, &n);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].gpa, RAM_GPA + BUFFERS);
	assert_int_equal(list[0].len_bytes, MIN);
	assert_int_equal(list[0].flags, VIRTQ_DESC_NEXT);
	assert_int_equal(list[0].next, 1);
	assert_int_equal(list[1].gpa, RAM_GPA + BUFFERS + 200);
	assert_int_equal(list[1].len_bytes, 60);
	assert_int_equal(list[1].flags, 0);
	relay_drain(&relay);
	assert_int_equal(used_idx(), 0);
	back_use(id, 0);
	relay_drain(&relay);
	assert_int_equal(used_idx(), 1);
	assert_int_equal(used_at(0).id, 0);
	assert_null(relay.fault);
	assert_false(relay_pump(&relay, &chain)); /* nothing new */
}

/* Both descriptors and lengths wrap round, some chains by an indirect table. */
static void a_long_way(void **state)
{
	struct virtq_desc *table;
	uint32_t i;

	(void)state;
	begin(&writes);
	table = at(INDIRECT);
	table[0] = (struct virtq_desc){ RAM_GPA + BUFFERS, 20, W | VIRTQ_DESC_NEXT, 1 };
	table[1] = (struct virtq_desc){ RAM_GPA + BUFFERS + 64, 30, W, 0 };
	for (i = 0; i < 70000; i++) {
		const struct virtq_desc *list;
		uint16_t head = (uint16_t)(i * 3 % SIZE), id;
		uint32_t n;

		if (i % 3)
			offer_page(head, 100, W);
		else {
			set_desc(head, INDIRECT, 32, VIRTQ_DESC_INDIRECT, 0);
			offer(head);
		}
		relay_pump(&relay, &chain);
		id = back_take(&list, &n);
		assert_int_equal(n, i % 3 ? 1 : 2);
		back_use(id, 40 + i % 10);
		relay_drain(&relay);
		assert_int_equal(used_idx(), (uint16_t)(i + 1));
		assert_int_equal(used_at(i).id, head);
		assert_int_equal(used_at(i).len_bytes, 40 + i % 10);
	}
	assert_int_equal(finished, 70000);
}

static void is_not_published(void)
{
	assert_int_equal(used_idx(), 0);
}

/* What holds translations is reported, all of it, before the guest can see anything. */
static void writes_are_reported_first(void **state)
{
	(void)state;
	begin(&writes);
	mark_code(BUFFERS);
	mark_code(USED);
	fake_calls.on_written = is_not_published;
	offer_page(0, PAGE, W);
	relay_pump(&relay, &chain);
	assert_int_equal(fake_calls.written, 1); /* asking for doorbells writes to the used ring */
	back_use(back_take_any(), MIN + 1);
	relay_drain(&relay);
	assert_int_equal(used_idx(), 1);
	assert_int_equal(fake_calls.written, 3);
	assert_int_equal(finished, 1);
}

static void what_is_read_is_not_reported(void **state)
{
	(void)state;
	begin(&reads);
	mark_code(BUFFERS);
	offer_page(0, 100, 0);
	relay_pump(&relay, &chain);
	back_use(back_take_any(), 0);
	relay_drain(&relay);
	assert_int_equal(used_idx(), 1);
	assert_int_equal(fake_calls.written, 0);
}

static void three_are_there(void)
{
	assert_int_equal(used_idx(), 0);
	if (fake_calls.written_gpa != RAM_GPA + USED || !relay.ntaken)
		return;
	assert_int_equal(used_at(0).id, 2);
	assert_int_equal(used_at(1).id, 3);
	assert_int_equal(used_at(2).id, 1);
}

/* A frame in several mergeable buffers: the guest must not see the first without the others. */
static void one_step_is_one_step(void **state)
{
	uint16_t id[3], i;

	(void)state;
	begin(&writes);
	offer_page(2, 100, W);
	offer_page(3, 100, W);
	offer_page(1, 100, W);
	relay_pump(&relay, &chain);
	for (i = 0; i < 3; i++)
		back_lay(i, id[i] = back_take_any(), 100);
	mark_code(USED);
	fake_calls.on_written = three_are_there;
	relay_drain(&relay);
	assert_int_equal(used_idx(), 0);
	assert_int_equal(fake_calls.written, 0);
	relay.used[1] = 3;
	relay_drain(&relay);
	assert_int_equal(used_idx(), 3);
	assert_int_equal(fake_calls.written, 1);
}

static void order_is_kept(void **state)
{
	uint16_t first, second;

	(void)state;
	begin(&writes);
	offer_page(4, 100, W);
	offer_page(5, 100, W);
	relay_pump(&relay, &chain);
	first = back_take_any();
	second = back_take_any();
	back_use(second, 50);
	relay_drain(&relay);
	assert_int_equal(used_idx(), 0);
	back_use(first, 60);
	relay_drain(&relay);
	assert_int_equal(used_idx(), 2);
	assert_int_equal(used_at(0).id, 4);
	assert_int_equal(used_at(0).len_bytes, 60);
	assert_int_equal(used_at(1).len_bytes, 50);
}

static void doorbells_are_spared(void **state)
{
	(void)state;
	begin(&reads);
	relay.used[0] = NO_NOTIFY;
	offer_page(0, 100, 0);
	assert_false(relay_pump(&relay, &chain));
	assert_int_equal(waiting(), 1);
	relay.used[0] = 0;
	offer_page(1, 100, 0);
	assert_true(relay_pump(&relay, &chain));
	relay_drain(&relay);
	assert_int_equal(relay.avail[0], 0); /* wake-ups are wanted */
}

/* What would stop vhost's queue never reaches it, and its place in the order is kept. */
static void nonsense_is_dropped(void **state)
{
	uint16_t id;

	(void)state;
	begin(&reads);
	offer_page(0, 100, 0);
	offer_page(1, MIN, 0);
	offer_page(2, MAX + 1, 0);
	relay_pump(&relay, &chain);
	assert_int_equal(waiting(), 1);
	relay_drain(&relay);
	assert_int_equal(used_idx(), 0);
	id = back_take_any();
	back_use(id, 0);
	relay_drain(&relay);
	assert_int_equal(used_idx(), 3);
	assert_int_equal(used_at(2).id, 2);
	assert_null(relay.fault);
}

static void long_buffers_are_shown_in_part(void **state)
{
	const struct virtq_desc *list;
	uint32_t n;

	(void)state;
	begin(&writes);
	set_desc(0, BUFFERS, MAX - 10, W | VIRTQ_DESC_NEXT, 1);
	set_desc(1, BUFFERS + PAGE, 100, W | VIRTQ_DESC_NEXT, 2);
	set_desc(2, BUFFERS + 2 * PAGE, 100, W, 0);
	offer(0);
	relay_pump(&relay, &chain);
	back_take(&list, &n);
	assert_int_equal(n, 2);
	assert_int_equal(list[1].len_bytes, 10);
	assert_int_equal(list[1].flags, W);
}

/* After a stop the chains are the guest's again; after a start they come once more. */
static void stop_gives_back(void **state)
{
	(void)state;
	begin(&writes);
	offer_page(0, 100, W);
	offer_page(1, 100, W);
	offer_page(2, 100, W);
	relay_pump(&relay, &chain);
	back_use(back_take_any(), 50);
	mark_code(BUFFERS + PAGE); /* may be half written */
	relay_stop(&relay);
	assert_int_equal(used_idx(), 1);
	assert_int_equal(fake_calls.written, 1);
	assert_int_equal(fake_calls.written_gpa, RAM_GPA + BUFFERS + PAGE);
	assert_int_equal(relay_start(&relay, &q, &writes), 0);
	back_seen = 0;
	assert_int_equal(waiting(), 0);
	assert_true(relay_pump(&relay, &chain));
	assert_int_equal(waiting(), 2);
	back_use(back_take_any(), 50);
	back_use(back_take_any(), 50);
	relay_drain(&relay);
	assert_int_equal(used_idx(), 3);
	assert_int_equal(used_at(2).id, 2);
	relay_stop(&relay);
	relay_stop(&relay);
}

/* ---- hostile guests ---- */

static void offer_outside(void)
{
	set_desc(0, RAM_BYTES - 10, 100, 0, 0);
	offer(0);
}

static void offer_table(void) /* of the relay's own */
{
	((struct virtq_desc *)at(0))[0] = (struct virtq_desc){ RELAY_GPA + 0x10000, 100, 0, 0 };
	offer(0);
}

static void offer_loop(void)
{
	set_desc(0, BUFFERS, 100, VIRTQ_DESC_NEXT, 1);
	set_desc(1, BUFFERS, 100, VIRTQ_DESC_NEXT, 0);
	offer(0);
}

static void offer_small(void)
{
	offer_page(0, MIN - 1, 0);
}

static void offer_written_only(void)
{
	offer_page(0, 100, W);
}

static void offer_nested(void)
{
	struct virtq_desc *table = at(INDIRECT);

	table[0] = (struct virtq_desc){ RAM_GPA + INDIRECT, 16, VIRTQ_DESC_INDIRECT, 0 };
	set_desc(0, INDIRECT, 16, VIRTQ_DESC_INDIRECT, 0);
	offer(0);
}

static void offer_too_many(void)
{
	((uint16_t *)at(AVAIL))[1] = SIZE + 1;
}

static void offer_no_descriptor(void)
{
	offer(SIZE);
}

/* One by one each is in order, but nobody has that many. */
static void offer_in_use(void)
{
	uint16_t i;

	for (i = 0; i < SIZE; i++)
		offer_page(i, 100, 0);
	relay_pump(&relay, &chain);
	assert_null(relay.fault);
	back_seen = relay.avail[1];
	offer(0);
}

static void bad_rings_reach_nobody(void **state)
{
	static void (*const bad[])(void) = { offer_outside,  offer_table,	  offer_loop,
					     offer_small,    offer_written_only,  offer_nested,
					     offer_too_many, offer_no_descriptor, offer_in_use };
	uint32_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(mem.ram, 0, RAM_BYTES);
		begin(&reads);
		bad[i]();
		assert_false(relay_pump(&relay, &chain));
		if (!q.fault && !relay.fault)
			fail_msg("bad ring %u is taken", i);
		assert_int_equal(waiting(), 0);
		relay_drain(&relay);
		assert_int_equal(used_idx(), 0);
		relay_stop(&relay);
	}
}

/* The descriptor changes behind the check: what the back end sees does not. */
static void checked_is_what_is_seen(void **state)
{
	const struct virtq_desc *list;
	uint32_t n;

	(void)state;
	begin(&writes);
	offer_page(0, 100, W);
	relay_pump(&relay, &chain);
	set_desc(0, RAM_BYTES - 1, 0xffffffff, VIRTQ_DESC_NEXT, 77);
	back_take(&list, &n);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].gpa, RAM_GPA + BUFFERS);
	assert_int_equal(list[0].len_bytes, 100);
}

/* ---- a kernel that errs ---- */

static void errors_of_the_kernel_are_seen(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		uint16_t id;

		memset(mem.ram, 0, RAM_BYTES);
		begin(&writes);
		offer_page(0, 100, W);
		relay_pump(&relay, &chain);
		id = back_take_any();
		switch (i) {
		case 0: back_use(SIZE, 50); break;
		case 1: back_use(id + 1U, 50); break;
		case 2: back_use(id, 101); break;
		default:
			offer_page(1, 100, W);
			relay_pump(&relay, &chain);
			back_take_any();
			back_lay(0, id + 1U, 50);
			back_lay(1, id + 1U, 50);
			relay.used[1] += 2;
		}
		relay_drain(&relay);
		assert_non_null(relay.fault);
		assert_int_equal(used_idx(), 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(chains_go_there_and_back),	      TEST(a_long_way),
		TEST(writes_are_reported_first),      TEST(what_is_read_is_not_reported),
		TEST(one_step_is_one_step),	      TEST(order_is_kept),
		TEST(doorbells_are_spared),	      TEST(nonsense_is_dropped),
		TEST(long_buffers_are_shown_in_part), TEST(stop_gives_back),
		TEST(bad_rings_reach_nobody),	      TEST(checked_is_what_is_seen),
		TEST(errors_of_the_kernel_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
