// SPDX-License-Identifier: GPL-2.0-only
/* tree.c: builds the decoder's decision tree.
 *
 * At each node the candidates' common fixed bits are cut into runs; the run that leaves the smallest largest group is
 * looked at. A group without a common bit that tells its members apart is a leaf. Next file: out_decode.c. */
#include "rulec/tree.h"

#include <string.h>

struct group {
	uint16_t insn[TREE_INSNS_MAX];
	unsigned int count;
};

struct run {
	unsigned int shift, nbits, worst; /* worst: members of the largest group it leaves */
};

static uint32_t run_value(const struct insn_desc *insn, const struct run *run)
{
	return insn->match >> run->shift & ((1u << run->nbits) - 1);
}

static void run_measure(const struct tree *tree, const struct group *group, struct run *run)
{
	unsigned int size[1 << TREE_BITS_MAX] = { 0 }, i;

	run->worst = 0;
	for (i = 0; i < group->count; i++) {
		unsigned int members = ++size[run_value(tree->isa->insn[group->insn[i]], run)];

		if (members > run->worst)
			run->worst = members;
	}
}

/* All runs inside the common bits, shortest first: a longer one must be better to be taken. */
static bool run_choose(const struct tree *tree, const struct group *group, uint32_t common, struct run *best)
{
	struct run run;

	best->worst = group->count;
	for (run.nbits = 1; run.nbits <= TREE_BITS_MAX; run.nbits++) {
		for (run.shift = 0; run.shift + run.nbits <= 32; run.shift++) {
			uint32_t bits = ((1u << run.nbits) - 1) << run.shift;

			if ((common & bits) != bits)
				continue;
			run_measure(tree, group, &run);
			if (run.worst < best->worst)
				*best = run;
		}
	}
	return best->worst < group->count;
}

static int tree_full(struct tree *tree)
{
	struct loc loc = { tree->isa->name, 0 };

	diag_error(tree->diag, loc, "decision tree is full, raise the limits in rulec/tree.h");
	return -1;
}

static int leaf_add(struct tree *tree, const struct group *group)
{
	unsigned int i, first = tree->nleaves;

	if (first + group->count + 1 > TREE_LEAVES_MAX)
		return tree_full(tree);
	if (!group->count)
		return TREE_LEAF;
	for (i = 0; i < group->count; i++)
		tree->leaf[tree->nleaves++] = 1 + group->insn[i];
	tree->leaf[tree->nleaves++] = 0;
	return TREE_LEAF | first;
}

static int node_add(struct tree *tree, const struct group *group);

static int children_add(struct tree *tree, const struct group *group, const struct run *run, unsigned int first)
{
	unsigned int value, i;

	for (value = 0; value < 1u << run->nbits; value++) {
		struct group part = { .count = 0 };
		int child;

		for (i = 0; i < group->count; i++)
			if (run_value(tree->isa->insn[group->insn[i]], run) == value)
				part.insn[part.count++] = group->insn[i];
		child = node_add(tree, &part);
		if (child < 0)
			return -1;
		tree->child[first + value] = child;
	}
	return 0;
}

static int node_add(struct tree *tree, const struct group *group)
{
	uint32_t common = ~0u;
	struct run run;
	unsigned int i, number, first;

	for (i = 0; i < group->count; i++)
		common &= tree->isa->insn[group->insn[i]]->mask;
	if (group->count < 2 || !run_choose(tree, group, common, &run))
		return leaf_add(tree, group);
	number = tree->nnodes;
	first = tree->nchildren;
	if (number == TREE_NODES_MAX || first + (1u << run.nbits) > TREE_CHILDREN_MAX)
		return tree_full(tree);
	tree->nnodes++;
	tree->nchildren += 1u << run.nbits;
	tree->node[number] = (struct tree_node){ run.shift, run.nbits, first };
	return children_add(tree, group, &run, first) ? -1 : (int)number;
}

int tree_build(struct tree *tree, unsigned int bits)
{
	struct group all = { .count = 0 };
	unsigned int i, pass;

	if (!tree->nleaves)
		tree->leaf[tree->nleaves++] = 0;
	if (tree->isa->ninsns > TREE_INSNS_MAX)
		return tree_full(tree);
	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < tree->isa->ninsns; i++)
			if (tree->isa->insn[i]->bits == bits && tree->isa->insn[i]->yields == (pass == 1))
				all.insn[all.count++] = i;
	return node_add(tree, &all);
}
