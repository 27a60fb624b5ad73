/* SPDX-License-Identifier: GPL-2.0-only */
/* errors.h: a bad description and a part of the message it must earn.
 *
 * Owns:    nothing.
 * Promise: the description is refused, and the message names the line.
 * Errors:  counted by check().
 * Next file: errors_test.c. */
#ifndef LDBT_TESTS_LANG_ERRORS_H
#define LDBT_TESTS_LANG_ERRORS_H

/* Lines 1 to 4, and 5 to 6, of most descriptions here. */
#define PRE "isa a\nregfile x[32]:64 zero 0\nstate pc:64\nfield rd:5 reg x\n"
#define E16 "ext E\nbits 16\n"

struct bad {
	const char *text, *message;
};

void test_bad(const struct bad *bad);

#endif
