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
};

void each_begin(struct each *s, struct gen *g);
void each_end(struct each *s);

/* Before a case that writes the registers `wanted`: begins a new block if one of them holds a result. */
void each_case(struct each *s, uint32_t wanted);

uint8_t each_free(struct each *s, uint8_t use, uint32_t except); /* neither source nor result, nor in except */
uint8_t each_value(struct each *s, uint8_t use, uint64_t value); /* a source register that holds value */
uint8_t each_result(struct each *s, uint8_t use);

#endif
