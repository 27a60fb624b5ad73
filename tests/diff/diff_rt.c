// SPDX-License-Identifier: GPL-2.0-only
/* diff_rt.c: guest side of the differential test: runs every block of an image, folds what it left in registers and
 * memory and the traps it took into hashes, and prints one per group of blocks. Two emulators agree on an image if
 * they print the same text. Next file: image.h, diff_enter.S. */
#include "diff_rt.h"
#include "image.h"
#include "rt.h"

enum {
	MPP_SHIFT = 11,
	FS_SHIFT = 13,
	FS = 3 << FS_SHIFT,
	SSTATUS_BITS = 0xc0122, /* MXR SUM SPP SPIE SIE */
	TRAPS_MAX = 500,	/* of one block: more means that it runs away */
	CAUSE_FETCH_MISALIGNED = 0,
	CAUSE_FETCH_ACCESS = 1,
	CAUSE_ILLEGAL = 2,
	CAUSE_BREAKPOINT = 3,
	CAUSE_LOAD_MISALIGNED = 4,
	CAUSE_LOAD_ACCESS = 5,
	CAUSE_STORE_MISALIGNED = 6,
	CAUSE_STORE_ACCESS = 7,
};

static const struct diff_header *const header = (const struct diff_header *)DIFF_PROGRAM;
static uint64_t *const scratch = (uint64_t *)DIFF_SCRATCH;
static const struct diff_block *block;
static struct diff_context context;
static uint64_t trap_hash, trap_count;
static int is_dumping;

static uint64_t fold(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL; /* 2^64 / golden ratio, odd */
	return hash ^ hash >> 29;
}

/* First halfword of the instruction at pc, by parcels: it may straddle pages. */
static uint32_t fetch_word(uint64_t pc)
{
	const uint16_t *p = (const uint16_t *)pc;

	return (p[0] & 3) == 3 ? p[0] | (uint32_t)p[1] << 16 : p[0];
}

/* QEMU 7.2 reports an AMO as a load if its read part faults; the manual (unpriv "Atomic Memory Operations",
 * priv "mcause": store/AMO) wants 6 and 7. LR is a load for both. */
static uint64_t cause_normalised(uint64_t cause, uint64_t pc)
{
	uint32_t word;

	if (cause != CAUSE_LOAD_MISALIGNED && cause != CAUSE_LOAD_ACCESS)
		return cause;
	word = fetch_word(pc);
	if ((word & 0x7f) != 0x2f || word >> 27 == 2)
		return cause;
	return cause == CAUSE_LOAD_MISALIGNED ? CAUSE_STORE_MISALIGNED : CAUSE_STORE_ACCESS;
}

/* QEMU 7.2 splits a misaligned access where no memory is, and reports the aligned address of its first part. */
static uint64_t tval_normalised(uint64_t cause, uint64_t tval, uint64_t pc)
{
	uint32_t word;

	if (cause == CAUSE_ILLEGAL || cause == CAUSE_BREAKPOINT)
		return 0; /* zero or the instruction's bits, zero or its address: all legal */
	if (cause != CAUSE_LOAD_ACCESS && cause != CAUSE_STORE_ACCESS)
		return tval;
	word = fetch_word(pc);
	if ((word & 3) == 3)
		return tval & -(1ULL << (word >> 12 & 3)); /* funct3: log2 of the size */
	return tval & (word >> 13 & 1 ? -8ULL : -4ULL);
}

int diff_on_trap(struct diff_context *c, uint64_t cause, uint64_t pc, uint64_t tval)
{
	uint64_t ignored;

	if (cause == CAUSE_BREAKPOINT && (pc == block->end || pc == block->cut))
		return 0;
	/* No reservation outlives a trap: the manual leaves that open. */
	__asm__ volatile("sc.d zero, zero, (%1)" : "=m"(ignored) : "r"(&ignored));
	tval = tval_normalised(cause, tval, pc);
	__asm__ volatile("csrw mtval, %0" : : "r"(tval)); /* blocks may read it */
	cause = cause_normalised(cause, pc);
	trap_hash = fold(fold(fold(trap_hash, cause), pc), tval);
	if (is_dumping)
		rt_printf("trap %lu pc %lx tval %lx\n", cause, pc, tval);
	if (++trap_count > TRAPS_MAX || cause == CAUSE_FETCH_ACCESS || cause == CAUSE_FETCH_MISALIGNED)
		return 0;
	c->entry = pc + ((fetch_word(pc) & 3) == 3 ? 4 : 2);
	return 1;
}

static void dump_block(uint64_t n, uint64_t hash)
{
	for (int i = 1; i < 32; i++)
		rt_printf("x%d %016lx\n", i, context.x[i]);
	for (int i = 0; i < 32 && block->fs; i++)
		rt_printf("f%d %016lx\n", i, context.f[i]);
	if (block->fs)
		rt_printf("fcsr %lx\n", context.fcsr);
	for (uint64_t i = 0; i < block->mem_bytes / 8; i++)
		rt_printf("m%03lx %016lx\n", i * 8, scratch[i]);
	rt_printf("block %lu traps %lu hash %016lx\n", n, trap_count, hash);
}

