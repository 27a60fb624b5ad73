// SPDX-License-Identifier: GPL-2.0-only
/* mmu.c: address translation of the host side. The monitor fills windows by the same walk.
 * Next file: access.c, fault.c and run.c, which translate by it. */
#include "mmu.h"

#include <linux/mm.h>

#include "csr.h"
#include "space.h"
#include "trap.h"
#include "vcpu.h"
#include "vm.h"

/* A tag: bits 62:41 number the space, bit 1 is set as abi.h wants, the rest is 0. Addresses that have code are canonical,
 * so bits 63:39 of a key say both sign and number. */
enum { TAG_SHIFT = 41, TAG_NUMBERS = 1 << 22, TAG_FIXED = 2 };

/* ---- walks ---- */

static u64 *entry_at(struct vcpu *v, gpa_t gpa)
{
	u8 *page = mem_bytes(&v->vm->mem, gpa);

	return page ? (u64 *)(page + (gpa & ~PAGE_MASK)) : NULL;
}

static bool entry_read(void *opaque, gpa_t gpa, u64 *pte)
{
	const u64 *at = entry_at(opaque, gpa);

	if (at)
		*pte = READ_ONCE(*at);
	return at;
}

/* Page tables may lie in a page that has code. */
static bool entry_cas(void *opaque, gpa_t gpa, u64 expected, u64 desired, u64 *old)
{
	struct vcpu *v = opaque;
	u64 *at = entry_at(v, gpa);

	if (!at)
		return false;
	vm_note_write(v->vm, gpa, sizeof(*at));
	*old = cmpxchg(at, expected, desired);
	return true;
}

int mmu_translate(struct vcpu *v, gva_t gva, enum walk_access access, gpa_t *gpa)
{
	const struct walk_memory mem = { entry_read, entry_cas, v };
	struct walk_regime regime;
	struct walk_page page;
	int cause;

	walk_regime_get(&v->g, access, &regime);
	do {
		cause = walk(&regime, &mem, gva, access, &page);
	} while (cause == -EAGAIN);
	if (!cause)
		*gpa = page.gpa | (gva & ~PAGE_MASK);
	return cause;
}

/* ---- tags ---- */

static void forget_tags(struct mmu *mmu)
{
	memset(mmu->tag, 0, sizeof(mmu->tag));
	mmu->next_tag = 0;
}

/* All numbers were used: no link and no jump table entry that was made under one of them may stay. */
static void restart_numbers(struct vcpu *v)
{
	mutex_lock(&v->vm->code_lock);
	cache_invalidate_all(&v->vm->cache);
	mutex_unlock(&v->vm->code_lock);
	forget_tags(&v->mmu);
	v->mmu.generations = 0;
}

static u64 new_tag(struct vcpu *v, u64 satp)
{
	struct mmu_tag *entry;

	if (v->mmu.generations == TAG_NUMBERS)
		restart_numbers(v);
	entry = &v->mmu.tag[v->mmu.next_tag];
	v->mmu.next_tag = (v->mmu.next_tag + 1) % MMU_TAGS;
	entry->satp = satp;
	entry->priv = v->g.priv;
	entry->tag = (u64)v->mmu.generations++ << TAG_SHIFT | TAG_FIXED;
	return entry->tag;
}

static u64 tag_now(struct vcpu *v)
{
	u64 satp = v->g.priv == PRIV_M ? 0 : v->g.csr.satp;
	u32 i;

	for (i = 0; i < MMU_TAGS; i++) {
		const struct mmu_tag *entry = &v->mmu.tag[i];

		if (entry->tag && entry->satp == satp && entry->priv == v->g.priv)
			return entry->tag;
	}
	return new_tag(v, satp);
}

/* The monitor may have switched since the last time, so the world is told always. */
void mmu_prepare(struct vcpu *v)
{
	struct walk_regime regime;

	v->cv.table->tag = tag_now(v);
	walk_regime_get(&v->g, WALK_LOAD, &regime);
	space_set_regime(v->space, &regime, v->g.csr.satp, v->g.priv);
}

/* ---- fences ---- */

void mmu_flush_address(struct vcpu *v, gva_t gva)
{
	forget_tags(&v->mmu);
	space_flush_address(v->space, gva);
}

void mmu_flush(struct vcpu *v)
{
	forget_tags(&v->mmu);
	space_flush(v->space);
}
