// SPDX-License-Identifier: GPL-2.0-only
/* gmem.c: reads gmem.def and finds instructions in it. Next file: compile.c. */
#include "rulec/gmem.h"

#include <stdlib.h>
#include <string.h>

enum { VALUE_NONE = 0xff };

/* "r64", "m8", "imm32" */
static bool operand_parse(struct lexer *lx, struct gmem_line *line)
{
	static const struct {
		const char *prefix;
		enum opnd_kind kind;
	} kinds[] = {
		{ "imm", OPND_IMM },
		{ "r", OPND_R },
		{ "m", OPND_M },
	};
	const char *text = lex_name(lx, "an operand");
	unsigned int i, n = line->nops;

	if (!text)
		return false;
	for (i = 0; i < 3 && strncmp(text, kinds[i].prefix, strlen(kinds[i].prefix)); i++)
		;
	if (i < 3)
		line->width[n] = strtoul(text + strlen(kinds[i].prefix), NULL, 10);
	if (i == 3 || n == ISA_OPERANDS_MAX || !line->width[n] || line->width[n] > 64) {
		diag_error(lx->diag, lex_peek(lx)->loc, "unknown operand %s, use rN, mN or immN", text);
		return false;
	}
	line->kind[n] = kinds[i].kind;
	if (kinds[i].kind == OPND_M)
		line->mem = n;
	line->nops++;
	return true;
}

static bool access_parse(struct lexer *lx, struct gmem_line *line)
{
	if (lex_accept(lx, "load"))
		line->access = ACCESS_LOAD;
	else if (lex_accept(lx, "store"))
		line->access = ACCESS_STORE;
	else if (lex_accept(lx, "atomic"))
		line->access = ACCESS_ATOMIC;
	else
		return lex_error_here(lx, "load, store or atomic"), false;
	line->is_signed = lex_at(lx, "sign");
	return lex_accept(lx, "sign") || lex_expect(lx, "zero");
}

static bool line_parse(struct lexer *lx, struct gmem_line *line)
{
	line->mem = ISA_OPERANDS_MAX;
	if (!lex_expect(lx, "gmem"))
		return false;
	line->name = lex_name(lx, "a host instruction");
	if (!line->name)
		return false;
	do {
		if (!operand_parse(lx, line))
			return false;
	} while (lex_accept(lx, ","));
	if (line->mem == ISA_OPERANDS_MAX || line->mem != (line->access == ACCESS_LOAD ? line->mem : 0)) {
		lex_error_here(lx, "one memory operand");
		return false;
	}
	return access_parse(lx, line);
}

void gmem_load(struct gmem *gmem, struct lexer *lx)
{
	while (lex_open_statement(lx)) {
		struct gmem_line line = { 0 };
		bool is_good = line_parse(lx, &line);

		lex_close(lx, is_good);
		if (!is_good)
			continue;
		gmem->line = arena_grow(lx->arena, gmem->line, gmem->n, sizeof(line));
		gmem->line[gmem->n++] = line;
	}
}

int gmem_operand(const struct hinsn *insn)
{
	for (unsigned int i = 0; i < insn->form->nopnds; i++)
		if (insn->op[i].kind == HOP_GMEM)
			return i;
	return -1;
}

static bool operand_fits(const struct gmem_line *line, unsigned int i, const struct hinsn *insn)
{
	const struct opnd *opnd = &insn->form->opnd[i];
	const struct hop *op = &insn->op[i];

	switch (line->kind[i]) {
	case OPND_IMM: return opnd->kind == OPND_IMM && opnd->enc_width == line->width[i];
	case OPND_R: return (op->kind == HOP_REG || op->kind == HOP_ROLE) && op->width == line->width[i];
	default: return op->kind == HOP_GMEM && op->width == line->width[i];
	}
}

const struct gmem_line *gmem_find(const struct gmem *gmem, const struct hinsn *insn)
{
	for (unsigned int n = 0; n < gmem->n; n++) {
		const struct gmem_line *line = &gmem->line[n];
		bool fits = line->nops == insn->form->nopnds && !strcmp(line->name, insn->form->name);

		for (unsigned int i = 0; i < line->nops && fits; i++)
			fits = operand_fits(line, i, insn);
		if (fits)
			return line;
	}
	return NULL;
}

static uint8_t access_register(int reg)
{
	return reg == HREG_NONE ? ACCESS_REG_NONE : reg >= HREG_ROLE ? ACCESS_REG_ROLE | (reg & ~HREG_ROLE) : reg;
}

void gmem_access(const struct gmem_line *line, const struct hinsn *insn, struct access *access)
{
	const struct hop *mem = &insn->op[line->mem], *other = &insn->op[!line->mem];

	*access = (struct access){
		.kind = line->access,
		.size_bytes = line->width[line->mem] / 8,
		.is_signed = line->is_signed,
		.base = access_register(mem->base),
		.disp_value = mem->disp_value < 0 ? 0xff : mem->disp_value,
		.reg = ACCESS_REG_NONE,
		.reg_value = VALUE_NONE,
	};
	if (line->access == ACCESS_LOAD)
		access->dest_bits = line->width[0];
	if (line->nops < 2 || line->access == ACCESS_ATOMIC)
		return;
	if (other->kind == HOP_ROLE)
		access->reg = ACCESS_REG_ROLE | other->role;
	else if (other->kind == HOP_REG)
		access->reg = other->reg;
	else
		access->reg = ACCESS_REG_IMM;
	if (other->kind == HOP_VALUE)
		access->reg_value = other->value;
}
