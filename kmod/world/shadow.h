/* SPDX-License-Identifier: GPL-2.0-only */
/* shadow.h: what is known about the shadow tables of one vCPU, and where it lies, for host and monitor alike.
 *
 * A shadow table caches the guest's page tables as a TLB does. The window of a root has three levels of pool pages:
 *
 *   top      512 GiB  one for each tree of each address space; fixed pool pages
 *   middle   1 GiB    shared: an address space's SUM tree uses those of its U and S trees, and all S trees those of
 *                     global pages; where classes meet in one GiB, a tree gets a middle table of its own
 *   leaf     2 MiB    or, in the middle table, one entry for 2 MiB of host memory in one piece
 *
 * An address space is one (satp, ADUE); number 0 is memory without translation, number 1 what MXR or MPRV make of it now.
 * With protection keys an address space has one tree, and its views differ in PKRU.
 *
 * Owns:    nothing; the pages are struct space's.
 * Promise: pool page i is at pool + 512 * i and has the physical address pool_pa[i]. Entry e of pool page i has the
 *          number 512 * i + e. Exactly the writable last-level entries are in the lists of rmap.h.
 * Locks:   the vCPU's thread: its monitor, or the host while the vCPU is outside.
 * Context: any; calls nothing. Errors: none.
 * Next file: pool.h, rmap.h, aspace.h, view.h, fence.h, fill.h. */
#ifndef LDBT_WORLD_SHADOW_H
#define LDBT_WORLD_SHADOW_H

#include "state.h"
#include "walk_quick.h"

enum {
	SHADOW_PRESENT = 1, /* bits of table entries, as the processor defines them */
	SHADOW_WRITE = 2,
	SHADOW_USER = 4,
	SHADOW_ACCESSED = 0x20,
	SHADOW_DIRTY = 0x40,
	SHADOW_HUGE = 0x80,
	SHADOW_FROM_LARGE = 0x200, /* ours: made from a guest leaf of level 1 or more */
	SHADOW_OF_S = 0x400,	   /* ours: the guest's U bit is clear, or there is no translation */
	SHADOW_ENTRIES = 512,	   /* of one table */
};

#define SHADOW_NX	 (1ULL << 63)
#define SHADOW_LEAF	 (SHADOW_NX | SHADOW_DIRTY | SHADOW_ACCESSED | SHADOW_USER | SHADOW_PRESENT)
#define SHADOW_PA	 0x000ffffffffff000ULL
#define SHADOW_KEY_SHIFT 59 /* protection key of a last-level entry: 4 bits */
#define SHADOW_KEY_MASK	 (15ULL << SHADOW_KEY_SHIFT)

/* Entries of tables hold their child's pool number in bits that the processor ignores: 11 from bit 52, 3 from bit 9. */
#define SHADOW_CHILD_BITS(i) (((u64)((i)&0x7ff) << 52) | ((u64)((i) >> 11) << 9))
#define SHADOW_CHILD(entry)  ((u32)(((entry) >> 52) & 0x7ff) | (u32)(((entry) >> 9) & 7) << 11)

/* Protection keys. Key 0 is home page, tables, jump table and keys of links: always open. That of the code cache is always
 * closed: fetches do not ask for keys. */
enum { KEY_U = 1, KEY_S = 2, KEY_CODE = 3 };

/* What a leaf is of; a middle table takes a set of these. */
enum { CLASS_U = 1, CLASS_S = 2, CLASS_GLOBAL = 4, CLASS_ALL = 7 };

enum pool_kind { POOL_FREE, POOL_TOP, POOL_MIDDLE, POOL_LEAF, POOL_DEAD };

enum { OWNER_GLOBAL = 0xffff, OWNER_NONE = 0xfffe };

/* Of one pool page. */
struct pool_info {
	u8 kind;	  /* enum pool_kind */
	u8 takes : 3;	  /* middle: CLASS_* */
	u8 has_large : 1; /* leaf, middle: some entry came from a larger guest leaf, which a fence has to find */
	u16 owner;	  /* middle: number of the root whose tree it belongs to, or OWNER_GLOBAL */
	u16 next;	  /* free and dead: the next one, 0: none */
	u16 cursor;	  /* dead: entries before this one are gone */
};

