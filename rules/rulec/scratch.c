// SPDX-License-Identifier: GPL-2.0-only
/* scratch.c: which scratch register holds which homed guest register, and when it must go home.
 *
 * Two homed roles may be the same guest register. Hence: before a role is read or written, dirty copies of roles that
 * may alias it go home; after it is written, copies of such roles are forgotten. Next file: legal.c. */
#include <string.h>

#include "rulec/legal.h"

int legal_fail(struct legal *lg, const char *why)
{
	if (!lg->out->why) {
		lg->out->why = why;
		lg->out->loc = lg->pos < lg->in->arm->ninsns ? lg->in->arm->insn[lg->pos].loc : lg->in->arm->arm->loc;
	}
	return -1;
}

/* Instructions and accesses of homes weigh the same (a read-modify-write is two), then fewer instructions: a slot that
 * was just stored and is read again costs more than an instruction in a register. */
static unsigned int insn_cost(const struct legal *lg, const struct form *form, const struct hop *op)
{
	unsigned int cost = 101;
	struct form_info info;

	form_info(lg->in->host, form, &info);
	for (unsigned int i = 0; i < form->nopnds; i++)
		if (op[i].kind == HOP_HOME)
			cost += 100 * (info.reads[i] + info.writes[i]);
	return cost;
}

void legal_emit(struct legal *lg, const char *name, const struct hop *op, unsigned int nops)
{
	struct legal_out *out = lg->out;
	const struct form *form = form_find(lg->in->host, name, op, nops, lg->in->narrow);
	struct hinsn *insn = &out->insn[out->n];

	if (!form) {
		legal_fail(lg, "no form of this instruction takes these operands");
		return;
	}
	if (out->n == LEGAL_INSNS_MAX) {
		legal_fail(lg, "too many host instructions, split the rule");
		return;
	}
	memset(insn, 0, sizeof(*insn));
	insn->form = form;
	memcpy(insn->op, op, nops * sizeof(*op));
	insn->loc = lg->pos < lg->in->arm->ninsns ? lg->in->arm->insn[lg->pos].loc : lg->in->arm->arm->loc;
	out->n++;
	out->cost += insn_cost(lg, form, op);
}

static struct hop hop_reg(int reg, unsigned int width)
{
	return (struct hop){ .kind = HOP_REG, .reg = reg, .width = width };
}

static struct hop hop_home(int role, unsigned int width)
{
	return (struct hop){ .kind = HOP_HOME, .role = role, .width = width };
}

bool roles_may_alias(const struct legal *lg, int a, int b)
{
	const struct legal_in *in = lg->in;

	if (a < 0 || b < 0)
		return false;
	return a == b || (in->class[a] == RES_HOME && in->class[b] == RES_HOME && !in->facts->differs[a][b]);
}

static void flush(struct legal *lg, int reg)
{
	struct held *held = &lg->held[reg];
	struct hop op[2];

	if (held->role < 0 || !held->dirty)
		return;
	op[0] = hop_home(held->role, held->dirty);
	op[1] = hop_reg(reg, held->dirty);
	held->dirty = 0;
	legal_emit(lg, "mov", op, 2);
}

void scratch_flush_aliases(struct legal *lg, int role)
{
	for (int r = 0; r < SCRATCH_REGS; r++)
		if (lg->held[r].role != role && roles_may_alias(lg, lg->held[r].role, role))
			flush(lg, r);
}

void scratch_drop_aliases(struct legal *lg, int role)
{
	for (int r = 0; r < SCRATCH_REGS; r++)
		if (lg->held[r].role != role && roles_may_alias(lg, lg->held[r].role, role))
			lg->held[r].role = ROLE_FREE;
}

void scratch_flush_all(struct legal *lg)
{
	for (int r = 0; r < SCRATCH_REGS; r++)
		flush(lg, r);
}

void scratch_forget(struct legal *lg, int role)
{
	for (int r = 0; r < SCRATCH_REGS; r++)
		if (lg->held[r].role == role) {
			flush(lg, r);
			lg->held[r].role = ROLE_FREE;
		}
}

void scratch_forget_all(struct legal *lg)
{
	scratch_flush_all(lg);
	for (int r = 0; r < SCRATCH_REGS; r++)
		lg->held[r].role = ROLE_FREE;
}

void scratch_free(struct legal *lg, unsigned int regs)
{
	for (int r = 0; r < SCRATCH_REGS; r++)
		if (regs >> r & 1) {
			flush(lg, r);
			lg->held[r].role = ROLE_FREE;
		}
}

