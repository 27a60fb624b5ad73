// SPDX-License-Identifier: GPL-2.0-only
/* axiom_fp.c: see axiom_fp.h. Source of the formulas: unpriv f-st-ext, d-st-ext. Next file: compare.c. */
#include "prove/axiom_fp.h"

#include <string.h>

enum { NV = 16, FLAG_BITS = 5, RM_BITS = 3, EXACT_BITS = 33 };

/* ---- numbers by their bits ---- */

static unsigned int frac_bits(term a)
{
	return t_width(a) == 64 ? 52 : 23;
}

static pred is_negative(term a)
{
	return t_bool(t_extract(a, t_width(a) - 1, t_width(a) - 1));
}

static pred is_nan(term a)
{
	unsigned int frac = frac_bits(a), exp = t_width(a) - 1 - frac;

	return t_and(t_eq(t_extract(a, t_width(a) - 2, frac), t_snum(-1, exp)),
		     t_not(t_eq(t_extract(a, frac - 1, 0), t_num(0, frac))));
}

static pred is_signalling(term a)
{
	unsigned int quiet = frac_bits(a) - 1;

	return t_and(is_nan(a), t_not(t_bool(t_extract(a, quiet, quiet))));
}

static pred is_zero(term a)
{
	return t_eq(t_extract(a, t_width(a) - 2, 0), t_num(0, t_width(a) - 1));
}

static term canonical_nan(unsigned int width)
{
	return t_num(width == 64 ? 0x7ff8000000000000 : 0x7fc00000, width);
}

/* Below in the order of bits, -0 below +0; neither is a NaN. */
static pred is_below(term a, term b)
{
	pred unsigned_below = t_bool(t_binary(OP_LTU, a, b)), unsigned_above = t_bool(t_binary(OP_LTU, b, a));
	pred same_sign = t_or(t_and(is_negative(a), t_and(is_negative(b), unsigned_above)),
			      t_and(t_not(is_negative(a)), t_and(t_not(is_negative(b)), unsigned_below)));

	return t_or(t_and(is_negative(a), t_not(is_negative(b))), same_sign);
}

static pred are_zeros(term a, term b)
{
	return t_and(is_zero(a), is_zero(b));
}

static pred any_nan(const term *a)
{
	return t_or(is_nan(a[0]), is_nan(a[1]));
}

static term nv_if(pred p)
{
	return t_ite(p, t_num(NV, FLAG_BITS), t_num(0, FLAG_BITS));
}

/* ---- applications ---- */

static term result(const char *name, unsigned int width, const term *arg, unsigned int nargs)
{
	return prim_apply(name, 0, width, arg, nargs);
}

static term flags(const char *name, const term *arg, unsigned int nargs)
{
	return prim_apply(name, 1, FLAG_BITS, arg, nargs);
}

static pred both_are(const char *name, const term *arg, unsigned int width, term value, pred invalid)
{
	return t_and(t_eq(result(name, width, arg, 2), value), t_eq(flags(name, arg, 2), nv_if(invalid)));
}

/* ---- the axioms ---- */

/* A NaN operand gives a NaN; a NaN is canonical. The rounding mode is no operand. */
static pred nan_results(const struct prim_app *app, unsigned int width)
{
	term v = result(app->name, width, app->arg, app->nargs);
	pred nan = is_nan(v);

	for (unsigned int i = 0; i < app->nargs; i++)
		if (t_width(app->arg[i]) >= 32)
			nan = t_or(nan, is_nan(app->arg[i]));
	return t_implies(nan, t_eq(v, canonical_nan(width)));
}

static pred arithmetic(const struct prim_app *app)
{
	return nan_results(app, t_width(app->arg[0]));
}

static pred to_single(const struct prim_app *app)
{
	return nan_results(app, 32);
}

static pred to_double(const struct prim_app *app)
{
	return nan_results(app, 64);
}

static pred eq_is(const struct prim_app *app)
{
	const term *a = app->arg;
	pred equal = t_and(t_not(any_nan(a)), t_or(t_eq(a[0], a[1]), are_zeros(a[0], a[1])));

	return both_are("fp_eq", a, 1, t_bit(equal), t_or(is_signalling(a[0]), is_signalling(a[1])));
}

