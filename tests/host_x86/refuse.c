// SPDX-License-Identifier: GPL-2.0-only
/* refuse.c: what decoder, encoder and the reader of form lines must not accept. */
#include "roundtrip.h"

#include <string.h>

#include "abi.h"

#define GS	GMEM_SEG
#define HS	HOME_SEG
#define NO_HOLE { { .kind = 0 } }, 0
#define REG(o, s, a, b)                                                                                                \
	{                                                                                                              \
		.kind = HOLE_REG, .off = (o), .shift = (s), .aux = (a), .aux_bit = (b)                                 \
	}

/* Templates that must not decode. */
static const struct {
	const char *why;
	uint8_t bytes[16];
	unsigned int len;
	struct hole hole[3];
	unsigned int nholes;
} bad_bytes[] = {
	{ "wrfsbase", { 0xf3, 0x48, 0x0f, 0xae, 0xd0 }, 5, NO_HOLE },
	{ "syscall", { 0x0f, 0x05 }, 2, NO_HOLE },
	{ "push", { 0x50 }, 1, NO_HOLE },
	{ "ret", { 0xc3 }, 1, NO_HOLE },
	{ "indirect jump", { 0xff, 0xe0 }, 2, NO_HOLE },
	{ "wrpkru", { 0x0f, 0x01, 0xef }, 3, NO_HOLE },
	{ "memory without segment", { 0x48, 0x8b, 0x01 }, 3, NO_HOLE },
	{ "segment on lea", { GS, 0x48, 0x8d, 0x01 }, 4, NO_HOLE },
	{ "segment on registers", { GS, 0x48, 0x89, 0xc8 }, 4, NO_HOLE },
	{ "two segments", { GS, HS, 0x48, 0x8b, 0x01 }, 5, NO_HOLE },
	{ "rip relative", { GS, 0x48, 0x8b, 0x05, 0, 0, 0, 0 }, 8, NO_HOLE },
	{ "state area by register", { HS, 0x48, 0x8b, 0x01 }, 4, NO_HOLE },
	{ "state area without hole", { HS, 0x48, 0x8b, 0x04, 0x25, 0, 1, 0, 0 }, 9, NO_HOLE },
	{ "near branch without hole", { 0xe9, 0, 0, 0, 0 }, 5, NO_HOLE },
	{ "short branch before the template", { 0xeb, 0xf0 }, 2, NO_HOLE },
	{ "ch without REX", { 0x88, 0xe8 }, 2, NO_HOLE },
	{ "REX.X without index", { 0x4a, 0x89, 0xc8 }, 3, NO_HOLE },
	{ "VEX.L", { 0xc4, 0xe2, 0xed, 0xf7, 0xc0 }, 5, NO_HOLE },
	{ "REX before VEX", { 0x48, 0xc4, 0xe2, 0xe9, 0xf7, 0xc0 }, 6, NO_HOLE },
	{ "66 on 64 bits", { 0x66, 0x48, 0x89, 0xc8 }, 4, NO_HOLE },
	{ "lock on a load", { GS, 0xf0, 0x48, 0x8b, 0x01 }, 5, NO_HOLE },
	{ "prefix after REX", { 0x48, 0x66, 0x89, 0xc8 }, 4, NO_HOLE },
	{ "scale without index", { 0x48, 0x8d, 0x44, 0x61, 0x00 }, 5, NO_HOLE },
	{ "lea of a register", { 0x48, 0x8d, 0xc1 }, 3, NO_HOLE },
	{ "pinned base, mod=00", { GS, 0x48, 0x8b, 0x00 }, 4, { REG(3, 0, 1, 0) }, 1 },
	{ "extension bit of another operand", { 0x48, 0x89, 0xc0 }, 3, { REG(2, 3, 0, 0) }, 1 },
	{ "extension bit in another byte", { 0x48, 0x89, 0xc0 }, 3, { REG(2, 3, 1, 2) }, 1 },
	{ "register hole without REX", { 0x89, 0xc0 }, 2, { REG(1, 3, 0, 2) }, 1 },
	{ "register hole not empty", { 0x48, 0x89, 0xc8 }, 3, { REG(2, 3, 0, 2) }, 1 },
	{ "extension bit not empty", { 0x4c, 0x89, 0xc0 }, 3, { REG(2, 3, 0, 2) }, 1 },
	{ "register hole at an opcode extension", { 0x48, 0xf7, 0xd8 }, 3, { REG(2, 3, 0, 2) }, 1 },
	{ "inverted hole in REX",
	  { 0x48, 0x89, 0xc0 },
	  3,
	  { { .kind = HOLE_REG, .off = 2, .shift = 3, .aux = 0, .aux_bit = 2, .is_inverted = 1 } },
	  1 },
	{ "vvvv hole outside VEX", { 0x48, 0x89, 0xc0 }, 3, { { .kind = HOLE_VVVV, .off = 2 } }, 1 },
	{ "the same hole twice", { 0x48, 0x89, 0xc0 }, 3, { REG(2, 3, 0, 2), REG(2, 3, 0, 2) }, 2 },
	{ "value hole off by one", { 0x48, 0xc7, 0xc0, 0, 0, 0, 0 }, 7, { { .kind = HOLE_VALUE32, .off = 4 } }, 1 },
	{ "value hole too wide", { 0x48, 0x83, 0xc0, 0 }, 4, { { .kind = HOLE_VALUE32, .off = 3 } }, 1 },
	{ "value hole too narrow", { 0x48, 0xc7, 0xc0, 0, 0, 0, 0 }, 7, { { .kind = HOLE_VALUE8, .off = 3 } }, 1 },
	{ "value hole not empty", { 0x48, 0x83, 0xc0, 1 }, 4, { { .kind = HOLE_VALUE8, .off = 3 } }, 1 },
	{ "value number too large",
	  { 0x48, 0x83, 0xc0, 0 },
	  4,
	  { { .kind = HOLE_VALUE8, .off = 3, .arg = RULE_VALUES_MAX } },
	  1 },
	{ "home slot in the guest window",
	  { GS, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0 },
	  9,
	  { { .kind = HOLE_HOME32, .off = 5 } },
	  1 },
	{ "home slot with a base", { HS, 0x48, 0x8b, 0x81, 0, 0, 0, 0 }, 8, { { .kind = HOLE_HOME32, .off = 4 } }, 1 },
	{ "target in an immediate",
	  { 0x48, 0xc7, 0xc0, 0, 0, 0, 0 },
	  7,
	  { { .kind = HOLE_REL32_TARGET, .off = 3 } },
	  1 },
	{ "value in a branch", { 0xe9, 0, 0, 0, 0 }, 5, { { .kind = HOLE_VALUE32, .off = 1 } }, 1 },
};

