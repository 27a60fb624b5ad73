// SPDX-License-Identifier: GPL-2.0-only
/* each_fused.c: systematic blocks for sequences that have fused rules: every arm's immediates and register equalities, and
 * near misses, on edge x edge and random operands. The list follows rules/fused*.rules; ../diff/arms.py tells when an arm
 * there is missing here. Next file: each.h. */
#include "each.h"

enum { PARTS_MAX = 3, IMMS_MAX = 16, RANDOM_CASES = 60 };
#define ANY INT32_MIN /* an immediate: edge or random */

/* Registers: d result, s t u sources, 0 x0. Branches go over one instruction. */
struct part {
	const char *name;
	char rd, rs1, rs2;
};

static const struct pattern {
	struct part part[PARTS_MAX];
	int32_t imm[IMMS_MAX][PARTS_MAX]; /* of each part; the list ends with zeros; none: all ANY */
} patterns[] = {
	{ { { "lui", 'd', 0, 0 }, { "addi", 'd', 'd', 0 } }, { { 0x7ffff, 2047 }, { -0x80000, -1 }, { ANY, ANY } } },
	{ { { "lui", 'd', 0, 0 }, { "addiw", 'd', 'd', 0 } }, { { 0x7ffff, 2047 }, { -0x80000, -1 }, { ANY, ANY } } },
	{ { { "auipc", 'd', 0, 0 }, { "addi", 'd', 'd', 0 } }, { { 0x7ffff, 2047 }, { -0x80000, -1 }, { ANY, ANY } } },
	{ { { "auipc", 'd', 0, 0 }, { "ld", 'd', 'd', 0 } }, { { 0 } } },
	{ { { "auipc", 'd', 0, 0 }, { "lw", 'd', 'd', 0 } }, { { 0 } } },
	{ { { "auipc", 'd', 0, 0 }, { "lbu", 'd', 'd', 0 } }, { { 0 } } },
	{ { { "slli", 'd', 's', 0 }, { "srli", 'd', 'd', 0 } },
	  { { 32, 32 },
	    { 48, 48 },
	    { 56, 56 },
	    { 32, 33 },
	    { 32, 45 },
	    { 32, 63 },
	    { 32, 31 },
	    { 32, 1 },
	    { 33, 33 },
	    { 40, 40 },
	    { 63, 63 },
	    { 31, 31 },
	    { 20, 30 },
	    { ANY, ANY } } },
	{ { { "slli", 'd', 's', 0 }, { "srai", 'd', 'd', 0 } },
	  { { 32, 32 },
	    { 48, 48 },
	    { 56, 56 },
	    { 32, 33 },
	    { 32, 45 },
	    { 32, 63 },
	    { 32, 31 },
	    { 32, 1 },
	    { 40, 40 },
	    { ANY, ANY } } },
	{ { { "slliw", 'd', 's', 0 }, { "sraiw", 'd', 'd', 0 } }, { { 16, 16 }, { 24, 24 }, { 8, 8 }, { ANY, ANY } } },
	{ { { "slliw", 'd', 's', 0 }, { "srliw", 'd', 'd', 0 } }, { { 16, 16 }, { 24, 24 }, { 8, 8 }, { ANY, ANY } } },
	{ { { "addiw", 'd', 's', 0 }, { "slli", 'd', 'd', 0 }, { "srli", 'd', 'd', 0 } },
	  { { ANY, 32, 32 }, { -1, 32, 32 }, { ANY, 32, 31 } } },
	{ { { "addw", 'd', 's', 't' }, { "slli", 'd', 'd', 0 }, { "srli", 'd', 'd', 0 } },
	  { { 0, 32, 32 }, { 0, 32, 31 } } },
	{ { { "slli", 'd', 's', 0 }, { "add", 'd', 'd', 'u' } }, { { 1 }, { 2 }, { 3 }, { 4 }, { ANY } } },
	{ { { "slli", 'd', 's', 0 }, { "add", 'd', 'u', 'd' } }, { { 1 }, { 2 }, { 3 }, { 4 }, { ANY } } },
	{ { { "slli", 'd', 's', 0 }, { "srli", 'd', 'd', 0 }, { "add", 'd', 'd', 'u' } },
	  { { 32, 32 }, { 32, 31 }, { 32, 30 }, { 32, 29 }, { 32, 28 }, { 48, 48 } } },
	{ { { "slli", 'd', 's', 0 }, { "srli", 'd', 'd', 0 }, { "add", 'd', 'u', 'd' } },
	  { { 32, 32 }, { 32, 31 }, { 32, 30 }, { 32, 29 }, { 32, 28 }, { 48, 48 } } },
	{ { { "addw", 'd', 's', 't' }, { "addiw", 'd', 'd', 0 } }, { { 0 } } },
	{ { { "addw", 'd', 's', 't' }, { "addw", 'd', 'd', 'u' } }, { { 0 } } },
	{ { { "addw", 'd', 's', 't' }, { "addw", 'd', 'u', 'd' } }, { { 0 } } },
	{ { { "slliw", 'd', 's', 0 }, { "addw", 'd', 'd', 'u' } }, { { 1 }, { 2 }, { 3 }, { 4 }, { 31 }, { ANY } } },
	{ { { "slliw", 'd', 's', 0 }, { "addw", 'd', 'u', 'd' } }, { { 1 }, { 2 }, { 3 }, { 4 }, { 31 }, { ANY } } },
	{ { { "xori", 'd', 's', 0 }, { "and", 'd', 'd', 'u' } }, { { -1 }, { ANY } } },
	{ { { "xori", 'd', 's', 0 }, { "and", 'd', 'u', 'd' } }, { { -1 }, { ANY } } },
	{ { { "slt", 'd', 's', 't' }, { "beq", 0, 'd', '0' } }, { { 0 } } },
	{ { { "slt", 'd', 's', 't' }, { "bne", 0, 'd', '0' } }, { { 0 } } },
	{ { { "sltu", 'd', 's', 't' }, { "beq", 0, 'd', '0' } }, { { 0 } } },
	{ { { "sltu", 'd', 's', 't' }, { "bne", 0, 'd', '0' } }, { { 0 } } },
	{ { { "sltu", 'd', '0', 't' }, { "beq", 0, 'd', '0' } }, { { 0 } } },
	{ { { "sltu", 'd', '0', 't' }, { "bne", 0, 'd', '0' } }, { { 0 } } },
	{ { { "slti", 'd', 's', 0 }, { "beq", 0, 'd', '0' } }, { { 0 } } },
	{ { { "slti", 'd', 's', 0 }, { "bne", 0, 'd', '0' } }, { { 0 } } },
	{ { { "sltiu", 'd', 's', 0 }, { "beq", 0, 'd', '0' } }, { { 1 }, { -1 }, { ANY } } },
	{ { { "sltiu", 'd', 's', 0 }, { "bne", 0, 'd', '0' } }, { { 1 }, { -1 }, { ANY } } },
	{ { { "andi", 'd', 's', 0 }, { "beq", 0, 'd', '0' } }, { { -1 }, { -2048 }, { 2047 }, { ANY } } },
	{ { { "andi", 'd', 's', 0 }, { "bne", 0, 'd', '0' } }, { { -1 }, { -2048 }, { 2047 }, { ANY } } },
	{ { { "and", 'd', 's', 't' }, { "beq", 0, 'd', '0' } }, { { 0 } } },
	{ { { "and", 'd', 's', 't' }, { "bne", 0, 'd', '0' } }, { { 0 } } },
	{ { { "addi", 'd', 'd', 0 }, { "beq", 0, 'd', '0' } }, { { -1 }, { 1 }, { ANY } } },
	{ { { "addi", 'd', 'd', 0 }, { "bne", 0, 'd', '0' } }, { { -1 }, { 1 }, { ANY } } },
	{ { { "addiw", 'd', 'd', 0 }, { "beq", 0, 'd', '0' } }, { { -1 }, { 1 }, { ANY } } },
	{ { { "addiw", 'd', 'd', 0 }, { "bne", 0, 'd', '0' } }, { { -1 }, { 1 }, { ANY } } },
	{ { { "lbu", 'd', 's', 0 }, { "addiw", 'd', 'd', 0 } }, { { 0 } } },
	{ { { "lhu", 'd', 's', 0 }, { "addiw", 'd', 'd', 0 } }, { { 0 } } },
	{ { { "lbu", 'd', 's', 0 }, { "slliw", 'd', 'd', 0 } },
	  { { ANY, 1 }, { ANY, 4 }, { ANY, 8 }, { ANY, 23 }, { ANY, 24 }, { ANY, 31 } } },
	{ { { "lbu", 'd', 's', 0 }, { "sltu", 'd', '0', 'd' } }, { { 0 } } },
	{ { { "lbu", 'd', 's', 0 }, { "addi", 'd', 'd', 0 }, { "add", 'd', 'd', 'u' } }, { { 0 } } },
	{ { { "lbu", 'd', 's', 0 }, { "addi", 'd', 'd', 0 }, { "add", 'd', 'u', 'd' } }, { { 0 } } },
	{ { { "lw", 'd', 's', 0 }, { "addiw", 'd', 'd', 0 } }, { { -4, 0 }, { 8, 0 }, { ANY, ANY } } },
	{ { { "lw", 'd', 's', 0 }, { "subw", 'd', 'd', 't' }, { "bge", 0, 'd', '0' } }, { { 0 } } },
	{ { { "lw", 'd', 's', 0 }, { "subw", 'd', 'd', 't' }, { "beq", 0, 'd', '0' } }, { { 0 } } },
	{ { { "lw", 'd', 's', 0 }, { "subw", 'd', 'd', 't' }, { "bne", 0, 'd', '0' } }, { { 0 } } },
};

