// SPDX-License-Identifier: GPL-2.0-only
/* errors_test.c: every message of the reader about declarations, pictures, expansions and overlaps, each from the
 * smallest description that earns it. Next file: errors_sem_test.c. */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

#include "errors.h"

#define EIGHT(x) #x "0:1 " #x "1:1 " #x "2:1 " #x "3:1 " #x "4:1 " #x "5:1 " #x "6:1 " #x "7:1 "

static const struct bad bad_table[] = {
	/* statements */
	{ "", "t.isa:0: no isa statement: name the instruction set first" },
	{ "isa", "t.isa:1: name of the instruction set expected, but the statement ends" },
	{ "isa a\nisa b", "t.isa:2: this file describes b, an earlier one a" },
	{ "isa a b", "t.isa:1: `b` is more than the statement needs" },
	{ "isa a\nhello", "t.isa:2: unknown statement hello" },
	{ "  isa a", "t.isa:1: line is indented, but there is no statement before it" },
	{ "isa a\nconst A = 99999999999999999999", "t.isa:2: number 99999999999999999999 has more than 64 bits" },
	{ "isa a\nconst A 5", "t.isa:2: `=` expected, not `5`" },
	{ "isa a\nconst A = 1\nconst A = 2", "t.isa:3: A is declared twice" },
	{ "isa a\nconst if = 1", "t.isa:2: if is a word of the language" },
	{ "isa a\nregfile x[0]:64", "t.isa:2: number of registers must be 1..256" },
	{ "isa a\nregfile x[4]:129", "t.isa:2: width must be 1..128" },
	{ "isa a\nregfile x[4]:64 zero 4", "t.isa:2: zero element must be 0..3" },
	{ "isa a\nregfile a[4]:64\nregfile b[4]:64\nregfile c[4]:64\nregfile d[4]:64\nregfile e[4]:64",
	  "t.isa:6: more than 4 register files" },
	{ "isa a\nstate " EIGHT(a) EIGHT(b) EIGHT(c) EIGHT(d) " e0:1", "t.isa:2: more than 32 states" },
	{ "isa a\nstate a:1 elsewhere", "t.isa:2: `:` expected" },
	{ "isa a\nproc p", "t.isa:2: `(` expected, but the statement ends" },
	{ "isa a\nproc p(a) = let", "t.isa:2: name expected, but the statement ends" },
	{ "isa a\nstate a:0", "t.isa:2: width must be 1..128" },
	{ "isa a\nfield rd:5 reg x", "t.isa:2: unknown register file x" },
	{ "isa a\nregfile x[16]:64\nfield rd:5 reg x", "t.isa:3: field rd can name register 31, but x has 16" },
	{ "isa a\nregfile x[32]:64\nfield rd:3 reg x +25", "t.isa:3: field rd can name register 32" },
	{ "isa a\nprim p(64)", "t.isa:2: prim p gives no result" },
	{ "isa a\nprim p(64):any", "t.isa:2: p: a result is `any` wide, but no argument is" },
	{ "isa a\nprim p(1,1,1,1,1,1,1):1", "t.isa:2: p has more than 6 arguments" },
	{ "isa a\nprim p(1):1,1,1", "t.isa:2: p has more than 2 results" },
	{ "isa a\nfunc f(a,b,c,d,e,f,g) = a", "t.isa:2: f has more than 6 parameters" },
	{ "isa a\nbits 24", "t.isa:2: instructions have 16 or 32 bits, not 24" },
	/* instructions and pictures */
	{ "isa a\next E\ninsn i 1", "t.isa:3: insn before bits" },
	{ "isa a\nbits 16\ninsn i 1", "t.isa:3: insn before ext" },
	{ "isa a\nstate pc:64\n" E16 "insn i 0000000000000000\ninsn i 1000000000000000",
	  "t.isa:6: instruction i is described twice" },
	{ "isa a\n" E16 "insn i 0000000000000000", "t.isa:0: no state pc" },
	{ PRE E16 "insn i 00000000000000000", "t.isa:7: picture of i has more than 16 bits" },
	{ PRE E16 "insn i 0000000000000000 0", "t.isa:7: picture of i has more than 16 bits" },
	{ PRE E16 "insn i 00000000 when 1", "t.isa:7: picture of i ends after 8 of 16 bits" },
	{ PRE E16 "insn i 00000000 5", "t.isa:7: picture of i: 5 is neither bits nor a field" },
	{ PRE E16 "insn i 00000000 imm 000", "t.isa:7: unknown field imm: declare it, or give its type" },
	{ PRE E16 "insn i 00000000 imm:q5 000", "t.isa:7: q5 is no field type" },
	{ PRE E16 "insn i 00000000 imm:s33 000", "t.isa:7: s33 is no field type" },
	{ PRE E16 "insn i 00000000 rd:s5 000", "t.isa:7: field rd has a type already" },
	{ PRE E16 "insn i rd rd 000000", "t.isa:7: field rd stands twice" },
	{ PRE E16 "insn i imm:s5 imm[2] 0000000000", "t.isa:7: field imm is given bit 2 twice" },
	{ PRE E16 "insn i imm:s5[5:1] 00000000000", "t.isa:7: bits 5:1 of field imm, which has 5" },
	{ PRE E16 "insn i imm:s5[1:2] 00000000000", "t.isa:7: bits 1:2 of field imm, which has 5" },
	{ PRE E16 "insn i a:u1 b:u1 c:u1 d:u1 e:u1 f:u1 g:u1 h:u1 i:u1 0000000", "t.isa:7: i has more than 8 fields" },
	{ PRE E16 "insn i a:u9[8|7|6|5|4|3|2|1|0] 0000000", "t.isa:7: field a has more than 8 pieces" },
	{ PRE E16 "insn i 0000000000000000 when", "t.isa:7: expression expected, but the statement ends" },
	/* expansions */
	{ PRE E16 "insn i 0000000000000000 => j", "t.isa:7: i expands to j, which is no instruction" },
	{ PRE E16 "insn i 0000000000000000 => i", "t.isa:7: i expands to i, which is no instruction" },
	{ PRE E16 "insn i 0000000000000000 => j\ninsn j 1000000000000000 => k\ninsn k 1100000000000000",
	  "t.isa:7: i expands to j, which is an expansion itself" },
	{ PRE E16 "insn i 0000000000000000 => j 1\ninsn j 1000000000000000", "t.isa:7: j has 0 slots, 1 are given" },
	{ PRE E16 "insn i 0000000000000000 => j 4\ninsn j 10000000000000 imm:s2", "slot imm holds -2..1" },
	{ PRE E16 "insn i 0000000000000 imm:s3 => j imm\ninsn j 10000000000000 k:s2", "slot k holds -2..1" },
	{ PRE E16 "insn i 00000000000 rd => j rd\ninsn j 10000000000 k:u5", "slot k takes an immediate" },
	{ PRE E16 "insn i 00000000000 k:u5 => j k\ninsn j 10000000000 rd", "slot rd takes a register" },
	{ PRE E16 "insn i 0000000000000000 => j 3\ninsn j 10000000000 rd", "slot rd takes a field, or a register" },
	{ PRE E16 "insn i 0000000000000000 => j pc\ninsn j 10000000000 k:u5", "slot k takes a field or a number" },
	{ PRE E16 "insn i 0000000000000000 => j 1,1,1,1,1,1,1,1,1\ninsn j 1000000000000000",
	  "t.isa:7: expansion gives more than 8 slots" },
	/* overlaps */
	{ PRE E16 "insn i 0000000000000000\ninsn j 000000000000000 k:u1", "t.isa:8: 0x0000 is both j and i (line 7)" },
	{ PRE E16 "insn i 00000000000 rd when rd != 0\ninsn j 00000000000 rd when rd <u 2", "0x0001 is both j and i" },
	{ PRE E16 "insn* i 00000000000 rd\ninsn* j 00000000000 rd", "is both j and i (line 7): add a when" },
	{ PRE E16 "insn i 0000000000000011\nbits 32\ninsn j 00000000000000000000000000000011",
	  "i: the low two bits must be 11 for 32 bits" },
	/* host forms */
	{ "isa a\nform add rm64, r64 REX.W 01 /r", "t.isa:2: form add has no sem line" },
	{ "isa a\nsem add a = b", "t.isa:2: sem add has no form line" },
	{ "isa a\nsem add a = b\nsem add a = b", "t.isa:3: sem add is given twice, first at line 2" },
	{ "isa a\nsem add a = b\nform add r64, rm64 needs", "CPU feature expected" },
	{ "isa a\nsem add a = b\nform add r64, rm32 REX.W 03 /r", "t.isa:3: ... in form add of this line" },
};

void test_bad(const struct bad *bad)
{
	char *messages = NULL;
	size_t messages_bytes;
	struct diag diag = { open_memstream(&messages, &messages_bytes), 0 };
	struct isa *isa = isa_load_text("t.isa", bad->text, strlen(bad->text), &diag);

	fclose(diag.out);
	check(!isa && diag.nerrors && strstr(messages, bad->message), "this text:\n%s\nsays `%s`, not `%s`", bad->text,
	      messages, bad->message);
	free(messages);
	isa_free(isa);
}

static void test_no_file(void)
{
	static const char *const path[] = { "rules/no_such_file.isa" };
	char *messages = NULL;
	size_t messages_bytes;
	struct diag diag = { open_memstream(&messages, &messages_bytes), 0 };
	struct isa *isa = isa_load(path, 1, &diag);

	fclose(diag.out);
	check(!isa && strstr(messages, "rules/no_such_file.isa:0: cannot open: No such file"), "message `%s`",
	      messages);
	free(messages);
}

void test_errors(void)
{
	for (unsigned int i = 0; i < sizeof(bad_table) / sizeof(bad_table[0]); i++)
		test_bad(&bad_table[i]);
	test_no_file();
}
