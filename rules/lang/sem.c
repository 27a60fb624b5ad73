// SPDX-License-Identifier: GPL-2.0-only
/* sem.c: types the statements of instructions and host forms. Next file: purity.c, overlap.c. */
#include "lang/front.h"

#include <ctype.h>
#include <string.h>

static bool type_list(struct typer *t, const struct syn_st *list, struct st **head);
static bool type_statement(struct typer *t, const struct syn_st *s);

static struct st *st_new(struct typer *t, enum st_kind kind, struct loc loc)
{
	struct st *st = arena_alloc(t->f->arena, sizeof(*st));

	st->kind = kind;
	st->loc = loc;
	return st;
}

static void append(struct typer *t, struct st *st)
{
	*t->tail = st;
	t->tail = &st->next;
}

static struct ex *local_ex(struct typer *t, unsigned int local, struct loc loc)
{
	struct ex *e = arena_alloc(t->f->arena, sizeof(*e));

	*e = (struct ex){ .kind = EX_LOCAL, .index = local, .width = t->local_width[local], .loc = loc };
	return e;
}

/* ---- let ---- */

/* A name must mean one thing: no let may hide another one, a field, an operand or a state. */
static bool name_is_free(struct typer *t, const char *name, struct loc loc)
{
	bool is_taken = isa_find_state(t->f->isa, name) >= 0 || isa_find_regfile(t->f->isa, name) >= 0 ||
			front_const(t->f, name) || !strcmp(name, "old") || !strcmp(name, "ilen") ||
			!isalpha((unsigned char)name[0]);

	for (const struct binding *b = t->scope; b; b = b->up)
		is_taken |= !strcmp(b->name, name);
	for (unsigned int i = 0; t->insn && i < t->insn->nfields; i++)
		is_taken |= !strcmp(t->insn->field[i].name, name);
	if (t->form && !name[1] && (unsigned int)(name[0] - 'a') < t->form->nopnds)
		is_taken = true;
	if (is_taken)
		diag_error(t->f->diag, loc, "let %s: the name is taken, choose another one", name);
	return !is_taken;
}

static bool bind(struct typer *t, const char *name, unsigned int local, struct loc loc)
{
	struct binding *b;

	if (!name_is_free(t, name, loc))
		return false;
	b = arena_alloc(t->f->arena, sizeof(*b));
	*b = (struct binding){ name, local_ex(t, local, loc), t->scope };
	t->scope = b;
	t->local_name[local] = name;
	return true;
}

static bool let_results(struct typer *t, const struct syn_st *s)
{
	unsigned int result[ISA_RESULTS_MAX];

	if (!type_call_results(t, s->val, s->ntargets, result))
		return false;
	for (unsigned int i = 0; i < s->ntargets; i++)
		if (!bind(t, s->name[i], result[i], s->loc))
			return false;
	return true;
}

static bool type_let(struct typer *t, const struct syn_st *s)
{
	struct ex *val;
	struct st *st;
	int local;

	if (s->ntargets > 1)
		return let_results(t, s);
	val = type_expr(t, s->val);
	if (!val)
		return false;
	if (!val->width) {
		diag_error(t->f->diag, s->loc, "let %s of a number without width: write zext(width, number)",
			   s->name[0]);
		return false;
	}
	/* the result of an access or effect is a local already: it just takes the name */
	if (val->kind == EX_LOCAL && t->local_name[val->index][0] == '_')
		return bind(t, s->name[0], val->index, s->loc);
	local = type_local(t, s->name[0], val->width, s->loc);
	if (local < 0 || !bind(t, s->name[0], local, s->loc))
		return false;
	st = st_new(t, ST_LET, s->loc);
	st->index = local;
	st->val = val;
	append(t, st);
	return true;
}

/* ---- assignment ---- */

static struct ex *bad_target(struct typer *t, const struct syn *s)
{
	diag_error(t->f->diag, s->loc, "only a register, a state or an operand can be assigned");
	return NULL;
}

/* Why a statement may not write a state there, or NULL. */
static const char *only_machine_writes(enum state_place place)
{
	if (place == STATE_BLOCK)
		return "stays the same all through a block: only an effect may change it";
	return place == STATE_TABLE ? "lies in the table page, which only the machine writes" : NULL;
}

/* The left side as an expression: EX_REG, EX_STATE or EX_OPERAND. */
static struct ex *type_target(struct typer *t, const struct syn *s)
{
	const char *outer = t->no_lift;
	struct ex *e;

