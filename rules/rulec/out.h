/* SPDX-License-Identifier: GPL-2.0-only */
/* out.h: writers of the generated files that follow from the guest description alone.
 *
 * Owns:    nothing.
 * Promise: what is written depends on the description only, byte for byte the same in every run.
 * Errors:  0, or -EINVAL after messages in diag: the file is then incomplete and must not be kept.
 * Readers: main.c of rulec walks out_files[]; gen/rules.c and gen/rules.h come from elsewhere (out_rules.c).
 * Next file: out_ops.c, out_decode.c, out_disasm.c, out_interp.c. */
#ifndef LDBT_RULEC_OUT_H
#define LDBT_RULEC_OUT_H

#include "lang/isa.h"

int out_ops(const struct isa *isa, FILE *out, struct diag *diag);     /* ops.h: enum op, enum mnem */
int out_effects(const struct isa *isa, FILE *out, struct diag *diag); /* effects.h: prototypes of effects, primitives */
int out_decode(const struct isa *isa, FILE *out, struct diag *diag);  /* decode.c */
int out_disasm(const struct isa *isa, FILE *out, struct diag *diag);  /* disasm.c */
int out_interp(const struct isa *isa, FILE *out, struct diag *diag);  /* interp.c */

struct out_file {
	const char *name; /* below the directory of --gen */
	int (*write)(const struct isa *isa, FILE *out, struct diag *diag);
};

extern const struct out_file out_files[]; /* ends with a NULL name */

#endif
