// SPDX-License-Identifier: GPL-2.0-only
/* translate_speed.c: how long translation takes. Guest memory is filled with the code of real programs, over and over,
 * and translated block by block, each once. The code cache is as big as needed and its memory is there beforehand, as
 * in the module, which allocates all of it at creation. Nothing is run.
 * Usage: translate_speed INSNS FILE... (bytes of code, as objcopy -O binary -j .text writes them) */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "block.h"
#include "translate.h"

enum { CODE_BYTES = 64 << 20, NPAGES = 8192, RAM = 0x80000000, ROUNDS = 3 };

#define RAM_BYTES ((size_t)NPAGES * PAGE_BYTES)

static u8 *ram;
static size_t filled;

/* Appends one file, up to the RAM's end. */
static bool append_code(const char *path)
{
	FILE *f = fopen(path, "rb");
	size_t n = f ? fread(ram + filled, 1, RAM_BYTES - filled, f) & ~1UL : 0;

	if (f)
		fclose(f);
	if (!n)
		fprintf(stderr, "translate_speed: %s: no code to read\n", path);
	filled += n;
	return n != 0;
}

static u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000000000 + (u64)ts.tv_nsec;
}

static void *touched(size_t bytes)
{
	void *at = aligned_alloc(4096, (bytes + 4095) & ~4095UL);

	if (!at) {
		fprintf(stderr, "translate_speed: no memory\n");
		exit(1);
	}
	memset(at, 1, bytes);
	return at;
}

/* Returns nanoseconds for at least `insns` instructions. */
static u64 translate_all(struct cache *c, u64 insns)
{
	u64 start = now_ns(), off = 0;
	u32 b;

	while (c->stats.guest_insns < insns && off < filled) {
		u64 page = off & ~(PAGE_BYTES - 1ULL);
		struct translate_request rq = { RAM + off, ram + page, RAM + page + PAGE_BYTES, ram + page + PAGE_BYTES,
						3 };

		if (page + PAGE_BYTES >= RAM_BYTES || translate_block(c, &rq, &b))
			break;
		off += c->block[b].guest_bytes;
	}
	return now_ns() - start;
}

int main(int argc, char **argv)
{
	static const u8 stub[1] = { 0xcc };
	struct cache_memory mem = {
		.code_exec = 0x100000000,
		.keys_exec = 0x100000000 + CODE_BYTES,
		.code_bytes = CODE_BYTES,
		.ram_gpa = RAM,
		.npages = NPAGES,
		.exit_stub = stub,
		.exit_stub_bytes = 1,
		.meta_bytes = cache_meta_bytes(CODE_BYTES, NPAGES),
		.host_features = ~0U,
	};
	u64 insns = argc > 1 ? strtoull(argv[1], NULL, 0) : 0, best = ~0ULL;
	static struct cache c;
	int i;

	if (argc < 3 || !insns) {
		fputs("Usage: translate_speed INSNS FILE...\n", stderr);
		return 2;
	}
	ram = touched(RAM_BYTES);
	mem.code_rw = touched(CODE_BYTES);
	mem.keys_rw = touched(cache_key_bytes(CODE_BYTES));
	mem.meta = touched(mem.meta_bytes);
	while (filled < RAM_BYTES)
		for (i = 2; i < argc && filled < RAM_BYTES; i++)
			if (!append_code(argv[i]))
				return 1;
	for (i = 0; i < ROUNDS; i++) {
		u64 ns;

		if (cache_create(&c, &mem))
			return 1;
		ns = translate_all(&c, insns);
		best = ns < best ? ns : best;
	}
	printf("translated %lu guest instructions in %lu blocks: %.1f ns per instruction (best of %d), by rules "
	       "%.2f%%, "
	       "%.2f code bytes per guest byte\n",
	       c.stats.guest_insns, c.stats.blocks, (double)best / (double)c.stats.guest_insns, ROUNDS,
	       100.0 * (double)c.stats.rule_insns / (double)c.stats.guest_insns,
	       (double)c.stats.host_bytes / (double)c.stats.guest_bytes);
	return 0;
}