	if (s->kind != SYN_NAME && s->kind != SYN_INDEX)
		return bad_target(t, s);
	t->no_lift = "on the left side of =";
	e = type_expr(t, s);
	t->no_lift = outer;
	if (e && e->kind == EX_STATE && only_machine_writes(t->f->isa->state[e->index].place)) {
		diag_error(t->f->diag, s->loc, "%s %s", s->name, only_machine_writes(t->f->isa->state[e->index].place));
		return NULL;
	}
	if (!e || e->kind == EX_REG || e->kind == EX_STATE)
		return e;
	if (e->kind != EX_OPERAND)
		return bad_target(t, s);
	if (t->form->opnd[e->index].kind == OPND_IMM || t->form->opnd[e->index].kind == OPND_UIMM ||
	    t->form->opnd[e->index].kind == OPND_REL) {
		diag_error(t->f->diag, s->loc, "operand %s is an immediate in %s at line %d: it cannot be assigned",
			   s->name, t->form->name, t->form->loc.line);
		return NULL;
	}
	return e;
}

static struct ex *or_into(struct typer *t, struct ex *target, struct ex *val, struct loc loc)
{
	struct ex *e = type_new(t, EX_BINARY, target->width, loc);

	e->op = OP_OR;
	e->nargs = 2;
	e->arg[0] = target;
	e->arg[1] = val;
	return e;
}

static void assign(struct typer *t, struct ex *target, struct ex *val, struct loc loc)
{
	enum st_kind kind = target->kind == EX_REG ? ST_REG : target->kind == EX_STATE ? ST_STATE : ST_OPERAND;
	struct st *st = st_new(t, kind, loc);

	st->index = target->index;
	st->idx = target->kind == EX_REG ? target->arg[0] : NULL;
	st->val = val;
	append(t, st);
}

static bool same_as_target(struct typer *t, const struct ex *target, const struct ex *val, struct loc loc)
{
	if (target->width == val->width)
		return true;
	diag_error(t->f->diag, loc, "value has %u bits, the target %u: use sext(), zext() or [high:low]", val->width,
		   target->width);
	return false;
}

static bool assign_results(struct typer *t, const struct syn_st *s, struct ex **target)
{
	unsigned int result[ISA_RESULTS_MAX];

	if (!type_call_results(t, s->val, s->ntargets, result))
		return false;
	for (unsigned int i = 0; i < s->ntargets; i++) {
		struct ex *val = local_ex(t, result[i], s->loc);

		if (!same_as_target(t, target[i], val, s->loc))
			return false;
		if (s->is_or && i == s->ntargets - 1)
			val = or_into(t, target[i], val, s->loc);
		assign(t, target[i], val, s->loc);
	}
	return true;
}

static bool type_assign(struct typer *t, const struct syn_st *s)
{
	struct ex *target[SYN_TARGETS_MAX], *val;

	for (unsigned int i = 0; i < s->ntargets; i++) {
		target[i] = type_target(t, s->target[i]);
		if (!target[i])
			return false;
	}
	if (s->ntargets > 1)
		return assign_results(t, s, target);
	val = type_expr(t, s->val);
	if (!val || !type_fix(t, val, target[0]->width) || !same_as_target(t, target[0], val, s->loc))
		return false;
	assign(t, target[0], s->is_or ? or_into(t, target[0], val, s->loc) : val, s->loc);
	return true;
}

/* ---- if, trap, calls ---- */

static bool type_if(struct typer *t, const struct syn_st *s)
{
	struct ex *cond = type_sized(t, s->val, 1);
	struct st *st = st_new(t, ST_IF, s->loc);
	struct st **tail;

	if (!cond)
		return false;
	st->cond = cond;
	append(t, st);
	tail = t->tail;
	if (!type_list(t, s->body, &st->body) || !type_list(t, s->orelse, &st->orelse))
		return false;
	t->tail = tail;
	return true;
}

static bool type_trap(struct typer *t, const struct syn_st *s)
{
	struct st *st = st_new(t, ST_TRAP, s->loc);

	if (s->val->nargs != 2) {
		diag_error(t->f->diag, s->loc, "trap takes two arguments: trap(CAUSE, tval)");
		return false;
	}
	st->idx = type_sized(t, s->val->arg[0], 64);
	st->val = st->idx ? type_sized(t, s->val->arg[1], 64) : NULL;
	if (!st->val)
		return false;
	append(t, st);
	return true;
}

enum { PROC_STATEMENTS_MAX = 200 };

