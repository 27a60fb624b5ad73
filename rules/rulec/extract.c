// SPDX-License-Identifier: GPL-2.0-only
/* extract.c: which slots can be filled by data. Next file: out_decode.c. */
#include "rulec/extract.h"

enum { ADD_MAX = 127, WORD_BITS = 64 };

/* The source of a slot: a field of the encoding, or NULL and a number. */
static const struct field *slot_source(const struct insn_desc *insn, unsigned int slot, int64_t *number)
{
	const struct ex *ex;

	if (!insn->expand)
		return &insn->field[slot];
	ex = insn->expand_arg[slot];
	while (ex->kind == EX_SEXT || ex->kind == EX_ZEXT)
		ex = ex->arg[0];
	if (ex->kind == EX_FIELD)
		return &insn->field[ex->index];
	*number = (int64_t)ex->value;
	return NULL;
}

static bool simple_slot(const struct field *field, struct extract_slot *out)
{
	const struct piece *piece = &field->piece[0];
	unsigned int top = piece->word_lo + piece->nbits, low = piece->field_lo;
	uint32_t ones = piece->nbits == 32 ? ~0u : (1u << piece->nbits) - 1;

	if (field->npieces != 1 || field->bias > ADD_MAX)
		return false;
	out->add = (int)field->bias;
	if (field->is_signed) {
		out->left = WORD_BITS - top;
		out->right = WORD_BITS - top + piece->word_lo - low;
		out->mask = ~0u << low;
		return low + piece->nbits == field->width && WORD_BITS - top + piece->word_lo >= low;
	}
	out->left = low > piece->word_lo ? low - piece->word_lo : 0;
	out->right = low < piece->word_lo ? piece->word_lo - low : 0;
	out->mask = ones << low;
	return low + piece->nbits < 32;
}

static bool same_field(const struct field *a, const struct field *b)
{
	unsigned int i;

	if (a->npieces != b->npieces || a->width != b->width || a->is_signed != b->is_signed)
		return false;
	for (i = 0; i < a->npieces; i++)
		if (a->piece[i].word_lo != b->piece[i].word_lo || a->piece[i].nbits != b->piece[i].nbits ||
		    a->piece[i].field_lo != b->piece[i].field_lo)
			return false;
	return true;
}

/* Number of this scattered immediate, or 0: no room, or it has a bias. */
static unsigned int kind_of(struct extract_kinds *kinds, const struct field *field)
{
	unsigned int i;

	if (field->bias)
		return 0;
	for (i = 1; i < kinds->count; i++)
		if (same_field(kinds->field[i], field))
			return i;
	if (i >= kinds->max)
		return 0;
	kinds->field[i] = field;
	kinds->count = i + 1;
	return i;
}

static bool fill_slot(const struct insn_desc *insn, unsigned int slot, struct extract_kinds *kinds, struct extract *out)
{
	int64_t number = 0;
	const struct field *field = slot_source(insn, slot, &number);

	if (!field) {
		out->slot[slot].add = (int)number;
		return number >= -ADD_MAX && number <= ADD_MAX;
	}
	if (simple_slot(field, &out->slot[slot]))
		return true;
	out->slot[slot] = (struct extract_slot){ 0 };
	if (out->imm_kind)
		return false;
	out->imm_slot = slot;
	out->imm_kind = kind_of(kinds, field);
	return out->imm_kind != 0;
}

void extract_of(const struct insn_desc *insn, struct extract_kinds *kinds, struct extract *out)
{
	unsigned int slot, nslots = insn->expand ? insn->expand->nfields : insn->nfields;

	*out = (struct extract){ .is_fast = nslots <= EXTRACT_SLOTS };
	if (!kinds->count)
		kinds->count = 1;
	for (slot = 0; slot < nslots && out->is_fast; slot++)
		out->is_fast = fill_slot(insn, slot, kinds, out);
	if (!out->is_fast)
		*out = (struct extract){ 0 };
}
