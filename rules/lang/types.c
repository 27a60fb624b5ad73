// SPDX-License-Identifier: GPL-2.0-only
/* types.c: gives every expression its width and every name its meaning. Next file: call.c. */
#include "lang/front.h"

#include <string.h>

enum { WIDTH_MAX = 128 };

struct ex *type_new(struct typer *t, enum ex_kind kind, unsigned int width, struct loc loc)
{
	struct ex *e = arena_alloc(t->f->arena, sizeof(*e));

	e->kind = kind;
	e->width = width;
	e->loc = loc;
	return e;
}

unsigned int index_width(const struct regfile *file)
{
	unsigned int width = 1;

	while (1u << width < file->count)
		width++;
	return width;
}

int type_local(struct typer *t, const char *name, unsigned int width, struct loc loc)
{
	if (*t->nlocals == ISA_LOCALS_MAX) {
		diag_error(t->f->diag, loc,
			   "more than %d let names and accesses in one instruction: write some in place",
			   ISA_LOCALS_MAX);
		return -1;
	}
	t->local_name[*t->nlocals] = name;
	t->local_width[*t->nlocals] = width;
	return (*t->nlocals)++;
}

/* ---- unsized numbers ---- */

static bool fix_const(struct typer *t, struct ex *e, unsigned int width)
{
	if (width < 64 && e->value >> width) {
		diag_error(t->f->diag, e->loc, "number %llu does not fit in %u bits", (unsigned long long)e->value,
			   width);
		return false;
	}
	e->width = width;
	return true;
}

bool type_fix(struct typer *t, struct ex *e, unsigned int width)
{
	unsigned int first = e->kind == EX_ITE ? 1 : 0;
	unsigned int last = e->nargs;

	if (e->width)
		return true;
	if (e->kind == EX_CONST)
		return fix_const(t, e, width);
	if (e->kind == EX_OPERAND) {
		diag_error(t->f->diag, e->loc, "operand %c is an address only: use addr(%c)", 'a' + e->index,
			   'a' + e->index);
		return false;
	}
	if (e->kind == EX_BINARY && e->op >= OP_SHL) /* the amount has its own width */
		last = 1;
	e->width = width;
	for (unsigned int i = first; i < last; i++)
		if (!type_fix(t, e->arg[i], width))
			return false;
	return true;
}

/* An unsized macro argument may be used at several widths: each use gets its own copy. */
static struct ex *copy_unsized(struct typer *t, const struct ex *e)
{
	struct ex *copy = type_new(t, e->kind, 0, e->loc);

	*copy = *e;
	for (unsigned int i = 0; i < e->nargs; i++)
		if (!e->arg[i]->width)
			copy->arg[i] = copy_unsized(t, e->arg[i]);
	return copy;
}

/* Both to one width; false after a message if they differ. Both may stay unsized. */
static bool same_width(struct typer *t, struct ex *a, struct ex *b, struct loc loc)
{
	if (!a->width && !b->width)
		return true;
	if (!a->width)
		return type_fix(t, a, b->width);
	if (!b->width)
		return type_fix(t, b, a->width);
	if (a->width == b->width)
		return true;
	diag_error(t->f->diag, loc, "left side has %u bits, right side %u: extend or cut one of them", a->width,
		   b->width);
	return false;
}

/* ---- names ---- */

static struct ex *name_field(struct typer *t, const struct syn *s)
{
	for (unsigned int i = 0; t->insn && i < t->insn->nfields; i++) {
		if (!strcmp(t->insn->field[i].name, s->name)) {
			struct ex *e = type_new(t, EX_FIELD, t->insn->field[i].width, s->loc);

			e->index = i;
			return e;
		}
	}
	return NULL;
}

static struct ex *name_operand(struct typer *t, const struct syn *s)
{
	unsigned int i = s->name[0] - 'a';
	struct ex *e;

	if (!t->form || s->name[1] || i >= t->form->nopnds)
		return NULL;
	e = type_new(t, EX_OPERAND, t->form->opnd[i].width, s->loc);
	e->index = i;
	return e;
}

static struct ex *name_number(struct typer *t, const struct syn *s, uint64_t value)
{
	struct ex *e = type_new(t, EX_CONST, 0, s->loc);

	e->value = value;
	return e;
}

static struct ex *name_builtin(struct typer *t, const struct syn *s)
{
	if (!strcmp(s->name, "ilen"))
		return type_new(t, EX_ILEN, 64, s->loc);
	if (!strcmp(s->name, "undef") && t->form)
		return type_new(t, EX_UNDEF, 0, s->loc);
	if (!strcmp(s->name, "msb") && t->form && t->form->nopnds)
		return name_number(t, s, t->form->opnd[0].width - 1);
	return NULL;
}

