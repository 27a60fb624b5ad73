// SPDX-License-Identifier: GPL-2.0-only
/* unit_cache.c: index, eviction, epochs and fault map, against the hand-made rules of unit_table.c.
 * Next file: tests.bats (whole programs). */
#include "unit.h"

/* ---- index, pages, jump tables ---- */

static void test_index_keys(void **state)
{
	struct bench *t = *state;
	u32 a, b, again;

	put(t, 0, addi(p0, p0, 1));
	assert_int_equal(try_translate(t, 0, 0, &a), 0);
	assert_int_equal(try_translate(t, 0, 3, &b), 0);
	assert_int_not_equal(a, b);
	assert_int_equal(try_translate(t, 0, 3, &again), 0);
	assert_int_equal(b, again);
	assert_int_equal(t->c.stats.blocks, 2);
	assert_int_equal(index_find(&t->c, RAM, GPA_NONE, 1), BLOCK_NONE);
	assert_int_equal(cache_invalidate_page(&t->c, RAM + 123), 2);
	assert_false(cache_page_has_code(&t->c, RAM));
	assert_int_equal(index_find(&t->c, RAM, GPA_NONE, 3), BLOCK_NONE);
	assert_int_equal(cache_invalidate_page(&t->c, 0), 0);
}

static void test_jump_entries_forgotten(void **state)
{
	struct bench *t = *state;
	struct block *b;
	u32 slot = 0x40 >> 1, i;

	put(t, 0x40, addi(p0, p0, 1));
	b = translate(t, 0x40);
	for (i = 0; i < 2; i++)
		t->jump[slot + i * ABI_JUMP_ENTRIES / 2] = (struct abi_jump){ 0x40, EXEC + b->host };
	t->jump[slot + 1] = (struct abi_jump){ 0x42, EXEC + b->host + 1 };
	cache_drop_block(&t->c, (u32)(b - t->c.block));
	assert_int_equal(t->jump[slot].key, ~0ULL);
	assert_int_equal(t->jump[slot + ABI_JUMP_ENTRIES / 2].key, ~0ULL);
	assert_int_equal(t->jump[slot + 1].key, 0x42);
}

/* ---- looking up without the lock ---- */

/* As a vCPU sees it: the tables at another address. */
static void test_view(void **state)
{
	struct bench *t = *state;
	struct cache view;
	struct block *b;
	size_t bytes;
	void *meta;
	u32 host;

	put(t, 0x40, addi(p0, p0, 1));
	put(t, 0x44, ld(p0, p1, 8));
	b = translate(t, 0x40);
	bytes = cache_view_bytes(&t->c);
	assert_in_range(bytes, 1, t->c.mem.meta_bytes);
	meta = malloc(bytes);
	memcpy(meta, t->meta, bytes);
	cache_view(&view, &t->c, meta);
	assert_int_equal(index_find(&view, RAM + 0x40, GPA_NONE, 0), b - t->c.block);
	assert_int_equal(index_find(&view, RAM + 0x44, GPA_NONE, 0), BLOCK_NONE);
	assert_int_equal(cache_block_at(&view, b->host), b - t->c.block);
	host = b->host + t->c.access[b->access].host;
	assert_memory_equal(faultmap_access(&view, host), &t->c.access[b->access], sizeof(struct access_record));
	assert_null(faultmap_access(&view, host + 1));
	assert_null(faultmap_access(&view, 0));
	free(meta);
}

/* The entry of a block that is dropped at the same time goes again, by one of the two. */
static void test_enter_jump(void **state)
{
	struct bench *t = *state;
	struct abi_jump *jump = &t->jump[0x40 >> 1];
	struct block *b;

	put(t, 0x40, addi(p0, p0, 1));
	b = translate(t, 0x40);
	assert_true(cache_enter_jump(&t->c, jump, 0x1042, b));
	assert_int_equal(jump->key, 0x1042);
	assert_int_equal(jump->host, EXEC + b->host);
	cache_drop_block(&t->c, (u32)(b - t->c.block));
	assert_int_equal(jump->key, ~0ULL);
	assert_false(cache_enter_jump(&t->c, jump, 0x1042, b));
	assert_int_equal(jump->key, ~0ULL);
	assert_int_equal(jump->host, EXEC + LINK_STUB_EMPTY);
}

/* ---- eviction ---- */

/* Whatever was evicted, index and pools agree. */
static void assert_sound(struct bench *t)
{
	u32 s, i, live = 0, listed = 0, p, b;

	for (s = 0; s < t->c.nsegments; s++) {
		for (i = 0; i < t->c.segment[s].nblocks; i++) {
			struct block *blk = &t->c.block[s * t->c.blocks_each + i];

			assert_int_equal(cache_block_at(&t->c, blk->host), blk - t->c.block);
			assert_int_equal(cache_block_at(&t->c, blk->host_end - 1), blk - t->c.block);
			if (!blk->is_live)
				continue;
			live++;
			assert_int_equal(index_find(&t->c, blk->gpa, blk->gpa_next, blk->state), blk - t->c.block);
		}
	}
	for (p = 0; p < NPAGES; p++)
		for (b = t->c.page[p]; b != BLOCK_NONE; b = t->c.block[b].next_page[0])
			listed++;
	assert_int_equal(live, listed);
}

