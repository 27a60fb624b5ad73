/* SPDX-License-Identifier: GPL-2.0-only */
/* machine.h: a small machine around the evaluator: 64 bytes of memory, primitives, and a log of effects.
 *
 * Owns:    all state, inside struct machine.
 * Promise: machine_word() decodes one word, follows its expansion and evaluates it, pc included.
 * Errors:  what eval_insn() returns; a word that is no instruction gives EVAL_TRAP with cause 2.
 * Next file: machine.c. */
#ifndef LDBT_TESTS_LANG_MACHINE_H
#define LDBT_TESTS_LANG_MACHINE_H

#include "harness.h"

enum { MEMORY_BYTES = 64, LOG_BYTES = 256 };

#define MEMORY_BASE 0x1000ULL /* accesses outside fault */

struct machine {
	struct eval eval;
	bv_t x[32];
	uint8_t memory[MEMORY_BYTES];
	char log[LOG_BYTES];  /* effects with their arguments, "csr_write(340,5) " */
	uint64_t csr;	      /* what csr_read() gives */
	const char *trapping; /* effect that traps, or NULL */
};

void machine_init(struct machine *m, const struct isa *isa);
enum eval_end machine_word(struct machine *m, uint32_t word);
/* The word of that instruction with rd 3, rs1 1, rs2 2 and this value in the immediate field. */
uint32_t machine_encode(const struct isa *isa, const char *name, int64_t imm);
/* The same with rd given. */
uint32_t machine_encode_rd(const struct isa *isa, const char *name, unsigned int rd, int64_t imm);
uint64_t machine_state(const struct machine *m, const char *name);
uint64_t machine_load(const struct machine *m, uint64_t addr, unsigned int size);
void machine_store(struct machine *m, uint64_t addr, unsigned int size, uint64_t value);

#endif