struct registers {
	uint8_t d, s, t, u, memory; /* memory: what is stored where a load looks */
};

static uint8_t number(const struct registers *r, char name)
{
	return name == 'd' ? r->d : name == 's' ? r->s : name == 't' ? r->t : name == 'u' ? r->u : 0;
}

/* k: aliasing. x0 as result, and as base of a load, are kept apart: low addresses are QEMU's. */
static void choose_registers(struct each *s, const struct pattern *p, uint64_t a, uint64_t b, unsigned int k,
			     struct registers *r)
{
	bool is_load = enc_find(p->part[0].name)->class == CLASS_LOAD,
	     is_far = enc_find(p->part[1].name)->class == CLASS_LOAD;
	uint64_t first = is_load || is_far ? DIFF_SCRATCH + 2048 + 8 * gen_below(s->g, 512) : a;

	r->memory = each_value(s, REG_ANY, a);
	r->d = each_result(s, REG_ANY);
	s->g->b->x[r->d] = first;
	r->s = k % 4 == 1 ? r->d : each_value(s, REG_ANY, first);
	r->t = k % 9 == 4 ? 0 : k % 6 == 2 && !is_load ? r->s : k % 8 == 3 ? r->d : each_value(s, REG_ANY, b);
	r->u = k % 10 == 7 ? r->d : k % 14 == 3 ? 0 : k % 5 == 2 ? r->s : each_value(s, REG_ANY, b);
	if (k % 13 == 6 && !is_far && r->s != r->d && p->part[0].rs1 != 'd')
		r->d = 0;
}

