// SPDX-License-Identifier: GPL-2.0-only
/* guest.c: see guest.h. Next file: host.c. */
#include "prove/guest.h"

#include <stdio.h>
#include <string.h>

struct guest_run {
	struct run run; /* first: callbacks get a pointer to it */
	struct alias_case *c;
	struct guest_path *p;
	struct snapshot now;
	unsigned int insn;
	term next_pc; /* NULL: not set by this instruction */
};

static struct guest_run *of(struct run *run)
{
	return (struct guest_run *)run;
}

term mem_unknown(unsigned int access, unsigned int size)
{
	char name[32];

	snprintf(name, sizeof(name), "memory.%u:%u", access, size);
	return t_var(name, 8 * size);
}

term clock_unknown(unsigned int reading)
{
	char name[32];

	snprintf(name, sizeof(name), "clock.%u", reading);
	return t_var(name, 64);
}

int fflags_state(const struct isa *guest)
{
	int s = isa_find_state(guest, "fflags");

	return s < HOMES_MAX ? s : -1;
}

term fflags_of(const struct isa *guest, term fpe)
{
	int s = fflags_state(guest);

	return t_simplify(t_binary(OP_OR, t_var("fflags", guest->state[s].width), fpe));
}

/* MXCSR.RC as the guest numbers modes; x86_64.isa says so once more. */
static term frm_of(term rc)
{
	term high = t_extract(rc, 1, 1), low = t_extract(rc, 0, 0);

	return t_simplify(t_concat(t_num(0, 1), t_concat(t_binary(OP_XOR, high, low), high)));
}

static bool is_in_slot(const struct state *state)
{
	return state->place == STATE_HOME || state->place == STATE_CSR || state->place == STATE_TABLE;
}

void snapshot_start(const struct isa *guest, const struct alias_case *c, struct snapshot *snap)
{
	int fflags = fflags_state(guest), frm = isa_find_state(guest, "frm");

	memset(snap, 0, sizeof(*snap));
	for (unsigned int e = 0; e < c->nelems; e++)
		snap->elem[e] = c->elem[e].before;
	for (unsigned int s = 0; s < guest->nstates && s < HOMES_MAX; s++)
		if (is_in_slot(&guest->state[s]))
			snap->home[s] = t_var(guest->state[s].name, guest->state[s].width);
	if (fflags >= 0)
		snap->home[fflags] = fflags_of(guest, t_var("flag.fpe", FPE_BITS));
	if (c->has_fpu && frm >= 0 && frm < HOMES_MAX)
		snap->home[frm] = frm_of(t_var("flag.rc", RC_BITS));
}

/* The element that a register number in the semantics names, or -1. */
static int elem_of(struct guest_run *g, unsigned int file, const struct ex *number)
{
	const struct slot *slot;

	if (number->kind == EX_FIELD) {
		slot = &g->c->slot[g->insn][number->index];
		if (!slot->imm && slot->elem >= 0 && g->c->elem[slot->elem].is_f == (file != 0))
			return slot->elem;
	}
	if (file == 0 && number->kind == EX_CONST)
		for (unsigned int e = 0; e < g->c->nelems; e++)
			if (g->c->elem[e].number == (int)number->value)
				return (int)e;
	run_refuse(&g->run, "the semantics names a register that is no operand of the match");
	return -1;
}

static term guest_reg_read(struct run *run, unsigned int file, const struct ex *number)
{
	int e = elem_of(of(run), file, number);

	return e < 0 ? run_fresh(run, 64) : of(run)->now.elem[e];
}

static void guest_reg_write(struct run *run, unsigned int file, const struct ex *number, term value)
{
	int e = elem_of(of(run), file, number);

	if (e > 0) /* element 0 is x0 */
		of(run)->now.elem[e] = t_simplify(value);
}

enum { FS_DIRTY = 3 };

/* mstatus.FS, which a block with fpu knows. */
static bool is_known_fs(const struct guest_run *g, unsigned int state)
{
	return g->c->has_fpu && !strcmp(g->run.isa->state[state].name, "fs");
}

static term guest_state_read(struct run *run, unsigned int state)
{
	struct guest_run *g = of(run);

	if (state == run->isa->pc_state)
		return t_add(g->c->pc_page, g->c->pcoff[g->insn]);
	if (run->isa->state[state].place == STATE_BLOCK)
		return block_state(g->c, run->isa->state[state].name, run);
	if (state < HOMES_MAX && g->now.home[state])
		return g->now.home[state];
	if (is_known_fs(g, state))
		return t_num(FS_DIRTY, run->isa->state[state].width);
	run_refuse(run, "the semantics reads a state that translated code does not hold");
	return run_fresh(run, run->isa->state[state].width);
}

static void guest_state_write(struct run *run, unsigned int state, term value)
{
	struct guest_run *g = of(run);
	uint64_t fs = 0;

	if (state == run->isa->pc_state)
		g->next_pc = value;
	else if (state < HOMES_MAX && g->now.home[state])
		g->now.home[state] = t_simplify(value);
	else if (!is_known_fs(g, state) || !t_is_num(t_simplify(value), &fs) || fs != FS_DIRTY)
		run_refuse(run, "the semantics writes a state that translated code does not hold");
}

