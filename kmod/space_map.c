// SPDX-License-Identifier: GPL-2.0-only
/* space_map.c: page tables of sealed worlds. The host's own tables are never touched.
 * Next file: space_vm.c, space.c (which fill them), space_verify.c (which walks them). */
#include "space_map.h"

#include <linux/gfp.h>
#include <linux/mem_encrypt.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <asm/pgtable_types.h>
#include <asm/processor.h>

#include "world/shadow.h"

#define RX	 (_PAGE_PRESENT | _PAGE_ACCESSED)
#define R	 (RX | _PAGE_NX)
#define RW	 (R | _PAGE_RW | _PAGE_DIRTY)
#define TABLE	 (_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED)
#define USER	 _PAGE_USER
#define ENTRY_PA 0x000ffffffffff000ULL

/* [PART_COUNT]: everything that is ever mapped in a world. Only what says USER can be reached by ring 3. */
const struct part_info space_table[PART_COUNT] = {
	[PART_GATE] = { "switcher text", RX },
	[PART_BLOCK] = { "block", RW },
	[PART_MONITOR] = { "monitor", RX },
	[PART_BLOCK_LOW] = { "block, fixed address", RW },
	[PART_STATE_RW] = { "state area, writable alias", RW },
	[PART_STATE] = { "state area", RW },
	[PART_SHADOW] = { "state of shadow tables", RW },
	[PART_POOL] = { "shadow tables", RW },
	[PART_POOL_PA] = { "addresses of shadow tables", R },
	[PART_POOL_INFO] = { "owners of shadow tables", RW },
	[PART_LINKS] = { "links of shadow entries", RW },
	[PART_HEADS] = { "lists of shadow entries", RW },
	[PART_WINDOW] = { "guest window", RW | USER }, /* RW or R: filled by the monitor */
	[PART_HOME] = { "home page", RW | USER },
	[PART_CSR] = { "CSR page", RW | USER, KEY_S }, /* without keys missing in roots of U-mode */
	[PART_TABLES] = { "table page and jump table", R | USER },
	[PART_RAM] = { "alias of guest RAM", RW },
	[PART_FRAMES] = { "guest page entries", R },
	[PART_CODE] = { "code cache", RX | USER, KEY_CODE },
	[PART_KEYS] = { "keys of links", R | USER },
	[PART_META] = { "tables of the code cache", R },
};

bool space_has_keys;

static char *views = "auto";
module_param(views, charp, 0444);
MODULE_PARM_DESC(views, "how guest modes are kept apart: roots (page tables), keys (protection keys), auto");

/* Keys need CR4.PKE, which is the host's. */
int space_choose_views(void)
{
	bool has_keys = native_read_cr4() & X86_CR4_PKE;

	if (strcmp(views, "auto") && strcmp(views, "roots") && strcmp(views, "keys")) {
		pr_err("ldbt: views=%s: auto, roots and keys are known\n", views);
		return -EINVAL;
	}
	if (!strcmp(views, "keys") && !has_keys) {
		pr_err("ldbt: views=keys: this host has no protection keys, or does not use them\n");
		return -EOPNOTSUPP;
	}
	space_has_keys = has_keys && strcmp(views, "roots");
	return 0;
}

u64 space_part_flags(enum part part)
{
	u64 key = space_has_keys ? space_table[part].key : 0;

	return space_table[part].flags | key << SHADOW_KEY_SHIFT;
}

phys_addr_t world_entry_pa(u64 entry)
{
	return __sme_clr(entry) & ENTRY_PA;
}

u64 world_entry(phys_addr_t pa, u64 flags)
{
	return __sme_set(pa) | flags;
}

void *world_map_zeroed(struct world_map *map)
{
	struct page *page = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);

	if (!page)
		return NULL;
	list_add(&page->lru, &map->tables);
	return page_address(page);
}

static unsigned int table_index(u64 va, int level)
{
	return (va >> (12 + 9 * (level - 1))) & 511;
}

static u64 *table_below(struct world_map *map, u64 *slot, bool is_needed)
{
	u64 *table;

	if (*slot & _PAGE_PRESENT)
		return __va(world_entry_pa(*slot));
	if (!is_needed)
		return NULL;
	table = world_map_zeroed(map);
	if (table)
		*slot = world_entry(__pa(table), TABLE);
	return table;
}

u64 *world_map_entry(struct world_map *map, u64 va, bool is_needed)
{
	u64 *table = map->root;
	int level;

	for (level = map->levels; level > 1 && table; level--)
		table = table_below(map, table + table_index(va, level), is_needed);
	return table ? table + table_index(va, 1) : NULL;
}

int space_map_page(struct world_map *map, enum part part, u64 va, phys_addr_t pa)
{
	u64 *entry = world_map_entry(map, va, true);

	if (!entry)
		return -ENOMEM;
	*entry = world_entry(pa, space_part_flags(part));
	return 0;
}

u64 *world_map_level4(struct world_map *map)
{
	return map->levels == 4 ? map->root : __va(world_entry_pa(map->root[0]));
}

int world_map_create(struct world_map *map)
{
	INIT_LIST_HEAD(&map->tables);
	map->levels = native_read_cr4() & X86_CR4_LA57 ? 5 : 4;
	map->root = world_map_zeroed(map);
	if (map->root && (map->levels == 4 || table_below(map, map->root, true)))
		return 0;
	world_map_destroy(map);
	return -ENOMEM;
}

void world_map_destroy(struct world_map *map)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &map->tables, lru) __free_page(page);
	INIT_LIST_HEAD(&map->tables);
	map->root = NULL;
}
