// SPDX-License-Identifier: GPL-2.0-only
/* term.c: see term.h. Next file: sem.c. */
#include "prove/term.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static Z3_context z;

static void on_error(Z3_context c, Z3_error_code e)
{
	fprintf(stderr, "ruleprove: solver misused: %s\n", Z3_get_error_msg(c, e));
	abort();
}

void terms_open(void)
{
	Z3_config config = Z3_mk_config();

	assert(!z);
	z = Z3_mk_context(config);
	Z3_del_config(config);
	Z3_set_error_handler(z, on_error);
}

void terms_close(void)
{
	Z3_del_context(z);
	z = NULL;
}

Z3_context terms_z3(void)
{
	return z;
}

term t_var(const char *name, unsigned int width)
{
	return Z3_mk_const(z, Z3_mk_string_symbol(z, name), Z3_mk_bv_sort(z, width));
}

term t_num(uint64_t value, unsigned int width)
{
	if (width > 64)
		return t_zext(t_num(value, 64), width);
	if (width < 64)
		value &= (1ULL << width) - 1;
	return Z3_mk_unsigned_int64(z, value, Z3_mk_bv_sort(z, width));
}

term t_snum(int64_t value, unsigned int width)
{
	if (width > 64)
		return t_sext(t_num((uint64_t)value, 64), width);
	return t_num((uint64_t)value, width);
}

unsigned int t_width(term t)
{
	return Z3_get_bv_sort_size(z, Z3_get_sort(z, t));
}

bool t_is_num(term t, uint64_t *value)
{
	t = t_simplify(t);
	return Z3_get_ast_kind(z, t) == Z3_NUMERAL_AST && t_width(t) <= 64 && Z3_get_numeral_uint64(z, t, value);
}

Z3_ast t_simplify(Z3_ast t)
{
	return Z3_simplify(z, t);
}

term t_unary(enum ex_op op, term a)
{
	return op == OP_NEG ? Z3_mk_bvneg(z, a) : Z3_mk_bvnot(z, a);
}

/* SMT-LIB shifts want equal widths: both are brought to the wider one, where an amount of the value's width or more
 * shifts everything out (or the sign in). */
static term shift(enum ex_op op, term a, term n)
{
	unsigned int w = t_width(a), wide = w > t_width(n) ? w : t_width(n);
	term x, r;

	x = op == OP_SAR ? t_sext(a, wide) : t_zext(a, wide);
	n = t_zext(n, wide);
	if (op == OP_SHL)
		r = Z3_mk_bvshl(z, x, n);
	else if (op == OP_SHR)
		r = Z3_mk_bvlshr(z, x, n);
	else
		r = Z3_mk_bvashr(z, x, n);
	return t_trunc(r, w);
}

term t_binary(enum ex_op op, term a, term b)
{
	switch (op) {
	case OP_ADD: return Z3_mk_bvadd(z, a, b);
	case OP_SUB: return Z3_mk_bvsub(z, a, b);
	case OP_MUL: return Z3_mk_bvmul(z, a, b);
	case OP_AND: return Z3_mk_bvand(z, a, b);
	case OP_OR: return Z3_mk_bvor(z, a, b);
	case OP_XOR: return Z3_mk_bvxor(z, a, b);
	case OP_SHL:
	case OP_SHR:
	case OP_SAR: return shift(op, a, b);
	case OP_EQ: return t_bit(t_eq(a, b));
	case OP_NE: return t_bit(t_not(t_eq(a, b)));
	case OP_LTU: return t_bit(Z3_mk_bvult(z, a, b));
	case OP_LTS: return t_bit(Z3_mk_bvslt(z, a, b));
	case OP_GEU: return t_bit(Z3_mk_bvuge(z, a, b));
	case OP_GES: return t_bit(Z3_mk_bvsge(z, a, b));
	default: break;
	}
	abort();
}

term t_ite(pred c, term a, term b)
{
	return Z3_mk_ite(z, c, a, b);
}

term t_extract(term a, unsigned int hi, unsigned int lo)
{
	if (lo == 0 && hi + 1 == t_width(a))
		return a;
	return Z3_mk_extract(z, hi, lo, a);
}

term t_concat(term hi, term lo)
{
	return Z3_mk_concat(z, hi, lo);
}

term t_sext(term a, unsigned int width)
{
	unsigned int w = t_width(a);

	assert(width >= w);
	return width == w ? a : Z3_mk_sign_ext(z, width - w, a);
}

term t_zext(term a, unsigned int width)
{
	unsigned int w = t_width(a);

	assert(width >= w);
	return width == w ? a : Z3_mk_zero_ext(z, width - w, a);
}

term t_trunc(term a, unsigned int width)
{
	return t_extract(a, width - 1, 0);
}

term t_add(term a, term b)
{
	return Z3_mk_bvadd(z, a, b);
}

term t_insert_low(term whole, term part)
{
	unsigned int w = t_width(whole), p = t_width(part);

	return p >= w ? t_trunc(part, w) : t_concat(t_extract(whole, w - 1, p), part);
}

pred t_true(void)
{
	return Z3_mk_true(z);
}

pred t_false(void)
{
	return Z3_mk_false(z);
}

pred t_bool(term bit)
{
	return t_eq(bit, t_num(1, 1));
}

term t_bit(pred p)
{
	return t_ite(p, t_num(1, 1), t_num(0, 1));
}

pred t_eq(term a, term b)
{
	return Z3_mk_eq(z, a, b);
}

pred t_not(pred p)
{
	return Z3_mk_not(z, p);
}

pred t_and(pred a, pred b)
{
	Z3_ast both[2] = { a, b };

	return Z3_mk_and(z, 2, both);
}

pred t_or(pred a, pred b)
{
	Z3_ast both[2] = { a, b };

	return Z3_mk_or(z, 2, both);
}

pred t_implies(pred a, pred b)
{
	return Z3_mk_implies(z, a, b);
}

pred t_in_range(term v, int64_t lo, int64_t hi)
{
	unsigned int w = t_width(v);

	return t_and(Z3_mk_bvsge(z, v, t_snum(lo, w)), Z3_mk_bvsle(z, v, t_snum(hi, w)));
}

bool t_is_true(pred p)
{
	return Z3_get_bool_value(z, t_simplify(p)) == Z3_L_TRUE;
}

bool t_is_false(pred p)
{
	return Z3_get_bool_value(z, t_simplify(p)) == Z3_L_FALSE;
}
