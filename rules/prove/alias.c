// SPDX-License-Identifier: GPL-2.0-only
/* alias.c: see alias.h. Next file: guest.c. */
#include "prove/alias.h"

#include <stdio.h>
#include <string.h>

#include "../translator/abi.h"
#include "rulec/src.h"

enum { BLOCK_BITS = 8 };

/* ---- elements: which register numbers are there ---- */

static int elem_of_number(const struct alias_case *c, int number)
{
	for (unsigned int e = 0; e < c->nelems; e++)
		if (c->elem[e].number == number)
			return (int)e;
	return -1;
}

static int elem_add(struct alias_case *c, int number, int role)
{
	if (c->nelems == ELEMS_MAX) {
		c->refused = "the rule names more registers than ELEMS_MAX";
		return 0;
	}
	c->elem[c->nelems] = (struct elem){
		.number = number, .class = -1, .role = role, .is_f = role >= 0 && role_is_f(c->rule, role)
	};
	return (int)c->nelems++;
}

static void number_add(struct alias_case *c, int number)
{
	if (elem_of_number(c, number) < 0)
		elem_add(c, number, -1);
}

static bool is_reg_slot(const struct crule *rule, struct rule_ref ref)
{
	return rule->insn[ref.insn]->field[ref.slot].kind == FIELD_REG;
}

/* x0 and every number that an equality or a condition of the rule names. */
static void collect_numbers(struct alias_case *c)
{
	const struct crule *rule = c->rule;

	elem_add(c, 0, -1);
	c->elem[0].class = RES_ZERO;
	for (unsigned int i = 0; i < rule->nequals; i++)
		if (rule->equal[i].b.insn == 0xff && is_reg_slot(rule, rule->equal[i].a))
			number_add(c, rule->equal[i].b.slot);
	for (const struct carm *arm = rule->arm; arm <= c->arm; arm++)
		for (unsigned int i = 0; i < arm->nconds; i++)
			if (arm->cond[i].kind == COND_ROLE_IS || arm->cond[i].kind == COND_ROLE_IS_NOT)
				number_add(c, arm->cond[i].b);
}

/* ---- slots ---- */

static bool same_ref(struct rule_ref a, struct rule_ref b)
{
	return a.insn == b.insn && a.slot == b.slot;
}

static int role_of_ref(const struct crule *rule, struct rule_ref ref)
{
	for (unsigned int r = 0; r < rule->nroles; r++)
		if (same_ref(rule->role[r], ref))
			return (int)r;
	return -1;
}

/* The element of a register slot: by its role, or through an equality with a role's slot or a number. */
static int elem_of_ref(const struct alias_case *c, struct rule_ref ref)
{
	int role = role_of_ref(c->rule, ref);

	for (unsigned int i = 0; role < 0 && i < c->rule->nequals; i++) {
		struct rule_equal eq = c->rule->equal[i];

		if (same_ref(eq.a, ref))
			role = eq.b.insn == 0xff ? -2 - eq.b.slot : role_of_ref(c->rule, eq.b);
		else if (eq.b.insn != 0xff && same_ref(eq.b, ref))
			role = role_of_ref(c->rule, eq.a);
		if (role <= -2)
			return elem_of_number(c, -2 - role);
	}
	return role < 0 ? -1 : c->role_elem[role];
}

/* The only value that the arm's conditions leave to a field: with it many questions answer themselves. */
static bool imm_is_fixed(const struct alias_case *c, struct rule_ref ref, int64_t *value)
{
	for (unsigned int i = 0; i < c->arm->nconds; i++) {
		const struct rule_cond *cond = &c->arm->cond[i];
		const struct cvalue *v = &c->rule->value[cond->a];

		if (cond->kind != COND_VALUE_IN || cond->lo != cond->hi || v->kind != VAL_FIELD ||
		    !same_ref(v->ref, ref))
			continue;
		*value = cond->lo;
		return true;
	}
	return false;
}

/* An immediate at its declared width; bits that no piece of the picture carries are zero. */
static term imm_var(const struct crule *rule, unsigned int k, unsigned int s)
{
	const struct field *f = &rule->insn[k]->field[s];
	unsigned int low = f->width;
	char name[64];

	for (unsigned int i = 0; i < f->npieces; i++)
		if (f->piece[i].field_lo < low)
			low = f->piece[i].field_lo;
	snprintf(name, sizeof(name), "%s.%u.%u", f->name, k, s);
	return low ? t_concat(t_var(name, f->width - low), t_num(0, low)) : t_var(name, f->width);
}

