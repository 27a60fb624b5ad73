// SPDX-License-Identifier: GPL-2.0-only
/* axiom.c: see axiom.h. h, l: upper and lower half of a dividend; d: divisor. Next file: compare.c. */
#include "prove/axiom.h"

#include <string.h>

#include "prove/axiom_fp.h"

/* ---- short forms ---- */

static term call(const char *name, const term *arg, unsigned int nargs)
{
	return prim_apply(name, 0, t_width(arg[0]), arg, nargs);
}

static term call2(const char *name, term a, term b)
{
	return call(name, (term[]){ a, b }, 2);
}

static term zero(term like)
{
	return t_num(0, t_width(like));
}

static term minus_one(term like)
{
	return t_snum(-1, t_width(like));
}

static pred is_negative(term a)
{
	return t_bool(t_extract(a, t_width(a) - 1, t_width(a) - 1));
}

static term minimum(term like)
{
	unsigned int w = t_width(like);

	return t_binary(OP_SHL, t_num(1, w), t_num(w - 1, w));
}

/* ---- the axioms: each holds for all arguments ---- */

/* An unsigned dividend of one width. */
static pred udivq_one_width(const term *a)
{
	return t_implies(t_and(t_eq(a[0], zero(a[0])), t_not(t_eq(a[2], zero(a[2])))),
			 t_eq(call("udivq", a, 3), call2("divu", a[1], a[2])));
}

static pred uremq_one_width(const term *a)
{
	return t_implies(t_and(t_eq(a[0], zero(a[0])), t_not(t_eq(a[2], zero(a[2])))),
			 t_eq(call("uremq", a, 3), call2("remu", a[1], a[2])));
}

/* A signed dividend of one width whose quotient exists. */
static pred is_signed_division(const term *a)
{
	pred overflow = t_and(t_eq(a[1], minimum(a[1])), t_eq(a[2], minus_one(a[2])));
	term sign = t_binary(OP_SAR, a[1], t_num(t_width(a[1]) - 1, t_width(a[1])));

	return t_and(t_eq(a[0], sign), t_and(t_not(t_eq(a[2], zero(a[2]))), t_not(overflow)));
}

static pred idivq_one_width(const term *a)
{
	return t_implies(is_signed_division(a), t_eq(call("idivq", a, 3), call2("div", a[1], a[2])));
}

static pred iremq_one_width(const term *a)
{
	return t_implies(is_signed_division(a), t_eq(call("iremq", a, 3), call2("rem", a[1], a[2])));
}

static pred idivq_ok_one_width(const term *a)
{
	return t_implies(is_signed_division(a), t_bool(prim_apply("idivq_ok", 0, 1, a, 3)));
}

static pred div_by_minus_one(const term *a)
{
	return t_implies(t_eq(a[1], minus_one(a[1])), t_eq(call("div", a, 2), t_unary(OP_NEG, a[0])));
}

static pred rem_by_minus_one(const term *a)
{
	return t_implies(t_eq(a[1], minus_one(a[1])), t_eq(call("rem", a, 2), zero(a[0])));
}

/* Zero divided by something. */
static pred zero_dividend(const char *name, const term *a)
{
	return t_implies(t_and(t_eq(a[0], zero(a[0])), t_not(t_eq(a[1], zero(a[1])))),
			 t_eq(call(name, a, 2), zero(a[0])));
}

static pred div_of_zero(const term *a)
{
	return zero_dividend("div", a);
}

static pred divu_of_zero(const term *a)
{
	return zero_dividend("divu", a);
}

static pred rem_of_zero(const term *a)
{
	return zero_dividend("rem", a);
}

static pred remu_of_zero(const term *a)
{
	return zero_dividend("remu", a);
}

static pred product_of_zero(const char *name, const term *a)
{
	return t_implies(t_or(t_eq(a[0], zero(a[0])), t_eq(a[1], zero(a[1]))), t_eq(call(name, a, 2), zero(a[0])));
}

static pred mulhu_of_zero(const term *a)
{
	return product_of_zero("mulhu", a);
}

static pred mulh_of_zero(const term *a)
{
	return product_of_zero("mulh", a);
}

static pred mulhu_commutes(const term *a)
{
	return t_eq(call("mulhu", a, 2), call2("mulhu", a[1], a[0]));
}

static pred mulh_commutes(const term *a)
{
	return t_eq(call("mulh", a, 2), call2("mulh", a[1], a[0]));
}

/* The unsigned product counts a negative first factor as 2^width more. */
static pred mulhsu_from_mulhu(const term *a)
{
	term excess = t_ite(is_negative(a[0]), a[1], zero(a[1]));

	return t_eq(call("mulhsu", a, 2), t_binary(OP_SUB, call2("mulhu", a[0], a[1]), excess));
}

/* ---- the table ---- */

struct axiom {
	const char *name, *trigger; /* instantiated for every application of `trigger` */
	unsigned int nargs;
	pred (*instance)(const term *arg);
};

