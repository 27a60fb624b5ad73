/* SPDX-License-Identifier: GPL-2.0-only */
/* tree.h: grows the trees of an address space: from a guest address and the class of its page to the table entries.
 *
 * Owns:    what it links into top and middle tables.
 * Promise: a page of class U in a tree of S, or the other way round, is never mapped; pages are filled once for all
 *          trees that may share them.
 * Locks:   as shadow.h. Context: the monitor. aspace_make_room(TREE_PAGES_MAX) comes first.
 * Errors:  none.
 * Next file: tree.c. */
#ifndef LDBT_WORLD_TREE_H
#define LDBT_WORLD_TREE_H

#include "shadow.h"

enum { TREE_PAGES_MAX = 2 }; /* pages that one fill can need: a middle and a leaf table */

struct tree_place {
	u64 va;
	u8 class;    /* CLASS_* */
	u8 level;    /* of the guest's leaf */
	u64 top_pte; /* entry of the guest's top table that led there */
};

/* The entry of the middle table for place->va in the tree of the root in use. */
u64 *tree_middle_slot(const struct shadow *s, const struct tree_place *place);
/* The leaf table below that entry, made if there is none; a huge entry gives way. */
u64 *tree_leaf(const struct shadow *s, u64 *slot, const struct tree_place *place);

#endif
