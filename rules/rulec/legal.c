// SPDX-License-Identifier: GPL-2.0-only
/* legal.c: the instructions of an arm one after the other; where each operand goes. Next file: shape.c (what x0 and
 * constants make simpler), scratch.c, compile.c. */
#include "rulec/legal.h"

#include <string.h>

#include "rulec/shape.h"

/* Where an operand goes. */
enum place { PLACE_KEEP, PLACE_MEMORY, PLACE_SCRATCH, PLACE_ZERO };

struct plan {
	struct form_info info;
	enum place place[ISA_OPERANDS_MAX];
	int role[ISA_OPERANDS_MAX]; /* of a homed operand; -1: x0 */
};

static int class_of(const struct legal *lg, int role)
{
	return lg->in->class[role];
}

/* Operand i may go to these places, the better first; the number of places. */
static unsigned int places_of(const struct legal *lg, const struct src_insn *insn, const struct plan *plan,
			      unsigned int i, enum place place[2])
{
	const struct hop *op = &insn->op[i];
	int role = plan->role[i];
	bool in_scratch;

	place[0] = PLACE_KEEP;
	if (op->kind != HOP_ROLE || class_of(lg, op->role) == RES_PIN || class_of(lg, op->role) == RES_PIN_SIB)
		return 1;
	place[0] = PLACE_SCRATCH;
	if (class_of(lg, op->role) == RES_ZERO) {
		if (plan->info.writes[i])
			return 1;
		place[0] = PLACE_ZERO;
		place[1] = PLACE_SCRATCH;
		return 2;
	}
	/* A 32-bit store would not clear the upper half. */
	if (plan->info.writes[i] && op->width == 32)
		return 1;
	in_scratch = lg->in->prefer_scratch >> role & 1;
	in_scratch |= !plan->info.writes[i] && scratch_find(lg, role, op->width) >= 0;
	place[!in_scratch] = PLACE_SCRATCH;
	place[in_scratch] = PLACE_MEMORY;
	return 2;
}

/* The operand as it will be, with rbx for a scratch register that is not chosen yet. */
static struct hop placed(const struct hop *op, enum place place, int role, int reg)
{
	if (place == PLACE_MEMORY)
		return (struct hop){ .kind = HOP_HOME, .role = role, .width = op->width };
	if (place == PLACE_SCRATCH)
		return (struct hop){ .kind = HOP_REG, .reg = reg, .width = op->width };
	if (place == PLACE_ZERO)
		return (struct hop){ .kind = HOP_CONST };
	return *op;
}

/* The first choice of places for which a form exists. */
static bool plan_places(struct legal *lg, const struct src_insn *insn, struct plan *plan)
{
	enum place choice[ISA_OPERANDS_MAX][2];
	unsigned int n[ISA_OPERANDS_MAX], total = 1;
	struct hop op[ISA_OPERANDS_MAX];

	for (unsigned int i = 0; i < insn->nops; i++) {
		n[i] = places_of(lg, insn, plan, i, choice[i]);
		total *= n[i];
	}
	for (unsigned int pick = 0; pick < total; pick++) {
		unsigned int rest = pick;

		for (unsigned int i = 0; i < insn->nops; i++) {
			plan->place[i] = choice[i][rest % n[i]];
			rest /= n[i];
			op[i] = placed(&insn->op[i], plan->place[i], plan->role[i], 3);
		}
		if (form_find(lg->in->host, insn->name, op, insn->nops, lg->in->narrow))
			return true;
	}
	legal_fail(lg, "no form of this instruction takes these operands");
	return false;
}

/* A register of an address; the number that stands in the final operand. */
static int address_register(struct legal *lg, int reg, bool *needs_sib)
{
	int role = reg & ~HREG_ROLE;

	if (reg < HREG_ROLE)
		return reg;
	if (needs_sib)
		*needs_sib = class_of(lg, role) == RES_PIN_SIB;
	return class_of(lg, role) == RES_HOME ? scratch_read(lg, role, 64) : reg;
}

static void address_place(struct legal *lg, struct hop *op)
{
	op->base = address_register(lg, op->base, &op->base_needs_sib);
	op->index = address_register(lg, op->index, NULL);
}

/* Loads what is read from a scratch register, frees memory operands of copies. */
static void operands_read(struct legal *lg, struct src_insn *insn, const struct plan *plan, int *reg)
{
	for (unsigned int i = 0; i < insn->nops; i++) {
		struct hop *op = &insn->op[i];

		if (op->kind == HOP_GMEM || op->kind == HOP_ADDR)
			address_place(lg, op);
		if (plan->place[i] == PLACE_MEMORY) {
			scratch_flush_aliases(lg, plan->role[i]);
			scratch_forget(lg, plan->role[i]);
		}
		if (plan->place[i] == PLACE_SCRATCH && plan->info.reads[i])
			reg[i] = plan->role[i] < 0 ? scratch_zero(lg) : scratch_read(lg, plan->role[i], op->width);
	}
}

static void operands_write(struct legal *lg, const struct src_insn *insn, const struct plan *plan, int *reg)
{
	for (unsigned int i = 0; i < insn->nops; i++) {
		if (!plan->info.writes[i] || plan->place[i] == PLACE_KEEP)
			continue;
		scratch_flush_aliases(lg, plan->role[i]);
		if (plan->place[i] == PLACE_SCRATCH && !plan->info.reads[i])
			reg[i] = scratch_dest(lg, plan->role[i], insn->op[i].width);
	}
}

static void operands_written(struct legal *lg, const struct src_insn *insn, const struct plan *plan, const int *reg)
{
	for (unsigned int i = 0; i < insn->nops; i++) {
		if (!plan->info.writes[i])
			continue;
		if (plan->place[i] == PLACE_SCRATCH)
			scratch_written(lg, reg[i], plan->role[i], insn->op[i].width);
		else if (plan->place[i] == PLACE_MEMORY)
			scratch_drop_aliases(lg, plan->role[i]);
	}
}

