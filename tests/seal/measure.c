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

/* One stay: translated code that comes to the exit stub at once. */
static void stay(struct world *w)
{
	w->frame->rip = WORLD_CODE + SEAL_COUNT;
	space_enter(w->space);
}

static void section(struct world *w)
{
	space_end(w->space);
	space_begin(w->space);
}

/* What the code of the stay itself is: 5 instructions and the exit stub's 4. */
enum { GUEST_INSNS = 9 };

static u64 least(struct world *w, void (*what)(struct world *w), u32 rounds)
{
	u64 start, took, min = U64_MAX;
	u32 i;

	for (i = 0; i < rounds; i++) {
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

/* ---- a page of the window ---- */

static void load(struct world *w)
{
	w->frame->reg[ABI_RSI] = SEAL_PAGED_GVA;
	w->frame->rip = WORLD_CODE + SEAL_FETCH;
	space_enter(w->space);
}

static void fence(struct world *w)
{
	const struct fence fence = { .has_gva = true, .gva = SEAL_PAGED_GVA };

	space_fence(w->space, &fence);
}

static void fence_and_load(struct world *w)
{
	fence(w);
	load(w);
}

/* The fault, the walk of three tables, and one entry: what a load costs more after a fence. */
static void measure_fill(struct world *w, u32 rounds, u64 empty)
{
	u64 loaded, fenced, both;

	seal_use_paged(w);
	seal_run(w, SEAL_COUNT);
	space_begin(w->space);
	loaded = least(w, load, rounds) - empty;
	fenced = least(w, fence, rounds) - empty;
	both = least(w, fence_and_load, rounds) - empty;
	space_end(w->space);
	pr_info("seal: page fill, Sv39: %llu\nseal: address fence: %llu\n", both - loaded - fenced, fenced);
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
	measure_fill(w, rounds, empty);
}
