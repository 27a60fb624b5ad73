// SPDX-License-Identifier: GPL-2.0-only
/* errors_sem_test.c: every message about expressions and statements. Next file: types_test.c. */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

#include "errors.h"

#define DECL "prim two(64):64, 5\nprim same(any, any):any\neffect read(12):64\neffect go()\nconst K = 5\n"
#define I    PRE DECL E16 "insn i 000000 imm:s5 rd " /* on line 12 */
#define F    "isa a\nstate cf:1\nsem add "
#define FORM "\nform add rm64, imm8 REX.W 83 /0 ib"

static const struct bad bad_table[] = {
	/* names */
	{ I "x[rd] = foo", "t.isa:12: unknown name foo" },
	{ I "x[rd] = x", "t.isa:12: x is a register file: write x[number]" },
	{ I "x[rd] = x[3:2]", "t.isa:12: x is a register file: write x[number]" },
	{ I "x[rd] = x[32]", "t.isa:12: number 32 does not fit in 5 bits" },
	{ I "x[rd] = same", "t.isa:12: same takes arguments: write same(...)" },
	{ I "x[rd] = foo(1)", "t.isa:12: unknown name foo()" },
	{ I "x[rd] = undef", "t.isa:12: unknown name undef" },
	{ "isa a\nregfile x[24]:64\nstate pc:64\next E\nbits 16\ninsn i 0000000000000000 x[25] = 0",
	  "t.isa:6: x has no element 25" },
	/* widths */
	{ I "x[rd] = x[rd] + imm", "t.isa:12: left side has 64 bits, right side 5: extend or cut" },
	{ I "x[rd] = imm", "t.isa:12: value has 5 bits, the target 64" },
	{ I "x[rd] = x[rd] & 0x10000000000000000", "t.isa:12: number 0x10000000000000000 has more than 64 bits" },
	{ I "x[rd] = zext(imm + 32)", "t.isa:12: number 32 does not fit in 5 bits" },
	{ I "x[rd] = sext(4, imm)", "t.isa:12: sext to 4 bits from 5 bits" },
	{ I "x[rd] = sext(129, imm)", "t.isa:12: sext to 129 bits from 5 bits" },
	{ I "x[rd] = zext({x[rd], {x[rd], imm}})", "t.isa:12: {a, b} has 133 bits, the limit is 128" },
	{ I "x[rd] = zext({imm, 5})", "t.isa:12: a part of {a, b} needs a width" },
	{ I "x[rd] = {imm, imm, imm}", "t.isa:12: {a, b} takes two parts" },
	{ I "x[rd] = zext(imm[5])", "t.isa:12: bits [5:5] of a value of 5 bits" },
	{ I "x[rd] = zext(imm[1:2])", "t.isa:12: bits [1:2] of a value of 5 bits" },
	{ I "x[rd] = zext(imm[pc])", "t.isa:12: a constant is needed here" },
	{ I "x[rd] = zext(K[2:0])", "t.isa:12: a number without width has no bits to take" },
	{ I "x[rd] = zext(1 == 1)", "t.isa:12: two numbers without width are compared" },
	{ I "if imm { }", "t.isa:12: value has 5 bits, 1 are needed" },
	{ I "let v = 5", "t.isa:12: let v of a number without width" },
	{ I "x[rd] = same(1, 2)", "t.isa:12: arguments of same declared `any` need one common width" },
	{ I "x[rd] = same(x[rd], imm)", "t.isa:12: arguments of same declared `any` need one common width" },
	{ I "x[rd] = same(x[rd])", "t.isa:12: same takes 2 arguments, not 1" },
	{ PRE E16 "insn i 00000000000 rd when rd", "t.isa:7: value has 5 bits, 1 are needed" },
	/* statements */
	{ I "x[rd] = pc x[rd] = pc", "t.isa:12: `;` expected, not `x`" },
	{ I "x[rd] = pc; }", "t.isa:12: `;` or the end expected, not `}`" },
	{ I "x[rd] pc", "t.isa:12: `=` expected, not `pc`" },
	{ I "pc + 1 = pc", "t.isa:12: only a register, a state or an operand can be assigned" },
	{ I "imm = 1", "t.isa:12: only a register, a state or an operand can be assigned" },
	{ I "x[load(1, pc)[4:0]] = pc", "t.isa:12: load may not stand on the left side of =" },
	{ I "let imm = pc", "t.isa:12: let imm: the name is taken" },
	{ I "let v = pc; let v = pc", "t.isa:12: let v: the name is taken" },
	{ I "let _1 = pc", "t.isa:12: let _1: the name is taken" },
	{ I "let a, b, c = two(pc)", "t.isa:12: let names at most 2 results" },
	{ I "x[rd], pc, pc = two(pc)", "t.isa:12: at most 2 targets take the results" },
	{ I "let a, b = same(pc, pc)", "t.isa:12: same gives 1 results, 2 are taken" },
	{ I "x[rd], x[1] = two(pc)", "t.isa:12: value has 5 bits, the target 64" },
	{ I "let a, b = pc", "t.isa:12: a call of a declared prim or effect with that many results is needed" },
	{ I "same(pc, pc)", "t.isa:12: same gives 1 results, 0 are taken" },
	{ I "sext(pc)", "t.isa:12: a call of a declared effect is needed here" },
	{ I "if imm == 0 { let v = pc } x[rd] = v", "t.isa:12: unknown name v" },
	{ I "trap(1)", "t.isa:12: trap takes two arguments" },
	{ I "x[rd] = go()", "t.isa:12: go gives no result: it is a statement of its own" },
	{ I "x[rd] = store(1, pc, imm)", "t.isa:12: store gives no result: it is a statement of its own" },
	/* accesses */
	{ I "x[rd] = load(3, pc)", "t.isa:12: an access has 1, 2, 4, 8 or 16 bytes, not 3" },
	{ I "store(1, pc, pc)", "t.isa:12: value has 64 bits, 8 are needed" },
	{ I "x[rd] = load(pc, 8)", "t.isa:12: a constant is needed here" },
	{ I "x[rd] = imm == 0 ? load(8, pc) : pc", "t.isa:12: load may not stand in an arm of ?: (use if)" },
	{ I "if imm == 0 && load(1, pc) == 0 { }", "t.isa:12: load may not stand behind && or ||" },
	{ I "x[rd] = amo(8, pc, load(8, pc))", "t.isa:12: load may not stand inside the atomic access" },
	{ PRE DECL E16 "insn i 00000000000 rd when read(0) == 0", "t.isa:12: read may not stand in when" },
	/* macros of statements, states of a block */
	{ PRE "proc p(a) = pc = a\n" E16 "insn i 0000000000000000 pc = p(pc)",
	  "t.isa:8: p gives no result: it is a statement of its own" },
	{ PRE "proc p(a) = pc = a\n" E16 "insn i 0000000000000000 p()", "t.isa:8: p takes 1 arguments, not 0" },
	{ PRE "proc p(a) = p(a)\n" E16 "insn i 0000000000000000 p(pc)", "t.isa:5: proc p uses itself" },
	{ PRE "proc p(a) = pc = b\n" E16 "insn i 0000000000000000 let b = pc; p(b)", "t.isa:5: unknown name b" },
	{ PRE "proc q() = pc = 0; pc = 0; pc = 0; pc = 0; pc = 0; pc = 0\nproc r() = q(); q(); q(); q(); q(); q()\n"
	      "proc s() = r(); r(); r(); r(); r(); r()\n" E16 "insn i 0000000000000000 s()",
	  "more than 200 statements come from procs" },
	{ PRE "state mode:2 block\n" E16 "insn i 0000000000000000 mode = 1",
	  "t.isa:8: mode stays the same all through a block: only an effect may change it" },
	{ PRE "state scale:64 table\n" E16 "insn i 0000000000000000 scale = 1",
	  "t.isa:8: scale lies in the table page, which only the machine writes" },
	/* limits */
	{ PRE "func f(a) = f(a)\n" E16 "insn i 0000000000000000 pc = f(pc)", "t.isa:5: func f uses itself" },
	{ PRE "func f(a) = a\n" E16 "insn i 0000000000000000 pc = f(pc, pc)", "t.isa:8: f takes 1 arguments, not 2" },
	{ PRE "func f(a) = a+a+a+a+a+a\nfunc g(a) = f(f(f(f(f(a)))))\n" E16 "insn i 0000000000000000 pc = g(pc)",
	  "t.isa:9: semantics have more than 2000 operators" },
	{ I "x[rd] = two(1,2,3,4,5,6,7)", "t.isa:12: two has more than 6 arguments" },
	{ I "if pc == 0 { if pc == 0 { if pc == 0 { if pc == 0 { if pc == 0 { if pc == 0 { if pc == 0 { if pc == 0 { "
	    "if pc == 0 { }}}}}}}}}",
	  "t.isa:12: if nests deeper than 8" },
	/* host forms */
	{ F "b = a" FORM, "t.isa:3: operand b is an immediate in add at line 4: it cannot be assigned" },
	{ F "a = c" FORM, "t.isa:3: unknown name c" },
	{ F "a = width(cf)" FORM, "t.isa:3: width() takes an operand of a host form" },
	{ F "let a = b" FORM, "t.isa:3: let a: the name is taken" },
	{ "isa a\nsem lea a = b\nform lea r64, m REX.W 8D /r", "t.isa:2: operand b is an address only: use addr(b)" },
};

