// SPDX-License-Identifier: GPL-2.0-only
/* out_interp.c: gen/interp.c, the interpreter: one small function per base instruction, called through a table.
 *
 * Exactness on traps is a property of the description, checked by trap_order.c before anything is printed: as every
 * write comes after every trap, `return STEP_TRAP` needs no undo. What does not depend on the description is
 * translator/interp_mem.h. Next file: out_stmt.c. */
#include "rulec/out_stmt.h"
#include "rulec/trap_order.h"

/* The zero element never reaches the file: reads are tested too, because guest code can write the home page. */
static void out_regfile(FILE *out, const struct regfile *file)
{
	fprintf(out, "static u64 get_%s(const struct guest *g, u64 n)\n{\n", file->name);
	if (file->zero >= 0)
		fprintf(out, "\treturn n == %d ? 0 : g->home->%s[n];\n}\n\n", file->zero, file->name);
	else
		fprintf(out, "\treturn g->home->%s[n];\n}\n\n", file->name);
	fprintf(out, "static void put_%s(struct guest *g, u64 n, u64 value)\n{\n", file->name);
	if (file->zero >= 0)
		fprintf(out, "\tif (n != %d)\n\t", file->zero);
	fprintf(out, "\tg->home->%s[n] = value;\n}\n\n", file->name);
}

static int check_regfiles(const struct isa *isa, struct diag *diag)
{
	struct loc loc = { isa->name, 0 };
	unsigned int i;

	for (i = 0; i < isa->nregfiles; i++) {
		if (isa->regfile[i].width > 64) {
			diag_error(diag, loc, "register file '%s' is wider than the 64 bits of a home slot",
				   isa->regfile[i].name);
			return -1;
		}
	}
	return 0;
}

static void out_table(const struct isa *isa, FILE *out)
{
	unsigned int i;

	fprintf(out, "typedef enum step interp_fn(struct guest *g, const struct insn *in);\n\n");
	fprintf(out, "static interp_fn *const interp_table[NR_OPS] = {\n\t[OP_ILLEGAL] = do_illegal,\n");
	for (i = 0; i < isa->ninsns; i++) {
		const char *name = isa->insn[i]->name;

		if (isa->insn[i]->expand)
			continue;
		fprintf(out, "\t[OP_");
		out_upper(out, name);
		fprintf(out, "] = do_");
		out_lower(out, name);
		fprintf(out, ",\n");
	}
	fprintf(out, "};\n\n");
}

/* xtval of an illegal instruction is its encoding, whoever found out that it is illegal. */
static void out_entry(FILE *out)
{
	fprintf(out, "enum step interp_insn(struct guest *g, const struct insn *in)\n{\n");
	fprintf(out, "\tenum step end = interp_table[in->op](g, in);\n\n");
	fprintf(out, "\tif (end == STEP_TRAP && g->trap_cause == CAUSE_ILLEGAL)\n\t\tg->trap_tval = in->word;\n");
	fprintf(out, "\treturn end;\n}\n");
}

int out_interp(const struct isa *isa, FILE *out, struct diag *diag)
{
	struct out_ctx ctx = { .isa = isa, .fields = OUT_FIELDS_OF_SLOTS, .out = out, .diag = diag };
	unsigned int i, before = diag->nerrors;

	if (check_regfiles(isa, diag))
		return -1;
	out_head(out, isa, "interp.c", "executes one decoded instruction");
	fprintf(out, "#include \"interp.h\"\n#include \"bits.h\"\n#include \"effects.h\"\n#include \"interp_mem.h\"\n");
	fprintf(out, "#include \"ops.h\"\n#include \"trap.h\"\n\n");
	for (i = 0; i < isa->nregfiles; i++)
		out_regfile(out, &isa->regfile[i]);
	fprintf(out, "static enum step do_illegal(struct guest *g, const struct insn *in)\n{\n");
	fprintf(out, "\treturn trap_raise(g, CAUSE_ILLEGAL, in->word);\n}\n\n");
	for (i = 0; i < isa->ninsns; i++) {
		ctx.insn = isa->insn[i];
		if (ctx.insn->expand || trap_order_check(isa, ctx.insn, diag))
			continue;
		out_insn_function(&ctx);
	}
	out_table(isa, out);
	out_entry(out);
	return diag->nerrors == before ? 0 : -1;
}
