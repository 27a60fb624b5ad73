// SPDX-License-Identifier: GPL-2.0-only
/* test_walk.c: the Sv39 walk against a plain statement of the rules, for every combination that decides.
 *
 * expected_fault() says the same as priv supervisor.adoc "Virtual Address Translation Process", not in the order of the
 * walk but as a list of reasons to fault. Next file: ../../translator/walk.c. */
#include <stdio.h>

#include "csr.h"
#include "trap.h"
#include "walk.h"

enum { V = 1, R = 2, W = 4, X = 8, U = 16, G = 32, A = 64, D = 128, COMPLAINTS_MAX = 10 };
enum { PAGES = 4, RAM_GPA = 0x80000000 }; /* three tables and room */

/* ---- guest memory with one path of page tables ---- */

struct memory {
	u64 word[PAGES * 512];
	u32 cas_calls, disturbances; /* the next cas calls find an entry that another hart changed by `disturb` */
	u64 disturb;
};

static struct memory ram;
static u64 checks, complaints;
static const char *test_name;

static bool ram_read(void *opaque, gpa_t gpa, u64 *pte)
{
	struct memory *m = opaque;

	if (gpa < RAM_GPA || gpa >= RAM_GPA + sizeof(m->word) || (gpa & 7))
		return false;
	*pte = m->word[(gpa - RAM_GPA) / 8];
	return true;
}

static bool ram_cas(void *opaque, gpa_t gpa, u64 expected, u64 desired, u64 *old)
{
	struct memory *m = opaque;
	u64 *word;

	if (!ram_read(m, gpa, old))
		return false;
	word = &m->word[(gpa - RAM_GPA) / 8];
	m->cas_calls++;
	if (m->disturbances) {
		m->disturbances--;
		*word ^= m->disturb;
	}
	*old = *word;
	if (*word == expected)
		*word = desired;
	return true;
}

static const struct walk_memory mem = { ram_read, ram_cas, &ram };

static void check(bool ok, const char *what, u64 a, u64 b)
{
	checks++;
	if (ok)
		return;
	if (complaints++ < COMPLAINTS_MAX)
		printf("walk: %s: %s (%#lx, %#lx)\n", test_name, what, a, b);
}

static u64 pointer_to(u32 page)
{
	return (RAM_GPA / 4096 + page) << 10 | V;
}

static u64 *entry(u32 level, gva_t va) /* tables of level 2, 1, 0 are pages 0, 1, 2 */
{
	return &ram.word[(2 - level) * 512 + (va >> (12 + 9 * level) & 511)];
}

/* One path for va whose leaf, at `level`, is pte. */
static void build(u32 level, gva_t va, u64 pte)
{
	memset(&ram, 0, sizeof(ram));
	*entry(2, va) = pointer_to(1);
	*entry(1, va) = pointer_to(2);
	*entry(level, va) = pte;
}

static struct walk_regime regime_of(u32 bits) /* bit 0 S, 1 SUM, 2 MXR, 3 ADUE */
{
	return (struct walk_regime){
		.root = RAM_GPA, .priv = bits & 1, .sum = bits >> 1 & 1, .mxr = bits >> 2 & 1, .adue = bits >> 3 & 1
	};
}

static int page_fault(enum walk_access access)
{
	return access == WALK_FETCH ? CAUSE_FETCH_PAGE : access == WALK_LOAD ? CAUSE_LOAD_PAGE : CAUSE_STORE_PAGE;
}

/* ---- every leaf, regime and access ---- */

static bool expected_fault(const struct walk_regime *r, u32 level, u64 pte, enum walk_access access)
{
	bool is_user_page = pte & U;
	bool lacks_permission = access == WALK_FETCH   ? !(pte & X)
				: access == WALK_STORE ? !(pte & W)
						       : !(pte & R) && !(r->mxr && (pte & X));
	bool wrong_mode = r->priv == PRIV_U ? !is_user_page : is_user_page && (access == WALK_FETCH || !r->sum);
	bool wants_update = !(pte & A) || (access == WALK_STORE && !(pte & D));

	return !(pte & V) || (!(pte & R) && (pte & W)) || pte >> 54 || lacks_permission || wrong_mode ||
	       (wants_update && !r->adue) || (pte >> 10 & ((1UL << 9 * level) - 1));
}

/* What a successful walk says may be done now must be what walks that may not change anything grant. */
static void check_may(const struct walk_regime *r, gva_t va, const struct walk_page *page)
{
	struct walk_regime frozen = *r;
	struct walk_page again;
	u32 k;

	frozen.adue = false;
	for (k = WALK_FETCH; k <= WALK_STORE; k++)
		check((page->may >> k & 1) == !walk(&frozen, &mem, va, k, &again), "may", page->may, page->pte);
}

