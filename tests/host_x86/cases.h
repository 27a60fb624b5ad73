/* SPDX-License-Identifier: GPL-2.0-only */
/* cases.h: every operand shape of every host form, and concrete instructions made of them.
 *
 * Owns:    nothing.
 * Promise: each case fits its form; operand i uses role i, a pinned base role 3, a pinned index role 4, an immediate
 *          value 0, a displacement value 1.
 * Errors:  none; a failed encoding is the business of the callback. */
#ifndef LDBT_TESTS_HOST_X86_CASES_H
#define LDBT_TESTS_HOST_X86_CASES_H

#include "host/hinsn.h"

enum { ROLE_BASE = 3, ROLE_INDEX = 4, VALUE_IMM = 0, VALUE_DISP = 1 };

/* What the emitter knows when it fills holes. */
struct tenv {
	uint8_t pin[RULE_ROLES_MAX];   /* host register of a pinned role */
	uint8_t guest[RULE_ROLES_MAX]; /* guest register of a homed role */
	int64_t value[RULE_VALUES_MAX];
	uint32_t state_disp; /* address of the state area, below 2 GiB */
	int32_t rel;	     /* displacement of a branch, from the end of the instruction */
};

typedef void case_fn(void *ctx, const struct hinsn *insn, uint32_t narrow_mask);
void cases_run(const struct form *form, case_fn *fn, void *ctx);

/* Chooses pins, home slots and values that the case allows, by a random sequence kept in *seed. */
void tenv_choose(struct tenv *env, const struct hinsn *insn, uint32_t narrow_mask, uint64_t *seed);
/* Fills the holes of code, and the rel8 of a branch to a label; code then holds an ordinary instruction. */
void tenv_fill(const struct tenv *env, const struct hinsn *insn, struct hcode *code);

uint64_t random_next(uint64_t *seed);
/* Register number of an operand, base or index: a role's pin or the register itself. */
unsigned int tenv_hreg(const struct tenv *env, int hreg);
unsigned int tenv_reg(const struct tenv *env, const struct hop *op);

/* The case in the words of `objdump -M intel`; `lock_` forms as two words, a branch target as .+0x12. */
void text_print(FILE *out, const struct hinsn *insn, const struct tenv *env, unsigned int len);

#endif
