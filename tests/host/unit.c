// SPDX-License-Identifier: GPL-2.0-only
/* unit.c: matching, emission, blocks and links, against the hand-made rules of unit_table.c. The code is looked at, not
 * run. Next file: unit_cache.c. */
#include "unit.h"

static const u8 *code_of(struct bench *t, const struct block *b)
{
	return t->code + b->host;
}

static u32 rel_target(struct bench *t, u32 rel)
{
	s32 d;

	memcpy(&d, t->code + rel, 4);
	return rel + 4 + (u32)d;
}

/* Asserts that code at host offset `at` is an exit with these arguments; link < 0: none. */
static void assert_exit(struct bench *t, u32 at, u32 code, u32 pc_off, s64 link)
{
	u32 v;

	if (link >= 0) {
		assert_int_equal(t->code[at], 0xb9);
		memcpy(&v, t->code + at + 1, 4);
		assert_int_equal(v, link);
		at += 5;
	}
	assert_int_equal(t->code[at], 0xb8);
	memcpy(&v, t->code + at + 1, 4);
	assert_int_equal(v, ABI_EXIT_WORD(code, pc_off));
	assert_int_equal(t->code[at + 5], 0xe9);
	assert_int_equal(rel_target(t, at + 6), ABI_STUB_EXIT);
}

/* ---- matching and emission ---- */

static void test_emit_narrow_and_wide(void **state)
{
	struct bench *t = *state;
	const u8 *c;
	s32 v;

	put(t, 0, addi(p0, p0, -128));
	put(t, 4, addi(p1, p1, 128));
	put(t, 8, 0);
	c = code_of(t, translate(t, 0));
	assert_int_equal(c[0], 0x48 | (h0 >> 3));
	assert_int_equal(c[1], 0x83);
	assert_int_equal(c[2], 0xc0 | (h0 & 7));
	assert_int_equal(c[3], 0x80);
	assert_int_equal(c[5], 0x81);
	assert_int_equal(c[6], 0xc0 | (h1 & 7));
	memcpy(&v, c + 7, 4);
	assert_int_equal(v, 128);
}

static void test_match_longest_first(void **state)
{
	struct bench *t = *state;
	struct block *b;
	s32 v;

	put(t, 0, addi(p0, p1, 300));
	put(t, 4, addi(p0, p0, 400));
	put(t, 8, 0);
	b = translate(t, 0);
	assert_int_equal(code_of(t, b)[1], 0x8d);
	memcpy(&v, code_of(t, b) + 3, 4);
	assert_int_equal(v, 700);
	assert_int_equal(b->nbounds, 3);
	assert_exit(t, b->host + 7, EXIT_ILLEGAL, 8, -1);
}

/* The arm of the pair does not hold: the single rules are used. */
static void test_match_partial(void **state)
{
	struct bench *t = *state;
	struct block *b;

	put(t, 0, addi(p0, p1, 2000));
	put(t, 4, addi(p0, p0, 1000));
	put(t, 8, 0);
	b = translate(t, 0);
	assert_int_equal(code_of(t, b)[1], 0x8d);
	assert_int_equal(code_of(t, b)[7 + 1], 0x81);
	assert_exit(t, b->host + 14, EXIT_ILLEGAL, 8, -1);
}

static void test_match_equalities(void **state)
{
	struct bench *t = *state;
	struct block *b;

	put(t, 0, addi(p0, p1, 1));
	put(t, 4, addi(p1, p0, 1)); /* not the same destination: no pair */
	put(t, 8, 0);
	b = translate(t, 0);
	assert_exit(t, b->host + 14, EXIT_ILLEGAL, 8, -1);
}

static void test_drop_pure(void **state)
{
	struct bench *t = *state;
	struct block *b;

	put(t, 0, NOP);
	put(t, 4, addi(0, p0, 5));
	put(t, 8, 0);
	b = translate(t, 0);
	assert_int_equal(b->nbounds, 3);
	assert_exit(t, b->host, EXIT_ILLEGAL, 8, -1);
}

static void test_no_rule(void **state)
{
	struct bench *t = *state;

	put(t, 0, addi(p0, p0, 1));
	put(t, 4, 0x00000073); /* ecall: no rule in the table */
	assert_exit(t, translate(t, 0)->host + 4, EXIT_FALLBACK, 4, -1);
}

