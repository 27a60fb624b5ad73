// SPDX-License-Identifier: GPL-2.0-only
/* fuzz_translate.c: libFuzzer target: any words as guest code, with the real rules. Nothing is run; assertions of the
 * translator and the checks here must hold: host bytes, records and links of each block lie where they should. Input:
 * first two bytes the offset to start at, the rest the content of two pages. Run by `make fuzz-translate`. */
#include <stdlib.h>

#include "block.h"
#include "translate.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { CODE_BYTES = CACHE_SEGMENTS * CACHE_SEGMENT_BYTES_MIN + ABI_STUB_BYTES + 1024, NPAGES = 2, RAM = 0x80000000 };

static struct cache c;
static struct cache_vcpu vcpu;
static struct abi_table table;
static struct abi_jump jump[ABI_JUMP_ENTRIES];
static u8 ram[NPAGES * PAGE_BYTES];

static void create(void)
{
	static const u8 stub[2] = { 0x0f, 0x0b };
	struct cache_memory mem = {
		.code_rw = malloc(CODE_BYTES),
		.code_exec = 0x100000000,
		.keys_rw = calloc(1, cache_key_bytes(CODE_BYTES)),
		.keys_exec = 0x100000000 + CODE_BYTES,
		.code_bytes = CODE_BYTES,
		.meta_bytes = cache_meta_bytes(CODE_BYTES, NPAGES),
		.state_disp = 0x1000,
		.ram_gpa = RAM,
		.npages = NPAGES,
		.exit_stub = stub,
		.exit_stub_bytes = sizeof(stub),
	};

	mem.meta = malloc(mem.meta_bytes);
	vcpu.jump = jump;
	vcpu.table = &table;
	if (!mem.code_rw || !mem.keys_rw || !mem.meta || cache_create(&c, &mem) || cache_add_vcpu(&c, &vcpu))
		abort();
}

static void check_block(u32 b)
{
	const struct block *blk = &c.block[b];
	struct fault_site site;
	u32 i;

	if (blk->host_end <= blk->host || !blk->nbounds || blk->nbounds > BLOCK_INSNS_MAX || !blk->guest_bytes)
		abort();
	for (i = 0; i < blk->nlinks; i++) {
		const struct link *lk = &c.link[blk->link + i];

		if (lk->rel < blk->host || lk->rel + 4 > blk->host_end || (lk->rel & 7) > 4 || lk->cold < blk->host ||
		    lk->cold >= blk->host_end || lk->block != b)
			abort();
	}
	for (i = 0; i < blk->naccesses; i++) {
		const struct access_record *a = &c.access[blk->access + i];

		if (faultmap_find(&c, blk->host + a->host, &site) || site.access != a || !a->len ||
		    a->guest >= PAGE_BYTES)
			abort();
	}
	if (faultmap_find(&c, blk->host, &site) || !site.is_boundary || site.guest != (blk->gpa & 4095))
		abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct translate_request rq = { .page = ram, .gpa_next = RAM + PAGE_BYTES, .next_page = ram + PAGE_BYTES };
	u32 off, b, prev = BLOCK_NONE;

	if (!c.block)
		create();
	if (size < 4 || size > sizeof(ram))
		return 0;
	cache_invalidate_all(&c);
	memset(ram, data[2], sizeof(ram));
	off = (data[0] | data[1] << 8) & 4094;
	c.mem.count_insns = data[0] & 1;
	c.mem.host_features = data[1] >> 6;
	memcpy(ram + (off & 1 ? 0 : off), data + 2, size - 2 < sizeof(ram) - off ? size - 2 : sizeof(ram) - off);
	while (off < PAGE_BYTES) {
		rq.gpa = RAM + off;
		vcpu.seen = c.epoch;
		if (translate_block(&c, &rq, &b)) {
			vcpu.seen = c.epoch;
			if (translate_block(&c, &rq, &b))
				abort();
			prev = BLOCK_NONE;
		}
		check_block(b);
		if (prev != BLOCK_NONE && c.block[prev].is_live && c.block[prev].nlinks)
			link_set(&c, c.block[prev].link, b, 2);
		prev = b;
		off += c.block[b].guest_bytes;
	}
	return 0;
}
