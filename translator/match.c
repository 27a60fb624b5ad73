// SPDX-License-Identifier: GPL-2.0-only
/* match.c: walks the decision tree along the opcodes, then binds and tests candidates, longest first.
 * Next file: rule.h (the tables), emit.c. */
#include "match.h"

#include "block.h"
#include "cache.h"

enum { RES_CLASS_BITS = 2 };

_Static_assert(RES_CLASSES == 1 << RES_CLASS_BITS, "variants are numbered in base RES_CLASSES");

static s32 slot_of(const struct block_work *w, u32 first, struct rule_ref ref)
{
	return w->insn[first + ref.insn].f[ref.slot];
}

static bool equals_hold(const struct block_work *w, u32 first, const struct rule *rule)
{
	const struct rule_equal *eq = &rule_equal_table[rule->equal];
	u32 i;

	for (i = 0; i < rule->nequals; i++, eq++) {
		s32 b = eq->b.insn == 0xff ? eq->b.slot : slot_of(w, first, eq->b);

		if (slot_of(w, first, eq->a) != b)
			return false;
	}
	return true;
}

static void bind(const struct block_work *w, u32 first, struct match *m)
{
	const struct rule *rule = m->rule;
	const struct rule_ref *role = &rule_role_table[rule->role];
	const struct rule_value *val = &rule_value_table[rule->value];
	u32 i;

	m->residency = 0;
	for (i = 0; i < rule->nroles; i++) {
		m->role[i] = (u8)slot_of(w, first, role[i]);
		m->residency += (u32)w->reg_class[m->role[i]] << (RES_CLASS_BITS * i);
	}
	for (i = 0; i < rule->nvalues; i++, val++) {
		switch (val->kind) {
		case VAL_FIELD: m->value[i] = slot_of(w, first, val->ref); break;
		case VAL_TARGET: m->value[i] = (s64)w->off[first + val->ref.insn] + slot_of(w, first, val->ref); break;
		case VAL_PCOFF: m->value[i] = w->off[first]; break;
		case VAL_NEXTOFF:
			m->value[i] = w->off[first + rule->ninsns - 1] + w->insn[first + rule->ninsns - 1].len_bytes;
			break;
		default: m->value[i] = rule_let(val->arg, m->value);
		}
	}
}

static bool cond_holds(const struct rule_cond *cond, const struct match *m, u32 host_features)
{
	s64 v;

	switch (cond->kind) {
	case COND_ROLE_EQ: return m->role[cond->a] == m->role[cond->b];
	case COND_ROLE_NE: return m->role[cond->a] != m->role[cond->b];
	case COND_ROLE_IS: return m->role[cond->a] == cond->b;
	case COND_ROLE_IS_NOT: return m->role[cond->a] != cond->b;
	case COND_HOST: return host_features >> cond->b & 1;
	default: v = m->value[cond->a]; return (v >= cond->lo && v <= cond->hi) == (cond->kind == COND_VALUE_IN);
	}
}

/* Residencies and immediate widths select one of the arm's templates. */
static u32 variant_index(const struct match *m)
{
	u32 mask = m->arm->narrow_mask, i;

	for (i = 0; mask; i++, mask >>= 1)
		if ((mask & 1) && m->value[i] != (s8)m->value[i])
			return m->residency * 2 + 1;
	return m->residency * 2;
}

static bool pick_arm(struct match *m, u32 host_features)
{
	const struct rule_arm *arm = &rule_arm_table[m->rule->arm];
	u32 i, k;
	u16 t;

	for (i = 0; i < m->rule->narms; i++, arm++) {
		const struct rule_cond *cond = &rule_cond_table[arm->cond];

		for (k = 0; k < arm->nconds; k++)
			if (!cond_holds(&cond[k], m, host_features))
				break;
		if (k < arm->nconds)
			continue;
		m->arm = arm;
		t = rule_variant_table[arm->variant + variant_index(m)];
		m->tmpl = t == RULE_NONE ? NULL : &rule_tmpl_table[t];
		/* an arm that only leaves the block needs no bytes */
		return m->tmpl || arm->term == TERM_EXIT || arm->term == TERM_JUMP;
	}
	return false;
}

static bool try_rule(const struct block_work *w, u32 first, u16 number, u32 host_features, struct match *m)
{
	m->rule = &rule_table[number];
	if (!equals_hold(w, first, m->rule))
		return false;
	bind(w, first, m);
	return pick_arm(m, host_features);
}

static u16 find_child(const struct rule_node *node, u16 op)
{
	u32 i;

	for (i = 0; i < node->nchildren; i++)
		if (rule_node_table[node->child + i].op == op)
			return (u16)(node->child + i);
	return RULE_NONE;
}

enum match_end match_find(struct block_work *w, u32 first, u32 host_features, struct match *m)
{
	const struct insn *head = &w->insn[first];
	u16 node = rule_root[head->op], candidate[RULE_INSNS_MAX];
	u32 depth = 0, n = 0;

	if (node == RULE_NONE)
		return MATCH_NONE;
	if (w->pure_slot[head->op] < INSN_FIELDS_MAX && !head->f[w->pure_slot[head->op]])
		return MATCH_DROP;
	for (;;) {
		const struct rule_node *at = &rule_node_table[node];
		const struct insn *in;

		if (at->rule != RULE_NONE)
			candidate[n++] = at->rule;
		if (!at->nchildren || ++depth == RULE_INSNS_MAX)
			break;
		in = block_insn(w, first + depth);
		if (!in)
			break;
		node = find_child(at, in->op);
		if (node == RULE_NONE)
			break;
	}
	while (n)
		if (try_rule(w, first, candidate[--n], host_features, m))
			return MATCH_RULE;
	return MATCH_NONE;
}
