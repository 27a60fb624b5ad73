// SPDX-License-Identifier: GPL-2.0-only
/* views.c: windows filled from guest page tables: modes, SUM, superpages, A and D, fences, protection across views.
 * Next file: storm.c. */
#include <linux/kernel.h>

#include "seal.h"
#include "walk.h"
#include "world/shadow.h"

enum { V = 1, R = 2, W = 4, U = 0x10, A = 0x40, D = 0x80 };
enum { ROOT = 100, LEVEL1 = 101, LEVEL0 = 102 }; /* pages of RAM that hold the tables */
enum regime { IN_U, IN_S, IN_S_SUM, IN_U_SVADE, BARE, BARE_U };

#define GPA(page)	 (SEAL_RAM + (u64)(page)*4096)
#define PTE(gpa, bits)	 ((gpa) >> 12 << 10 | (bits))
#define GVA(index)	 (0x40000000UL + (index)*4096UL)
#define GVA_UPPER(index) (0xffffffffc0000000UL + (index)*4096UL)
#define LARGE		 512 /* index of the superpage */

static const struct walk_regime regimes[] = {
	[IN_U] = { .root = GPA(ROOT), .priv = PRIV_U, .adue = true },
	[IN_S] = { .root = GPA(ROOT), .priv = PRIV_S, .adue = true },
	[IN_S_SUM] = { .root = GPA(ROOT), .priv = PRIV_S, .adue = true, .sum = true },
	[IN_U_SVADE] = { .root = GPA(ROOT), .priv = PRIV_U },
	[BARE] = { .is_bare = true, .priv = PRIV_M },
	[BARE_U] = { .is_bare = true, .priv = PRIV_U },
};

static void write_tables(struct world *w)
{
	u64 *root = seal_ram(w, ROOT), *level1 = seal_ram(w, LEVEL1), *level0 = seal_ram(w, LEVEL0);
	u32 i;

	for (i = 0; i < 512; i++)
		root[i] = level1[i] = level0[i] = 0;
	root[1] = PTE(GPA(LEVEL1), V);
	root[511] = PTE(GPA(LEVEL1), V);
	level1[0] = PTE(GPA(LEVEL0), V);
	level1[1] = PTE(GPA(0), V | R | W | A | D); /* supervisor */
	for (i = 0; i < 90; i++)
		level0[i] = PTE(GPA(i), V | R | W | U);
	level0[90] = PTE(GPA(0), V | R | U | A);
	level0[91] = PTE(GPA(0), V | R | W | U | A);
	level0[92] = PTE(0x10000000UL, V | R | W | U | A | D); /* no RAM there */
}

static enum space_leave try(struct world *w, enum regime regime, u32 code, gva_t gva)
{
	space_set_regime(w->space, &regimes[regime], regimes[regime].root, regimes[regime].priv);
	w->frame->reg[ABI_RSI] = gva;
	return seal_run(w, code);
}

static const struct {
	const char *what;
	enum regime regime;
	u32 code;
	gva_t gva;
	enum space_leave leave;
} accesses[] = {
	{ "U store", IN_U, SEAL_STORE, GVA(0), SPACE_EXIT },
	{ "upper half", IN_U, SEAL_STORE, GVA_UPPER(1), SPACE_EXIT },
	{ "S on a U page without SUM", IN_S, SEAL_LOAD, GVA(0), SPACE_FAULT },
	{ "S on a U page with SUM", IN_S_SUM, SEAL_STORE, GVA(0), SPACE_EXIT },
	{ "U on an S superpage", IN_U, SEAL_LOAD, GVA(LARGE), SPACE_FAULT },
	{ "S on an S superpage", IN_S, SEAL_STORE, GVA(LARGE + 1), SPACE_EXIT },
	{ "load of a read-only page", IN_U, SEAL_LOAD, GVA(90), SPACE_EXIT },
	{ "store to a read-only page", IN_U, SEAL_STORE, GVA(90), SPACE_FAULT },
	{ "store with D clear, Svade", IN_U_SVADE, SEAL_STORE, GVA(91), SPACE_FAULT },
	{ "load with D clear, Svade", IN_U_SVADE, SEAL_LOAD, GVA(91), SPACE_EXIT },
	{ "load with A clear, Svade", IN_U_SVADE, SEAL_LOAD, GVA(50), SPACE_FAULT },
	{ "store with D clear, Svadu", IN_U, SEAL_STORE, GVA(91), SPACE_EXIT },
	{ "no RAM behind the page", IN_U, SEAL_LOAD, GVA(92), SPACE_FAULT },
	{ "no entry", IN_U, SEAL_LOAD, GVA(96), SPACE_FAULT },
	{ "bare again", BARE, SEAL_STORE, SEAL_RAM, SPACE_EXIT },
	{ "paged address in bare mode", BARE, SEAL_LOAD, GVA(0), SPACE_FAULT },
	{ "U again", IN_U, SEAL_STORE, GVA(0), SPACE_EXIT },
	{ "CSR page in U", IN_U, SEAL_CSR, 0, SPACE_FAULT },
	{ "CSR page in S", IN_S, SEAL_CSR, 0, SPACE_EXIT },
	{ "CSR page in S with SUM", IN_S_SUM, SEAL_CSR, 0, SPACE_EXIT },
	{ "CSR page in M", BARE, SEAL_CSR, 0, SPACE_EXIT },
	{ "CSR page in U without translation", BARE_U, SEAL_CSR, 0, SPACE_FAULT },
	{ "RAM in U without translation", BARE_U, SEAL_STORE, SEAL_RAM, SPACE_EXIT },
};

