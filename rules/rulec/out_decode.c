// SPDX-License-Identifier: GPL-2.0-only
/* out_decode.c: gen/decode.c, the decoder: one table indexed by the telling bits of the word, the check of mask and
 * condition, then one switch that fills the slots.
 *
 * A table instead of nested switches, because one load that hits the cache replaces several indirect branches, each of
 * them a likely misprediction. Equal field layouts and equal conditions share one case. Next file: dispatch.c. */
#include "rulec/dispatch.h"
#include "rulec/out_text.h"
#include "rulec/texts.h"

#include <inttypes.h>
#include <stdlib.h>

struct decode_out {
	struct out_ctx ctx;
	struct dispatch shorts, longs; /* 16 and 32 bits */
	struct texts formats, conditions;
	unsigned int format[DISPATCH_INSNS_MAX],
		condition[DISPATCH_INSNS_MAX]; /* per instruction; condition 0: always */
};

/* ---- texts that instructions share ---- */

static char *text_of(const struct out_ctx *ctx, void (*write)(struct out_ctx *ctx))
{
	struct out_ctx part = *ctx;
	size_t len_bytes;
	char *text;

	part.out = open_memstream(&text, &len_bytes);
	if (!part.out)
		return NULL;
	write(&part);
	fclose(part.out);
	return text;
}

static void write_slots(struct out_ctx *ctx)
{
	out_slots(ctx, true);
}

static void write_condition(struct out_ctx *ctx)
{
	out_expr(ctx, ctx->insn->when);
}

static int collect_texts(struct decode_out *d)
{
	const struct isa *isa = d->ctx.isa;
	unsigned int i;

	for (i = 0; i < isa->ninsns; i++) {
		int format, condition = 0;

		d->ctx.insn = isa->insn[i];
		format = texts_add(&d->formats, text_of(&d->ctx, write_slots));
		if (isa->insn[i]->when)
			condition = 1 + texts_add(&d->conditions, text_of(&d->ctx, write_condition));
		if (format < 0 || condition < 0 || (isa->insn[i]->when && !condition)) {
			diag_error(d->ctx.diag, isa->insn[i]->loc, "too many field layouts, raise TEXTS_MAX");
			return -1;
		}
		d->format[i] = format;
		d->condition[i] = condition;
	}
	return 0;
}

/* ---- tables ---- */

static void out_numbers(FILE *out, const uint16_t *number, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		fprintf(out, "%s%u,", i % 16 ? " " : "\n\t", number[i]);
	fprintf(out, "\n};\n\n");
}

static void out_tables(const struct dispatch *d, FILE *out, const char *name)
{
	fprintf(out, "/* Index: the bits 0x%08" PRIx32 " of the word. Value: where its list starts. */\n", d->mask);
	fprintf(out, "static const u16 %s_entries[] = {", name);
	out_numbers(out, d->entry, 1u << d->nbits);
	fprintf(out, "/* Lists of enum mnem, in order of precedence, each ended by 0. */\n");
	fprintf(out, "static const u16 %s_lists[] = {", name);
	out_numbers(out, d->list, d->nlist);
}

/* Gathers the index bits: each run of them is one shift and one mask. */
static void out_index_function(const struct dispatch *d, FILE *out, const char *name)
{
	unsigned int bit = 0, done = 0;

	fprintf(out, "static u32 %s_index(u32 word)\n{\n\treturn ", name);
	while (bit < 32) {
		unsigned int first = bit;

		while (bit < 32 && d->mask >> bit & 1)
			bit++;
		if (bit == first) {
			bit++;
			continue;
		}
		fprintf(out, "%s", done ? " |\n\t       " : "");
		if (first > done)
			fprintf(out, "(word >> %u & 0x%xu)", first - done, ((1u << (bit - first)) - 1) << done);
		else if (first == done)
			fprintf(out, "(word & 0x%xu)", ((1u << (bit - first)) - 1) << done);
		else
			fprintf(out, "(word << %u & 0x%xu)", done - first, ((1u << (bit - first)) - 1) << done);
		done += bit - first;
	}
	fprintf(out, "%s;\n}\n\n", done ? "" : "word & 0");
}

static void out_forms(const struct decode_out *d)
{
	const struct isa *isa = d->ctx.isa;
	FILE *out = d->ctx.out;
	unsigned int i;

	fprintf(out,
		"static const struct { u32 mask, match; u16 op; u8 condition, format; } decode_forms[NR_MNEMS] = {\n");
	for (i = 0; i < isa->ninsns; i++) {
		const struct insn_desc *insn = isa->insn[i];

		fprintf(out, "\t[MN_");
		out_upper(out, insn->name);
		fprintf(out, "] = { 0x%08" PRIx32 ", 0x%08" PRIx32 ", OP_", insn->mask, insn->match);
		out_upper(out, insn->expand ? insn->expand->name : insn->name);
		fprintf(out, ", %u, %u },\n", d->condition[i], d->format[i]);
	}
	fprintf(out, "};\n\n");
}

static void out_names(const struct isa *isa, FILE *out, const char *array, const char *prefix, bool base_only)
{
	unsigned int i;

	fprintf(out, "const char *const %s[] = {\n\t[%s_ILLEGAL] = \"illegal\",\n", array, prefix);
	for (i = 0; i < isa->ninsns; i++) {
		if (base_only && isa->insn[i]->expand)
			continue;
		fprintf(out, "\t[%s_", prefix);
		out_upper(out, isa->insn[i]->name);
		fprintf(out, "] = \"%s\",\n", isa->insn[i]->name);
	}
	fprintf(out, "};\n\n");
}

