// SPDX-License-Identifier: GPL-2.0-only
/* out_decode.c: gen/decode.c, the decoder: tables indexed by the telling bits of the word, the check of mask and
 * condition, then filling the slots.
 *
 * Data instead of nested switches, because each indirect branch would be a likely misprediction, and these cost more
 * than the rest together. What does not fit the data (five slots, odd conditions) goes by a switch in which equal texts
 * share a case. Next file: dispatch.c, extract.c. */
#include "rulec/dispatch.h"
#include "rulec/out_extract.h"
#include "rulec/out_text.h"
#include "rulec/texts.h"
#include "rulec/unequal.h"

#include <inttypes.h>
#include <stdlib.h>

struct decode_out {
	struct out_ctx ctx;
	struct dispatch shorts, longs; /* 16 and 32 bits */
	struct extract_all extract;
	struct texts formats, conditions; /* formats: of forms that are not fast */
	unsigned int format[DISPATCH_INSNS_MAX],
		condition[DISPATCH_INSNS_MAX]; /* per instruction; condition 0: none but unequal */
	struct unequal unequal[DISPATCH_INSNS_MAX][UNEQUAL_MAX];
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
		bool is_plain = unequal_of(isa->insn[i], d->unequal[i]);
		int format, condition = 0;

		d->ctx.insn = isa->insn[i];
		format = d->extract.extract[i].is_fast ? 0 : texts_add(&d->formats, text_of(&d->ctx, write_slots));
		if (!is_plain)
			condition = 1 + texts_add(&d->conditions, text_of(&d->ctx, write_condition));
		if (format < 0 || condition < 0 || (!is_plain && !condition)) {
			diag_error(d->ctx.diag, isa->insn[i]->loc, "too many field layouts, raise TEXTS_MAX");
			return -1;
		}
		d->format[i] = format;
		d->condition[i] = condition;
	}
	return 0;
}

/* ---- tables ---- */

/* Numbers of a table, `base` added, 16 in a row. */
static void out_numbers(FILE *out, const uint16_t *number, unsigned int count, unsigned int base)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		fprintf(out, "%s%u,", i % 16 ? " " : "\n\t", base + number[i]);
}

static void out_entries(FILE *out, const struct dispatch *d, unsigned int first_leaf)
{
	unsigned int i;

	for (i = 0; d->ninsns && i < 1u << d->nbits; i++) {
		const struct dispatch_entry *entry = &d->entry[i];

		fprintf(out, "%s{ %u, %u, 0x%x },", i % 8 ? " " : "\n\t", first_leaf + entry->first_leaf, entry->shift,
			(1u << entry->nbits) - 1);
	}
}