/* auipc and the load's offset so that they lead to what register s holds. */
static void reach_memory(const struct gen *g, uint64_t target, int32_t imm[PARTS_MAX])
{
	int64_t distance = (int64_t)(target - gen_pc(g));

	imm[0] = (int32_t)((distance + 0x800) >> 12);
	imm[1] = (int32_t)(distance - (int64_t)imm[0] * 4096);
}

static void case_fused(struct each *s, const struct pattern *p, const int32_t *wanted, uint64_t a, uint64_t b,
		       unsigned int k)
{
	const struct enc *last = NULL;
	int32_t imm[PARTS_MAX];
	struct registers r;

	each_reserve(s, 5);
	each_case(s, 0);
	choose_registers(s, p, a, b, k, &r);
	for (unsigned int i = 0; i < PARTS_MAX && p->part[i].name; i++)
		imm[i] = wanted[i] == ANY ? gen_imm(s->g, enc_find(p->part[i].name)->fmt) : wanted[i];
	if (enc_find(p->part[0].name)->class == CLASS_LOAD) {
		gen_name(s->g, "sd", 0, r.s, r.memory, imm[0]);
	} else if (enc_find(p->part[1].name)->class == CLASS_LOAD) {
		gen_name(s->g, "sd", 0, r.s, r.memory, 0);
		reach_memory(s->g, s->g->b->x[r.s], imm);
	}
	for (unsigned int i = 0; i < PARTS_MAX && p->part[i].name; i++) {
		const struct part *part = &p->part[i];

		last = enc_find(part->name);
		gen_name(s->g, part->name, number(&r, part->rd), number(&r, part->rs1), number(&r, part->rs2),
			 last->class == CLASS_BRANCH ? 8 : imm[i]);
	}
	if (last && last->class == CLASS_BRANCH)
		gen_name(s->g, "addi", each_result(s, REG_ANY), 0, 0, 1);
}

