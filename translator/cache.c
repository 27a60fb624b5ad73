// SPDX-License-Identifier: GPL-2.0-only
/* cache.c: segments, their filling and emptying, and what must go when a block is dropped.
 * Next file: index.c, link.c. */
#include "cache.h"

#include "block.h"
#include "index.h"
#include "memo.h"

struct carve {
	u8 *base; /* NULL: only measure */
	size_t used;
};

static void *carve(struct carve *cv, size_t bytes)
{
	void *at = cv->base ? cv->base + cv->used : NULL;

	cv->used += (bytes + 15) & ~(size_t)15;
	return at;
}

static u32 hash_size(u32 nblocks)
{
	u32 n = 1;

	while (n < nblocks * CACHE_HASH_PER_BLOCK)
		n <<= 1;
	return n;
}

/* Hands every table its part of meta; returns the bytes used. */
static size_t carve_all(struct cache *c, u32 code_bytes, u32 npages, u8 *base)
{
	struct carve cv = { base, 0 };
	u32 n = CACHE_SEGMENTS;

	c->nsegments = n;
	c->segment_bytes = (code_bytes - ABI_STUB_BYTES) / n & ~15U;
	c->blocks_each = c->segment_bytes / CACHE_BYTES_PER_BLOCK;
	c->links_each = c->segment_bytes / CACHE_BYTES_PER_LINK;
	c->bounds_each = c->segment_bytes / CACHE_BYTES_PER_BOUND;
	c->accesses_each = c->segment_bytes / CACHE_BYTES_PER_ACCESS;
	c->hash_mask = hash_size(n * c->blocks_each) - 1;
	c->segment = carve(&cv, n * sizeof(*c->segment));
	c->block = carve(&cv, (size_t)n * c->blocks_each * sizeof(*c->block));
	c->link = carve(&cv, (size_t)n * c->links_each * sizeof(*c->link));
	c->bound = carve(&cv, (size_t)n * c->bounds_each * sizeof(*c->bound));
	c->access = carve(&cv, (size_t)n * c->accesses_each * sizeof(*c->access));
	c->hash = carve(&cv, ((size_t)c->hash_mask + 1) * sizeof(*c->hash));
	c->page = carve(&cv, (size_t)npages * sizeof(*c->page));
	c->work = carve(&cv, sizeof(*c->work));
	cv.used = (cv.used + sizeof(*c->memo) - 1) & ~(sizeof(*c->memo) - 1); /* cache lines */
	c->memo = carve(&cv, MEMO_ENTRIES * sizeof(*c->memo));
	return cv.used;
}

void cache_view(struct cache *view, const struct cache *c, void *meta)
{
	*view = *c;
	carve_all(view, c->mem.code_bytes, c->mem.npages, meta);
	view->mem.meta = meta;
	view->mem.code_rw = NULL;
	view->mem.keys_rw = NULL;
	view->page = NULL;
	view->work = NULL;
	view->memo = NULL;
	view->nvcpus = 0;
}

size_t cache_view_bytes(const struct cache *c)
{
	return (size_t)((const u8 *)c->page - (const u8 *)c->mem.meta);
}

static bool size_ok(u32 code_bytes)
{
	return code_bytes <= CACHE_CODE_BYTES_MAX &&
	       code_bytes >= CACHE_SEGMENTS * (u32)CACHE_SEGMENT_BYTES_MIN + ABI_STUB_BYTES;
}

size_t cache_meta_bytes(u32 code_bytes, u32 npages)
{
	struct cache c;

	return size_ok(code_bytes) ? carve_all(&c, code_bytes, npages, NULL) : 0;
}

size_t cache_key_bytes(u32 code_bytes)
{
	struct cache c;

	carve_all(&c, code_bytes, 0, NULL);
	return (size_t)c.nsegments * c.links_each * sizeof(u64);
}

/* Every key, from every instruction. */
static bool keys_reach(const struct cache_memory *mem)
{
	u64 bytes = cache_key_bytes(mem->code_bytes), code_end = mem->code_exec + mem->code_bytes;
	s64 up = (s64)(mem->keys_exec + bytes - mem->code_exec), down = (s64)(mem->keys_exec - code_end);

	return up == (s32)up && down == (s32)down;
}

static u32 segment_begin(const struct cache *c, u32 s)
{
	return ABI_STUB_BYTES + s * c->segment_bytes;
}

static void segment_reset(struct cache *c, u32 s)
{
	memset(&c->segment[s], 0, sizeof(c->segment[s]));
	c->segment[s].host = segment_begin(c, s);
	c->segment[s].is_empty = 1;
}

int cache_create(struct cache *c, const struct cache_memory *mem)
{
	u32 s;

	if (!size_ok(mem->code_bytes) || mem->exit_stub_bytes > LINK_STUB_LOOKUP || (mem->ram_gpa & 4095) ||
	    !keys_reach(mem))
		return -EINVAL;
	if (mem->meta_bytes < cache_meta_bytes(mem->code_bytes, mem->npages))
		return -ENOMEM;
	memset(c, 0, sizeof(*c));
	c->mem = *mem;
	carve_all(c, mem->code_bytes, mem->npages, mem->meta);
	memset(c->hash, 0xff, ((size_t)c->hash_mask + 1) * sizeof(*c->hash));
	memset(c->page, 0xff, (size_t)mem->npages * sizeof(*c->page));
	block_work_init(c->work, c->memo);
	for (s = 0; s < c->nsegments; s++)
		segment_reset(c, s);
	c->segment[0].is_empty = 0;
	link_write_stubs(c);
	return 0;
}

