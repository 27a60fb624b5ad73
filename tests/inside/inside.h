/* SPDX-License-Identifier: GPL-2.0-only */
/* inside.h: what the tests of the monitor's own work share: counting, and a machine with one vCPU.
 *
 * Owns:    passed, failed.
 * Promise: machine_make() gives a machine that stands at the first byte of the image, in M-mode.
 * Locks:   none; one thread but for stale.c's writer.
 * Errors:  a machine that cannot be made ends the program with status 2.
 * Next file: inside.c. */
#ifndef LDBT_TESTS_INSIDE_H
#define LDBT_TESTS_INSIDE_H

#include <stdbool.h>

#include "../../userctl/api.h"

#define RAM_GPA	  0x80000000ULL
#define RAM_BYTES (16ULL << 20)

struct machine {
	int system, vm, vcpu;
	uint8_t *ram;
	struct ldbt_run *run;
};

extern int passed, failed;

void check(bool is_good, const char *name, uint64_t found, uint64_t wanted);

void machine_make(struct machine *m, const void *image, unsigned int image_bytes);
void machine_destroy(struct machine *m);

/* stale.c */
void test_stale(void);

#endif
