/* SPDX-License-Identifier: GPL-2.0-only */
/* csr_name.h: names of CSR numbers, as objdump prints them.
 *
 * Owns:    nothing; constant tables.
 * Promise: a name for every CSR number of the manuals, none for the others.   [checked: tests/isa, all 4096 numbers]
 * Locks:   none. Context: any; linked into user space and debug builds only.
 * Errors:  false: the number has no name.
 * Next file: csr.h (the registers this hart has). */
#ifndef LDBT_CSR_NAME_H
#define LDBT_CSR_NAME_H

#include "port.h"

enum { CSR_NAME_NO_INDEX = -1 };

/* The name is stem, then index in decimal unless CSR_NAME_NO_INDEX, then suffix: "pmpaddr", 12, "". */
struct csr_name {
	const char *stem;
	int index;
	const char *suffix;
};

bool csr_name(u32 number, struct csr_name *name);

#endif
