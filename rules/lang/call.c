// SPDX-License-Identifier: GPL-2.0-only
/* call.c: NAME(args): extensions, macros, primitives, and the accesses and effects that are lifted out of the
 * expression they stand in, left to right, into statements before it. Next file: sem.c. */
#include "lang/front.h"

#include <string.h>

enum { FUNC_DEPTH_MAX = 16, WIDTH_MAX = 128 };

static bool need_args(struct typer *t, const struct syn *s, unsigned int n)
{
	if (s->nargs == n)
		return true;
	diag_error(t->f->diag, s->loc, "%s takes %u arguments, not %u", s->name, n, s->nargs);
	return false;
}

/* ---- sext, zext, width, addr ---- */

static struct ex *call_extend(struct typer *t, const struct syn *s)
{
	enum ex_kind kind = s->name[0] == 's' ? EX_SEXT : EX_ZEXT;
	uint64_t width = 64;
	struct ex *arg, *e;

	if (s->nargs == 2) {
		if (!type_const(t, s->arg[0], &width))
			return NULL;
	} else if (!need_args(t, s, 1)) {
		return NULL;
	}
	arg = type_expr(t, s->arg[s->nargs - 1]);
	if (!arg)
		return NULL;
	if (width < 1 || width > WIDTH_MAX || arg->width > width) {
		diag_error(t->f->diag, s->loc, "%s to %llu bits from %u bits: must be the wider one, at most %d",
			   s->name, (unsigned long long)width, arg->width, WIDTH_MAX);
		return NULL;
	}
	if (!arg->width) /* a number: just gives it a width */
		return type_fix(t, arg, width) ? arg : NULL;
	if (arg->width == width)
		return arg;
	e = type_new(t, kind, width, s->loc);
	e->nargs = 1;
	e->arg[0] = arg;
	return e;
}

static struct ex *call_operand(struct typer *t, const struct syn *s, unsigned int *index)
{
	struct ex *e;

	if (!need_args(t, s, 1))
		return NULL;
	e = type_expr(t, s->arg[0]);
	if (e && e->kind == EX_OPERAND) {
		*index = e->index;
		return e;
	}
	if (e)
		diag_error(t->f->diag, s->loc, "%s() takes an operand of a host form: a, b or c", s->name);
	return NULL;
}

static struct ex *call_width(struct typer *t, const struct syn *s)
{
	unsigned int index;
	struct ex *e;

	if (!call_operand(t, s, &index))
		return NULL;
	e = type_new(t, EX_CONST, 0, s->loc);
	e->value = t->form->opnd[index].width;
	return e;
}

static struct ex *call_addr(struct typer *t, const struct syn *s)
{
	unsigned int index;
	struct ex *e;

	if (!call_operand(t, s, &index))
		return NULL;
	e = type_new(t, EX_ADDR, 64, s->loc);
	e->index = index;
	return e;
}

/* ---- macros ---- */

bool type_macro_open(struct typer *t, const struct syn *s, const struct func_decl *macro,
		     struct binding param[ISA_ARGS_MAX])
{
	const struct binding *inner = NULL;

	if (!need_args(t, s, macro->nparams))
		return false;
	if (t->func_depth == FUNC_DEPTH_MAX) {
		diag_error(t->f->diag, macro->loc,
			   "%s %s uses itself, or nests deeper than %d: it is written out in place",
			   macro->is_proc ? "proc" : "func", macro->name, FUNC_DEPTH_MAX);
		return false;
	}
	for (unsigned int i = 0; i < s->nargs; i++) {
		param[i] = (struct binding){ macro->param[i], type_expr(t, s->arg[i]), inner };
		if (!param[i].value)
			return false;
		inner = &param[i];
	}
	t->func_depth++;
	t->scope = inner;
	return true;
}

void type_macro_close(struct typer *t, const struct binding *outer)
{
	t->scope = outer;
	t->func_depth--;
}

static struct ex *call_func(struct typer *t, const struct syn *s, const struct func_decl *func)
{
	const struct binding *outer = t->scope;
	struct binding param[ISA_ARGS_MAX];
	struct ex *e;

	if (func->is_proc) {
		diag_error(t->f->diag, s->loc, "%s gives no result: it is a statement of its own", s->name);
		return NULL;
	}
	if (!type_macro_open(t, s, func, param))
		return NULL;
	e = type_expr(t, func->body);
	type_macro_close(t, outer);
	return e;
}

/* ---- lifted statements ---- */

static struct st *lift(struct typer *t, const struct syn *s, enum st_kind kind)
{
	struct st *st;

