/* SPDX-License-Identifier: GPL-2.0-only */
/* src.h: one rule as its file says it, before any residency is chosen.
 *
 * Owns:    nothing; everything lives in the arena of the ruleset.
 * Promise: every name is bound: a register operand is HOP_ROLE (its location is still abstract), temps and rax, rcx,
 *          rdx are HOP_REG, addresses are HOP_GMEM or HOP_ADDR whose registers are numbers or HREG_ROLE | role.
 * Errors:  the parser reports and goes on with the next rule; is_bad marks a rule that must not be compiled.
 * Next file: rule_parse.c, tmpl_parse.c, then facts.h and legal.h. */
#ifndef LDBT_RULEC_SRC_H
#define LDBT_RULEC_SRC_H

#include "lang/lex.h"
#include "rulec/crule.h"

enum {
	SRC_INSNS_MAX = 24, /* host instructions of one arm */
	SRC_ARMS_MAX = 16,
	SRC_TEMPS_MAX = 3,
};

struct src_insn {
	const char *name;
	struct hop op[ISA_OPERANDS_MAX];
	unsigned int nops;
	uint16_t labels; /* bit n: label n: stands before it */
	struct loc loc;
};

struct src_arm {
	struct carm *arm;
	struct src_insn insn[SRC_INSNS_MAX];
	unsigned int ninsns;
	unsigned int used_regs;	      /* scratch registers that it names, temps included */
	int first_use[SRC_TEMPS_MAX]; /* per scratch register: first and last instruction that uses it, loops around */
	int last_use[SRC_TEMPS_MAX];  /* those included; first > last: never used */
	uint16_t end_labels;	      /* labels behind the last instruction */
	bool is_else;
};

struct src_rule {
	struct crule *rule;
	struct src_arm *arm; /* [rule->narms] */
	const char *temp[SRC_TEMPS_MAX];
	unsigned int ntemps;
	bool has_ref, is_bad;
	struct src_rule *next;
};

/* Appends the rules of one file to *tail and returns the new tail. */
struct src_rule **rules_parse(struct ruleset *set, struct lexer *lx, struct src_rule **tail);

/* `match` and its continuation lines; the rule ends at token `limit`. False after a message. */
bool match_parse(struct ruleset *set, struct src_rule *src, struct lexer *lx, unsigned int limit);
void let_parse(struct src_rule *src, struct lexer *lx);

/* One host instruction at the current line of the lexer. */
void tmpl_parse_line(struct ruleset *set, struct src_rule *src, struct src_arm *arm, struct lexer *lx);
/* When all lines of an arm are known: gives the temps their registers. */
void tmpl_finish(struct ruleset *set, struct src_rule *src, struct src_arm *arm, struct diag *diag);
/* One `test` line behind that word. */
void test_parse_line(struct src_rule *src, struct lexer *lx);
/* The text of one `ref` line: known norm: tags, or a chapter with a "Section Title". */
void ref_check(struct ruleset *set, struct src_rule *src, struct loc loc, const char *text);

int role_find(const struct crule *rule, const char *name, unsigned int len); /* index or -1 */
int value_find(const struct crule *rule, const char *name, unsigned int len);
int xreg_number(const struct token *tok); /* x0..x31 or -1 */
/* CPU features in the order in which x86_64.isa names them: enum host_feature of gen/rules.h. */
int host_feature_find(const struct isa *host, const char *name);	   /* index or -1 */
const char *host_feature_name(const struct isa *host, unsigned int index); /* NULL behind the last */
/* Exits that a template may name; -1 when unknown. Offsets in the state area of states in slots likewise. */
int exit_find(const char *name);
int slot_offset(enum state_place place, const char *name);
/* Where in the block's state it is; false: it is no part of that. */
bool block_state_find(const char *name, unsigned int *shift, unsigned int *bits);

#endif
