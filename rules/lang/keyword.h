/* SPDX-License-Identifier: GPL-2.0-only */
/* keyword.h: the statements that describe instructions; private to rules/lang.
 *
 * Owns:    nothing.
 * Promise: each reads what stands behind its keyword, adds it to the front, and leaves what it does not know.
 * Errors:  false after a message in diag.
 * Next file: insn.c. */
#ifndef LDBT_RULES_KEYWORD_H
#define LDBT_RULES_KEYWORD_H

#include "lang/front.h"

bool read_insn(struct front *f, struct lexer *lx); /* insn addi PICTURE [when expr] semantics, or => base slots */
bool read_sem(struct front *f, struct lexer *lx);  /* sem add semantics */
bool read_form(struct front *f, struct lexer *lx); /* form add rm64, r64 REX.W 01 /r */

#endif
