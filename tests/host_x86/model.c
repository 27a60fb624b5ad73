// SPDX-License-Identifier: GPL-2.0-only
/* model.c: runs a form's semantics on the registers and memory of one test. Next file: cpu.c. */
#include "model.h"

#include <string.h>

#include "prim_eval.h"
#include "stub.h"

static const struct {
	const char *name;
	uint64_t bit;
} flag_table[] = { { "cf", FLAG_CF }, { "zf", FLAG_ZF }, { "sf", FLAG_SF }, { "of", FLAG_OF } };

enum { BRANCH_TARGET = 0x1234 }; /* stands for the address of a branch */

bool hop_is_memory(const struct hop *op)
{
	return op->kind == HOP_HOME || op->kind == HOP_STATE || op->kind == HOP_GMEM;
}

/* ---- primitives, in the plainest C ---- */

static __int128 signed_value(bv_t value, unsigned int width)
{
	return (__int128)(value << (128 - width)) >> (128 - width);
}

static bv_t divide(const char *name, const bv_t *arg, unsigned int width)
{
	bv_t dividend = arg[0] << width | arg[1];
	__int128 sdividend = signed_value(dividend, 2 * width), sdivisor = signed_value(arg[2], width);
	bool is_overflow = sdivisor == -1 && sdividend == signed_value((bv_t)1 << (2 * width - 1), 2 * width);
	__int128 quotient = !sdivisor || is_overflow ? 0 : sdividend / sdivisor;

	if (!strcmp(name, "idivq_ok"))
		return sdivisor && !is_overflow && signed_value((bv_t)quotient, width) == quotient;
	/* 0 where the CPU would raise #DE: the description must not come here */
	if (!strcmp(name, "udivq"))
		return arg[2] ? dividend / arg[2] : 0;
	if (!strcmp(name, "uremq"))
		return arg[2] ? dividend % arg[2] : 0;
	if (!strcmp(name, "idivq"))
		return (bv_t)quotient;
	return sdivisor && !is_overflow ? (bv_t)(sdividend % sdivisor) : 0;
}

/* The primitives of the guest's description: here the CPU is what they are compared with. */
static bool fp_run(const struct callee *callee, const bv_t *arg, unsigned int width, bv_t *result)
{
	u64 in[ISA_ARGS_MAX] = { 0 }, out[ISA_RESULTS_MAX] = { 0 };

	for (unsigned int i = 0; i < callee->nargs; i++)
		in[i] = (u64)arg[i];
	if (prim_eval(callee->name, width, in, out))
		return false;
	for (unsigned int i = 0; i < callee->nresults; i++)
		result[i] = out[i];
	return true;
}

static uint64_t model_clock(struct model *model)
{
	model->has_clock = true;
	return model->clock;
}

static int callee_run(void *ctx, const struct callee *callee, const bv_t *arg, const unsigned int *arg_width,
		      bv_t *result)
{
	struct model *model = ctx;
	const char *name = callee->name;

	if (!strcmp(name, "mulhu"))
		result[0] = arg[0] * arg[1] >> 64;
	else if (!strcmp(name, "mulh"))
		result[0] = (bv_t)(signed_value(arg[0], 64) * signed_value(arg[1], 64)) >> 64;
	else if (strstr("udivq uremq idivq iremq idivq_ok", name))
		result[0] = divide(name, arg, arg_width[0]);
	else if (!strncmp(name, "fp_", 3))
		model->is_broken |= !fp_run(callee, arg, arg_width[0], result);
	else if (!strcmp(name, "host_clock"))
		result[0] = model_clock(model);
	else if (strcmp(name, "host_fence"))
		model->is_broken = true;
	return 0;
}

/* ---- memory of locked instructions ---- */

static int access_run(void *ctx, enum mem_kind kind, unsigned int size, uint64_t addr, bv_t *value, bv_t expected)
{
	struct model *model = ctx;
	uint64_t old = 0, new = (uint64_t)*value;

	if (addr != model->mem_addr || !model->mem) {
		model->is_broken = true;
		return 1;
	}
	memcpy(&old, model->mem, size);
	if (kind == MEM_STORE || (kind == MEM_CAS && old == (uint64_t)expected))
		memcpy(model->mem, &new, size);
	if (kind != MEM_STORE)
		*value = old;
	return 0;
}

/* ---- operands ---- */

static uint64_t address_value(const struct model *model, const struct hop *op, const struct tenv *env)
{
	uint64_t addr = op->disp_value >= 0 ? (uint64_t)env->value[op->disp_value] : (uint64_t)op->disp_const;

	if (op->base != HREG_NONE)
		addr += model->reg[tenv_hreg(env, op->base)];
	if (op->index != HREG_NONE)
		addr += model->reg[tenv_hreg(env, op->index)] * op->scale;
	return addr;
}

static bv_t cut(uint64_t value, unsigned int width)
{
	return width >= 64 ? value : value & ((1ULL << width) - 1);
}

static bv_t operand_read(const struct model *model, const struct hop *op, const struct opnd *opnd,
			 const struct tenv *env)
{
	uint64_t value = 0;

	switch (op->kind) {
	case HOP_REG:
	case HOP_ROLE: return cut(model->reg[tenv_reg(env, op)], opnd->width);
	case HOP_XMM:
	case HOP_XROLE: return cut(model->xmm[tenv_reg(env, op)], opnd->width);
	case HOP_HOME:
	case HOP_STATE:
	case HOP_GMEM: memcpy(&value, model->mem, opnd->width / 8); return value;
	case HOP_CONST: return cut(op->disp_const, opnd->width);
	case HOP_VALUE: return cut(env->value[op->value], opnd->width);
	default: return BRANCH_TARGET;
	}
}