static void test_no_variant(void **state)
{
	struct bench *t = *state;

	assert_int_not_equal(home, 0);
	put(t, 0, addi(home, home, 1));
	assert_exit(t, translate(t, 0)->host, EXIT_FALLBACK, 0, -1);
}

/* A word seen alone before is still fused when the next instruction allows it, and targets are not remembered. */
static void test_memo(void **state)
{
	struct bench *t = *state;
	struct block *b;
	s32 v;

	put(t, 0, addi(p0, p1, 300));
	put(t, 4, 0);
	put(t, 0x100, addi(p0, p1, 300));
	put(t, 0x104, addi(p0, p0, 400));
	put(t, 0x108, 0);
	put(t, 0x200, addi(p0, p1, 300));
	put(t, 0x204, beq(p0, p1, 0x400));
	put(t, 0x208, beq(p0, p1, 0x400));
	put(t, 0x20c, 0);
	b = translate(t, 0);
	assert_exit(t, b->host + 7, EXIT_ILLEGAL, 4, -1);
	b = translate(t, 0x100);
	memcpy(&v, code_of(t, b) + 3, 4);
	assert_int_equal(v, 700);
	b = translate(t, 0x200);
	memcpy(&v, code_of(t, b) + 3, 4);
	assert_int_equal(v, 300);
	assert_int_equal(t->c.link[b->link].target, 0x604);
	assert_int_equal(t->c.link[b->link + 1].target, 0x608);
}

/* ---- blocks ---- */

static void test_block_limits(void **state)
{
	struct bench *t = *state;
	struct block *b;
	u32 i;

	for (i = 0; i < PAGE_BYTES; i += 4)
		put(t, i, addi(p0, p0, 1));
	b = translate(t, 0);
	assert_int_equal(b->nbounds, BLOCK_INSNS_MAX);
	assert_int_equal(b->guest_bytes, BLOCK_INSNS_MAX * 4);
	assert_int_equal(t->c.link[b->link].target, BLOCK_INSNS_MAX * 4);
	b = translate(t, PAGE_BYTES - 8);
	assert_int_equal(b->nbounds, 2);
	assert_int_equal(t->c.link[b->link].target, PAGE_BYTES);
	assert_true(t->c.link[b->link].is_far);
}

static void test_block_straddler(void **state)
{
	struct bench *t = *state;
	u32 b, off = PAGE_BYTES - 2;
	struct block *blk;

	put(t, off - 4, addi(p0, p0, 1));
	put(t, off, addi(p1, p1, 2));
	blk = translate(t, off - 4);
	assert_int_equal(blk->nbounds, 1);
	assert_int_equal(t->c.link[blk->link].target, off);
	assert_true(t->c.link[blk->link].is_far);
	blk = translate(t, off);
	assert_int_equal(blk->nbounds, 1);
	assert_int_equal(blk->gpa_next, RAM + PAGE_BYTES);
	assert_int_equal(t->c.link[blk->link].target, off + 4);
	assert_int_equal(cache_invalidate_page(&t->c, RAM + PAGE_BYTES), 1);
	assert_true(cache_page_has_code(&t->c, RAM));

	off = NPAGES * PAGE_BYTES - 2; /* there is no second page */
	t->ram[off] = 0x13;
	assert_int_equal(try_translate(t, off, 0, &b), -EFAULT);
	assert_int_equal(try_translate(t, 1, 0, &b), -EINVAL);
	assert_int_equal(try_translate(t, NPAGES * PAGE_BYTES, 0, &b), -ENXIO);
}

static void test_loop_within_block(void **state)
{
	struct bench *t = *state;
	struct block *b;

	put(t, 0, addi(p1, p1, 1));
	put(t, 4, addi(p0, p0, 1));
	put(t, 8, beq(p0, p1, -4));
	put(t, 12, 0);
	b = translate(t, 0);
	assert_int_equal(b->nlinks, 0);
	assert_int_equal(rel_target(t, b->host + 4 + 4 + 5), b->host + 4);
}

static void test_forward_within_block(void **state)
{
	struct bench *t = *state;
	struct block *b;

	put(t, 0, beq(p0, p1, 8));
	put(t, 4, addi(p0, p0, 1));
	put(t, 8, addi(p1, p1, 1));
	put(t, 12, 0);
	b = translate(t, 0);
	assert_int_equal(b->nlinks, 0);
	assert_int_equal(rel_target(t, b->host + 5), b->host + 9 + 4);
}

