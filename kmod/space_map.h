/* SPDX-License-Identifier: GPL-2.0-only */
/* space_map.h: page tables of sealed worlds, and the list of what they may hold. Private to space*.c.
 *
 * Owns:    the pages of the tables it makes (but not the monitor's pool).
 * Promise: space_table[] names every part of a world with its rights; space_map_page() maps nothing else.
 *          [checked: space_verify()]
 * Locks:   the caller's. Context: process, may sleep.
 * Errors:  -ENOMEM; tables made so far stay until world_map_destroy().
 * Next file: space_map.c. */
#ifndef LDBT_SPACE_MAP_H
#define LDBT_SPACE_MAP_H

#include <linux/list.h>
#include <linux/types.h>

struct world_map {
	u64 *root;		 /* level-4 or level-5 table, as the host has it */
	struct list_head tables; /* struct page by lru */
	int levels;
};

enum part {
	PART_GATE, /* text of gate.S, at the module's address */
	PART_BLOCK,
	PART_MONITOR,
	PART_BLOCK_LOW,
	PART_STATE_RW,
	PART_STATE,
	PART_SHADOW,
	PART_POOL,
	PART_POOL_PA,
	PART_POOL_INFO,
	PART_LINKS,
	PART_HEADS,
	PART_WINDOW,
	PART_HOME,
	PART_CSR,
	PART_TABLES,
	PART_RAM, /* from here on shared by the vCPUs of a VM */
	PART_FRAMES,
	PART_CODE,
	PART_KEYS,
	PART_META,
	PART_COUNT,
};

#define PART_SHARED PART_RAM

struct part_info {
	const char *name;
	u64 flags; /* of the last-level entries */
	u8 key;	   /* protection key, if keys are used */
};

extern const struct part_info space_table[PART_COUNT];

/* Views are made by protection keys: chosen when the module is loaded. */
extern bool space_has_keys;
/* -EOPNOTSUPP, with the reason in the log: the parameter `views` asks for what this host has not; -EINVAL: for nonsense. */
int space_choose_views(void);

/* Flags and key of the last-level entries of a part. */
u64 space_part_flags(enum part part);

int world_map_create(struct world_map *map);
void world_map_destroy(struct world_map *map);
/* The last-level entry of va; is_needed: tables on the way are made. NULL: none. */
u64 *world_map_entry(struct world_map *map, u64 va, bool is_needed);
/* A zeroed page that lives as long as the map. */
void *world_map_zeroed(struct world_map *map);
int space_map_page(struct world_map *map, enum part part, u64 va, phys_addr_t pa);
/* The level-4 table that holds the lower half; made with the map. */
u64 *world_map_level4(struct world_map *map);

phys_addr_t world_entry_pa(u64 entry);
u64 world_entry(phys_addr_t pa, u64 flags);

#endif
