// SPDX-License-Identifier: GPL-2.0-only
/* diag.c: prints one error as file:line: text. Next file: lex.c. */
#include "lang/isa.h"

#include <stdarg.h>

enum { ERRORS_SHOWN_MAX = 50 };

void diag_error(struct diag *diag, struct loc loc, const char *fmt, ...)
{
	va_list args;

	if (diag->nerrors++ >= ERRORS_SHOWN_MAX)
		return;
	fprintf(diag->out, "%s:%d: ", loc.file ? loc.file : "?", loc.line);
	va_start(args, fmt);
	vfprintf(diag->out, fmt, args);
	va_end(args);
	fputc('\n', diag->out);
}
