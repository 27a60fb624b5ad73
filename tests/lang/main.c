// SPDX-License-Identifier: GPL-2.0-only
/* main.c: runs the language tests from the top of the tree. Next file: lex_test.c. */
#include "harness.h"

#include <glob.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

unsigned int npassed, nfailed;

bool check(bool ok, const char *fmt, ...)
{
	va_list args;

	if (ok) {
		npassed++;
		return true;
	}
	nfailed++;
	printf("lang: failed: ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	return false;
}

struct isa *must_load(const char *text)
{
	struct diag diag = { stdout, 0 };
	struct isa *isa = isa_load_text("t.isa", text, strlen(text), &diag);

	if (check(isa, "this description must load:\n%s", text))
		return isa;
	exit(1);
}

const struct isa *riscv64(void)
{
	static struct isa *isa;
	struct diag diag = { stdout, 0 };
	glob_t files;

	if (isa)
		return isa;
	if (glob("rules/riscv64*.isa", 0, NULL, &files)) {
		printf("lang: rules/riscv64*.isa not found: run from the top of the tree\n");
		exit(1);
	}
	isa = isa_load((const char *const *)files.gl_pathv, files.gl_pathc, &diag);
	globfree(&files);
	if (!isa)
		exit(1);
	return isa;
}

int main(void)
{
	test_lex();
	test_errors();
	test_errors_sem();
	test_types();
	test_forms();
	test_fields();
	test_decode();
	test_exec();
	test_exec_bits();
	test_exec_mem();
	test_exec_system();
	test_other_isas();
	isa_free((struct isa *)riscv64());
	printf("lang: %u passed, %u failed, 0 skipped\n", npassed, nfailed);
	return nfailed ? 1 : 0;
}