	if (t->no_lift) {
		diag_error(t->f->diag, s->loc, "%s may not stand %s: it would happen always", s->name, t->no_lift);
		return NULL;
	}
	st = arena_alloc(t->f->arena, sizeof(*st));
	st->kind = kind;
	st->loc = s->loc;
	return st;
}

/* A name that no let can have: let names start with a letter. */
static const char *lifted_name(struct typer *t)
{
	return arena_printf(t->f->arena, "_%u", *t->nlocals);
}

static void append(struct typer *t, struct st *st)
{
	*t->tail = st;
	t->tail = &st->next;
}

struct access_call {
	const char *name;
	enum mem_kind kind;
	unsigned int nargs, nresults;
	bool is_aligned;
};

static const struct access_call access_table[] = {
	{ "load", MEM_LOAD, 2, 1, false },	  { "store", MEM_STORE, 3, 0, false },
	{ "load_aligned", MEM_LOAD, 2, 1, true }, { "amo", MEM_AMO, 3, 1, true },
	{ "cas", MEM_CAS, 4, 1, true },
};

static const struct access_call *access_find(const char *name)
{
	for (unsigned int i = 0; i < sizeof(access_table) / sizeof(access_table[0]); i++)
		if (!strcmp(access_table[i].name, name))
			return &access_table[i];
	return NULL;
}

/* new value of an amo: `old` names the value read; one atomic step, so nothing may be lifted out of it */
static struct ex *amo_value(struct typer *t, const struct syn *s, const struct st *st)
{
	struct binding old = { "old", type_new(t, EX_LOCAL, st->size * 8, s->loc), t->scope };
	const char *outer = t->no_lift;
	struct ex *e;

	old.value->index = st->result[0];
	t->scope = &old;
	t->no_lift = "inside the atomic access";
	e = type_sized(t, s->arg[2], st->size * 8);
	t->no_lift = outer;
	t->scope = old.up;
	return e;
}

static bool access_values(struct typer *t, const struct syn *s, struct st *st)
{
	unsigned int width = st->size * 8;

	switch (st->mem) {
	case MEM_LOAD: return true;
	case MEM_STORE: st->val = type_sized(t, s->arg[2], width); return st->val;
	case MEM_AMO: st->val = amo_value(t, s, st); return st->val;
	case MEM_CAS:
		st->expected = type_sized(t, s->arg[2], width);
		st->val = st->expected ? type_sized(t, s->arg[3], width) : NULL;
		return st->val;
	}
	return false;
}

/* The result's local, ISA_LOCALS_MAX for none; -1 on error. */
static int call_access(struct typer *t, const struct syn *s, const struct access_call *call)
{
	struct st *st = lift(t, s, ST_MEM);
	uint64_t size;

	if (!st || !need_args(t, s, call->nargs) || !type_const(t, s->arg[0], &size))
		return -1;
	if (size != 1 && size != 2 && size != 4 && size != 8 && size != 16) {
		diag_error(t->f->diag, s->loc, "an access has 1, 2, 4, 8 or 16 bytes, not %llu",
			   (unsigned long long)size);
		return -1;
	}
	st->mem = call->kind;
	st->size = size;
	st->aligned = call->is_aligned && t->insn; /* the host's locked forms take any address */
	st->addr = type_sized(t, s->arg[1], 64);
	st->nresults = call->nresults;
	if (!st->addr)
		return -1;
	if (st->nresults) {
		int local = type_local(t, lifted_name(t), size * 8, s->loc);

		if (local < 0)
			return -1;
		st->result[0] = local;
	}
	if (!access_values(t, s, st))
		return -1;
	append(t, st);
	return st->nresults ? (int)st->result[0] : ISA_LOCALS_MAX;
}

/* ---- primitives and effects ---- */

/* Types the arguments; *any is the width of those declared `any`, 0 if none is sized. */
static bool callee_args(struct typer *t, const struct syn *s, const struct callee *callee, struct ex **arg,
			unsigned int *any)
{
	*any = 0;
	if (!need_args(t, s, callee->nargs))
		return false;
	for (unsigned int i = 0; i < s->nargs; i++) {
		arg[i] =
			callee->arg_width[i] ? type_sized(t, s->arg[i], callee->arg_width[i]) : type_expr(t, s->arg[i]);
		if (!arg[i])
			return false;
		if (!callee->arg_width[i] && !*any)
			*any = arg[i]->width;
	}
	for (unsigned int i = 0; i < s->nargs; i++) {
		if (callee->arg_width[i])
			continue;
		if (!*any || !type_fix(t, arg[i], *any) || arg[i]->width != *any) {
			diag_error(t->f->diag, s->arg[i]->loc,
				   "arguments of %s declared `any` need one common width: extend or cut them", s->name);
			return false;
		}
	}
	return true;
}

