/* SPDX-License-Identifier: GPL-2.0-only */
/* loop.h: runs the guest until something ends it, and answers its exits.
 *
 * Owns:    the verdict: who ended the run, and with which number.
 * Promise: the first verdict counts. After loop_stop() from any thread loop_run() returns as soon as loop_kick() was
 *          called after it often enough; one call is enough unless a write to the terminal blocks.
 * Locks:   none: verdict is atomic.
 * Context: loop_run() in the vCPU's thread; loop_stop(), loop_kick(), loop_verdict() in any.
 * Errors:  as a verdict, LOOP_FAILED or LOOP_ERROR, after a message.
 * Next file: watch.h. */
#ifndef LDBTCTL_LOOP_H
#define LDBTCTL_LOOP_H

#include <pthread.h>
#include <stdatomic.h>

#include "dev.h"
#include "machine.h"

enum loop_end {
	LOOP_RUNNING = 0,
	LOOP_POWER_OFF, /* number: the guest's exit status */
	LOOP_RESTART,
	LOOP_ERROR,   /* the guest cannot go on */
	LOOP_FAILED,  /* the module or ldbtctl cannot */
	LOOP_TIMEOUT, /* the rest come from watch.c */
	LOOP_QUIT,
	LOOP_SIGNAL, /* number: the signal's */
};

struct loop_verdict {
	enum loop_end end;
	int number;
};

struct loop {
	struct dev_host host; /* first: what devices call */
	struct machine *machine;
	struct dev *devs;
	pthread_t thread;	  /* the vCPU's */
	_Atomic uint64_t verdict; /* end << 32 | number */
	uint64_t strange_gpa;	  /* page of the last access that hit no device, -1: none */
};

void loop_init(struct loop *loop, struct machine *machine); /* in the vCPU's thread; devs come next */

void loop_run(struct loop *loop);

void loop_stop(struct loop *loop, enum loop_end end, int number);
void loop_kick(struct loop *loop); /* makes LDBT_RUN and blocking writes return */
struct loop_verdict loop_verdict(struct loop *loop);
void loop_clear(struct loop *loop); /* after LOOP_RESTART; a later verdict is kept */

#endif