static void check_leaf(u32 level, gva_t va, u64 pte, u32 regime_bits, enum walk_access access)
{
	struct walk_regime r = regime_of(regime_bits);
	u64 want_pte = pte | A | (access == WALK_STORE ? D : 0), size = 4096UL << 9 * level;
	bool fault = expected_fault(&r, level, pte, access);
	struct walk_page page;
	int got;

	build(level, va, pte);
	got = walk(&r, &mem, va, access, &page);
	check(got == (fault ? page_fault(access) : 0), "cause", (u64)got, pte);
	check(*entry(level, va) == (fault ? pte : want_pte), "entry in memory", *entry(level, va), pte);
	check(ram.cas_calls == (!fault && want_pte != pte), "writes", ram.cas_calls, pte);
	if (got || fault)
		return;
	check(page.gpa == ((pte >> 10 << 12) | (va & (size - 1) & ~4095UL)), "gpa", page.gpa, pte);
	check(page.level == level && page.pte == want_pte, "level", page.level, page.pte);
	check(page.is_user == !!(pte & U) && page.is_global == !!(pte & G) && page.is_dirty == !!(want_pte & D),
	      "U, G, D", want_pte, 0);
	check_may(&r, va, &page);
}

/* Takes a digit of base `base` off *rest. */
static u32 pick(u32 *rest, u32 base)
{
	u32 digit = *rest % base;

	*rest /= base;
	return digit;
}

static void test_leaves(void)
{
	static const u64 reserved[] = { 0, 1UL << 54, 1UL << 58, 1UL << 60, 1UL << 61, 1UL << 62, 1UL << 63 };
	static const gva_t vas[] = { 0x12345678, 0xffffffc987654321, 0x3fffffffff };
	u32 n;

	for (n = 0; n < 3 * 256 * 7 * 2 * 16 * 3; n++) { /* one number names a combination */
		u32 rest = n, access = pick(&rest, 3), bits = pick(&rest, 16), odd = pick(&rest, 2);
		u64 high = reserved[pick(&rest, 7)], flags = pick(&rest, 256);
		u64 ppn = 0x2a5c0000000UL + (odd ? 1UL << (8 * rest) : 0);

		if ((flags & (R | W | X | V)) != V) /* no pointer */
			check_leaf(rest, vas[rest], ppn << 10 | flags | high, bits, access);
	}
}

/* ---- pointers ---- */

static int walk_to_leaf(gva_t va, struct walk_page *page)
{
	struct walk_regime r = regime_of(1);

	return walk(&r, &mem, va, WALK_LOAD, page);
}

static void test_pointers(void)
{
	static const u64 bad[] = { D, A, U, 1UL << 54, 1UL << 60, 1UL << 61, 1UL << 63, V };
	const u64 leaf = (u64)0x81234 << 10 | D | A | R | V;
	struct walk_page page;
	u32 level, i;

	for (level = 1; level < 3; level++) {
		for (i = 0; i < sizeof(bad) / 8; i++) {
			build(0, 0x5000, leaf);
			*entry(level, 0x5000) ^= bad[i];
			check(walk_to_leaf(0x5000, &page) == CAUSE_LOAD_PAGE, "reserved bit of a pointer", bad[i],
			      level);
		}
		build(0, 0x5000, leaf);
		*entry(level, 0x5000) |= G | 3 << 8; /* and the software's bits mean nothing */
		check(!walk_to_leaf(0x5000, &page) && page.is_global, "global by a pointer", level, 0);
		build(0, 0x5000, leaf);
		*entry(level, 0x5000) = 0x7ffffUL << 10 | V;
		check(walk_to_leaf(0x5000, &page) == CAUSE_LOAD_ACCESS, "table outside RAM", level, 0);
	}
	build(0, 0x5000, pointer_to(3));
	check(walk_to_leaf(0x5000, &page) == CAUSE_LOAD_PAGE, "pointer at level 0", 0, 0);
	build(0, 0x5000, leaf);
	check(!walk_to_leaf(0x5000, &page) && !page.is_global && page.gpa == 0x81234000, "good path", page.gpa, 0);
}

static void test_outside(void)
{
	static const int cause[] = { CAUSE_FETCH_ACCESS, CAUSE_LOAD_ACCESS, CAUSE_STORE_ACCESS };
	struct walk_regime r = regime_of(1);
	struct walk_page page;
	u32 access;

	r.root = 0x1000;
	for (access = WALK_FETCH; access <= WALK_STORE; access++)
		check(walk(&r, &mem, 0, access, &page) == cause[access], "root outside RAM", access, 0);
}

/* ---- addresses ---- */

