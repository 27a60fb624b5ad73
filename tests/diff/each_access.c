// SPDX-License-Identifier: GPL-2.0-only
/* each_access.c: systematic blocks for loads, stores and atomics: every offset within a line, every immediate edge,
 * all base and data registers, aligned or not, and addresses without memory. */
#include "each.h"

static const uint64_t nowhere[] = { 0xa0000000, 0x4000000000, 0x7ffffffffffff800, 0x8000000000000000,
				    0xffffffc000000000 };

static uint64_t address_for(struct gen *g, unsigned int misalign, int32_t imm)
{
	return DIFF_SCRATCH + 8 * gen_below(g, GEN_MEM_BYTES / 8 - 2) + misalign - (uint64_t)(int64_t)imm;
}

/* One access; alias: 1 data register = base, 2 data register = x0 */
static void case_access(struct each *s, const struct enc *e, uint64_t address, int32_t imm, unsigned int alias)
{
	struct reg_use use = enc_reg_use(e->fmt);
	struct operands o = { .imm = imm };
	bool is_load = e->class == CLASS_LOAD;
	uint8_t data_use = is_load ? use.rd : use.rs2, data;

	/* a few registers per block; sp forms take a block each */
	each_case(s, use.rs1 == REG_SP ? ~0u : 0);
	if (use.rs1 == REG_SP || __builtin_popcount((s->results | s->sources) & 0xff00) > 4)
		s->cases = 1000;
	each_case(s, 0);
	if (use.rs1 == REG_SP) {
		o.rs1 = 2;
		s->sources |= 1u << 2;
		s->g->b->x[2] = address;
	} else {
		o.rs1 = each_value(s, use.rs1, address);
	}
	if (alias == 1)
		data = o.rs1;
	else if (alias == 2 && data_use == REG_ANY)
		data = 0;
	else if (is_load)
		data = each_result(s, data_use);
	else
		data = each_value(s, data_use, gen_value(s->g));
	s->results |= is_load ? 1u << data & ~1u : 0;
	if (is_load)
		o.rd = data;
	else
		o.rs2 = data;
	gen_op(s->g, e, &o);
}

static void sweep_access(struct each *s, const struct enc *e)
{
	int32_t imm[64];
	unsigned int n = gen_imm_edges(e->fmt, imm, 64), k = 0;

	for (unsigned int i = 0; i < n; i++)
		for (unsigned int misalign = 0; misalign < 8; misalign++, k++)
			case_access(s, e, address_for(s->g, misalign, imm[i]), imm[i], k % 5);
	/* all registers as base and as data */
	for (unsigned int i = 0; i < 700; i++) {
		int32_t v = gen_imm(s->g, e->fmt);

		case_access(s, e, address_for(s->g, 0, v), v, i % 7);
	}
	for (unsigned int i = 0; i < 60; i++)
		case_access(s, e, nowhere[i % 5] + gen_below(s->g, 256), imm[i % n], i % 4);
}

/* amo: the memory word gets an edge, then the operation with another edge. alias as in case_access, 3: rs2 = base */
static void case_amo(struct each *s, const struct enc *e, uint64_t memory, uint64_t operand, unsigned int k)
{
	struct operands o = { .aqrl = (uint8_t)(k & 3) };
	unsigned int alias = k / 4 % 6;
	uint8_t data;

	each_case(s, 0);
	if (__builtin_popcount(s->results | s->sources) > 22) {
		s->cases = 1000;
		each_case(s, 0);
	}
	o.rs1 = each_value(s, REG_ANY, address_for(s->g, 0, 0));
	data = each_value(s, REG_ANY, memory);
	o.rs2 = alias == 3 ? o.rs1 : alias == 4 ? 0 : each_value(s, REG_ANY, operand);
	o.rd = alias == 1 ? o.rs1 : alias == 2 ? 0 : alias == 5 ? o.rs2 : each_result(s, REG_ANY);
	s->results |= 1u << o.rd & ~1u;
	gen_name(s->g, e->size_bytes == 8 ? "sd" : "sw", 0, o.rs1, data, 0);
	if (e->fmt == FMT_SC) {
		uint8_t t = each_result(s, REG_ANY);
		struct operands lr = { .rd = t, .rs1 = o.rs1, .aqrl = o.aqrl };

		if (k % 5)
			gen_op(s->g, enc_find(e->size_bytes == 8 ? "lr.d" : "lr.w"), &lr);
	}
	gen_op(s->g, e, &o);
}

static void sweep_atomic(struct each *s, const struct enc *e)
{
	unsigned int k = 0;

	for (unsigned int a = 0; a < gen_edge_count; a++)
		for (unsigned int b = 0; b < gen_edge_count; b++)
			case_amo(s, e, gen_edges[a], gen_edges[b], k++);
	for (unsigned int i = 0; i < 600; i++)
		case_amo(s, e, gen_value(s->g), gen_value(s->g), gen_below(s->g, 1000));
	/* misaligned and without memory; SC may fail before it looks at the address, so it is left out */
	for (unsigned int i = 0; i < 40 && e->fmt != FMT_SC; i++) {
		struct operands o = { .aqrl = (uint8_t)(i & 3) };

		each_case(s, ~0u);
		o.rs1 = each_value(s, REG_ANY,
				   i < 20 ? address_for(s->g, 1 + i % (e->size_bytes - 1u), 0) : nowhere[i % 5]);
		o.rs2 = e->fmt == FMT_LR ? 0 : each_value(s, REG_ANY, gen_value(s->g));
		o.rd = i % 3 ? each_result(s, REG_ANY) : o.rs1;
		gen_op(s->g, e, &o);
		s->results |= 1u << o.rd;
	}
}

void each_access_all(struct gen *g)
{
	struct each s;

	each_begin(&s, g, DIFF_MODE_M);
	for (unsigned int i = 0; i < enc_count; i++) {
		const struct enc *e = &enc_table[i];

		if (e->class == CLASS_LOAD || e->class == CLASS_STORE)
			sweep_access(&s, e);
		else if (e->class == CLASS_ATOMIC)
			sweep_atomic(&s, e);
	}
	each_end(&s);
}
