// SPDX-License-Identifier: GPL-2.0-only
/* list.c: writes every case with concrete operands as bytes (argv[1]) and as text (argv[2]) for binutils.py. */
#include "cases.h"

#include <stdlib.h>

enum { FILLS = 3 }; /* register choices per case */

struct list {
	FILE *bytes, *text;
	uint64_t seed;
	struct diag diag;
};

static void list_case(void *ctx, const struct hinsn *insn, uint32_t narrow_mask)
{
	struct list *list = ctx;

	for (int i = 0; i < FILLS; i++) {
		struct hcode code = { .len = 0 };
		struct tenv env;

		if (x86_encode(insn, narrow_mask, &code, &list->diag))
			return;
		tenv_choose(&env, insn, narrow_mask, &list->seed);
		tenv_fill(&env, insn, &code);
		fwrite(code.bytes, 1, code.len, list->bytes);
		text_print(list->text, insn, &env, code.len);
	}
}

int main(int argc, char **argv)
{
	struct list list = { .seed = 1, .diag = { .out = stderr } };
	struct isa *host;

	if (argc < 4) {
		fprintf(stderr, "usage: %s bytes text x86_64.isa...\n", argv[0]);
		return 2;
	}
	host = isa_load((const char *const *)argv + 3, argc - 3, &list.diag);
	list.bytes = fopen(argv[1], "wb");
	list.text = fopen(argv[2], "w");
	if (!host || !list.bytes || !list.text) {
		fprintf(stderr, "%s: cannot read the description or write the output\n", argv[0]);
		return 2;
	}
	for (unsigned int i = 0; i < host->nforms; i++)
		cases_run(host->form[i], list_case, &list);
	fclose(list.bytes);
	fclose(list.text);
	isa_free(host);
	return list.diag.nerrors != 0;
}
