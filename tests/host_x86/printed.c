// SPDX-License-Identifier: GPL-2.0-only
/* printed.c: the text of host instructions in messages and listings: one line per operand kind. */
#include "roundtrip.h"

#include <stdlib.h>
#include <string.h>

#include "abi.h"

#define R(n, w)                                                                                                        \
	{                                                                                                              \
		.kind = HOP_REG, .width = (w), .reg = (n)                                                              \
	}
#define ROLE(n, w)                                                                                                     \
	{                                                                                                              \
		.kind = HOP_ROLE, .width = (w), .role = (n)                                                            \
	}
#define NUMBER(n)                                                                                                      \
	{                                                                                                              \
		.kind = HOP_CONST, .disp_const = (n)                                                                   \
	}
#define VALUE(n)                                                                                                       \
	{                                                                                                              \
		.kind = HOP_VALUE, .value = (n)                                                                        \
	}
#define AT(k, w, b, i, s, v, d)                                                                                        \
	{                                                                                                              \
		.kind = (k), .width = (w), .base = (b), .index = (i), .scale = (s), .disp_value = (v),                 \
		.disp_const = (d)                                                                                      \
	}

static const struct {
	const char *name, *with_names, *without;
	struct hop op[ISA_OPERANDS_MAX];
	unsigned int nops;
} printed[] = {
	{ "mov", "mov rd, rax", "mov role0, rax", { ROLE(0, 64), R(0, 64) }, 2 },
	{ "mov", "mov rd.d, r9d", "mov role0.d, r9d", { ROLE(0, 32), R(9, 32) }, 2 },
	{ "mov", "mov rd.w, dx", "mov role0.w, dx", { ROLE(0, 16), R(2, 16) }, 2 },
	{ "mov", "mov rd.b, sil", "mov role0.b, sil", { ROLE(0, 8), R(6, 8) }, 2 },
	{ "add", "add rd, -5", "add role0, -5", { ROLE(0, 64), NUMBER(-5) }, 2 },
	{ "add", "add rd, imm", "add role0, value0", { ROLE(0, 64), VALUE(0) }, 2 },
	{ "imul", "imul rd, rs1, 9", "imul role0, role1, 9", { ROLE(0, 64), ROLE(1, 64), NUMBER(9) }, 3 },
	{ "mov",
	  "mov home64[rs1], rax",
	  "mov home64[role1], rax",
	  { { .kind = HOP_HOME, .width = 64, .role = 1 }, R(0, 64) },
	  2 },
	{ "mov",
	  "mov rax, home.pc_page",
	  "mov rax, home.pc_page",
	  { R(0, 64), { .kind = HOP_STATE, .width = 64, .disp_const = ABI_HOME_PC_PAGE } },
	  2 },
	{ "mov",
	  "mov rax, gmem64[rs1 + disp]",
	  "mov rax, gmem64[role1 + value1]",
	  { R(0, 64), AT(HOP_GMEM, 64, HREG_ROLE | 1, HREG_NONE, 0, 1, 0) },
	  2 },
	{ "lea",
	  "lea rd, [rs1 + rcx*4 + -8]",
	  "lea role0, [role1 + rcx*4 + -8]",
	  { ROLE(0, 64), AT(HOP_ADDR, 64, HREG_ROLE | 1, ABI_RCX, 4, -1, -8) },
	  2 },
	{ "lea",
	  "lea rd, [16]",
	  "lea role0, [16]",
	  { ROLE(0, 64), AT(HOP_ADDR, 64, HREG_NONE, HREG_NONE, 0, -1, 16) },
	  2 },
	{ "addsd",
	  "addsd xmm9, home64[rs1]",
	  "addsd xmm9, home64[role1]",
	  { { .kind = HOP_XMM, .width = 64, .reg = 9 }, { .kind = HOP_HOME, .width = 64, .role = 1 } },
	  2 },
	{ "cvttsd2si",
	  "cvttsd2si eax, xmm1",
	  "cvttsd2si eax, xmm1",
	  { R(0, 32), { .kind = HOP_XMM, .width = 64, .reg = 1 } },
	  2 },
	{ "jne", "jne imm", "jne value0", { { .kind = HOP_TARGET } }, 1 },
	{ "jne", "jne fallback", "jne fallback", { { .kind = HOP_EXIT } }, 1 },
	{ "jne", "jne +7", "jne +7", { { .kind = HOP_LABEL, .label = 7 } }, 1 },
};

static bool prints(const struct hinsn *insn, const struct hnames *names, const char *want)
{
	char *text = NULL;
	size_t len_bytes;
	FILE *out = open_memstream(&text, &len_bytes);
	bool is_same;

	if (!out)
		return false;
	hinsn_print(out, insn, names);
	fclose(out);
	is_same = !strcmp(text, want);
	if (!is_same)
		fprintf(stderr, "prints '%s', not '%s'\n", text, want);
	free(text);
	return is_same;
}

void printed_run(const struct isa *host, struct counts *counts)
{
	const char *role[] = { "rd", "rs1" }, *value[] = { "imm", "disp" };
	struct hnames names = { role, value };

	for (size_t i = 0; i < sizeof(printed) / sizeof(printed[0]); i++) {
		struct hinsn insn = { .form = form_find(host, printed[i].name, printed[i].op, printed[i].nops, 0) };
		bool is_good = insn.form;

		memcpy(insn.op, printed[i].op, sizeof(insn.op));
		is_good = is_good && prints(&insn, &names, printed[i].with_names) &&
			  prints(&insn, NULL, printed[i].without);
		counts->passed += is_good;
		counts->failed += !is_good;
	}
}
