// SPDX-License-Identifier: GPL-2.0-only
/* each.c: systematic blocks: every register instruction on edge x edge operands, with all register numbers and
 * aliasings. No result is overwritten before the block ends, so that all of them reach the hash.
 * Next file: each_fused.c, each_access.c, each_control.c, each_illegal.c. */
#include "each.h"

enum { BLOCK_CASES_MAX = 12 };

void each_begin(struct each *s, struct gen *g, uint8_t mode)
{
	*s = (struct each){ .g = g, .mode = mode };
	gen_block_begin(g);
	g->b->mode = mode;
}

void each_end(struct each *s)
{
	gen_block_end(s->g);
}

static void each_next_block(struct each *s)
{
	each_end(s);
	each_begin(s, s->g, s->mode);
}

void each_case(struct each *s, uint32_t wanted)
{
	uint32_t writes = wanted & ~1u;

	if (s->cases++ < BLOCK_CASES_MAX && !(s->results & writes))
		return;
	each_next_block(s);
	s->cases = 1;
}

void each_fill(struct each *s)
{
	each_case(s, 0);
	if (__builtin_popcount((s->results | s->sources) & 0xff00) > 4 ||
	    __builtin_popcount(s->results | s->sources) > 22) {
		s->cases = 1000;
		each_case(s, 0);
	}
}

uint8_t each_free(struct each *s, uint8_t use, uint32_t except)
{
	for (int attempt = 0; attempt < 200; attempt++) {
		uint8_t r = gen_source(s->g, use);

		if (r && !((s->results | s->sources | except) >> r & 1))
			return r;
	}
	each_next_block(s);
	return each_free(s, use, except);
}

uint8_t each_value(struct each *s, uint8_t use, uint64_t value)
{
	uint8_t r = each_free(s, use, 0);

	s->g->b->x[r] = value;
	s->sources |= 1u << r;
	return r;
}

uint8_t each_result(struct each *s, uint8_t use)
{
	uint8_t r = each_free(s, use, 0);

	s->results |= 1u << r;
	return r;
}

void each_reserve(struct each *s, int registers)
{
	uint32_t used = s->results | s->sources;

	/* of x8..x15 there are only eight */
	if (__builtin_popcount(used & 0xff00) + registers > 8 || __builtin_popcount(used) + registers > 28)
		each_next_block(s);
}

/* One instruction on two values. alias: 0 distinct, 1 rd = rs1, 2 rd = rs2, 3 rs1 = rs2, 4..6 one of them is x0 */
static void case_values(struct each *s, const struct enc *e, uint64_t a, uint64_t b, int32_t imm, unsigned int alias)
{
	struct reg_use use = enc_reg_use(e->fmt);
	struct operands o = { .imm = imm };

	each_reserve(s, 3);
	if (use.is_rd_rs1) {
		o.rd = o.rs1 = use.rd == REG_SP ? 2 : each_value(s, use.rd, a);
		s->g->b->x[o.rd] = a;
		o.rs2 = use.rs2 ? (alias == 3 ? o.rd : each_value(s, use.rs2, b)) : 0;
		s->results |= 1u << o.rd;
		gen_op(s->g, e, &o);
		if (use.rd == REG_SP)
			each_next_block(s);
		return;
	}
	o.rs1 = use.rs1 == REG_ANY ? each_value(s, REG_ANY, a) : use.rs1 == REG_SP ? 2 : 0;
	if (use.rs2)
		o.rs2 = alias == 3 && use.rs2 == REG_ANY ? o.rs1 : each_value(s, use.rs2, b);
	if (alias == 1 && use.rs1 == REG_ANY)
		o.rd = o.rs1;
	else if (alias == 2 && use.rs2)
		o.rd = o.rs2;
	else
		o.rd = each_result(s, use.rd);
	s->results |= 1u << o.rd;
	if (alias == 4 && use.rd == REG_ANY)
		o.rd = 0;
	if (alias == 5 && use.rs1 == REG_ANY)
		o.rs1 = 0;
	if (alias == 6 && use.rs2 == REG_ANY)
		o.rs2 = 0;
	gen_op(s->g, e, &o);
	if (use.rs1 == REG_SP)
		each_next_block(s);
}