/* text repeated n times between two others */
static void test_repeated(const char *head, const char *text, unsigned int n, const char *tail, const char *message)
{
	size_t len = strlen(text), head_len = strlen(head);
	char *all = malloc(head_len + n * len + strlen(tail) + 1);

	memcpy(all, head, head_len);
	for (unsigned int i = 0; i < n; i++)
		memcpy(all + head_len + i * len, text, len);
	strcpy(all + head_len + n * len, tail);
	test_bad(&(struct bad){ all, message });
	free(all);
}

void test_errors_sem(void)
{
	for (unsigned int i = 0; i < sizeof(bad_table) / sizeof(bad_table[0]); i++)
		test_bad(&bad_table[i]);
	test_repeated(I "pc = ", "(", 10000, "pc", "t.isa:12: expression nests deeper than 64");
	test_repeated(I "pc = ", "-", 10000, "pc", "t.isa:12: expression nests deeper than 64");
	test_repeated(I "pc = pc", "+pc", 10000, "", "t.isa:12: expression nests deeper than 64");
	test_repeated(I "pc = pc", "[1:0]", 10000, "", "t.isa:12: expression nests deeper than 64");
	test_repeated(I "pc = ", "{pc,", 10000, "", "t.isa:12: expression nests deeper than 64");
	test_repeated(I "pc = ", "pc == 0 ? pc : ", 10000, "pc", "t.isa:12: expression nests deeper than 64");
	test_repeated(I "pc = 0", "; if load(1, pc) == 0 { }", 25, "", "t.isa:12: more than 24 let names and accesses");
	test_repeated("isa a", "\n", 1 << 24, "", "file is longer than 16777216 bytes");
	test_repeated("isa a\nstate", " a:1", 2, "", "t.isa:2: a is declared twice");
}
