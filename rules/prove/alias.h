/* SPDX-License-Identifier: GPL-2.0-only */
/* alias.h: one way in which the register operands of a match may coincide, and what holds then.
 *
 * Owns:    nothing; struct alias_case is a value, its terms belong to the context of term.h.
 * Promise: alias_each() visits a set of cases that together stand for every choice of register numbers that the
 *          variant's residency classes and the rule's equalities allow: roles are partitioned into elements
 *          ("the same guest register"), x0 and every register number that the rule names are elements of their own.
 *          Nothing is assumed about which number is pinned where, so a proof holds for every pin map.
 * Errors:  case->refused: the rule cannot be proved (too many registers, a value of an unknown kind).
 * Next file: alias.c, guest.h. */
#ifndef LDBT_PROVE_ALIAS_H
#define LDBT_PROVE_ALIAS_H

#include "prove/sem.h"
#include "rulec/crule.h"

enum { ELEMS_MAX = 1 + RULE_ROLES_MAX + 8 }; /* x0, roles, numbers that conditions name */

/* One guest register of the case. */
struct elem {
	int number;   /* 0..31, or -1: any that no other element has */
	int class;    /* enum res_class, or -1: no role names it */
	bool is_f;    /* an f register */
	bool not_r12; /* a role names it that would have class RES_PIN_SIB if it were r12 */
	int role;     /* first role that names it, or -1 */
	term before;  /* its value when the match starts */
	term num;     /* its number, 5 bits */
};

/* One field of one guest instruction. */
struct slot {
	int elem; /* register field: its element, or -1: the match does not name it */
	term imm; /* immediate field: at its declared width */
};

struct alias_case {
	const struct crule *rule;
	const struct carm *arm;
	const struct cvariant *variant;
	struct elem elem[ELEMS_MAX];
	unsigned int nelems;
	int role_elem[RULE_ROLES_MAX];
	struct slot slot[RULE_INSNS_MAX][ISA_FIELDS_MAX];
	term pc_page, pcoff[RULE_INSNS_MAX + 1]; /* page offset of each instruction, and behind the last */
	term ilen[RULE_INSNS_MAX];
	term value[RULE_VALUES_MAX];
	bool has_fpu;	  /* the arm promises the state fpu of abi.h */
	term block;	  /* state of the block, 8 bits; what the arm's conditions fix is a constant */
	pred fits;	  /* the values of the arm's narrow set fit in a signed byte */
	pred assume;	  /* conditions of this arm, none of an earlier one, narrow, encodings */
	pred numbers;	  /* numbers of different elements differ; only needed when has_numbers */
	bool has_numbers; /* a semantics looks at a register's number */
	const char *refused;
};

/* Calls visit for every case; stops when it returns nonzero, and returns that. Cases that the conditions exclude are
 * left out. */
int alias_each(const struct crule *rule, const struct carm *arm, const struct cvariant *variant,
	       int (*visit)(struct alias_case *c, void *ctx), void *ctx);

/* What a semantics sees as a field: an immediate, or a register's number (any, if the match does not name it). */
term slot_field(struct alias_case *c, const struct slot *slot, struct run *run);

/* A part of the block's state, by its name in the description. */
term block_state(const struct alias_case *c, const char *name, struct run *run);

/* Does r12 have templates of its own in this role? Elsewhere it takes those of the other pins (rulec/tables.c). */
bool arm_has_sib(const struct carm *arm, unsigned int role);

/* Name of an element for messages, e.g. "rd, rs1 (x5)"; number as found in a counterexample or -1. */
void alias_elem_name(const struct alias_case *c, unsigned int e, int number, char *text, unsigned int size_bytes);

#endif