/* edge x edge, or edge x immediate */
static void sweep_values(struct each *s, const struct enc *e)
{
	struct reg_use use = enc_reg_use(e->fmt);
	struct imm_range r = enc_imm_range(e->fmt);
	unsigned int k = 0, nimm = 0;
	int32_t imm[64];

	if (r.hi == 63 || r.hi == 31) {
		for (int32_t v = r.lo; v <= r.hi && nimm < 64; v++)
			if (v || !r.zero_is_reserved)
				imm[nimm++] = v;
	} else if (r.step) {
		nimm = gen_imm_edges(e->fmt, imm, 64);
	}
	for (unsigned int a = 0; a < gen_edge_count; a++) {
		if (e->class == CLASS_ALU_PICKED) {
			if ((uint32_t)gen_edges[a])
				case_values(s, e, gen_edges[a], 0, 0, a % 2);
			continue;
		}
		if (!use.rs2) {
			for (unsigned int i = 0; i < (nimm ? nimm : 1); i++)
				case_values(s, e, gen_edges[a], 0, nimm ? imm[i] : 0, k++ % 8);
			if (nimm) /* the first is most often 0, which has arms of its own */
				case_values(s, e, gen_edges[a], 0, imm[0], 1);
			continue;
		}
		for (unsigned int b = 0; b < gen_edge_count; b++)
			case_values(s, e, gen_edges[a], gen_edges[b], 0, k++ % 8);
	}
}

/* every pair of register numbers, the third one random; random values */
static void sweep_registers(struct each *s, const struct enc *e)
{
	struct reg_use use = enc_reg_use(e->fmt);

	for (unsigned int pair = 0; pair < 1024; pair++) {
		struct operands o = { .imm = gen_imm(s->g, e->fmt) };
		uint8_t a = (uint8_t)(pair / 32), b = (uint8_t)(pair % 32);

		if (use.rs2 == REG_ANY) {
			o.rs1 = a;
			o.rs2 = b;
			o.rd = gen_source(s->g, REG_ANY);
			if (gen_chance(s->g, 30))
				o.rd = gen_chance(s->g, 50) ? a : b;
		} else {
			o.rd = a;
			o.rs1 = b;
		}
		each_case(s, 1u << o.rd);
		s->results |= 1u << o.rd & ~1u;
		gen_op(s->g, e, &o);
	}
}

static void sweep_compressed(struct each *s, const struct enc *e)
{
	struct reg_use use = enc_reg_use(e->fmt);

	for (unsigned int n = 0; n < 300; n++) {
		struct operands o = { .imm = gen_imm(s->g, e->fmt) };

		o.rd = gen_source(s->g, use.rd);
		o.rs2 = use.rs2 ? gen_source(s->g, use.rs2) : 0;
		each_case(s, 1u << o.rd);
		s->results |= 1u << o.rd & ~1u;
		gen_op(s->g, e, &o);
	}
}

void each_all(struct gen *g)
{
	struct each s;

	each_begin(&s, g, DIFF_MODE_M);
	for (unsigned int i = 0; i < enc_count; i++) {
		const struct enc *e = &enc_table[i];

		if ((e->class != CLASS_ALU && e->class != CLASS_ALU_PICKED) || e->fmt == FMT_C_FIXED)
			continue;
		sweep_values(&s, e);
		if (e->class == CLASS_ALU_PICKED)
			continue;
		if (enc_is_compressed(e))
			sweep_compressed(&s, e);
		else
			sweep_registers(&s, e);
	}
	each_end(&s);
	each_fused_all(g);
	each_access_all(g);
	each_control_all(g);
	each_csr_all(g);
	each_illegal_all(g);
}
