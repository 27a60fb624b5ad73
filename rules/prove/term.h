/* SPDX-License-Identifier: GPL-2.0-only */
/* term.h: bit-vector and boolean terms of the solver, built with widths checked.
 *
 * Owns:    the one Z3 context of the process, from terms_open() to terms_close(); every term dies with it.
 * Promise: equal structure gives the equal pointer, so `==` on simplified terms is a (sufficient) equality test.
 * Locks:   none; a worker process has one context at a time.
 * Errors:  a misuse of the solver (widths that differ) is a bug of the prover: message and abort().
 * Next file: sem.h. */
#ifndef LDBT_PROVE_TERM_H
#define LDBT_PROVE_TERM_H

#include <stdbool.h>
#include <stdint.h>
#include <z3.h>

#include "lang/ast.h"

typedef Z3_ast term; /* a bit vector of 1..128 bits */
typedef Z3_ast pred; /* a truth value */

void terms_open(void);
void terms_close(void);
Z3_context terms_z3(void);

term t_var(const char *name, unsigned int width);
term t_num(uint64_t value, unsigned int width);
term t_snum(int64_t value, unsigned int width);
unsigned int t_width(term t);
/* The number, if the term is one of at most 64 bits. */
bool t_is_num(term t, uint64_t *value);

term t_unary(enum ex_op op, term a);
term t_binary(enum ex_op op, term a, term b); /* comparisons give 1 bit; shift amounts may be of another width */
term t_ite(pred c, term a, term b);
term t_extract(term a, unsigned int hi, unsigned int lo);
term t_concat(term hi, term lo);
term t_sext(term a, unsigned int width); /* width at least that of a */
term t_zext(term a, unsigned int width);
term t_trunc(term a, unsigned int width);
term t_add(term a, term b);
/* The low bits of `whole` replaced by `part`. */
term t_insert_low(term whole, term part);

pred t_true(void);
pred t_false(void);
pred t_bool(term bit); /* bit == 1 */
term t_bit(pred p);
pred t_eq(term a, term b);
pred t_not(pred p);
pred t_and(pred a, pred b);
pred t_or(pred a, pred b);
pred t_implies(pred a, pred b);
pred t_in_range(term v, int64_t lo, int64_t hi); /* signed */
bool t_is_true(pred p);				 /* after simplification */
bool t_is_false(pred p);
Z3_ast t_simplify(Z3_ast t);

#endif
