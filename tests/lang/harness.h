/* SPDX-License-Identifier: GPL-2.0-only */
/* harness.h: counting checks of the language tests; every check prints what differs.
 *
 * Owns:    the two counters.
 * Promise: main.c prints one summary line and fails if any check failed.
 * Errors:  none; a check that fails is counted and the test goes on.
 * Next file: main.c. */
#ifndef LDBT_TESTS_LANG_HARNESS_H
#define LDBT_TESTS_LANG_HARNESS_H

#include "lang/eval.h"

extern unsigned int npassed, nfailed;

/* Counts; returns ok. */
bool check(bool ok, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A description that must load; messages go to stdout. */
struct isa *must_load(const char *text);
/* The guest description in rules/, loaded once. */
const struct isa *riscv64(void);

void test_lex(void);
void test_errors(void);
void test_errors_sem(void);
void test_types(void);
void test_forms(void);
void test_fields(void);
void test_decode(void);
void test_exec(void);
void test_exec_bits(void);
void test_exec_mem(void);
void test_exec_system(void);
void test_other_isas(void);

#endif
