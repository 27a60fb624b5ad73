/* SPDX-License-Identifier: GPL-2.0-only */
/* walk.c: the Sv39 walk.
 *
 * Source: priv supervisor.adoc "Sv39: Page-Based 39-bit Virtual-Memory System" and "Virtual Address Translation
 * Process", whose steps are named at the code. Next file: csr.c (what satp and menvcfg may hold). */
#include "walk.h"
#include "csr.h"
#include "trap.h"

/* A page-table entry:   63 N  62:61 PBMT  60:54 reserved  53:10 PPN  9:8 software  7 D  6 A  5 G  4 U  3 X  2 W  1 R  0 V
 * N and PBMT are reserved as Svnapot and Svpbmt are not offered. */
#define PTE_V	     (1ULL << 0)
#define PTE_R	     (1ULL << 1)
#define PTE_W	     (1ULL << 2)
#define PTE_X	     (1ULL << 3)
#define PTE_U	     (1ULL << 4)
#define PTE_G	     (1ULL << 5)
#define PTE_A	     (1ULL << 6)
#define PTE_D	     (1ULL << 7)
#define PTE_RESERVED (0x3ffULL << 54)

enum { LEVEL_TOP = 2, LEVEL_BITS = 9, PAGE_SHIFT_BITS = 12, PTE_PPN_SHIFT = 10, VA_SIGN_BIT = 38 };

#define MAY_ALL (WALK_MAY_FETCH | WALK_MAY_LOAD | WALK_MAY_STORE)

/* Bits 63:39 equal bit 38. */
static bool is_canonical(gva_t gva)
{
	u64 upper = gva >> VA_SIGN_BIT;

	return upper == 0 || upper == ~0ULL >> VA_SIGN_BIT;
}

static bool is_leaf(u64 pte)
{
	return pte & (PTE_R | PTE_X);
}

/* Step 3, and for pointers the rule that their D, A and U are reserved. */
static bool is_legal(u64 pte)
{
	if (!(pte & PTE_V) || (pte & PTE_RESERVED) || (pte & (PTE_R | PTE_W)) == PTE_W)
		return false;
	return is_leaf(pte) || !(pte & (PTE_D | PTE_A | PTE_U));
}

static gpa_t pte_gpa(u64 pte)
{
	return (pte & ~PTE_RESERVED) >> PTE_PPN_SHIFT << PAGE_SHIFT_BITS;
}

/* The PPN bits below the superpage's size must be zero. */
static bool is_aligned_leaf(u64 pte, u32 level)
{
	u64 low = (1ULL << (LEVEL_BITS * level)) - 1;

	return !((pte >> PTE_PPN_SHIFT) & low);
}

/* WALK_MAY_* by R, W, X, U, SUM and MXR; A and D apart. */
static u8 leaf_permits(const struct walk_regime *regime, u64 pte)
{
	u8 may = 0;

	if (pte & PTE_X)
		may |= WALK_MAY_FETCH;
	if ((pte & PTE_R) || (regime->mxr && (pte & PTE_X)))
		may |= WALK_MAY_LOAD;
	if (pte & PTE_W)
		may |= WALK_MAY_STORE;
	if (regime->priv == PRIV_U)
		return pte & PTE_U ? may : 0;
	if (!(pte & PTE_U))
		return may;
	return regime->sum ? may & (u8)~WALK_MAY_FETCH : 0;
}

static int page_fault(enum walk_access access)
{
	static const u8 cause[] = { CAUSE_FETCH_PAGE, CAUSE_LOAD_PAGE, CAUSE_STORE_PAGE };

	return cause[access];
}

static int access_fault(enum walk_access access)
{
	static const u8 cause[] = { CAUSE_FETCH_ACCESS, CAUSE_LOAD_ACCESS, CAUSE_STORE_ACCESS };

	return cause[access];
}

/* Steps 2 to 4: the legal leaf of gva and where it lies. */
static int find_leaf(const struct walk_regime *regime, const struct walk_memory *mem, gva_t gva,
		     enum walk_access access, gpa_t *where, struct walk_page *page)
{
	gpa_t table = regime->root;
	int level;

