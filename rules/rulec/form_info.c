// SPDX-License-Identifier: GPL-2.0-only
/* form_info.c: a walk over the semantics of one form, see form_info.h. */
#include "rulec/form_info.h"

#include <string.h>

static void info_expr(struct form_info *info, const struct ex *ex)
{
	if (!ex)
		return;
	if (ex->kind == EX_OPERAND)
		info->reads[ex->index] = true;
	if (ex->kind == EX_STATE)
		info->flag_reads |= 1u << ex->index;
	if (ex->kind == EX_REG && ex->arg[0]->kind == EX_CONST)
		info->reg_reads |= 1u << (ex->arg[0]->value & 31);
	for (unsigned int i = 0; i < ex->nargs; i++)
		info_expr(info, ex->arg[i]);
	if (ex->kind == EX_REG && !ex->nargs)
		info_expr(info, ex->arg[0]);
}

static void info_write(struct form_info *info, const struct st *st, bool is_certain)
{
	switch (st->kind) {
	case ST_OPERAND:
		info->writes[st->index] = true;
		info->reads[st->index] |= !is_certain;
		break;
	case ST_STATE:
		info->flag_touches |= 1u << st->index;
		if (is_certain)
			info->flag_writes |= 1u << st->index;
		break;
	case ST_REG:
		if (st->idx && st->idx->kind == EX_CONST) {
			info->reg_writes |= 1u << (st->idx->value & 31);
			if (!is_certain)
				info->reg_reads |= 1u << (st->idx->value & 31);
		}
		break;
	default: break;
	}
}

static void info_body(struct form_info *info, const struct st *st, bool is_certain)
{
	for (; st; st = st->next) {
		info_expr(info, st->val);
		info_expr(info, st->cond);
		info_expr(info, st->expected);
		info_expr(info, st->addr);
		for (unsigned int i = 0; i < st->nargs; i++)
			info_expr(info, st->arg[i]);
		info_write(info, st, is_certain);
		if (st->kind == ST_IF) {
			info_body(info, st->body, false);
			info_body(info, st->orelse, false);
		}
	}
}

const struct form *form_of(const struct isa *host, const char *name, unsigned int nops)
{
	for (unsigned int i = 0; i < host->nforms; i++) {
		const struct form *form = host->form[i];
		unsigned int len = form_mnemonic_len(form);

		if (form->nopnds == nops && !strncmp(form->name, name, len) && !name[len])
			return form;
	}
	return NULL;
}

void form_info(const struct isa *host, const struct form *form, struct form_info *info)
{
	uint32_t flags = 0;

	*info = (struct form_info){ 0 };
	info_body(info, form->body, true);
	/* The next pc is no flag; nor are rounding mode and exceptions, which outlive an arm. */
	for (unsigned int s = 0; s < host->nstates; s++)
		flags |= host->state[s].width == 1 ? 1u << s : 0;
	info->flag_reads &= flags;
	info->flag_writes &= flags;
	info->flag_touches &= flags;
}

bool insn_is_jump(const char *name)
{
	return name[0] == 'j';
}
