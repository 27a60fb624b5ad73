/* SPDX-License-Identifier: GPL-2.0-only */
/* host.h: what the bytes of one variant do, path by path, by the host description.
 *
 * Owns:    nothing; struct host_code and struct host_path are values.
 * Promise: bytes are read by x86_decode() only. Scratch registers and flags start unknown; pins and home slots of the
 *          match's roles are the elements of the case; every other register or slot that is touched refuses the path.
 *          A loop (cmpxchg retry) is one iteration from a head whose changed scratch is unknown; see HOST_BACK.
 * Errors:  path->refused: what the template does that no template may do.
 * Next file: host.c, operand.c. */
#ifndef LDBT_PROVE_HOST_H
#define LDBT_PROVE_HOST_H

#include "prove/guest.h"

enum {
	HOST_INSNS_MAX = 64,
	HOST_FLAGS_MAX = 16, /* scalar states of the host description */
	HOST_SCRATCH = 3,    /* rax rcx rdx */
	HOST_XMM = 2,	     /* scratch xmm registers */
};

struct host_code {
	const struct cvariant *variant;
	struct hinsn insn[HOST_INSNS_MAX];
	unsigned int ninsns;
	bool is_head[HOST_INSNS_MAX]; /* a local branch goes back to it */
};

/* x86_decode() of the whole template; -EINVAL with a message. Labels must be starts of instructions. */
int host_decode(const struct isa *host, const struct cvariant *variant, struct loc loc, struct host_code *code,
		struct diag *diag);

enum host_end {
	HOST_NEXT,   /* fell through the end: the arm's term says where to */
	HOST_TARGET, /* branched to a value */
	HOST_EXIT,   /* branched to an exit: its number is in exit */
	HOST_BACK,   /* back edge of a loop: nothing may have changed since its head */
	HOST_STUCK,  /* back edge again although memory did not change in between: must not happen */
	HOST_LEFT,   /* left the loop at the second try: as must be, nothing to compare */
	HOST_DIVIDE, /* #DE: must not happen */
};

struct host_event {
	struct event ev;
	struct snapshot state; /* guest state when it happens */
	const struct hinsn *insn;
	bool is_probe; /* a read that belongs to the atomic access behind it */
};

struct host_path {
	pred path;
	enum host_end end;
	unsigned int nevents;
	struct host_event event[EVENTS_MAX];
	unsigned int head_events; /* HOST_BACK: events before the loop */
	struct snapshot head;	  /* HOST_BACK: state at the loop's head */
	struct snapshot after;
	term next_pc; /* HOST_NEXT: NULL, TARGET: where to */
	term rax;
	int exit;		  /* HOST_EXIT */
	const struct hinsn *last; /* last instruction run */
	const char *refused;
};

/* Runs all paths; returns their number, or -1 (PATHS_MAX). */
int host_run(const struct isa *guest, const struct isa *host, struct alias_case *c, const struct host_code *code,
	     struct host_path *path);

/* ---- between host.c and operand.c ---- */

struct host_run {
	struct run run; /* first: callbacks get a pointer to it */
	const struct isa *guest;
	struct alias_case *c;
	const struct host_code *code;
	struct host_path *p;
	struct snapshot now;
	term scratch[HOST_SCRATCH], xmm[HOST_XMM], flag[HOST_FLAGS_MAX];
	const struct hinsn *insn;
	bool has_jumped;
	term loaded[ISA_OPERANDS_MAX]; /* guest memory operands already read by this instruction */
	unsigned int nloads;	       /* accesses that are no probes, so far */
	unsigned int nclocks;	       /* readings of the clock, so far */
	int head;		       /* head of the loop being run, -1 none */
	bool is_second_try;
	term head_scratch[HOST_SCRATCH], head_flag[HOST_FLAGS_MAX];
	uint32_t havoc; /* changed in a loop: bit r scratch, bit HOST_SCRATCH + s flag */
};

/* The guest's state at this moment. */
struct snapshot host_state(const struct host_run *h);
term operand_read(struct run *run, unsigned int operand);
void operand_write(struct run *run, unsigned int operand, term value);
term operand_addr(struct run *run, unsigned int operand);
void operand_mem(struct run *run, const struct st *st);
struct host_event *host_event_add(struct host_run *h, enum event_kind kind, unsigned int size, term addr);

#endif