	for (level = LEVEL_TOP; level >= 0; level--) {
		u64 index = gva >> (PAGE_SHIFT_BITS + LEVEL_BITS * level) & ((1 << LEVEL_BITS) - 1), pte;

		*where = table + index * 8;
		if (!mem->read(mem->opaque, *where, &pte))
			return access_fault(access);
		if (!is_legal(pte))
			return page_fault(access);
		if (is_leaf(pte)) {
			page->pte = pte;
			page->level = (u8)level;
			return is_aligned_leaf(pte, (u32)level) ? 0 : page_fault(access);
		}
		table = pte_gpa(pte);
		page->is_global |= !!(pte & PTE_G); /* holds for everything below */
	}
	return page_fault(access);
}

/* Step 7: sets A, and D for a store. -EAGAIN: the entry changed meanwhile. */
static int set_accessed(const struct walk_regime *regime, const struct walk_memory *mem, enum walk_access access,
			gpa_t where, struct walk_page *page)
{
	u64 wanted = page->pte | PTE_A | (access == WALK_STORE ? PTE_D : 0), old;

	if (wanted == page->pte)
		return 0;
	if (!regime->adue)
		return page_fault(access);
	if (!mem->cas(mem->opaque, where, page->pte, wanted, &old))
		return access_fault(access);
	if (old != page->pte)
		return -EAGAIN;
	page->pte = wanted;
	return 0;
}

static int walk_once(const struct walk_regime *regime, const struct walk_memory *mem, gva_t gva,
		     enum walk_access access, struct walk_page *page)
{
	u64 offset_mask;
	gpa_t where;
	int err;

	*page = (struct walk_page){ 0 };
	err = find_leaf(regime, mem, gva, access, &where, page);
	if (err)
		return err;
	page->may = leaf_permits(regime, page->pte);
	if (!(page->may >> access & 1))
		return page_fault(access);
	err = set_accessed(regime, mem, access, where, page);
	if (err)
		return err;
	offset_mask = (1ULL << (PAGE_SHIFT_BITS + LEVEL_BITS * page->level)) - 1;
	page->gpa = (pte_gpa(page->pte) | (gva & offset_mask)) & ~4095ULL;
	page->is_user = !!(page->pte & PTE_U);
	page->is_global |= !!(page->pte & PTE_G);
	page->is_dirty = !!(page->pte & PTE_D);
	if (!page->is_dirty)
		page->may &= (u8)~WALK_MAY_STORE;
	return 0;
}

int walk(const struct walk_regime *regime, const struct walk_memory *mem, gva_t gva, enum walk_access access,
	 struct walk_page *page)
{
	int err = -EAGAIN, tries;

	if (regime->is_bare) {
		*page = (struct walk_page){ .gpa = gva & ~4095ULL, .may = MAY_ALL, .is_dirty = true };
		return 0;
	}
	if (!is_canonical(gva))
		return page_fault(access);
	for (tries = 0; err == -EAGAIN && tries < WALK_TRIES_MAX; tries++)
		err = walk_once(regime, mem, gva, access, page);
	return err;
}

void walk_regime_get(const struct guest *g, enum walk_access access, struct walk_regime *regime)
{
	const struct guest_csr *csr = &g->csr;
	u64 status = g->csr_page->sstatus;
	u8 priv = g->priv;

	if (access != WALK_FETCH && priv == PRIV_M && (csr->mstatus & MSTATUS_MPRV))
		priv = (csr->mstatus & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT;
	regime->priv = priv;
	regime->is_bare = priv == PRIV_M || csr->satp >> SATP_MODE_SHIFT != SATP_SV39;
	regime->root = (csr->satp & SATP_PPN) << PAGE_SHIFT_BITS;
	regime->sum = !!(status & MSTATUS_SUM);
	regime->mxr = !!(status & MSTATUS_MXR);
	regime->adue = !!(csr->menvcfg & MENVCFG_ADUE);
}
