// SPDX-License-Identifier: GPL-2.0-only
/* paging.c: accesses of the interpreter while the guest's address translation is on.
 * Next file: translator/walk.c. */
#include "paging.h"
#include "trap.h"
#include "walk.h"

enum { PAGE_BYTES = 4096, PARTS_MAX = 2 };

/* One or two pieces of an access, each within a page. */
struct part {
	gpa_t gpa;
	u32 first, size_bytes; /* bytes of the value */
};

static const struct paging *paging_of(const struct guest *g)
{
	return (const struct paging *)((const char *)g->ops - offsetof(struct paging, paged));
}

static bool read_entry(void *opaque, gpa_t gpa, u64 *pte)
{
	struct guest *g = opaque;
	const struct paging *p = paging_of(g);

	return p->is_ram(g, gpa, 8) && !p->physical->load(g, gpa, 8, pte);
}

static bool cas_entry(void *opaque, gpa_t gpa, u64 expected, u64 desired, u64 *old)
{
	struct guest *g = opaque;
	const struct paging *p = paging_of(g);

	return p->is_ram(g, gpa, 8) && !p->physical->cas(g, gpa, 8, expected, desired, old);
}

static int translate(struct guest *g, gva_t addr, enum walk_access access, gpa_t *gpa)
{
	struct walk_memory mem = { .read = read_entry, .cas = cas_entry, .opaque = g };
	struct walk_regime regime;
	struct walk_page page;
	int cause;

	walk_regime_get(g, access, &regime);
	cause = walk(&regime, &mem, addr, access, &page); /* one hart: never -EAGAIN */
	*gpa = page.gpa | (addr & (PAGE_BYTES - 1));
	if (cause)
		g->trap_tval = addr;
	return cause;
}

/* Translates an access; *nparts is 2 when it lies in two pages, which both must be RAM then. */
static int translate_parts(struct guest *g, gva_t addr, u32 size_bytes, enum walk_access access, struct part *part,
			   u32 *nparts)
{
	u32 room = PAGE_BYTES - (u32)(addr & (PAGE_BYTES - 1)), i;
	int cause;

	*nparts = size_bytes > room ? 2 : 1;
	part[0] = (struct part){ .size_bytes = *nparts == 2 ? room : size_bytes };
	part[1] = (struct part){ .first = room, .size_bytes = size_bytes - part[0].size_bytes };
	for (i = 0; i < *nparts; i++) {
		cause = translate(g, addr + part[i].first, access, &part[i].gpa);
		if (cause)
			return cause;
	}
	for (i = 0; *nparts == 2 && i < 2; i++) {
		if (!paging_of(g)->is_ram(g, part[i].gpa, part[i].size_bytes)) {
			g->trap_tval = addr + part[i].first;
			return access == WALK_STORE ? CAUSE_STORE_ACCESS : CAUSE_LOAD_ACCESS;
		}
	}
	return 0;
}

int paging_load(struct guest *g, gva_t addr, u32 size_bytes, u64 *value)
{
	const struct guest_ops *phys = paging_of(g)->physical;
	struct part part[PARTS_MAX];
	u32 nparts, i, k;
	u64 byte;
	int cause = translate_parts(g, addr, size_bytes, WALK_LOAD, part, &nparts);

	if (cause)
		return cause;
	if (nparts == 1)
		return phys->load(g, part[0].gpa, size_bytes, value);
	*value = 0;
	for (i = 0; i < nparts; i++)
		for (k = 0; k < part[i].size_bytes; k++) {
			cause |= phys->load(g, part[i].gpa + k, 1, &byte);
			*value |= (byte & 0xff) << 8 * (part[i].first + k);
		}
	return cause;
}

int paging_store(struct guest *g, gva_t addr, u32 size_bytes, u64 value)
{
	const struct guest_ops *phys = paging_of(g)->physical;
	struct part part[PARTS_MAX];
	u32 nparts, i, k;
	int cause = translate_parts(g, addr, size_bytes, WALK_STORE, part, &nparts);

	if (cause)
		return cause;
	if (nparts == 1)
		return phys->store(g, part[0].gpa, size_bytes, value);
	for (i = 0; i < nparts; i++)
		for (k = 0; k < part[i].size_bytes; k++)
			cause |= phys->store(g, part[i].gpa + k, 1, value >> 8 * (part[i].first + k) & 0xff);
	return cause;
}

/* Aligned, so in one page. */
int paging_cas(struct guest *g, gva_t addr, u32 size_bytes, u64 expected, u64 desired, u64 *old)
{
	gpa_t gpa;
	int cause = translate(g, addr, WALK_STORE, &gpa);

	return cause ? cause : paging_of(g)->physical->cas(g, gpa, size_bytes, expected, desired, old);
}

int paging_fetch(struct guest *g, gva_t addr, u16 *parcel)
{
	gpa_t gpa;
	int cause = translate(g, addr, WALK_FETCH, &gpa);

	return cause ? cause : paging_of(g)->physical->fetch(g, gpa, parcel);
}

bool paging_is_on(const struct guest *g)
{
	struct walk_regime fetch, data;

	walk_regime_get(g, WALK_FETCH, &fetch);
	walk_regime_get(g, WALK_LOAD, &data);
	return !fetch.is_bare || !data.is_bare;
}