static bool has_access(const struct st *st)
{
	for (; st; st = st->next)
		if (st->kind == ST_MEM || (st->kind == ST_IF && (has_access(st->body) || has_access(st->orelse))))
			return true;
	return false;
}

static void out_flags(const struct isa *isa, FILE *out)
{
	unsigned int i;

	fprintf(out, "const u8 op_flags[] = {\n\t[OP_ILLEGAL] = OP_ENDS_BLOCK,\n");
	for (i = 0; i < isa->ninsns; i++) {
		const struct insn_desc *insn = isa->insn[i];

		if (insn->expand)
			continue;
		fprintf(out, "\t[OP_");
		out_upper(out, insn->name);
		fprintf(out, "] = 0%s%s%s,\n", insn->is_pure ? " | OP_PURE" : "",
			insn->ends_block ? " | OP_ENDS_BLOCK" : "", has_access(insn->body) ? " | OP_ACCESSES" : "");
	}
	fprintf(out, "};\n\n");
}

/* ---- functions ---- */

static void out_condition_function(const struct decode_out *d)
{
	FILE *out = d->ctx.out;
	unsigned int i;

	fprintf(out, "static bool condition_holds(u8 condition, u32 word)\n{\n\tswitch (condition) {\n");
	for (i = 0; i < d->conditions.count; i++)
		fprintf(out, "\tcase %u:\n\t\treturn %s;\n", i + 1, d->conditions.text[i]);
	fprintf(out, "\tdefault:\n\t\treturn true;\n\t}\n}\n\n");
}

static void out_format_function(const struct decode_out *d)
{
	FILE *out = d->ctx.out;
	unsigned int i;

	fprintf(out, "static void fill_slots(u8 format, u32 word, s32 *f)\n{\n\tswitch (format) {\n");
	for (i = 0; i < d->formats.count; i++)
		fprintf(out, "\tcase %u:\n%s\t\tbreak;\n", i, d->formats.text[i]);
	fprintf(out, "\tdefault:\n\t\tbreak;\n\t}\n}\n\n");
}

/* An ISA without 16-bit forms has no length rule: every word is 32 bits. */
static void out_decode_function(FILE *out, bool has_short)
{
	fprintf(out, "void decode_insn(u32 word, struct insn *in)\n{\n\tconst u16 *mnem;\n\n");
	fprintf(out, "\t*in = (struct insn){ .len_bytes = 4, .word = word };\n");
	if (has_short) {
		fprintf(out, "\tif ((word & 3) != 3) {\n\t\tword &= 0xffff;\n\t\tin->word = word;\n");
		fprintf(out, "\t\tin->len_bytes = 2;\n");
		fprintf(out, "\t\tmnem = &short_lists[short_entries[short_index(word)]];\n\t} else {\n");
		fprintf(out, "\t\tmnem = &long_lists[long_entries[long_index(word)]];\n\t}\n");
	} else {
		fprintf(out, "\tmnem = &long_lists[long_entries[long_index(word)]];\n");
	}
	fprintf(out, "\tfor (; *mnem; mnem++) {\n");
	fprintf(out, "\t\tif ((word & decode_forms[*mnem].mask) != decode_forms[*mnem].match)\n\t\t\tcontinue;\n");
	fprintf(out, "\t\tif (!condition_holds(decode_forms[*mnem].condition, word))\n\t\t\tcontinue;\n");
	fprintf(out, "\t\tin->op = decode_forms[*mnem].op;\n\t\tin->mnem = *mnem;\n");
	fprintf(out, "\t\tfill_slots(decode_forms[*mnem].format, word, in->f);\n\t\treturn;\n\t}\n}\n");
}

static void out_file(const struct decode_out *d)
{
	const struct isa *isa = d->ctx.isa;
	bool has_short = d->shorts.ninsns != 0;
	FILE *out = d->ctx.out;

	out_head(out, isa, "decode.c", "guest word to struct insn");
	fprintf(out, "#include \"decode.h\"\n#include \"bits.h\"\n#include \"ops.h\"\n\n");
	fprintf(out, "_Static_assert(OP_ILLEGAL == 0 && MN_ILLEGAL == 0, \"a zeroed struct insn is illegal\");\n\n");
	if (has_short) {
		out_tables(&d->shorts, out, "short");
		out_index_function(&d->shorts, out, "short");
	}
	out_tables(&d->longs, out, "long");
	out_index_function(&d->longs, out, "long");
	out_forms(d);
	out_names(isa, out, "op_name", "OP", true);
	out_names(isa, out, "mnem_name", "MN", false);
	out_flags(isa, out);
	out_condition_function(d);
	out_format_function(d);
	out_decode_function(out, has_short);
}

int out_decode(const struct isa *isa, FILE *out, struct diag *diag)
{
	struct decode_out *d = calloc(1, sizeof(*d));
	unsigned int before = diag->nerrors;

	if (!d)
		return -1;
	d->ctx = (struct out_ctx){ .isa = isa, .fields = OUT_FIELDS_OF_WORD, .out = out, .diag = diag };
	if (!dispatch_build(&d->shorts, isa, 16, diag) && !dispatch_build(&d->longs, isa, 32, diag) &&
	    !collect_texts(d))
		out_file(d);
	texts_free(&d->formats);
	texts_free(&d->conditions);
	free(d);
	return diag->nerrors == before ? 0 : -1;
}
