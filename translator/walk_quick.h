/* SPDX-License-Identifier: GPL-2.0-only */
/* walk_quick.h: the Sv39 walk of walk.c for the common case, inline: pages of 4 KiB whose A and D are set already.
 *
 * walk.c says what Sv39 is; this here only says which of its successes can be seen by a compare of bits.
 * Owns:    nothing.
 * Promise: what passes here passes in walk.c with the same page and without a change of the tables; where V is clear on
 *          the way, walk.c ends in a page fault. Of all else nothing is said: walk.c decides.
 *          [checked: tests/walk/test_quick.c, by random tables]
 * Locks:   none. Context: as walk.h. Errors: none.
 * Next file: walk.c, ../kmod/world/quick.c (which uses it). */
#ifndef LDBT_WALK_QUICK_H
#define LDBT_WALK_QUICK_H

#include "walk.h"

enum {
	QUICK_V = 1,
	QUICK_R = 2,
	QUICK_W = 4,
	QUICK_X = 8,
	QUICK_U = 0x10,
	QUICK_G = 0x20,
	QUICK_A = 0x40,
	QUICK_D = 0x80,
};

#define QUICK_RESERVED (0x3ffULL << 54) /* of a table entry; zero in all that passes */

/* A leaf passes a load if (pte & mask) == want. */
struct quick_rule {
	u64 mask, want;
};

/* Of a regime with translation and without MXR. */
static inline struct quick_rule quick_rule_of(const struct walk_regime *regime)
{
	u64 want = QUICK_V | QUICK_R | QUICK_A, mask = QUICK_RESERVED | want;

	if (regime->priv == PRIV_U)
		return (struct quick_rule){ mask | QUICK_U, want | QUICK_U };
	return (struct quick_rule){ regime->sum ? mask : mask | QUICK_U, want };
}

/* A leaf that a load has passed. */
static inline bool quick_may_store(u64 pte)
{
	return (pte & (QUICK_W | QUICK_D)) == (QUICK_W | QUICK_D);
}

static inline bool quick_passes(const struct quick_rule *rule, u64 pte, bool is_store)
{
	return (pte & rule->mask) == rule->want && (!is_store || quick_may_store(pte));
}

static inline bool quick_is_pointer(u64 pte)
{
	return (pte & (QUICK_RESERVED | QUICK_V | QUICK_R | QUICK_W | QUICK_X | QUICK_U | QUICK_A | QUICK_D)) ==
	       QUICK_V;
}

/* Where a pointer or leaf without reserved bits leads. */
static inline gpa_t quick_gpa(u64 pte)
{
	return pte >> 10 << 12;
}

static inline u32 quick_index(gva_t gva, u32 level)
{
	return gva >> (12 + 9 * level) & 511;
}

enum quick_found { QUICK_FOUND, QUICK_ABSENT, QUICK_UNSURE };

struct quick_path {
	const u64 *table; /* of level 0, as reached by at() */
	u64 top_pte;	  /* the entry of the top table */
	bool is_global;	  /* by a pointer */
};

/* The way of a canonical address down to its table of level 0. at(): the table at a gpa, page aligned, or NULL. */
static inline __attribute__((always_inline)) enum quick_found
quick_path_of(gpa_t root, gva_t gva, const u64 *(*at)(gpa_t gpa), struct quick_path *path)
{
	u64 pte = 0, global = 0;
	u32 level;

	path->table = at(root);
	for (level = 2; level; level--) {
		if (!path->table)
			return QUICK_UNSURE;
		pte = *(const volatile u64 *)&path->table[quick_index(gva, level)];
		if (!(pte & QUICK_V))
			return QUICK_ABSENT;
		if (!quick_is_pointer(pte))
			return QUICK_UNSURE;
		if (level == 2)
			path->top_pte = pte;
		global |= pte;
		path->table = at(quick_gpa(pte));
	}
	path->is_global = global & QUICK_G;
	return path->table ? QUICK_FOUND : QUICK_UNSURE;
}

#endif
