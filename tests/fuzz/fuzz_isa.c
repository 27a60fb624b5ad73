// SPDX-License-Identifier: GPL-2.0-only
/* fuzz_isa.c: libFuzzer target: any bytes as an .isa file. A description that loads is also evaluated, so that what the
 * reader lets through is what its users can walk. Run by `make fuzz-isa`, with all descriptions of the tree as seeds. */
#include <stdio.h>
#include <string.h>

#include "lang/eval.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static int on_access(void *ctx, enum mem_kind kind, unsigned int size, uint64_t addr, bv_t *value, bv_t expected)
{
	(void)ctx;
	(void)kind;
	(void)expected;
	*value = size < 16 ? addr & (((bv_t)1 << size * 8) - 1) : addr;
	return 0;
}

static int on_callee(void *ctx, const struct callee *callee, const bv_t *arg, const unsigned int *arg_width,
		     bv_t *result)
{
	(void)ctx;
	(void)arg;
	(void)arg_width;
	for (unsigned int i = 0; i < callee->nresults; i++)
		result[i] = i;
	return 0;
}

static void evaluate(const struct isa *isa)
{
	static bv_t reg[4][256];
	struct eval eval = { .isa = isa, .ilen_bytes = 4, .access = on_access, .callee = on_callee };

	for (unsigned int i = 0; i < 4; i++)
		eval.reg[i] = reg[i];
	for (unsigned int i = 0; i < isa->ninsns; i++) {
		const struct insn_desc *desc = isa->insn[i];

		for (unsigned int k = 0; k < desc->nfields; k++)
			eval.field[k] = field_extract(&desc->field[k], 0x5aa53cc3 ^ desc->match);
		eval_encodes(isa, desc, desc->match);
		if (!desc->expand)
			eval_insn(&eval, desc);
	}
	for (unsigned int i = 0; i < isa->nforms; i++)
		eval_form(&eval, isa->form[i]);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static FILE *sink;
	struct diag diag;
	struct isa *isa;

	if (!sink)
		sink = fopen("/dev/null", "w");
	diag = (struct diag){ sink, 0 };
	isa = isa_load_text("fuzz.isa", (const char *)data, size, &diag);
	if (!isa != !!diag.nerrors)
		__builtin_trap();
	if (isa)
		evaluate(isa);
	isa_free(isa);
	return 0;
}
