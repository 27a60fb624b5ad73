/* SPDX-License-Identifier: GPL-2.0-only */
/* tag.h: the space tags of one vCPU: numbers for the address spaces that it used lately.
 *
 * Owns:    nothing; struct tags lies in the vCPU's block, so that host and monitor give out numbers in turn.
 * Promise: a tag (abi.h) stands for one (satp, mode) until the next tags_forget(), and is never given out again before
 *          tags_restart(). So a jump is found in the space it was entered for and in no other.
 * Locks:   the vCPU's thread: its monitor, or the host while the vCPU is outside. Context: any; bounded: one search.
 * Errors:  tags_get() 0: all numbers were used. The caller drops every link and jump table entry, then restarts.
 * Next file: tag.c, ../mmu.c. */
#ifndef LDBT_WORLD_TAG_H
#define LDBT_WORLD_TAG_H

#include "guest.h"

enum { TAGS_KEPT = 16, TAGS_MODES = 4 };

struct tag {
	u64 satp; /* 0 when the mode fetches without translation */
	u64 tag;  /* 0: unused */
	u64 priv;
};

struct tags {
	struct tag last[TAGS_MODES]; /* by mode: found without a search */
	struct tag kept[TAGS_KEPT];
	u32 next;  /* of kept[], to be replaced */
	u32 given; /* numbers given out since the restart */
};

/* The tag of the hart's mode and satp. */
u64 tags_get(struct tags *t, const struct guest *g);
/* What was fetched through may have another meaning: sfence.vma, or a CSR that changes fetches. */
void tags_forget(struct tags *t);
void tags_restart(struct tags *t);

#endif
