/* SPDX-License-Identifier: GPL-2.0-only */
/* mmu.h: guest virtual addresses as the hart sees them now, for the host side: walks, regimes of the world, space tags.
 *
 * Owns:    the tags of the address spaces used lately.
 * Promise: a tag (abi.h) stands for one (satp, mode) until the next sfence.vma or change of a CSR that changes fetches,
 *          and is never used again before every table and link with it is gone. So a jump is found in the space it was
 *          entered for and in no other.
 * Locks:   the vCPU's own thread, with its lock, outside translated code. Context: process.
 * Errors:  0 or an exception cause (enum trap_cause).
 * Next file: ../translator/walk.h. */
#ifndef LDBT_KMOD_MMU_H
#define LDBT_KMOD_MMU_H

#include "walk.h"

struct vcpu;

enum { MMU_TAGS = 16 };

struct mmu_tag {
	u64 satp; /* 0 when the mode fetches without translation */
	u64 tag;  /* 0: unused */
	u8 priv;
};

struct mmu {
	struct mmu_tag tag[MMU_TAGS];
	u32 next_tag;	 /* entry to be replaced */
	u32 generations; /* tags given out since the jump table was emptied */
};

/* The physical address of gva for this access, with A and D set where the hart sets them. */
int mmu_translate(struct vcpu *v, gva_t gva, enum walk_access access, gpa_t *gpa);

/* Before translated code is entered or looked up: the world's regime and the tag are those of mode and CSRs. */
void mmu_prepare(struct vcpu *v);

/* sfence.vma, of one address or all. */
void mmu_flush_address(struct vcpu *v, gva_t gva);
void mmu_flush(struct vcpu *v);

#endif
