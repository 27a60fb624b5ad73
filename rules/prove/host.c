// SPDX-License-Identifier: GPL-2.0-only
/* host.c: see host.h. Next file: operand.c, then compare.h. */
#include "prove/host.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct host_run *of(struct run *run)
{
	return (struct host_run *)run;
}

/* ---- decoding ---- */

static int insn_at(const struct host_code *code, int off)
{
	for (unsigned int i = 0; i < code->ninsns; i++)
		if ((int)code->insn[i].off == off)
			return (int)i;
	return off == (int)code->variant->code.len ? (int)code->ninsns : -1;
}

static int find_heads(struct host_code *code, struct diag *diag, struct loc loc)
{
	for (unsigned int i = 0; i < code->ninsns; i++) {
		const struct hop *op = &code->insn[i].op[0];
		int to = op->kind == HOP_LABEL ? insn_at(code, op->label) : (int)code->ninsns;

		if (to < 0) {
			diag_error(diag, loc, "a branch goes into the middle of a host instruction");
			return -EINVAL;
		}
		if (to <= (int)i)
			code->is_head[to] = true;
	}
	return 0;
}

int host_decode(const struct isa *host, const struct cvariant *variant, struct loc loc, struct host_code *code,
		struct diag *diag)
{
	const struct hcode *hc = &variant->code;
	unsigned int off = 0;

	memset(code, 0, sizeof(*code));
	code->variant = variant;
	while (off < hc->len) {
		struct hinsn *insn = &code->insn[code->ninsns++];

		insn->loc = loc;
		if (code->ninsns == HOST_INSNS_MAX) {
			diag_error(diag, loc, "more host instructions than HOST_INSNS_MAX");
			return -EINVAL;
		}
		if (x86_decode(host, hc->bytes, hc->len, hc->hole, hc->nholes, &off, insn, diag))
			return -EINVAL;
	}
	return find_heads(code, diag, loc);
}

/* ---- the machine ---- */

static term host_reg_read(struct run *run, unsigned int file, const struct ex *number)
{
	if (file == 0 && number->kind == EX_CONST && number->value < HOST_SCRATCH)
		return of(run)->scratch[number->value];
	run_refuse(run, "reads a host register that is neither scratch nor an operand");
	return run_fresh(run, 64);
}

static void host_reg_write(struct run *run, unsigned int file, const struct ex *number, term value)
{
	if (file == 0 && number->kind == EX_CONST && number->value < HOST_SCRATCH)
		of(run)->scratch[number->value] = t_simplify(value);
	else
		run_refuse(run, "writes a host register that is neither scratch nor an operand");
}

static term host_state_read(struct run *run, unsigned int state)
{
	return of(run)->flag[state];
}

static void host_state_write(struct run *run, unsigned int state, term value)
{
	if (state == run->isa->pc_state)
		of(run)->has_jumped = true;
	else
		of(run)->flag[state] = t_simplify(value);
}

static term host_no_field(struct run *run, unsigned int slot)
{
	(void)slot;
	run_refuse(run, "a field in a host semantics");
	return run_fresh(run, 64);
}

static term host_no_ilen(struct run *run)
{
	return host_no_field(run, 0);
}

static void host_effect(struct run *run, const struct st *st, const struct callee *callee)
{
	struct host_run *h = of(run);

	if (!strcmp(callee->name, "host_fence")) {
		host_event_add(h, EV_FENCE, 0, NULL);
	} else if (!strcmp(callee->name, "host_clock")) {
		host_event_add(h, EV_CLOCK, 0, NULL);
		run->local[st->result[0]] = clock_unknown(h->nclocks++);
	} else {
		run_refuse(run, "an effect, which no template can have");
	}
}

static const struct machine host_machine = {
	.reg_read = host_reg_read,
	.reg_write = host_reg_write,
	.state_read = host_state_read,
	.state_write = host_state_write,
	.field_read = host_no_field,
	.operand_read = operand_read,
	.operand_write = operand_write,
	.operand_addr = operand_addr,
	.ilen = host_no_ilen,
	.mem = operand_mem,
	.effect = host_effect,
};

struct snapshot host_state(const struct host_run *h)
{
	int fflags = fflags_state(h->guest), fpe = isa_find_state(h->run.isa, "fpe");
	struct snapshot now = h->now;

	if (fflags >= 0 && fpe >= 0)
		now.home[fflags] = fflags_of(h->guest, h->flag[fpe]);
	return now;
}

/* ---- loops ---- */

static term named(const char *prefix, const char *name, unsigned int width)
{
	char full[64];

	snprintf(full, sizeof(full), "%s%s", prefix, name);
	return t_var(full, width);
}

static const char *const scratch_name[HOST_SCRATCH] = { "rax", "rcx", "rdx" };
static const char *const xmm_name[HOST_XMM] = { "xmm0", "xmm1" };

