// SPDX-License-Identifier: GPL-2.0-only
/* out_extract.c: prints tables and functions that fill slots without branches. Next file: out_decode.c. */
#include "rulec/out_extract.h"
#include "rulec/out_text.h"

#include <inttypes.h>

void extract_all_of(struct extract_all *all, const struct isa *isa)
{
	unsigned int i;

	all->shorts.max = EXTRACT_SHORT_MAX;
	all->longs.max = EXTRACT_LONG_MAX;
	for (i = 0; i < isa->ninsns; i++)
		extract_of(isa->insn[i], isa->insn[i]->bits == 16 ? &all->shorts : &all->longs, &all->extract[i]);
}

void out_extract_members(FILE *out)
{
	fprintf(out, "\tstruct decode_slot slot[%d];\n", EXTRACT_SLOTS);
	fprintf(out, "\tu8 is_fast; /* fill_fast() does it */\n\tu8 imm_slot, long_kind, short_kind;\n");
}

void out_extract_form(const struct extract_all *all, const struct isa *isa, unsigned int insn, FILE *out)
{
	const struct extract *extract = &all->extract[insn];
	bool is_short = isa->insn[insn]->bits == 16;
	unsigned int i;

	fprintf(out, "{");
	for (i = 0; i < EXTRACT_SLOTS; i++)
		fprintf(out, " { %u, %u, %d, 0x%" PRIx32 " },", extract->slot[i].left, extract->slot[i].right,
			extract->slot[i].add, extract->slot[i].mask);
	fprintf(out, " }, %d, %u, %u, %u,", extract->is_fast, extract->imm_slot, is_short ? 0 : extract->imm_kind,
		is_short ? extract->imm_kind : 0);
}

/* ---- scattered immediates of 32-bit words: all of them computed, one taken ---- */

static void out_long_imm(const struct extract_kinds *kinds, FILE *out)
{
	unsigned int i;

	fprintf(out, "static s32 long_imm(u8 kind, u32 word)\n{\n\tconst s32 value[] = {\n\t\t0,\n");
	for (i = 1; i < kinds->count; i++) {
		fprintf(out, "\t\t");
		out_field(out, kinds->field[i]);
		fprintf(out, ",\n");
	}
	fprintf(out, "\t};\n\n%s\treturn value[kind];\n}\n\n", kinds->count > 1 ? "" : "\t(void)word;\n");
}

/* ---- scattered immediates of 16-bit words: an entry by the lower bits plus one by the upper bits ---- */

static uint32_t bits_of(const struct extract_kinds *kinds)
{
	uint32_t bits = 0;
	unsigned int i, p;

	for (i = 1; i < kinds->count; i++)
		for (p = 0; p < kinds->field[i]->npieces; p++) {
			const struct piece *piece = &kinds->field[i]->piece[p];

			bits |= ((1u << piece->nbits) - 1) << piece->word_lo;
		}
	return bits;
}

/* Extraction is a sum over the bits of the word, so the halves add up, the sign included. */
static void out_half(const struct extract_kinds *kinds, const char *name, unsigned int shift, unsigned int nbits,
		     FILE *out)
{
	unsigned int i, n;

	fprintf(out, "static const s32 %s[][%u] = {\n\t{ 0 },\n", name, 1u << nbits);
	for (i = 1; i < kinds->count; i++) {
		fprintf(out, "\t{");
		for (n = 0; n < 1u << nbits; n++)
			fprintf(out, "%s%" PRId64 ",", n % 16 ? " " : "\n\t\t",
				field_extract(kinds->field[i], n << shift));
		fprintf(out, "\n\t},\n");
	}
	fprintf(out, "};\n\n");
}

static void out_short_imm(const struct extract_kinds *kinds, FILE *out)
{
	uint32_t bits = bits_of(kinds);
	unsigned int low = bits ? (unsigned int)__builtin_ctz(bits) : 0;
	unsigned int span = bits ? 32 - (unsigned int)__builtin_clz(bits) - low : 2, half = span / 2;

	out_half(kinds, "short_low", low, half, out);
	out_half(kinds, "short_high", low + half, span - half, out);
	fprintf(out, "static s32 short_imm(u8 kind, u32 word)\n{\n");
	fprintf(out, "\treturn short_low[kind][word >> %u & 0x%x] + short_high[kind][word >> %u & 0x%x];\n}\n\n", low,
		(1u << half) - 1, low + half, (1u << (span - half)) - 1);
}

void out_extract_functions(const struct extract_all *all, FILE *out)
{
	unsigned int i;
	bool has_short = all->shorts.count != 0;

	out_long_imm(&all->longs, out);
	if (has_short)
		out_short_imm(&all->shorts, out);
	fprintf(out, "static s32 slot_value(const struct decode_slot *slot, u32 word)\n{\n");
	fprintf(out, "\tu32 bits = (u32)((s64)((u64)word << slot->left) >> slot->right);\n\n");
	fprintf(out, "\treturn (s32)(bits & slot->mask) + slot->add;\n}\n\n");
	fprintf(out, "static void fill_fast(const struct decode_form *form, u32 word, s32 *f)\n{\n");
	for (i = 0; i < EXTRACT_SLOTS; i++)
		fprintf(out, "\tf[%u] = slot_value(&form->slot[%u], word);\n", i, i);
	fprintf(out, "\tf[form->imm_slot] += long_imm(form->long_kind, word)%s;\n}\n\n",
		has_short ? " + short_imm(form->short_kind, word)" : "");
}
