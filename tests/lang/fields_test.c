// SPDX-License-Identifier: GPL-2.0-only
/* fields_test.c: field_extract() and field_insert() undo each other on every field of the guest description, and give
 * what the manual's tables say for words made by hand. Next file: decode_test.c. */
#include "harness.h"

#include <string.h>

static const struct {
	uint32_t word;
	const char *insn, *field;
	int64_t value;
} field_table[] = {
	/* words from the GNU assembler */
	{ 0xfe209ee3, "bne", "imm", -4 },      { 0x7e208fe3, "beq", "imm", 4094 },
	{ 0x80208063, "beq", "imm", -4096 },   { 0xfffff0ef, "jal", "imm", -2 },
	{ 0x7ffff0ef, "jal", "imm", 0xffffe }, { 0x800000ef, "jal", "imm", -0x100000 },
	{ 0xfffff0b7, "lui", "imm", -4096 },   { 0x123450b7, "lui", "imm", 0x12345000 },
	{ 0xfe20bc23, "sd", "imm", -8 },       { 0x7ff00093, "addi", "imm", 2047 },
	{ 0x80000093, "addi", "imm", -2048 },  { 0x03f09093, "slli", "shamt", 63 },
	{ 0x1fe8, "c.addi4spn", "imm", 1020 }, { 0x0040, "c.addi4spn", "imm", 4 },
	{ 0x0048, "c.addi4spn", "rd'", 10 },   { 0x5d7c, "c.lw", "imm", 124 },
	{ 0x5d7c, "c.lw", "rd'", 15 },	       { 0x5d7c, "c.lw", "rs1'", 10 },
	{ 0x7d7c, "c.ld", "imm", 248 },	       { 0x7139, "c.addi16sp", "imm", -64 },
	{ 0x617d, "c.addi16sp", "imm", 496 },  { 0x7101, "c.addi16sp", "imm", -512 },
	{ 0x70fd, "c.lui", "imm", -4096 },     { 0x60fd, "c.lui", "imm", 0x1f000 },
	{ 0xb001, "c.j", "imm", -2048 },       { 0xaffd, "c.j", "imm", 2046 },
	{ 0xd001, "c.beqz", "imm", -256 },     { 0xcc7d, "c.beqz", "imm", 254 },
	{ 0x50fe, "c.lwsp", "imm", 252 },      { 0x70fe, "c.ldsp", "imm", 504 },
	{ 0xdffe, "c.swsp", "imm", 252 },      { 0xfffe, "c.sdsp", "imm", 504 },
};

static const struct field *find_field(const struct insn_desc *desc, const char *name)
{
	for (unsigned int i = 0; desc && i < desc->nfields; i++)
		if (!strcmp(desc->field[i].name, name))
			return &desc->field[i];
	return NULL;
}

static void test_known(void)
{
	for (unsigned int i = 0; i < sizeof(field_table) / sizeof(field_table[0]); i++) {
		const struct insn_desc *desc = eval_decode(riscv64(), field_table[i].word);
		const struct field *field = find_field(desc, field_table[i].field);
		int64_t value = field ? field_extract(field, field_table[i].word) : 0;

		check(desc && !strcmp(desc->name, field_table[i].insn) && field && value == field_table[i].value,
		      "0x%x: %s, %s %lld; not %s, %lld", field_table[i].word, desc ? desc->name : "illegal",
		      field_table[i].field, (long long)value, field_table[i].insn, (long long)field_table[i].value);
	}
}

/* All bits of a field set and each alone: out and in again. */
static void test_round_trip(const struct insn_desc *desc, const struct field *field)
{
	uint32_t all = field_insert(field, -1 + (int64_t)field->bias);
	bool ok = true;

	for (uint32_t rest = all; rest; rest &= rest - 1) {
		uint32_t bit = rest & -rest;

		ok &= field_insert(field, field_extract(field, bit)) == bit;
		ok &= field_insert(field, field_extract(field, all ^ bit)) == (all ^ bit);
	}
	check(ok && !(all & desc->mask), "field %s of %s: insert is not the inverse of extract", field->name,
	      desc->name);
}

void test_fields(void)
{
	const struct isa *isa = riscv64();

	test_known();
	for (unsigned int i = 0; i < isa->ninsns; i++) {
		uint32_t covered = isa->insn[i]->mask;

		for (unsigned int k = 0; k < isa->insn[i]->nfields; k++) {
			const struct field *field = &isa->insn[i]->field[k];

			test_round_trip(isa->insn[i], field);
			covered |= field_insert(field, -1 + (int64_t)field->bias);
		}
		check(covered == (isa->insn[i]->bits == 16 ? 0xffff : 0xffffffff), "bits of %s without meaning: 0x%x",
		      isa->insn[i]->name, ~covered);
	}
}
