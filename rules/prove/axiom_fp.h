/* SPDX-License-Identifier: GPL-2.0-only */
/* axiom_fp.h: what the solver may know about IEEE 754 operations.
 *
 * Owns:    nothing. Rounding is left uninterpreted: both descriptions call the same primitive with the same arguments.
 * Promise: comparisons, minimum and maximum are given as formulas on bits; of arithmetic only that a NaN operand gives a
 *          NaN and that NaN results are canonical; of conversions what follows from their ranges. Each is an equation
 *          that holds for all values, tested at full width by tests/prove/axiom_test.c.
 * Next file: axiom_fp.c. */
#ifndef LDBT_PROVE_AXIOM_FP_H
#define LDBT_PROVE_AXIOM_FP_H

#include "prove/sem.h"

/* What is known about one application; NULL: nothing. */
pred axiom_fp(const struct prim_app *app);

#endif