static struct ex *name_unknown(struct typer *t, const struct syn *s)
{
	if (isa_find_regfile(t->f->isa, s->name) >= 0)
		diag_error(t->f->diag, s->loc, "%s is a register file: write %s[number]", s->name, s->name);
	else if (isa_find_callee(t->f->isa, s->name) >= 0 || front_func(t->f, s->name))
		diag_error(t->f->diag, s->loc, "%s takes arguments: write %s(...)", s->name, s->name);
	else
		diag_error(t->f->diag, s->loc, "unknown name %s: no let, field, operand, state or const of that name",
			   s->name);
	return NULL;
}

static struct ex *type_name(struct typer *t, const struct syn *s)
{
	const struct const_decl *c;
	struct ex *e;
	int index;

	for (const struct binding *b = t->scope; b; b = b->up)
		if (!strcmp(b->name, s->name))
			return b->value->width ? b->value : copy_unsized(t, b->value);
	e = name_field(t, s);
	if (!e)
		e = name_operand(t, s);
	if (!e)
		e = name_builtin(t, s);
	if (e)
		return e;
	index = isa_find_state(t->f->isa, s->name);
	if (index >= 0) {
		e = type_new(t, EX_STATE, t->f->isa->state[index].width, s->loc);
		e->index = index;
		return e;
	}
	c = front_const(t->f, s->name);
	return c ? name_number(t, s, c->value) : name_unknown(t, s);
}

/* ---- bits, register files ---- */

/* Value of an unsized tree of numbers. */
static bool const_value(const struct ex *e, unsigned int depth, uint64_t *value)
{
	uint64_t a, b = 0;

	if (depth > SYN_DEPTH_MAX)
		return false;
	if (e->kind == EX_CONST) {
		*value = e->value;
		return true;
	}
	if ((e->kind != EX_UNARY && e->kind != EX_BINARY) || !const_value(e->arg[0], depth + 1, &a) ||
	    (e->kind == EX_BINARY && !const_value(e->arg[1], depth + 1, &b)))
		return false;
	switch (e->op) {
	case OP_NEG: *value = -a; return true;
	case OP_ADD: *value = a + b; return true;
	case OP_SUB: *value = a - b; return true;
	case OP_MUL: *value = a * b; return true;
	case OP_AND: *value = a & b; return true;
	case OP_OR: *value = a | b; return true;
	case OP_SHL: *value = b < 64 ? a << b : 0; return true;
	case OP_SHR: *value = b < 64 ? a >> b : 0; return true;
	default: return false;
	}
}

bool type_const(struct typer *t, const struct syn *s, uint64_t *value)
{
	struct ex *e = type_expr(t, s);

	if (e && const_value(e, 0, value))
		return true;
	if (e)
		diag_error(t->f->diag, s->loc, "a constant is needed here: numbers, const names, width(), msb");
	return false;
}

static struct ex *type_element(struct typer *t, const struct syn *s, unsigned int file)
{
	struct ex *e;

	if (s->nargs != 2) {
		diag_error(t->f->diag, s->loc, "%s is a register file: write %s[number]", t->f->isa->regfile[file].name,
			   t->f->isa->regfile[file].name);
		return NULL;
	}
	e = type_new(t, EX_REG, t->f->isa->regfile[file].width, s->loc);
	e->index = file;
	e->nargs = 1;
	e->arg[0] = type_sized(t, s->arg[1], index_width(&t->f->isa->regfile[file]));
	if (!e->arg[0])
		return NULL;
	if (e->arg[0]->kind == EX_CONST && e->arg[0]->value >= t->f->isa->regfile[file].count) {
		diag_error(t->f->diag, s->loc, "%s has no element %llu", t->f->isa->regfile[file].name,
			   (unsigned long long)e->arg[0]->value);
		return NULL;
	}
	return e;
}

static struct ex *type_index(struct typer *t, const struct syn *s)
{
	int file = s->arg[0]->kind == SYN_NAME ? isa_find_regfile(t->f->isa, s->arg[0]->name) : -1;
	uint64_t hi, lo;
	struct ex *e;

	if (file >= 0)
		return type_element(t, s, file);
	e = type_new(t, EX_EXTRACT, 1, s->loc);
	e->nargs = 1;
	e->arg[0] = type_expr(t, s->arg[0]);
	if (!e->arg[0] || !type_const(t, s->arg[1], &hi))
		return NULL;
	lo = hi;
	if (s->nargs == 3 && !type_const(t, s->arg[2], &lo))
		return NULL;
	if (!e->arg[0]->width) {
		diag_error(t->f->diag, s->loc, "a number without width has no bits to take: write zext(width, number)");
		return NULL;
	}
	if (hi < lo || hi >= e->arg[0]->width) {
		diag_error(t->f->diag, s->loc, "bits [%llu:%llu] of a value of %u bits: write [high:low] inside it",
			   (unsigned long long)hi, (unsigned long long)lo, e->arg[0]->width);
		return NULL;
	}
	e->hi = hi;
	e->lo = lo;
	e->width = hi - lo + 1;
	return e->width == e->arg[0]->width ? e->arg[0] : e;
}

