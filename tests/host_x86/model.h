/* SPDX-License-Identifier: GPL-2.0-only */
/* model.h: what x86_64.isa says an instruction does to registers, flags and its memory operand.
 *
 * Owns:    nothing.
 * Promise: model_run() applies eval_form() to the registers and the memory bytes in place.
 * Errors:  is_broken: the description accessed other memory, called an unknown primitive or used an undefined value. */
#ifndef LDBT_TESTS_HOST_X86_MODEL_H
#define LDBT_TESTS_HOST_X86_MODEL_H

#include "cases.h"
#include "lang/eval.h"

struct model {
	const struct isa *host;
	uint64_t reg[16], flags, xmm[16];
	uint32_t mxcsr;
	uint8_t *mem;	      /* bytes of the memory operand */
	uint64_t mem_addr;    /* its address as the description sees it */
	uint64_t undef_flags; /* out: flags that now hold an undefined value */
	uint32_t undef_regs;  /* out: likewise general registers, bit per number */
	bool is_trap, is_taken, is_broken;
	uint64_t clock; /* what the description's host_clock() gives */
	bool has_clock; /* out: it was read */
};

void model_run(struct model *model, const struct hinsn *insn, const struct tenv *env);
bool form_may_trap(const struct st *body);
bool hop_is_memory(const struct hop *op);

#endif
