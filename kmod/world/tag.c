// SPDX-License-Identifier: GPL-2.0-only
/* tag.c: space tags. Built twice: for the module and for the monitor.
 * Next file: trap.c, ../mmu.c. */
#include "tag.h"

/* A tag: bits 62:41 number the space, bit 1 is set as abi.h wants, the rest is 0. Addresses that have code are canonical,
 * so bits 63:39 of a key say both sign and number. */
enum { TAG_SHIFT = 41, TAG_NUMBERS = 1 << 22, TAG_FIXED = 2 };

static u64 new_tag(struct tags *t, struct tag *entry)
{
	if (t->given == TAG_NUMBERS)
		return 0;
	entry->tag = (u64)t->given++ << TAG_SHIFT | TAG_FIXED;
	t->kept[t->next] = *entry;
	t->next = (t->next + 1) % TAGS_KEPT;
	return entry->tag;
}

u64 tags_get(struct tags *t, const struct guest *g)
{
	u64 satp = g->priv == PRIV_M ? 0 : g->csr.satp;
	struct tag *last = &t->last[g->priv % TAGS_MODES];
	u32 i;

	if (last->tag && last->satp == satp)
		return last->tag;
	last->satp = satp;
	last->priv = g->priv;
	for (i = 0; i < TAGS_KEPT; i++)
		if (t->kept[i].tag && t->kept[i].satp == satp && t->kept[i].priv == g->priv)
			return last->tag = t->kept[i].tag;
	return new_tag(t, last);
}

void tags_forget(struct tags *t)
{
	u32 i;

	for (i = 0; i < TAGS_MODES; i++)
		t->last[i].tag = 0;
	for (i = 0; i < TAGS_KEPT; i++)
		t->kept[i].tag = 0;
}

void tags_restart(struct tags *t)
{
	tags_forget(t);
	t->given = 0;
}
