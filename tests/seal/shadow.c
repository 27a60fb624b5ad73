// SPDX-License-Identifier: GPL-2.0-only
/* shadow.c: what shadow tables share, what fences leave, huge entries, and more tables than there is room for. Fills are
 * counted: a page that is there already costs none.
 * Next file: model.c, storm.c. */
#include <linux/kernel.h>

#include "csr.h"
#include "seal.h"
#include "space_impl.h"
#include "walk.h"

enum { V = 1, R = 2, W = 4, X = 8, U = 0x10, G = 0x20, A = 0x40, D = 0x80, RW = V | R | W | A | D };
enum { TABLES = 400, SPACES = 40 }; /* first page of RAM with tables: a root, a level 1 and a level 0 for each space */
enum view { IN_U, IN_S, IN_SUM, IN_U_MXR, IN_U_MPRV };

#define LOW(index)    ((gva_t)(index) << 12)
#define KERNEL(index) (0xffffffffc0000000UL + ((gva_t)(index) << 12))
#define NO_FAULT      0

static const struct {
	u8 priv, regime_priv;
	bool sum, mxr;
} views[] = {
	[IN_U] = { PRIV_U, PRIV_U, false, false },	[IN_S] = { PRIV_S, PRIV_S, false, false },
	[IN_SUM] = { PRIV_S, PRIV_S, true, false },	[IN_U_MXR] = { PRIV_U, PRIV_U, false, true },
	[IN_U_MPRV] = { PRIV_M, PRIV_U, false, false },
};

/* ---- tables ---- */

static u64 *table_of(struct world *w, u32 space, u32 level)
{
	return seal_ram(w, TABLES + space * 3 + level);
}

static u64 pte(u32 page, u64 bits)
{
	return seal_gpa(page) >> 12 << 10 | bits;
}

/* Entry 0 of the root is the space's own, entry 511 the kernel's: the tables of space 0, unless told otherwise. */
static void make_space(struct world *w, u32 space)
{
	u32 level;

	for (level = 0; level < 3; level++)
		memset(table_of(w, space, level), 0, PAGE_SIZE);
	table_of(w, space, 2)[0] = pte(TABLES + space * 3 + 1, V);
	table_of(w, space, 2)[511] = pte(TABLES + 130, V);
	table_of(w, space, 1)[0] = pte(TABLES + space * 3, V);
}

static void make_kernel(struct world *w)
{
	memset(seal_ram(w, TABLES + 130), 0, PAGE_SIZE);
	memset(seal_ram(w, TABLES + 131), 0, PAGE_SIZE);
	seal_ram(w, TABLES + 130)[0] = pte(TABLES + 131, V);
	seal_ram(w, TABLES + 131)[0] = pte(10, RW | G);
	seal_ram(w, TABLES + 131)[1] = pte(11, RW);
	seal_ram(w, TABLES + 131)[2] = pte(12, RW | G);
}

/* ---- accesses ---- */

static enum space_leave go(struct world *w, u32 space, enum view view, u32 code, gva_t gva)
{
	struct walk_regime regime = {
		.root = seal_gpa(TABLES + space * 3 + 2),
		.priv = views[view].regime_priv,
		.sum = views[view].sum,
		.mxr = views[view].mxr,
		.adue = true,
	};
	u64 satp = (u64)SATP_SV39 << SATP_MODE_SHIFT | (u64)(space + 1) << 44 | regime.root >> 12;

	space_set_regime(w->space, &regime, satp, views[view].priv);
	w->frame->reg[ABI_RSI] = gva;
	return seal_run(w, code);
}

/* A load gives the number of the page (0: it faults) after `fills` fills. */
static bool loads(struct world *w, u32 space, enum view view, gva_t gva, u32 page, u64 fills)
{
	u64 before = space_stats(w->space)->page_fills;
	enum space_leave leave = go(w, space, view, SEAL_FETCH, gva);

	fills -= space_stats(w->space)->page_fills - before;
	if (page == NO_FAULT)
		return leave == SPACE_FAULT && !fills;
	return leave == SPACE_EXIT && w->frame->reg[ABI_RBX] == page && !fills;
}

