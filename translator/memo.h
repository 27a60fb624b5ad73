/* SPDX-License-Identifier: GPL-2.0-only */
/* memo.h: remembers what an instruction word decoded to, and which template it took when no longer match applied.
 *
 * Owns:    a direct-mapped table of MEMO_ENTRIES words, part of the cache's meta.
 * Promise: an entry is a pure function of the word (and of the host's features, which do not change): nothing has to be
 *          invalidated. Only matches whose values all come from fields are kept, and of rules that do not ask for the
 *          block's state: none depends on the address or the mode.
 * Locks:   the cache's. Context: as cache.h; one probe, no loop. Errors: none, a miss is decoded and matched as usual.
 * Source:  programs repeat few words: of the code of the benchmark guests more than half of the static words.
 * Next file: memo.c, match.c. */
#ifndef LDBT_MEMO_H
#define LDBT_MEMO_H

#include "insn.h"
#include "match.h"

enum {
	MEMO_BITS = 12,
	MEMO_ENTRIES = 1 << MEMO_BITS,
	MEMO_VALUES_MAX = 2,
	MEMO_ROLES_MAX = 4,
	MEMO_NO_TMPL = 0xffff,
};

/* One cache line: insn.word is the key. Rule, arm and template by number. */
struct memo {
	struct insn insn;
	u16 rule, arm, tmpl;
	u8 is_decoded, is_matched;
	u8 role[MEMO_ROLES_MAX];
	s32 value[MEMO_VALUES_MAX];
};

_Static_assert(sizeof(struct memo) == 64, "one cache line");

static inline u32 memo_slot(u32 word)
{
	return word * 0x9e3779b1U >> (32 - MEMO_BITS); /* 2^32 / golden ratio */
}

/* The entry of that word, or NULL. word has a zero upper half if it is a 16-bit one. */
static inline const struct memo *memo_find(const struct memo *table, u32 word)
{
	const struct memo *e = &table[memo_slot(word)];

	return e->insn.word == word && e->is_decoded ? e : NULL;
}

/* The match of a lone instruction, if it is known. */
bool memo_match(const struct memo *table, u32 word, struct match *m);
/* Keeps an instruction for next time; with its match m, if that depends on nothing but the word. Called when the match
 * is done: copying what was just decoded would wait for those stores. */
void memo_keep(struct memo *table, const struct insn *in, const struct match *m);

#endif
