// SPDX-License-Identifier: GPL-2.0-only
/* shape.c: see shape.h. Next file: legal.c. */
#include "rulec/shape.h"

#include <string.h>

static bool is_x0(const struct legal *lg, int role)
{
	return lg->in->class[role] == RES_ZERO;
}

static bool op_is_x0(const struct legal *lg, const struct hop *op)
{
	return op->kind == HOP_ROLE && is_x0(lg, op->role);
}

/* No instruction behind the current one reads a flag that it may write. With labels, none at all may read one. */
static bool flags_are_dead(const struct legal *lg, uint32_t written)
{
	const struct src_arm *arm = lg->in->arm;
	bool has_labels = arm->end_labels;

	for (unsigned int i = 0; i < arm->ninsns; i++)
		has_labels |= arm->insn[i].labels != 0;
	for (unsigned int i = has_labels ? 0 : lg->pos + 1; i < arm->ninsns && written; i++) {
		const struct form *form = form_of(lg->in->host, arm->insn[i].name, arm->insn[i].nops);
		struct form_info info;

		if (!form)
			return false;
		form_info(lg->in->host, form, &info);
		if (info.flag_reads & written)
			return false;
		if (!has_labels)
			written &= ~info.flag_writes;
	}
	return true;
}

/* ---- addresses without x0 ---- */

static int without_x0(const struct legal *lg, int reg)
{
	return reg >= HREG_ROLE && is_x0(lg, reg & ~HREG_ROLE) ? HREG_NONE : reg;
}

static void shape_address(const struct legal *lg, struct hop *op)
{
	op->base = without_x0(lg, op->base);
	op->index = without_x0(lg, op->index);
	if (op->index == HREG_NONE)
		op->scale = 1;
	if (op->base == HREG_NONE && op->index != HREG_NONE && op->scale == 1) {
		op->base = op->index;
		op->index = HREG_NONE;
	}
}

/* lea of a constant, or of one register, is a mov. */
static void shape_lea(struct src_insn *insn)
{
	const struct hop addr = insn->op[1];

	if (addr.index != HREG_NONE || (addr.base != HREG_NONE && (addr.disp_value >= 0 || addr.disp_const)))
		return;
	insn->name = "mov";
	if (addr.base >= HREG_ROLE)
		insn->op[1] =
			(struct hop){ .kind = HOP_ROLE, .role = addr.base & ~HREG_ROLE, .width = insn->op[0].width };
	else if (addr.base != HREG_NONE)
		insn->op[1] = (struct hop){ .kind = HOP_REG, .reg = addr.base, .width = insn->op[0].width };
	else if (addr.disp_value >= 0)
		insn->op[1] = (struct hop){ .kind = HOP_VALUE, .value = addr.disp_value };
	else
		insn->op[1] = (struct hop){ .kind = HOP_CONST, .disp_const = addr.disp_const };
}

static bool is_homed(const struct legal *lg, int reg)
{
	return reg >= HREG_ROLE && lg->in->class[reg & ~HREG_ROLE] == RES_HOME;
}

/* May the destination be the guest register `role`, so that writing it first would lose that operand? */
static bool may_be(const struct legal *lg, const struct hop *dest, int role)
{
	return dest->kind == HOP_ROLE && roles_may_alias(lg, dest->role, role);
}

/* Both operands of the sum would be loaded for lea; add takes the second one from memory, if its flags disturb nobody. */
bool shape_split_lea(const struct legal *lg, struct src_insn *insn, struct src_insn *second)
{
	const struct hop addr = insn->op[1];
	const struct form *add = form_of(lg->in->host, "add", 2);
	int index = addr.index & ~HREG_ROLE;
	struct form_info info;

	if (strcmp(insn->name, "lea") || insn->nops != 2 || addr.kind != HOP_ADDR || !is_homed(lg, addr.base) ||
	    !is_homed(lg, addr.index) || addr.scale != 1 || addr.disp_value >= 0 || addr.disp_const || !add ||
	    may_be(lg, &insn->op[0], index))
		return false;
	form_info(lg->in->host, add, &info);
	if (!flags_are_dead(lg, info.flag_touches))
		return false;
	*second = *insn;
	second->name = "add";
	second->op[1] = (struct hop){ .kind = HOP_ROLE, .role = index, .width = insn->op[0].width };
	insn->name = "mov";
	insn->op[1] = second->op[1];
	insn->op[1].role = addr.base & ~HREG_ROLE;
	return true;
}

