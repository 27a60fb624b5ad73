/* SPDX-License-Identifier: GPL-2.0-only */
/* tree.h: the decoder's decision tree: which instructions an encoding may still be, after looking at few bits.
 *
 * Owns:    struct tree, all parts of fixed size.
 * Promise: every word ends in a leaf that lists all instructions it can be, in order of precedence; the leaf's reader
 *          still compares mask and condition, so the tree decides speed and never meaning.
 * Errors:  -1 after a message in diag: the description is larger than the tables here.
 * Next file: tree.c, out_decode.c. */
#ifndef LDBT_RULEC_TREE_H
#define LDBT_RULEC_TREE_H

#include "lang/isa.h"

enum {
	TREE_NODES_MAX = 1024,
	TREE_CHILDREN_MAX = 16384,
	TREE_LEAVES_MAX = 16384,
	TREE_INSNS_MAX = 2048,
	TREE_BITS_MAX = 6, /* bits that one node looks at: 64 children of 2 bytes are two cache lines */
};

/* child[(word >> shift) & ((1 << nbits) - 1) + first_child]: a node number, or TREE_LEAF | index into leaf[] */
struct tree_node {
	unsigned int shift, nbits, first_child;
};

#define TREE_LEAF 0x8000u

struct tree {
	const struct isa *isa;
	struct diag *diag;
	struct tree_node node[TREE_NODES_MAX];
	uint16_t child[TREE_CHILDREN_MAX];
	uint16_t leaf[TREE_LEAVES_MAX]; /* lists of 1 + index into isa->insn[], each ended by 0; leaf[0] is empty */
	unsigned int nnodes, nchildren, nleaves;
};

/* Adds the instructions of `bits` bits. Returns their root (as a child value), or -1. */
int tree_build(struct tree *tree, unsigned int bits);

#endif
