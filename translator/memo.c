// SPDX-License-Identifier: GPL-2.0-only
/* memo.c: probes and fills of the table. Next file: match.c. */
#include "memo.h"

#include "decode.h"

const struct insn *memo_decode(struct memo *table, u32 word)
{
	struct memo *e = &table[memo_slot(word)];

	if (unlikely(e->word != word || !e->is_decoded)) {
		decode_insn(word, &e->insn);
		e->word = word;
		e->is_decoded = 1;
		e->is_matched = 0;
	}
	return &e->insn;
}

bool memo_match(const struct memo *table, u32 word, struct match *m)
{
	const struct memo *e = &table[memo_slot(word)];

	if (e->word != word || !e->is_matched)
		return false;
	m->rule = e->rule;
	m->arm = e->arm;
	m->tmpl = e->tmpl;
	__builtin_memcpy(m->role, e->role, sizeof(e->role));
	__builtin_memcpy(m->value, e->value, sizeof(e->value));
	return true;
}

void memo_keep(struct memo *table, u32 word, const struct match *m)
{
	const struct rule_value *val = &rule_value_table[m->rule->value];
	struct memo *e = &table[memo_slot(word)];
	u32 i;

	if (e->word != word || !e->is_decoded || m->rule->ninsns != 1 || m->rule->nvalues > MEMO_VALUES_MAX)
		return;
	for (i = 0; i < m->rule->nvalues; i++)
		if (val[i].kind != VAL_FIELD)
			return;
	e->rule = m->rule;
	e->arm = m->arm;
	e->tmpl = m->tmpl;
	__builtin_memcpy(e->role, m->role, sizeof(e->role));
	__builtin_memcpy(e->value, m->value, sizeof(e->value));
	e->is_matched = 1;
}