/* A proc, written out in place. Its let names are its own. */
static bool type_proc(struct typer *t, const struct syn *s, const struct func_decl *proc)
{
	const struct binding *outer = t->scope;
	struct binding param[ISA_ARGS_MAX];
	bool ok = type_macro_open(t, s, proc, param);

	if (!ok)
		return false;
	for (const struct syn_st *st = proc->stmts; st && ok; st = st->next) {
		ok = ++t->proc_statements <= PROC_STATEMENTS_MAX && type_statement(t, st);
		if (t->proc_statements == PROC_STATEMENTS_MAX + 1)
			diag_error(t->f->diag, s->loc, "more than %d statements come from procs", PROC_STATEMENTS_MAX);
	}
	type_macro_close(t, outer);
	return ok;
}

static bool type_statement(struct typer *t, const struct syn_st *s)
{
	const struct func_decl *macro;
	unsigned int result[ISA_RESULTS_MAX];

	switch (s->kind) {
	case SYN_LET: return type_let(t, s);
	case SYN_ASSIGN: return type_assign(t, s);
	case SYN_IF: return type_if(t, s);
	case SYN_DO: break;
	}
	if (!strcmp(s->val->name, "trap"))
		return type_trap(t, s);
	macro = front_func(t->f, s->val->name);
	if (macro && macro->is_proc)
		return type_proc(t, s->val, macro);
	return type_call_results(t, s->val, 0, result);
}

/* A block: its let names end with it. */
static bool type_list(struct typer *t, const struct syn_st *list, struct st **head)
{
	const struct binding *outer = t->scope;

	t->tail = head;
	for (; list; list = list->next)
		if (!type_statement(t, list))
			return false;
	t->scope = outer;
	return true;
}

/* ---- size ---- */

enum { NODES_MAX = 2000 };

/* Nodes of the tree when shared ones are written out; macros could make it explode for readers of the tree. */
static unsigned int ex_nodes(const struct ex *e, unsigned int sum)
{
	if (!e || sum > NODES_MAX)
		return sum;
	sum++;
	for (unsigned int i = 0; i < e->nargs; i++)
		sum = ex_nodes(e->arg[i], sum);
	return sum;
}

static unsigned int list_nodes(const struct st *st, unsigned int sum)
{
	for (; st; st = st->next) {
		sum = ex_nodes(st->idx, ex_nodes(st->val, ex_nodes(st->cond, sum)));
		sum = ex_nodes(st->expected, ex_nodes(st->addr, sum));
		for (unsigned int i = 0; i < st->nargs; i++)
			sum = ex_nodes(st->arg[i], sum);
		sum = list_nodes(st->orelse, list_nodes(st->body, sum));
	}
	return sum;
}

static bool type_body(struct typer *t, const struct syn_st *list, struct st **body, struct loc loc)
{
	if (!type_list(t, list, body))
		return false;
	if (list_nodes(*body, 0) <= NODES_MAX)
		return true;
	diag_error(t->f->diag, loc, "semantics have more than %d operators: name common parts by let", NODES_MAX);
	return false;
}

/* ---- guest instructions ---- */

static bool type_when(struct typer *t, struct insn_src *src)
{
	if (!src->when)
		return true;
	t->no_lift = "in when";
	src->desc->when = type_sized(t, src->when, 1);
	t->no_lift = NULL;
	if (!src->desc->when)
		return false;
	if (ex_nodes(src->desc->when, 0) <= NODES_MAX)
		return true;
	diag_error(t->f->diag, src->desc->loc, "when has more than %d operators", NODES_MAX);
	return false;
}

/* Does the field, or the number, fit into that slot of the base instruction? */
static bool expand_fits(struct typer *t, const struct field *slot, const struct ex *e)
{
	int64_t lo = slot->is_signed ? -(1LL << (slot->width - 1)) : 0;
	int64_t hi = slot->is_signed ? (1LL << (slot->width - 1)) - 1 : (1LL << slot->width) - 1;
	int64_t min = e->value, max = e->value;

	if (e->kind == EX_FIELD) {
		const struct field *field = &t->insn->field[e->index];

		min = field->is_signed ? -(1LL << (field->width - 1)) : 0;
		max = field->is_signed ? (1LL << (field->width - 1)) - 1 : (1LL << field->width) - 1;
		if (field->kind != slot->kind) {
			diag_error(t->f->diag, e->loc, "slot %s takes %s", slot->name,
				   slot->kind == FIELD_REG ? "a register" : "an immediate");
			return false;
		}
	}
	if (min >= lo && max <= hi)
		return true;
	diag_error(t->f->diag, e->loc, "slot %s holds %lld..%lld: this value does not always fit", slot->name,
		   (long long)lo, (long long)hi);
	return false;
}