static void fill_slots(struct alias_case *c)
{
	for (unsigned int k = 0; k < c->rule->ninsns; k++) {
		const struct insn_desc *insn = c->rule->insn[k];

		for (unsigned int s = 0; s < insn->nfields; s++) {
			struct slot *slot = &c->slot[k][s];
			int64_t value;

			slot->elem = -1;
			if (insn->field[s].kind == FIELD_IMM) {
				slot->imm = imm_is_fixed(c, (struct rule_ref){ (u8)k, (u8)s }, &value)
						    ? t_snum(value, insn->field[s].width)
						    : imm_var(c->rule, k, s);
				continue;
			}
			slot->elem = elem_of_ref(c, (struct rule_ref){ (u8)k, (u8)s });
		}
	}
}

static term imm64(const struct alias_case *c, struct rule_ref ref)
{
	const struct field *f = &c->rule->insn[ref.insn]->field[ref.slot];
	term imm = c->slot[ref.insn][ref.slot].imm;

	return f->is_signed ? t_sext(imm, 64) : t_zext(imm, 64);
}

/* ---- pc, values ---- */

static void fill_pc(struct alias_case *c)
{
	char name[32];

	c->pc_page = t_concat(t_var("pc_page", 52), t_num(0, 12));
	c->pcoff[0] = t_concat(t_num(0, 52), t_concat(t_var("pcoff", 11), t_num(0, 1)));
	for (unsigned int k = 0; k < c->rule->ninsns; k++) {
		snprintf(name, sizeof(name), "compressed.%u", k);
		c->ilen[k] = t_ite(t_bool(t_var(name, 1)), t_num(2, 64), t_num(4, 64));
		c->pcoff[k + 1] = t_simplify(t_add(c->pcoff[k], c->ilen[k]));
	}
}

static term value_term(struct alias_case *c, unsigned int v)
{
	const struct cvalue *value = &c->rule->value[v];
	struct run run = { 0 };

	switch (value->kind) {
	case VAL_FIELD: return imm64(c, value->ref);
	case VAL_TARGET: return t_add(c->pcoff[value->ref.insn], imm64(c, value->ref));
	case VAL_PCOFF: return c->pcoff[0];
	case VAL_NEXTOFF: return c->pcoff[c->rule->ninsns];
	case VAL_LET: memcpy(run.local, c->value, sizeof(c->value)); return sem_expr(&run, value->let);
	}
	c->refused = "a value of a kind that the prover does not know";
	return t_num(0, 64);
}

/* ---- the block's state ---- */

static term block_bit(const struct alias_case *c, unsigned int bit)
{
	for (unsigned int i = 0; i < c->arm->nconds; i++)
		if (c->arm->cond[i].kind == COND_BLOCK && c->arm->cond[i].a >> bit & 1)
			return t_num(c->arm->cond[i].b >> bit & 1, 1);
	return t_extract(t_var("block", BLOCK_BITS), bit, bit);
}

static void fill_block(struct alias_case *c)
{
	c->block = block_bit(c, 0);
	for (unsigned int bit = 1; bit < BLOCK_BITS; bit++)
		c->block = t_concat(block_bit(c, bit), c->block);
	c->has_fpu = t_is_true(t_bool(block_bit(c, ABI_BLOCK_FPU_SHIFT)));
}

term block_state(const struct alias_case *c, const char *name, struct run *run)
{
	unsigned int shift, bits;

	if (block_state_find(name, &shift, &bits))
		return t_simplify(t_extract(c->block, shift + bits - 1, shift));
	run_refuse(run, "the semantics reads a state of the block that abi.h does not have");
	return run_fresh(run, 1);
}

/* ---- conditions ---- */

static pred block_pred(const struct alias_case *c, const struct rule_cond *cond)
{
	return t_eq(t_binary(OP_AND, c->block, t_num(cond->a, BLOCK_BITS)), t_num(cond->b, BLOCK_BITS));
}

