// SPDX-License-Identifier: GPL-2.0-only
/* out_ops.c: gen/ops.h (numbers of operations and mnemonics) and gen/effects.h (prototypes of what the interpreter
 * calls). Next file: out_decode.c. */
#include "rulec/out_text.h"

#include <string.h>

/* The slots of struct insn, for readers of code that says in->f[1]. */
static void out_slot_comment(FILE *out, const struct insn_desc *insn)
{
	unsigned int i;

	if (!insn->nfields)
		return;
	fprintf(out, "\t/*");
	for (i = 0; i < insn->nfields; i++)
		fprintf(out, " %u:%s", i, insn->field[i].name);
	fprintf(out, " */");
}

static void out_enum(const struct isa *isa, FILE *out, const char *prefix, bool base_only)
{
	unsigned int i;

	for (i = 0; i < isa->ninsns; i++) {
		const struct insn_desc *insn = isa->insn[i];

		if (base_only && insn->expand)
			continue;
		fprintf(out, "\t%s_", prefix);
		out_upper(out, insn->name);
		fprintf(out, ",");
		out_slot_comment(out, insn);
		fprintf(out, "\n");
	}
}

static int check_names(const struct isa *isa, struct diag *diag)
{
	unsigned int i, j, before = diag->nerrors;

	for (i = 0; i < isa->ninsns; i++)
		for (j = 0; j < i; j++)
			if (!strcmp(isa->insn[i]->name, isa->insn[j]->name))
				diag_error(diag, isa->insn[i]->loc,
					   "instruction '%s' is already at line %d, rename one", isa->insn[i]->name,
					   isa->insn[j]->loc.line);
	return diag->nerrors == before ? 0 : -1;
}

int out_ops(const struct isa *isa, FILE *out, struct diag *diag)
{
	if (check_names(isa, diag))
		return -1;
	out_head(out, isa, "ops.h", "numbers of guest operations and mnemonics");
	fprintf(out, "#ifndef LDBT_GEN_OPS_H\n#define LDBT_GEN_OPS_H\n\n");
	fprintf(out, "/* Base operations; the comment names the slots of f[] in struct insn. */\n");
	fprintf(out, "enum op {\n\tOP_ILLEGAL,\n");
	out_enum(isa, out, "OP", true);
	fprintf(out, "\tNR_OPS,\n};\n\n");
	fprintf(out, "/* All forms, compressed ones included; the comment names the fields of the encoding. */\n");
	fprintf(out, "enum mnem {\n\tMN_ILLEGAL,\n");
	out_enum(isa, out, "MN", false);
	fprintf(out, "\tNR_MNEMS,\n};\n\n#endif\n");
	return 0;
}

/* ---- effects.h ---- */

static void out_effect(FILE *out, const struct callee *callee)
{
	unsigned int i;

	fprintf(out, "enum step ");
	out_callee_name(out, callee, 64);
	fprintf(out, "(struct guest *g");
	for (i = 0; i < callee->nargs; i++)
		fprintf(out, ", u64 arg%u", i);
	for (i = 0; i < callee->nresults; i++)
		fprintf(out, ", u64 *result%u", i);
	fprintf(out, ");\n");
}

static void out_prim_prototype(FILE *out, const struct callee *callee, unsigned int width)
{
	unsigned int i;

	fprintf(out, "u64 ");
	out_callee_name(out, callee, width);
	fprintf(out, "(");
	for (i = 0; i < callee->nargs; i++)
		fprintf(out, "%su64 arg%u", i ? ", " : "", i);
	for (i = 1; i < callee->nresults; i++)
		fprintf(out, ", u64 *result%u", i);
	fprintf(out, ");\n");
}

static int check_callee_widths(const struct isa *isa, const struct callee *callee, struct diag *diag)
{
	struct loc loc = { isa->name, 0 };
	unsigned int i;

	for (i = 0; i < callee->nargs + callee->nresults; i++) {
		unsigned int width = i < callee->nargs ? callee->arg_width[i] : callee->result_width[i - callee->nargs];

		if (width > 64) {
			diag_error(diag, loc, "'%s' has a value wider than 64 bits, C passes u64: split it",
				   callee->name);
			return -1;
		}
	}
	return 0;
}

int out_effects(const struct isa *isa, FILE *out, struct diag *diag)
{
	unsigned int i;

	out_head(out, isa, "effects.h", "C functions behind the primitives and effects of the description");
	fprintf(out, "#ifndef LDBT_GEN_EFFECTS_H\n#define LDBT_GEN_EFFECTS_H\n\n#include \"guest.h\"\n\n");
	fprintf(out, "/* Effects: impure. On STEP_TRAP nothing has happened and trap_cause, trap_tval are set. */\n");
	for (i = 0; i < isa->ncallees; i++)
		if (isa->callee[i].is_effect)
			out_effect(out, &isa->callee[i]);
	fprintf(out, "\n/* States that the machine keeps. Values stand in the low bits. */\n");
	for (i = 0; i < isa->nstates; i++) {
		const struct state *state = &isa->state[i];

		if (state->place == STATE_MACHINE || state->place == STATE_TABLE)
			fprintf(out, "u64 state_%s(const struct guest *g);\n", state->name);
		if (state->place == STATE_MACHINE)
			fprintf(out, "void set_state_%s(struct guest *g, u64 value);\n", state->name);
	}
	fprintf(out, "\n/* Primitives: pure. Bits above the argument's width are zero, and zero in the result. */\n");
	for (i = 0; i < isa->ncallees; i++) {
		const struct callee *callee = &isa->callee[i];

		if (check_callee_widths(isa, callee, diag))
			return -1;
		if (callee->is_effect)
			continue;
		if (callee->nargs && !callee->arg_width[0])
			out_prim_prototype(out, callee, 32);
		out_prim_prototype(out, callee, 64);
	}
	fprintf(out, "\n#endif\n");
	return 0;
}