static bool callee_lift(struct typer *t, const struct syn *s, unsigned int index, unsigned int *result)
{
	const struct callee *callee = &t->f->isa->callee[index];
	struct st *st = lift(t, s, callee->is_effect ? ST_EFFECT : ST_PRIM);
	unsigned int any;

	if (!st || !callee_args(t, s, callee, st->arg, &any))
		return false;
	st->index = index;
	st->nargs = callee->nargs;
	st->nresults = callee->nresults;
	for (unsigned int i = 0; i < callee->nresults; i++) {
		int local =
			type_local(t, lifted_name(t), callee->result_width[i] ? callee->result_width[i] : any, s->loc);

		if (local < 0)
			return false;
		st->result[i] = result[i] = local;
	}
	append(t, st);
	return true;
}

static struct ex *call_prim(struct typer *t, const struct syn *s, unsigned int index)
{
	const struct callee *callee = &t->f->isa->callee[index];
	struct ex *e = type_new(t, EX_PRIM, 0, s->loc);
	unsigned int any;

	e->index = index;
	e->nargs = callee->nargs;
	if (!callee_args(t, s, callee, e->arg, &any))
		return NULL;
	e->width = callee->result_width[0] ? callee->result_width[0] : any;
	return e;
}

static struct ex *local_ex(struct typer *t, unsigned int local, struct loc loc)
{
	struct ex *e = type_new(t, EX_LOCAL, t->local_width[local], loc);

	e->index = local;
	return e;
}

static struct ex *call_unknown(struct typer *t, const struct syn *s)
{
	diag_error(t->f->diag, s->loc, "unknown name %s(): declare it by prim, effect or func", s->name);
	return NULL;
}

static struct ex *no_result(struct typer *t, const struct syn *s)
{
	diag_error(t->f->diag, s->loc, "%s gives no result: it is a statement of its own", s->name);
	return NULL;
}

/* An access or effect inside an expression: the local that holds its first result. */
static struct ex *call_lifted(struct typer *t, const struct syn *s)
{
	const struct access_call *access = access_find(s->name);
	unsigned int result[ISA_RESULTS_MAX];
	int index, local;

	if (access && !access->nresults)
		return no_result(t, s);
	if (access) {
		local = call_access(t, s, access);
		return local < 0 ? NULL : local_ex(t, local, s->loc);
	}
	index = isa_find_callee(t->f->isa, s->name);
	if (!t->f->isa->callee[index].nresults)
		return no_result(t, s);
	return callee_lift(t, s, index, result) ? local_ex(t, result[0], s->loc) : NULL;
}

struct ex *type_call(struct typer *t, const struct syn *s)
{
	const struct func_decl *func = front_func(t->f, s->name);
	int index = isa_find_callee(t->f->isa, s->name);

	if (!strcmp(s->name, "sext") || !strcmp(s->name, "zext"))
		return call_extend(t, s);
	if (!strcmp(s->name, "width"))
		return call_width(t, s);
	if (!strcmp(s->name, "addr"))
		return call_addr(t, s);
	if (func)
		return call_func(t, s, func);
	if (index >= 0 && !t->f->isa->callee[index].is_effect)
		return call_prim(t, s, index);
	if (index < 0 && !access_find(s->name))
		return call_unknown(t, s);
	return call_lifted(t, s);
}

bool type_call_results(struct typer *t, const struct syn *s, unsigned int nresults, unsigned int *result)
{
	const struct access_call *access = s->kind == SYN_CALL ? access_find(s->name) : NULL;
	int index = s->kind == SYN_CALL ? isa_find_callee(t->f->isa, s->name) : -1;
	unsigned int gives;

	if (!access && index < 0) {
		diag_error(t->f->diag, s->loc, "a call of a declared %s is needed here",
			   nresults ? "prim or effect with that many results" : "effect");
		return false;
	}
	gives = access ? access->nresults : t->f->isa->callee[index].nresults;
	if (gives != nresults) {
		diag_error(t->f->diag, s->loc, "%s gives %u results, %u are taken", s->name, gives, nresults);
		return false;
	}
	if (!access)
		return callee_lift(t, s, index, result);
	return call_access(t, s, access) >= 0;
}
