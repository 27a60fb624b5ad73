// SPDX-License-Identifier: GPL-2.0-only
/* compare.c: see compare.h. Next file: events.c. */
#include "prove/compare.h"

#include <errno.h>
#include <string.h>

#include "../translator/abi.h"
#include "prove/counter.h"

/* ---- asking ---- */

static int ask(struct compare *cmp, struct goals *goals, const struct guest_path *g)
{
	enum verdict verdict;
	Z3_model model;

	cmp->nproofs++;
	verdict = goals_prove(goals, cmp->c, &model);
	if (verdict == GOALS_PROVED)
		return 0;
	if (verdict == GOALS_UNKNOWN) {
		counter_unknown(cmp, goals);
		return -ETIME;
	}
	counter_example(cmp, goals, g, model);
	goals_drop_model(model);
	return -EINVAL;
}

static int refuse(struct compare *cmp, const struct host_path *h, const char *why)
{
	counter_refusal(cmp, h, why);
	return -EINVAL;
}

/* ---- holes ---- */

/* Bits of the displacement hole of an instruction: the smallest one of that value. */
static unsigned int disp_bits(const struct hcode *hc, const struct hinsn *insn, int value)
{
	unsigned int bits = 64;

	for (unsigned int i = 0; i < hc->nholes; i++) {
		const struct hole *hole = &hc->hole[i];

		if (hole->off < insn->off || hole->off >= insn->off + insn->len || hole->arg != value)
			continue;
		if (hole->kind == HOLE_VALUE8)
			bits = 8;
		if (hole->kind == HOLE_VALUE32 && bits > 32)
			bits = 32;
	}
	return bits;
}

/* The bits of a hole stand for the value: signed in general; where nothing is extended, unsigned will do as well. */
static void fit_goal(struct compare *cmp, struct goals *goals, int value, unsigned int enc, unsigned int width)
{
	int64_t half = enc < 64 ? (int64_t)1 << (enc - 1) : 0;
	int64_t hi = enc < width ? half - 1 : 2 * half - 1;

	if (enc < 64)
		goal_add(goals, t_in_range(cmp->c->value[value], -half, hi), "value %s in its %u-bit hole",
			 cmp->c->rule->value[value].name ? cmp->c->rule->value[value].name : "of the match", enc);
}

static int prove_holes(struct compare *cmp)
{
	const struct hcode *hc = &cmp->code->variant->code;
	struct goals goals;

	goals_start(&goals, cmp->c->assume);
	for (unsigned int i = 0; i < cmp->code->ninsns; i++) {
		const struct hinsn *insn = &cmp->code->insn[i];

		for (unsigned int o = 0; o < insn->form->nopnds; o++) {
			const struct hop *op = &insn->op[o];

			if (op->kind == HOP_VALUE)
				fit_goal(cmp, &goals, op->value, insn->form->opnd[o].enc_width, op->width);
			else if ((op->kind == HOP_GMEM || op->kind == HOP_ADDR) && op->disp_value >= 0)
				fit_goal(cmp, &goals, op->disp_value, disp_bits(hc, insn, op->disp_value), 64);
		}
	}
	return ask(cmp, &goals, NULL);
}

/* ---- one pair of paths ---- */

static void compare_next_pc(struct compare *cmp, struct goals *goals, const struct host_path *h,
			    const struct guest_path *g)
{
	const struct alias_case *c = cmp->c;
	term next = h->next_pc;

	if (h->end == HOST_NEXT) {
		next = t_add(c->pc_page, c->pcoff[c->rule->ninsns]);
		if (c->arm->term == TERM_JUMP)
			next = t_add(c->pc_page, c->value[c->arm->term_arg]);
		if (c->arm->term == TERM_INDIRECT)
			next = t_concat(t_extract(h->rax, 63, 1), t_num(0, 1)); /* abi.h: bit 0 is ignored */
	}
	goal_add_eq(goals, g->next_pc, next, "next pc");
}

static int compare_pair(struct compare *cmp, const struct host_path *h, const struct guest_path *g)
{
	struct goals goals;

	goals_start(&goals, t_and(cmp->c->assume, t_and(h->path, g->path)));
	if (t_is_false(goals.assume))
		return 0;
	if (g->unsupported) {
		goal_add(&goals, t_false(), "%s", g->unsupported);
	} else if (g->has_trapped) {
		goal_add(&goals, t_false(), "the guest instruction traps, the template goes on");
	} else if (h->end == HOST_BACK) {
		events_compare(cmp, &goals, h, g);
		snapshot_compare(cmp, &goals, &h->head, &h->after, "behind a failed try");
	} else {
		events_compare(cmp, &goals, h, g);
		snapshot_compare(cmp, &goals, &g->after, &h->after, "at the end");
		compare_next_pc(cmp, &goals, h, g);
	}
	return ask(cmp, &goals, g);
}