/* ---- constants ---- */

/* Range of an immediate operand; false for anything else. */
static bool immediate_range(const struct legal *lg, const struct hop *op, int64_t range[2])
{
	if (op->kind == HOP_CONST) {
		range[0] = range[1] = op->disp_const;
	} else if (op->kind == HOP_VALUE) {
		range[0] = lg->in->facts->lo[op->value];
		range[1] = lg->in->facts->hi[op->value];
	} else {
		return false;
	}
	return true;
}

/* mov rd.d, k with 0 <= k < 2^31 into a home: one 64-bit store. */
static void shape_mov(struct legal *lg, struct src_insn *insn)
{
	struct hop *to = &insn->op[0];
	int64_t range[2];

	if (op_is_x0(lg, &insn->op[1]))
		insn->op[1] = (struct hop){ .kind = HOP_CONST };
	if (to->kind == HOP_ROLE && to->width == 32 && lg->in->class[to->role] == RES_HOME &&
	    immediate_range(lg, &insn->op[1], range) && range[0] >= 0 && range[1] <= INT32_MAX)
		to->width = 64;
}

/* Extensions of x0 are x0. */
static void shape_extend(struct legal *lg, struct src_insn *insn)
{
	if (!strncmp(insn->name, "movzx", 5) || !strncmp(insn->name, "movsx", 5))
		if (insn->nops == 2 && op_is_x0(lg, &insn->op[1])) {
			insn->name = "mov";
			insn->op[0].width = 64;
		}
}

/* ---- nothing left ---- */

static bool is_neutral(const struct legal *lg, const struct src_insn *insn)
{
	static const char *const names[] = { "add", "sub", "or", "xor" };

	if (insn->nops != 2 || insn->op[0].width != 64 || insn->op[0].kind == HOP_GMEM || !op_is_x0(lg, &insn->op[1]))
		return false;
	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(insn->name, names[i]))
			return true;
	return false;
}

static bool is_self_move(const struct src_insn *insn)
{
	return !strcmp(insn->name, "mov") && insn->op[0].kind == HOP_ROLE && insn->op[1].kind == HOP_ROLE &&
	       insn->op[0].role == insn->op[1].role && insn->op[0].width == 64 && insn->op[1].width == 64;
}

/* Only writes x0 and flags. */
static bool only_writes_x0(const struct legal *lg, const struct src_insn *insn, const struct form_info *info)
{
	bool writes = false;

	if (info->reg_writes || insn_is_jump(insn->name))
		return false;
	for (unsigned int i = 0; i < insn->nops; i++) {
		if (insn->op[i].kind == HOP_GMEM || (info->writes[i] && !op_is_x0(lg, &insn->op[i])))
			return false;
		writes |= info->writes[i];
	}
	return writes;
}

bool shape_insn(struct legal *lg, struct src_insn *insn)
{
	const struct form *form = form_of(lg->in->host, insn->name, insn->nops);
	struct form_info info;

	if (!form)
		return false;
	form_info(lg->in->host, form, &info);
	for (unsigned int i = 0; i < insn->nops; i++)
		if (insn->op[i].kind == HOP_GMEM || insn->op[i].kind == HOP_ADDR)
			shape_address(lg, &insn->op[i]);
	if ((only_writes_x0(lg, insn, &info) || is_neutral(lg, insn)) && flags_are_dead(lg, info.flag_touches))
		return true;
	if (!strcmp(insn->name, "lea") && insn->nops == 2 && insn->op[1].kind == HOP_ADDR)
		shape_lea(insn);
	shape_extend(lg, insn);
	if (is_self_move(insn))
		return true;
	if (!strcmp(insn->name, "mov") && insn->nops == 2)
		shape_mov(lg, insn);
	return false;
}

void shape_final(struct legal *lg, const char **name, struct hop *op)
{
	bool to_register = op[0].kind == HOP_REG || op[0].kind == HOP_ROLE;
	int64_t range[2];

	/* A 32-bit mov clears the upper half and is shorter. */
	if (!strcmp(*name, "mov") && to_register && op[0].width == 64 && immediate_range(lg, &op[1], range) &&
	    range[0] >= 0 && range[1] <= UINT32_MAX)
		op[0].width = 32;
	/* cf = of = 0 and the same zf and sf; a byte shorter. */
	if (!strcmp(*name, "cmp") && to_register && op[1].kind == HOP_CONST && !op[1].disp_const) {
		*name = "test";
		op[1] = op[0];
	}
}
