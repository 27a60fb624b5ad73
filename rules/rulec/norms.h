/* SPDX-License-Identifier: GPL-2.0-only */
/* norms.h: the tags of the RISC-V manual that refs may name (rules/norms.txt, bare tags, one a line).
 *
 * Owns:    nothing; the list lives in the arena of the ruleset.
 * Promise: each tag was found in riscv-isa-manual when the list was made.
 * Errors:  a line that is no tag is reported.
 * Next file: test_parse.c (ref lines). */
#ifndef LDBT_RULEC_NORMS_H
#define LDBT_RULEC_NORMS_H

#include "rulec/crule.h"

void norms_load(struct ruleset *set, const char *file, const char *text, size_t len_bytes, struct diag *diag);
/* "norm:add_op"; true for every tag when no list was given. */
bool norm_is_known(const struct ruleset *set, const char *tag);

#endif
