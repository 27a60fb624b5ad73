// SPDX-License-Identifier: GPL-2.0-only
/* randex.c: a description made of random expressions. Grammar: docs/LANGUAGE.md section 1. */
#include "randex.h"
#include "words.h"

#include <inttypes.h>

static const unsigned int widths[] = { 1, 5, 8, 31, 32, 33, 63, 64, 65, 100, 127, 128 };
enum { NR_WIDTHS = sizeof(widths) / sizeof(widths[0]), DEPTH = 4, WIDEST = 128 };

struct randex {
	FILE *out;
	uint64_t *seed;
};

static unsigned int pick(struct randex *r, unsigned int n)
{
	return (unsigned int)((random_next(r->seed) >> 20) % n);
}

static void expr(struct randex *r, unsigned int width, unsigned int depth);

/* A width of the list, or `width` itself, in lo..hi. */
static unsigned int pick_width(struct randex *r, unsigned int width, unsigned int lo, unsigned int hi)
{
	unsigned int tries, w;

	for (tries = 0; tries < 20; tries++) {
		w = widths[pick(r, NR_WIDTHS)];
		if (w >= lo && w <= hi)
			return w;
	}
	return width;
}

/* A register, cut or extended to the width. */
static void leaf(struct randex *r, unsigned int width)
{
	static const char *const regs[] = { "x[rs1]", "x[rs2]", "x[7]", "pc" };
	const char *reg = regs[pick(r, 4)];
	unsigned int lo = width < 64 ? pick(r, 64 - width + 1) : 0;

	if (width == 64)
		fprintf(r->out, "%s", reg);
	else if (width > 64)
		fprintf(r->out, "%s(%u, %s)", pick(r, 2) ? "sext" : "zext", width, reg);
	else
		fprintf(r->out, "%s[%u:%u]", reg, lo + width - 1, lo);
}

static void constant(struct randex *r, unsigned int width)
{
	uint64_t value = random_next(r->seed);
	unsigned int bits = width < 64 ? width : 64;

	if (pick(r, 3) == 0)
		value = pick(r, 3);
	fprintf(r->out, "0x%" PRIx64, bits < 64 ? value & (((uint64_t)1 << bits) - 1) : value);
}

/* The right side may be an unsized number. */
static void right(struct randex *r, unsigned int width, unsigned int depth)
{
	if (pick(r, 4) == 0)
		constant(r, width);
	else
		expr(r, width, depth);
}

static void binary(struct randex *r, unsigned int width, unsigned int depth)
{
	static const char *const ops[] = { "+", "-", "*", "&", "|", "^" };

	expr(r, width, depth);
	fprintf(r->out, " %s ", ops[pick(r, 6)]);
	right(r, width, depth);
}

static void shift(struct randex *r, unsigned int width, unsigned int depth)
{
	static const char *const ops[] = { "<<", ">>", ">>>" };

	expr(r, width, depth);
	fprintf(r->out, " %s ", ops[pick(r, 3)]);
	if (pick(r, 2))
		fprintf(r->out, "%u", pick(r, width + width / 4 + 1));
	else
		expr(r, pick_width(r, 8, 5, 64), depth);
}

static void compare(struct randex *r, unsigned int depth)
{
	static const char *const ops[] = { "==", "!=", "<u", "<s", ">=u", ">=s" };
	unsigned int width = widths[pick(r, NR_WIDTHS)];

	expr(r, width, depth);
	fprintf(r->out, " %s ", ops[pick(r, 6)]);
	right(r, width, depth);
}

static void extract(struct randex *r, unsigned int width, unsigned int depth)
{
	unsigned int from = pick_width(r, WIDEST, width, WIDEST), lo = pick(r, from - width + 1);

	fprintf(r->out, "(");
	expr(r, from, depth);
	fprintf(r->out, ")[%u:%u]", lo + width - 1, lo);
}

static void extend(struct randex *r, unsigned int width, unsigned int depth)
{
	fprintf(r->out, "%s(%u, ", pick(r, 2) ? "sext" : "zext", width);
	expr(r, pick_width(r, width, 1, width), depth);
	fprintf(r->out, ")");
}

static void concat(struct randex *r, unsigned int width, unsigned int depth)
{
	unsigned int low = 1 + pick(r, width - 1);

	fprintf(r->out, "{");
	expr(r, width - low, depth);
	fprintf(r->out, ", ");
	expr(r, low, depth);
	fprintf(r->out, "}");
}

static void choice(struct randex *r, unsigned int width, unsigned int depth)
{
	expr(r, 1, depth);
	fprintf(r->out, " ? ");
	expr(r, width, depth);
	fprintf(r->out, " : ");
	expr(r, width, depth);
}

static void inner(struct randex *r, unsigned int width, unsigned int depth)
{
	switch (pick(r, width == 1 ? 12 : 9)) {
	case 0:
	case 1: binary(r, width, depth); break;
	case 2:
	case 3: shift(r, width, depth); break;
	case 4: extract(r, width, depth); break;
	case 5: extend(r, width, depth); break;
	case 6: choice(r, width, depth); break;
	case 7:
		fprintf(r->out, "%s", pick(r, 2) ? "~" : "-");
		expr(r, width, depth);
		break;
	case 8:
		if (width > 1)
			concat(r, width, depth);
		else
			compare(r, depth);
		break;
	default: compare(r, depth); break;
	}
}

static void expr(struct randex *r, unsigned int width, unsigned int depth)
{
	if (!depth || pick(r, 6) == 0) {
		leaf(r, width);
		return;
	}
	fprintf(r->out, "(");
	inner(r, width, depth - 1);
	fprintf(r->out, ")");
}

static void binary_digits(FILE *out, unsigned int value, unsigned int count)
{
	while (count--)
		fprintf(out, "%u", value >> count & 1);
}

void randex_write(FILE *out, unsigned int ninsns, uint64_t *seed)
{
	struct randex r = { out, seed };
	unsigned int i;

	fprintf(out,
		"isa random\nregfile x[32]:64 zero 0\nstate pc:64\nstate resv:64 home\nstate resv_value:64 home\n");
	fprintf(out, "field rd:5 reg x\nfield rs1:5 reg x\nfield rs2:5 reg x\next I\nbits 32\nasm rd, rs1, rs2\n");
	for (i = 0; i < ninsns; i++) {
		static const char *const when[] = { "", "rs1 != 3 && rs2 != 7", "rs1 + rs2 <u 20",
						    "rd == rs1 || rs2[0] == 1" };

		fprintf(out, "insn i%u ", i);
		binary_digits(out, i >> 3, 7);
		fprintf(out, " rs2 rs1 ");
		binary_digits(out, i & 7, 3);
		fprintf(out, " rd 0001011 %s%s x[rd] = ", i & 3 ? "when " : "", when[i & 3]);
		expr(&r, 64, DEPTH);
		fprintf(out, "\n");
	}
}
