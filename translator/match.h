/* SPDX-License-Identifier: GPL-2.0-only */
/* match.h: the rule, arm and template for the next guest instructions of a block.
 *
 * Owns:    nothing.
 * Promise: the longest sequence of opcodes whose rule binds and has an arm that holds; arms in the order of the rule
 *          file. A pure instruction that writes x0 is dropped before any rule is tried.
 * Locks:   none. Context: any; bounded by RULE_INSNS_MAX nodes and the arms of their rules.
 * Errors:  MATCH_NONE: no rule for this instruction, the block ends there by an exit.
 * Next file: emit.h. */
#ifndef LDBT_MATCH_H
#define LDBT_MATCH_H

#include "insn.h"
#include "rule.h"

struct block_work;

enum match_end { MATCH_NONE, MATCH_DROP, MATCH_RULE };

struct match {
	const struct rule *rule;
	const struct rule_arm *arm;
	const struct tmpl *tmpl; /* NULL: no bytes */
	u32 residency;		 /* sum over roles of class * RES_CLASSES^role */
	u8 role[RULE_ROLES_MAX]; /* guest register numbers */
	s64 value[RULE_VALUES_MAX];
};

/* Instructions from number `first` of the block on. */
enum match_end match_find(struct block_work *w, u32 first, u32 host_features, struct match *m);

#endif
