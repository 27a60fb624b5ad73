// SPDX-License-Identifier: GPL-2.0-only
/* tally.c: counts checks. */
#include "tally.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static unsigned long tally_passed, tally_failed;

bool tally_check(bool holds, const char *file, int line, const char *fmt, ...)
{
	va_list args;

	if (holds) {
		tally_passed++;
		return true;
	}
	if (tally_failed++ < TALLY_SHOWN_MAX) {
		printf("%s:%d: ", file, line);
		va_start(args, fmt);
		vprintf(fmt, args);
		va_end(args);
		printf("\n");
	}
	return false;
}

bool tally_equal(uint64_t got, uint64_t want, const char *what, const char *file, int line)
{
	return tally_check(got == want, file, line, "%s is 0x%" PRIx64 ", expected 0x%" PRIx64, what, got, want);
}

int tally_end(const char *name)
{
	printf("%s: %lu passed, %lu failed, 0 skipped\n", name, tally_passed, tally_failed);
	return tally_failed || !tally_passed;
}