/* ---- links ---- */

static void test_link(void **state)
{
	struct bench *t = *state;
	struct block *from, *to;
	struct link *lk;
	u32 pad;

	for (pad = 0; pad < 4; pad++) { /* every alignment of the hot code before it */
		u32 at = pad * 64, i;

		for (i = 0; i < pad; i++)
			put(t, at + i * 4, addi(p0, p0, 500));
		put(t, at + pad * 4, beq(p0, p1, 0x700));
		put(t, at + pad * 4 + 4, jump(0x600));
		from = translate(t, at);
		assert_int_equal(from->nlinks, 2);
		for (i = 0; i < 2; i++) {
			lk = &t->c.link[from->link + i];
			assert_true((lk->rel & 7) <= 4);
			assert_int_equal(rel_target(t, lk->rel), lk->cold);
			assert_exit(t, lk->cold, EXIT_LINK, (u32)lk->target, from->link + i);
			to = translate(t, (u32)lk->target);
			assert_int_equal(link_set(&t->c, from->link + i, (u32)(to - t->c.block), 0), 0);
			assert_int_equal(rel_target(t, lk->rel), to->host);
			cache_drop_block(&t->c, (u32)(to - t->c.block));
			assert_int_equal(rel_target(t, lk->rel), lk->cold);
			assert_int_equal(lk->to, BLOCK_NONE);
		}
	}
}

/* The key that the compare of a far jump's code reads: it begins the block, behind two instructions of 9 bytes. */
static u64 key_at(struct bench *t, const struct link *lk)
{
	u32 at = t->c.block[lk->block].host + 2 * 9 + 3;
	s32 disp;

	memcpy(&disp, t->code + at, 4);
	return *(u64 *)((u8 *)t->keys + (EXEC + at + 4 + (u64)(s64)disp - KEYS));
}

static void test_link_far(void **state)
{
	struct bench *t = *state;
	struct block *from, *to;
	struct link *lk;

	put(t, 0, jump(3 * PAGE_BYTES + 8));
	from = translate(t, 0);
	to = translate(t, 3 * PAGE_BYTES + 8);
	lk = &t->c.link[from->link];
	assert_int_equal(lk->target, 3 * PAGE_BYTES + 8);
	assert_true(lk->is_far);
	assert_int_equal(key_at(t, lk), 0);
	assert_exit(t, lk->cold, EXIT_PAGE_END, 0, from->link);
	assert_int_equal(link_set(&t->c, from->link, (u32)(to - t->c.block), 0x1002), 0);
	assert_int_equal(key_at(t, lk), 0x1002);
	assert_int_equal(rel_target(t, lk->rel), to->host);
	link_clear(&t->c, from->link);
	assert_int_equal(key_at(t, lk), 0);
	/* somebody may be between the key and the jump: not joined again before all have been outside */
	assert_int_equal(link_set(&t->c, from->link, (u32)(to - t->c.block), 0x1002), -EAGAIN);
	t->vcpu.seen = t->c.epoch;
	assert_int_equal(link_set(&t->c, from->link, (u32)(to - t->c.block), 0x1002), 0);
}

static void test_link_source_dropped(void **state)
{
	struct bench *t = *state;
	struct block *from, *to;

	put(t, 0, jump(0x100));
	from = translate(t, 0);
	to = translate(t, 0x100);
	link_set(&t->c, from->link, (u32)(to - t->c.block), 0);
	assert_int_equal(to->incoming, from->link);
	cache_drop_block(&t->c, (u32)(from - t->c.block));
	assert_int_equal(to->incoming, BLOCK_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_emit_narrow_and_wide),
		TEST(test_match_longest_first),
		TEST(test_match_partial),
		TEST(test_match_equalities),
		TEST(test_drop_pure),
		TEST(test_no_rule),
		TEST(test_no_variant),
		TEST(test_memo),
		TEST(test_block_limits),
		TEST(test_block_straddler),
		TEST(test_loop_within_block),
		TEST(test_forward_within_block),
		TEST(test_link),
		TEST(test_link_far),
		TEST(test_link_source_dropped),
	};
	unsigned int count, n = sizeof(tests) / sizeof(tests[0]);
	int failed = cmocka_run_group_tests(tests, NULL, NULL) + unit_cache_tests(&count);

	n += count;
	printf("unit: %d passed, %d failed, 0 skipped\n", (int)n - failed, failed);
	return failed != 0;
}
