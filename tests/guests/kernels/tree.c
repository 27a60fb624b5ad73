// SPDX-License-Identifier: GPL-2.0-only
/* tree.c: binary search tree: insert, look up, sum in order by recursion: pointer chasing. */
#include "bench.h"

enum { TREE_NODES = 4000 };

const struct bench bench = { "tree", 400, 1 };

struct node {
	struct node *left, *right;
	uint64_t key;
	uint32_t count;
};

static struct node pool[TREE_NODES];
static uint32_t nodes_used;

static struct node *tree_insert(struct node *root, uint64_t key)
{
	struct node **at = &root;

	while (*at && (*at)->key != key)
		at = key < (*at)->key ? &(*at)->left : &(*at)->right;
	if (!*at) {
		if (nodes_used == TREE_NODES)
			return root;
		*at = &pool[nodes_used++];
		**at = (struct node){ .key = key };
	}
	(*at)->count++;
	return root;
}

static uint64_t tree_sum(const struct node *n, uint32_t depth)
{
	if (!n)
		return depth;
	return bench_fold(tree_sum(n->left, depth + 1) + n->key * n->count, tree_sum(n->right, depth + 1));
}

static uint32_t tree_depth_of(const struct node *n, uint64_t key)
{
	uint32_t depth = 0;

	for (; n && n->key != key; depth++)
		n = key < n->key ? n->left : n->right;
	return n ? depth : 1000 + depth;
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t seed = BENCH_SEED, sum = BENCH_SEED;

	while (iters--) {
		struct node *root = NULL;

		nodes_used = 0;
		for (int i = 0; i < 5000; i++)
			root = tree_insert(root, bench_random(&seed) % 16384);
		for (int i = 0; i < 5000; i++)
			sum += tree_depth_of(root, bench_random(&seed) % 16384);
		sum = bench_fold(sum, tree_sum(root, 0));
	}
	return sum;
}