static void fence(struct world *w, gva_t gva)
{
	const struct fence fence = { .has_gva = true, .gva = gva };

	space_fence(w->space, &fence);
}

static void try_fences(struct world *w)
{
	u64 *level0 = seal_ram(w, LEVEL0);

	level0[0] = 0;
	fence(w, GVA(0));
	seal_check(w, try(w, IN_U, SEAL_LOAD, GVA(0)) == SPACE_FAULT, "after a fence of its address");
	seal_check(w, try(w, IN_S_SUM, SEAL_LOAD, GVA(0)) == SPACE_FAULT, "after a fence, another view");
	seal_check(w, try(w, IN_U, SEAL_LOAD, GVA(1)) == SPACE_EXIT, "the neighbour of the fenced page");
	seal_ram(w, LEVEL1)[1] = 0;
	fence(w, GVA(LARGE + 7));
	seal_check(w, try(w, IN_S, SEAL_LOAD, GVA(LARGE + 1)) == SPACE_FAULT, "a fence drops all of a superpage");
	write_tables(w);
	seal_check(w, try(w, IN_S, SEAL_LOAD, GVA(LARGE + 1)) == SPACE_EXIT, "the superpage again");
}

static void try_protected(struct world *w)
{
	u64 *level0 = seal_ram(w, LEVEL0);

	seal_check(w, try(w, IN_U, SEAL_STORE, GVA(1)) == SPACE_EXIT, "before the protection, U");
	seal_check(w, try(w, IN_S, SEAL_STORE, GVA(LARGE + 1)) == SPACE_EXIT, "before the protection, S");
	space_protect_page(w->vm, GPA(1));
	seal_check(w, try(w, IN_U, SEAL_STORE, GVA(1)) == SPACE_FAULT, "protected in U");
	seal_check(w, try(w, IN_S, SEAL_STORE, GVA(LARGE + 1)) == SPACE_FAULT, "protected in S");
	seal_check(w, try(w, BARE, SEAL_STORE, GPA(1)) == SPACE_FAULT, "protected in bare mode");
	space_unprotect_page(w->vm, GPA(1));
	seal_check(w, try(w, IN_U, SEAL_STORE, GVA(1)) == SPACE_EXIT, "not protected any more");
	space_protect_page(w->vm, GPA(LEVEL0));
	seal_check(w, try(w, IN_U, SEAL_LOAD, GVA(60)) == SPACE_FAULT, "A bit in a page with translations");
	seal_check(w, !(level0[60] & A), "is not set by the monitor");
	space_unprotect_page(w->vm, GPA(LEVEL0));
	seal_check(w, try(w, IN_U, SEAL_LOAD, GVA(60)) == SPACE_EXIT && (level0[60] & A), "is set when it may be");
}

/* More address spaces than roots, and more windows than shadow tables. */
static void try_many_roots(struct world *w)
{
	u32 i, wrong = 0;

	for (i = 0; i < 2000; i++) {
		space_set_regime(w->space, &regimes[IN_U], i, PRIV_U);
		w->frame->reg[ABI_RSI] = GVA(i % 90);
		wrong += seal_run(w, SEAL_STORE) != SPACE_EXIT;
	}
	seal_check(w, !wrong, "2000 address spaces");
}

void seal_try_views(struct world *w)
{
	u64 *level0 = seal_ram(w, LEVEL0);
	u32 i;

	write_tables(w);
	for (i = 0; i < ARRAY_SIZE(accesses); i++)
		seal_check(w, try(w, accesses[i].regime, accesses[i].code, accesses[i].gva) == accesses[i].leave,
			   accesses[i].what);
	seal_check(w, (level0[0] & (A | D)) == (A | D), "a store sets A and D");
	seal_check(w, !(level0[50] & A), "Svade sets nothing");
	try_fences(w);
	try_protected(w);
	try_many_roots(w);
	seal_check(w, try(w, BARE, SEAL_STORE, SEAL_RAM) == SPACE_EXIT, "bare at the end");
}
