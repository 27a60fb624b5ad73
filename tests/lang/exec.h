/* SPDX-License-Identifier: GPL-2.0-only */
/* exec.h: register instructions against the same meaning written in C, on edge operands.
 *
 * Owns:    nothing.
 * Promise: exec_reg() and exec_imm() try every edge with rd 0 to 3, so also with rd as a source, and count one check.
 * Errors:  none; differences are printed.
 * Next file: exec_test.c, exec_bits_test.c. */
#ifndef LDBT_TESTS_LANG_EXEC_H
#define LDBT_TESTS_LANG_EXEC_H

#include "machine.h"

struct model {
	const char *name;
	uint64_t (*result)(uint64_t a, uint64_t b); /* b: rs2 or the immediate; 0 where there is neither */
};

#define MODEL(name, expr)                                                                                              \
	static uint64_t do_##name(uint64_t a, uint64_t b)                                                              \
	{                                                                                                              \
		(void)b;                                                                                               \
		return expr;                                                                                           \
	}

void exec_reg(const struct model *model);
void exec_imm(const struct model *model, const int64_t *imm, unsigned int nimms);

#endif
