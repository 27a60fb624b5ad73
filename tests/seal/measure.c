// SPDX-License-Identifier: GPL-2.0-only
/* measure.c: what entering and leaving cost, in ticks of the time stamp counter: in the test machine with --icount those
 * are executed instructions. Each operation is timed alone, many times, and the least counts: no interrupt hit that one.
 * Next file: kmod/space_stay.c (which is measured). */
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/sched.h>
#include <linux/timex.h>

#include "seal.h"
#include "world/shadow.h"

static void nothing(struct world *w)
{
}

/* To the end, whatever the host wants meanwhile. */
static void run(struct world *w, u32 code)
{
	w->frame->rip = WORLD_CODE + code;
	while (space_enter(w->space) == SPACE_HOST)
		;
}

/* One stay: translated code that comes to the exit stub at once. */
static void stay(struct world *w)
{
	run(w, SEAL_COUNT);
}

static void section(struct world *w)
{
	space_end(w->space);
	space_begin(w->space);
}

/* What the code of the stay itself is: 5 instructions and the exit stub's 4. */
enum { GUEST_INSNS = 9 };

/* What is done before each time, if anything, is not counted. */
static u64 least_after(struct world *w, void (*before)(struct world *w), void (*what)(struct world *w), u32 rounds)
{
	u64 start, took, min = U64_MAX;
	u32 i;

	for (i = 0; i < rounds; i++) {
		before(w);
		start = get_cycles();
		what(w);
		took = get_cycles() - start;
		min = min(min, took);
		if (space_must_end()) {
			space_end(w->space);
			cond_resched();
			space_begin(w->space);
		}
	}
	return min;
}

static u64 least(struct world *w, void (*what)(struct world *w), u32 rounds)
{
	return least_after(w, nothing, what, rounds);
}

/* ---- pages of the window ---- */

enum { SWEPT_PAGES = 64 };

static void load(struct world *w)
{
	w->frame->reg[ABI_RSI] = SEAL_PAGED_GVA;
	run(w, SEAL_FETCH);
}

static void sweep(struct world *w)
{
	w->frame->reg[ABI_RSI] = SEAL_PAGED_GVA;
	w->frame->reg[ABI_RDI] = SEAL_PAGED_GVA + SWEPT_PAGES * PAGE_SIZE;
	run(w, SEAL_SWEEP);
}

static void fence_at(struct world *w, gva_t gva)
{
	const struct fence fence = { .has_gva = true, .gva = gva, .has_asid = true, .asid = 1 };

	space_fence(w->space, &fence);
}

static void fence_swept(struct world *w)
{
	u32 i;

	for (i = 0; i < SWEPT_PAGES; i++)
		fence_at(w, SEAL_PAGED_GVA + i * PAGE_SIZE);
}

static void fence_one(struct world *w)
{
	fence_at(w, SEAL_PAGED_GVA);
}

static void fence_all(struct world *w)
{
	const struct fence fence = { .has_gva = false };

	space_fence(w->space, &fence);
}

/* What a store to each page of a row costs more after fences of all the addresses. */
static u64 fill_each(struct world *w, u32 rounds, enum seal_row row)
{
	u64 filled;

	seal_use_row(w, SWEPT_PAGES, row);
	space_begin(w->space);
	filled = least_after(w, sweep, sweep, rounds);
	filled = (least_after(w, fence_swept, sweep, rounds) - filled) / SWEPT_PAGES;
	space_end(w->space);
	return filled;
}

static void measure_fills(struct world *w, u32 rounds, u64 empty)
{
	u64 loaded;

	pr_info("seal: page fill, Sv39, no neighbour ready: %llu\n", fill_each(w, rounds, SEAL_ROW_MIXED));
	pr_info("seal: page fill, Sv39, a page of a row: %llu\n", fill_each(w, rounds, SEAL_ROW_SAME));
	seal_use_row(w, 1, SEAL_ROW_SAME);
	space_begin(w->space);
	loaded = least_after(w, load, load, rounds);
	pr_info("seal: fence of an address: %llu, the load after it: %llu more\n",
		least_after(w, load, fence_one, rounds) - empty, least_after(w, fence_one, load, rounds) - loaded);
	pr_info("seal: fence of all: %llu, the load after it: %llu more\n",
		least_after(w, load, fence_all, rounds) - empty, least_after(w, fence_all, load, rounds) - loaded);
	space_end(w->space);
}

void seal_measure(struct world *w, u32 rounds)
{
	u64 empty, stayed, fpu;

	seal_run(w, SEAL_COUNT); /* what is done once per CPU */
	space_begin(w->space);
	empty = least(w, nothing, rounds);
	stayed = least(w, stay, rounds) - empty - GUEST_INSNS;
	fpu = least(w, section, rounds) - empty;
	space_end(w->space);
	pr_info("seal: enter and leave: %llu\nseal: FPU section, end and begin: %llu\n", stayed, fpu);
	measure_fills(w, rounds, empty);
}
