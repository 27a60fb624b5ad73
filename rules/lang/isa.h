/* SPDX-License-Identifier: GPL-2.0-only */
/* isa.h: reads .isa files into the tree of ast.h, and finds things in it.
 *
 * Owns:    struct isa and its arena, from isa_load() to isa_free().
 * Promise: what isa_load() returns satisfies the promise of ast.h; on error a message "file:line: what, what to
 *          do" went to the error stream of the diag and NULL is returned.
 * Locks:   none; single threaded programs of user space.
 * Errors:  counted in struct diag, never exit().
 * Next file: lex.h, then parse.c and types.c. */
#ifndef LDBT_RULES_ISA_H
#define LDBT_RULES_ISA_H

#include <stdio.h>

#include "lang/ast.h"

/* Where errors go: tests give a memory stream. */
struct diag {
	FILE *out;
	unsigned int nerrors;
};

void diag_error(struct diag *diag, struct loc loc, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Reads the files as one description (declarations of earlier files hold in later ones). */
struct isa *isa_load(const char *const *path, unsigned int npaths, struct diag *diag);
/* The same from memory, for tests and fuzzing. `name` stands for the file name. */
struct isa *isa_load_text(const char *name, const char *text, size_t len_bytes, struct diag *diag);
void isa_free(struct isa *isa);

struct insn_desc *isa_find_insn(const struct isa *isa, const char *name);
int isa_find_regfile(const struct isa *isa, const char *name); /* index or -1 */
int isa_find_state(const struct isa *isa, const char *name);   /* index or -1 */
int isa_find_callee(const struct isa *isa, const char *name);  /* index or -1 */

/* Value of a field in an encoding, sign-extended if signed, bias added. */
int64_t field_extract(const struct field *field, uint32_t word);
/* The bits of the word that carry the value; the inverse of field_extract(). */
uint32_t field_insert(const struct field *field, int64_t value);

#endif
