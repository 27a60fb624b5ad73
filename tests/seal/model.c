// SPDX-License-Identifier: GPL-2.0-only
/* model.c: random page tables, views, fences and write protection; every access is compared with a walk of the tables as
 * they are. Three address spaces; the first two share a table of global pages, the third has another one in its place.
 *
 *   GiB 0     pages of all kinds
 *   GiB 1     entry 0 pages, entries 1 and 2 large leaves or nothing
 *   GiB 511   as GiB 0, mostly global
 *
 * Next file: shadow.c. */
#include <linux/kernel.h>
#include <linux/sched.h>

#include "csr.h"
#include "seal.h"
#include "space_impl.h"
#include "walk.h"

enum { V = 1, R = 2, W = 4, X = 8, U = 0x10, G = 0x20, A = 0x40, D = 0x80 };
enum {
	ROOTS = 3,
	GIBS = 3,
	TABLES = 400, /* first page of RAM that holds tables */
	PAGES = 64,   /* of RAM that are mapped, from page 0 */
	SLOTS = 24,   /* of a leaf table that are used */
	KERNEL = 511,
};

static const u32 gib_index[GIBS] = { 0, 1, KERNEL };

struct model {
	struct world *w;
	u64 seed;
	u32 wrong, loads, stores, faults;
	u8 is_protected[PAGES];
};

/* xorshift64 */
static u32 draw(struct model *m, u32 below)
{
	m->seed ^= m->seed << 13;
	m->seed ^= m->seed >> 7;
	m->seed ^= m->seed << 17;
	return (u32)(m->seed >> 32) % below;
}

/* ---- tables ---- */

static u32 root_page(u32 root)
{
	return TABLES + root;
}

/* Roots 0 and 1 have one table for KERNEL, root 2 another. */
static u32 level1_page(u32 root, u32 gib)
{
	return gib_index[gib] == KERNEL ? TABLES + 10 + (root == 2) : TABLES + 12 + root * 2 + gib;
}

static u32 level0_page(u32 root, u32 gib)
{
	return level1_page(root, gib) + 20;
}

static u64 pte(gpa_t gpa, u64 bits)
{
	return gpa >> 12 << 10 | bits;
}

static void make_tables(struct world *w)
{
	u32 root, gib;

	for (root = 0; root < 50; root++)
		memset(seal_ram(w, TABLES + root), 0, PAGE_SIZE);
	for (root = 0; root < ROOTS; root++)
		for (gib = 0; gib < GIBS; gib++) {
			seal_ram(w, root_page(root))[gib_index[gib]] = pte(seal_gpa(level1_page(root, gib)), V);
			seal_ram(w, level1_page(root, gib))[0] = pte(seal_gpa(level0_page(root, gib)), V);
		}
}

static gva_t gva_of(u32 gib, u32 index)
{
	return (gva_t)((s64)((u64)gib_index[gib] << 55) >> 25) + ((u64)index << 12);
}

static u64 random_pte(struct model *m, u32 gib)
{
	static const u8 rights[] = { R, R | W, X, R | X, R | W | X, R | W, R | W };
	u64 bits = V | rights[draw(m, ARRAY_SIZE(rights))];

	if (!draw(m, 8))
		return 0;
	bits |= draw(m, 2) ? U : 0;
	bits |= draw(m, 4) ? A : 0;
	bits |= draw(m, 2) ? D : 0;
	if (gib_index[gib] == KERNEL ? draw(m, 8) : !draw(m, 16))
		bits |= G;
	return pte(seal_gpa(draw(m, PAGES)), bits);
}

/* ---- changes ---- */

static u64 satp_of(u32 root)
{
	return (u64)SATP_SV39 << SATP_MODE_SHIFT | (u64)(root + 1) << 44 | seal_gpa(root_page(root)) >> 12;
}

/* A fence that suffices: global pages, and tables of several address spaces, need one without ASID. */
static void random_fence(struct model *m, u32 root, gva_t gva, bool is_global)
{
	struct fence fence = {
		.has_gva = draw(m, 4),
		.has_asid = !is_global && draw(m, 2),
		.gva = gva + draw(m, 4096),
		.asid = (u16)(root + 1),
	};

	space_fence(m->w->space, &fence);
}

static void change_page(struct model *m)
{
	u32 root = draw(m, ROOTS), gib = draw(m, GIBS), index = draw(m, SLOTS);
	u64 *at = &seal_ram(m->w, level0_page(root, gib))[index], old = *at;

	*at = random_pte(m, gib);
	random_fence(m, root, gva_of(gib, index), ((old | *at) & G) || gib_index[gib] == KERNEL);
}

static void change_large(struct model *m)
{
	u32 root = draw(m, ROOTS), index = 1 + draw(m, 2);
	u64 *at = &seal_ram(m->w, level1_page(root, 1))[index];
	gpa_t gpa = draw(m, 2) ? SEAL_HUGE_RAM + ((u64)draw(m, 2) << 21) : SEAL_RAM + (1UL << 21);

	*at = draw(m, 4) ? pte(gpa, V | R | A | (draw(m, 2) ? U : 0) | (draw(m, 3) ? W | D : 0)) : 0;
	random_fence(m, root, gva_of(1, index * 512 + draw(m, 512)), false);
}