#define LOADS(space, view, gva, page, fills)                                                                           \
	seal_check(w, loads(w, space, view, gva, page, fills), #space " " #view " " #gva)

static void fence(struct world *w, bool has_gva, gva_t gva, bool has_asid, u32 space)
{
	const struct fence fence = { .has_gva = has_gva, .gva = gva, .has_asid = has_asid, .asid = (u16)(space + 1) };

	space_fence(w->space, &fence);
}

/* ---- the checks ---- */

static void try_sharing(struct world *w)
{
	u64 *level0 = table_of(w, 0, 0), *other = table_of(w, 0, 1);

	level0[1] = pte(1, RW | U);
	level0[9] = pte(2, RW | U);
	fence(w, false, 0, false, 0);
	LOADS(0, IN_U, LOW(1), 1, 1);
	LOADS(0, IN_SUM, LOW(1), 1, 0);
	LOADS(0, IN_S, LOW(1), NO_FAULT, 0);
	LOADS(0, IN_SUM, LOW(9), 2, 1);
	LOADS(0, IN_U, LOW(9), 2, 0);
	LOADS(0, IN_SUM, KERNEL(0), 10, 1);
	LOADS(0, IN_S, KERNEL(0), 10, 0);
	LOADS(0, IN_U, KERNEL(0), NO_FAULT, 0);
	LOADS(1, IN_S, KERNEL(0), 10, 0);
	LOADS(1, IN_SUM, KERNEL(0), 10, 0);
	other[1] = pte(TABLES + 132, V); /* pages of both modes in one GiB */
	memset(seal_ram(w, TABLES + 132), 0, PAGE_SIZE);
	seal_ram(w, TABLES + 132)[0] = pte(3, RW);
	LOADS(0, IN_S, LOW(512), 3, 1);
	LOADS(0, IN_U, LOW(512), NO_FAULT, 0);
	LOADS(0, IN_U, LOW(1), 1, 0);
	LOADS(0, IN_S, LOW(1), NO_FAULT, 0);
	seal_check(w, go(w, 0, IN_SUM, SEAL_FETCH, LOW(512)) == SPACE_EXIT && w->frame->reg[ABI_RBX] == 3, "mixed, S");
	seal_check(w, go(w, 0, IN_SUM, SEAL_FETCH, LOW(1)) == SPACE_EXIT && w->frame->reg[ABI_RBX] == 1, "mixed, U");
	seal_check(w, go(w, 0, IN_S, SEAL_FETCH, KERNEL(1)) == SPACE_EXIT && w->frame->reg[ABI_RBX] == 11,
		   "not global");
	seal_check(w, go(w, 0, IN_S, SEAL_FETCH, KERNEL(0)) == SPACE_EXIT && w->frame->reg[ABI_RBX] == 10, "beside it");
	LOADS(1, IN_S, KERNEL(0), 10, 0);
}

static void try_asids(struct world *w)
{
	u32 i;

	fence(w, false, 0, false, 0);
	for (i = 0; i < 3; i++) {
		table_of(w, i, 0)[1] = pte(20 + i, RW | U);
		table_of(w, i, 0)[9] = pte(30 + i, RW | U);
		LOADS(i, IN_U, LOW(1), 20 + i, 1);
		LOADS(i, IN_U, LOW(9), 30 + i, 1);
	}
	LOADS(0, IN_S, KERNEL(2), 12, 1);
	fence(w, false, 0, true, 1);
	LOADS(0, IN_U, LOW(1), 20, 0);
	LOADS(1, IN_U, LOW(1), 21, 1);
	LOADS(1, IN_S, KERNEL(2), 12, 0);
	LOADS(1, IN_U, LOW(9), 31, 1);
	table_of(w, 1, 0)[1] = pte(41, RW | U);
	LOADS(1, IN_U, LOW(1), 21, 0); /* no fence yet */
	fence(w, true, LOW(1), true, 1);
	LOADS(2, IN_U, LOW(1), 22, 0);
	LOADS(1, IN_U, LOW(1), 41, 1);
	LOADS(1, IN_U, LOW(9), 31, 0);
	fence(w, true, LOW(9), false, 0);
	for (i = 0; i < 3; i++) {
		LOADS(i, IN_U, LOW(9), 30 + i, 1);
		LOADS(i, IN_U, LOW(1), i == 1 ? 41 : 20 + i, 0);
	}
	fence(w, true, KERNEL(2), true, 0);
	LOADS(0, IN_S, KERNEL(2), 12, 0);
	fence(w, true, KERNEL(2), false, 0);
	LOADS(1, IN_S, KERNEL(2), 12, 1);
	for (i = 0; i < 2 * FENCES_KEPT; i++)
		fence(w, true, LOW(3), true, 77);
	LOADS(1, IN_U, LOW(9), 31, 0);
	LOADS(0, IN_U, LOW(9), 30, 1); /* it missed too many to know */
	fence(w, false, 0, false, 0);
	LOADS(0, IN_S, KERNEL(2), 12, 1);
	LOADS(0, IN_U, LOW(1), 20, 1);
}

static void try_mxr_mprv(struct world *w)
{
	table_of(w, 0, 0)[5] = pte(5, V | X | U | A);
	table_of(w, 0, 0)[6] = pte(6, RW);
	fence(w, false, 0, false, 0);
	LOADS(0, IN_U, LOW(5), NO_FAULT, 0);
	LOADS(0, IN_U_MXR, LOW(5), 5, 1);
	LOADS(0, IN_U, LOW(5), NO_FAULT, 0);
	LOADS(0, IN_U_MXR, LOW(5), 5, 0);
	LOADS(0, IN_U_MXR, LOW(6), NO_FAULT, 0);
	seal_check(w, go(w, 0, IN_U_MXR, SEAL_CSR, 0) == SPACE_FAULT, "U with MXR has no CSR page");
	LOADS(0, IN_U_MPRV, LOW(5), NO_FAULT, 0);
	LOADS(0, IN_U_MPRV, LOW(6), NO_FAULT, 0);
	LOADS(0, IN_U_MPRV, LOW(1), 20, 1);
	seal_check(w, go(w, 0, IN_U_MPRV, SEAL_CSR, 0) == SPACE_EXIT, "M with MPRV has the CSR page");
	LOADS(0, IN_U_MXR, LOW(5), 5, 1); /* dropped by the change */
}

/* Pages beside the one that faulted come along if nothing in the guest's tables has to change for a load, up to the first
 * that is not ready, in a row of 16. */
static void try_neighbours(struct world *w)
{
	u64 *level0 = table_of(w, 0, 0);
	u32 i;

	for (i = 320; i < 352; i++)
		level0[i] = pte(i, RW | U);
	level0[322] = pte(322, RW); /* another class */
	level0[328] = pte(328, (RW | U) & ~A);
	level0[330] = pte(330, (RW | U) & ~D);
	level0[333] = 0;
	fence(w, false, 0, false, 0);
	LOADS(0, IN_U, LOW(325), 325, 5);
	LOADS(0, IN_U, LOW(323), 323, 0);
	LOADS(0, IN_U, LOW(327), 327, 0);
	seal_check(w, !(level0[328] & A), "A is not set for a neighbour");
	LOADS(0, IN_U, LOW(322), NO_FAULT, 0);
	LOADS(0, IN_U, LOW(329), 329, 4); /* up to the hole */
	seal_check(w, go(w, 0, IN_U, SEAL_STORE, LOW(331) + 8) == SPACE_EXIT, "a neighbour can be written");
	LOADS(0, IN_U, LOW(330), 330, 0);
	seal_check(w, !(level0[330] & D), "D is not set for a neighbour");
	seal_check(w, go(w, 0, IN_U, SEAL_STORE, LOW(330) + 8) == SPACE_EXIT && level0[330] & D, "but by a store");
	LOADS(0, IN_U, LOW(335), 335, 2); /* the row ends */
	LOADS(0, IN_U, LOW(340), 340, 16);
	fence(w, true, LOW(341), true, 0);
	LOADS(0, IN_U, LOW(342), 342, 0);
	LOADS(0, IN_U, LOW(341), 341, 1);
	level0[343] = 0; /* fenced: it must not come back beside another */
	fence(w, true, LOW(343), true, 0);
	fence(w, true, LOW(342), true, 0);
	LOADS(0, IN_U, LOW(342), 342, 1);
	LOADS(0, IN_U, LOW(343), NO_FAULT, 0);
	level0[323] = pte(SEAL_RAM_PAGES * 3, RW | U); /* no memory there */
	level0[324] = pte(324, RW | U);
	fence(w, false, 0, false, 0);
	LOADS(0, IN_U, LOW(324), 324, 4);
	space_protect_page(w->vm, seal_gpa(326));
	fence(w, false, 0, false, 0);
	LOADS(0, IN_U, LOW(325), 325, 4);
	seal_check(w, go(w, 0, IN_U, SEAL_STORE, LOW(326) + 8) == SPACE_FAULT, "a neighbour with translations");
	space_unprotect_page(w->vm, seal_gpa(326));
}

/* One page at many addresses, in all views, and one beside it. */
static void try_reverse_map(struct world *w)
{
	u32 i, went = 0, loaded = 0, kept = 0;
	u64 fills;

	for (i = 0; i < 200; i++)
		table_of(w, 0, 0)[100 + i] = pte(i % 2 ? 50 : 51, RW | (i % 4 < 2 ? U : 0));
	fence(w, false, 0, false, 0);
	for (i = 0; i < 200; i++)
		go(w, 0, i % 4 < 2 ? IN_U : IN_S, SEAL_STORE, LOW(100 + i) + 8);
	space_protect_page(w->vm, seal_gpa(50));
	fills = space_stats(w->space)->page_fills;
	for (i = 0; i < 200; i++) {
		enum view view = i % 4 < 2 ? IN_U : IN_S;

		loaded += go(w, 0, view, SEAL_FETCH, LOW(100 + i)) == SPACE_EXIT;
		if (i % 2)
			went += go(w, 0, view, SEAL_STORE, LOW(100 + i) + 8) == SPACE_EXIT;
		else
			kept += go(w, 0, view, SEAL_STORE, LOW(100 + i) + 8) == SPACE_EXIT;
	}
	seal_check(w, !went, "no store reaches a protected page");
	seal_check(w, loaded == 200 && kept == 100, "everything else goes on");
	seal_check(w, space_stats(w->space)->page_fills == fills, "without a fill");
	space_unprotect_page(w->vm, seal_gpa(50));
	seal_check(w, go(w, 0, IN_U, SEAL_STORE, LOW(101) + 8) == SPACE_EXIT, "stores come back");
}

static void try_huge(struct world *w)
{
	u32 page = SEAL_RAM_PAGES;

	table_of(w, 0, 1)[2] = pte(page, RW | U);
	fence(w, false, 0, false, 0);
	LOADS(0, IN_U, LOW(1024), page, 1);
	LOADS(0, IN_U, LOW(1024 + 511), page + 511, 0);
	LOADS(0, IN_SUM, LOW(1024 + 17), page + 17, 0);
	seal_check(w, go(w, 0, IN_U, SEAL_STORE, LOW(1024 + 3) + 8) == SPACE_EXIT, "store to a huge page");
	space_protect_page(w->vm, seal_gpa(page + 3));
	seal_check(w, go(w, 0, IN_U, SEAL_STORE, LOW(1024 + 3) + 8) == SPACE_FAULT, "a page of it with translations");
	seal_check(w, go(w, 0, IN_U, SEAL_STORE, LOW(1024 + 4) + 8) == SPACE_EXIT, "the page beside it");
	LOADS(0, IN_U, LOW(1024 + 3), page + 3, 0);
	space_unprotect_page(w->vm, seal_gpa(page + 3));
	seal_check(w, go(w, 0, IN_U, SEAL_STORE, LOW(1024 + 3) + 8) == SPACE_EXIT, "without translations");
	fence(w, true, LOW(1024 + 9), true, 0);
	LOADS(0, IN_U, LOW(1024 + 3), page + 3, 1);
	table_of(w, 0, 2)[2] = pte(0, RW | U); /* a GiB: RAM in pieces, and the blocks */
	LOADS(0, IN_U, 0x90000000UL, page, 1);
	LOADS(0, IN_U, 0x901ff000UL, page + 511, 0);
	LOADS(0, IN_U, 0x80001000UL, 1, 16);
	table_of(w, 0, 2)[2] = 0;
	fence(w, true, 0x80005000UL, true, 0);
	LOADS(0, IN_U, 0x90000000UL, NO_FAULT, 0);
	LOADS(0, IN_U, 0x80001000UL, NO_FAULT, 0);
}

/* Translations come and go, told twice now and then: with the last one the block is one entry again. */
static void try_huge_with_code(struct world *w)
{
	u32 page = SEAL_RAM_PAGES, i;
	u64 huge;

	for (i = 0; i < 2; i++) {
		space_protect_page(w->vm, seal_gpa(page));
		space_protect_page(w->vm, seal_gpa(page + 3));
		space_protect_page(w->vm, seal_gpa(page + 511));
	}
	for (i = 0; i < 2; i++) {
		space_unprotect_page(w->vm, seal_gpa(page));
		space_unprotect_page(w->vm, seal_gpa(page + 511));
	}
	fence(w, false, 0, false, 0);
	huge = space_stats(w->space)->huge_fills;
	seal_check(w, go(w, 0, IN_U, SEAL_STORE, LOW(1024) + 8) == SPACE_EXIT, "store beside the last one");
	seal_check(w, go(w, 0, IN_U, SEAL_STORE, LOW(1024 + 3) + 8) == SPACE_FAULT, "store to the last one");
	seal_check(w, space_stats(w->space)->huge_fills == huge, "in pieces");
	space_unprotect_page(w->vm, seal_gpa(page + 3));
	fence(w, false, 0, false, 0);
	seal_check(w, go(w, 0, IN_U, SEAL_STORE, LOW(1024 + 3) + 8) == SPACE_EXIT, "store without one");
	seal_check(w, space_stats(w->space)->huge_fills == huge + 1, "in one");
}

/* Many address spaces with the same addresses, then one that touches more tables than the pool has. */
static void try_room(struct world *w)
{
	u64 evictions = space_stats(w->space)->evictions;
	u32 i, wrong = 0;

	for (i = 0; i < SPACES; i++) {
		make_space(w, i);
		table_of(w, i, 0)[1] = pte(100 + i, RW | U);
	}
	fence(w, false, 0, false, 0);
	for (i = 0; i < 3 * SPACES; i++)
		wrong += go(w, i % SPACES, IN_U, SEAL_FETCH, LOW(1)) != SPACE_EXIT ||
			 w->frame->reg[ABI_RBX] != 100 + i % SPACES;
	seal_check(w, !wrong, "more address spaces than are kept");
	for (i = 0; i < 512; i++) {
		table_of(w, 0, 1)[i] = table_of(w, 0, 1)[0];
		table_of(w, 0, 2)[i] = table_of(w, 0, 2)[0];
	}
	for (i = 0; i < 4000; i++)
		wrong += go(w, 0, i % 2 ? IN_SUM : IN_U, SEAL_FETCH, ((gva_t)(i * 37 % 4000) << 21) + LOW(1)) !=
				 SPACE_EXIT ||
			 w->frame->reg[ABI_RBX] != 100;
	seal_check(w, !wrong, "more tables than pages for them");
	seal_check(w, space_stats(w->space)->evictions > evictions, "so some had to go");
	seal_check(w, !space_verify(w->space), "the self check");
}

/* A table of global pages goes by a fence that another address space executes, and is used again at once, for something else.
 * The address space that still links it is not in use: nothing of this reaches it, and the self check agrees. */
static void try_stale_links(struct world *w)
{
	u32 i, wrong = 0;

	for (i = 0; i < 3; i++) {
		make_space(w, i);
		table_of(w, i, 0)[1] = pte(1, RW | U);
	}
	fence(w, false, 0, false, 0);
	for (i = 0; i < 512; i++) {
		table_of(w, 1, 1)[i] = table_of(w, 1, 1)[0];
		if (i < 64)
			table_of(w, 1, 2)[i] = table_of(w, 1, 2)[0];
	}
	seal_check(w, go(w, 0, IN_S, SEAL_FETCH, KERNEL(0)) == SPACE_EXIT, "a global page of space 0");
	seal_check(w, go(w, 1, IN_U, SEAL_FETCH, LOW(1)) == SPACE_EXIT, "space 1");
	fence(w, false, 0, false, 0);
	for (i = 0; i < 4000; i++)
		wrong += go(w, 1, IN_U, SEAL_FETCH, ((gva_t)i << 21) + LOW(1)) != SPACE_EXIT;
	seal_check(w, !wrong, "space 1 uses all tables there are");
	seal_check(w, !space_verify(w->space), "the self check with links of before the fence");
	seal_check(w, go(w, 0, IN_S, SEAL_FETCH, KERNEL(0)) == SPACE_EXIT && w->frame->reg[ABI_RBX] == 10,
		   "space 0 finds its page again");
}

void seal_use_row(struct world *w, u32 pages, enum seal_row row)
{
	u32 i;

	make_space(w, 0);
	for (i = 1; i <= pages; i++)
		table_of(w, 0, 0)[i] = pte(i, RW | U | (row == SEAL_ROW_MIXED && i % 2 ? G : 0));
	fence(w, false, 0, false, 0);
	go(w, 0, IN_U, SEAL_FETCH, SEAL_PAGED_GVA);
}

void seal_try_shadow(struct world *w)
{
	u32 i;

	for (i = 0; i < SEAL_PAGES; i++)
		*seal_ram(w, i) = i;
	make_kernel(w);
	for (i = 0; i < 3; i++)
		make_space(w, i);
	try_sharing(w);
	try_asids(w);
	try_mxr_mprv(w);
	try_neighbours(w);
	try_reverse_map(w);
	try_huge(w);
	try_huge_with_code(w);
	try_room(w);
	try_stale_links(w);
	seal_check(w, !space_verify(w->space), "the self check at the end");
}
