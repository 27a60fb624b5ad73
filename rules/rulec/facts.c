// SPDX-License-Identifier: GPL-2.0-only
/* facts.c: conditions to facts, see facts.h. */
#include "rulec/facts.h"

#include <string.h>

/* ---- ranges ---- */

static void range_any(int64_t range[2])
{
	range[0] = INT64_MIN;
	range[1] = INT64_MAX;
}

static void range_add(const int64_t a[2], const int64_t b[2], int64_t range[2])
{
	if (__builtin_add_overflow(a[0], b[0], &range[0]) || __builtin_add_overflow(a[1], b[1], &range[1]))
		range_any(range);
}

static void range_sub(const int64_t a[2], const int64_t b[2], int64_t range[2])
{
	if (__builtin_sub_overflow(a[0], b[1], &range[0]) || __builtin_sub_overflow(a[1], b[0], &range[1]))
		range_any(range);
}

static void range_shl(const int64_t a[2], const int64_t b[2], int64_t range[2])
{
	int64_t lo_factor, hi_factor;

	range_any(range);
	if (b[0] < 0 || b[1] > 62)
		return;
	lo_factor = (int64_t)1 << b[a[0] < 0];
	hi_factor = (int64_t)1 << b[a[1] >= 0];
	if (__builtin_mul_overflow(a[0], lo_factor, &range[0]) || __builtin_mul_overflow(a[1], hi_factor, &range[1]))
		range_any(range);
}

/* >> and >>> agree on what is not negative. */
static void range_shr(const int64_t a[2], const int64_t b[2], bool is_arithmetic, int64_t range[2])
{
	if (b[0] < 0 || b[1] > 63 || (a[0] < 0 && !is_arithmetic)) {
		range_any(range);
		return;
	}
	range[0] = a[0] < 0 ? a[0] >> b[0] : a[0] >> b[1];
	range[1] = a[1] < 0 ? a[1] >> b[1] : a[1] >> b[0];
}

/* Smallest 2^n - 1 that is not below a. */
static int64_t mask_of(int64_t a)
{
	return a > 0 ? (int64_t)(UINT64_MAX >> __builtin_clzll(a)) : 0;
}

static void range_logic(enum ex_op op, const int64_t a[2], const int64_t b[2], int64_t range[2])
{
	range_any(range);
	if (op == OP_AND && (a[0] >= 0 || b[0] >= 0)) {
		range[0] = 0;
		range[1] = a[0] < 0 ? b[1] : b[0] < 0 || a[1] < b[1] ? a[1] : b[1];
	} else if (op != OP_AND && a[0] >= 0 && b[0] >= 0) {
		range[0] = 0;
		range[1] = mask_of(a[1] | b[1]);
	}
}

void let_range(const struct ex *ex, const int64_t *lo, const int64_t *hi, int64_t range[2])
{
	static const int64_t zero[2], minus_one[2] = { -1, -1 };
	int64_t a[2], b[2];

	if (ex->kind == EX_CONST || ex->kind == EX_LOCAL) {
		range[0] = ex->kind == EX_CONST ? (int64_t)ex->value : lo[ex->index];
		range[1] = ex->kind == EX_CONST ? (int64_t)ex->value : hi[ex->index];
		return;
	}
	let_range(ex->arg[0], lo, hi, a);
	if (ex->kind == EX_UNARY) {
		range_sub(ex->op == OP_NEG ? zero : minus_one, a, range);
		return;
	}
	let_range(ex->arg[1], lo, hi, b);
	if (ex->op == OP_ADD)
		range_add(a, b, range);
	else if (ex->op == OP_SUB)
		range_sub(a, b, range);
	else if (ex->op == OP_SHL)
		range_shl(a, b, range);
	else if (ex->op == OP_SHR || ex->op == OP_SAR)
		range_shr(a, b, ex->op == OP_SAR, range);
	else
		range_logic(ex->op, a, b, range);
}

static void lets_update(const struct crule *rule, struct facts *f)
{
	for (unsigned int v = 0; v < rule->nvalues; v++) {
		int64_t range[2];

		if (rule->value[v].kind == VAL_LET) {
			let_range(rule->value[v].let, f->lo, f->hi, range);
			f->lo[v] = range[0] > f->lo[v] ? range[0] : f->lo[v];
			f->hi[v] = range[1] < f->hi[v] ? range[1] : f->hi[v];
		}
		f->is_possible &= f->lo[v] <= f->hi[v];
	}
}

/* ---- conditions ---- */

static void value_exclude(struct facts *f, const struct rule_cond *cond)
{
	int v = cond->a;

	if (cond->lo <= f->lo[v] && cond->hi >= f->lo[v])
		f->lo[v] = cond->hi == INT64_MAX ? INT64_MAX : cond->hi + 1;
	else if (cond->hi >= f->hi[v] && cond->lo <= f->hi[v])
		f->hi[v] = cond->lo == INT64_MIN ? INT64_MIN : cond->lo - 1;
}

static void value_include(struct facts *f, const struct rule_cond *cond)
{
	if (cond->lo > f->lo[cond->a])
		f->lo[cond->a] = cond->lo;
	if (cond->hi < f->hi[cond->a])
		f->hi[cond->a] = cond->hi;
}

static void roles_join(struct facts *f, unsigned int a, unsigned int b)
{
	int from = f->same[a] > f->same[b] ? f->same[a] : f->same[b];
	int to = f->same[a] < f->same[b] ? f->same[a] : f->same[b];

	for (unsigned int i = 0; i < RULE_ROLES_MAX; i++)
		if (f->same[i] == from)
			f->same[i] = to;
}