/* At the head, what an iteration may have changed is unknown. */
static void loop_enter(struct host_run *h, int head)
{
	h->head = head;
	for (unsigned int r = 0; r < HOST_SCRATCH; r++) {
		if (h->havoc & 1u << r)
			h->scratch[r] = named("loop.", scratch_name[r], 64);
		h->head_scratch[r] = h->scratch[r];
	}
	for (unsigned int s = 0; s < h->run.isa->nstates; s++) {
		if (h->havoc & 1u << (HOST_SCRATCH + s))
			h->flag[s] = named("loop.", h->run.isa->state[s].name, h->run.isa->state[s].width);
		h->head_flag[s] = h->flag[s];
	}
	for (unsigned int r = 0; r < HOST_XMM; r++)
		h->xmm[r] = named("loop.", xmm_name[r], 64);
	h->p->head = host_state(h);
	h->p->head_events = h->p->nevents;
}

/* What this iteration changed: host_run() starts again until nothing new shows up. */
static void loop_note_changes(struct host_run *h)
{
	for (unsigned int r = 0; r < HOST_SCRATCH; r++)
		if (t_simplify(h->scratch[r]) != t_simplify(h->head_scratch[r]))
			h->havoc |= 1u << r;
	for (unsigned int s = 0; s < h->run.isa->nstates; s++)
		if (t_simplify(h->flag[s]) != t_simplify(h->head_flag[s]))
			h->havoc |= 1u << (HOST_SCRATCH + s);
}

/* A branch back to `to`: either the path ends here, to be compared with the head, or the loop is tried again with
 * memory as the first try saw it. Returns true when the path goes on. */
static bool loop_again(struct host_run *h, int to)
{
	struct host_path *p = h->p;

	if (to != h->head) {
		run_refuse(&h->run, "a branch back into a loop that is not the innermost");
		return false;
	}
	if (h->is_second_try) {
		p->end = HOST_STUCK;
		return false;
	}
	loop_note_changes(h);
	if (run_choose(&h->run)) {
		p->end = HOST_BACK;
		return false;
	}
	h->is_second_try = true;
	h->nloads = 0;
	for (unsigned int i = 0; i < p->head_events; i++)
		h->nloads += !p->event[i].is_probe && p->event[i].ev.kind != EV_FENCE;
	return true;
}

/* ---- one path ---- */

static void path_start(struct host_run *h)
{
	memset(h->p, 0, sizeof(*h->p));
	run_start(&h->run);
	snapshot_start(h->guest, h->c, &h->now);
	for (unsigned int r = 0; r < HOST_SCRATCH; r++)
		h->scratch[r] = named("scratch.", scratch_name[r], 64);
	for (unsigned int r = 0; r < HOST_XMM; r++)
		h->xmm[r] = named("scratch.", xmm_name[r], 64);
	for (unsigned int s = 0; s < h->run.isa->nstates; s++)
		h->flag[s] = named("flag.", h->run.isa->state[s].name, h->run.isa->state[s].width);
	h->nloads = 0;
	h->head = -1;
	h->is_second_try = false;
}

static void run_insn(struct host_run *h)
{
	memset(h->loaded, 0, sizeof(h->loaded));
	h->has_jumped = false;
	h->p->last = h->insn;
	sem_run(&h->run, h->insn->form->body);
}

/* Where a branch taken goes; returns the index of the next instruction, or -1 at the end of the path. */
static int jump(struct host_run *h, int from)
{
	const struct hop *op = &h->insn->op[0];
	int to;

	switch (op->kind) {
	case HOP_LABEL:
		to = insn_at(h->code, op->label);
		if (to > from || loop_again(h, to))
			return to;
		return -1;
	case HOP_TARGET:
		h->p->end = HOST_TARGET;
		h->p->next_pc = t_add(h->c->pc_page, h->c->value[op->value]);
		return -1;
	case HOP_EXIT:
		h->p->end = HOST_EXIT;
		h->p->exit = op->value;
		return -1;
	default: run_refuse(&h->run, "a jump to somewhere else"); return -1;
	}
}

static void run_path(struct host_run *h)
{
	struct host_path *p = h->p;
	int i = 0;

	path_start(h);
	while (i >= 0 && i < (int)h->code->ninsns && !h->run.unsupported) {
		if (h->code->is_head[i] && h->head != i)
			loop_enter(h, i);
		h->insn = &h->code->insn[i];
		run_insn(h);
		if (h->run.has_trapped) {
			p->end = HOST_DIVIDE;
			break;
		}
		i = h->has_jumped ? jump(h, i) : i + 1;
	}
	if (h->is_second_try && p->end != HOST_STUCK)
		p->end = HOST_LEFT;
	p->after = host_state(h);
	p->rax = h->scratch[0];
	p->path = t_simplify(h->run.path);
	p->refused = h->run.unsupported;
}

/* All paths with the present set of changed scratch. */
static int run_all(struct host_run *h, struct host_path *path)
{
	int n = 0;

	oracle_start(h->run.oracle);
	do {
		if (n == PATHS_MAX)
			return -1;
		h->p = &path[n++];
		run_path(h);
	} while (oracle_next(h->run.oracle));
	return n;
}

int host_run(const struct isa *guest, const struct isa *host, struct alias_case *c, const struct host_code *code,
	     struct host_path *path)
{
	struct oracle oracle;
	struct host_run h = {
		.run = { .machine = &host_machine, .isa = host, .oracle = &oracle, .undef_prefix = "host.undef" },
		.guest = guest,
		.c = c,
		.code = code,
	};
	uint32_t before;
	int n;

	do {
		before = h.havoc;
		n = run_all(&h, path);
	} while (n >= 0 && h.havoc != before);
	return n;
}
