// SPDX-License-Identifier: GPL-2.0-only
/* types_test.c: what the typed tree looks like: widths, lifted effects, facts about instructions, slots, fields.
 * Next file: decode_test.c. */
#include "harness.h"

#include <string.h>

#include "errors.h"

#define DECL                                                                                                           \
	"prim two(64):64, 5\nprim same(any, any):any\neffect read(12):64\neffect go()\neffect order(4, 4) inline\n"    \
	"state fl:5\nfunc twice(a) = a + a\n"

/* Loads a description of one 16-bit instruction with these semantics. */
static struct isa *load_one(const char *semantics)
{
	char text[2000];

	snprintf(text, sizeof(text), PRE DECL E16 "asm rd, imm\ninsn i 000000 imm:s5 rd %s", semantics);
	return must_load(text);
}

static void test_widths(const char *expr, unsigned int width)
{
	char text[1000];
	struct isa *isa;

	snprintf(text, sizeof(text), "let v = %s", expr);
	isa = load_one(text);
	check(isa->insn[0]->local_width[0] == width, "width of %s is %u, not %u", expr, isa->insn[0]->local_width[0],
	      width);
	isa_free(isa);
}

static void test_facts(const char *semantics, bool is_pure, bool ends_block)
{
	struct isa *isa = load_one(semantics);

	check(isa->insn[0]->is_pure == is_pure && isa->insn[0]->ends_block == ends_block,
	      "facts of `%s`: pure %d, ends block %d", semantics, isa->insn[0]->is_pure, isa->insn[0]->ends_block);
	isa_free(isa);
}

/* Kinds of the statements, one letter each. */
static void test_order(const char *semantics, const char *expected)
{
	static const char letters[] = "lrsoitmpe";
	struct isa *isa = load_one(semantics);
	char kinds[32] = "";
	unsigned int n = 0;

	for (const struct st *st = isa->insn[0]->body; st && n < 31; st = st->next)
		kinds[n++] = letters[st->kind];
	check(!strcmp(kinds, expected), "statements of `%s`: %s, not %s", semantics, kinds, expected);
	isa_free(isa);
}

static void test_slots(void)
{
	struct isa *isa = must_load(PRE E16 "asm .aqrl imm(rd), target(k), csr(csr):x, u:x\n"
					    "insn i aq:u1 csr:u2 u:u2 k:u3 imm:s3 rd");
	static const char *const expected[] = { "imm", "rd", "k", "csr", "u", "aq" };
	const struct insn_desc *desc = isa->insn[0];

	check(desc->nfields == 6, "%u slots", desc->nfields);
	for (unsigned int i = 0; i < desc->nfields; i++)
		check(!strcmp(desc->field[i].name, expected[i]), "slot %u is %s", i, desc->field[i].name);
	check(!strcmp(desc->asm_text, ".aqrl imm(rd), target(k), csr(csr):x, u:x"), "asm text `%s`", desc->asm_text);
	isa_free(isa);
}

void test_types(void)
{
	test_widths("imm", 5);
	test_widths("x[rd]", 64);
	test_widths("x[rd][31:4]", 28);
	test_widths("x[3][7]", 1);
	test_widths("{x[rd], x[rd]}", 128);
	test_widths("sext(imm)", 64);
	test_widths("zext(12, imm)", 12);
	test_widths("sext(128, x[rd])", 128);
	test_widths("x[rd] == 1", 1);
	test_widths("!(x[rd] <s 1) && imm[0]", 1);
	test_widths("imm << x[rd]", 5);
	test_widths("imm[0] ? 3 : x[rd]", 64);
	test_widths("1 + (imm << 1)", 5);
	test_widths("twice(imm)", 5);
	test_widths("x[rd] + twice(1)", 64);
	test_widths("same(7, imm)", 5);
	test_widths("two(pc)", 64);
	test_widths("load(4, pc)", 32);
	test_widths("amo(2, pc, old + 1)", 16);
	test_widths("ilen", 64);
	test_widths("rd", 5);
	test_facts("x[rd] = pc", true, false);
	test_facts("let v = pc; x[rd] = v + same(v, 1)", true, false);
	test_facts("x[1] = pc", false, false);
	test_facts("x[rd] = pc; x[rd] = pc", false, false);
	test_facts("x[rd] = pc; pc = 0", false, true);
	test_facts("if imm == 0 { pc = 0 }", false, true);
	test_facts("if imm == 0 { trap(1, 0) } x[rd] = 0", false, false);
	test_facts("trap(1, 0)", false, true);
	test_facts("x[rd] = load(8, pc)", false, false);
	test_facts("go()", false, true);
	test_facts("order(1, 2)", false, false);
	test_facts("x[rd], fl |= two(pc)", false, false);
	test_order("x[rd] = load(8, pc) + load(8, pc + 8)", "mmr");
	test_order("let v = load(8, pc); x[rd] = v", "mr");
	test_order("let v = pc; x[rd] = v", "lr");
	test_order("x[rd], fl |= two(read(1))", "eprs");
	test_order("let a, b = two(pc); fl = b; x[rd] = a", "psr");
	test_order("store(8, load(8, pc), read(2)); go()", "meme");
	test_order("if load(1, pc) == 0 { go() } else { go() }; go()", "mie");
	test_order("order(1, 2); trap(2, 0)", "et");
	test_slots();
}
