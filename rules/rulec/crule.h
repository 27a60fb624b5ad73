/* SPDX-License-Identifier: GPL-2.0-only */
/* crule.h: one compiled rule in memory, as rulec prints it and as ruleprove proves it.
 *
 * Owns:    struct ruleset owns all rules and their arena, from ruleset_load() to ruleset_free().
 * Promise: printing is dumb: gen/rules.c holds exactly the bytes, holes and accesses of struct cvariant.
 * Errors:  counted in diag with file:line; a set with errors is not printed and not proved.
 * Next file: rule_parse.c, check.c, legal.c, compile.c. */
#ifndef LDBT_RULES_CRULE_H
#define LDBT_RULES_CRULE_H

#include "host/hinsn.h"

struct cvalue {
	enum value_kind kind;
	const char *name;
	struct rule_ref ref;  /* VAL_FIELD, VAL_TARGET */
	const struct ex *let; /* VAL_LET: 64-bit expression; EX_LOCAL .index is a value index */
	int64_t lo, hi;	      /* range known from the field's type (or the let's operands) */
};

struct cvariant {
	uint8_t class[RULE_ROLES_MAX]; /* enum res_class per role */
	bool is_wide;
	struct hcode code;
	struct access access[TMPL_ACCESSES_MAX];
	unsigned int naccesses, nhost;
};

struct carm {
	struct rule_cond cond[8];
	unsigned int nconds;
	enum term_kind term;
	int term_arg;
	uint32_t branch_exits; /* bit n: the template may branch to exit n of abi.h */
	uint16_t narrow_mask;
	struct cvariant *variant;
	unsigned int nvariants;
	struct loc loc;
};

struct ctest { /* one name=value of a test line; name as written */
	const char *name;
	bool is_register;    /* rd=x0: value is the register's number */
	uint64_t key, value; /* m[key]=value */
};

enum { TEST_SIDE_MAX = 16 }; /* values on each side of `gives` */

struct ctest_line {
	struct ctest in[TEST_SIDE_MAX], out[TEST_SIDE_MAX];
	unsigned int nin, nout;
	int is_taken;	  /* taken 1, not_taken 0, neither -1 */
	const char *exit; /* exit=NAME, or NULL */
	struct ctest_line *next;
	struct loc loc;
};

struct crule {
	const char *name; /* "slt;bne": opcodes joined by ';' */
	struct loc loc;
	unsigned int ninsns;
	const struct insn_desc *insn[RULE_INSNS_MAX];
	unsigned int nroles;
	const char *role_name[RULE_ROLES_MAX];
	struct rule_ref role[RULE_ROLES_MAX];
	unsigned int nequals;
	struct rule_equal equal[16];
	unsigned int nvalues;
	struct cvalue value[RULE_VALUES_MAX];
	bool is_partial;
	int pure_role; /* -1: none */
	struct carm *arm;
	unsigned int narms;
	struct ctest_line *test; /* file order */
	const char *text;	 /* the rule's source lines, for the digest */
	unsigned int text_bytes;
	struct crule *next; /* file order */
};

struct ruleset {
	const struct isa *guest, *host;
	struct crule *first;
	unsigned int nrules;
	const struct gmem *gmem;   /* gmem.def */
	const struct norms *norms; /* norms.txt, or NULL */
	struct diag *diag;	   /* valid while ruleset_load() runs */
	struct arena *arena;
};

/* Is the role an f register? Such a role is never zero. */
static inline bool role_is_f(const struct crule *rule, unsigned int role)
{
	return rule->insn[rule->role[role].insn]->field[rule->role[role].slot].regfile;
}

/* path: rule files; one that ends in gmem.def (needed) and one that ends in norms.txt (the known manual tags; without
 * it refs are checked for their form only) may stand anywhere among them. */
struct ruleset *ruleset_load(const struct isa *guest, const struct isa *host, const char *const *path,
			     unsigned int npaths, struct diag *diag);
void ruleset_free(struct ruleset *set);

#endif