static pred cond_pred(const struct alias_case *c, const struct rule_cond *cond)
{
	char name[32];
	bool holds;

	switch (cond->kind) {
	case COND_ROLE_EQ:
	case COND_ROLE_NE:
		holds = c->role_elem[cond->a] == c->role_elem[cond->b];
		return holds == (cond->kind == COND_ROLE_EQ) ? t_true() : t_false();
	case COND_ROLE_IS:
	case COND_ROLE_IS_NOT:
		holds = c->elem[c->role_elem[cond->a]].number == cond->b;
		return holds == (cond->kind == COND_ROLE_IS) ? t_true() : t_false();
	case COND_VALUE_IN: return t_in_range(c->value[cond->a], cond->lo, cond->hi);
	case COND_BLOCK: return block_pred(c, cond);
	case COND_BLOCK_NOT: return t_not(block_pred(c, cond));
	case COND_VALUE_NOT_IN: return t_not(t_in_range(c->value[cond->a], cond->lo, cond->hi));
	default: snprintf(name, sizeof(name), "host_feature.%u", cond->b); return t_bool(t_var(name, 1));
	}
}

static pred arm_pred(const struct alias_case *c, const struct carm *arm)
{
	pred all = t_true();

	for (unsigned int i = 0; i < arm->nconds; i++)
		all = t_and(all, cond_pred(c, &arm->cond[i]));
	return all;
}

static pred fits_pred(const struct alias_case *c)
{
	pred all = t_true();

	for (unsigned int v = 0; v < c->rule->nvalues; v++)
		if (c->arm->narrow_mask & 1u << v)
			all = t_and(all, t_in_range(c->value[v], -128, 127));
	return all;
}

term slot_field(struct alias_case *c, const struct slot *slot, struct run *run)
{
	if (slot->imm)
		return slot->imm;
	c->has_numbers = true;
	return slot->elem >= 0 ? c->elem[slot->elem].num : run_fresh(run, 5);
}

static term when_field(struct run *run, unsigned int slot);
static const struct machine when_machine = { .field_read = when_field };

struct when_run {
	struct run run; /* first: the machine's callbacks get a pointer to it */
	struct alias_case *c;
	unsigned int insn;
};

static term when_field(struct run *run, unsigned int slot)
{
	struct when_run *w = (struct when_run *)run;
	const struct slot *s = &w->c->slot[w->insn][slot];

	return slot_field(w->c, s, run);
}

static void assume_encodings(struct alias_case *c)
{
	for (unsigned int k = 0; k < c->rule->ninsns; k++) {
		struct when_run w = { .run = { .machine = &when_machine, .undef_prefix = "when." }, .c = c, .insn = k };

		if (c->rule->insn[k]->when)
			c->assume = t_and(c->assume, t_bool(sem_expr(&w.run, c->rule->insn[k]->when)));
	}
	for (unsigned int i = 0; i < c->rule->nequals; i++) {
		struct rule_equal eq = c->rule->equal[i];

		if (is_reg_slot(c->rule, eq.a))
			continue;
		c->assume = t_and(c->assume,
				  t_eq(imm64(c, eq.a), eq.b.insn == 0xff ? t_num(eq.b.slot, 64) : imm64(c, eq.b)));
	}
}

static void assume_numbers(struct alias_case *c)
{
	c->numbers = t_true();
	for (unsigned int a = 0; a < c->nelems; a++)
		for (unsigned int b = 0; b < a; b++)
			if (c->elem[a].is_f == c->elem[b].is_f)
				c->numbers = t_and(c->numbers, t_not(t_eq(c->elem[a].num, c->elem[b].num)));
}

/* ---- enumeration ---- */

static bool register_equalities_hold(const struct alias_case *c)
{
	for (unsigned int i = 0; i < c->rule->nequals; i++) {
		struct rule_equal eq = c->rule->equal[i];
		int role = role_of_ref(c->rule, eq.a);

		if (role < 0 || !is_reg_slot(c->rule, eq.a))
			continue;
		if (eq.b.insn == 0xff) {
			if (c->elem[c->role_elem[role]].number != eq.b.slot)
				return false;
		} else if (role_of_ref(c->rule, eq.b) >= 0 &&
			   c->role_elem[role_of_ref(c->rule, eq.b)] != c->role_elem[role]) {
			return false;
		}
	}
	return true;
}

static void fill_elems(struct alias_case *c)
{
	char name[64];

	for (unsigned int e = 0; e < c->nelems; e++) {
		struct elem *el = &c->elem[e];

		if (el->number >= 0)
			snprintf(name, sizeof(name), "x%d", el->number);
		else
			snprintf(name, sizeof(name), "%c.%s", el->is_f ? 'f' : 'x', c->rule->role_name[el->role]);
		el->before = e ? t_var(name, 64) : t_num(0, 64);
		snprintf(name, sizeof(name), "number.%u", e);
		el->num = el->number >= 0 ? t_num((uint64_t)el->number, 5) : t_var(name, 5);
	}
}

