/* SPDX-License-Identifier: GPL-2.0-only */
/* axiom.h: what the solver may know about multiply-high, divide and remainder.
 *
 * Owns:    nothing. Primitives are uninterpreted functions (sem.h): equal arguments give equal results; the axioms
 *          relate those of the host description to those of the guest description.
 * Promise: each axiom is an equation that holds for all values; axioms_check() proves it at 8 bits, and
 *          tests/prove/axiom_test.c tests it at full width against C arithmetic.
 * Next file: compare.h. */
#ifndef LDBT_PROVE_AXIOM_H
#define LDBT_PROVE_AXIOM_H

#include <stdio.h>

#include "prove/sem.h"

/* Asserts the instances for all primitives seen in this case. */
void axioms_assert(Z3_solver solver);
/* Proves every axiom at 8 bits with the primitives replaced by their definitions. Returns the number that failed. */
unsigned int axioms_check(FILE *out);

#endif