static const struct axiom axioms[] = {
	{ "udivq_one_width", "udivq", 3, udivq_one_width },
	{ "uremq_one_width", "uremq", 3, uremq_one_width },
	{ "idivq_one_width", "idivq", 3, idivq_one_width },
	{ "iremq_one_width", "iremq", 3, iremq_one_width },
	{ "idivq_ok_one_width", "idivq_ok", 3, idivq_ok_one_width },
	{ "div_by_minus_one", "div", 2, div_by_minus_one },
	{ "rem_by_minus_one", "rem", 2, rem_by_minus_one },
	{ "div_of_zero", "div", 2, div_of_zero },
	{ "divu_of_zero", "divu", 2, divu_of_zero },
	{ "rem_of_zero", "rem", 2, rem_of_zero },
	{ "remu_of_zero", "remu", 2, remu_of_zero },
	{ "mulhu_of_zero", "mulhu", 2, mulhu_of_zero },
	{ "mulh_of_zero", "mulh", 2, mulh_of_zero },
	{ "mulhu_commutes", "mulhu", 2, mulhu_commutes },
	{ "mulh_commutes", "mulh", 2, mulh_commutes },
	{ "mulhsu_from_mulhu", "mulhsu", 2, mulhsu_from_mulhu },
};
enum { NAXIOMS = sizeof(axioms) / sizeof(axioms[0]) };

/* Instances bring new applications, which get theirs in turn; the axioms only go from host names to guest names, to
 * mulhu and to swapped factors, so this ends. */
void axioms_assert(Z3_solver solver)
{
	const struct prim_app *app;

	for (unsigned int i = 0; i < prims_seen(&app); i++) {
		struct prim_app one = app[i];
		pred known = axiom_fp(&one);

		if (known)
			Z3_solver_assert(terms_z3(), solver, known);
		for (unsigned int k = 0; k < NAXIOMS; k++)
			if (!strcmp(one.name, axioms[k].trigger))
				Z3_solver_assert(terms_z3(), solver, axioms[k].instance(one.arg));
	}
}

/* ---- the proof at 8 bits ---- */

/* Upper half of a product of two values extended by x and y. */
static term high_product(term a, term b, bool a_signed, bool b_signed)
{
	unsigned int w = t_width(a);
	term x = a_signed ? t_sext(a, 2 * w) : t_zext(a, 2 * w);
	term y = b_signed ? t_sext(b, 2 * w) : t_zext(b, 2 * w);

	return t_extract(t_binary(OP_MUL, x, y), 2 * w - 1, w);
}

/* What a primitive is, in the solver's own operations. */
static term definition(const struct prim_app *app)
{
	Z3_context z = terms_z3();
	const term *a = app->arg;
	unsigned int w = t_width(a[0]);
	term wide, divisor, q;

	if (!strcmp(app->name, "mulhu"))
		return high_product(a[0], a[1], false, false);
	if (!strcmp(app->name, "mulh"))
		return high_product(a[0], a[1], true, true);
	if (!strcmp(app->name, "mulhsu"))
		return high_product(a[0], a[1], true, false);
	if (!strcmp(app->name, "div"))
		return Z3_mk_bvsdiv(z, a[0], a[1]);
	if (!strcmp(app->name, "divu"))
		return Z3_mk_bvudiv(z, a[0], a[1]);
	if (!strcmp(app->name, "rem"))
		return Z3_mk_bvsrem(z, a[0], a[1]);
	if (!strcmp(app->name, "remu"))
		return Z3_mk_bvurem(z, a[0], a[1]);
	wide = t_concat(a[0], a[1]);
	divisor = app->name[0] == 'i' ? t_sext(a[2], 2 * w) : t_zext(a[2], 2 * w);
	if (!strcmp(app->name, "udivq"))
		return t_trunc(Z3_mk_bvudiv(z, wide, divisor), w);
	if (!strcmp(app->name, "uremq"))
		return t_trunc(Z3_mk_bvurem(z, wide, divisor), w);
	if (!strcmp(app->name, "iremq"))
		return t_trunc(Z3_mk_bvsrem(z, wide, divisor), w);
	q = Z3_mk_bvsdiv(z, wide, divisor);
	if (!strcmp(app->name, "idivq"))
		return t_trunc(q, w);
	return t_bit(t_and(t_not(t_eq(a[2], zero(a[2]))), t_eq(q, t_sext(t_trunc(q, w), 2 * w))));
}

static bool axiom_holds(const struct axiom *axiom)
{
	Z3_context z = terms_z3();
	Z3_solver solver = Z3_mk_solver_for_logic(z, Z3_mk_string_symbol(z, "QF_UFBV"));
	term arg[] = { t_var("a", 8), t_var("b", 8), t_var("c", 8) };
	const struct prim_app *app;
	bool holds;

	Z3_solver_inc_ref(z, solver);
	prims_reset();
	Z3_solver_assert(z, solver, t_not(axiom->instance(arg)));
	for (unsigned int i = 0; i < prims_seen(&app); i++)
		Z3_solver_assert(z, solver, t_eq(app[i].value, definition(&app[i])));
	holds = Z3_solver_check(z, solver) == Z3_L_FALSE;
	Z3_solver_dec_ref(z, solver);
	return holds;
}

unsigned int axioms_check(FILE *out)
{
	unsigned int failed = 0;

	terms_open();
	for (unsigned int k = 0; k < NAXIOMS; k++) {
		if (axiom_holds(&axioms[k]))
			continue;
		fprintf(out, "axiom %s does not hold at 8 bits\n", axioms[k].name);
		failed++;
	}
	terms_close();
	return failed;
}
