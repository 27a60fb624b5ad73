/* SPDX-License-Identifier: GPL-2.0-only */
/* out_extract.h: the part of gen/decode.c that fills slots without branches.
 *
 * Owns:    nothing.
 * Promise: the printed fill_fast(form, word, f) fills f[] for forms whose is_fast is set; out_extract_form() prints the
 *          members of struct decode_form that it reads, in the order of out_extract_members().
 * Errors:  none.
 * Next file: out_extract.c, extract.h. */
#ifndef LDBT_RULEC_OUT_EXTRACT_H
#define LDBT_RULEC_OUT_EXTRACT_H

#include <stdio.h>

#include "rulec/dispatch.h"
#include "rulec/extract.h"

struct extract_all {
	struct extract_kinds shorts, longs;
	struct extract extract[DISPATCH_INSNS_MAX]; /* per instruction */
};

void extract_all_of(struct extract_all *all, const struct isa *isa);
void out_extract_members(FILE *out);
void out_extract_form(const struct extract_all *all, const struct isa *isa, unsigned int insn, FILE *out);
void out_extract_functions(const struct extract_all *all, FILE *out);

#endif