static term guest_field(struct run *run, unsigned int slot)
{
	struct guest_run *g = of(run);

	return slot_field(g->c, &g->c->slot[g->insn][slot], run);
}

static term guest_ilen(struct run *run)
{
	return of(run)->c->ilen[of(run)->insn];
}

static struct event *event_add(struct guest_run *g, enum event_kind kind)
{
	struct guest_path *p = g->p;

	if (p->nevents == EVENTS_MAX) {
		run_refuse(&g->run, "more accesses than EVENTS_MAX");
		p->nevents = 0;
	}
	p->event[p->nevents] = (struct event){ .kind = kind, .insn = g->insn };
	return &p->event[p->nevents++];
}

/* Of the events so far, how many read the clock, or how many are accesses. */
static unsigned int events_of(const struct guest_path *p, bool is_clock)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < p->nevents; i++)
		n += is_clock ? p->event[i].kind == EV_CLOCK
			      : p->event[i].kind != EV_CLOCK && p->event[i].kind != EV_FENCE;
	return n;
}

static void guest_mem(struct run *run, const struct st *st)
{
	struct guest_run *g = of(run);
	static const enum event_kind kind[] = {
		[MEM_LOAD] = EV_LOAD,
		[MEM_STORE] = EV_STORE,
		[MEM_AMO] = EV_ATOMIC,
		[MEM_CAS] = EV_ATOMIC,
	};
	unsigned int bits = 8 * st->size, low;
	term addr = t_simplify(sem_expr(run, st->addr)), old, value;
	struct event *ev;

	for (low = 0; 1u << low < st->size; low++)
		;
	if (st->aligned && low && !run_decide(run, t_eq(t_trunc(addr, low), t_num(0, low)))) {
		run->has_trapped = true;
		return;
	}
	old = mem_unknown(events_of(g->p, false), st->size);
	if (st->mem != MEM_STORE)
		run->local[st->result[0]] = old;
	value = st->val ? t_trunc(sem_expr(run, st->val), bits) : old;
	if (st->mem == MEM_CAS)
		value = t_ite(t_eq(old, t_trunc(sem_expr(run, st->expected), bits)), value, old);
	ev = event_add(g, kind[st->mem]);
	ev->size = st->size;
	ev->addr = addr;
	ev->old = old;
	ev->value = t_simplify(value);
}

/* pred, succ: bits i o r w from the upper end. TSO keeps every order but that of a store before a load. */
static void guest_fence(struct run *run, const struct st *st)
{
	term pred_set = sem_expr(run, st->arg[0]), succ_set = sem_expr(run, st->arg[1]);
	struct event *ev = event_add(of(run), EV_FENCE);

	ev->orders = t_not(
		t_or(t_eq(t_binary(OP_AND, pred_set, t_num(5, t_width(pred_set))), t_num(0, t_width(pred_set))),
		     t_eq(t_binary(OP_AND, succ_set, t_num(10, t_width(succ_set))), t_num(0, t_width(succ_set)))));
}

static void guest_effect(struct run *run, const struct st *st, const struct callee *callee)
{
	if (!strcmp(callee->name, "fence") && st->nargs == 2) {
		guest_fence(run, st);
	} else if (!strcmp(callee->name, "clock_read") && st->nresults == 1) {
		run->local[st->result[0]] = clock_unknown(events_of(of(run)->p, true));
		event_add(of(run), EV_CLOCK);
	} else {
		run_refuse(run, "an effect, which no template can have");
	}
}

static const struct machine guest_machine = {
	.reg_read = guest_reg_read,
	.reg_write = guest_reg_write,
	.state_read = guest_state_read,
	.state_write = guest_state_write,
	.field_read = guest_field,
	.ilen = guest_ilen,
	.mem = guest_mem,
	.effect = guest_effect,
};

/* One path: instructions in order until one leaves the sequence. */
static void run_path(struct guest_run *g)
{
	const struct crule *rule = g->c->rule;
	struct guest_path *p = g->p;

	run_start(&g->run);
	memset(p, 0, sizeof(*p));
	snapshot_start(g->run.isa, g->c, &g->now);
	for (g->insn = 0; g->insn < rule->ninsns; g->insn++) {
		p->before[g->insn] = g->now;
		p->ninsns = g->insn + 1;
		g->next_pc = NULL;
		sem_run(&g->run, rule->insn[g->insn]->body);
		if (g->run.has_trapped || g->run.unsupported || g->next_pc)
			break;
	}
	p->next_pc = g->next_pc ? g->next_pc : t_add(g->c->pc_page, g->c->pcoff[rule->ninsns]);
	p->after = g->now;
	p->path = t_simplify(g->run.path);
	p->has_trapped = g->run.has_trapped;
	p->unsupported = g->run.unsupported;
}

int guest_run(const struct isa *isa, struct alias_case *c, struct guest_path *path)
{
	struct oracle oracle;
	struct guest_run g = {
		.run = { .machine = &guest_machine, .isa = isa, .oracle = &oracle, .undef_prefix = "guest.undef" },
		.c = c,
	};
	int n = 0;

	oracle_start(&oracle);
	do {
		if (n == PATHS_MAX)
			return -1;
		g.p = &path[n++];
		run_path(&g);
	} while (oracle_next(&oracle));
	return n;
}
