// SPDX-License-Identifier: GPL-2.0-only
/* ctl.c: messages and number options. Next file: ldbtctl.c. */
#include "ctl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MESSAGE_BYTES = 1024 };

void ctl_error(const char *format, ...)
{
	char line[MESSAGE_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	fprintf(stderr, "ldbtctl: %s\n", line);
}

/* *end is what stands behind the digits; false: no digits, a sign, or more than 64 bits. */
static int parse_digits(const char *text, uint64_t *value, char **end)
{
	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	*value = strtoull(text, end, 0);
	return errno ? -EINVAL : 0;
}

int ctl_parse_number(const char *text, const char *what, uint64_t lo, uint64_t hi, uint64_t *value)
{
	char *end;

	if (parse_digits(text, value, &end) || *end || *value < lo || *value > hi) {
		ctl_error("%s: found '%s', expected a number from %" PRIu64 " to %" PRIu64, what, text, lo, hi);
		return -EINVAL;
	}
	return 0;
}

/* log2 of the unit, -1: no such suffix */
static int suffix_shift(const char *suffix)
{
	if (suffix[0] && suffix[1])
		return -1;
	switch (suffix[0]) {
	case 'k':
	case 'K': return 10;
	case 0:
	case 'm':
	case 'M': return 20;
	case 'g':
	case 'G': return 30;
	default: return -1;
	}
}

int ctl_parse_bytes(const char *text, const char *what, uint64_t lo, uint64_t hi, uint64_t *bytes)
{
	uint64_t value;
	char *end;
	int shift = -1;

	if (!parse_digits(text, &value, &end))
		shift = suffix_shift(end);
	if (shift < 0 || value > hi >> shift || value << shift < lo) {
		ctl_error("%s: found '%s', expected %" PRIu64 "M to %" PRIu64 "M (suffix K, M or G; MiB without one)",
			  what, text, lo >> 20, hi >> 20);
		return -EINVAL;
	}
	*bytes = value << shift;
	return 0;
}
