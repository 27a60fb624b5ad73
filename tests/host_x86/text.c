// SPDX-License-Identifier: GPL-2.0-only
/* text.c: a filled case as GNU objdump writes it, for the comparison with binutils. Next file: binutils.py. */
#include "cases.h"

#include <inttypes.h>
#include <string.h>

#include "abi.h"
#include "host/hprint.h"

static const char *size_name(unsigned int width)
{
	return width == 8 ? "BYTE" : width == 16 ? "WORD" : width == 32 ? "DWORD" : "QWORD";
}

static void print_disp(FILE *out, int64_t disp, bool is_absolute)
{
	if (is_absolute)
		fprintf(out, "0x%" PRIx64, (uint64_t)disp);
	else if (disp)
		fprintf(out, "%c0x%" PRIx64, disp < 0 ? '-' : '+', (uint64_t)(disp < 0 ? -disp : disp));
}

static void print_address(FILE *out, const struct hop *op, const struct tenv *env)
{
	int64_t disp = op->disp_value >= 0 ? env->value[op->disp_value] : op->disp_const;

	if (op->base == HREG_NONE && op->index == HREG_NONE) {
		fputs(op->kind == HOP_GMEM ? "gs:" : "ds:", out);
		print_disp(out, disp, true);
		return;
	}
	fputs(op->kind == HOP_GMEM ? "gs:[" : "[", out);
	if (op->base != HREG_NONE)
		fputs(hreg_name(tenv_hreg(env, op->base), 64), out);
	if (op->index != HREG_NONE)
		fprintf(out, "%s%s*%d", op->base == HREG_NONE ? "" : "+", hreg_name(tenv_hreg(env, op->index), 64),
			op->scale);
	print_disp(out, disp, false);
	fputc(']', out);
}

static void print_immediate(FILE *out, int64_t value, const struct opnd *opnd)
{
	uint64_t bits = value;

	if (opnd->kind == OPND_UIMM)
		bits &= 0xff;
	else if (opnd->width < 64)
		bits &= ((uint64_t)1 << opnd->width) - 1;
	fprintf(out, "0x%" PRIx64, bits);
}

static void print_operand(FILE *out, const struct hop *op, const struct opnd *opnd, const struct tenv *env,
			  unsigned int len)
{
	switch (op->kind) {
	case HOP_REG:
	case HOP_ROLE: fputs(hreg_name(tenv_reg(env, op), op->width), out); break;
	case HOP_XMM:
	case HOP_XROLE: fprintf(out, "xmm%u", tenv_reg(env, op)); break;
	case HOP_HOME:
		fprintf(out, "%s PTR ds:0x%x", size_name(op->width),
			env->state_disp + ABI_HOME_X + 8 * env->guest[op->role]);
		break;
	case HOP_STATE:
		fprintf(out, "%s PTR ds:0x%x", size_name(op->width), env->state_disp + (unsigned int)op->disp_const);
		break;
	case HOP_GMEM:
		fprintf(out, "%s PTR ", size_name(op->width));
		print_address(out, op, env);
		break;
	case HOP_ADDR: print_address(out, op, env); break;
	case HOP_CONST:
	case HOP_VALUE:
		print_immediate(out, op->kind == HOP_CONST ? op->disp_const : env->value[op->value], opnd);
		break;
	default: fprintf(out, ".+0x%x", len + env->rel);
	}
}

void text_print(FILE *out, const struct hinsn *insn, const struct tenv *env, unsigned int len)
{
	const char *name = insn->form->name;
	bool is_locked = !strncmp(name, "lock_", 5);
	int skip = is_locked ? 5 : 0;

	fprintf(out, "%s%.*s", is_locked ? "lock " : "", (int)form_mnemonic_len(insn->form) - skip, name + skip);
	for (unsigned int i = 0; i < insn->form->nopnds; i++) {
		fputs(i ? "," : " ", out);
		print_operand(out, &insn->op[i], &insn->form->opnd[i], env, len);
	}
	fputc('\n', out);
}
