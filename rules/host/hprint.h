/* SPDX-License-Identifier: GPL-2.0-only */
/* hprint.h: a host instruction as a line of text, in the spelling of rule templates.
 *
 * Owns:    nothing.
 * Promise: for people: messages of rulec and ruleprove, listings beside emitted bytes. Every operand is shown, holes
 *          by the name of their role or value.
 * Errors:  none; what the stream does with the text is the caller's business. */
#ifndef LDBT_RULES_HPRINT_H
#define LDBT_RULES_HPRINT_H

#include <stdio.h>

#include "host/hinsn.h"

/* Names of roles and values by number; NULL tables (or NULL instead of the struct) give "role0", "value0". */
struct hnames {
	const char *const *role, *const *value;
};

/* "rbx", "ebx", "bx", "bl" */
const char *hreg_name(unsigned int reg, unsigned int width);
/* "mov rd, gmem64[rs1 + imm]", no newline */
void hinsn_print(FILE *out, const struct hinsn *insn, const struct hnames *names);

#endif
