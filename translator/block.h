/* SPDX-License-Identifier: GPL-2.0-only */
/* block.h: one block being made: which guest instructions it takes, and the host code of all its ways out.
 *
 * Owns:    struct block_work, the scratch of one translation.
 * Promise: a block never crosses a page; it ends behind an unconditional transfer, at an instruction without a rule,
 *          after BLOCK_INSNS_MAX instructions or at the end of the page, and goes on over conditional branches. An
 *          instruction that straddles two pages is a block of its own. Branches to an instruction of the same block
 *          are resolved at once.
 * Locks:   the cache's. Context: as cache.h; bounded by BLOCK_INSNS_MAX.
 * Errors:  block_make() -EFAULT: the first instruction straddles and the second page was not given.
 * Next file: match.h, emit.h, link.h. */
#ifndef LDBT_BLOCK_H
#define LDBT_BLOCK_H

#include "cache.h"
#include "insn.h"
#include "match.h"

enum {
	PAGE_BYTES = 4096,
	BLOCK_INSNS_MAX = 64,
	BLOCK_OPS_MAX = 1024,			  /* at least NR_OPS of gen/ops.h */
	BLOCK_SPAN_MAX = BLOCK_INSNS_MAX * 2 + 1, /* halfwords of a block, and its end */
	BLOCK_JUMPS_MAX = BLOCK_INSNS_MAX + 32,	  /* a block ends when one more template might not fit */
	BLOCK_FORWARD_BYTES = 96,		  /* a forward branch this near is expected to land in the same block */
	/* per jump: pad, keyed jump, slow path, two cold exits, key */
	BLOCK_JUMP_BYTES_MAX = 128,
	/* per instruction: template, nops, counting; then the jumps; then a lookup and slack */
	BLOCK_HOST_BYTES_MAX = BLOCK_INSNS_MAX * (TMPL_BYTES_MAX + 32) + BLOCK_JUMPS_MAX * BLOCK_JUMP_BYTES_MAX + 256,
};

_Static_assert(BLOCK_HOST_BYTES_MAX < (int)CACHE_SEGMENT_BYTES_MIN, "a segment holds any block");
_Static_assert((int)BLOCK_JUMPS_MAX >= (int)BLOCK_INSNS_MAX + (int)TMPL_HOLES_MAX,
	       "a block of branches keeps its length");
_Static_assert(BLOCK_HOST_BYTES_MAX < 0x10000, "record offsets have 16 bits");

struct memo;

/* A jump whose target is settled at the end of the block. */
struct block_jump {
	u32 rel;    /* host offset of the rel32 in the hot code */
	s32 target; /* page offset of the guest target; may lie outside the page */
	u8 exit;    /* not 0: goes to this exit at instruction `insn` of the block instead */
	u8 insn;
};

struct block_source {
	const u8 *page;	     /* the guest page that holds the first instruction, 4096 bytes */
	const u8 *next_page; /* the page behind it, or NULL: needed for a straddling instruction only */
	u32 off;	     /* of the first instruction in the page */
	u8 state;	     /* of the block: ABI_BLOCK_* */
};

struct block_work {
	struct block_source src;
	struct memo *memo;
	u32 host;		      /* first byte of the block */
	u32 ninsns;		      /* decoded so far */
	u32 next_off;		      /* where the next one to decode stands */
	u32 is_straddling, is_closed; /* nothing more can be decoded */
	u8 reg_class[RULE_REGS];      /* enum res_class of each guest register */
	u8 pure_slot[BLOCK_OPS_MAX];  /* slot of the register that is all a pure op writes; else INSN_FIELDS_MAX */
	struct insn insn[BLOCK_INSNS_MAX];
	u16 off[BLOCK_INSNS_MAX + RULE_INSNS_MAX + 1]; /* page offset of each; off[ninsns] is behind the last */
	u16 host_at[BLOCK_SPAN_MAX]; /* by halfword: where a jump may go, from the first host byte, + 1; 0: none */
	struct block_jump jump[BLOCK_JUMPS_MAX];
	u32 njumps;
	bool no_inner_jumps; /* every jump leaves the block: when counting or in lockstep */
	bool is_counting;
	u32 count_imm;		  /* host offset of the number of the run being counted; 0: none */
	u32 count_insns, counted; /* instructions of this run, and of the block before it */
};

/* memo: MEMO_ENTRIES entries. */
void block_work_init(struct block_work *w, struct memo *memo);

/* Instruction number k, decoded on first use; NULL behind the block's last possible one. */
const struct insn *block_decode(struct block_work *w);

static inline const struct insn *block_insn(struct block_work *w, u32 k)
{
	return k < w->ninsns ? &w->insn[k] : block_decode(w);
}

bool block_has_straddler(const u8 *page);

/* Translates from src into block b, whose pools and host bytes are those at the current segment's fill levels. */
int block_make(struct cache *c, struct block *b, const struct block_source *src);

#endif
