// SPDX-License-Identifier: GPL-2.0-only
/* hprint.c: a host instruction as a line of text. Next file: none, this is the end of the host side. */
#include "host/hprint.h"

#include <inttypes.h>

#include "abi.h"

static const char *const name_table[4][16] = {
	/* [log2 of bytes][register number] */
	{ "al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b", "r11b", "r12b", "r13b", "r14b",
	  "r15b" },
	{ "ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w",
	  "r15w" },
	{ "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d",
	  "r15d" },
	{ "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
	  "r15" },
};

const char *hreg_name(unsigned int reg, unsigned int width)
{
	unsigned int row = width == 8 ? 0 : width == 16 ? 1 : width == 32 ? 2 : 3;

	return name_table[row][reg & 15];
}

static void print_role(FILE *out, int role, unsigned int width, const struct hnames *names)
{
	const char *suffix = width == 8 ? ".b" : width == 16 ? ".w" : width == 32 ? ".d" : "";

	if (names && names->role)
		fprintf(out, "%s%s", names->role[role], suffix);
	else
		fprintf(out, "role%d%s", role, suffix);
}

static void print_value(FILE *out, int value, const struct hnames *names)
{
	if (names && names->value)
		fputs(names->value[value], out);
	else
		fprintf(out, "value%d", value);
}

static void print_hreg(FILE *out, int hreg, const struct hnames *names)
{
	if (hreg >= HREG_ROLE)
		print_role(out, hreg & ~HREG_ROLE, 64, names);
	else
		fputs(hreg_name(hreg, 64), out);
}

static void print_address(FILE *out, const struct hop *op, const struct hnames *names)
{
	const char *plus = "";

	fputc('[', out);
	if (op->base != HREG_NONE) {
		print_hreg(out, op->base, names);
		plus = " + ";
	}
	if (op->index != HREG_NONE) {
		fputs(plus, out);
		print_hreg(out, op->index, names);
		if (op->scale > 1)
			fprintf(out, "*%d", op->scale);
		plus = " + ";
	}
	if (op->disp_value >= 0) {
		fputs(plus, out);
		print_value(out, op->disp_value, names);
	} else if (op->disp_const || !*plus) {
		fprintf(out, "%s%" PRId64, plus, op->disp_const);
	}
	fputc(']', out);
}

static void print_state(FILE *out, const struct hop *op)
{
	static const struct {
		const char *name;
		int64_t offset;
	} slots[] = {
		{ "home.pc_page", ABI_HOME + ABI_HOME_PC_PAGE },
		{ "home.resv", ABI_HOME + ABI_HOME_RESV },
		{ "home.resv_value", ABI_HOME + ABI_HOME_RESV_VALUE },
		{ "home.frm", ABI_HOME + ABI_HOME_FRM },
		{ "csr.sstatus", ABI_CSR + ABI_CSR_SSTATUS },
		{ "csr.sscratch", ABI_CSR + ABI_CSR_SSCRATCH },
		{ "csr.sepc", ABI_CSR + ABI_CSR_SEPC },
		{ "csr.scause", ABI_CSR + ABI_CSR_SCAUSE },
		{ "csr.stval", ABI_CSR + ABI_CSR_STVAL },
		{ "csr.stvec", ABI_CSR + ABI_CSR_STVEC },
		{ "csr.pending", ABI_CSR + ABI_CSR_PENDING },
		{ "table.time_mult", ABI_TABLE + ABI_TABLE_TIME_MULT },
		{ "table.time_mult_s", ABI_TABLE + ABI_TABLE_TIME_MULT_S },
		{ "table.time_mult_u", ABI_TABLE + ABI_TABLE_TIME_MULT_U },
		{ "table.time_offset", ABI_TABLE + ABI_TABLE_TIME_OFFSET },
	};

	for (unsigned int i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		if (slots[i].offset == op->disp_const) {
			fputs(slots[i].name, out);
			return;
		}
	fprintf(out, "home%u[%" PRId64 "]", op->width, op->disp_const);
}

static void print_operand(FILE *out, const struct hop *op, const struct hnames *names)
{
	switch (op->kind) {
	case HOP_REG: fputs(hreg_name(op->reg, op->width), out); break;
	case HOP_XMM: fprintf(out, "xmm%d%s", op->reg, op->width == 32 ? ".s" : ""); break;
	case HOP_XROLE:
	case HOP_ROLE: print_role(out, op->role, op->width, names); break;
	case HOP_HOME:
		fprintf(out, "home%u[", op->width);
		print_role(out, op->role, 64, names);
		fputc(']', out);
		break;
	case HOP_STATE: print_state(out, op); break;
	case HOP_GMEM:
		fprintf(out, "gmem%u", op->width);
		print_address(out, op, names);
		break;
	case HOP_ADDR: print_address(out, op, names); break;
	case HOP_CONST: fprintf(out, "%" PRId64, op->disp_const); break;
	case HOP_LABEL: fprintf(out, "+%d", op->label); break;
	case HOP_VALUE:
	case HOP_TARGET: print_value(out, op->value, names); break;
	case HOP_EXIT: fputs(op->value == EXIT_SYSTEM ? "system" : "fallback", out); break;
	case HOP_NONE: break;
	}
}

void hinsn_print(FILE *out, const struct hinsn *insn, const struct hnames *names)
{
	fprintf(out, "%.*s", (int)form_mnemonic_len(insn->form), insn->form->name);
	for (unsigned int i = 0; i < insn->form->nopnds; i++) {
		fputs(i ? ", " : " ", out);
		print_operand(out, &insn->op[i], names);
	}
}
