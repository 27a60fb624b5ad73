// SPDX-License-Identifier: GPL-2.0-only
/* roundtrip.c: decode(encode(x)) gives x for every form and operand shape; strict decoding refuses the rest.
 * Next file: refuse.c (the table of bytes that must be refused). */
#include "roundtrip.h"

#include <string.h>

enum { MUTATIONS = 12 }; /* single-bit changes tried per case */

struct roundtrip {
	const struct isa *host;
	struct diag loud, silent;
	struct counts counts;
	uint64_t seed;
};

static bool imm_is_same(const struct opnd *opnd, int64_t a, int64_t b)
{
	uint64_t mask = opnd->width == 64 ? ~0ULL : (1ULL << opnd->width) - 1;

	return (((uint64_t)a ^ (uint64_t)b) & mask) == 0;
}

static bool address_is_same(const struct hop *a, const struct hop *b)
{
	bool has_index = a->index != HREG_NONE;

	return a->base == b->base && a->index == b->index && (!has_index || a->scale == b->scale) &&
	       (has_index || a->base_needs_sib == b->base_needs_sib) && a->disp_value == b->disp_value &&
	       a->disp_const == b->disp_const;
}

static bool hop_is_same(const struct opnd *opnd, const struct hop *a, const struct hop *b, unsigned int end)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case HOP_XMM:
	case HOP_REG: return a->reg == b->reg && a->width == b->width;
	case HOP_ROLE:
	case HOP_XROLE:
	case HOP_HOME: return a->role == b->role && a->width == b->width;
	case HOP_STATE: return a->disp_const == b->disp_const && a->width == b->width;
	case HOP_GMEM:
	case HOP_ADDR: return address_is_same(a, b) && a->width == b->width;
	case HOP_CONST: return imm_is_same(opnd, a->disp_const, b->disp_const);
	case HOP_LABEL: /* not yet patched: points behind the instruction */ return b->label == (int)end;
	case HOP_VALUE:
	case HOP_TARGET: return a->value == b->value;
	default: return true;
	}
}

static bool hinsn_is_same(const struct hinsn *a, const struct hinsn *b)
{
	if (a->form != b->form)
		return false;
	for (unsigned int i = 0; i < a->form->nopnds; i++) {
		if (!hop_is_same(&a->form->opnd[i], &a->op[i], &b->op[i], b->off + b->len))
			return false;
	}
	return true;
}

/* A second instruction in front, so that offsets are not all zero. */
static void put_front(struct roundtrip *run, struct hcode *code)
{
	struct hinsn front = { .op = {
				       { .kind = HOP_ROLE, .width = 64, .role = 5 },
				       { .kind = HOP_GMEM,
					 .width = 64,
					 .base = HREG_ROLE | 2,
					 .index = HREG_NONE,
					 .disp_value = 7 },
			       } };

	front.form = form_find(run->host, "mov", front.op, 2, 0);
	if (!front.form || x86_encode(&front, 0, code, &run->loud))
		fputs("cannot encode the front instruction\n", stderr);
}

static bool decodes_to(struct roundtrip *run, const struct hcode *code, unsigned int off, struct hinsn *insn,
		       struct diag *diag)
{
	return !x86_decode(run->host, code->bytes, code->len, code->hole, code->nholes, &off, insn, diag) &&
	       off <= code->len && insn->off + insn->len == off;
}

/* What a changed byte string decodes to, if anything, must encode and decode to itself again. */
static bool mutation_holds(struct roundtrip *run, const struct hcode *code, unsigned int off)
{
	struct hcode changed = *code, again = { .len = 0 };
	unsigned int bit = random_next(&run->seed) % (8 * (code->len - off));
	struct hinsn first = { .form = NULL }, second = { .form = NULL };
	uint32_t narrow_mask = 0;

	changed.bytes[off + bit / 8] ^= 1 << bit % 8;
	if (!decodes_to(run, &changed, off, &first, &run->silent))
		return true;
	for (unsigned int i = 0; i < changed.nholes; i++)
		narrow_mask |= changed.hole[i].kind == HOLE_VALUE8 ? 1U << changed.hole[i].arg : 0;
	if (x86_encode(&first, narrow_mask, &again, &run->loud) || !decodes_to(run, &again, 0, &second, &run->loud))
		return false;
	return first.op[0].kind == HOP_LABEL || hinsn_is_same(&first, &second);
}

static void check_case(void *ctx, const struct hinsn *insn, uint32_t narrow_mask)
{
	struct roundtrip *run = ctx;
	struct hcode code = { .len = 0 };
	struct hinsn back = { .loc = insn->loc };
	unsigned int off, cut;
	bool is_good = true;

	put_front(run, &code);
	off = code.len;
	if (x86_encode(insn, narrow_mask, &code, &run->loud) || !decodes_to(run, &code, off, &back, &run->loud) ||
	    !hinsn_is_same(insn, &back) || back.off + back.len != code.len)
		is_good = false;
	for (cut = off; cut < code.len && is_good; cut++) {
		struct hcode shorter = code;

		shorter.len = cut;
		is_good = !decodes_to(run, &shorter, off, &back, &run->silent);
	}
	for (int i = 0; i < MUTATIONS && is_good; i++)
		is_good = mutation_holds(run, &code, off);
	if (is_good) {
		run->counts.passed++;
		return;
	}
	run->counts.failed++;
	fprintf(stderr, "%s:%d: round trip fails: ", insn->loc.file, insn->loc.line);
	hinsn_print(stderr, insn, NULL);
	fputc('\n', stderr);
}

/* Random bytes and random holes: nothing but a clean error or an instruction may come back. */
static void fuzz(struct roundtrip *run)
{
	for (int i = 0; i < 200000; i++) {
		struct hcode code = { .len = 16, .nholes = random_next(&run->seed) % 4 };
		struct hinsn insn = { .form = NULL };

		for (unsigned int k = 0; k < code.len; k++)
			code.bytes[k] = random_next(&run->seed) >> 11;
		if (i % 2)
			code.bytes[0] = 0x48;
		for (unsigned int k = 0; k < code.nholes; k++) {
			uint64_t dice = random_next(&run->seed);

			code.hole[k] = (struct hole){ .kind = dice % 9,
						      .off = dice >> 8 & 15,
						      .role = dice >> 16 & 7,
						      .aux = dice >> 24 & 3,
						      .aux_bit = dice >> 32 & 7,
						      .arg = dice >> 40 & 15 };
		}
		if (decodes_to(run, &code, 0, &insn, &run->silent) && (!insn.form || !insn.len))
			run->counts.failed++;
	}
	run->counts.passed++;
}

int main(int argc, char **argv)
{
	struct roundtrip run = { .seed = 2, .loud = { .out = stderr } };

	if (argc < 2) {
		fprintf(stderr, "usage: %s x86_64.isa...\n", argv[0]);
		return 2;
	}
	run.host = isa_load((const char *const *)argv + 1, argc - 1, &run.loud);
	run.silent.out = fopen("/dev/null", "w");
	if (!run.host || !run.silent.out)
		return 2;
	for (unsigned int i = 0; i < run.host->nforms; i++)
		cases_run(run.host->form[i], check_case, &run);
	fuzz(&run);
	refuse_run(run.host, &run.silent, &run.counts);
	printed_run(run.host, &run.counts);
	fclose(run.silent.out);
	isa_free((struct isa *)run.host);
	printf("x86-roundtrip: %u passed, %u failed, 0 skipped\n", run.counts.passed, run.counts.failed);
	return run.counts.failed != 0 || !run.counts.passed;
}
