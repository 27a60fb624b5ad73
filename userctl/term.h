/* SPDX-License-Identifier: GPL-2.0-only */
/* term.h: the terminal's raw mode.
 *
 * Owns:    the settings found at term_enter().
 * Promise: they are back after term_leave(), at exit(), and after a signal that kills by a fault of ours.
 * Locks:   none; term_leave() and term_reenter() may be called by any thread, one at a time, and by signal handlers.
 * Context: process.
 * Errors:  none: what is no terminal of ours is left alone.
 * Next file: watch.h. */
#ifndef LDBTCTL_TERM_H
#define LDBTCTL_TERM_H

#include <stdbool.h>

/* Is standard input a terminal that we read from (in its foreground)? If so it is raw now. */
bool term_enter(void);
void term_reenter(void); /* after term_leave(), when the process goes on */
void term_leave(void);

#endif