static pred lt_is(const struct prim_app *app)
{
	const term *a = app->arg;
	pred below = t_and(t_not(any_nan(a)), t_and(is_below(a[0], a[1]), t_not(are_zeros(a[0], a[1]))));

	return both_are("fp_lt", a, 1, t_bit(below), any_nan(a));
}

static pred le_is(const struct prim_app *app)
{
	const term *a = app->arg;
	pred not_above = t_and(t_not(any_nan(a)), t_or(t_not(is_below(a[1], a[0])), are_zeros(a[0], a[1])));

	return both_are("fp_le", a, 1, t_bit(not_above), any_nan(a));
}

/* The one that is below, or the one that is a number. */
static pred least_is(const char *name, const term *a, term lower, term upper)
{
	unsigned int w = t_width(a[0]);
	term number = t_ite(is_nan(a[0]), t_ite(is_nan(a[1]), canonical_nan(w), a[1]), a[0]);
	term v = t_ite(any_nan(a), number, t_ite(is_below(a[0], a[1]), lower, upper));

	return both_are(name, a, w, v, t_or(is_signalling(a[0]), is_signalling(a[1])));
}

static pred min_is(const struct prim_app *app)
{
	return least_is("fp_min", app->arg, app->arg[0], app->arg[1]);
}

static pred max_is(const struct prim_app *app)
{
	return least_is("fp_max", app->arg, app->arg[1], app->arg[0]);
}

/* An invalid conversion to a signed integer gives the limit on its side, for a NaN the upper one; only numbers below 0 give
 * the lower one. */
static pred to_signed(const struct prim_app *app, unsigned int width)
{
	term least = t_binary(OP_SHL, t_num(1, width), t_num(width - 1, width));
	pred is_up = t_or(is_nan(app->arg[0]), t_not(is_negative(app->arg[0])));
	term e = flags(app->name, app->arg, 2), limit = t_ite(is_up, t_unary(OP_NOT, least), least);
	term v = result(app->name, width, app->arg, 2);

	return t_and(t_implies(t_bool(t_extract(e, 4, 4)), t_eq(v, limit)), t_implies(t_eq(v, least), t_not(is_up)));
}

static pred to_w(const struct prim_app *app)
{
	return to_signed(app, 32);
}

static pred to_l(const struct prim_app *app)
{
	return to_signed(app, 64);
}

/* To an unsigned integer, of numbers from 0 to where the signed one of 64 bits holds the same: as that one, which is valid. The
 * limit is 2^32 - 1, or for singles the largest below 2^32; 2^63. */
static pred to_unsigned(const struct prim_app *app, unsigned int width, uint64_t limit)
{
	const term *a = app->arg;
	pred is_same = t_not(t_bool(t_binary(OP_LTU, t_num(limit, t_width(a[0])), a[0])));
	term v = result("fp_to_l", 64, a, 2), e = flags("fp_to_l", a, 2);
	pred same = t_and(t_eq(result(app->name, width, a, 2), t_trunc(v, width)), t_eq(flags(app->name, a, 2), e));

	return t_implies(is_same, t_and(same, t_eq(t_extract(e, 4, 4), t_num(0, 1))));
}

static pred to_wu(const struct prim_app *app)
{
	return to_unsigned(app, 32, t_width(app->arg[0]) == 64 ? 0x41efffffffe00000 : 0x4f7fffff);
}

/* From 2^63 to below 2^64 the integer is the fraction behind its leading 1, exactly. */
static pred to_lu(const struct prim_app *app)
{
	bool is_double = t_width(app->arg[0]) == 64;
	unsigned int frac = frac_bits(app->arg[0]), exp = t_width(app->arg[0]) - 1 - frac;
	term top = t_concat(t_num(1, 1), t_concat(t_extract(app->arg[0], frac - 1, 0), t_num(0, 63 - frac)));
	pred is_top =
		t_eq(t_extract(app->arg[0], t_width(app->arg[0]) - 1, frac), t_num(is_double ? 0x43e : 0xbe, exp + 1));
	pred exact = t_and(t_eq(result(app->name, 64, app->arg, 2), top),
			   t_eq(flags(app->name, app->arg, 2), t_num(0, FLAG_BITS)));

	return t_and(to_unsigned(app, 64, is_double ? 0x43dfffffffffffff : 0x5effffff), t_implies(is_top, exact));
}

