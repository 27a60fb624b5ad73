// SPDX-License-Identifier: GPL-2.0-only
/* each_control.c: systematic blocks for branches, jumps and fences. Next file: each_csr.c. */
#include "each.h"

/* A result register that tells whether the instruction behind a branch ran. */
static void emit_mark(struct each *s, int32_t value)
{
	gen_name(s->g, "addi", each_result(s, REG_ANY), 0, 0, value);
}

/* branch forwards over a mark, or backwards to one */
static void case_branch(struct each *s, const struct enc *e, uint64_t a, uint64_t b, unsigned int k)
{
	bool is_short = enc_is_compressed(e);
	struct operands o = { 0 };
	size_t at;

	each_fill(s);
	o.rs1 = k % 16 == 7 && !is_short ? 0 : each_value(s, enc_reg_use(e->fmt).rs1, a);
	if (!is_short)
		o.rs2 = k % 16 == 9 ? 0 : k % 16 == 11 ? o.rs1 : each_value(s, REG_ANY, b);
	if (k % 3) {
		o.imm = (is_short ? 2 : 4) + 4;
		gen_op(s->g, e, &o);
		emit_mark(s, 1);
		return;
	}
	gen_name(s->g, "jal", 0, 0, 0, 12); /* over the mark and the way out */
	at = s->g->used;
	emit_mark(s, 2);
	gen_name(s->g, "jal", 0, 0, 0, (is_short ? 2 : 4) + 4 + 4);
	o.imm = (int32_t)((int64_t)at - (int64_t)s->g->used);
	gen_op(s->g, e, &o);
	emit_mark(s, 3);
}

/* the farthest targets, in both directions, over filler that never runs */
static void case_far(struct each *s, const struct enc *e, int32_t distance)
{
	struct gen *g = s->g;
	struct operands o = { .imm = distance };
	size_t length = enc_is_compressed(e) ? 2 : 4, from;
	uint16_t zero = 0;

	s->cases = 1000;
	each_case(s, 0);
	if (e->class == CLASS_BRANCH) {
		o.rs1 = each_value(s, enc_reg_use(e->fmt).rs1, 5);
		o.rs2 = enc_is_compressed(e) ? 0 : o.rs1;
		if (e->match == enc_find("bne")->match || e->match == enc_find("blt")->match ||
		    e->match == enc_find("bltu")->match)
			o.rs2 = each_value(s, REG_ANY, 6);
		if (e->match == enc_find("c.beqz")->match)
			g->b->x[o.rs1] = 0;
	} else {
		o.rd = e->fmt == FMT_JAL ? each_result(s, REG_ANY) : 0;
	}
	if (distance > 0) {
		from = gen_op(g, e, &o);
		while (g->used < from + (size_t)distance)
			gen_raw(g, &zero, 2);
		return;
	}
	/* jump to the branch, which goes back to a mark, from where the way leads out */
	gen_name(g, "jal", 0, 0, 0, 4 - distance);
	from = g->used;
	emit_mark(s, 4);
	gen_name(g, "jal", 0, 0, 0, -distance - 4 + (int32_t)length);
	while (g->used < from + (size_t)-distance)
		gen_raw(g, &zero, 2);
	gen_op(g, e, &o);
}

static void sweep_branch(struct each *s, const struct enc *e)
{
	unsigned int k = 0;

	for (unsigned int a = 0; a < gen_edge_count; a++)
		for (unsigned int b = 0; b < gen_edge_count; b++)
			case_branch(s, e, gen_edges[a], gen_edges[b], k++);
	for (unsigned int i = 0; i < 400; i++)
		case_branch(s, e, gen_value(s->g), gen_value(s->g), k++);
	case_far(s, e, enc_imm_range(e->fmt).hi);
	case_far(s, e, enc_imm_range(e->fmt).lo);
}

static void sweep_jal(struct each *s, const struct enc *e)
{
	for (unsigned int i = 0; i < 100; i++) {
		struct operands o = { .rd = (uint8_t)(i % 32), .imm = enc_is_compressed(e) ? 6 : 8 };

		each_fill(s);
		each_case(s, 1u << o.rd);
		if (e->fmt == FMT_C_J)
			o.rd = 0;
		s->results |= 1u << o.rd & ~1u;
		gen_op(s->g, e, &o);
		emit_mark(s, 1);
	}
	case_far(s, e, enc_imm_range(e->fmt).hi);
	case_far(s, e, e->fmt == FMT_JAL ? -0xffff0 : enc_imm_range(e->fmt).lo); /* the way to it is a jal too */
}

/* The target is known when the block is made: it goes into the base register. */
static void sweep_jalr(struct each *s, const struct enc *e)
{
	int32_t length = enc_is_compressed(e) ? 2 : 4;

	for (unsigned int i = 0; i < 1100; i++) {
		struct operands o = { .rd = (uint8_t)(i % 32) };

		o.imm = gen_imm(s->g, e->fmt);
		if (e->fmt != FMT_JALR)
			o.rd = e->fmt == FMT_C_JALR ? 1 : 0;
		each_fill(s);
		each_case(s, 1u << o.rd);
		s->results |= 1u << o.rd & ~1u;
		o.rs1 = i % 9 == 3 && o.rd && length == 4 && !(s->sources >> o.rd & 1) ? o.rd
										       : each_value(s, REG_NOT_ZERO, 0);
		s->g->b->x[o.rs1] = gen_pc(s->g) + (uint64_t)(length + 4) - (uint64_t)(int64_t)o.imm + (i % 5 == 1);
		s->sources |= 1u << o.rs1;
		gen_op(s->g, e, &o);
		emit_mark(s, 1);
	}
}

static void sweep_fence(struct each *s, const struct enc *e)
{
	for (int32_t i = 0; i < 256; i++) {
		struct operands o = { .imm = i };

		each_fill(s);
		gen_op(s->g, e, &o);
		emit_mark(s, i);
	}
}

void each_control_all(struct gen *g)
{
	struct each s;

	each_begin(&s, g, DIFF_MODE_M);
	for (unsigned int i = 0; i < enc_count; i++) {
		const struct enc *e = &enc_table[i];

		if (e->class == CLASS_BRANCH)
			sweep_branch(&s, e);
		else if (e->fmt == FMT_JAL || e->fmt == FMT_C_J)
			sweep_jal(&s, e);
		else if (e->class == CLASS_JUMP)
			sweep_jalr(&s, e);
		else if (e->class == CLASS_SYSTEM && e->fmt != FMT_CSR && e->fmt != FMT_CSRI)
			sweep_fence(&s, e); /* ecall and ebreak too: they trap and go on */
	}
	each_end(&s);
}
