/* SPDX-License-Identifier: GPL-2.0-only */
/* guest.h: what the guest instructions of a match do, path by path, by the guest description.
 *
 * Owns:    nothing; struct guest_path is a value.
 * Promise: the paths of one case exclude each other and together cover everything. Loads give the shared unknowns
 *          mem_unknown(), readings of the clock clock_unknown(): the k-th of the guest and of the host see the same one.
 * Errors:  path->unsupported.
 * Next file: guest.c, host.h. */
#ifndef LDBT_PROVE_GUEST_H
#define LDBT_PROVE_GUEST_H

#include "prove/alias.h"

enum {
	EVENTS_MAX = 8, /* accesses on one path */
	HOMES_MAX = 32, /* states of the guest description */
	PATHS_MAX = 64, /* guest paths of one match */
};

enum event_kind { EV_LOAD, EV_STORE, EV_ATOMIC, EV_FENCE, EV_CLOCK };

/* The guest state that translated code holds. */
struct snapshot {
	term elem[ELEMS_MAX];
	term home[HOMES_MAX]; /* by index into the guest's states; NULL: in no slot */
};

struct event {
	enum event_kind kind;
	unsigned int size; /* bytes */
	unsigned int insn; /* guest instruction of the match */
	term addr;
	term old;    /* load, atomic: what memory held */
	term value;  /* store: what is written; atomic: what memory holds afterwards */
	pred orders; /* fence: an earlier store must be visible before a later load */
};

struct guest_path {
	pred path;
	unsigned int nevents;
	struct event event[EVENTS_MAX];
	struct snapshot before[RULE_INSNS_MAX], after;
	unsigned int ninsns; /* instructions begun */
	term next_pc;
	bool has_trapped;
	const char *unsupported;
};

/* Runs all paths; returns their number, or -1 (PATHS_MAX). */
int guest_run(const struct isa *isa, struct alias_case *c, struct guest_path *path);

/* fpu of abi.h: MXCSR's rounding mode is frm's, and its sticky flags are a part of fflags. So frm is a function of the host's
 * rc at the start, and fflags is always the home slot or'ed with the host's fpe. */
enum { RC_BITS = 2, FPE_BITS = 5 };
term fflags_of(const struct isa *guest, term fpe);
int fflags_state(const struct isa *guest); /* index, or -1 */

void snapshot_start(const struct isa *guest, const struct alias_case *c, struct snapshot *snap);
term mem_unknown(unsigned int access, unsigned int size);
term clock_unknown(unsigned int reading);

#endif
