// SPDX-License-Identifier: GPL-2.0-only
/* test_disasm.c: the disassembler against GNU objdump, word by word.
 *
 * Usage: test_disasm COUNT SEED FILE.isa...   COUNT random 32-bit words besides all 16-bit ones, edges and opcodes.
 * A word that both know must give the same text, a word that one of them knows must be in oddities[]. Next file:
 * objdump.c. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "objdump.h"
#include "tally.h"
#include "words.h"

enum { CHUNK_WORDS = 1000000 };

/* Where objdump 2.40 differs from the manual on purpose or by age; each entry says why ours is right. */
static const struct oddity {
	uint32_t mask, match;
	const char *ours, *theirs; /* mnemonics: "" = not an instruction, NULL = any */
	const char *reason;
} oddities[] = {
	{ 0xffff, 0x0000, "", "c.unimp", "unpriv c-st-ext: all zero is defined illegal; objdump names it" },
	{ 0xffff, 0x6101, "", "c.addi16sp", "unpriv c-st-ext: c.addi16sp with nzimm = 0 is reserved" },
	{ 0x707f, 0x000f, "fence", "", "unpriv rv32: reserved fm, rd and rs1 of fence are to be ignored, not refused" },
	{ 0x707f, 0x100f, "fence.i", "", "unpriv zifencei: imm, rs1 and rd of fence.i are to be ignored, not refused" },
	{ 0x707f, 0x5053, "", NULL, "unpriv f-st-ext: rounding mode 5 is reserved; objdump prints it" },
	{ 0x707f, 0x6053, "", NULL, "unpriv f-st-ext: rounding mode 6 likewise" },
	{ 0x7073, 0x5043, "", NULL, "unpriv f-st-ext: of multiply-add too" },
	{ 0x7073, 0x6043, "", NULL, "unpriv f-st-ext: of multiply-add too" },
	{ 0xfff0007f, 0x42000053, "fcvt.d.s", "", "unpriv f-st-ext: rm as usual also where nothing is rounded" },
	{ 0xfff0007f, 0xd2000053, "fcvt.d.w", "", "unpriv f-st-ext: likewise" },
	{ 0xfff0007f, 0xd2100053, "fcvt.d.wu", "", "unpriv f-st-ext: likewise" },
};

struct counts {
	unsigned long same, both_unknown, odd, other_extension;
};

static bool mnemonic_is(const char *text, const char *name)
{
	size_t len = strcspn(text, "\t ");

	return strlen(name) == len && !strncmp(text, name, len);
}

static bool text_is_unknown(const char *text)
{
	return text[0] == '.';
}

static bool side_matches(const char *want, const char *text)
{
	if (!want)
		return true;
	return *want ? mnemonic_is(text, want) : text_is_unknown(text);
}

static bool is_odd(uint32_t word, const char *ours, const char *theirs)
{
	unsigned int i;

	for (i = 0; i < sizeof(oddities) / sizeof(oddities[0]); i++)
		if ((word & oddities[i].mask) == oddities[i].match && side_matches(oddities[i].ours, ours) &&
		    side_matches(oddities[i].theirs, theirs))
			return true;
	return false;
}

static bool is_our_mnemonic(const struct isa *isa, const char *text)
{
	unsigned int i;

	for (i = 0; i < isa->ninsns; i++)
		if (mnemonic_is(text, isa->insn[i]->name))
			return true;
	return false;
}

static void check_text(const struct isa *isa, uint32_t word, uint64_t pc, const char *theirs, struct counts *counts)
{
	char ours[OBJDUMP_TEXT_MAX];
	struct insn in;

	decode_insn(word, &in);
	disasm_insn(&in, pc, ours, sizeof(ours));
	if (in.op && !strcmp(ours, theirs))
		counts->same++;
	else if (!in.op && text_is_unknown(theirs))
		counts->both_unknown++;
	else if (is_odd(word, ours, theirs))
		counts->odd++;
	else if (!in.op && !is_our_mnemonic(isa, theirs)) {
		counts->other_extension++;
		return;
	} else {
		CHECK(false, "0x%08" PRIx32 ": ours \"%s\", objdump \"%s\"", word, ours, theirs);
		return;
	}
	CHECK(true, "same");
}

static int check_chunk(const struct isa *isa, const uint32_t *word, size_t count, unsigned int word_bytes,
		       struct counts *counts)
{
	char text[OBJDUMP_TEXT_MAX];
	struct objdump dump;
	int ret = objdump_open(&dump, word, count, word_bytes);
	size_t i;

	if (ret)
		return ret;
	for (i = 0; i < count && !ret; i++) {
		ret = objdump_next(&dump, word_bytes, text);
		if (!ret)
			check_text(isa, word[i], i * word_bytes, text, counts);
	}
	return objdump_close(&dump) || ret ? -1 : 0;
}

static int check_words(const struct isa *isa, const struct words *words, unsigned int word_bytes, struct counts *counts)
{
	size_t done, part;
	int ret = 0;

	for (done = 0; done < words->count && !ret; done += part) {
		part = words->count - done < CHUNK_WORDS ? words->count - done : CHUNK_WORDS;
		ret = check_chunk(isa, words->word + done, part, word_bytes, counts);
	}
	return ret;
}

/* Lengths above 32 bits: objdump takes 6 bytes and more; for us they are 4 illegal bytes. They are checked here and
 * taken out of the list. */
static void take_out_long(struct words *words)
{
	size_t i, kept = 0;
	struct insn in;

	for (i = 0; i < words->count; i++) {
		if ((words->word[i] & 0x1f) != 0x1f) {
			words->word[kept++] = words->word[i];
			continue;
		}
		decode_insn(words->word[i], &in);
		CHECK(!in.op, "0x%08" PRIx32 " is longer than 32 bits but decoded", words->word[i]);
	}
	words->count = kept;
}

int main(int argc, char **argv)
{
	struct words shorts = { 0 }, longs = { 0 };
	struct counts counts = { 0 };
	struct diag diag = { stderr, 0 };
	struct isa *isa;
	uint64_t seed;

	if (argc < 4) {
		fprintf(stderr, "usage: test_disasm COUNT SEED FILE.isa...\n");
		return 2;
	}
	isa = isa_load((const char *const *)argv + 3, argc - 3, &diag);
	if (!isa)
		return 2;
	seed = strtoull(argv[2], NULL, 0) | 1;
	printf("seed %" PRIu64 "\n", seed);
	words_add_short(&shorts);
	words_add_edges(&longs, isa, &seed);
	words_add_opcodes(&longs, &seed);
	words_add_csrs(&longs);
	words_add_random(&longs, strtoull(argv[1], NULL, 0), &seed);
	take_out_long(&longs);
	CHECK(!check_words(isa, &shorts, 2, &counts), "run over 16-bit words");
	CHECK(!check_words(isa, &longs, 4, &counts), "run over 32-bit words");
	printf("%lu same text, %lu unknown to both, %lu by the list of oddities, %lu of extensions we lack (not "
	       "counted)\n",
	       counts.same, counts.both_unknown, counts.odd, counts.other_extension);
	words_free(&shorts);
	words_free(&longs);
	isa_free(isa);
	return tally_end("disasm");
}