static void operand_write(struct model *model, const struct hop *op, const struct opnd *opnd, const struct tenv *env,
			  bv_t value)
{
	uint64_t *reg, mask = (uint64_t)cut(~0ULL, opnd->width), bits = (uint64_t)value;

	if (hop_is_memory(op)) {
		memcpy(model->mem, &bits, opnd->width / 8);
		return;
	}
	if (op->kind == HOP_XMM || op->kind == HOP_XROLE) {
		reg = &model->xmm[tenv_reg(env, op)];
		*reg = (*reg & ~mask) | bits;
		return;
	}
	reg = &model->reg[tenv_reg(env, op)];
	*reg = opnd->width == 32 ? bits : (*reg & ~mask) | bits;
}

/* No instruction here leaves memory or an xmm register undefined. */
static void operand_is_undef(struct model *model, const struct hop *op, const struct tenv *env)
{
	if (op->kind == HOP_REG || op->kind == HOP_ROLE)
		model->undef_regs |= 1U << tenv_reg(env, op);
	else
		model->is_broken = true;
}

static bool is_written(const struct st *st, unsigned int operand)
{
	for (; st; st = st->next) {
		if ((st->kind == ST_OPERAND && st->index == operand) ||
		    (st->kind == ST_IF && (is_written(st->body, operand) || is_written(st->orelse, operand))))
			return true;
	}
	return false;
}

bool form_may_trap(const struct st *st)
{
	for (; st; st = st->next) {
		if (st->kind == ST_TRAP ||
		    (st->kind == ST_IF && (form_may_trap(st->body) || form_may_trap(st->orelse))))
			return true;
	}
	return false;
}

/* ---- one run ---- */

/* MXCSR's bit of each bit of fpe */
static const uint32_t mxcsr_bit[] = { MXCSR_PE, MXCSR_UE, MXCSR_OE, MXCSR_ZE, MXCSR_IE };

static void mxcsr_to_eval(const struct model *model, struct eval *eval)
{
	bv_t fpe = 0;

	for (unsigned int i = 0; i < 5; i++)
		fpe |= (bv_t) !!(model->mxcsr & mxcsr_bit[i]) << i;
	eval->state[isa_find_state(model->host, "fpe")] = fpe;
	eval->state[isa_find_state(model->host, "rc")] = model->mxcsr / MXCSR_RC & 3;
}

static void mxcsr_from_eval(struct model *model, const struct eval *eval)
{
	bv_t fpe = eval->state[isa_find_state(model->host, "fpe")];

	for (unsigned int i = 0; i < 5; i++)
		model->mxcsr = fpe >> i & 1 ? model->mxcsr | mxcsr_bit[i] : model->mxcsr & ~mxcsr_bit[i];
}

static void flags_to_eval(const struct model *model, struct eval *eval)
{
	for (unsigned int i = 0; i < 4; i++)
		eval->state[isa_find_state(model->host, flag_table[i].name)] = !!(model->flags & flag_table[i].bit);
}

static void flags_from_eval(struct model *model, const struct eval *eval)
{
	for (unsigned int i = 0; i < 4; i++) {
		int state = isa_find_state(model->host, flag_table[i].name);
		uint64_t bit = flag_table[i].bit;

		model->flags = eval->state[state] ? model->flags | bit : model->flags & ~bit;
		model->undef_flags |= eval->undef_states >> state & 1 ? bit : 0;
	}
}

void model_run(struct model *model, const struct hinsn *insn, const struct tenv *env)
{
	const struct form *form = insn->form;
	struct eval eval = { .isa = model->host, .access = access_run, .callee = callee_run, .ctx = model };
	bv_t reg[16], xmm[16];

	for (unsigned int i = 0; i < 16; i++) {
		reg[i] = model->reg[i];
		xmm[i] = model->xmm[i];
	}
	eval.reg[0] = reg;
	eval.reg[1] = xmm;
	flags_to_eval(model, &eval);
	mxcsr_to_eval(model, &eval);
	for (unsigned int i = 0; i < form->nopnds; i++) {
		eval.operand[i] = operand_read(model, &insn->op[i], &form->opnd[i], env);
		eval.operand_addr[i] =
			insn->op[i].kind == HOP_ADDR ? address_value(model, &insn->op[i], env) : model->mem_addr;
	}
	model->undef_flags = 0;
	model->undef_regs = 0;
	model->is_trap = eval_form(&eval, form) != EVAL_NEXT;
	model->is_taken = eval.has_next_pc;
	model->is_broken |= eval.used_undef || (eval.has_next_pc && eval.next_pc != BRANCH_TARGET);
	for (unsigned int i = 0; i < 16; i++)
		model->reg[i] = (uint64_t)reg[i];
	for (unsigned int i = form->nopnds; i-- > 0;) {
		if (!is_written(form->body, i))
			continue;
		operand_write(model, &insn->op[i], &form->opnd[i], env, eval.operand[i]);
		if (eval.undef_operands >> i & 1)
			operand_is_undef(model, &insn->op[i], env);
	}
	flags_from_eval(model, &eval);
	mxcsr_from_eval(model, &eval);
}