/* Guest accesses, branches and calls of effects must find everything at home. */
static bool needs_all_home(const struct src_insn *insn)
{
	for (unsigned int i = 0; i < insn->nops; i++)
		if (insn->op[i].kind == HOP_GMEM)
			return true;
	return insn_is_jump(insn->name);
}

static int insn_place(struct legal *lg, struct src_insn *insn)
{
	struct plan plan = { .role = { -1, -1, -1 } };
	int reg[ISA_OPERANDS_MAX] = { 0 };
	struct hop op[ISA_OPERANDS_MAX];
	const struct form *form = form_of(lg->in->host, insn->name, insn->nops);

	if (!form)
		return legal_fail(lg, "x86_64.isa has no such instruction with so many operands");
	form_info(lg->in->host, form, &plan.info);
	for (unsigned int i = 0; i < insn->nops; i++)
		if (insn->op[i].kind == HOP_ROLE && class_of(lg, insn->op[i].role) == RES_HOME)
			plan.role[i] = insn->op[i].role;
	if (!plan_places(lg, insn, &plan))
		return -1;
	if (needs_all_home(insn))
		scratch_flush_all(lg);
	operands_read(lg, insn, &plan, reg);
	operands_write(lg, insn, &plan, reg);
	if (lg->out->why)
		return -1;
	for (unsigned int i = 0; i < insn->nops; i++)
		op[i] = placed(&insn->op[i], plan.place[i], plan.role[i], reg[i]);
	shape_final(lg, &insn->name, op);
	legal_emit(lg, insn->name, op, insn->nops);
	operands_written(lg, insn, &plan, reg);
	return lg->out->why ? -1 : 0;
}

static bool is_xmm(const struct hop *op)
{
	return op->kind == HOP_XMM || op->kind == HOP_XROLE;
}

/* Moves of 64 bits that begin or end in an xmm register have other names. */
static void name_move(struct src_insn *insn)
{
	if (insn->nops != 2 || strcmp(insn->name, "mov") || (!is_xmm(&insn->op[0]) && !is_xmm(&insn->op[1])))
		return;
	insn->name = "movq";
	if (is_xmm(&insn->op[0]) && is_xmm(&insn->op[1]))
		insn->name = "movaps";
	else if (insn->op[0].width == 32)
		insn->name = "movd";
}

/* Equal roles become one; f registers with a pin are xmm registers. */
static void unify(const struct legal_in *in, struct src_insn *insn)
{
	for (unsigned int i = 0; i < insn->nops; i++) {
		struct hop *op = &insn->op[i];

		if (op->kind == HOP_ROLE)
			op->role = in->facts->same[op->role];
		if (op->kind == HOP_ROLE && role_is_f(in->src->rule, op->role) && in->class[op->role] == RES_PIN)
			op->kind = HOP_XROLE;
		if (op->kind != HOP_GMEM && op->kind != HOP_ADDR)
			continue;
		if (op->base >= HREG_ROLE)
			op->base = HREG_ROLE | in->facts->same[op->base & ~HREG_ROLE];
		if (op->index >= HREG_ROLE)
			op->index = HREG_ROLE | in->facts->same[op->index & ~HREG_ROLE];
	}
	name_move(insn);
}

static void label_here(struct legal *lg, uint16_t labels)
{
	if (!labels)
		return;
	scratch_forget_all(lg);
	lg->out->labels[lg->out->n] |= labels;
}

/* Registers that the template does not use at this point, and those that die here without being written. */
static void find_pool(struct legal *lg, const struct src_insn *insn)
{
	const struct src_arm *arm = lg->in->arm;
	const struct form *form = form_of(lg->in->host, insn->name, insn->nops);
	struct form_info info = { 0 };
	int pos = lg->pos;

	lg->pool = lg->dying = lg->locked = 0;
	if (form)
		form_info(lg->in->host, form, &info);
	for (int r = 0; r < SCRATCH_REGS; r++) {
		if (pos < arm->first_use[r] || pos > arm->last_use[r])
			lg->pool |= 1u << r;
		else if (pos == arm->last_use[r])
			lg->dying |= 1u << r;
	}
	lg->dying &= ~(info.reg_reads | info.reg_writes);
	for (unsigned int i = 0; i < insn->nops; i++)
		if (insn->op[i].kind == HOP_REG && info.writes[i])
			lg->dying &= ~(1u << insn->op[i].reg);
	scratch_free(lg, ~lg->pool);
}

int legal_arm(const struct legal_in *in, struct legal_out *out)
{
	struct legal lg = { .in = in, .out = out };

	memset(out->labels, 0, sizeof(out->labels));
	out->n = out->cost = 0;
	out->why = NULL;
	for (int r = 0; r < SCRATCH_REGS; r++)
		lg.held[r].role = ROLE_FREE;
	for (lg.pos = 0; lg.pos < in->arm->ninsns; lg.pos++) {
		struct src_insn insn = in->arm->insn[lg.pos], second;
		bool is_split;

		find_pool(&lg, &insn);
		label_here(&lg, insn.labels);
		unify(in, &insn);
		if (shape_insn(&lg, &insn))
			continue;
		is_split = shape_split_lea(&lg, &insn, &second);
		if (insn_place(&lg, &insn))
			return -1;
		lg.locked = 0;
		if (is_split && insn_place(&lg, &second))
			return -1;
	}
	lg.locked = 0;
	scratch_flush_all(&lg);
	label_here(&lg, in->arm->end_labels);
	return out->why ? -1 : 0;
}
