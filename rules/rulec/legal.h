/* SPDX-License-Identifier: GPL-2.0-only */
/* legal.h: one arm for one residency: host instructions whose operands exist.
 *
 * Owns:    nothing; the result is the caller's.
 * Promise: pinned roles stay registers; a homed role is a memory operand where a form allows it, else a scratch
 *          register, loaded before it is read and stored before anything can see the difference: a guest access, a
 *          branch, a label, the end, an operand that may be the same guest register. x0 reads 0 and is not written.
 *          Only mov with a home or a constant is inserted, so flags stay as the template made them.
 * Errors:  -EINVAL; legal_out.why says what does not fit, legal_out.loc where.
 * Next file: scratch.c (which register holds what), legal.c (one instruction after the other), compile.c. */
#ifndef LDBT_RULEC_LEGAL_H
#define LDBT_RULEC_LEGAL_H

#include "rulec/facts.h"
#include "rulec/form_info.h"

enum { LEGAL_INSNS_MAX = 64, SCRATCH_REGS = 3, ROLE_FREE = -1, ROLE_CONST_0 = -2 };

struct legal_in {
	const struct isa *host;
	const struct src_rule *src;
	const struct src_arm *arm;
	const struct facts *facts;
	const uint8_t *class;	 /* enum res_class per role */
	uint32_t prefer_scratch; /* bit per role: homed operands rather in a scratch register than in memory */
	uint32_t narrow;	 /* as x86_encode() */
};

struct legal_out {
	struct hinsn insn[LEGAL_INSNS_MAX];
	uint16_t labels[LEGAL_INSNS_MAX + 1]; /* labels before instruction i */
	unsigned int n;
	unsigned int cost; /* fewer instructions, then fewer memory operands */
	const char *why;
	struct loc loc;
};

/* What the scratch registers hold. */
struct held {
	int role;		   /* ROLE_FREE, ROLE_CONST_0 or a role (lowest of equal ones) */
	unsigned int valid, dirty; /* low bits that equal the role; low bits not yet stored */
};

struct legal {
	const struct legal_in *in;
	struct legal_out *out;
	struct held held[SCRATCH_REGS];
	unsigned int pool, locked; /* registers we may use now; those the current instruction uses */
	unsigned int dying;	   /* named registers that the current instruction reads for the last time */
	unsigned int pos;	   /* current instruction of the arm */
};

int legal_arm(const struct legal_in *in, struct legal_out *out);

/* scratch.c. Registers are numbers, or -1 with out->why set. */
int legal_fail(struct legal *lg, const char *why);
void legal_emit(struct legal *lg, const char *name, const struct hop *op, unsigned int nops);
bool roles_may_alias(const struct legal *lg, int a, int b);
int scratch_read(struct legal *lg, int role, unsigned int width);
int scratch_zero(struct legal *lg);
int scratch_dest(struct legal *lg, int role, unsigned int width);
void scratch_written(struct legal *lg, int reg, int role, unsigned int width);
int scratch_find(const struct legal *lg, int role, unsigned int width); /* holding it already, or -1 */
void scratch_flush_aliases(struct legal *lg, int role);			/* others that may be the same guest register */
void scratch_drop_aliases(struct legal *lg, int role);
void scratch_flush_all(struct legal *lg);
void scratch_forget(struct legal *lg, int role);
void scratch_forget_all(struct legal *lg);
void scratch_free(struct legal *lg, unsigned int regs); /* the template needs these registers now */

#endif