/* unpriv f-st-ext, table "Format of result of FCLASS instruction": one bit of ten. */
static pred class_is(const struct prim_app *app)
{
	term a = app->arg[0];
	unsigned int frac = frac_bits(a), exp = t_width(a) - 1 - frac;
	term exponent = t_extract(a, t_width(a) - 2, frac);
	pred is_small = t_eq(exponent, t_num(0, exp)), is_large = t_eq(exponent, t_snum(-1, exp)),
	     minus = is_negative(a);
	term of_nan = t_ite(is_signalling(a), t_num(1 << 8, 10), t_num(1 << 9, 10));
	term of_inf = t_ite(minus, t_num(1 << 0, 10), t_num(1 << 7, 10));
	term of_normal = t_ite(minus, t_num(1 << 1, 10), t_num(1 << 6, 10));
	term of_subnormal = t_ite(minus, t_num(1 << 2, 10), t_num(1 << 5, 10));
	term of_zero = t_ite(minus, t_num(1 << 3, 10), t_num(1 << 4, 10));
	term of_small = t_ite(is_zero(a), of_zero, of_subnormal);

	return t_eq(result("fp_class", 10, app->arg, 1),
		    t_ite(is_nan(a), of_nan, t_ite(is_large, of_inf, t_ite(is_small, of_small, of_normal))));
}

/* A double holds 33 bits exactly, whatever the rounding mode. */
static pred d_from_l(const struct prim_app *app)
{
	term value = app->arg[0], nearest[2] = { value, t_num(0, RM_BITS) };
	pred is_short = t_eq(value, t_sext(t_trunc(value, EXACT_BITS), 64));
	pred exact = t_eq(flags(app->name, app->arg, 2), t_num(0, FLAG_BITS));

	return t_implies(is_short,
			 t_and(exact, t_eq(result(app->name, 64, app->arg, 2), result(app->name, 64, nearest, 2))));
}

/* Unsigned is signed below 2^63. */
static pred from_lu(const struct prim_app *app, const char *of_signed, unsigned int width)
{
	pred same = t_and(t_eq(result(app->name, width, app->arg, 2), result(of_signed, width, app->arg, 2)),
			  t_eq(flags(app->name, app->arg, 2), flags(of_signed, app->arg, 2)));

	return t_implies(t_not(is_negative(app->arg[0])), same);
}

static pred s_from_lu(const struct prim_app *app)
{
	return from_lu(app, "fp_s_from_l", 32);
}

static pred d_from_lu(const struct prim_app *app)
{
	return from_lu(app, "fp_d_from_l", 64);
}

static const struct {
	const char *name;
	pred (*instance)(const struct prim_app *app);
} axioms[] = {
	{ "fp_add", arithmetic },
	{ "fp_sub", arithmetic },
	{ "fp_mul", arithmetic },
	{ "fp_div", arithmetic },
	{ "fp_sqrt", arithmetic },
	{ "fp_fma", arithmetic },
	{ "fp_s_from_d", to_single },
	{ "fp_d_from_s", to_double },
	{ "fp_eq", eq_is },
	{ "fp_lt", lt_is },
	{ "fp_le", le_is },
	{ "fp_min", min_is },
	{ "fp_max", max_is },
	{ "fp_to_w", to_w },
	{ "fp_to_l", to_l },
	{ "fp_to_wu", to_wu },
	{ "fp_to_lu", to_lu },
	{ "fp_class", class_is },
	{ "fp_d_from_l", d_from_l },
	{ "fp_s_from_lu", s_from_lu },
	{ "fp_d_from_lu", d_from_lu },
};

pred axiom_fp(const struct prim_app *app)
{
	for (unsigned int i = 0; i < sizeof(axioms) / sizeof(axioms[0]); i++)
		if (!strcmp(axioms[i].name, app->name))
			return axioms[i].instance(app);
	return NULL;
}
