// SPDX-License-Identifier: GPL-2.0-only
/* memo.c: probes and fills of the table. Next file: match.c. */
#include "memo.h"

bool memo_match(const struct memo *table, u32 word, struct match *m)
{
	const struct memo *e = memo_find(table, word);
	u32 i;

	if (!e || !e->is_matched)
		return false;
	m->rule = &rule_table[e->rule];
	m->arm = &rule_arm_table[e->arm];
	m->tmpl = e->tmpl == MEMO_NO_TMPL ? NULL : &rule_tmpl_table[e->tmpl];
	__builtin_memcpy(m->role, e->role, sizeof(e->role));
	for (i = 0; i < MEMO_VALUES_MAX; i++)
		m->value[i] = e->value[i];
	return true;
}

static bool is_constant(const struct match *m)
{
	const struct rule_value *val = &rule_value_table[m->rule->value];
	u32 i;

	if (m->rule->ninsns != 1 || m->rule->asks_block || m->rule->nvalues > MEMO_VALUES_MAX ||
	    m->rule->nroles > MEMO_ROLES_MAX)
		return false;
	for (i = 0; i < m->rule->nvalues; i++)
		if (val[i].kind != VAL_FIELD)
			return false;
	return true;
}

void memo_keep(struct memo *table, const struct insn *in, const struct match *m)
{
	struct memo *e = &table[memo_slot(in->word)];
	u32 i;

	e->insn = *in;
	e->is_decoded = 1;
	e->is_matched = m && is_constant(m);
	if (!e->is_matched)
		return;
	e->rule = (u16)(m->rule - rule_table);
	e->arm = (u16)(m->arm - rule_arm_table);
	e->tmpl = m->tmpl ? (u16)(m->tmpl - rule_tmpl_table) : MEMO_NO_TMPL;
	__builtin_memcpy(e->role, m->role, sizeof(e->role));
	for (i = 0; i < m->rule->nvalues; i++)
		e->value[i] = (s32)m->value[i];
}
