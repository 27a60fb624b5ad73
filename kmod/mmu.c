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
#include "world/hart.h"

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

/* ---- tags ---- */

/* All numbers were used: no link and no jump table entry that was made under one of them may stay. */
static u64 restart_tags(struct vcpu *v)
{
	mutex_lock(&v->vm->code_lock);
	cache_invalidate_all(&v->vm->cache);
	mutex_unlock(&v->vm->code_lock);
	tags_restart(&v->hart->tags);
	return tags_get(&v->hart->tags, v->g);
}

static void choose_tag(struct vcpu *v)
{
	v->cv.table->tag = tags_get(&v->hart->tags, v->g) ?: restart_tags(v);
}

/* ---- calls ---- */

int mmu_translate(struct vcpu *v, gva_t gva, enum walk_access access, gpa_t *gpa)
{
	const struct walk_memory mem = { entry_read, entry_cas, v };
	struct walk_regime regime;
	struct walk_page page;
	int cause;

	walk_regime_get(v->g, access, &regime);
	do {
		cause = walk(&regime, &mem, gva, access, &page);
	} while (cause == -EAGAIN);
	if (cause)
		return cause;
	*gpa = page.gpa | (gva & ~PAGE_MASK);
	if (access == WALK_FETCH && !regime.is_bare && !tags_note_fetch(&v->hart->tags, v->g->priv, gva, &page))
		choose_tag(v);
	return 0;
}

/* The monitor may have switched since the last time, so the world is told always. */
void mmu_prepare(struct vcpu *v)
{
	struct walk_regime regime;

	choose_tag(v);
	walk_regime_get(v->g, WALK_LOAD, &regime);
	space_set_regime(v->space, &regime, v->g->csr.satp, v->g->priv);
}

/* ---- fences ---- */

void mmu_fence(struct vcpu *v, const struct fence *fence)
{
	tags_fence(&v->hart->tags, fence);
	space_fence(v->space, fence);
}
