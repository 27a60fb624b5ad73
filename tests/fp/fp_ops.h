/* SPDX-License-Identifier: GPL-2.0-only */
/* fp_ops.h: every instruction of F and D that computes, the operands it is tried on, and the hash of what it gives.
 *
 * Owns:    nothing. Compiled for riscv64 (fp_guest.c: the instruction itself is executed) and for the host (fp_native.c:
 *          the generated interpreter executes it).
 * Promise: integers only; the same sequence of cases for the same op, seed and count, so equal hashes mean equal
 *          results, flags and integer results in every case.
 * Next file: fp_ops.c. */
#ifndef FP_OPS_H
#define FP_OPS_H

#include <stdint.h>

/* Operands in f10, f11, f12 and x10; results in f10 and x11. */
struct fp_op {
	const char *name;
	uint32_t word;	   /* rm is 7 where there is one */
	uint8_t noperands; /* in f registers; 0: one in x10 */
	uint8_t is_single; /* format of the operands */
	uint8_t has_rm;
};

extern const struct fp_op fp_ops[];
extern const unsigned int fp_op_count;

struct fp_case {
	uint64_t f[3], x;
	uint32_t word; /* the op's with some rm */
	uint32_t frm;
};

struct fp_result {
	uint64_t f, x, fflags;
};

/* What is tried: of the cross product of special values, cut to `triples` values where there are three operands, one case
 * in `stride` (1 or more), then `count` random cases. */
struct fp_plan {
	uint64_t seed, count, triples, stride;
};

typedef void fp_execute(const struct fp_case *c, struct fp_result *r);

/* Number of cases of the plan. */
uint64_t fp_plan_cases(const struct fp_op *op, const struct fp_plan *plan);
/* Hash over the first `cases` cases; `last`, when not NULL, gets the last of them, `result` what it gave. */
uint64_t fp_sweep(const struct fp_op *op, const struct fp_plan *plan, uint64_t cases, fp_execute *execute,
		  struct fp_case *last, struct fp_result *result);

#endif
