/* SPDX-License-Identifier: GPL-2.0-only */
/* doctor.h: one check of the host, and what it found.
 *
 * Owns:    nothing; a report's texts are its own.
 * Promise: checks only read; the system looked at may lie below a folder of its own (--root).
 * Locks:   none. Context: process.
 * Errors:  a place that cannot be read is a finding, not an error.
 * Next file: cmd_doctor.c. */
#ifndef LDBTCTL_DOCTOR_H
#define LDBTCTL_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

enum doctor_result { DOCTOR_OK, DOCTOR_WARN, DOCTOR_NO };

enum { DOCTOR_TEXT_BYTES = 512 };

struct doctor_report {
	enum doctor_result result;
	char found[DOCTOR_TEXT_BYTES];
	char advice[DOCTOR_TEXT_BYTES]; /* empty: none */
};

struct doctor_host {
	const char *root;    /* "" or the folder that holds the system */
	const char *release; /* of its kernel */
};

struct doctor_check {
	const char *name;
	void (*run)(const struct doctor_host *host, struct doctor_report *report);
};

/* NULL-terminated by name */
extern const struct doctor_check doctor_cpu_checks[];
extern const struct doctor_check doctor_bug_checks[];
extern const struct doctor_check doctor_module_checks[];

void doctor_found(struct doctor_report *report, enum doctor_result result, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void doctor_advise(struct doctor_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* path with root before it; format makes the path */
void doctor_path(const struct doctor_host *host, char *path, size_t bytes, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* First line of a file, without its end; false: it cannot be read. */
bool doctor_read_line(const char *path, char *line, size_t bytes);

#endif
