/* SPDX-License-Identifier: GPL-2.0-only */
/* tally.h: counts checks and prints the summary line that tests/run.sh reads.
 *
 * Owns:    one tally per program.
 * Promise: every failed check names file, line and values; at most TALLY_SHOWN_MAX are printed, all are counted.
 * Errors:  tally_end() returns the exit status: 1 when a check failed or none ran.
 * Next file: tally.c. */
#ifndef LDBT_TESTS_TALLY_H
#define LDBT_TESTS_TALLY_H

#include <stdbool.h>
#include <stdint.h>

enum { TALLY_SHOWN_MAX = 20 };

#define CHECK(cond, ...)	  tally_check((cond), __FILE__, __LINE__, __VA_ARGS__)
#define CHECK_EQ(got, want, what) tally_equal((uint64_t)(got), (uint64_t)(want), what, __FILE__, __LINE__)

bool tally_check(bool holds, const char *file, int line, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
bool tally_equal(uint64_t got, uint64_t want, const char *what, const char *file, int line);
int tally_end(const char *name);

#endif