static bool block_is(const struct facts *f, const struct rule_cond *cond)
{
	return (f->block_mask & cond->a) == cond->a && (f->block_value & cond->a) == cond->b;
}

static void cond_apply(struct facts *f, const struct rule_cond *cond, bool is_true)
{
	unsigned int kind = cond->kind;

	if (kind == (is_true ? COND_BLOCK : COND_BLOCK_NOT)) {
		f->is_possible &= !((f->block_value ^ cond->b) & f->block_mask & cond->a);
		f->block_mask |= cond->a;
		f->block_value |= cond->b;
	} else if (kind == COND_BLOCK || kind == COND_BLOCK_NOT) {
		f->is_possible &= !block_is(f, cond);
	} else if (kind == (is_true ? COND_ROLE_EQ : COND_ROLE_NE)) {
		roles_join(f, cond->a, cond->b);
	} else if (kind == COND_ROLE_EQ || kind == COND_ROLE_NE) {
		f->differs[cond->a][cond->b] = f->differs[cond->b][cond->a] = true;
	} else if (kind == (is_true ? COND_ROLE_IS : COND_ROLE_IS_NOT)) {
		*(cond->b ? &f->is_nonzero[cond->a] : &f->is_zero[cond->a]) = true;
	} else if (kind == COND_ROLE_IS || kind == COND_ROLE_IS_NOT) {
		f->is_nonzero[cond->a] |= cond->b == 0;
	} else if (kind == (is_true ? COND_VALUE_IN : COND_VALUE_NOT_IN)) {
		value_include(f, cond);
	} else if (kind == COND_VALUE_IN || kind == COND_VALUE_NOT_IN) {
		value_exclude(f, cond);
	}
}

/* Facts of one member of a set of equal roles hold for all; equal and different is a contradiction. */
static void facts_close(const struct crule *rule, struct facts *f)
{
	for (unsigned int i = 0; i < rule->nroles; i++)
		for (unsigned int j = 0; j < rule->nroles; j++) {
			if (f->same[i] == f->same[j]) {
				f->is_zero[i] |= f->is_zero[j];
				f->is_nonzero[i] |= f->is_nonzero[j];
				f->is_possible &= !f->differs[i][j];
				for (unsigned int k = 0; k < rule->nroles; k++)
					f->differs[k][i] = f->differs[i][k] |= f->differs[j][k];
			}
			if (f->is_zero[i] && f->is_nonzero[j])
				f->differs[i][j] = f->differs[j][i] = true;
			if (f->is_zero[i] && f->differs[i][j])
				f->is_nonzero[j] = true;
			if (f->is_zero[i] && f->is_zero[j])
				roles_join(f, i, j);
		}
	for (unsigned int i = 0; i < rule->nroles; i++)
		f->is_possible &= !(f->is_zero[i] && f->is_nonzero[i]);
	lets_update(rule, f);
}

static bool cond_is_implied(const struct facts *f, const struct rule_cond *c)
{
	switch (c->kind) {
	case COND_ROLE_EQ: return f->same[c->a] == f->same[c->b];
	case COND_ROLE_NE: return f->differs[c->a][c->b];
	case COND_ROLE_IS: return !c->b && f->is_zero[c->a];
	case COND_ROLE_IS_NOT: return c->b ? f->is_zero[c->a] : f->is_nonzero[c->a];
	case COND_VALUE_IN: return f->lo[c->a] >= c->lo && f->hi[c->a] <= c->hi;
	case COND_VALUE_NOT_IN: return f->hi[c->a] < c->lo || f->lo[c->a] > c->hi;
	case COND_BLOCK: return block_is(f, c);
	case COND_BLOCK_NOT: return (f->block_value ^ c->b) & f->block_mask & c->a;
	default: return false;
	}
}

/* The arm above was not taken: if all its conditions but one hold, that one does not. */
static void arm_exclude(const struct carm *arm, struct facts *f)
{
	const struct rule_cond *open = NULL;

	for (unsigned int i = 0; i < arm->nconds; i++) {
		if (cond_is_implied(f, &arm->cond[i]))
			continue;
		if (open)
			return;
		open = &arm->cond[i];
	}
	if (open && open->kind != COND_HOST)
		cond_apply(f, open, false);
	else if (!open)
		f->is_possible = false;
}

void facts_of(const struct crule *rule, unsigned int arm, struct facts *f)
{
	memset(f, 0, sizeof(*f));
	f->is_possible = true;
	for (unsigned int i = 0; i < RULE_ROLES_MAX; i++)
		f->same[i] = i;
	for (unsigned int a = 0; a < rule->nroles; a++) {
		f->is_nonzero[a] = role_is_f(rule, a);
		for (unsigned int b = 0; b < rule->nroles; b++)
			f->differs[a][b] = role_is_f(rule, a) != role_is_f(rule, b);
	}
	for (unsigned int v = 0; v < rule->nvalues; v++) {
		f->lo[v] = rule->value[v].lo;
		f->hi[v] = rule->value[v].hi;
	}
	for (unsigned int i = 0; i < rule->arm[arm].nconds; i++)
		cond_apply(f, &rule->arm[arm].cond[i], true);
	/* Twice: what an upper arm excludes may make a lower one speak. */
	for (unsigned int round = 0; round < 2; round++) {
		facts_close(rule, f);
		for (unsigned int above = 0; above < arm; above++)
			arm_exclude(&rule->arm[above], f);
	}
	facts_close(rule, f);
}
