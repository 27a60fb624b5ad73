// SPDX-License-Identifier: GPL-2.0-only
/* access.c: access records against decoded instructions, CPU features against conditions. Next file: goal.c. */
#include <string.h>

#include "../translator/abi.h"
#include "prove/rule.h"
#include "rulec/src.h"

/* ---- one record ---- */

static const struct hinsn *insn_at(const struct host_code *code, unsigned int off)
{
	for (unsigned int i = 0; i < code->ninsns; i++)
		if (code->insn[i].off == off)
			return &code->insn[i];
	return NULL;
}

static int gmem_operand(const struct hinsn *insn)
{
	for (unsigned int o = 0; o < insn->form->nopnds; o++)
		if (insn->op[o].kind == HOP_GMEM)
			return (int)o;
	return -1;
}

static bool reg_agrees(uint8_t reg, const struct hop *op)
{
	if (op->kind == HOP_ROLE)
		return reg == (ACCESS_REG_ROLE | op->role);
	return op->kind == HOP_REG && reg == op->reg;
}

static bool base_agrees(const struct access *a, const struct hop *mem)
{
	if (mem->index != HREG_NONE || mem->disp_const)
		return false;
	if (a->disp_value != (mem->disp_value < 0 ? 0xff : mem->disp_value))
		return false;
	if (mem->base == HREG_NONE)
		return a->base == ACCESS_REG_NONE;
	return a->base == (mem->base >= HREG_ROLE ? ACCESS_REG_ROLE | (mem->base & ~HREG_ROLE) : mem->base);
}

/* Loads that the handler can complete: a whole register becomes the extended value, and nothing else changes. */
static const char *check_load(const struct access *a, const struct hinsn *insn)
{
	static const struct {
		const char *name;
		bool is_signed;
	} moves[] = {
		{ "mov", false },
		{ "movzx", false },
		{ "movsx", true },
		{ "movsxd", true },
	};
	const struct hop *to = &insn->op[0];

	for (unsigned int i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		if (strcmp(insn->form->name, moves[i].name))
			continue;
		if (!reg_agrees(a->reg, to))
			return "access record: destination differs";
		if (to->width < 32 || a->dest_bits != to->width)
			return "access record: width of the destination differs";
		if (a->is_signed != moves[i].is_signed)
			return "access record: sign extension differs";
		return NULL;
	}
	return "a load that the fault handler could not complete";
}

static const char *check_store(const struct access *a, const struct hinsn *insn)
{
	const struct hop *from = &insn->op[1];

	if (strcmp(insn->form->name, "mov"))
		return "a store that the fault handler could not complete";
	if (from->kind == HOP_VALUE && a->reg == ACCESS_REG_IMM && a->reg_value == from->value)
		return NULL;
	if (from->kind == HOP_CONST && from->disp_const == 0 && a->reg == ACCESS_REG_IMM && a->reg_value == 0xff)
		return NULL;
	return reg_agrees(a->reg, from) ? NULL : "access record: stored register differs";
}

/* A locked access, or a plain read ahead of one. */
static const char *check_atomic(const struct hinsn *insn, int o)
{
	for (const struct st *st = insn->form->body; st; st = st->next)
		if (st->kind == ST_MEM && (st->mem == MEM_AMO || st->mem == MEM_CAS))
			return NULL;
	return o == 1 ? NULL : "access record: a plain store, not an atomic access";
}

static const char *check_record(const struct access *a, const struct host_code *code)
{
	const struct hinsn *insn = insn_at(code, a->off);
	int o = insn ? gmem_operand(insn) : -1;

	if (o < 0)
		return "access record for an instruction without access";
	if (a->len != insn->len)
		return "access record: length of the instruction differs";
	if (8u * a->size_bytes != insn->op[o].width)
		return "access record: size differs";
	if (!base_agrees(a, &insn->op[o]))
		return "access record: address differs";
	switch (a->kind) {
	case ACCESS_LOAD: return o == 1 ? check_load(a, insn) : "access record: a store or atomic access, not a load";
	case ACCESS_STORE: return o == 0 ? check_store(a, insn) : "access record: a load, not a store";
	case ACCESS_ATOMIC: return check_atomic(insn, o);
	default: return "access record: unknown kind";
	}
}

const char *access_check(const struct cvariant *variant, const struct host_code *code)
{
	unsigned int naccesses = 0;
	const char *why = NULL;

	for (unsigned int i = 0; i < code->ninsns; i++)
		naccesses += gmem_operand(&code->insn[i]) >= 0;
	if (naccesses != variant->naccesses)
		return "as many access records as instructions with accesses are needed";
	for (unsigned int i = 0; i < variant->naccesses && !why; i++)
		why = check_record(&variant->access[i], code);
	return why;
}

/* ---- holes ---- */

const char *holes_check(const struct crule *rule, const struct cvariant *variant)
{
	for (unsigned int i = 0; i < variant->code.nholes; i++) {
		const struct hole *hole = &variant->code.hole[i];

		switch (hole->kind) {
		case HOLE_REG:
		case HOLE_VVVV:
		case HOLE_HOME32:
			if (hole->role >= rule->nroles)
				return "a hole for a role that the match does not have";
			break;
		case HOLE_VALUE8:
		case HOLE_VALUE32:
		case HOLE_VALUE64:
		case HOLE_REL32_TARGET:
			if (hole->arg >= rule->nvalues)
				return "a hole for a value that the match does not have";
			break;
		case HOLE_REL32_EXIT:
			if (hole->arg != EXIT_FALLBACK && hole->arg != EXIT_SYSTEM)
				return "a branch to an exit that templates do not branch to";
			break;
		case HOLE_STATE32: break;
		default: return "a hole of an unknown kind";
		}
	}
	return NULL;
}

/* ---- CPU features ---- */

const char *feature_check(const struct isa *host, const struct carm *arm, const struct host_code *code)
{
	for (unsigned int i = 0; i < code->ninsns; i++) {
		const char *feature = code->insn[i].form->feature;
		bool is_promised = !feature;

		for (unsigned int k = 0; k < arm->nconds && feature; k++)
			is_promised |=
				arm->cond[k].kind == COND_HOST && arm->cond[k].b == host_feature_find(host, feature);
		if (!is_promised)
			return feature;
	}
	return NULL;
}