/* Form lines that must not be read. */
static const struct {
	const char *operands, *encoding;
} bad_form[] = {
	{ "rm64, r64", "REX.W 89" },
	{ "rm64, r64", "REX.W 89 /0" },
	{ "rm64", "REX.W F7 /r" },
	{ "rm64, imm8", "REX.W 83 /0 id" },
	{ "rm64, imm8", "REX.W 83 /0" },
	{ "rm65", "F7 /0" },
	{ "xx", "90" },
	{ "r64, r64, r64, r64", "90 /r" },
	{ "rm64, r64", "REX.W 89 /9" },
	{ "", "9" },
	{ "", "90 90 90 90" },
	{ "r64, v64, rm64", "REX.W F2 /r" },
	{ "r64, v64, rm64", "VEX.W1 F2 /r" },
	{ "r64, v64, rm64", "VEX.0F38.W2 F2 /r" },
	{ "r64", "B9+rd" },
	{ "r64", "B8+rx" },
	{ "", "" },
	{ "imm8, imm8", "90 ib" },
	{ "rm32, imm64", "C7 /0 io" },
};

static void expect(struct counts *counts, bool is_refused, const char *what)
{
	counts->passed += is_refused;
	counts->failed += !is_refused;
	if (!is_refused)
		fprintf(stderr, "accepted: %s\n", what);
}

static void refuse_bytes(const struct isa *host, struct diag *silent, struct counts *counts)
{
	for (size_t i = 0; i < sizeof(bad_bytes) / sizeof(bad_bytes[0]); i++) {
		struct hinsn insn = { .form = NULL };
		unsigned int off = 0;

		expect(counts,
		       x86_decode(host, bad_bytes[i].bytes, bad_bytes[i].len, bad_bytes[i].hole, bad_bytes[i].nholes,
				  &off, &insn, silent),
		       bad_bytes[i].why);
	}
}

static void refuse_forms(struct diag *silent, struct counts *counts)
{
	for (size_t i = 0; i < sizeof(bad_form) / sizeof(bad_form[0]); i++) {
		struct form form = { .name = "test", .loc = { "refuse", (int)i } };

		expect(counts, form_parse(&form, bad_form[i].operands, bad_form[i].encoding, silent),
		       bad_form[i].encoding);
	}
}

/* Operands that fit a form but cannot be encoded, and a template that is full. */
static void refuse_operands(const struct isa *host, struct diag *silent, struct counts *counts)
{
	struct hop dst = { .kind = HOP_ROLE, .width = 64 };
	struct hop good = { .kind = HOP_GMEM, .width = 64, .base = ABI_RAX, .index = HREG_NONE, .disp_value = -1 };
	struct hop bad[5] = { good, good, good, good, good };
	struct hinsn insn = { .op = { dst, good } };
	struct hcode code = { .len = 0 };
	int error = 0;

	insn.form = form_find(host, "mov", insn.op, 2, 0);
	bad[0].index = ABI_RSP;
	bad[0].scale = 1;
	bad[1].index = ABI_RCX;
	bad[1].scale = 3;
	bad[2].disp_value = 0;
	bad[2].disp_const = 8;
	bad[3].disp_const = 0x80000000LL;
	bad[4].width = 32;
	for (int i = 0; i < 5; i++) {
		insn.op[1] = bad[i];
		expect(counts, x86_encode(&insn, 0, &code, silent) && !code.len, "memory operand");
	}
	insn.op[1] = good;
	for (int i = 0; i < TMPL_BYTES_MAX && !error; i++)
		error = x86_encode(&insn, 0, &code, silent);
	expect(counts, error && code.len <= TMPL_BYTES_MAX && code.nholes <= TMPL_HOLES_MAX, "full template");
	insn.op[0] = (struct hop){ .kind = HOP_CONST, .width = 64, .disp_const = 1 };
	expect(counts, !form_find(host, "mov", insn.op, 2, 0), "constant as destination");
	expect(counts, !form_find(host, "syscall", insn.op, 0, 0), "unknown mnemonic");
}

void refuse_run(const struct isa *host, struct diag *silent, struct counts *counts)
{
	refuse_bytes(host, silent, counts);
	refuse_forms(silent, counts);
	refuse_operands(host, silent, counts);
}
