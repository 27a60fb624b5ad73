// SPDX-License-Identifier: GPL-2.0-only
/* insn.c: the lines that describe guest instructions and host forms. Next file: picture.c, sem.c. */
#include "lang/keyword.h"

#include <ctype.h>
#include <string.h>

#include "host/hinsn.h"

/* => addi rd, rs1, imm */
static bool read_expansion(struct front *f, struct lexer *lx, struct insn_src *src)
{
	src->base = lex_name(lx, "base instruction");
	if (!src->base)
		return false;
	if (lex_peek(lx)->kind == TOK_END)
		return true;
	do {
		if (src->nbase_args == ISA_FIELDS_MAX) {
			diag_error(f->diag, src->desc->loc, "expansion gives more than %d slots", ISA_FIELDS_MAX);
			return false;
		}
		src->base_arg[src->nbase_args] = expr_parse(lx);
		if (!src->base_arg[src->nbase_args++])
			return false;
	} while (lex_accept(lx, ","));
	return true;
}

static bool insn_context(struct front *f, const struct insn_desc *desc)
{
	if (!f->bits) {
		diag_error(f->diag, desc->loc, "insn before bits: write `bits 32` or `bits 16` above it");
		return false;
	}
	if (!f->ext) {
		diag_error(f->diag, desc->loc, "insn before ext: write `ext NAME` above it");
		return false;
	}
	if (isa_find_insn(f->isa, desc->name)) {
		diag_error(f->diag, desc->loc, "instruction %s is described twice: remove one", desc->name);
		return false;
	}
	return true;
}

static void insn_add(struct front *f, const struct insn_src *src)
{
	f->insns = arena_grow(f->arena, f->insns, f->ninsns, sizeof(*src));
	f->insns[f->ninsns++] = *src;
	f->isa->insn = arena_grow(f->arena, f->isa->insn, f->isa->ninsns, sizeof(struct insn_desc *));
	f->isa->insn[f->isa->ninsns++] = src->desc;
}

bool read_insn(struct front *f, struct lexer *lx)
{
	struct insn_desc *desc = arena_alloc(f->arena, sizeof(*desc));
	struct insn_src src = { .desc = desc };
	bool ok;

	desc->loc = lex_peek(lx)->loc;
	desc->yields = lex_accept(lx, "*");
	desc->name = lex_name(lx, "name of the instruction");
	if (!desc->name || !insn_context(f, desc))
		return false;
	desc->bits = f->bits;
	desc->ext = f->ext;
	desc->asm_text = f->asm_text;
	if (!picture_parse(f, lx, desc))
		return false;
	if (lex_accept(lx, "when")) {
		src.when = expr_parse(lx);
		if (!src.when)
			return false;
	}
	if (lex_accept(lx, "=>")) {
		ok = read_expansion(f, lx, &src);
	} else {
		src.body = stmts_parse(lx, &ok);
	}
	if (ok)
		insn_add(f, &src);
	return ok;
}

bool read_sem(struct front *f, struct lexer *lx)
{
	struct sem_src sem = { .loc = lex_peek(lx)->loc };
	bool ok;

	sem.name = lex_name(lx, "mnemonic");
	if (!sem.name)
		return false;
	for (unsigned int i = 0; i < f->nsems; i++) {
		if (!strcmp(f->sems[i].name, sem.name)) {
			diag_error(f->diag, sem.loc, "sem %s is given twice, first at line %d", sem.name,
				   f->sems[i].loc.line);
			return false;
		}
	}
	sem.body = stmts_parse(lx, &ok);
	if (!ok)
		return false;
	f->sems = arena_grow(f->arena, f->sems, f->nsems, sizeof(sem));
	f->sems[f->nsems++] = sem;
	return true;
}

/* Operand texts start with a small letter and are joined by commas; an encoding never starts so. */
static char *form_operands(struct front *f, struct lexer *lx)
{
	const struct token *first = lex_peek(lx), *last = NULL;

	while (lex_peek(lx)->kind == TOK_NAME && islower((unsigned char)lex_peek(lx)->text[0])) {
		last = lex_next(lx);
		if (!lex_accept(lx, ","))
			break;
	}
	return last ? arena_text(f->arena, first->text, last->text + last->len - first->text)
		    : arena_text(f->arena, "", 0);
}

/* Text up to `needs FEATURE` or the end; false after a message. */
static bool form_encoding(struct front *f, struct lexer *lx, struct form *form, const char **text)
{
	const struct token *first = lex_peek(lx), *last = NULL;

	while (lex_peek(lx)->kind != TOK_END && !lex_at(lx, "needs"))
		last = lex_next(lx);
	*text = last ? arena_text(f->arena, first->text, last->text + last->len - first->text) : "";
	if (!lex_accept(lx, "needs"))
		return true;
	form->feature = lex_name(lx, "CPU feature");
	return form->feature;
}

bool read_form(struct front *f, struct lexer *lx)
{
	struct form *form = arena_alloc(f->arena, sizeof(*form));
	const char *operands, *encoding;

	form->loc = lex_peek(lx)->loc;
	form->name = lex_name(lx, "mnemonic");
	if (!form->name)
		return false;
	operands = form_operands(f, lx);
	if (!form_encoding(f, lx, form, &encoding))
		return false;
	if (form_parse(form, operands, encoding, f->diag))
		return false;
	f->isa->form = arena_grow(f->arena, f->isa->form, f->isa->nforms, sizeof(struct form *));
	f->isa->form[f->isa->nforms++] = form;
	return true;
}
