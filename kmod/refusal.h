/* SPDX-License-Identifier: GPL-2.0-only */
/* refusal.h: hosts on which a sealed world cannot be had, and why.
 *
 * Owns:    nothing.
 * Promise: refusal_of() depends on its argument alone, so that each refusal can be tried anywhere.
 * Locks:   none. Context: any.
 * Errors:  none.
 * Next file: refusal.c. */
#ifndef LDBT_REFUSAL_H
#define LDBT_REFUSAL_H

#include "port.h"

enum refusal { /* bits */
	       REFUSAL_FRED = 1,
	       REFUSAL_XEN_PV = 2,
	       REFUSAL_ENCRYPTED = 4,
	       REFUSAL_NO_NX = 8,
	       REFUSAL_NO_XSAVE = 16,
	       REFUSAL_ALL = 31,
};

/* What speaks against this host: a set of REFUSAL_*. */
u32 refusal_facts(void);
/* For people: why, and what can be done; NULL: nothing speaks against it. */
const char *refusal_of(u32 facts);

#endif
