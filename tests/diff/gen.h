/* SPDX-License-Identifier: GPL-2.0-only */
/* gen.h: a growing test image: code, and one struct diff_block per block.
 * Owns:    the buffers of struct gen, from gen_init() to gen_free().
 * Promise: the same seed gives the same image on every machine; a block reaches its end after bounded work.
 * Locks, context: none. Errors: out of memory or a broken rule of ours: assertion. */
#ifndef DIFF_GEN_H
#define DIFF_GEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "encode.h"
#include "image.h"

enum { GEN_MEM_BYTES = 1024, GEN_NO_REG = 0xff };
#define GEN_CODE (DIFF_PROGRAM + 0x1000)

struct gen {
	uint8_t *code;
	size_t used, capacity;
	struct diff_block *blocks;
	size_t nblocks, block_capacity;
	uint64_t rng;
	uint64_t insns; /* emitted so far */

	/* of the block being made */
	struct diff_block *b;
	uint32_t locked;   /* registers that may not be written: pointers, loop counters, links */
	uint32_t pointers; /* registers that hold b->x[] still, an address in the scratch memory */
	uint32_t bad;	   /* registers that hold an address where no memory is */
	int depth, loops;  /* nesting of items */
	uint32_t fp_share; /* of its items, how many per cent are of F and D */
};

void gen_init(struct gen *g, uint64_t seed);
void gen_free(struct gen *g);

uint64_t gen_random(struct gen *g);
uint32_t gen_below(struct gen *g, uint32_t limit); /* 0..limit-1 */
bool gen_chance(struct gen *g, uint32_t percent);
uint64_t gen_value(struct gen *g); /* an edge or a random operand */

extern const uint64_t gen_edges[];
extern const unsigned int gen_edge_count;

void gen_block_begin(struct gen *g); /* all registers get gen_value() */
void gen_block_end(struct gen *g);

uint64_t gen_pc(const struct gen *g);
size_t gen_op(struct gen *g, const struct enc *e, const struct operands *o); /* returns its offset, for gen_patch() */
void gen_patch(struct gen *g, size_t at, const struct enc *e, const struct operands *o);
void gen_word(struct gen *g, uint32_t word, unsigned int bytes); /* any encoding */
void gen_raw(struct gen *g, const void *data, size_t bytes);	 /* not counted as an instruction */

/* Shorthand for the glue that tests are made of. */
size_t gen_name(struct gen *g, const char *name, int rd, int rs1, int rs2, int32_t imm);

const struct enc *gen_pick(struct gen *g, enum enc_class class); /* a random one */
uint8_t gen_source(struct gen *g, uint8_t use);			 /* use: REG_* of encode.h */
uint8_t gen_dest(struct gen *g, uint8_t use);			 /* not locked, or GEN_NO_REG */
/* access.c: base register and offset of an access in the scratch memory, or GEN_NO_REG. */
uint8_t gen_pointer_to(struct gen *g, const struct enc *e, int32_t *imm);
int32_t gen_imm(struct gen *g, enum fmt fmt); /* an edge or random, legal for fmt */
/* Edges of fmt's range, legal ones only; returns how many (at most `limit`). */
unsigned int gen_imm_edges(enum fmt fmt, int32_t *edge, unsigned int limit);

/* items.c: appends one random item (an instruction, a pair, a loop, a call, ...). */
void item_random(struct gen *g);
void item_block(struct gen *g);	 /* one whole random block */
void item_calls(struct gen *g);	 /* a block that is a deep chain of small functions */
void item_access(struct gen *g); /* access.c: a load, a store or an atomic */
void item_atomic(struct gen *g);
void item_trap(struct gen *g);	   /* something that traps */
void item_bad_jump(struct gen *g); /* if the block has a register for it; ends the block's run */
void item_alu(struct gen *g, bool may_compress);
void item_fp(struct gen *g); /* items_fp.c */

/* each*.c: systematic blocks for every instruction */
void each_all(struct gen *g);
void each_fused_all(struct gen *g);
void each_access_all(struct gen *g);
void each_control_all(struct gen *g);
void each_csr_all(struct gen *g);
void each_illegal_all(struct gen *g);

#endif