static uint64_t random_next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Numbers near 1 of both formats, whole ones and with few bits among them; special ones; anything. */
static uint64_t f_value(uint64_t *seed)
{
	static const uint64_t special[] = { 0,
					    1ULL << 63,
					    0x7ff0000000000000,
					    0x7ff8000000000000,
					    0x7ff0000000000001,
					    0xffffffff7fc00000,
					    0xffffffff7f800001,
					    0xffffffffff800000,
					    0xffffffff00000000,
					    0xffffffff00000001,
					    1,
					    0x41efffffffe00000,
					    0x43e0000000000000,
					    0xffffffff4f000000,
					    0xffffffff5f000000,
					    0xffffffff80000000 };
	uint64_t r = random_next(seed), how = r >> 56 & 7, sign = r >> 63, exponent = r >> 40 & 63;
	uint64_t fraction = random_next(seed) >> 12 >> (r >> 32 & 1 ? r >> 33 & 31 : 0) << (r >> 46 & 51);

	if (how == 0)
		return r * 0x9e3779b97f4a7c15ULL;
	if (how == 1)
		return special[r & 15];
	if (how < 5)
		return sign << 63 | (1023 - 8 + exponent) << 52 | (fraction & ((1ULL << 52) - 1));
	return 0xffffffffULL << 32 | sign << 31 | (127 - 8 + exponent) << 23 | (fraction >> 29 & 0x7fffff);
}

static void fp_enter(void)
{
	uint64_t seed = block->seed ^ 0x5555;

	if (!block->fs)
		return;
	for (int i = 0; i < 32; i++)
		context.f[i] = f_value(&seed);
	context.fcsr = block->fcsr;
	__asm__ volatile("csrs mstatus, %0" : : "r"(FS));
	diff_load_fp(&context);
	__asm__ volatile("csrc mstatus, %0; csrs mstatus, %1" : : "r"(FS), "r"(block->fs << FS_SHIFT));
}

/* Off again: instructions of F are illegal in blocks that do not ask for it. */
static uint64_t fp_leave(uint64_t hash)
{
	if (!block->fs)
		return hash;
	__asm__ volatile("csrs mstatus, %0" : : "r"(FS));
	diff_store_fp(&context);
	__asm__ volatile("csrc mstatus, %0" : : "r"(FS));
	for (int i = 0; i < 32; i++)
		hash = fold(hash, context.f[i]);
	return fold(hash, context.fcsr);
}

static uint64_t run_block(uint64_t n)
{
	uint64_t seed, hash = n, words;

	block = (const struct diff_block *)header->block_table + n;
	words = block->mem_bytes / 8;
	seed = block->seed;
	for (uint64_t i = 0; i < words; i++)
		scratch[i] = random_next(&seed);
	for (int i = 1; i < 32; i++)
		context.x[i] = block->x[i];
	context.entry = block->entry;
	context.mpp = block->mode << MPP_SHIFT;
	trap_hash = trap_count = 0;
	/* what a block can see beside registers and memory: CSRs, the reservation */
	__asm__ volatile("csrw mtval, zero; csrw stval, zero; csrw sscratch, zero; csrw sepc, zero");
	__asm__ volatile("csrw scause, zero; csrw stvec, zero; csrc sstatus, %0" : : "r"(SSTATUS_BITS));
	__asm__ volatile("sc.d zero, zero, (%0)" : : "r"(scratch + DIFF_SCRATCH_MAX / 8) : "memory");
	fp_enter();
	diff_enter(&context);
	hash = fp_leave(hash);
	for (int i = 1; i < 32; i++)
		hash = fold(hash, context.x[i]);
	for (uint64_t i = 0; i < words; i++)
		hash = fold(hash, scratch[i]);
	hash = fold(fold(hash, trap_hash), trap_count);
	if (is_dumping)
		dump_block(n, hash);
	return hash;
}

int main(void)
{
	uint64_t group_hash = 0, total = 0;

	if (header->magic != DIFF_MAGIC)
		return 2;
	/* QEMU has PMP: everything is allowed. Without PMP entries both writes are ignored. */
	__asm__ volatile("csrw pmpaddr0, %0; csrw pmpcfg0, %1" : : "r"(~0UL), "r"(0x1f));
	__asm__ volatile("csrw mcounteren, zero; csrw scounteren, zero");
	if (header->dump_blocks) {
		is_dumping = 1;
		for (uint64_t i = 0; i < header->dump_blocks; i++)
			run_block(header->dump_first + i);
		return 0;
	}
	for (uint64_t n = 0; n < header->nblocks; n++) {
		if (n / header->group_blocks % header->stride)
			continue;
		group_hash = fold(group_hash, run_block(n));
		if ((n + 1) % header->group_blocks && n + 1 < header->nblocks)
			continue;
		rt_printf("%lx %016lx\n", n / header->group_blocks, group_hash);
		total = fold(total, group_hash);
		group_hash = 0;
	}
	rt_printf("blocks %lu hash %016lx\n", header->nblocks, total);
	return 0;
}