/* Host first: who has seen the old key misses. The key of an empty entry may equal an odd target. */
static void forget_jump(const struct cache *c, struct abi_jump *jump)
{
	*(volatile u64 *)&jump->host = cache_exec(c, LINK_STUB_EMPTY);
	*(volatile u64 *)&jump->key = ~0ULL;
}

bool cache_enter_jump(const struct cache *c, struct abi_jump *jump, u64 key, const struct block *blk)
{
	*(volatile u64 *)&jump->key = ~0ULL;
	*(volatile u64 *)&jump->host = cache_exec(c, blk->host);
	*(volatile u64 *)&jump->key = key;
	if (cache_is_live(blk))
		return true;
	forget_jump(c, jump);
	return false;
}

int cache_add_vcpu(struct cache *c, struct cache_vcpu *vcpu)
{
	u32 i;

	if (c->nvcpus == CACHE_VCPUS_MAX)
		return -ENOMEM;
	for (i = 0; i < ABI_JUMP_ENTRIES; i++)
		forget_jump(c, &vcpu->jump[i]);
	vcpu->seen = c->epoch;
	c->vcpu[c->nvcpus++] = vcpu;
	return 0;
}

/* The slot depends on 13 bits of the guest virtual address, of which 12 are known: two candidates per vCPU. */
static void forget_jumps(struct cache *c, const struct block *blk)
{
	u32 half = ABI_JUMP_ENTRIES / 2, slot = (u32)(blk->gpa & 4095) >> 1, i;
	u64 host = cache_exec(c, blk->host);

	_Static_assert(ABI_JUMP_BITS == 12, "two candidates");
	for (i = 0; i < c->nvcpus; i++) {
		struct abi_jump *jump = c->vcpu[i]->jump;

		if (jump[slot].host == host)
			forget_jump(c, &jump[slot]);
		if (jump[slot + half].host == host)
			forget_jump(c, &jump[slot + half]);
	}
}

void cache_drop_block(struct cache *c, u32 b)
{
	struct block *blk = &c->block[b];
	u32 i;

	if (!blk->is_live)
		return;
	__atomic_store_n(&blk->is_live, 0, __ATOMIC_RELAXED);
	__atomic_thread_fence(
		__ATOMIC_SEQ_CST); /* before jump entries and keys are looked at; partner: cache_is_live() */
	c->epoch++;
	while (blk->incoming != BLOCK_NONE)
		link_clear(c, blk->incoming);
	for (i = 0; i < blk->nlinks; i++)
		link_clear(c, blk->link + i);
	forget_jumps(c, blk);
	index_remove(c, b);
}

u32 cache_invalidate_page(struct cache *c, gpa_t gpa)
{
	u32 page = index_page(c, gpa), n = 0;

	if (page == (u32)CACHE_NONE)
		return 0;
	while (c->page[page] != BLOCK_NONE) {
		cache_drop_block(c, c->page[page]);
		n++;
	}
	c->stats.invalidations += n;
	return n;
}

void cache_invalidate_all(struct cache *c)
{
	u32 page;

	for (page = 0; page < c->mem.npages; page++)
		if (c->page[page] != BLOCK_NONE)
			cache_invalidate_page(c, c->mem.ram_gpa + ((u64)page << 12));
}

bool cache_page_has_code(const struct cache *c, gpa_t gpa)
{
	u32 page = index_page(c, gpa);

	return page != (u32)CACHE_NONE && c->page[page] != BLOCK_NONE;
}

static void segment_drop(struct cache *c, u32 s)
{
	struct cache_segment *seg = &c->segment[s];
	u32 first = s * c->blocks_each, i;

	for (i = 0; i < seg->nblocks; i++)
		cache_drop_block(c, first + i);
	seg->retired = c->epoch;
	seg->is_empty = 1;
	c->stats.evictions++;
}

/* Has every vCPU been outside the cache since `epoch`? */
static bool all_left(const struct cache *c, u64 epoch)
{
	u32 i;

	for (i = 0; i < c->nvcpus; i++)
		if (c->vcpu[i]->seen < epoch)
			return false;
	return true;
}

static bool segment_has_room(const struct cache *c, u32 s)
{
	const struct cache_segment *seg = &c->segment[s];

	return seg->host + BLOCK_HOST_BYTES_MAX <= segment_begin(c, s) + c->segment_bytes &&
	       seg->nblocks < c->blocks_each && seg->nlinks + BLOCK_JUMPS_MAX <= c->links_each &&
	       seg->nbounds + BLOCK_INSNS_MAX <= c->bounds_each &&
	       seg->naccesses + BLOCK_INSNS_MAX * TMPL_ACCESSES_MAX <= c->accesses_each;
}

int cache_reserve(struct cache *c)
{
	u32 next = (c->filling + 1) % c->nsegments;

	if (segment_has_room(c, c->filling))
		return 0;
	if (!c->segment[next].is_empty)
		segment_drop(c, next);
	if (!all_left(c, c->segment[next].retired))
		return -EAGAIN;
	segment_reset(c, next);
	c->segment[next].is_empty = 0;
	c->filling = next;
	return 0;
}

u32 cache_block_at(const struct cache *c, u32 host)
{
	u32 s = (host - ABI_STUB_BYTES) / c->segment_bytes, lo, hi;

	if (host < ABI_STUB_BYTES || s >= c->nsegments)
		return BLOCK_NONE;
	lo = s * c->blocks_each;
	hi = lo + c->segment[s].nblocks;
	while (lo < hi) { /* the first block that ends behind host */
		u32 mid = lo + (hi - lo) / 2;

		if (c->block[mid].host_end <= host)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == s * c->blocks_each + c->segment[s].nblocks || c->block[lo].host > host)
		return BLOCK_NONE;
	return lo;
}
