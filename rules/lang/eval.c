// SPDX-License-Identifier: GPL-2.0-only
/* eval.c: the plain reading of the language, on concrete values. Next file: the tests in tests/lang. */
#include "lang/eval.h"

/* Causes of a misaligned access; priv machine.adoc, table "Machine cause register (mcause) values after trap" */
enum { CAUSE_LOAD_MISALIGNED = 4, CAUSE_STORE_MISALIGNED = 6 };

struct run {
	struct eval *e;
	const struct insn_desc *insn;
	const struct form *form;
	const unsigned int *local_width;
	bool is_undef;	       /* the expression being evaluated read an undefined value */
	uint32_t undef_locals; /* bit per local */
	enum eval_end end;
};

static bv_t cut(bv_t value, unsigned int width)
{
	return width >= 128 ? value : value & (((bv_t)1 << width) - 1);
}

static bv_t sign_extend(bv_t value, unsigned int width)
{
	bv_t sign = (bv_t)1 << (width - 1);

	return (value ^ sign) - sign;
}

/* ---- expressions ---- */

static bv_t ex_value(struct run *r, const struct ex *e);

static bv_t shift(const struct ex *e, bv_t a, bv_t b)
{
	unsigned int width = e->width, n = b >= width ? width : (unsigned int)b;

	if (e->op == OP_SAR) {
		bool is_negative = a >> (width - 1) & 1;
		bv_t filled = is_negative ? ~cut(~(bv_t)0, width) | a : a;

		for (; n; n--)
			filled = filled >> 1 | (is_negative ? (bv_t)1 << 127 : 0);
		return cut(filled, width);
	}
	if (n >= 128)
		return 0;
	return e->op == OP_SHL ? cut(a << n, width) : a >> n;
}

static bool less_signed(bv_t a, bv_t b, unsigned int width)
{
	bv_t sign = (bv_t)1 << (width - 1);

	return (a ^ sign) < (b ^ sign);
}

static bv_t binary(const struct ex *e, bv_t a, bv_t b)
{
	unsigned int width = e->arg[0]->width;

	switch (e->op) {
	case OP_ADD: return cut(a + b, width);
	case OP_SUB: return cut(a - b, width);
	case OP_MUL: return cut(a * b, width);
	case OP_AND: return a & b;
	case OP_OR: return a | b;
	case OP_XOR: return a ^ b;
	case OP_SHL:
	case OP_SHR:
	case OP_SAR: return shift(e, a, b);
	case OP_EQ: return a == b;
	case OP_NE: return a != b;
	case OP_LTU: return a < b;
	case OP_LTS: return less_signed(a, b, width);
	case OP_GEU: return a >= b;
	case OP_GES: return !less_signed(a, b, width);
	case OP_NEG:
	case OP_NOT: break;
	}
	return 0;
}

static bv_t field_value(struct run *r, const struct ex *e)
{
	return cut((bv_t)(uint64_t)r->e->field[e->index], e->width);
}

static bv_t reg_value(struct run *r, const struct ex *e)
{
	const struct regfile *file = &r->e->isa->regfile[e->index];
	uint64_t n = ex_value(r, e->arg[0]);

	if (n >= file->count || (file->zero >= 0 && n == (uint64_t)file->zero))
		return 0;
	return r->e->reg[e->index][n];
}

static bv_t state_value(struct run *r, const struct ex *e)
{
	r->is_undef |= r->e->undef_states >> e->index & 1;
	return r->e->state[e->index];
}

static bv_t operand_value(struct run *r, const struct ex *e)
{
	r->is_undef |= r->e->undef_operands >> e->index & 1;
	return r->e->operand[e->index];
}

static bv_t local_value(struct run *r, const struct ex *e)
{
	r->is_undef |= r->undef_locals >> e->index & 1;
	return r->e->local[e->index];
}

static bool call(struct run *r, unsigned int index, struct ex *const *arg, unsigned int nargs, bv_t *result)
{
	const struct callee *callee = &r->e->isa->callee[index];
	unsigned int width[ISA_ARGS_MAX] = { 0 };
	bv_t value[ISA_ARGS_MAX] = { 0 };

	for (unsigned int i = 0; i < nargs; i++) {
		value[i] = ex_value(r, arg[i]);
		width[i] = arg[i]->width;
	}
	if (r->end != EVAL_NEXT)
		return false;
	if (r->e->callee && !r->e->callee(r->e->ctx, callee, value, width, result))
		return true;
	r->end = EVAL_TRAP;
	return false;
}

