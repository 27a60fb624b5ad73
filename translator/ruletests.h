/* SPDX-License-Identifier: GPL-2.0-only */
/* ruletests.h: the form of the table of rule tests that rulec makes of the `test` lines (gen/ruletests.c).
 *
 * Owns:    nothing; constants.
 * Promise: what stands in `after` and next_pc is what the ISA description makes of the instructions, for this aliasing
 *          of registers; a native runner compares what the templates make of them, for every residency.
 * Readers: tests/rulec/run_ruletests.c.
 * Next file: rule.h. */
#ifndef LDBT_RULETESTS_H
#define LDBT_RULETESTS_H

#include "rule.h"

enum {
	RULE_TEST_FREE = 32,   /* number[] of RULE_TEST_FREE + g: any register but x0; equal ones the same register */
	RULE_TEST_STATES = 15, /* states in slots of the state area that a test sets and looks at */
};

/* A register field of an instruction word: role's number goes to bit `shift`. */
struct rule_test_place {
	u8 insn, shift, role;
};

struct rule_test_byte {
	u64 addr;
	u8 before, after;
};

struct rule_test {
	u16 rule; /* rule_table index */
	u16 line; /* of the test in its rule file */
	u8 ninsns, nroles, nplaces, nbytes;
	u8 exit;	   /* enum of abi.h: the match ends by this exit; 0: it runs to next_pc */
	u8 block_state;	   /* ABI_BLOCK_* */
	u8 needs_features; /* on a host without any this match leaves by an exit instead */
	u8 number[RULE_ROLES_MAX];
	u8 is_f[RULE_ROLES_MAX];  /* the role is an f register */
	u32 place, byte;	  /* first entries in the tables below */
	u32 word[RULE_INSNS_MAX]; /* 32-bit forms, register fields of roles zero */
	u64 pc, next_pc;
	u64 before[RULE_ROLES_MAX], after[RULE_ROLES_MAX]; /* per role */
	u64 state_before[RULE_TEST_STATES], state_after[RULE_TEST_STATES];
};

extern const struct rule_test rule_test_table[];
extern const struct rule_test_place rule_test_place_table[];
extern const struct rule_test_byte rule_test_byte_table[];
extern const u16 rule_test_state_offset[]; /* [RULE_TEST_STATES] */
extern const unsigned int rule_test_count;

#endif
