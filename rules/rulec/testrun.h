/* SPDX-License-Identifier: GPL-2.0-only */
/* testrun.h: one run of a test line: register numbers chosen, guest instructions encoded and evaluated.
 *
 * Owns:    nothing; struct test_run is a plain value.
 * Promise: `after` is what the ISA description says, by rules/lang/eval.h.
 * Errors:  testrun_eval() reports what the test asks for and the description does not do.
 * Next file: ruletest.c (which runs there are), out_tests.c. */
#ifndef LDBT_RULEC_TESTRUN_H
#define LDBT_RULEC_TESTRUN_H

#include "rulec/crule.h"

enum {
	RUN_BYTES_MAX = 192, /* bytes of memory that one run touches */
	RUN_FREE_REG = 16,   /* number of role r when no condition asks for another: 16 + r */
	RUN_STATES = 15,     /* states in slots that a test can set */
	RUN_BLOCK_STATE = 3, /* state of the block when a test does not give it: M-mode */
};

struct run_byte {
	uint64_t addr;
	uint8_t before, after;
};

struct test_run {
	const struct ruleset *set;
	const struct crule *rule;
	const struct ctest_line *line;
	int number[RULE_ROLES_MAX]; /* register of each role, within its file; 0 of x: x0 */
	bool is_plain;		    /* all roles are different registers, none x0 */
	int64_t field[RULE_INSNS_MAX][ISA_FIELDS_MAX];
	uint32_t word[RULE_INSNS_MAX];
	int64_t value[RULE_VALUES_MAX];
	uint64_t pc, next_pc;
	uint64_t before[RULE_REGS], after[RULE_REGS]; /* x, then f */
	uint64_t state_before[RUN_STATES], state_after[RUN_STATES];
	uint8_t block_state;
	struct run_byte byte[RUN_BYTES_MAX];
	unsigned int nbytes;
	int arm[2];	   /* arm taken on a host without and with all features, -1: none */
	bool is_evaluated; /* false: the arm leaves by an exit, nothing was run */
};

/* By the names of the description; offset in the state area. */
extern const char *const run_state_name[RUN_STATES];
int run_state_offset(unsigned int s);

/* Index of a role's register in before[] and after[]. */
unsigned int run_reg(const struct test_run *run, unsigned int role);
/* Everything before the run, from the test line and number[]. -EINVAL after a message. */
int testrun_prepare(struct test_run *run, struct diag *diag);
/* Which arm takes it. */
void testrun_find_arms(struct test_run *run);
/* What the description makes of it. -EINVAL after a message. */
int testrun_eval(struct test_run *run, struct diag *diag);
/* Compares with the right side of the test line. */
int testrun_compare(const struct test_run *run, struct diag *diag);

#endif
