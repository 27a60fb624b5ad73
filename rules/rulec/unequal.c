// SPDX-License-Identifier: GPL-2.0-only
/* unequal.c: recognises conditions that masks on the word can test. Next file: out_decode.c. */
#include "rulec/unequal.h"

static void clear(struct unequal out[UNEQUAL_MAX])
{
	unsigned int i;

	for (i = 0; i < UNEQUAL_MAX; i++)
		out[i] = (struct unequal){ 0, 1 };
}

/* field != number */
static bool one(const struct insn_desc *insn, const struct ex *ex, struct unequal *out)
{
	const struct field *field;
	int64_t value;

	if (ex->kind != EX_BINARY || ex->op != OP_NE || ex->arg[0]->kind != EX_FIELD || ex->arg[1]->kind != EX_CONST)
		return false;
	field = &insn->field[ex->arg[0]->index];
	value = (int64_t)ex->arg[1]->value;
	if (field->bias || (field->is_signed && value))
		return false; /* the number's sign and bias would have to be undone: no such condition is known */
	out->mask = field_insert(field, -1);
	out->value = field_insert(field, value);
	return field_extract(field, out->value) == value;
}

static bool all(const struct insn_desc *insn, const struct ex *ex, struct unequal *out, unsigned int *count)
{
	if (ex->kind == EX_BINARY && ex->op == OP_AND && ex->width == 1)
		return all(insn, ex->arg[0], out, count) && all(insn, ex->arg[1], out, count);
	return *count < UNEQUAL_MAX && one(insn, ex, &out[(*count)++]);
}

bool unequal_of(const struct insn_desc *insn, struct unequal out[UNEQUAL_MAX])
{
	unsigned int count = 0;

	clear(out);
	if (!insn->when || all(insn, insn->when, out, &count))
		return true;
	clear(out);
	return false;
}
