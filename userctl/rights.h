/* SPDX-License-Identifier: GPL-2.0-only */
/* rights.h: gives up what a running guest does not need, once everything is open.
 *
 * Owns:    nothing.
 * Promise: afterwards this process and its threads start no program, gain no rights, mount nothing and load nothing into the
 *          kernel; root keeps the capability to lock memory, and with a shared folder those over files.   [checked: tests/ctl]
 * Locks:   none. Context: before other threads exist: capabilities belong to a thread.
 * Errors:  negative errno after a message.
 * Next file: cmd_run.c. */
#ifndef LDBTCTL_RIGHTS_H
#define LDBTCTL_RIGHTS_H

#include <stdbool.h>

int rights_drop(bool has_share);

#endif