static int visit_case(struct alias_case *c, int (*visit)(struct alias_case *, void *), void *ctx)
{
	if (!c->refused && !register_equalities_hold(c))
		return 0;
	fill_elems(c);
	fill_slots(c);
	fill_block(c);
	if (c->refused)
		return visit(c, ctx);
	fill_pc(c);
	for (unsigned int v = 0; v < c->rule->nvalues; v++)
		c->value[v] = t_simplify(value_term(c, v));
	assume_numbers(c);
	c->fits = fits_pred(c);
	c->assume = arm_pred(c, c->arm);
	if (!c->variant->is_wide) /* wide: proved for every value, which is more than is needed */
		c->assume = t_and(c->assume, c->fits);
	for (const struct carm *arm = c->rule->arm; arm < c->arm; arm++)
		c->assume = t_and(c->assume, t_not(arm_pred(c, arm)));
	assume_encodings(c);
	c->assume = t_simplify(c->assume);
	return t_is_false(c->assume) ? 0 : visit(c, ctx);
}

bool arm_has_sib(const struct carm *arm, unsigned int role)
{
	for (unsigned int v = 0; v < arm->nvariants; v++)
		if (arm->variant[v].class[role] == RES_PIN_SIB)
			return true;
	return false;
}

/* A pinned register is named by roles of one class, but r12 also by pinned roles for which it is like any other. */
static bool class_fits(const struct alias_case *c, unsigned int r, const struct elem *el)
{
	int class = c->variant->class[r];

	if (el->class < 0 || el->class == class)
		return true;
	if (class == RES_PIN_SIB)
		return el->class == RES_PIN && !el->not_r12;
	return class == RES_PIN && el->class == RES_PIN_SIB && !arm_has_sib(c->arm, r);
}

/* May role r, of its class, be element e? r12 is one register: two elements cannot both be in it. */
static bool role_fits(const struct alias_case *c, unsigned int r, unsigned int e)
{
	int class = c->variant->class[r];

	if ((class == RES_ZERO) != (e == 0) || role_is_f(c->rule, r) != c->elem[e].is_f ||
	    !class_fits(c, r, &c->elem[e]))
		return false;
	for (unsigned int o = 0; class == RES_PIN_SIB && o < c->nelems; o++)
		if (o != e && c->elem[o].class == RES_PIN_SIB)
			return false;
	return true;
}

static void role_join(struct alias_case *c, unsigned int r, unsigned int e)
{
	struct elem *el = &c->elem[e];

	if (el->class != RES_PIN_SIB)
		el->class = c->variant->class[r];
	if (c->variant->class[r] == RES_PIN && arm_has_sib(c->arm, r))
		el->not_r12 = true;
	if (el->role < 0)
		el->role = (int)r;
	c->role_elem[r] = (int)e;
}

/* Chooses the element of role r: one that exists, or a new one; then of the roles behind it. */
static int choose(const struct alias_case *c, unsigned int r, int (*visit)(struct alias_case *, void *), void *ctx)
{
	int err = 0;

	if (r == c->rule->nroles) {
		struct alias_case full = *c;

		return visit_case(&full, visit, ctx);
	}
	for (unsigned int e = 0; !err && e <= c->nelems; e++) {
		struct alias_case next = *c;

		if (e == c->nelems)
			elem_add(&next, -1, (int)r);
		if (next.refused)
			return visit_case(&next, visit, ctx);
		if (!role_fits(&next, r, e))
			continue;
		role_join(&next, r, e);
		err = choose(&next, r + 1, visit, ctx);
	}
	return err;
}

int alias_each(const struct crule *rule, const struct carm *arm, const struct cvariant *variant,
	       int (*visit)(struct alias_case *c, void *ctx), void *ctx)
{
	struct alias_case c = { .rule = rule, .arm = arm, .variant = variant };

	collect_numbers(&c);
	return choose(&c, 0, visit, ctx);
}

void alias_elem_name(const struct alias_case *c, unsigned int e, int number, char *text, unsigned int size_bytes)
{
	unsigned int n = 0;

	text[0] = '\0';
	for (unsigned int r = 0; r < c->rule->nroles && n < size_bytes; r++)
		if (c->role_elem[r] == (int)e)
			n += (unsigned int)snprintf(text + n, size_bytes - n, "%s%s", n ? "=" : "",
						    c->rule->role_name[r]);
	if (number >= 0 && n < size_bytes)
		snprintf(text + n, size_bytes - n, "%s%c%d", n ? "=" : "", c->elem[e].is_f ? 'f' : 'x', number);
}
