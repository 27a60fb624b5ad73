/* SPDX-License-Identifier: GPL-2.0-only */
/* tag.h: the space tags of one vCPU: numbers for the address spaces that it used lately.
 *
 * Owns:    nothing; struct tags lies in the vCPU's block, so that host and monitor give out numbers in turn.
 * Promise: a tag (abi.h) stands for one (satp, mode), or for S-mode's global leaves under every satp, and one fpu of the block's
 *          state, until a fence orders a mapping to be forgotten that was fetched
 *          through, and is never given out again before tags_restart(). So a jump is found in the space it was entered for
 *          and in no other.
 * Locks:   the vCPU's thread: its monitor, or the host while the vCPU is outside. Context: any; bounded: one search.
 * Errors:  tags_get() 0: all numbers were used. The caller drops every link and jump table entry, then restarts.
 * Next file: tag.c, ../mmu.c. */
#ifndef LDBT_WORLD_TAG_H
#define LDBT_WORLD_TAG_H

#include "guest.h"
#include "shadow.h"

#define TAG_FPU (1ULL << 40) /* in a tag: fpu of the block's state (abi.h) */

enum { TAGS_KEPT = 16, TAGS_MODES = 4, TAGS_FETCHED_BITS = 2048 };

struct tag {
	u64 space; /* satp, or one of the numbers in tag.c: without translation; global leaves of S-mode */
	u64 tag;   /* 0: unused */
	u64 priv;
};

struct tags {
	struct tag last[TAGS_MODES]; /* by mode: found without a search */
	struct tag kept[TAGS_KEPT];
	u32 next;			     /* of kept[], to be replaced */
	u32 given;			     /* numbers given out since the restart */
	u32 fenced;			     /* a fence of all forgot those below this one, but for SPACE_BARE */
	u64 fetched[TAGS_FETCHED_BITS / 64]; /* a filter: bit by hash of each leaf that was fetched through */
	bool is_local;			     /* S-mode has fetched by a leaf without G since the last fence of all */
};

/* The tag of the hart's mode, satp and fpu: to be asked for again when FS or frm has changed, not only behind a switch of mode. */
u64 tags_get(struct tags *t, const struct guest *g);
/* gva was fetched by this leaf, in that mode. False: the mode's tag is another one from now on, and the leaf is to be entered
 * under that. */
bool tags_note_fetch(struct tags *t, u8 priv, gva_t gva, const struct walk_page *page);
/* sfence.vma. One for data costs nothing here. True: the tag of some mode may have been forgotten. */
bool tags_fence(struct tags *t, const struct fence *fence);
void tags_restart(struct tags *t);

#endif
