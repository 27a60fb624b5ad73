/* SPDX-License-Identifier: GPL-2.0-only */
/* each.h: hands out registers of a block so that systematic cases do not destroy each other's results.
 * Owns:    nothing; g's current block.
 * Promise: a register in `results` is never written again in this block; one in `sources` keeps its value until
 *          the case that asked for it.
 * Locks, context, errors: none. */
#ifndef DIFF_EACH_H
#define DIFF_EACH_H

#include "gen.h"

struct each {
	struct gen *g;
	uint32_t results, sources; /* register masks */
	unsigned int cases;	   /* in this block */
	uint8_t mode;		   /* of blocks begun from now on: DIFF_MODE_* */
};

void each_begin(struct each *s, struct gen *g, uint8_t mode);
void each_end(struct each *s);

/* Before a case that writes the registers `wanted`: begins a new block if one of them holds a result. */
void each_case(struct each *s, uint32_t wanted);

void each_fill(struct each *s); /* the same for a case that needs few registers, of any kind */

/* How many registers a case may need: a new block is begun when that many are not free. */
void each_reserve(struct each *s, int registers);

uint8_t each_free(struct each *s, uint8_t use, uint32_t except); /* neither source nor result, nor in except */
uint8_t each_value(struct each *s, uint8_t use, uint64_t value); /* a source register that holds value */
uint8_t each_result(struct each *s, uint8_t use);

#endif