static bv_t prim_value(struct run *r, const struct ex *e)
{
	bv_t result[ISA_RESULTS_MAX] = { 0 };

	call(r, e->index, e->arg, e->nargs, result);
	return cut(result[0], e->width);
}

static bv_t ite_value(struct run *r, const struct ex *e)
{
	bool is_true = ex_value(r, e->arg[0]);

	return ex_value(r, is_true ? e->arg[1] : e->arg[2]);
}

static bv_t unary_value(struct run *r, const struct ex *e)
{
	bv_t a = ex_value(r, e->arg[0]);

	return cut(e->op == OP_NEG ? -a : ~a, e->width);
}

static bv_t binary_value(struct run *r, const struct ex *e)
{
	bv_t a = ex_value(r, e->arg[0]);

	return binary(e, a, ex_value(r, e->arg[1]));
}

static bv_t concat_value(struct run *r, const struct ex *e)
{
	bv_t upper = ex_value(r, e->arg[0]);

	return upper << e->arg[1]->width | ex_value(r, e->arg[1]);
}

static bv_t ex_value(struct run *r, const struct ex *e)
{
	switch (e->kind) {
	case EX_CONST: return e->value;
	case EX_FIELD: return field_value(r, e);
	case EX_REG: return reg_value(r, e);
	case EX_STATE: return state_value(r, e);
	case EX_LOCAL: return local_value(r, e);
	case EX_OPERAND: return operand_value(r, e);
	case EX_ADDR: return r->e->operand_addr[e->index];
	case EX_ILEN: return r->e->ilen_bytes;
	case EX_UNARY: return unary_value(r, e);
	case EX_BINARY: return binary_value(r, e);
	case EX_ITE: return ite_value(r, e);
	case EX_EXTRACT: return cut(ex_value(r, e->arg[0]) >> e->lo, e->width);
	case EX_CONCAT: return concat_value(r, e);
	case EX_SEXT: return cut(sign_extend(ex_value(r, e->arg[0]), e->arg[0]->width), e->width);
	case EX_ZEXT: return ex_value(r, e->arg[0]);
	case EX_PRIM: return prim_value(r, e);
	case EX_UNDEF: r->is_undef = true; return 0;
	}
	return 0;
}

/* ---- statements ---- */

static void list_run(struct run *r, const struct st *st);

/* Value of a statement's expression; is_undef tells about this one alone. */
static bv_t fresh_value(struct run *r, const struct ex *e)
{
	r->is_undef = false;
	return ex_value(r, e);
}

static void set_local(struct run *r, unsigned int local, bv_t value)
{
	r->e->local[local] = cut(value, r->local_width[local]);
	r->undef_locals &= ~(1u << local);
}

static void run_let(struct run *r, const struct st *st)
{
	set_local(r, st->index, fresh_value(r, st->val));
	r->undef_locals |= (uint32_t)r->is_undef << st->index;
}

static void run_reg(struct run *r, const struct st *st)
{
	const struct regfile *file = &r->e->isa->regfile[st->index];
	uint64_t n = fresh_value(r, st->idx);
	bv_t value = ex_value(r, st->val);

	r->e->used_undef |= r->is_undef;
	if (r->end == EVAL_NEXT && n < file->count && (int64_t)n != file->zero)
		r->e->reg[st->index][n] = value;
}

/* The next pc does not replace this instruction's own until it ends. */
static void run_state(struct run *r, const struct st *st)
{
	bv_t value = fresh_value(r, st->val);

	if (r->end != EVAL_NEXT)
		return;
	if (st->index == r->e->isa->pc_state) {
		r->e->used_undef |= r->is_undef;
		r->e->has_next_pc = true;
		r->e->next_pc = value;
		return;
	}
	r->e->state[st->index] = value;
	r->e->undef_states &= ~(1u << st->index);
	r->e->undef_states |= (uint32_t)r->is_undef << st->index;
}

static void run_operand(struct run *r, const struct st *st)
{
	bv_t value = fresh_value(r, st->val);

	if (r->end != EVAL_NEXT)
		return;
	r->e->operand[st->index] = value;
	r->e->undef_operands &= ~(1u << st->index);
	r->e->undef_operands |= (uint32_t)r->is_undef << st->index;
}

static void run_if(struct run *r, const struct st *st)
{
	bool is_true = fresh_value(r, st->cond);

	r->e->used_undef |= r->is_undef;
	if (r->end == EVAL_NEXT)
		list_run(r, is_true ? st->body : st->orelse);
}

static void trap(struct run *r, uint64_t cause, uint64_t tval)
{
	r->end = EVAL_TRAP;
	r->e->trap_cause = cause;
	r->e->trap_tval = tval;
}