/* A load that faults: the state is that of before the match, and the rest of it runs alone. */
static void case_no_memory(struct each *s, const struct pattern *p, unsigned int k)
{
	static const uint64_t nowhere[] = { 0xa0000000, 0x7ffffffffffff800, 0xffffffc000000000 };
	uint8_t d, base, other;

	each_reserve(s, 3);
	each_case(s, 0);
	base = each_value(s, REG_ANY, nowhere[k % 3]);
	other = each_value(s, REG_ANY, gen_value(s->g));
	d = k % 2 ? base : each_result(s, REG_ANY);
	s->results |= 1u << d;
	for (unsigned int i = 0; i < PARTS_MAX && p->part[i].name; i++) {
		const struct registers r = { .d = d, .s = base, .t = other, .u = other };
		const struct part *part = &p->part[i];
		const struct enc *e = enc_find(part->name);

		gen_name(s->g, part->name, number(&r, part->rd), number(&r, part->rs1), number(&r, part->rs2),
			 e->class == CLASS_BRANCH ? 4 : gen_imm(s->g, e->fmt));
	}
}

static bool is_end(const int32_t imm[PARTS_MAX])
{
	return !imm[0] && !imm[1] && !imm[2];
}

static void sweep_pattern(struct each *s, const struct pattern *p)
{
	static const int32_t any[PARTS_MAX] = { ANY, ANY, ANY };
	unsigned int k = 0, n = 0;

	while (n < IMMS_MAX && !is_end(p->imm[n]))
		n++;
	for (unsigned int a = 0; a < gen_edge_count; a++)
		for (unsigned int b = 0; b < gen_edge_count; b++, k++)
			case_fused(s, p, n ? p->imm[k % n] : any, gen_edges[a], gen_edges[b], k);
	for (unsigned int i = 0; i < (n ? n : 1); i++)
		for (unsigned int j = 0; j < RANDOM_CASES; j++, k++)
			case_fused(s, p, n ? p->imm[i] : any, gen_value(s->g), gen_value(s->g), gen_below(s->g, 10000));
	if (enc_find(p->part[0].name)->class == CLASS_LOAD)
		for (unsigned int j = 0; j < 20; j++)
			case_no_memory(s, p, j);
}

void each_fused_all(struct gen *g)
{
	struct each s;

	each_begin(&s, g, DIFF_MODE_M);
	for (unsigned int i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		sweep_pattern(&s, &patterns[i]);
	each_end(&s);
}