static void test_canonical(void)
{
	static const struct {
		gva_t va;
		bool is_canonical;
	} row[] = {
		{ 0, 1 },
		{ 0x3fffffffff, 1 },
		{ 0x4000000000, 0 },
		{ 0x7fffffffff, 0 },
		{ 0x8000000000, 0 },
		{ 1UL << 63, 0 },
		{ 0x7fffffffffffffff, 0 },
		{ 0xffffffbfffffffff, 0 },
		{ 0xffffffc000000000, 1 },
		{ 0xffffffffffffffff, 1 },
		{ 0xffffff8000000000, 0 },
		{ 0x0000ffc000000000, 0 },
	};
	struct walk_regime r = regime_of(1);
	struct walk_page page;
	u32 i, k;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		for (k = WALK_FETCH; k <= WALK_STORE; k++) {
			build(2, row[i].va, D | A | X | W | R | V);
			check(walk(&r, &mem, row[i].va, k, &page) == (row[i].is_canonical ? 0 : page_fault(k)),
			      "canonical", row[i].va, k);
		}
}

static void test_bare(void)
{
	struct walk_regime r = { .is_bare = true, .priv = PRIV_M };
	struct walk_page page;

	check(!walk(&r, &mem, 0xfedcba9876543210, WALK_STORE, &page), "bare", 0, 0);
	check(page.gpa == 0xfedcba9876543000 && page.may == 7, "bare gpa", page.gpa, page.may);
}

/* ---- other harts ---- */

static void test_contention(void)
{
	const u64 leaf = (u64)0x81234 << 10 | W | R | V;
	struct walk_regime r = regime_of(8 | 1);
	struct walk_page page;

	build(0, 0, leaf);
	ram.disturb = 1 << 8;
	ram.disturbances = WALK_TRIES_MAX - 1;
	check(!walk(&r, &mem, 0, WALK_STORE, &page), "changed a few times", 0, 0);
	check((*entry(0, 0) & (A | D)) == (A | D) && page.pte == *entry(0, 0), "entry", *entry(0, 0), page.pte);
	build(0, 0, leaf);
	ram.disturb = 1 << 8;
	ram.disturbances = WALK_TRIES_MAX;
	check(walk(&r, &mem, 0, WALK_STORE, &page) == -EAGAIN, "changed all the time", 0, 0);
	check(ram.cas_calls == WALK_TRIES_MAX, "bounded", ram.cas_calls, 0);
	build(0, 0, leaf);
	ram.disturb = V;
	ram.disturbances = 1;
	check(walk(&r, &mem, 0, WALK_STORE, &page) == CAUSE_STORE_PAGE, "unmapped meanwhile", 0, 0);
	check(*entry(0, 0) == (leaf & ~(u64)V), "an unmapped entry gets no A", *entry(0, 0), 0);
}

/* ---- the regime ---- */

static void test_regime(void)
{
	static const u32 modes[] = { PRIV_U, PRIV_S, PRIV_M };
	u32 n;

	for (n = 0; n < 3 * 3 * 2 * 3 * 2; n++) {
		u32 rest = n, access = pick(&rest, 3), mprv = pick(&rest, 2), paged = pick(&rest, 2);
		u32 mpp = modes[pick(&rest, 3)], priv = modes[rest];
		u32 want = access != WALK_FETCH && mprv && priv == PRIV_M ? mpp : priv;
		struct guest_csr_page page = { .sstatus = MSTATUS_SUM };
		struct guest g = {
			.csr_page = &page,
			.priv = (u8)priv,
			.csr.mstatus = (u64)mpp << MSTATUS_MPP_SHIFT | (mprv ? MSTATUS_MPRV : 0),
			.csr.satp = paged ? 8UL << 60 | 0xffffUL << 44 | 0x12345 : 0,
			.csr.menvcfg = paged ? MENVCFG_ADUE : 0,
		};
		struct walk_regime r;

		walk_regime_get(&g, access, &r);
		check(r.priv == want, "effective mode", r.priv, want);
		check(r.is_bare == (want == PRIV_M || !paged), "bare", want, paged);
		check(r.is_bare || r.root == 0x12345000, "root", r.root, 0);
		check(r.sum && !r.mxr && r.adue == paged, "SUM, MXR, ADUE", paged, 0);
	}
}

int main(void)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} test[] = {
		{ "every leaf, regime and access", test_leaves },
		{ "pointers", test_pointers },
		{ "root outside RAM", test_outside },
		{ "canonical addresses", test_canonical },
		{ "bare", test_bare },
		{ "entries that other harts change", test_contention },
		{ "effective mode and satp", test_regime },
	};
	u32 i, failed = 0, count = sizeof(test) / sizeof(test[0]);

	for (i = 0; i < count; i++) {
		u64 before = complaints;

		test_name = test[i].name;
		test[i].run();
		failed += complaints != before;
	}
	printf("walk: %lu checks, %lu wrong\n", checks, complaints);
	printf("walk: %u passed, %u failed, 0 skipped\n", count - failed, failed);
	return failed != 0;
}