static struct ex *type_concat(struct typer *t, const struct syn *s)
{
	struct ex *e = type_new(t, EX_CONCAT, 0, s->loc);

	e->nargs = 2;
	for (unsigned int i = 0; i < 2; i++) {
		e->arg[i] = type_expr(t, s->arg[i]);
		if (!e->arg[i])
			return NULL;
		if (!e->arg[i]->width) {
			diag_error(t->f->diag, s->arg[i]->loc, "a part of {a, b} needs a width: zext(width, number)");
			return NULL;
		}
		e->width += e->arg[i]->width;
	}
	if (e->width <= WIDTH_MAX)
		return e;
	diag_error(t->f->diag, s->loc, "{a, b} has %u bits, the limit is %d", e->width, WIDTH_MAX);
	return NULL;
}

/* ---- operators ---- */

static struct ex *type_unary(struct typer *t, const struct syn *s)
{
	struct ex *e = type_new(t, EX_UNARY, 0, s->loc);

	e->op = s->op;
	e->nargs = 1;
	e->arg[0] = s->is_logic ? type_sized(t, s->arg[0], 1) : type_expr(t, s->arg[0]);
	if (!e->arg[0])
		return NULL;
	e->width = e->arg[0]->width;
	return e;
}

static bool size_shift(struct typer *t, struct ex *e)
{
	e->width = e->arg[0]->width;
	return type_fix(t, e->arg[1], e->width >= 8 ? e->width : 64);
}

static bool size_compare(struct typer *t, struct ex *e, struct loc loc)
{
	e->width = 1;
	if (!same_width(t, e->arg[0], e->arg[1], loc))
		return false;
	if (e->arg[0]->width)
		return true;
	diag_error(t->f->diag, loc, "two numbers without width are compared: write zext(width, number)");
	return false;
}

/* && and ||: 1 bit; the right side happens only in part, so nothing may be lifted out of it. */
static struct ex *type_logic(struct typer *t, const struct syn *s)
{
	struct ex *e = type_new(t, EX_BINARY, 1, s->loc);
	const char *outer = t->no_lift;

	e->op = s->op;
	e->nargs = 2;
	e->arg[0] = type_sized(t, s->arg[0], 1);
	t->no_lift = "behind && or ||";
	e->arg[1] = e->arg[0] ? type_sized(t, s->arg[1], 1) : NULL;
	t->no_lift = outer;
	return e->arg[1] ? e : NULL;
}

static struct ex *type_binary(struct typer *t, const struct syn *s)
{
	struct ex *e = type_new(t, EX_BINARY, 0, s->loc);
	bool ok;

	if (s->is_logic)
		return type_logic(t, s);
	e->op = s->op;
	e->nargs = 2;
	e->arg[0] = type_expr(t, s->arg[0]);
	e->arg[1] = e->arg[0] ? type_expr(t, s->arg[1]) : NULL;
	if (!e->arg[1])
		return NULL;
	if (s->op >= OP_EQ) {
		ok = size_compare(t, e, s->loc);
	} else if (s->op >= OP_SHL) {
		ok = size_shift(t, e);
	} else {
		ok = same_width(t, e->arg[0], e->arg[1], s->loc);
		e->width = e->arg[0]->width;
	}
	return ok ? e : NULL;
}

static struct ex *type_ite(struct typer *t, const struct syn *s)
{
	struct ex *e = type_new(t, EX_ITE, 0, s->loc);
	const char *outer = t->no_lift;

	e->nargs = 3;
	e->arg[0] = type_sized(t, s->arg[0], 1);
	t->no_lift = "in an arm of ?: (use if)";
	e->arg[1] = e->arg[0] ? type_expr(t, s->arg[1]) : NULL;
	e->arg[2] = e->arg[1] ? type_expr(t, s->arg[2]) : NULL;
	t->no_lift = outer;
	if (!e->arg[2] || !same_width(t, e->arg[1], e->arg[2], s->loc))
		return NULL;
	e->width = e->arg[1]->width;
	return e;
}

struct ex *type_expr(struct typer *t, const struct syn *s)
{
	switch (s->kind) {
	case SYN_NUMBER: return name_number(t, s, s->value);
	case SYN_NAME: return type_name(t, s);
	case SYN_CALL: return type_call(t, s);
	case SYN_INDEX: return type_index(t, s);
	case SYN_CONCAT: return type_concat(t, s);
	case SYN_UNARY: return type_unary(t, s);
	case SYN_BINARY: return type_binary(t, s);
	case SYN_ITE: return type_ite(t, s);
	}
	return NULL;
}

struct ex *type_sized(struct typer *t, const struct syn *s, unsigned int width)
{
	struct ex *e = type_expr(t, s);

	if (!e || !type_fix(t, e, width))
		return NULL;
	if (e->width == width)
		return e;
	diag_error(t->f->diag, s->loc, "value has %u bits, %u are needed: use sext(), zext() or [high:low]", e->width,
		   width);
	return NULL;
}