static void run_trap(struct run *r, const struct st *st)
{
	uint64_t cause = fresh_value(r, st->idx);

	trap(r, cause, ex_value(r, st->val));
}

static int amo_access(struct run *r, const struct st *st, uint64_t addr, bv_t *old)
{
	int ret = r->e->access(r->e->ctx, MEM_AMO, st->size, addr, old, 0);
	bv_t new;

	if (ret)
		return ret;
	set_local(r, st->result[0], *old);
	new = ex_value(r, st->val);
	return r->e->access(r->e->ctx, MEM_STORE, st->size, addr, &new, 0);
}

static int do_access(struct run *r, const struct st *st, uint64_t addr, bv_t *value)
{
	bv_t expected = 0;

	switch (st->mem) {
	case MEM_LOAD: return r->e->access(r->e->ctx, MEM_LOAD, st->size, addr, value, 0);
	case MEM_STORE:
		*value = ex_value(r, st->val);
		return r->e->access(r->e->ctx, MEM_STORE, st->size, addr, value, 0);
	case MEM_AMO: return amo_access(r, st, addr, value);
	case MEM_CAS:
		expected = ex_value(r, st->expected);
		*value = ex_value(r, st->val);
		return r->e->access(r->e->ctx, MEM_CAS, st->size, addr, value, expected);
	}
	return -1;
}

static void run_mem(struct run *r, const struct st *st)
{
	uint64_t addr = fresh_value(r, st->addr);
	bv_t value = 0;

	if (st->aligned && addr % st->size) {
		trap(r, st->mem == MEM_LOAD ? CAUSE_LOAD_MISALIGNED : CAUSE_STORE_MISALIGNED, addr);
		return;
	}
	if (r->end != EVAL_NEXT)
		return;
	if (!r->e->access || do_access(r, st, addr, &value)) {
		r->end = EVAL_FAULT;
		return;
	}
	r->e->used_undef |= r->is_undef;
	if (st->nresults)
		set_local(r, st->result[0], value);
}

static void run_call(struct run *r, const struct st *st)
{
	bv_t result[ISA_RESULTS_MAX] = { 0 };

	r->is_undef = false;
	if (!call(r, st->index, st->arg, st->nargs, result))
		return;
	r->e->used_undef |= r->is_undef;
	for (unsigned int i = 0; i < st->nresults; i++)
		set_local(r, st->result[i], result[i]);
}

static void list_run(struct run *r, const struct st *st)
{
	for (; st && r->end == EVAL_NEXT; st = st->next) {
		switch (st->kind) {
		case ST_LET: run_let(r, st); break;
		case ST_REG: run_reg(r, st); break;
		case ST_STATE: run_state(r, st); break;
		case ST_OPERAND: run_operand(r, st); break;
		case ST_IF: run_if(r, st); break;
		case ST_TRAP: run_trap(r, st); break;
		case ST_MEM: run_mem(r, st); break;
		case ST_PRIM:
		case ST_EFFECT: run_call(r, st); break;
		}
	}
}

enum eval_end eval_insn(struct eval *eval, const struct insn_desc *insn)
{
	struct run r = { .e = eval, .insn = insn, .local_width = insn->local_width };

	eval->has_next_pc = false;
	list_run(&r, insn->body);
	return r.end;
}

enum eval_end eval_form(struct eval *eval, const struct form *form)
{
	struct run r = { .e = eval, .form = form, .local_width = form->local_width };

	eval->has_next_pc = false;
	eval->undef_operands = 0;
	list_run(&r, form->body);
	return r.end;
}

/* ---- encodings ---- */

bool eval_encodes(const struct isa *isa, const struct insn_desc *desc, uint32_t word)
{
	struct eval eval = { .isa = isa };
	struct run r = { .e = &eval, .insn = desc, .local_width = desc->local_width };

	if ((word & desc->mask) != desc->match)
		return false;
	if (!desc->when)
		return true;
	for (unsigned int i = 0; i < desc->nfields; i++)
		eval.field[i] = field_extract(&desc->field[i], word);
	return ex_value(&r, desc->when);
}

struct insn_desc *eval_decode(const struct isa *isa, uint32_t word)
{
	struct insn_desc *found = NULL;

	for (unsigned int i = 0; i < isa->ninsns; i++) {
		struct insn_desc *desc = isa->insn[i];
		uint32_t bits = desc->bits == 16 ? word & 0xffff : word;

		if (eval_encodes(isa, desc, bits) && (!found || found->yields))
			found = desc;
	}
	return found;
}
