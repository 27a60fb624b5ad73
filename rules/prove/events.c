// SPDX-License-Identifier: GPL-2.0-only
/* events.c: the same accesses in the same order, with the exact guest state at each. Next file: counter.c. */
#include "prove/compare.h"

#include <string.h>

static const char *kind_name(enum event_kind kind)
{
	static const char *const name[] = {
		[EV_LOAD] = "load",
		[EV_STORE] = "store",
		[EV_ATOMIC] = "atomic access",
		[EV_FENCE] = "fence",
		[EV_CLOCK] = "reading of the clock",
	};

	return name[kind];
}

void snapshot_compare(struct compare *cmp, struct goals *goals, const struct snapshot *expected,
		      const struct snapshot *found, const char *when)
{
	char name[48];

	for (unsigned int e = 1; e < cmp->c->nelems; e++) {
		if (expected->elem[e] == found->elem[e])
			continue;
		alias_elem_name(cmp->c, e, cmp->c->elem[e].number, name, sizeof(name));
		goal_add_eq(goals, expected->elem[e], found->elem[e], "register %s %s", name, when);
	}
	for (unsigned int s = 0; s < cmp->guest->nstates && s < HOMES_MAX; s++)
		if (expected->home[s] && expected->home[s] != found->home[s])
			goal_add_eq(goals, expected->home[s], found->home[s], "%s %s", cmp->guest->state[s].name, when);
}

/* The next access of the guest at or behind j that is no fence. */
static const struct event *next_access(const struct guest_path *g, unsigned int j)
{
	for (; j < g->nevents; j++)
		if (g->event[j].kind != EV_FENCE)
			return &g->event[j];
	return NULL;
}

static void compare_place(struct compare *cmp, struct goals *goals, const struct host_event *he,
			  const struct guest_path *g, const struct event *ev, unsigned int n)
{
	char when[32];

	if (he->ev.size != ev->size)
		goal_add(goals, t_false(), "access %u: size %u bytes instead of %u", n, he->ev.size, ev->size);
	if (he->ev.insn != ev->insn)
		goal_add(goals, t_false(), "access %u: recorded for instruction %u of the match instead of %u", n,
			 he->ev.insn, ev->insn);
	goal_add_eq(goals, ev->addr, he->ev.addr, "address of access %u", n);
	snprintf(when, sizeof(when), "at access %u", n);
	snapshot_compare(cmp, goals, &g->before[ev->insn], &he->state, when);
}

/* A read that the fault handler takes for the atomic access behind it. */
static void compare_probe(struct compare *cmp, struct goals *goals, const struct host_event *he,
			  const struct guest_path *g, unsigned int j, unsigned int n)
{
	const struct event *ev = next_access(g, j);

	if (!ev || ev->kind != EV_ATOMIC)
		goal_add(goals, t_false(), "access %u: read ahead of no atomic access", n);
	else
		compare_place(cmp, goals, he, g, ev, n);
}

static void compare_access(struct compare *cmp, struct goals *goals, const struct host_event *he,
			   const struct guest_path *g, const struct event *ev, unsigned int n)
{
	if (he->ev.kind != ev->kind) {
		goal_add(goals, t_false(), "access %u: %s instead of %s", n, kind_name(he->ev.kind),
			 kind_name(ev->kind));
		return;
	}
	if (ev->kind == EV_CLOCK)
		return;
	compare_place(cmp, goals, he, g, ev, n);
	if (he->ev.size == ev->size && ev->kind == EV_STORE)
		goal_add_eq(goals, ev->value, he->ev.value, "value stored by access %u", n);
	if (he->ev.size == ev->size && ev->kind == EV_ATOMIC)
		goal_add_eq(goals, ev->value, he->ev.value, "memory behind access %u", n);
}

/* A failed try in a loop: the access where the guest has its atomic one, and memory as before. */
static void compare_failed_try(struct compare *cmp, struct goals *goals, const struct host_event *he,
			       const struct guest_path *g, unsigned int j, unsigned int n)
{
	if (he->ev.kind == EV_CLOCK) {
		goal_add(goals, t_false(), "event %u: the clock is read in a loop", n);
		return;
	}
	compare_probe(cmp, goals, he, g, j, n);
	if (he->ev.kind == EV_ATOMIC)
		goal_add_eq(goals, he->ev.old, he->ev.value, "memory behind the failed try of access %u", n);
	else if (he->ev.kind != EV_LOAD)
		goal_add(goals, t_false(), "access %u: %s in a loop", n, kind_name(he->ev.kind));
}

/* Guest fences from j on, now that the host has (or has not) fenced. Returns the index behind them. */
static unsigned int pass_fences(struct goals *goals, const struct guest_path *g, unsigned int j, bool has_fence)
{
	for (; j < g->nevents && g->event[j].kind == EV_FENCE; j++)
		if (!has_fence)
			goal_add(goals, t_not(g->event[j].orders), "stores before the fence, loads behind it: order");
	return j;
}

void events_compare(struct compare *cmp, struct goals *goals, const struct host_path *h, const struct guest_path *g)
{
	bool is_back = h->end == HOST_BACK, has_fence = false;
	unsigned int j = 0, n = 0;

	for (unsigned int i = 0; i < h->nevents; i++) {
		const struct host_event *he = &h->event[i];

		if (he->ev.kind == EV_FENCE) {
			has_fence = true;
			continue;
		}
		j = pass_fences(goals, g, j, has_fence);
		has_fence = false;
		if (is_back && i >= h->head_events) {
			compare_failed_try(cmp, goals, he, g, j, n++);
		} else if (he->is_probe) {
			compare_probe(cmp, goals, he, g, j, n++);
		} else if (j < g->nevents) {
			compare_access(cmp, goals, he, g, &g->event[j++], n++);
		} else {
			goal_add(goals, t_false(), "access %u: %s that the guest does not do", n++,
				 kind_name(he->ev.kind));
		}
	}
	if (is_back)
		return;
	j = pass_fences(goals, g, j, has_fence);
	if (j < g->nevents)
		goal_add(goals, t_false(), "%s of the guest is missing", kind_name(g->event[j].kind));
}
