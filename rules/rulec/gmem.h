/* SPDX-License-Identifier: GPL-2.0-only */
/* gmem.h: the list of rules/gmem.def: which host instructions may have a guest memory operand, and what that means.
 *
 * Owns:    nothing; the list lives in the arena of the ruleset.
 * Promise: an instruction that gmem_find() does not know has no guest memory operand in any template.
 * Errors:  reported in diag with file:line.
 * Next file: compile.c (access records). */
#ifndef LDBT_RULEC_GMEM_H
#define LDBT_RULEC_GMEM_H

#include "host/hinsn.h"
#include "lang/lex.h"

struct gmem_line {
	const char *name;
	unsigned int nops, mem;		       /* operands; which one is the memory */
	enum opnd_kind kind[ISA_OPERANDS_MAX]; /* of the others */
	unsigned int width[ISA_OPERANDS_MAX];
	enum access_kind access;
	bool is_signed;
};

struct gmem {
	unsigned int n;
	struct gmem_line *line;
};

void gmem_load(struct gmem *gmem, struct lexer *lx);
/* The line for this instruction, or NULL. */
const struct gmem_line *gmem_find(const struct gmem *gmem, const struct hinsn *insn);
/* Operand that is guest memory, or -1. */
int gmem_operand(const struct hinsn *insn);
/* The record of an instruction that gmem_find() knows; off, len and insn are the caller's. */
void gmem_access(const struct gmem_line *line, const struct hinsn *insn, struct access *access);

#endif
