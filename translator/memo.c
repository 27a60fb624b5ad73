// SPDX-License-Identifier: GPL-2.0-only
/* memo.c: probes and fills of the table. Next file: match.c. */
#include "memo.h"

#include "decode.h"

const struct insn *memo_decode(struct memo *table, u32 word)
{
	struct memo *e = &table[memo_slot(word)];

	if (unlikely(e->insn.word != word || !e->is_decoded)) {
		decode_insn(word, &e->insn);
		e->is_decoded = 1;
		e->is_matched = 0;
	}
	return &e->insn;
}

bool memo_match(const struct memo *table, u32 word, struct match *m)
{
	const struct memo *e = &table[memo_slot(word)];

	u32 i;

	if (e->insn.word != word || !e->is_matched)
		return false;
	m->rule = &rule_table[e->rule];
	m->arm = &rule_arm_table[e->arm];
	m->tmpl = e->tmpl == MEMO_NO_TMPL ? NULL : &rule_tmpl_table[e->tmpl];
	__builtin_memcpy(m->role, e->role, sizeof(e->role));
	for (i = 0; i < MEMO_VALUES_MAX; i++)
		m->value[i] = e->value[i];
	return true;
}

void memo_keep(struct memo *table, u32 word, const struct match *m)
{
	const struct rule_value *val = &rule_value_table[m->rule->value];
	struct memo *e = &table[memo_slot(word)];
	u32 i;

	if (e->insn.word != word || !e->is_decoded || m->rule->ninsns != 1 || m->rule->nvalues > MEMO_VALUES_MAX ||
	    m->rule->nroles > MEMO_ROLES_MAX)
		return;
	for (i = 0; i < m->rule->nvalues; i++)
		if (val[i].kind != VAL_FIELD)
			return;
	e->rule = (u16)(m->rule - rule_table);
	e->arm = (u16)(m->arm - rule_arm_table);
	e->tmpl = m->tmpl ? (u16)(m->tmpl - rule_tmpl_table) : MEMO_NO_TMPL;
	__builtin_memcpy(e->role, m->role, sizeof(e->role));
	for (i = 0; i < m->rule->nvalues; i++)
		e->value[i] = (s32)m->value[i];
	e->is_matched = 1;
}