/* One set of tables: 16-bit words first, then 32-bit ones. */
static void out_tables(const struct decode_out *d)
{
	const struct dispatch *shorts = &d->shorts, *longs = &d->longs;
	FILE *out = d->ctx.out;

	fprintf(out, "enum { NR_SHORT_ENTRIES = %u };\n\n", shorts->ninsns ? 1u << shorts->nbits : 0);
	fprintf(out, "/* By the index bits: where the lists start, and which bits choose among them. */\n");
	fprintf(out, "static const struct {\n\tu16 leaf;\n\tu8 shift, mask;\n} decode_entries[] = {");
	out_entries(out, shorts, 0);
	out_entries(out, longs, shorts->nleaves);
	fprintf(out, "\n};\n\n/* Where a list starts. */\nstatic const u16 decode_leaves[] = {");
	out_numbers(out, shorts->leaf, shorts->nleaves, 0);
	out_numbers(out, longs->leaf, longs->nleaves, shorts->nlist);
	fprintf(out, "\n};\n\n/* Lists of enum mnem, in order of precedence, each ended by 0. */\n");
	fprintf(out, "static const u16 decode_lists[] = {");
	out_numbers(out, shorts->list, shorts->nlist, 0);
	out_numbers(out, longs->list, longs->nlist, 0);
	fprintf(out, "\n};\n\n");
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

static void out_form(const struct decode_out *d, unsigned int i)
{
	const struct insn_desc *insn = d->ctx.isa->insn[i];
	FILE *out = d->ctx.out;
	unsigned int n;

	fprintf(out, "\t[MN_");
	out_upper(out, insn->name);
	fprintf(out, "] = { 0x%08" PRIx32 ", 0x%08" PRIx32 ", {", insn->mask, insn->match);
	for (n = 0; n < UNEQUAL_MAX; n++)
		fprintf(out, " { 0x%" PRIx32 ", 0x%" PRIx32 " },", d->unequal[i][n].mask, d->unequal[i][n].value);
	fprintf(out, " }, ");
	out_extract_form(&d->extract, d->ctx.isa, i, out);
	fprintf(out, " OP_");
	out_upper(out, insn->expand ? insn->expand->name : insn->name);
	fprintf(out, ", %u, %u },\n", d->format[i], d->condition[i]);
}

static void out_forms(const struct decode_out *d)
{
	FILE *out = d->ctx.out;
	unsigned int i;

	fprintf(out, "struct decode_slot {\n\tu8 left, right;\n\ts16 add;\n\tu32 mask;\n};\n\n");
	fprintf(out, "/* unequal: the word is this form only if (word & mask) != value for all of them. */\n");
	fprintf(out, "struct decode_form {\n\tu32 mask, match;\n\tstruct { u32 mask, value; } unequal[%d];\n",
		UNEQUAL_MAX);
	out_extract_members(out);
	fprintf(out, "\tu16 op;\n\tu8 format;\n\tu8 condition; /* of another kind; 0: none */\n};\n\n");
	fprintf(out, "static const struct decode_form decode_forms[NR_MNEMS] = {\n");
	for (i = 0; i < d->ctx.isa->ninsns; i++)
		out_form(d, i);
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

/* One expression without short-circuits: one branch, nearly always the same way. */
static void out_match_function(const struct decode_out *d)
{
	FILE *out = d->ctx.out;
	unsigned int i;

	if (d->conditions.count) {
		fprintf(out, "static bool condition_holds(u8 condition, u32 word)\n{\n\tswitch (condition) {\n");
		for (i = 0; i < d->conditions.count; i++)
			fprintf(out, "\tcase %u:\n\t\treturn %s;\n", i + 1, d->conditions.text[i]);
		fprintf(out, "\tdefault:\n\t\treturn true;\n\t}\n}\n\n");
	}
	fprintf(out, "static bool form_matches(const struct decode_form *form, u32 word)\n{\n");
	fprintf(out, "\tbool matches = ((word & form->mask) == form->match)");
	for (i = 0; i < UNEQUAL_MAX; i++)
		fprintf(out, " &\n\t\t       ((word & form->unequal[%u].mask) != form->unequal[%u].value)", i, i);
	fprintf(out, ";\n\n\treturn matches%s;\n}\n\n",
		d->conditions.count ? " && (likely(!form->condition) || condition_holds(form->condition, word))" : "");
}

static void out_format_function(const struct decode_out *d)
{
	FILE *out = d->ctx.out;
	unsigned int i;

	fprintf(out, "static void fill_by_format(u8 format, u32 word, s32 *f)\n{\n\tswitch (format) {\n");
	for (i = 0; i < d->formats.count; i++)
		fprintf(out, "\tcase %u:\n%s\t\tbreak;\n", i, d->formats.text[i]);
	fprintf(out, "\tdefault:\n\t\t%sbreak;\n\t}\n}\n\n", d->formats.count ? "" : "(void)word;\n\t\t(void)f;\n\t\t");
}

/* An ISA without 16-bit forms has no length rule: every word is 32 bits. The choice of the length is arithmetic,
 * because lengths alternate in real code and the branch would be mispredicted. */
static void out_decode_function(FILE *out, bool has_short)
{
	fprintf(out, "void decode_insn(u32 word, struct insn *in)\n{\n");
	if (has_short) {
		fprintf(out, "\tu32 is_long = (word & 3) == 3, at_short = short_index(word);\n");
		fprintf(out, "\tu32 at_long = NR_SHORT_ENTRIES + long_index(word);\n");
		fprintf(out, "\tu32 at = at_short ^ ((at_short ^ at_long) & -is_long);\n");
	} else {
		fprintf(out, "\tu32 at = long_index(word);\n");
	}
	fprintf(out, "\tu32 leaf = decode_entries[at].leaf + (word >> decode_entries[at].shift & "
		     "decode_entries[at].mask);\n");
	fprintf(out, "\tconst u16 *mnem = &decode_lists[decode_leaves[leaf]];\n\n");
	if (has_short)
		fprintf(out, "\tword &= 0xffff | -is_long;\n");
	fprintf(out, "\t*in = (struct insn){ .len_bytes = %s, .word = word };\n",
		has_short ? "(u8)(2 + 2 * is_long)" : "4");
	fprintf(out, "\tfor (; *mnem; mnem++) {\n\t\tconst struct decode_form *form = &decode_forms[*mnem];\n\n");
	fprintf(out, "\t\tif (!form_matches(form, word))\n\t\t\tcontinue;\n");
	fprintf(out, "\t\tin->op = form->op;\n\t\tin->mnem = *mnem;\n");
	fprintf(out, "\t\tif (likely(form->is_fast))\n\t\t\tfill_fast(form, word, in->f);\n");
	fprintf(out, "\t\telse\n\t\t\tfill_by_format(form->format, word, in->f);\n\t\treturn;\n\t}\n}\n");
}

static void out_file(const struct decode_out *d)
{
	const struct isa *isa = d->ctx.isa;
	bool has_short = d->shorts.ninsns != 0;
	FILE *out = d->ctx.out;

	out_head(out, isa, "decode.c", "guest word to struct insn");
	fprintf(out, "#include \"decode.h\"\n#include \"bits.h\"\n#include \"ops.h\"\n\n");
	fprintf(out, "_Static_assert(OP_ILLEGAL == 0 && MN_ILLEGAL == 0, \"a zeroed struct insn is illegal\");\n\n");
	out_tables(d);
	if (has_short)
		out_index_function(&d->shorts, out, "short");
	out_index_function(&d->longs, out, "long");
	out_forms(d);
	out_names(isa, out, "op_name", "OP", true);
	out_names(isa, out, "mnem_name", "MN", false);
	out_flags(isa, out);
	out_match_function(d);
	out_extract_functions(&d->extract, out);
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
	extract_all_of(&d->extract, isa);
	if (!dispatch_build(&d->shorts, isa, 16, diag) && !dispatch_build(&d->longs, isa, 32, diag) &&
	    !collect_texts(d))
		out_file(d);
	texts_free(&d->formats);
	texts_free(&d->conditions);
	free(d);
	return diag->nerrors == before ? 0 : -1;
}
