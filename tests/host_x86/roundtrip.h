/* SPDX-License-Identifier: GPL-2.0-only */
/* roundtrip.h: the parts of the encoder and decoder test.
 *
 * Owns:    nothing.
 * Promise: each check adds one to counts->passed or counts->failed and prints a line when it fails.
 * Errors:  none. */
#ifndef LDBT_TESTS_HOST_X86_ROUNDTRIP_H
#define LDBT_TESTS_HOST_X86_ROUNDTRIP_H

#include "cases.h"
#include "host/hprint.h"

struct counts {
	unsigned int passed, failed;
};

/* Bytes, holes, operands and form lines that must be refused. */
void refuse_run(const struct isa *host, struct diag *silent, struct counts *counts);
/* Texts of hinsn_print(). */
void printed_run(const struct isa *host, struct counts *counts);

#endif
