// SPDX-License-Identifier: GPL-2.0-only
/* decision.c: the tree along which match.c walks: one level per guest instruction of a match. Children of a node stand
 * together, sorted by operation. Next file: out_rules.c. */
#include <string.h>

#include "rulec/tables.h"

unsigned int op_number(const struct isa *isa, const struct insn_desc *insn)
{
	unsigned int n = 1;

	for (unsigned int i = 0; i < isa->ninsns && isa->insn[i] != insn; i++)
		n += !isa->insn[i]->expand;
	return n;
}

static bool has_prefix(const struct crule *rule, const struct insn_desc *const *prefix, unsigned int depth)
{
	return rule->ninsns >= depth && !memcmp(rule->insn, prefix, depth * sizeof(*prefix));
}

/* Number of the rule that is exactly this sequence, or RULE_NONE. */
static uint16_t rule_of(const struct ruleset *set, const struct insn_desc *const *prefix, unsigned int depth)
{
	unsigned int n = 0;

	for (const struct crule *rule = set->first; rule; rule = rule->next, n++)
		if (rule->ninsns == depth && has_prefix(rule, prefix, depth))
			return n;
	return RULE_NONE;
}

static bool is_path(const struct ruleset *set, const struct insn_desc *const *prefix, unsigned int depth)
{
	for (const struct crule *rule = set->first; rule; rule = rule->next)
		if (has_prefix(rule, prefix, depth))
			return true;
	return false;
}

/* Fills the children of node `parent` and then theirs; prefix holds depth instructions. */
static void add_children(struct tables *t, unsigned int parent, const struct insn_desc **prefix, unsigned int depth)
{
	const struct isa *isa = t->set->guest;
	unsigned int first = t->node.n, n = 0;
	struct rule_node *node;

	if (depth == RULE_INSNS_MAX)
		return;
	for (unsigned int i = 0; i < isa->ninsns; i++) {
		struct rule_node child = { .op = op_number(isa, isa->insn[i]) };

		prefix[depth] = isa->insn[i];
		if (isa->insn[i]->expand || !is_path(t->set, prefix, depth + 1))
			continue;
		child.rule = rule_of(t->set, prefix, depth + 1);
		pool_append(&t->node, &child, 1);
		n++;
	}
	node = (struct rule_node *)t->node.data + parent;
	node->child = first;
	node->nchildren = n;
	for (unsigned int k = 0; k < n; k++) {
		unsigned int op = ((struct rule_node *)t->node.data)[first + k].op;

		for (unsigned int i = 0; i < isa->ninsns; i++)
			if (!isa->insn[i]->expand && op_number(isa, isa->insn[i]) == op)
				prefix[depth] = isa->insn[i];
		add_children(t, first + k, prefix, depth + 1);
	}
}

void decision_build(struct tables *t)
{
	const struct isa *isa = t->set->guest;
	const struct insn_desc *prefix[RULE_INSNS_MAX];

	for (unsigned int i = 0; i < isa->ninsns; i++) {
		unsigned int op = op_number(isa, isa->insn[i]);
		struct rule_node node = { .op = op };

		if (isa->insn[i]->expand)
			continue;
		prefix[0] = isa->insn[i];
		t->root[op] = RULE_NONE;
		if (!is_path(t->set, prefix, 1))
			continue;
		node.rule = rule_of(t->set, prefix, 1);
		t->root[op] = pool_append(&t->node, &node, 1);
		add_children(t, t->root[op], prefix, 1);
	}
}
