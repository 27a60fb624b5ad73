/* SPDX-License-Identifier: GPL-2.0-only */
/* mmu.h: guest virtual addresses as the hart sees them now, for the host side: walks, regime and tag of the world.
 *
 * Owns:    nothing; tags are world/tag.h's.
 * Promise: a tag is never used again before every table and link with it is gone.
 * Locks:   the vCPU's own thread, with its lock, outside translated code. Context: process.
 * Errors:  0 or an exception cause (enum trap_cause).
 * Next file: ../translator/walk.h. */
#ifndef LDBT_KMOD_MMU_H
#define LDBT_KMOD_MMU_H

#include "walk.h"

struct fence;
struct vcpu;

/* The physical address of gva for this access, with A and D set where the hart sets them. */
int mmu_translate(struct vcpu *v, gva_t gva, enum walk_access access, gpa_t *gpa);

/* Before translated code is entered or looked up: the world's regime and the tag are those of mode and CSRs. */
void mmu_prepare(struct vcpu *v);

/* sfence.vma: world/fence.h. */
void mmu_fence(struct vcpu *v, const struct fence *fence);

#endif
