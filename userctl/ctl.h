/* SPDX-License-Identifier: GPL-2.0-only */
/* ctl.h: what all commands of ldbtctl share: the command table's entry, messages, number options, exit statuses.
 *
 * Owns:    nothing.
 * Promise: every message goes to stderr as one line "ldbtctl: ...".
 * Locks:   none; any thread. Errors: -EINVAL where a number is refused, after a message.
 * Next file: ldbtctl.c. */
#ifndef LDBTCTL_CTL_H
#define LDBTCTL_CTL_H

#include <stdint.h>

#define LDBTCTL_VERSION "0.1"

/* Exit statuses of ldbtctl's own; those of `run` keep clear of what guests usually return, as timeout(1) does. */
enum {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_RUN_TIMEOUT = 124,
	STATUS_RUN_FAILED = 125, /* the guest was not started, or ldbtctl failed while it ran */
	STATUS_RUN_ERROR = 126,	 /* the guest cannot go on */
	STATUS_SIGNAL = 128,	 /* + number of the signal */
};

struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv); /* argv[0] is "ldbtctl NAME"; returns the exit status */
};

extern const struct command cmd_run, cmd_mkimg, cmd_stat, cmd_doctor;

void ctl_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A number of any base C knows, lo to hi; `what` names it in the message. */
int ctl_parse_number(const char *text, const char *what, uint64_t lo, uint64_t hi, uint64_t *value);

/* Bytes: a number with suffix K, M or G; without one it counts MiB. */
int ctl_parse_bytes(const char *text, const char *what, uint64_t lo, uint64_t hi, uint64_t *bytes);

#endif