static void test_eviction(void **state)
{
	struct bench *t = *state;
	u32 i, b, last = BLOCK_NONE;

	for (i = 0; i < sizeof(t->ram); i += 4)
		put(t, i, i & 32 ? beq(p0, p1, 1000) : addi(p0, p1, 500));
	for (i = 0; i < 20000; i++) {
		u32 off = (i * 52 + i / 8) * 4 % (NPAGES * PAGE_BYTES);

		t->vcpu.seen = t->c.epoch;
		if (try_translate(t, off, 0, &b)) {
			t->vcpu.seen = t->c.epoch;
			assert_int_equal(try_translate(t, off, 0, &b), 0);
		}
		if (last != BLOCK_NONE && t->c.block[last].is_live && t->c.block[last].nlinks)
			link_set(&t->c, t->c.block[last].link, b, 0x1002);
		last = b;
		if (i % 500 == 0)
			assert_sound(t);
	}
	assert_sound(t);
	assert_true(t->c.stats.evictions > 2 * CACHE_SEGMENTS);
	cache_invalidate_all(&t->c);
	assert_sound(t);
	for (i = 0; i < NPAGES; i++)
		assert_int_equal(t->c.page[i], BLOCK_NONE);
}

/* Nothing is overwritten while a vCPU may still be inside. */
static void test_eviction_waits(void **state)
{
	struct bench *t = *state;
	u32 i, b;
	int err = 0;

	for (i = 0; i < sizeof(t->ram); i += 4)
		put(t, i, addi(p0, p1, 500));
	for (i = 0; !err && i < sizeof(t->ram); i += 4)
		err = try_translate(t, i, 0, &b);
	assert_int_equal(err, -EAGAIN);
	t->vcpu.seen = t->c.epoch;
	assert_int_equal(try_translate(t, i - 4, 0, &b), 0);
}

/* ---- fault map ---- */

static void test_faultmap(void **state)
{
	struct bench *t = *state;
	struct fault_site site;
	struct block *b;

	put(t, 0, addi(p0, p1, 300));
	put(t, 4, addi(p0, p0, 400));
	put(t, 8, ld(p0, p1, -24));
	put(t, 12, jump_reg(p0));
	b = translate(t, 0);
	assert_int_equal(faultmap_find(&t->c, b->host, &site), 0);
	assert_true(site.is_boundary);
	assert_int_equal(site.guest, 0);
	assert_int_equal(site.nbounds, 2);
	assert_null(site.access);
	assert_int_equal(faultmap_find(&t->c, b->host + 3, &site), 0);
	assert_false(site.is_boundary);
	assert_int_equal(faultmap_find(&t->c, b->host + 7, &site), 0);
	assert_int_equal(site.guest, 8);
	assert_non_null(site.access);
	assert_int_equal(site.access->len, 8);
	assert_int_equal(site.access->reg, h0);
	assert_int_equal(site.access->base, h1);
	assert_int_equal(site.access->disp, -24);
	assert_int_equal(faultmap_find(&t->c, b->host + 8, &site), 0);
	assert_null(site.access);
	assert_int_equal(faultmap_find(&t->c, LINK_STUB_LOOKUP, &site), -ENOENT);
	assert_int_equal(faultmap_find(&t->c, b->host_end + 64, &site), -ENOENT);
}

/* A dropped instruction shares the host offset of the load behind it: an interrupt there comes before the first, a fault
 * belongs to the second. */
static void test_faultmap_shared(void **state)
{
	struct bench *t = *state;
	struct fault_site site;
	struct block *b;

	put(t, 0, NOP);
	put(t, 4, ld(p0, p1, 8));
	put(t, 8, 0);
	b = translate(t, 0);
	assert_int_equal(faultmap_find(&t->c, b->host, &site), 0);
	assert_true(site.is_boundary);
	assert_int_equal(site.guest, 0);
	assert_int_equal(site.nbounds, 2);
	assert_int_equal(site.access->guest, 4);
}

/* ---- creation ---- */

static void test_create_errors(void **state)
{
	struct bench *t = *state;
	struct cache_memory mem = unit_memory(t);
	struct cache c;

	assert_int_equal(cache_meta_bytes(1000, 1), 0);
	assert_int_equal(cache_meta_bytes(0x80000000, 1), 0);
	mem.meta_bytes--;
	assert_int_equal(cache_create(&c, &mem), -ENOMEM);
	mem = unit_memory(t);
	mem.code_bytes = 4096;
	assert_int_equal(cache_create(&c, &mem), -EINVAL);
	mem = unit_memory(t);
	mem.keys_exec = mem.code_exec + 0x80000000;
	assert_int_equal(cache_create(&c, &mem), -EINVAL);
	mem = unit_memory(t);
	mem.exit_stub_bytes = LINK_STUB_LOOKUP + 1;
	assert_int_equal(cache_create(&c, &mem), -EINVAL);
}

int unit_cache_tests(unsigned int *count)
{
	const struct CMUnitTest tests[] = {
		TEST(test_index_keys),	  TEST(test_jump_entries_forgotten),
		TEST(test_eviction),	  TEST(test_eviction_waits),
		TEST(test_faultmap),	  TEST(test_faultmap_shared),
		TEST(test_view),	  TEST(test_enter_jump),
		TEST(test_create_errors),
	};

	*count = sizeof(tests) / sizeof(tests[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