/* ---- ways out that do nothing ---- */

static bool exit_belongs(const struct crule *rule, int exit)
{
	static const struct {
		int exit;
		const char *insn;
	} table[] = {
		{ EXIT_ECALL, "ecall" },       { EXIT_EBREAK, "ebreak" },     { EXIT_FENCE_I, "fence.i" },
		{ EXIT_WFI, "wfi" },	       { EXIT_SYSTEM, "csrrw" },      { EXIT_SYSTEM, "csrrs" },
		{ EXIT_SYSTEM, "csrrc" },      { EXIT_SYSTEM, "csrrwi" },     { EXIT_SYSTEM, "csrrsi" },
		{ EXIT_SYSTEM, "csrrci" },     { EXIT_SYSTEM, "mret" },	      { EXIT_SYSTEM, "sret" },
		{ EXIT_SYSTEM, "sfence.vma" }, { EXIT_SYSTEM, "sinval.vma" },
	};

	if (exit == EXIT_FALLBACK)
		return true;
	for (unsigned int i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].exit == exit && !strcmp(table[i].insn, rule->insn[0]->name))
			return true;
	return false;
}

/* Exceptions that a template has raised before it hands over to the interpreter are ones that the instruction will raise. */
static int prove_flags_of_guest(struct compare *cmp, const struct host_path *h, const struct snapshot *start,
				int fflags)
{
	int err = 0;

	for (int i = 0; i < cmp->nguest && !err; i++) {
		const struct guest_path *g = &cmp->guest_path[i];
		term raised = g->has_trapped ? start->home[fflags] : g->after.home[fflags];
		struct goals goals;

		goals_start(&goals, t_and(cmp->c->assume, t_and(h->path, g->path)));
		if (t_is_false(goals.assume))
			continue;
		if (g->unsupported)
			goal_add(&goals, t_false(), "%s", g->unsupported);
		else
			goal_add_eq(&goals, raised, t_binary(OP_OR, raised, h->after.home[fflags]),
				    "fflags at the exit");
		err = ask(cmp, &goals, g);
	}
	return err;
}

/* The interpreter or the host takes over at the first instruction: nothing may have happened. */
static int prove_nothing_happened(struct compare *cmp, const struct host_path *h, int exit)
{
	int fflags = fflags_state(cmp->guest);
	struct snapshot start;
	struct goals goals;

	goals_start(&goals, t_and(cmp->c->assume, h->path));
	for (unsigned int i = 0; i < h->nevents; i++)
		if (h->event[i].ev.kind != EV_FENCE)
			goal_add(&goals, t_false(), "an access to memory, or a reading of the clock, before the exit");
	snapshot_start(cmp->guest, cmp->c, &start);
	if (exit == EXIT_FALLBACK && fflags >= 0 && start.home[fflags] != h->after.home[fflags]) {
		if (prove_flags_of_guest(cmp, h, &start, fflags))
			return -EINVAL;
		start.home[fflags] = NULL;
	}
	snapshot_compare(cmp, &goals, &start, &h->after, "at the exit");
	return ask(cmp, &goals, NULL);
}

static int prove_impossible(struct compare *cmp, const struct host_path *h, const char *what)
{
	struct goals goals;

	goals_start(&goals, t_and(cmp->c->assume, h->path));
	goal_add(&goals, t_false(), "%s", what);
	return ask(cmp, &goals, NULL);
}

static int prove_path(struct compare *cmp, const struct host_path *h)
{
	bool is_end = h->end == HOST_NEXT && cmp->c->arm->term == TERM_EXIT;
	bool is_exit = is_end || h->end == HOST_EXIT;
	int exit = is_end ? cmp->c->arm->term_arg : h->exit;
	int err = 0;

	if (h->refused)
		return refuse(cmp, h, h->refused);
	if (is_exit && !exit_belongs(cmp->c->rule, exit))
		return refuse(cmp, h, "an exit that does not belong to this instruction");
	if (is_exit)
		return prove_nothing_happened(cmp, h, exit);
	if (h->end == HOST_DIVIDE)
		return prove_impossible(cmp, h, "the host's divide raises #DE");
	if (h->end == HOST_STUCK)
		return prove_impossible(cmp, h, "the loop goes round although memory did not change");
	if (h->end == HOST_LEFT)
		return 0;
	for (int i = 0; i < cmp->nguest && !err; i++)
		err = compare_pair(cmp, h, &cmp->guest_path[i]);
	return err;
}

int compare_case(struct compare *cmp)
{
	int err = prove_holes(cmp);

	for (int i = 0; i < cmp->nhost && !err; i++)
		err = prove_path(cmp, &cmp->host_path[i]);
	return err;
}