/* Does the arm name the role again behind the current instruction? */
static bool role_is_needed(const struct legal *lg, int role)
{
	const struct src_arm *arm = lg->in->arm;
	const int *same = lg->in->facts->same;

	if (role == ROLE_CONST_0)
		return true;
	for (unsigned int i = lg->pos + 1; i < arm->ninsns; i++)
		for (unsigned int k = 0; k < arm->insn[i].nops; k++) {
			const struct hop *op = &arm->insn[i].op[k];
			bool is_address = op->kind == HOP_GMEM || op->kind == HOP_ADDR;

			if (op->kind == HOP_ROLE && same[op->role] == role)
				return true;
			if (is_address && op->base >= HREG_ROLE && same[op->base & ~HREG_ROLE] == role)
				return true;
			if (is_address && op->index >= HREG_ROLE && same[op->index & ~HREG_ROLE] == role)
				return true;
		}
	return false;
}

/* How much it costs to lose what the register holds. */
static unsigned int loss(const struct legal *lg, int reg)
{
	const struct held *held = &lg->held[reg];

	if (held->role == ROLE_FREE)
		return 0;
	return 1 + (held->dirty ? 1 : 0) + (role_is_needed(lg, held->role) ? 4 : 0);
}

/* A register for new contents, what it held is stored and forgotten; -1 without message if there is none. */
static int allocate(struct legal *lg)
{
	int best = -1;

	for (int r = 0; r < SCRATCH_REGS; r++)
		if ((lg->pool & ~lg->locked & (1u << r)) && (best < 0 || loss(lg, r) < loss(lg, best)))
			best = r;
	if (best < 0)
		return -1;
	flush(lg, best);
	lg->held[best].role = ROLE_FREE;
	lg->locked |= 1u << best;
	return best;
}

int scratch_find(const struct legal *lg, int role, unsigned int width)
{
	for (int r = 0; r < SCRATCH_REGS; r++)
		if (lg->held[r].role == role && lg->held[r].valid >= width)
			return r;
	return -1;
}

int scratch_read(struct legal *lg, int role, unsigned int width)
{
	int reg = scratch_find(lg, role, width);
	struct hop op[2];

	if (reg >= 0) {
		lg->locked |= 1u << reg;
		return reg;
	}
	scratch_forget(lg, role);
	scratch_flush_aliases(lg, role);
	reg = allocate(lg);
	if (reg < 0)
		return legal_fail(
			lg, "no scratch register left for a homed operand, name fewer of rax, rcx, rdx and temps");
	op[0] = hop_reg(reg, 64);
	op[1] = hop_home(role, 64);
	legal_emit(lg, "mov", op, 2);
	lg->held[reg] = (struct held){ .role = role, .valid = 64 };
	return reg;
}

int scratch_zero(struct legal *lg)
{
	int reg = scratch_find(lg, ROLE_CONST_0, 64);
	struct hop op[2];

	if (reg < 0) {
		reg = allocate(lg);
		if (reg < 0)
			return legal_fail(lg, "no scratch register left for x0, name fewer of rax, rcx, rdx and temps");
		op[0] = hop_reg(reg, 32);
		op[1] = (struct hop){ .kind = HOP_CONST };
		legal_emit(lg, "mov", op, 2);
		lg->held[reg] = (struct held){ .role = ROLE_CONST_0, .valid = 64 };
	}
	lg->locked |= 1u << reg;
	return reg;
}

/* For a role that is written and not read (role < 0: for nothing). A source of the same instruction may share its
 * register: it is read first. */
int scratch_dest(struct legal *lg, int role, unsigned int width)
{
	int reg = role < 0 ? -1 : scratch_find(lg, role, width < 32 ? width : 0);

	if (reg >= 0) {
		lg->locked |= 1u << reg;
		return reg;
	}
	if (role >= 0)
		scratch_forget(lg, role);
	reg = allocate(lg);
	if (reg >= 0)
		return reg;
	for (int r = 0; r < SCRATCH_REGS; r++)
		if ((lg->pool & lg->locked & (1u << r)) && (lg->held[r].role < 0 || !lg->held[r].dirty)) {
			lg->held[r].role = ROLE_FREE;
			return r;
		}
	if (lg->dying) {
		reg = __builtin_ctz(lg->dying);
		lg->dying &= lg->dying - 1;
		return reg;
	}
	return legal_fail(lg, "no scratch register left for a result, name fewer of rax, rcx, rdx and temps");
}

void scratch_written(struct legal *lg, int reg, int role, unsigned int width)
{
	struct held *held = &lg->held[reg];

	scratch_drop_aliases(lg, role);
	if (role < 0) {
		held->role = ROLE_FREE;
		return;
	}
	if (held->role != role)
		*held = (struct held){ .role = role };
	if (width >= 32)
		width = 64;
	held->valid = held->valid > width ? held->valid : width;
	held->dirty = held->dirty > width ? held->dirty : width;
}
