// SPDX-License-Identifier: GPL-2.0-only
/* field.c: values of encoding fields, from and into the instruction word. */
#include "lang/isa.h"

static uint32_t low_mask(unsigned int nbits)
{
	return nbits >= 32 ? ~0u : (1u << nbits) - 1;
}

int64_t field_extract(const struct field *field, uint32_t word)
{
	uint64_t value = 0, sign = 1ULL << (field->width - 1);

	for (unsigned int i = 0; i < field->npieces; i++) {
		const struct piece *piece = &field->piece[i];

		value |= (uint64_t)(word >> piece->word_lo & low_mask(piece->nbits)) << piece->field_lo;
	}
	if (field->is_signed)
		value = (value ^ sign) - sign;
	return (int64_t)(value + field->bias);
}

uint32_t field_insert(const struct field *field, int64_t value)
{
	uint64_t bits = (uint64_t)value - field->bias;
	uint32_t word = 0;

	for (unsigned int i = 0; i < field->npieces; i++) {
		const struct piece *piece = &field->piece[i];

		word |= ((uint32_t)(bits >> piece->field_lo) & low_mask(piece->nbits)) << piece->word_lo;
	}
	return word;
}
