// SPDX-License-Identifier: GPL-2.0-only
/* priv_tables.c: random page tables, right and wrong, over a few data pages, and addresses that meet them.
 *
 * Kept out: page tables where no memory is (QEMU 7.2 reports a page fault; priv supervisor.adoc "Virtual Address
 * Translation Process", step 2, wants an access fault), and tables that the guest can write through a mapping.
 * Next file: priv_ops.c. */
#include "priv.h"

enum { V = 1, R = 2, W = 4, X = 8, U = 16, G = 32, A = 64, D = 128 };
enum { ROOTS = 6, TABLES = 3, AREA_PAGES = 4, EDGE_BYTES = 64, PAGE = 4096 };

typedef uint64_t table[512];

static table *const root = (table *)PRIV_TABLES; /* then the fixed path, then TABLES of level 1, TABLES of level 0 */
static table *const fixed = (table *)PRIV_TABLES + 1;
static table *const level1 = (table *)PRIV_TABLES + 3;
static table *const level0 = (table *)PRIV_TABLES + 3 + TABLES;
static const uint16_t root_index[ROOTS] = { 0, 3, 5, 255, 256, 511 };
static const uint64_t area[2] = { PRIV_DATA0, PRIV_DATA1 };

bool tables_have_hole;

static uint64_t entry_to(uint64_t gpa, uint64_t flags)
{
	return gpa >> 12 << 10 | flags;
}

static uint64_t reserved_bits(void)
{
	return priv_chance(4) ? 1UL << (54 + priv_below(10)) : 0;
}

static uint64_t leaf_flags(void)
{
	uint64_t flags;

	if (priv_chance(15))
		return (priv_random() & 0x3ff) | reserved_bits();
	flags = V | A | D | (priv_random() & (R | W | X | U | G));
	if (!(flags & R) && priv_chance(90))
		flags &= ~(uint64_t)W;
	if (priv_chance(20))
		flags &= ~(uint64_t)(priv_random() & (A | D));
	return flags | reserved_bits();
}

static uint64_t pointer(const void *to)
{
	uint64_t flags = V | (priv_random() & G);

	if (priv_chance(6))
		flags |= priv_random() & (D | A | U | 0x300);
	return entry_to((uint64_t)to, flags | reserved_bits());
}

/* A leaf whose superpage begins at gpa; rarely not aligned, or where no memory is. Unaligned ones may leave memory too:
 * random flags must not make a pointer of them. */
static uint64_t leaf(uint64_t gpa, uint32_t level)
{
	uint64_t flags;

	if (level && priv_chance(8)) {
		gpa += (uint64_t)PAGE << priv_below(9 * level);
		flags = leaf_flags();
		return entry_to(gpa, flags & (R | X) ? flags : flags | R);
	}
	if (priv_chance(3)) {
		tables_have_hole = true;
		return entry_to(0x600000UL << (level == 2 ? 20 : 0), leaf_flags() | R); /* never a pointer */
	}
	return entry_to(gpa, leaf_flags());
}

static void make_level1(table *t)
{
	uint32_t i;

	for (i = 3; i < 5; i++)
		(*t)[i] = priv_chance(70) ? pointer(level0 + priv_below(TABLES)) : leaf(area[i - 3], 1);
}

static void make_level0(table *t)
{
	uint32_t i;

	for (i = 0; i < AREA_PAGES; i++)
		(*t)[i] = leaf(area[priv_below(2)] + PAGE * priv_below(AREA_PAGES), 0);
}

/* The code, for every mode: PRIV_CODE is entry 2, 2, 0 of the three levels. */
static void make_fixed(void)
{
	(*root)[2] = entry_to((uint64_t)fixed, V);
	fixed[0][2] = entry_to((uint64_t)(fixed + 1), V);
	fixed[1][0] = entry_to(PRIV_VECTORS, V | R | X | A | D);
	fixed[1][1] = entry_to(PRIV_CODE_S, V | R | X | A | D);
	fixed[1][2] = entry_to(PRIV_CODE_U, V | R | X | U | A | D);
}

/* Executed, the data are ecalls at odd halfwords, also over the border of two pages, and illegal at even ones. */
static void make_data(void)
{
	uint32_t a, page, i;

	for (a = 0; a < 2; a++)
		for (page = 0; page <= AREA_PAGES; page++)
			for (i = 0; i < EDGE_BYTES / 8; i++) {
				uint64_t *p = (uint64_t *)(area[a] + page * PAGE);

				p[i] = p[512 - EDGE_BYTES / 8 + i] = 0x0073000000730000;
			}
}

void tables_make(void)
{
	uint32_t i;

	tables_have_hole = false;
	make_fixed();
	for (i = 0; i < ROOTS; i++)
		(*root)[root_index[i]] = priv_chance(70) ? pointer(level1 + priv_below(TABLES)) : leaf(0x80000000, 2);
	for (i = 0; i < TABLES; i++) {
		make_level1(level1 + i);
		make_level0(level0 + i);
	}
	make_data();
}

uint64_t tables_satp(void)
{
	static const uint8_t reserved_modes[] = { 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15 };
	uint64_t rest = (priv_random() & 0xffff) << 44 | (uint64_t)root >> 12;

	if (priv_chance(15))
		return 0;
	if (priv_chance(5))
		return (uint64_t)reserved_modes[priv_below(sizeof(reserved_modes))] << 60 | rest;
	return 8UL << 60 | rest;
}

uint64_t tables_address(void)
{
	uint64_t off = priv_chance(50) ? priv_below(48) : PAGE - 48 + priv_below(48);
	uint64_t low = (3 + priv_below(2)) << 21 | priv_below(AREA_PAGES) << 12 | off;
	uint64_t address = (uint64_t)root_index[priv_below(ROOTS)] << 30 | low;

	if (priv_chance(30))
		return 0x80000000 | low; /* the data itself: bare */
	if (address >> 38)
		address |= ~0UL << 39;
	if (priv_chance(4))
		address ^= 1UL << (38 + priv_below(26)); /* not canonical */
	return address;
}

static uint64_t fold_words(uint64_t hash, const uint64_t *p, uint32_t count)
{
	while (count--) {
		hash = (hash ^ *p++) * 0x9e3779b97f4a7c15UL;
		hash ^= hash >> 29;
	}
	return hash;
}

uint64_t tables_hash(uint64_t hash)
{
	uint32_t i, page;

	for (i = 0; i < ROOTS; i++)
		hash = fold_words(hash, &(*root)[root_index[i]], 1);
	for (i = 0; i < TABLES; i++) {
		hash = fold_words(hash, &level1[i][3], 2);
		hash = fold_words(hash, level0[i], AREA_PAGES);
	}
	for (i = 0; i < 2; i++)
		for (page = 0; page <= AREA_PAGES; page++) {
			const uint64_t *p = (const uint64_t *)(area[i] + page * PAGE);

			hash = fold_words(hash, p, EDGE_BYTES / 8);
			hash = fold_words(hash, p + 512 - EDGE_BYTES / 8, EDGE_BYTES / 8);
		}
	return hash;
}
