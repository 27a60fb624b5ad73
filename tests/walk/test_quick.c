// SPDX-License-Identifier: GPL-2.0-only
/* test_quick.c: the walk's common case as compares of bits against the walk, on random tables: what the one says the other
 * must say. Next file: ../../translator/walk_quick.h. */
#include <stdio.h>

#include "csr.h"
#include "trap.h"
#include "walk_quick.h"

enum { RAM_GPA = 0x80000000, PAGES = 16, ROUNDS = 200000, CHANGES = 24, COMPLAINTS_MAX = 10 };

static u64 ram[PAGES][512];
static u32 cas_calls;
static u64 checks, complaints, seed = 0x1db7;
static u64 passed_loads, passed_stores, absent, unsure, walked; /* how often each was seen */

static u32 draw(u32 below) /* xorshift64 */
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (u32)(seed >> 32) % below;
}

static bool check(bool ok, const char *what, gva_t gva, u64 pte)
{
	checks++;
	if (!ok && complaints++ < COMPLAINTS_MAX)
		printf("walk_quick: %s (gva %#lx, pte %#lx)\n", what, gva, pte);
	return ok;
}

/* ---- guest memory ---- */

static const u64 *table_at(gpa_t gpa)
{
	u64 page = (gpa - RAM_GPA) >> 12;

	return gpa >= RAM_GPA && page < PAGES ? ram[page] : NULL;
}

static bool ram_read(void *opaque, gpa_t gpa, u64 *pte)
{
	const u64 *table = table_at(gpa);

	(void)opaque;
	if (table)
		*pte = table[gpa / 8 % 512];
	return table;
}

static bool ram_cas(void *opaque, gpa_t gpa, u64 expected, u64 desired, u64 *old)
{
	(void)expected;
	(void)desired;
	cas_calls++;
	return ram_read(opaque, gpa, old);
}

static u64 random_pte(void)
{
	u64 ppn = draw(16) ? RAM_GPA / 4096 + draw(PAGES) : draw(2) ? seed >> 20 : 0;
	u64 pte = ppn << 10 | (draw(8) ? QUICK_V : 0) | (u64)draw(4) << 8;

	if (!draw(16))
		pte |= 1ULL << (54 + draw(10));
	if (!draw(8))
		pte |= QUICK_G;
	if (draw(2)) /* a pointer, nearly always without the bits it must not have */
		return draw(16) ? pte : pte | 1ULL << draw(8);
	pte |= draw(8) ? QUICK_R : 0;
	pte |= draw(4) ? QUICK_A : 0;
	return pte | (draw(256) & (QUICK_W | QUICK_X | QUICK_U | QUICK_D));
}

/* ---- the two side by side ---- */

static enum quick_found quick_walk(const struct walk_regime *regime, gva_t gva, bool is_store, struct quick_path *path,
				   u64 *pte)
{
	struct quick_rule rule = quick_rule_of(regime);
	enum quick_found found = quick_path_of(regime->root, gva, table_at, path);

	*pte = 0;
	if (found != QUICK_FOUND)
		return found;
	*pte = path->table[quick_index(gva, 0)];
	if (!(*pte & QUICK_V))
		return QUICK_ABSENT;
	return quick_passes(&rule, *pte, is_store) ? QUICK_FOUND : QUICK_UNSURE;
}

static void check_found(gva_t gva, const struct walk_page *page, const struct quick_path *path, u64 pte, int cause)
{
	check(!cause && !cas_calls, "passes what the walk refuses or changes", gva, pte);
	check(page->level == 0 && page->pte == pte && page->gpa == quick_gpa(pte), "another page", gva, pte);
	check(page->is_user == !!(pte & QUICK_U), "U", gva, pte);
	check(page->is_global == (path->is_global || pte & QUICK_G), "G", gva, pte);
	check(!!(page->may & WALK_MAY_STORE) == quick_may_store(pte), "stores", gva, pte);
	check(path->top_pte == ram[0][gva >> 30 & 511], "entry of the top table", gva, pte);
}

static void compare(const struct walk_regime *regime, gva_t gva, bool is_store)
{
	const struct walk_memory memory = { ram_read, ram_cas, NULL };
	struct quick_path path;
	struct walk_page page;
	enum quick_found found;
	u64 pte;
	int cause;

	cas_calls = 0;
	cause = walk(regime, &memory, gva, is_store ? WALK_STORE : WALK_LOAD, &page);
	found = quick_walk(regime, gva, is_store, &path, &pte);
	walked += !cause;
	passed_loads += found == QUICK_FOUND && !is_store;
	passed_stores += found == QUICK_FOUND && is_store;
	absent += found == QUICK_ABSENT;
	unsure += found == QUICK_UNSURE;
	if (found == QUICK_FOUND)
		check_found(gva, &page, &path, pte, cause);
	else if (found == QUICK_ABSENT)
		check(cause == (is_store ? CAUSE_STORE_PAGE : CAUSE_LOAD_PAGE), "no page fault", gva, pte);
	else /* it is the common case that must be found: else the test could not fail */
		check(cause || cas_calls || page.level, "not seen", gva, pte);
}

static gva_t random_gva(void)
{
	u64 page = draw(1 << 27), index = draw(4) | draw(4) << 9 | draw(4) << 18;

	if (draw(4)) /* near the entries that change */
		page = index;
	return (gva_t)((s64)(page << 37) >> 25);
}

int main(void)
{
	bool are_seen;
	u32 i, k;

	for (i = 0; i < PAGES; i++)
		for (k = 0; k < 512; k++)
			ram[i][k] = random_pte();
	for (i = 0; i < ROUNDS; i++) {
		struct walk_regime regime = {
			.root = RAM_GPA, .priv = draw(2) ? PRIV_S : PRIV_U, .sum = draw(2), .adue = draw(2)
		};

		for (k = 0; k < CHANGES; k++)
			ram[draw(PAGES)][draw(8)] = random_pte();
		compare(&regime, random_gva(), draw(2));
	}
	are_seen = passed_loads > ROUNDS / 1000 && passed_stores > ROUNDS / 1000 && absent > ROUNDS / 1000 &&
		   unsure > ROUNDS / 1000;
	check(are_seen, "some outcome is hardly seen", passed_loads, passed_stores);
	printf("walk_quick: %lu checks, %lu wrong; %lu loads and %lu stores pass, %lu absent, %lu unsure, %lu walked\n",
	       checks, complaints, passed_loads, passed_stores, absent, unsure, walked);
	printf("walk_quick: %u passed, %u failed, 0 skipped\n", !complaints, !!complaints);
	return complaints != 0;
}
