/* SPDX-License-Identifier: GPL-2.0-only */
/* cache.h: the code cache of one VM: its bytes, the blocks in them, and what is recorded about each block.
 *
 * Owns:    everything in the regions handed over at creation: code bytes, keys of links, and `meta` for all tables. No allocation
 *          happens later; every table has a fixed share of `meta`, and a full one ends the segment.
 * Promise: eviction is FIFO by segment. The cache is cut into equal segments, filled one after the other; when the
 *          current one is full the next is emptied as a whole. So a block lives for at least (segments - 1) / segments
 *          of the cache's size in new code, eviction is O(blocks of a segment), and nothing is ever moved. The bytes and
 *          records of a dropped block stay as they were until each vCPU has been outside the cache once (epochs).
 *          So who runs code may look blocks and records up without a lock, by cache_view(), index_find(), cache_block_at()
 *          and faultmap_access(); before it relies on a block that nothing of the running code led to, it makes sure that
 *          the block is_live behind whatever store would keep it reachable: cache_enter_jump().
 * Locks:   the caller's: all other calls on one cache are serialised. vCPUs run code meanwhile.
 * Context: any that may hold that lock; never sleeps.
 * Errors:  -EINVAL (also: the keys are out of the code's reach), -ENOMEM (regions too small), -EAGAIN (vCPUs must leave first); on error nothing changed.
 * Next file: translate.h, then block.h. */
#ifndef LDBT_CACHE_H
#define LDBT_CACHE_H

#include "abi.h"
#include "faultmap.h"
#include "link.h"
#include "port.h"

enum {
	CACHE_SEGMENTS = 8,
	CACHE_SEGMENT_BYTES_MIN = 32 << 10,
	CACHE_CODE_BYTES_MAX = 1 << 30, /* rel32 and 31-bit offsets must reach */
	/* Room in the tables: one block, link ... per so many bytes of code. Debian's kernel and programs have one per 190, 120, 15.5
	 * and 47; where code has more of them, its segment ends sooner. */
	CACHE_BYTES_PER_BLOCK = 144,
	CACHE_BYTES_PER_LINK = 88,
	CACHE_BYTES_PER_BOUND = 12,
	CACHE_BYTES_PER_ACCESS = 36,
	CACHE_HASH_PER_BLOCK = 2, /* buckets of the index, rounded up to a power of two */
	CACHE_VCPUS_MAX = 64,
	CACHE_NONE = -1, /* no block, no link, no page: all-ones in u32 */
};

#define BLOCK_NONE ((u32)CACHE_NONE)
#define GPA_NONE   (~0ULL)

/* What a block was translated from, and where. Numbers count from the start of the pools below. */
struct block {
	gpa_t gpa;		 /* of its first instruction */
	gpa_t gpa_next;		 /* straddling block: gpa of the second page; else GPA_NONE */
	u32 host, host_end;	 /* bytes [host, host_end) of the cache; the entry is host */
	u32 bound, access, link; /* first records */
	u32 incoming;		 /* list of links that jump here */
	u32 next_hash;
	u32 next_page[2]; /* list of the page of gpa, and of gpa_next */
	u16 naccesses, nlinks, guest_bytes;
	u8 nbounds; /* = guest instructions */
	u8 state;   /* privilege mode and other bits of the key */
	u8 is_live; /* 0: dropped, its bytes may still run */
};

/* One segment: fill levels of its shares. */
struct cache_segment {
	u32 host, nblocks, nlinks, nbounds, naccesses; /* host: next free byte, offset in the cache */
	u64 retired; /* epoch of its emptying: free for reuse when all vCPUs have seen it */
	u8 is_empty;
};

/* The host's view of one vCPU, for dropping jump table entries. */
struct cache_vcpu {
	struct abi_jump *jump; /* writable, ABI_JUMP_ENTRIES */
	struct abi_table *table;
	u64 seen; /* epoch at which it was last outside; the host writes it on every leave */
};

