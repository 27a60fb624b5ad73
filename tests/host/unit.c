// SPDX-License-Identifier: GPL-2.0-only
/* unit.c: the translator piece by piece, against the hand-made rules of unit_table.c. The code is looked at, not run.
 * Next file: tests.bats (whole programs). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "block.h"
#include "index.h"
#include "regs.h"
#include "translate.h"

enum {
	CODE_BYTES = CACHE_SEGMENTS * CACHE_SEGMENT_BYTES_MIN + ABI_STUB_BYTES + 1024,
	NPAGES = 16,
	RAM = 0x80000000,
	STATE_DISP = 0x12340000,
	NOP = 0x13,
};

#define EXEC 0x7f0000000000ULL

struct bench {
	struct cache c;
	struct cache_vcpu vcpu;
	struct abi_table table;
	struct abi_jump jump[ABI_JUMP_ENTRIES];
	u8 *code, *meta;
	_Alignas(8) u8 ram[NPAGES * PAGE_BYTES];
};

static const u8 exit_stub[] = { 0x0f, 0x0b };
static u32 p0, p1, home; /* two pinned guest registers, one homed; host numbers h0, h1 */
static u32 h0, h1;

static struct cache_memory memory_of(struct bench *t)
{
	struct cache_memory mem = {
		.code_rw = t->code,
		.code_exec = EXEC,
		.code_bytes = CODE_BYTES,
		.meta = t->meta,
		.meta_bytes = cache_meta_bytes(CODE_BYTES, NPAGES),
		.state_disp = STATE_DISP,
		.ram_gpa = RAM,
		.npages = NPAGES,
		.exit_stub = exit_stub,
		.exit_stub_bytes = sizeof(exit_stub),
	};
	return mem;
}

static int setup(void **state)
{
	struct bench *t = calloc(1, sizeof(*t));
	struct cache_memory mem;
	u32 i;

	p0 = p1 = home = 0;
	for (i = 1; i < 32; i++) {
		if (reg_class(i) == RES_HOME)
			home = i;
		else if (reg_class(i) == RES_PIN && !p0)
			p0 = i;
		else if (reg_class(i) == RES_PIN && !p1)
			p1 = i;
	}
	h0 = reg_host(p0);
	h1 = reg_host(p1);
	t->code = calloc(1, CODE_BYTES);
	t->meta = calloc(1, cache_meta_bytes(CODE_BYTES, NPAGES));
	mem = memory_of(t);
	t->vcpu.jump = t->jump;
	t->vcpu.table = &t->table;
	*state = t;
	return cache_create(&t->c, &mem) || cache_add_vcpu(&t->c, &t->vcpu);
}

static int teardown(void **state)
{
	struct bench *t = *state;

	free(t->code);
	free(t->meta);
	free(t);
	return 0;
}

/* ---- guest words ---- */

static u32 addi(u32 rd, u32 rs1, s32 imm)
{
	return (u32)imm << 20 | rs1 << 15 | rd << 7 | 0x13;
}

static u32 ld(u32 rd, u32 rs1, s32 imm)
{
	return (u32)imm << 20 | rs1 << 15 | 3 << 12 | rd << 7 | 0x03;
}

static u32 beq(u32 rs1, u32 rs2, s32 off)
{
	u32 i = (u32)off;

	return (i >> 12 & 1) << 31 | (i >> 5 & 63) << 25 | rs2 << 20 | rs1 << 15 | (i >> 1 & 15) << 8 |
	       (i >> 11 & 1) << 7 | 0x63;
}

static u32 jump(s32 off)
{
	u32 i = (u32)off;

	return (i >> 20 & 1) << 31 | (i >> 1 & 1023) << 21 | (i >> 11 & 1) << 20 | (i >> 12 & 255) << 12 | 0x6f;
}

static u32 jump_reg(u32 rs1)
{
	return rs1 << 15 | 0x67;
}

static void put(struct bench *t, u32 off, u32 word)
{
	memcpy(t->ram + off, &word, 4);
}

static int try_translate(struct bench *t, u32 off, u8 mode, u32 *b)
{
	u32 page = off & ~(PAGE_BYTES - 1U);
	struct translate_request rq = { RAM + off, t->ram + page, GPA_NONE, NULL, mode };

	if (page + PAGE_BYTES < sizeof(t->ram)) {
		rq.gpa_next = RAM + page + PAGE_BYTES;
		rq.next_page = t->ram + page + PAGE_BYTES;
	}
	return translate_block(&t->c, &rq, b);
}

static struct block *translate(struct bench *t, u32 off)
{
	u32 b;

	assert_int_equal(try_translate(t, off, 0, &b), 0);
	return &t->c.block[b];
}

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
	assert_int_not_equal(t->c.link[b->link].key, 0);
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
	assert_int_not_equal(t->c.link[blk->link].key, 0);
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

static u64 key_at(struct bench *t, const struct link *lk)
{
	u64 key;

	memcpy(&key, t->code + lk->key, 8);
	return key;
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
	assert_int_equal(lk->key & 7, 0);
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
	struct cache_memory mem = memory_of(t);
	struct cache c;

	assert_int_equal(cache_meta_bytes(1000, 1), 0);
	assert_int_equal(cache_meta_bytes(0x80000000, 1), 0);
	mem.meta_bytes--;
	assert_int_equal(cache_create(&c, &mem), -ENOMEM);
	mem = memory_of(t);
	mem.code_bytes = 4096;
	assert_int_equal(cache_create(&c, &mem), -EINVAL);
	mem = memory_of(t);
	mem.exit_stub_bytes = LINK_STUB_LOOKUP + 1;
	assert_int_equal(cache_create(&c, &mem), -EINVAL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

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
		TEST(test_block_limits),
		TEST(test_block_straddler),
		TEST(test_loop_within_block),
		TEST(test_forward_within_block),
		TEST(test_link),
		TEST(test_link_far),
		TEST(test_link_source_dropped),
		TEST(test_index_keys),
		TEST(test_jump_entries_forgotten),
		TEST(test_eviction),
		TEST(test_eviction_waits),
		TEST(test_faultmap),
		TEST(test_faultmap_shared),
		TEST(test_create_errors),
	};
	u32 n = sizeof(tests) / sizeof(tests[0]);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	printf("unit: %d passed, %d failed, 0 skipped\n", (int)n - failed, failed);
	return failed != 0;
}
