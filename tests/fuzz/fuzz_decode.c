// SPDX-License-Identifier: GPL-2.0-only
/* fuzz_decode.c: decoder and disassembler on any words, under libFuzzer.
 *
 * Checked: slots are in range, a compressed form decodes to the same slots whatever follows it, the text fits the
 * length it reports, a buffer too small is never overrun, and the same word gives the same text. */
#include <stdlib.h>
#include <string.h>

#include "decode.h"

enum { TEXT_MAX = 96 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_text(const struct insn *in, gva_t pc)
{
	char *whole = malloc(TEXT_MAX), *cut;
	int len = disasm_insn(in, pc, whole, TEXT_MAX);
	size_t room = (size_t)len / 2 + 1;

	require(len > 0 && len < TEXT_MAX && strlen(whole) == (size_t)len);
	cut = malloc(room); /* its own allocation: an overrun is seen */
	require(disasm_insn(in, pc, cut, room) == len);
	require(strlen(cut) == room - 1 && !memcmp(cut, whole, room - 1));
	require(disasm_insn(in, pc, NULL, 0) == len);
	free(cut);
	free(whole);
}

static void check_word(uint32_t word, gva_t pc)
{
	struct insn in, other;

	memset(&in, 0xff, sizeof(in));
	memset(&other, 0, sizeof(other));
	decode_insn(word, &in);
	require(in.len_bytes == ((word & 3) == 3 ? 4 : 2));
	require(op_name[in.op] && mnem_name[in.mnem] && !in.op == !in.mnem);
	require(!(op_flags[in.op] & ~(OP_PURE | OP_ENDS_BLOCK | OP_ACCESSES)));
	decode_insn(in.len_bytes == 2 ? word ^ 0xffff0000 : word, &other);
	require(other.op == in.op && other.mnem == in.mnem && other.word == in.word);
	require(!memcmp(other.f, in.f, sizeof(in.f)));
	check_text(&in, pc);
}

/* Input: 8 bytes of pc, then words. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t word;
	gva_t pc;

	if (size < sizeof(pc))
		return 0;
	memcpy(&pc, data, sizeof(pc));
	for (data += sizeof(pc), size -= sizeof(pc); size >= sizeof(word); data += sizeof(word), size -= sizeof(word)) {
		memcpy(&word, data, sizeof(word));
		check_word(word, pc);
		pc += 4;
	}
	return 0;
}