static void change_protection(struct model *m)
{
	u32 page = draw(m, PAGES);

	m->is_protected[page] ^= 1;
	if (m->is_protected[page])
		space_protect_page(m->w->vm, seal_gpa(page));
	else
		space_unprotect_page(m->w->vm, seal_gpa(page));
}

/* ---- accesses ---- */

static u64 *ram_at(struct world *w, gpa_t gpa)
{
	u32 page;

	for (page = 0; page < SEAL_PAGES; page++)
		if (seal_gpa(page) == (gpa & PAGE_MASK))
			return seal_ram(w, page) + (gpa & ~PAGE_MASK) / 8;
	return NULL;
}

static bool ram_read(void *opaque, gpa_t gpa, u64 *value)
{
	u64 *at = ram_at(opaque, gpa);

	if (at)
		*value = *at;
	return at;
}

static bool ram_cas(void *opaque, gpa_t gpa, u64 expected, u64 desired, u64 *old)
{
	u64 *at = ram_at(opaque, gpa);

	*old = *at;
	if (*at == expected)
		*at = desired;
	return true;
}

struct access {
	struct walk_regime regime;
	u64 satp;
	u8 priv;
	bool is_store;
	gva_t gva;
};

/* U, S, S with SUM; the same by MPRV from M-mode; any of them with MXR. */
static void random_access(struct model *m, struct access *a)
{
	u32 root = draw(m, ROOTS), gib = draw(m, GIBS), index = draw(m, SLOTS);

	if (gib_index[gib] == 1 && draw(m, 2))
		index = 512 * (1 + draw(m, 2)) + draw(m, 512);
	a->gva = gva_of(gib, index);
	a->satp = satp_of(root);
	a->is_store = draw(m, 3) == 0;
	a->regime = (struct walk_regime){
		.root = seal_gpa(root_page(root)),
		.priv = draw(m, 2) ? PRIV_S : PRIV_U,
		.sum = draw(m, 2),
		.mxr = !draw(m, 8),
		.adue = draw(m, 4),
	};
	a->priv = draw(m, 8) ? a->regime.priv : PRIV_M;
}

static bool is_page_protected(const struct model *m, gpa_t gpa)
{
	u64 page = (gpa - SEAL_RAM) >> 12;

	return page < PAGES && m->is_protected[page];
}

/* The word behind the first of the page is written, the first is read: it holds the page's number. */
static bool access_is_right(struct model *m, const struct access *a)
{
	const struct walk_memory memory = { ram_read, ram_cas, m->w };
	u64 value = m->seed;
	struct walk_page page;
	bool goes = !walk(&a->regime, &memory, a->gva, a->is_store ? WALK_STORE : WALK_LOAD, &page);

	goes = goes && ram_at(m->w, page.gpa) && !(a->is_store && is_page_protected(m, page.gpa));
	space_set_regime(m->w->space, &a->regime, a->satp, a->priv);
	m->w->frame->reg[ABI_RSI] = a->gva + (a->is_store ? 8 : 0);
	m->w->frame->reg[ABI_RBX] = value;
	if ((seal_run(m->w, a->is_store ? SEAL_STORE : SEAL_FETCH) == SPACE_EXIT) != goes)
		return false;
	m->faults += !goes;
	m->stores += goes && a->is_store;
	m->loads += goes && !a->is_store;
	if (!goes)
		return true;
	return a->is_store ? ram_at(m->w, page.gpa)[1] == value : m->w->frame->reg[ABI_RBX] == *ram_at(m->w, page.gpa);
}

static void step(struct model *m)
{
	struct access a;
	u32 kind = draw(m, 16);

	if (kind == 0) {
		change_page(m);
	} else if (kind == 1) {
		change_large(m);
	} else if (kind == 2) {
		change_protection(m);
	} else {
		random_access(m, &a);
		if (access_is_right(m, &a))
			return;
		if (!m->wrong++)
			pr_err("seal: model: mode %u as %u, sum %u, mxr %u, adue %u, satp %#llx, %s at %#llx\n", a.priv,
			       a.regime.priv, a.regime.sum, a.regime.mxr, a.regime.adue, a.satp,
			       a.is_store ? "store" : "load", a.gva);
	}
}

void seal_try_model(struct world *w, u64 seed, u32 steps)
{
	struct model m = { .w = w, .seed = seed };
	u32 i, damaged = 0;

	make_tables(w);
	for (i = 0; i < SEAL_PAGES; i++)
		if (i < TABLES || i >= SEAL_RAM_PAGES)
			*seal_ram(w, i) = i + 1;
	for (i = 0; i < steps && !m.wrong; i++) {
		step(&m);
		damaged += !(i % 4096) && space_verify(w->space);
		if (!(i % 64))
			cond_resched();
	}
	for (i = 0; i < PAGES; i++)
		space_unprotect_page(w->vm, seal_gpa(i));
	pr_info("seal: model: seed %#llx, %u loads, %u stores, %u faults\n", seed, m.loads, m.stores, m.faults);
	seal_check(w, !m.wrong, "every access as a walk says");
	seal_check(w, m.loads && m.stores && m.faults, "accesses of all kinds");
	seal_check(w, !damaged, "the self check after changes");
}
