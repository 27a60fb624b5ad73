// SPDX-License-Identifier: GPL-2.0-only
/* match.c: walks the decision tree along the opcodes, then binds and tests candidates, longest first.
 * Next file: rule.h (the tables), emit.c. */
#include "match.h"

#include "block.h"
#include "cache.h"
#include "memo.h"

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

static s64 value_of(const struct block_work *w, u32 first, const struct rule *rule, const struct rule_value *val,
		    const s64 *before)
{
	u32 last = first + rule->ninsns - 1;

	switch (val->kind) {
	case VAL_FIELD: return slot_of(w, first, val->ref);
	case VAL_TARGET: return (s64)w->off[first + val->ref.insn] + slot_of(w, first, val->ref);
	case VAL_PCOFF: return w->off[first];
	case VAL_NEXTOFF: return w->off[last] + w->insn[last].len_bytes;
	default: return rule_let(val->arg, before);
	}
}

static void bind(const struct block_work *w, u32 first, struct match *m)
{
	const struct rule *rule = m->rule;
	const struct rule_ref *role = &rule_role_table[rule->role];
	const struct rule_value *val = &rule_value_table[rule->value];
	const struct insn *in = &w->insn[first];
	u32 i, n, residency = 0;

	for (i = rule->nroles; i-- > 0;) {
		u32 reg =
			((u32)in[role[i].insn].f[role[i].slot & (RULE_SLOT_F - 1)] & 31) | (role[i].slot & RULE_SLOT_F);

		residency = residency << RES_CLASS_BITS | w->reg_class[reg];
		m->role[i] = (u8)reg;
	}
	m->residency = residency;
	for (i = 0, n = rule->nvalues; i < n; i++, val++) {
		if (likely(val->kind == VAL_FIELD))
			m->value[i] = in[val->ref.insn].f[val->ref.slot];
		else
			m->value[i] = value_of(w, first, rule, val, m->value);
	}
}

static inline bool cond_holds(const struct rule_cond *cond, const struct match *m, u8 state, u32 host_features)
{
	s64 v;

	switch (cond->kind) {
	case COND_ROLE_EQ: return m->role[cond->a] == m->role[cond->b];
	case COND_ROLE_NE: return m->role[cond->a] != m->role[cond->b];
	case COND_ROLE_IS: return m->role[cond->a] == cond->b;
	case COND_ROLE_IS_NOT: return m->role[cond->a] != cond->b;
	case COND_HOST: return host_features >> cond->b & 1;
	case COND_BLOCK: return (state & cond->a) == cond->b;
	case COND_BLOCK_NOT: return (state & cond->a) != cond->b;
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

static inline bool arm_holds(const struct rule_arm *arm, const struct match *m, u8 state, u32 host_features)
{
	const struct rule_cond *cond = &rule_cond_table[arm->cond], *end = cond + arm->nconds;

	for (; cond < end; cond++)
		if (!cond_holds(cond, m, state, host_features))
			return false;
	return true;
}

static bool pick_arm(struct match *m, u8 state, u32 host_features)
{
	const struct rule_arm *arm = &rule_arm_table[m->rule->arm], *end = arm + m->rule->narms;
	u16 t;

	for (; arm < end; arm++) {
		if (!arm_holds(arm, m, state, host_features))
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
	if (m->rule->nequals && !equals_hold(w, first, m->rule))
		return false;
	bind(w, first, m);
	return pick_arm(m, w->src.state, host_features);
}

static u16 find_child(const struct rule_node *node, u16 op)
{
	u32 i;

	for (i = 0; i < node->nchildren; i++)
		if (rule_node_table[node->child + i].op == op)
			return (u16)(node->child + i);
	return RULE_NONE;
}

/* The instructions of a longer match: how they decode is worth keeping, their template is not. */
static void keep_words(struct block_work *w, u32 first, u32 n)
{
	u32 i;

	for (i = first; i < first + n; i++)
		if (!memo_find(w->memo, w->insn[i].word))
			memo_keep(w->memo, &w->insn[i], NULL);
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
	while (n && rule_table[candidate[n - 1]].ninsns > 1) {
		if (try_rule(w, first, candidate[--n], host_features, m)) {
			keep_words(w, first, m->rule->ninsns);
			return MATCH_RULE;
		}
	}
	if (!n)
		return MATCH_NONE;
	if (memo_match(w->memo, head->word, m))
		return MATCH_RULE;
	if (!try_rule(w, first, candidate[0], host_features, m))
		return MATCH_NONE;
	memo_keep(w->memo, head, m);
	return MATCH_RULE;
}
