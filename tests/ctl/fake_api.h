/* SPDX-License-Identifier: GPL-2.0-only */
/* fake_api.h: what the calls that stand in for the module's remember.
 *
 * Owns:    fake_calls; a test clears it.
 * Promise: every call succeeds unless FAKE_GUEST says otherwise.
 * Locks:   none. Context: any thread.
 * Errors:  as api.h.
 * Next file: fake_api.c. */
#ifndef FAKE_API_H
#define FAKE_API_H

#include "../../userctl/api.h"

enum { FAKE_IRQS = 16 };

struct fake_calls {
	int irq_fd[FAKE_IRQS];		     /* of LDBT_IRQFD; 0 or -1: none */
	int doorbells;			     /* that exist now */
	unsigned int written;		     /* reports by LDBT_MEM_WRITTEN */
	uint64_t written_gpa, written_bytes; /* the last */
	void (*on_written)(void);
};

extern struct fake_calls fake_calls;

#endif