struct shadow_link {
	u32 next, prev; /* numbers of entries, 0: none; prev of the first: RMAP_HEAD | its list */
};

struct aspace {
	struct walk_regime regime; /* number 1: all of it; others: root and adue */
	u64 satp;
	u64 last_use;
	u64 used[SHADOW_ENTRIES / 64]; /* bit i: entry i of some top table is present */
	u32 fences_seen;
	u8 is_used;
};

struct fence {
	bool has_gva, has_asid;
	u16 asid;
	gva_t gva;
};

enum { FENCES_KEPT = 16 }; /* an address space that missed more starts anew */

/* A place of 2 MiB in a view: kept by quick.c while epoch is that of shadow_state. */
struct shadow_quick {
	u64 place, epoch;
	const u64 *guest; /* its table of level 0, by the alias of guest RAM; NULL: not known */
	u64 *leaf;	  /* ours */
	struct quick_rule rule;
	u64 top_pte;
	bool is_global; /* by a pointer */
	u8 takes;	/* CLASS_* of leaf; 0: not known */
};

enum { SHADOW_QUICK = 16, SHADOW_QUICK_SHIFT = 21 };

/* One GiB of global pages; entry `pte` of the guest's top table led to them. */
struct shadow_global {
	u64 pte;
	u16 middle; /* 0: none */
};

struct shadow_state {
	u32 pool_pages, pool_next;    /* pages from pool_next on were never used */
	u32 nfree;		      /* in the list and never used */
	u16 free, dead;		      /* heads of lists */
	u32 fences;		      /* so far */
	u32 aspace_now, aspace_paged; /* in use; of those with translation, the last one in use */
	u64 clock;
	u8 has_keys;
	u64 evictions;
	struct fence fence[FENCES_KEPT];
	struct aspace aspace[SHADOW_ASPACES];
	struct shadow_global global[SHADOW_ENTRIES];
	u64 global_used[SHADOW_ENTRIES / 64];
	u64 epoch; /* grows when a table was unlinked, or tables of the guest may have changed */
	struct shadow_quick quick[SHADOW_QUICK];
};

struct shadow {
	struct monitor_state *m;
	struct shadow_state *st;
	u64 *pool;
	const u64 *pool_pa;
	struct pool_info *info;
	struct shadow_link *link; /* of entry n: what rmap.h keeps */
	u32 *head;		  /* [guest pages + 2 MiB blocks], numbered by struct monitor_region */
};

/* The monitor's: parts at their world addresses. */
#define SHADOW_PARTS                                                                                                   \
	{                                                                                                              \
		.m = (struct monitor_state *)(WORLD_BLOCK + BLOCK_MONITOR), .st = (struct shadow_state *)WORLD_SHADOW, \
		.pool = (u64 *)WORLD_POOL, .pool_pa = (const u64 *)WORLD_POOL_PA,                                      \
		.info = (struct pool_info *)WORLD_POOL_INFO, .link = (struct shadow_link *)WORLD_LINKS,                \
		.head = (u32 *)WORLD_HEADS,                                                                            \
	}
extern const struct shadow world_shadow;

static inline u64 *shadow_page(const struct shadow *s, u32 index)
{
	return s->pool + (u64)index * SHADOW_ENTRIES;
}

static inline u32 shadow_number(const struct shadow *s, const u64 *entry)
{
	return (u32)(entry - s->pool);
}

static inline void shadow_clear(u64 *page)
{
	u64 count = SHADOW_ENTRIES;

	__asm__ volatile("rep stosq" : "+D"(page), "+c"(count) : "a"(0ULL) : "memory");
}

static inline struct shadow_quick *shadow_quick_at(const struct shadow *s, u64 va)
{
	return &s->st->quick[va >> SHADOW_QUICK_SHIFT & (SHADOW_QUICK - 1)];
}

static inline u32 shadow_root(u32 aspace, u32 tree)
{
	return aspace * SHADOW_TREES + tree;
}

/* Pool page of a tree's top table. Without translation, and with keys, the views of an address space share one. */
static inline u32 shadow_top(const struct shadow *s, u32 aspace, u32 tree)
{
	return shadow_root(aspace, aspace < ASPACE_FIRST || s->st->has_keys ? 0 : tree);
}

#endif
