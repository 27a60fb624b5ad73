// SPDX-License-Identifier: GPL-2.0-only
/* test_decode.c: the generated decoder against a linear search over the description.
 *
 * Usage: test_decode COUNT SEED FILE.isa...   COUNT random words besides all 16-bit ones, edges and opcodes. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "lang/eval.h"
#include "tally.h"
#include "words.h"

static int64_t slot_expected(const struct insn_desc *desc, const struct ex *ex, uint32_t word)
{
	while (ex->kind == EX_SEXT || ex->kind == EX_ZEXT)
		ex = ex->arg[0];
	if (ex->kind == EX_FIELD)
		return field_extract(&desc->field[ex->index], word);
	return (int64_t)ex->value;
}

/* Slots of the base operation that the word stands for; the others are zero. */
static bool slots_match(const struct insn *in, const struct insn_desc *desc)
{
	const struct insn_desc *base = desc->expand ? desc->expand : desc;
	unsigned int i;

	for (i = 0; i < INSN_FIELDS_MAX; i++) {
		int64_t want = 0;

		if (i < base->nfields)
			want = desc->expand ? slot_expected(desc, desc->expand_arg[i], in->word)
					    : field_extract(&desc->field[i], in->word);
		if (in->f[i] != (int32_t)want)
			return false;
	}
	return true;
}

static void check_word(const struct isa *isa, uint32_t word)
{
	const struct insn_desc *desc = eval_decode(isa, word);
	bool is_short = (word & 3) != 3;
	struct insn in;

	memset(&in, 0xa5, sizeof(in));
	decode_insn(word, &in);
	CHECK(in.len_bytes == (is_short ? 2 : 4) && in.word == (is_short ? word & 0xffff : word),
	      "0x%08" PRIx32 ": length %u, word 0x%08" PRIx32, word, in.len_bytes, in.word);
	if (!desc) {
		CHECK(!in.op && !in.mnem, "0x%08" PRIx32 " is illegal, decoded as %s", word, mnem_name[in.mnem]);
		return;
	}
	CHECK(!strcmp(mnem_name[in.mnem], desc->name), "0x%08" PRIx32 " is %s, decoded as %s", word, desc->name,
	      mnem_name[in.mnem]);
	CHECK(!strcmp(op_name[in.op], desc->expand ? desc->expand->name : desc->name),
	      "0x%08" PRIx32 " (%s) became operation %s", word, desc->name, op_name[in.op]);
	CHECK(slots_match(&in, desc), "0x%08" PRIx32 " (%s): wrong slots", word, desc->name);
}

static bool has_access(const struct st *st)
{
	for (; st; st = st->next)
		if (st->kind == ST_MEM || has_access(st->body) || has_access(st->orelse))
			return true;
	return false;
}

/* Flags of every operation, found by decoding the instruction's fixed bits with 1 in each register field. */
static void check_flags(const struct isa *isa)
{
	unsigned int i, f;

	for (i = 0; i < isa->ninsns; i++) {
		const struct insn_desc *desc = isa->insn[i];
		uint32_t word = desc->match;
		unsigned int want = 0;
		struct insn in;

		for (f = 0; f < desc->nfields; f++)
			if (desc->field[f].kind == FIELD_REG)
				word |= field_insert(&desc->field[f], 1);
		decode_insn(word, &in);
		if (desc->expand || strcmp(op_name[in.op], desc->name))
			continue;
		want |= desc->is_pure ? OP_PURE : 0;
		want |= desc->ends_block ? OP_ENDS_BLOCK : 0;
		want |= has_access(desc->body) ? OP_ACCESSES : 0;
		CHECK_EQ(op_flags[in.op], want, desc->name);
	}
	CHECK_EQ(op_flags[0], OP_ENDS_BLOCK, "flags of an illegal word");
}

int main(int argc, char **argv)
{
	struct diag diag = { stderr, 0 };
	struct words words = { 0 };
	struct isa *isa;
	uint64_t seed;
	size_t i;

	if (argc < 4) {
		fprintf(stderr, "usage: test_decode COUNT SEED FILE.isa...\n");
		return 2;
	}
	isa = isa_load((const char *const *)argv + 3, argc - 3, &diag);
	if (!isa)
		return 2;
	seed = strtoull(argv[2], NULL, 0) | 1;
	printf("seed %" PRIu64 "\n", seed);
	words_add_short(&words);
	words_add_edges(&words, isa, &seed);
	words_add_opcodes(&words, &seed);
	words_add_random(&words, strtoull(argv[1], NULL, 0), &seed);
	check_flags(isa);
	for (i = 0; i < words.count; i++)
		check_word(isa, words.word[i]);
	words_free(&words);
	isa_free(isa);
	return tally_end("decode");
}