/* x5 where the slot is a register of file x */
static bool expand_register(struct typer *t, const struct syn *s, const struct field *slot, uint64_t *number)
{
	const struct regfile *file = &t->f->isa->regfile[slot->regfile];
	size_t len = strlen(file->name);
	char digits[8];

	if (slot->kind != FIELD_REG || s->kind != SYN_NAME || strncmp(s->name, file->name, len))
		return false;
	for (*number = 0; *number < file->count && *number < 1000; ++*number) {
		snprintf(digits, sizeof(digits), "%u", (unsigned int)*number);
		if (!strcmp(s->name + len, digits))
			return true;
	}
	return false;
}

static struct ex *expand_arg(struct typer *t, const struct syn *s, const struct field *slot)
{
	struct ex *e = type_new(t, EX_CONST, 64, s->loc);

	if (expand_register(t, s, slot, &e->value))
		return e;
	if (s->kind == SYN_NAME) {
		e = type_expr(t, s);
		if (!e)
			return NULL;
		if (e->kind == EX_FIELD)
			return expand_fits(t, slot, e) ? e : NULL;
	} else if (!type_const(t, s, &e->value)) {
		return NULL;
	}
	if (e->kind != EX_CONST || slot->kind == FIELD_REG) {
		diag_error(t->f->diag, s->loc, "slot %s takes a field%s", slot->name,
			   slot->kind == FIELD_REG ? ", or a register such as x0" : " or a number");
		return NULL;
	}
	e->width = 64;
	return expand_fits(t, slot, e) ? e : NULL;
}

static bool type_expansion(struct typer *t, struct insn_src *src)
{
	struct insn_desc *desc = src->desc, *base = isa_find_insn(t->f->isa, src->base);

	if (!base || base == desc) {
		diag_error(t->f->diag, desc->loc,
			   "%s expands to %s, which is no instruction: describe that one, or correct the name",
			   desc->name, src->base);
		return false;
	}
	for (unsigned int i = 0; i < t->f->ninsns; i++) {
		if (t->f->insns[i].desc == base && t->f->insns[i].base) {
			diag_error(t->f->diag, desc->loc,
				   "%s expands to %s, which is an expansion itself: name the base instruction",
				   desc->name, src->base);
			return false;
		}
	}
	if (src->nbase_args != base->nfields) {
		diag_error(t->f->diag, desc->loc,
			   "%s has %u slots, %u are given: those of its asm line, then the rest of its picture",
			   base->name, base->nfields, src->nbase_args);
		return false;
	}
	desc->expand = base;
	for (unsigned int i = 0; i < base->nfields; i++) {
		desc->expand_arg[i] = expand_arg(t, src->base_arg[i], &base->field[i]);
		if (!desc->expand_arg[i])
			return false;
	}
	return true;
}

static void type_insn(struct front *f, struct insn_src *src)
{
	struct insn_desc *desc = src->desc;
	struct typer t = {
		.f = f,
		.insn = desc,
		.local_name = desc->local_name,
		.local_width = desc->local_width,
		.nlocals = &desc->nlocals,
	};

	if (!type_when(&t, src))
		return;
	if (src->base)
		type_expansion(&t, src);
	else
		type_body(&t, src->body, &desc->body, desc->loc);
}

void sem_type_insns(struct front *f)
{
	for (unsigned int i = 0; i < f->ninsns; i++)
		type_insn(f, &f->insns[i]);
	if (front_failed(f))
		return;
	for (unsigned int i = 0; i < f->ninsns; i++)
		purity_set(f->isa, f->insns[i].desc);
}

/* ---- host forms ---- */

static struct sem_src *sem_find(struct front *f, const char *name)
{
	for (unsigned int i = 0; i < f->nsems; i++)
		if (!strcmp(f->sems[i].name, name))
			return &f->sems[i];
	return NULL;
}

static void type_form(struct front *f, struct form *form)
{
	struct typer t = {
		.f = f,
		.form = form,
		.local_name = form->local_name,
		.local_width = form->local_width,
		.nlocals = &form->nlocals,
	};
	struct sem_src *sem = sem_find(f, form->name);
	unsigned int nerrors = f->diag->nerrors;

	if (!sem) {
		diag_error(f->diag, form->loc, "form %s has no sem line: say what it does", form->name);
		return;
	}
	sem->is_used = true;
	type_body(&t, sem->body, &form->body, form->loc);
	if (f->diag->nerrors != nerrors)
		diag_error(f->diag, form->loc, "... in form %s of this line", form->name);
}

void sem_type_forms(struct front *f)
{
	for (unsigned int i = 0; i < f->isa->nforms; i++)
		type_form(f, f->isa->form[i]);
	for (unsigned int i = 0; i < f->nsems; i++)
		if (!f->sems[i].is_used)
			diag_error(f->diag, f->sems[i].loc, "sem %s has no form line: remove it", f->sems[i].name);
}
