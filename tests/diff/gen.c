// SPDX-License-Identifier: GPL-2.0-only
/* gen.c: image buffers, random choices, blocks. Next file: items.c (random blocks), each.c (systematic ones). */
#include "gen.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const uint64_t gen_edges[] = {
	0,
	1,
	2,
	(uint64_t)-1,
	(uint64_t)-2,
	0x7f,
	0x80,
	0xffff,
	0x7fffffff,
	0x80000000,
	0xffffffff,
	0x100000000,
	0xffffffff80000000,
	0x7fffffffffffffff,
	0x8000000000000000,
	0x8000000000000001,
	0x5555555555555555,
	63,
	32,
};
const unsigned int gen_edge_count = sizeof(gen_edges) / sizeof(gen_edges[0]);

void gen_init(struct gen *g, uint64_t seed)
{
	memset(g, 0, sizeof(*g));
	g->rng = seed * 0x9e3779b97f4a7c15ULL ^ 0xd1b54a32d192ed03ULL;
	if (!g->rng)
		g->rng = 1;
	for (int i = 0; i < 8; i++)
		gen_random(g);
}

void gen_free(struct gen *g)
{
	free(g->code);
	free(g->blocks);
	memset(g, 0, sizeof(*g));
}

uint64_t gen_random(struct gen *g)
{
	g->rng ^= g->rng << 13;
	g->rng ^= g->rng >> 7;
	g->rng ^= g->rng << 17;
	return g->rng * 0x2545f4914f6cdd1dULL;
}

uint32_t gen_below(struct gen *g, uint32_t limit)
{
	return (uint32_t)((gen_random(g) >> 32) * limit >> 32);
}

bool gen_chance(struct gen *g, uint32_t percent)
{
	return gen_below(g, 100) < percent;
}

uint64_t gen_value(struct gen *g)
{
	uint64_t v = gen_random(g);

	switch (gen_below(g, 8)) {
	case 0:
	case 1:
	case 2: return gen_edges[gen_below(g, gen_edge_count)];
	case 3: return v >> gen_below(g, 64);
	case 4: return (uint64_t)(int64_t)(int32_t)v;
	case 5: return (uint64_t)((int64_t)v >> gen_below(g, 64));
	default: return v;
	}
}

void gen_raw(struct gen *g, const void *data, size_t bytes)
{
	while (g->used + bytes > g->capacity) {
		g->capacity = g->capacity ? g->capacity * 2 : 1 << 16;
		g->code = realloc(g->code, g->capacity);
		assert(g->code);
	}
	memcpy(g->code + g->used, data, bytes);
	g->used += bytes;
}

void gen_word(struct gen *g, uint32_t word, unsigned int bytes)
{
	gen_raw(g, &word, bytes);
	g->insns++;
}

size_t gen_op(struct gen *g, const struct enc *e, const struct operands *o)
{
	size_t at = g->used;

	gen_word(g, enc_word(e, o), enc_is_compressed(e) ? 2 : 4);
	return at;
}

void gen_patch(struct gen *g, size_t at, const struct enc *e, const struct operands *o)
{
	uint32_t word = enc_word(e, o);

	memcpy(g->code + at, &word, enc_is_compressed(e) ? 2 : 4);
}

size_t gen_name(struct gen *g, const char *name, int rd, int rs1, int rs2, int32_t imm)
{
	struct operands o = { (uint8_t)rd, (uint8_t)rs1, (uint8_t)rs2, 0, imm };

	return gen_op(g, enc_find(name), &o);
}

uint64_t gen_pc(const struct gen *g)
{
	return GEN_CODE + g->used;
}

void gen_block_begin(struct gen *g)
{
	if (g->nblocks == g->block_capacity) {
		g->block_capacity = g->block_capacity ? g->block_capacity * 2 : 1024;
		g->blocks = realloc(g->blocks, g->block_capacity * sizeof(*g->blocks));
		assert(g->blocks);
	}
	g->b = &g->blocks[g->nblocks++];
	memset(g->b, 0, sizeof(*g->b));
	g->b->entry = gen_pc(g);
	g->b->seed = gen_random(g) | 1;
	g->b->mem_bytes = GEN_MEM_BYTES;
	g->b->mode = DIFF_MODE_M;
	for (int i = 1; i < 32; i++)
		g->b->x[i] = gen_value(g);
	g->locked = g->pointers = g->bad = 0;
	g->depth = g->loops = 0;
	g->fp_share = 0;
}

void gen_block_end(struct gen *g)
{
	g->b->end = gen_pc(g);
	gen_name(g, gen_chance(g, 50) ? "ebreak" : "c.ebreak", 0, 0, 0, 0);
	g->insns--; /* glue */
	g->b = NULL;
}

const struct enc *gen_pick(struct gen *g, enum enc_class class)
{
	const struct enc *e;

	do {
		e = &enc_table[gen_below(g, enc_count)];
	} while (e->class != class);
	return e;
}

uint8_t gen_source(struct gen *g, uint8_t use)
{
	switch (use) {
	case REG_3BITS: return (uint8_t)(8 + gen_below(g, 8));
	case REG_SP: return 2;
	case REG_NOT_ZERO: return (uint8_t)(1 + gen_below(g, 31));
	case REG_NOT_0_2: return (uint8_t)(3 + gen_below(g, 29));
	default: return gen_chance(g, 6) ? 0 : (uint8_t)gen_below(g, 32);
	}
}

uint8_t gen_dest(struct gen *g, uint8_t use)
{
	for (int attempt = 0; attempt < 40; attempt++) {
		uint8_t r = gen_source(g, use);

		if (!(g->locked >> r & 1))
			return r;
	}
	return GEN_NO_REG;
}

static bool imm_is_legal(const struct imm_range *r, int64_t v)
{
	return v >= r->lo && v <= r->hi && v % r->step == 0 && (v || !r->zero_is_reserved);
}

unsigned int gen_imm_edges(enum fmt fmt, int32_t *edge, unsigned int limit)
{
	static const int32_t candidate[] = { 0,	 1,   -1,   2,	  -2,	4,     8,     16,    31,     32,   33,	-32,
					     63, 64,  127,  128,  -128, -129,  255,   256,   1023,   1024, 511, -512,
					     48, 124, 2047, 2046, -256, -2048, -2047, 0x555, -0x556, 5 };
	struct imm_range r = enc_imm_range(fmt);
	unsigned int n = 0;

	for (unsigned int i = 0; i < sizeof(candidate) / sizeof(candidate[0]) && n < limit; i++)
		if (imm_is_legal(&r, candidate[i]))
			edge[n++] = candidate[i];
	if (n < limit && r.hi > 2047)
		edge[n++] = r.hi;
	if (n < limit && r.lo < -2048)
		edge[n++] = r.lo;
	return n;
}

int32_t gen_imm(struct gen *g, enum fmt fmt)
{
	struct imm_range r = enc_imm_range(fmt);
	int32_t edge[40], v;
	unsigned int n;

	if (!r.step)
		return 0;
	n = gen_imm_edges(fmt, edge, 40);
	if (n && gen_chance(g, 40))
		return edge[gen_below(g, n)];
	do {
		v = r.lo + (int32_t)gen_below(g, (uint32_t)(r.hi - r.lo) / (uint32_t)r.step + 1) * r.step;
	} while (!imm_is_legal(&r, v));
	return v;
}
