/* SPDX-License-Identifier: GPL-2.0-only */
/* eval.h: runs the semantics of one guest instruction or host form on concrete values.
 *
 * Owns:    nothing; all state is the caller's struct eval.
 * Promise: the plain reading of docs/LANGUAGE.md, written for clarity and used as the reference in tests; speed is
 *          the business of the generated interpreter.
 * Errors:  eval_run() returns EVAL_*; state is as the statements before the event left it. */
#ifndef LDBT_RULES_EVAL_H
#define LDBT_RULES_EVAL_H

#include "lang/isa.h"

typedef unsigned __int128 bv_t; /* a value; bits above its width are zero */

enum eval_end { EVAL_NEXT, EVAL_TRAP, EVAL_FAULT };

struct eval {
	const struct isa *isa;
	bv_t *reg[4];	  /* per register file: count elements */
	bv_t state[32];	  /* per scalar state; pc is the instruction's own until it ends */
	bool has_next_pc; /* semantics set pc: value in next_pc */
	uint64_t next_pc;
	unsigned int ilen_bytes;
	int64_t field[ISA_FIELDS_MAX];	/* guest: the slots */
	bv_t operand[ISA_OPERANDS_MAX]; /* host: values of operands a b c, updated in place */
	uint64_t operand_addr[ISA_OPERANDS_MAX];
	bv_t local[ISA_LOCALS_MAX];
	uint64_t trap_cause, trap_tval;
	bool used_undef;	 /* an undefined value was read into some state: see undef_states */
	uint32_t undef_states;	 /* bit per scalar state that now holds undef */
	uint32_t undef_operands; /* likewise per operand that was written */
	/* The machine. LOAD: *value out; STORE: *value in; CAS: *value in the new one, out the one found, last argument
	 * the expected one; AMO: *value out, and the new value follows as a STORE. access returns 0, or nonzero for a fault; primitives and effects return 0 or nonzero (trap). */
	int (*access)(void *ctx, enum mem_kind kind, unsigned int size, uint64_t addr, bv_t *value,
		      bv_t new_or_expected);
	int (*callee)(void *ctx, const struct callee *callee, const bv_t *arg, const unsigned int *arg_width,
		      bv_t *result);
	void *ctx;
};

enum eval_end eval_insn(struct eval *eval, const struct insn_desc *insn);
enum eval_end eval_form(struct eval *eval, const struct form *form);
/* Does the word satisfy desc's picture and its condition? */
bool eval_encodes(const struct isa *isa, const struct insn_desc *desc, uint32_t word);
/* The instruction of a word (upper half ignored if it is a 16-bit one), or NULL: illegal. Linear search, for tests. */
struct insn_desc *eval_decode(const struct isa *isa, uint32_t word);

#endif
