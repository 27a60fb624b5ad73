// SPDX-License-Identifier: GPL-2.0-only
/* sem.c: see sem.h. Next file: guest.c. */
#include "prove/sem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct prim_app apps[PRIM_APPS_MAX];
static unsigned int napps;

void oracle_start(struct oracle *oracle)
{
	memset(oracle, 0, sizeof(*oracle));
}

void oracle_rewind(struct oracle *oracle)
{
	oracle->taken = 0;
}

/* Depth first: the last decision that was "yes" becomes "no"; the ones behind it are forgotten. */
bool oracle_next(struct oracle *oracle)
{
	unsigned int d = oracle->taken;

	while (d && !(oracle->bits & 1u << (d - 1)))
		d--;
	if (!d)
		return false;
	oracle->bits &= ~(1u << (d - 1));
	oracle->depth = d;
	return true;
}

static bool oracle_ask(struct oracle *oracle)
{
	unsigned int d = oracle->taken++;

	if (d >= oracle->depth) {
		oracle->bits |= 1u << d;
		oracle->depth = d + 1;
	}
	return oracle->bits & 1u << d;
}

void run_start(struct run *run)
{
	run->path = t_true();
	run->has_trapped = false;
	run->unsupported = NULL;
	run->nundefs = 0;
	oracle_rewind(run->oracle);
}

void run_refuse(struct run *run, const char *why)
{
	if (!run->unsupported)
		run->unsupported = why;
}

bool run_choose(struct run *run)
{
	if (run->oracle->taken < PATH_DECISIONS_MAX)
		return oracle_ask(run->oracle);
	run_refuse(run, "more decisions on one path than PATH_DECISIONS_MAX");
	return false;
}

bool run_decide(struct run *run, pred condition)
{
	condition = t_simplify(condition);
	if (t_is_true(condition))
		return true;
	if (t_is_false(condition))
		return false;
	if (!run_choose(run)) {
		run->path = t_and(run->path, t_not(condition));
		return false;
	}
	run->path = t_and(run->path, condition);
	return true;
}

term run_fresh(struct run *run, unsigned int width)
{
	char name[64];

	snprintf(name, sizeof(name), "%s%u", run->undef_prefix, run->nundefs++);
	return t_var(name, width);
}

void prims_reset(void)
{
	napps = 0;
}

unsigned int prims_seen(const struct prim_app **app)
{
	*app = apps;
	return napps;
}

static void prim_note(const struct prim_app *app)
{
	for (unsigned int i = 0; i < napps; i++)
		if (apps[i].value == app->value)
			return;
	if (napps == PRIM_APPS_MAX) {
		fprintf(stderr, "ruleprove: more than %u primitives in one case\n", PRIM_APPS_MAX);
		abort();
	}
	apps[napps++] = *app;
}

term prim_apply(const char *name, unsigned int result, unsigned int width, const term *arg, unsigned int nargs)
{
	Z3_context z = terms_z3();
	struct prim_app app = { .name = name, .nargs = nargs, .result = result };
	Z3_sort domain[ISA_ARGS_MAX];
	char full[64];
	int n = snprintf(full, sizeof(full), "%s.%u:%u", name, result, width);

	for (unsigned int i = 0; i < nargs; i++) {
		app.arg[i] = t_simplify(arg[i]);
		domain[i] = Z3_get_sort(z, app.arg[i]);
		n += snprintf(full + n, sizeof(full) - (size_t)n, ",%u", t_width(app.arg[i]));
	}
	app.value =
		Z3_mk_app(z, Z3_mk_func_decl(z, Z3_mk_string_symbol(z, full), nargs, domain, Z3_mk_bv_sort(z, width)),
			  nargs, app.arg);
	prim_note(&app);
	return app.value;
}

static term callee_result(const struct callee *callee, unsigned int r, const term *arg, unsigned int nargs)
{
	unsigned int width = callee->result_width[r];

	if (!width) /* "any, all the same" */
		width = t_width(arg[0]);
	return prim_apply(callee->name, r, width, arg, nargs);
}

static term expr_prim(struct run *run, const struct ex *ex)
{
	term arg[ISA_ARGS_MAX];

	for (unsigned int i = 0; i < ex->nargs; i++)
		arg[i] = sem_expr(run, ex->arg[i]);
	return callee_result(&run->isa->callee[ex->index], 0, arg, ex->nargs);
}

static term expr_compound(struct run *run, const struct ex *ex)
{
	term a = sem_expr(run, ex->arg[0]), b;

	switch (ex->kind) {
	case EX_UNARY: return t_unary(ex->op, a);
	case EX_BINARY: return t_binary(ex->op, a, sem_expr(run, ex->arg[1]));
	case EX_ITE: b = sem_expr(run, ex->arg[1]); return t_ite(t_bool(a), b, sem_expr(run, ex->arg[2]));
	case EX_EXTRACT: return t_extract(a, ex->hi, ex->lo);
	case EX_CONCAT: return t_concat(a, sem_expr(run, ex->arg[1]));
	case EX_SEXT: return t_sext(a, ex->width);
	default: return t_zext(a, ex->width);
	}
}

term sem_expr(struct run *run, const struct ex *ex)
{
	const struct machine *m = run->machine;

	switch (ex->kind) {
	case EX_CONST: return t_num(ex->value, ex->width);
	case EX_FIELD: return m->field_read(run, ex->index);
	case EX_REG: return m->reg_read(run, ex->index, ex->arg[0]);
	case EX_STATE: return m->state_read(run, ex->index);
	case EX_LOCAL: return run->local[ex->index];
	case EX_OPERAND: return m->operand_read(run, ex->index);
	case EX_ADDR: return m->operand_addr(run, ex->index);
	case EX_ILEN: return m->ilen(run);
	case EX_PRIM: return expr_prim(run, ex);
	case EX_UNDEF: return run_fresh(run, ex->width);
	default: return t_simplify(expr_compound(run, ex));
	}
}

static void stmt_prim(struct run *run, const struct st *st)
{
	const struct callee *callee = &run->isa->callee[st->index];
	term arg[ISA_ARGS_MAX];

	for (unsigned int i = 0; i < st->nargs; i++)
		arg[i] = sem_expr(run, st->arg[i]);
	for (unsigned int r = 0; r < st->nresults; r++)
		run->local[st->result[r]] = callee_result(callee, r, arg, st->nargs);
}

static void stmt(struct run *run, const struct st *st)
{
	const struct machine *m = run->machine;

	switch (st->kind) {
	case ST_LET: run->local[st->index] = sem_expr(run, st->val); break;
	case ST_REG: m->reg_write(run, st->index, st->idx, sem_expr(run, st->val)); break;
	case ST_STATE: m->state_write(run, st->index, sem_expr(run, st->val)); break;
	case ST_OPERAND: m->operand_write(run, st->index, sem_expr(run, st->val)); break;
	case ST_IF: sem_run(run, run_decide(run, t_bool(sem_expr(run, st->cond))) ? st->body : st->orelse); break;
	case ST_TRAP:
		run->has_trapped = true;
		if (!t_is_num(sem_expr(run, st->idx), &run->trap_cause))
			run->trap_cause = UINT64_MAX;
		break;
	case ST_MEM: m->mem(run, st); break;
	case ST_PRIM: stmt_prim(run, st); break;
	case ST_EFFECT: m->effect(run, st, &run->isa->callee[st->index]); break;
	}
}

void sem_run(struct run *run, const struct st *st)
{
	for (; st && !run->has_trapped && !run->unsupported; st = st->next)
		stmt(run, st);
}
