/* SPDX-License-Identifier: GPL-2.0-only */
/* watch.h: the thread beside the vCPU's: terminal input with its escape key, signals, the time limit, `tohost`.
 *
 * Owns:    its thread and two descriptors; no signal of the list in watch.c reaches another thread.
 * Promise: whatever the guest does, a verdict of this thread ends the run: it kicks until the loop has seen it.
 * Locks:   none; loop_stop(), loop_kick() and the console device have their own.
 * Context: watch_block_signals() before any other thread exists.
 * Errors:  negative errno, after a message.
 * Next file: cmd_run.c. */
#ifndef LDBTCTL_WATCH_H
#define LDBTCTL_WATCH_H

#include "loop.h"

struct watch {
	struct loop *loop;
	struct dev *console;		 /* NULL: nobody takes input */
	bool has_escape;		 /* Ctrl-A is the escape key: input is a terminal */
	uint64_t timeout_s;		 /* 0: none */
	const volatile uint64_t *tohost; /* in guest memory; NULL: not watched */

	pthread_t thread;
	int signal_fd, end_fd;
	uint64_t deadline_ns; /* CLOCK_MONOTONIC, 0: none */
	bool is_escaped;      /* the last byte was the escape key */
	bool input_ended;
};

void watch_block_signals(void);
void watch_unblock_signals(void);

int watch_start(struct watch *watch);
void watch_end(struct watch *watch);

/* One byte of input, through the escape key; tests call it too. */
void watch_input(struct watch *watch, uint8_t byte);

#endif
