/* SPDX-License-Identifier: GPL-2.0-only */
/* randex.h: random instructions whose semantics are random expressions of all widths from 1 to 128 bits.
 *
 * Owns:    nothing.
 * Promise: the text parses as a description; same seed, same text. Instruction number n is named "i<n>".
 * Next file: randex.c, test_expr.c. */
#ifndef LDBT_TESTS_RANDEX_H
#define LDBT_TESTS_RANDEX_H

#include <stdint.h>
#include <stdio.h>

enum { RANDEX_INSNS_MAX = 1024 }; /* funct7 and funct3 of one opcode */

void randex_write(FILE *out, unsigned int ninsns, uint64_t *seed);

#endif
