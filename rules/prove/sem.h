/* SPDX-License-Identifier: GPL-2.0-only */
/* sem.h: runs the semantics of ast.h on terms, along one path; shared by the guest and the host side.
 *
 * Owns:    nothing; struct run is the caller's, terms belong to the context of term.h.
 * Promise: all paths are enumerated by running again with the next decisions (struct oracle) until oracle_next()
 *          says no; `path` is the conjunction of what was decided.
 * Errors:  what cannot be expressed ends in run->unsupported, which no proof passes.
 * Next file: guest.h, host.h. */
#ifndef LDBT_PROVE_SEM_H
#define LDBT_PROVE_SEM_H

#include "prove/term.h"

enum {
	PATH_DECISIONS_MAX = 32, /* two-way decisions on one path */
	PRIM_APPS_MAX = 128,	 /* applications of primitives in one case */
};

/* Decisions of the current path: bit d of `bits` is the outcome of decision d; `depth` are fixed by earlier runs. */
struct oracle {
	uint32_t bits;
	unsigned int depth, taken;
};

void oracle_start(struct oracle *oracle);  /* first path */
void oracle_rewind(struct oracle *oracle); /* before each run */
bool oracle_next(struct oracle *oracle);   /* false: that was the last path */

struct run;

/* The machine behind a run: where registers, states, operands and memory are. */
struct machine {
	term (*reg_read)(struct run *run, unsigned int file, const struct ex *number);
	void (*reg_write)(struct run *run, unsigned int file, const struct ex *number, term value);
	term (*state_read)(struct run *run, unsigned int state);
	void (*state_write)(struct run *run, unsigned int state, term value);
	term (*field_read)(struct run *run, unsigned int slot);
	term (*operand_read)(struct run *run, unsigned int operand);
	void (*operand_write)(struct run *run, unsigned int operand, term value);
	term (*operand_addr)(struct run *run, unsigned int operand);
	term (*ilen)(struct run *run);
	void (*mem)(struct run *run, const struct st *st);
	void (*effect)(struct run *run, const struct st *st, const struct callee *callee);
};

struct run {
	const struct machine *machine;
	const struct isa *isa;
	struct oracle *oracle;
	pred path;
	term local[ISA_LOCALS_MAX];
	bool has_trapped;
	uint64_t trap_cause;	 /* as the description numbers it */
	const char *unsupported; /* why this cannot be proved */
	unsigned int nundefs;	 /* fresh values made so far on this path */
	const char *undef_prefix;
};

void run_start(struct run *run); /* path true, nothing happened */
/* Decides a condition: its value when known, else by the oracle, and the path is extended. */
bool run_decide(struct run *run, pred condition);
/* Two ways that no condition tells apart: both are run. */
bool run_choose(struct run *run);
term run_fresh(struct run *run, unsigned int width);
term sem_expr(struct run *run, const struct ex *ex);
void sem_run(struct run *run, const struct st *st); /* stops at a trap */
void run_refuse(struct run *run, const char *why);

/* Applications of primitives since prims_reset(), for the axioms (axiom.h). */
struct prim_app {
	const char *name;
	unsigned int nargs, result; /* which result */
	term arg[ISA_ARGS_MAX], value;
};

void prims_reset(void);
unsigned int prims_seen(const struct prim_app **app);
/* A primitive as an uninterpreted function; the same for both descriptions and for axioms. */
term prim_apply(const char *name, unsigned int result, unsigned int width, const term *arg, unsigned int nargs);

#endif
