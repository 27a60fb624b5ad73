// SPDX-License-Identifier: GPL-2.0-only
/* unit_bench.c: sets up a cache for one test, and encodes the few guest instructions that the tests use.
 * Next file: unit.c. */
#include "unit.h"

static const u8 exit_stub[] = { 0x0f, 0x0b };
u32 p0, p1, home; /* two pinned guest registers, one homed; host numbers h0, h1 */
u32 h0, h1;

struct cache_memory unit_memory(struct bench *t)
{
	struct cache_memory mem = {
		.code_rw = t->code,
		.code_exec = EXEC,
		.keys_rw = t->keys,
		.keys_exec = KEYS,
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

int unit_setup(void **state)
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
	t->keys = calloc(1, cache_key_bytes(CODE_BYTES));
	t->meta = calloc(1, cache_meta_bytes(CODE_BYTES, NPAGES));
	mem = unit_memory(t);
	t->vcpu.jump = t->jump;
	t->vcpu.table = &t->table;
	*state = t;
	return cache_create(&t->c, &mem) || cache_add_vcpu(&t->c, &t->vcpu);
}

int unit_teardown(void **state)
{
	struct bench *t = *state;

	free(t->code);
	free(t->meta);
	free(t->keys);
	free(t);
	return 0;
}

/* ---- guest words ---- */

u32 addi(u32 rd, u32 rs1, s32 imm)
{
	return (u32)imm << 20 | rs1 << 15 | rd << 7 | 0x13;
}

u32 ld(u32 rd, u32 rs1, s32 imm)
{
	return (u32)imm << 20 | rs1 << 15 | 3 << 12 | rd << 7 | 0x03;
}

u32 beq(u32 rs1, u32 rs2, s32 off)
{
	u32 i = (u32)off;

	return (i >> 12 & 1) << 31 | (i >> 5 & 63) << 25 | rs2 << 20 | rs1 << 15 | (i >> 1 & 15) << 8 |
	       (i >> 11 & 1) << 7 | 0x63;
}

u32 jump(s32 off)
{
	u32 i = (u32)off;

	return (i >> 20 & 1) << 31 | (i >> 1 & 1023) << 21 | (i >> 11 & 1) << 20 | (i >> 12 & 255) << 12 | 0x6f;
}

u32 jump_reg(u32 rs1)
{
	return rs1 << 15 | 0x67;
}

void put(struct bench *t, u32 off, u32 word)
{
	memcpy(t->ram + off, &word, 4);
}

int try_translate(struct bench *t, u32 off, u8 mode, u32 *b)
{
	u32 page = off & ~(PAGE_BYTES - 1U);
	struct translate_request rq = { RAM + off, t->ram + page, GPA_NONE, NULL, mode };

	if (page + PAGE_BYTES < sizeof(t->ram)) {
		rq.gpa_next = RAM + page + PAGE_BYTES;
		rq.next_page = t->ram + page + PAGE_BYTES;
	}
	return translate_block(&t->c, &rq, b);
}

struct block *translate(struct bench *t, u32 off)
{
	u32 b;

	assert_int_equal(try_translate(t, off, 0, &b), 0);
	return &t->c.block[b];
}