struct cache_memory {
	u8 *code_rw;   /* writable alias of the code bytes */
	u64 code_exec; /* the same bytes as guest code sees them */
	u64 *keys_rw;  /* writable alias of the key table: cache_key_bytes() bytes, zeroed */
	u64 keys_exec; /* the same as guest code sees it */
	u32 code_bytes;
	void *meta; /* cache_meta_bytes() bytes, 64-byte aligned */
	size_t meta_bytes;
	s32 state_disp; /* displacement of the state area under HOME_SEG */
	gpa_t ram_gpa;	/* pages that may hold code: [ram_gpa, ram_gpa + npages * 4096) */
	u32 npages;
	const u8 *exit_stub; /* the host room's code for ABI_STUB_EXIT, position independent */
	u32 exit_stub_bytes; /* at most LINK_STUB_LOOKUP */
	u32 host_features;   /* bit per enum host_feature of gen/rules.h */
	bool count_insns;    /* blocks add their instructions to the home slot ABI_HOME_COUNT: for measuring */
	s32 arm_counts; /* displacement under HOME_SEG of u64[rule_arm_count]: executions of each arm. 0: not counted */
	bool no_links;	/* every block exits at its end: for lockstep checks */
};

struct cache_stats {
	u64 blocks, guest_insns, host_bytes, guest_bytes;
	u64 rule_insns; /* translated by a rule (or dropped as pure) */
	u64 evictions, invalidations, links_set, unlinks;
};

struct block_work;
struct memo;

struct cache {
	struct cache_memory mem;
	u32 segment_bytes, filling, nsegments;			 /* filling: the segment that new blocks go to */
	u32 blocks_each, links_each, bounds_each, accesses_each; /* per segment */
	u32 hash_mask;
	u64 epoch; /* grows with every drop */
	struct cache_segment *segment;
	struct block *block;
	struct link *link;
	struct bound *bound;
	struct access_record *access;
	u32 *hash;		 /* [hash_mask + 1] -> block */
	u32 *page;		 /* [npages] -> block: list of blocks with code of that page; BLOCK_NONE: no code */
	struct block_work *work; /* scratch of the block being made */
	struct memo *memo;
	struct cache_vcpu *vcpu[CACHE_VCPUS_MAX];
	u32 nvcpus;
	struct cache_stats stats;
};

/* Bytes of the key table for that much code. */
size_t cache_key_bytes(u32 code_bytes);
/* Bytes of meta needed for that much code and that many guest pages; 0 if the sizes are out of range. */
size_t cache_meta_bytes(u32 code_bytes, u32 npages);
int cache_create(struct cache *c, const struct cache_memory *mem);
int cache_add_vcpu(struct cache *c, struct cache_vcpu *vcpu);

/* Makes sure that the current segment has room for any block, emptying the next one if need be. */
int cache_reserve(struct cache *c);
/* Takes block b out: no link, no jump table entry and no index leads to it any more. */
void cache_drop_block(struct cache *c, u32 b);
/* Drops all blocks with code of that page. Returns how many. */
u32 cache_invalidate_page(struct cache *c, gpa_t gpa);
void cache_invalidate_all(struct cache *c);
bool cache_page_has_code(const struct cache *c, gpa_t gpa);

/* For a vCPU that finds the first cache_view_bytes() of c->mem.meta at `meta`: the same cache, to be read. */
void cache_view(struct cache *view, const struct cache *c, void *meta);
size_t cache_view_bytes(const struct cache *c);

/* After own stores that make block b reachable: has it not been dropped before they could be seen? Else they must be
 * taken back. Partner: cache_drop_block(), which looks at them behind its own fence. */
static inline bool cache_is_live(const struct block *b)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(&b->is_live, __ATOMIC_RELAXED);
}

/* Jump table entry: key leads to the block. False: it was just dropped; the entry is empty. Needs no lock, as a view has. */
bool cache_enter_jump(const struct cache *c, struct abi_jump *jump, u64 key, const struct block *blk);

/* The block whose bytes hold host offset `host` (dropped ones included while intact), or BLOCK_NONE. */
u32 cache_block_at(const struct cache *c, u32 host);

static inline u64 cache_exec(const struct cache *c, u32 host)
{
	return c->mem.code_exec + host;
}

#endif
