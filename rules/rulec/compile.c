// SPDX-License-Identifier: GPL-2.0-only
/* compile.c: all residencies of an arm, see compile.h. Next file: legal.c, encode in rules/host. */
#include "rulec/compile.h"

#include <string.h>

#include "rulec/gmem.h"
#include "rulec/guest_info.h"
#include "rulec/legal.h"

struct compile {
	struct ruleset *set;
	struct src_rule *src;
	struct src_arm *arm;
	struct facts facts;
	bool is_base[RULE_ROLES_MAX];
	uint8_t class[RULE_ROLES_MAX];
	uint32_t always_narrow; /* values that always fit in a signed byte */
	unsigned int nvariants, capacity;
};

/* ---- one variant ---- */

static bool fits(const struct facts *f, int value, int64_t lo, int64_t hi)
{
	return f->lo[value] >= lo && f->hi[value] <= hi;
}

/* An immediate value against the hole that its operand has. */
static bool immediate_fits(const struct compile *c, const struct opnd *opnd, int value, uint32_t narrow)
{
	int64_t half;

	if (opnd->enc_width == 64 || (opnd->kind == OPND_IMM && opnd->enc_width == 8 && narrow >> value & 1))
		return true;
	half = (int64_t)1 << (opnd->enc_width - 1);
	if (opnd->kind == OPND_UIMM)
		return fits(&c->facts, value, 0, 63);
	return fits(&c->facts, value, -half, opnd->enc_width == opnd->width ? 2 * half - 1 : half - 1);
}

static int values_check(const struct compile *c, const struct hinsn *insn, uint32_t narrow)
{
	struct diag *diag = c->set->diag;

	for (unsigned int i = 0; i < insn->form->nopnds; i++) {
		const struct hop *op = &insn->op[i];
		int value = -1;

		if (op->kind == HOP_VALUE && !immediate_fits(c, &insn->form->opnd[i], op->value, narrow))
			value = op->value;
		if ((op->kind == HOP_GMEM || op->kind == HOP_ADDR) && op->disp_value >= 0 &&
		    !fits(&c->facts, op->disp_value, INT32_MIN, INT32_MAX))
			value = op->disp_value;
		if (value < 0)
			continue;
		diag_error(diag, insn->loc,
			   "value %s (%lld..%lld) may not fit its hole in %s, restrict it by a condition",
			   c->src->rule->value[value].name, (long long)c->facts.lo[value],
			   (long long)c->facts.hi[value], insn->form->name);
		return -EINVAL;
	}
	return 0;
}

static int feature_check(const struct compile *c, const struct hinsn *insn)
{
	const struct carm *arm = c->arm->arm;
	int feature;

	if (!insn->form->feature)
		return 0;
	feature = host_feature_find(c->set->host, insn->form->feature);
	for (unsigned int i = 0; i < arm->nconds; i++)
		if (arm->cond[i].kind == COND_HOST && arm->cond[i].b == feature)
			return 0;
	diag_error(c->set->diag, insn->loc, "%s needs a CPU with %s, add the condition host %s", insn->form->name,
		   insn->form->feature, insn->form->feature);
	return -EINVAL;
}

static int access_add(const struct compile *c, struct cvariant *variant, const struct hinsn *insn, unsigned int off)
{
	const struct gmem_line *line;
	struct access *access = &variant->access[variant->naccesses];
	int mem = gmem_operand(insn);

	if (mem < 0)
		return 0;
	line = gmem_find(c->set->gmem, insn);
	if (!line) {
		diag_error(c->set->diag, insn->loc,
			   "gmem.def does not list %s with a guest memory operand here, use mov, "
			   "movzx, movsx, movsxd or a lock form",
			   insn->form->name);
		return -EINVAL;
	}
	if (variant->naccesses == TMPL_ACCESSES_MAX || insn->op[mem].index != HREG_NONE || insn->op[mem].disp_const) {
		diag_error(c->set->diag, insn->loc, "a guest access is gmemN[register + value], at most %d in one arm",
			   TMPL_ACCESSES_MAX);
		return -EINVAL;
	}
	gmem_access(line, insn, access);
	access->off = off;
	access->len = variant->code.len - off;
	access->insn = rule_access_insn(c->src->rule, variant->naccesses);
	if (insn_is_atomic(c->src->rule->insn[access->insn]))
		access->kind = ACCESS_ATOMIC;
	variant->naccesses++;
	return 0;
}

/* Byte offset of the label that instruction i refers to, or -1. */
static int label_offset(const struct legal_out *out, const unsigned int *off, unsigned int i)
{
	const struct hop *op = &out->insn[i].op[0];
	uint16_t bit = 1u << op->label;

	if (op->disp_const) { /* 1b */
		for (int k = i; k >= 0; k--)
			if (out->labels[k] & bit)
				return off[k];
		return -1;
	}
	for (unsigned int k = i + 1; k <= out->n; k++)
		if (out->labels[k] & bit)
			return off[k];
	return -1;
}

static int labels_patch(const struct compile *c, const struct legal_out *out, const unsigned int *off,
			struct cvariant *variant)
{
	for (unsigned int i = 0; i < out->n; i++) {
		int target, distance;

		if (out->insn[i].op[0].kind != HOP_LABEL)
			continue;
		target = label_offset(out, off, i);
		distance = target - (int)off[i + 1];
		if (target < 0 || distance < -128 || distance > 127) {
			diag_error(c->set->diag, out->insn[i].loc, "label %d%c is missing or too far away",
				   out->insn[i].op[0].label, out->insn[i].op[0].disp_const ? 'b' : 'f');
			return -EINVAL;
		}
		variant->code.bytes[off[i + 1] - 1] = distance;
	}
	return 0;
}

static int variant_encode(const struct compile *c, const struct legal_out *out, uint32_t narrow,
			  struct cvariant *variant)
{
	unsigned int off[LEGAL_INSNS_MAX + 1];

	for (unsigned int i = 0; i < out->n; i++) {
		const struct hinsn *insn = &out->insn[i];

		off[i] = variant->code.len;
		if (values_check(c, insn, narrow) || feature_check(c, insn) ||
		    x86_encode(insn, narrow, &variant->code, c->set->diag) || access_add(c, variant, insn, off[i]))
			return -EINVAL;
	}
	off[out->n] = variant->code.len;
	variant->nhost = out->n;
	return labels_patch(c, out, off, variant);
}

/* Roles that are homed in this variant, one of each set of equal ones. */
static uint32_t homed_roles(const struct compile *c)
{
	uint32_t mask = 0;

	for (unsigned int r = 0; r < c->src->rule->nroles; r++)
		if (c->class[r] == RES_HOME && c->facts.same[r] == (int)r)
			mask |= 1u << r;
	return mask;
}

/* The cheapest way to place the homed roles. */
static int variant_legal(const struct compile *c, uint32_t narrow, struct legal_out *best)
{
	static struct legal_out out;
	struct legal_in in = { .host = c->set->host,
			       .src = c->src,
			       .arm = c->arm,
			       .facts = &c->facts,
			       .class = c->class,
			       .narrow = narrow };
	uint32_t homed = homed_roles(c), pick = homed;
	struct loc loc = { 0 };
	const char *why = NULL;

	best->cost = UINT32_MAX;
	do {
		in.prefer_scratch = pick;
		if (legal_arm(&in, &out)) {
			why = out.why;
			loc = out.loc;
		} else if (out.cost < best->cost) {
			*best = out;
		}
		pick = (pick - 1) & homed;
	} while (pick != homed);
	if (best->cost != UINT32_MAX)
		return 0;
	diag_error(c->set->diag, loc, "%s", why);
	return -EINVAL;
}

static int variant_compile(const struct compile *c, uint32_t narrow, struct cvariant *variant)
{
	static struct legal_out best;

	*variant = (struct cvariant){ 0 };
	memcpy(variant->class, c->class, sizeof(variant->class));
	if (variant_legal(c, narrow, &best))
		return -EINVAL;
	return variant_encode(c, &best, narrow, variant);
}

/* ---- which classes ---- */

/* Calls visit for each combination of classes until one call returns nonzero. */
static int for_classes(struct compile *c, unsigned int role, int (*visit)(struct compile *c))
{
	const struct facts *f = &c->facts;

	if (role == c->src->rule->nroles)
		return visit(c);
	if (f->same[role] != (int)role) {
		c->class[role] = c->class[f->same[role]];
		return for_classes(c, role + 1, visit);
	}
	for (unsigned int class = 0; class < RES_CLASSES; class ++) {
		bool is_excluded = class == RES_ZERO ? f->is_nonzero[role] : f->is_zero[role];
		int ret;

		for (unsigned int other = 0; other < role; other++)
			is_excluded |= class == RES_ZERO && c->class[other] == RES_ZERO && f->differs[role][other];
		is_excluded |= class == RES_PIN_SIB && (!c->is_base[role] || role_is_f(c->src->rule, role));
		if (is_excluded)
			continue;
		c->class[role] = class;
		ret = for_classes(c, role + 1, visit);
		if (ret)
			return ret;
	}
	return 0;
}

static void note_base(struct compile *c, int reg)
{
	if (reg >= HREG_ROLE)
		c->is_base[c->facts.same[reg & ~HREG_ROLE]] = true;
}

static void find_bases(struct compile *c)
{
	for (unsigned int i = 0; i < c->arm->ninsns; i++)
		for (unsigned int k = 0; k < c->arm->insn[i].nops; k++) {
			const struct hop *op = &c->arm->insn[i].op[k];

			if (op->kind != HOP_GMEM && op->kind != HOP_ADDR)
				continue;
			note_base(c, op->base);
			if (op->scale == 1) /* becomes the base when the base is x0 */
				note_base(c, op->index);
		}
}

/* ---- narrow and wide ---- */

static bool value_may_be_narrow(const struct compile *c, unsigned int v)
{
	return c->facts.lo[v] <= 127 && c->facts.hi[v] >= -128;
}

static bool arm_uses_value(const struct src_arm *arm, int v)
{
	for (unsigned int i = 0; i < arm->ninsns; i++)
		for (unsigned int k = 0; k < arm->insn[i].nops; k++) {
			const struct hop *op = &arm->insn[i].op[k];
			bool is_address = op->kind == HOP_GMEM || op->kind == HOP_ADDR;

			if ((op->kind == HOP_VALUE && op->value == v) || (is_address && op->disp_value == v))
				return true;
		}
	return false;
}

/* Does some value have an 8-bit form in this variant? Adds such values to the arm's mask. */
static int visit_narrow(struct compile *c)
{
	struct carm *arm = c->arm->arm;
	struct cvariant wide, narrow;

	if (variant_compile(c, c->always_narrow, &wide))
		return -EINVAL;
	for (unsigned int v = 0; v < c->src->rule->nvalues; v++) {
		if ((arm->narrow_mask | c->always_narrow) >> v & 1 || !value_may_be_narrow(c, v) ||
		    !arm_uses_value(c->arm, v))
			continue;
		if (variant_compile(c, c->always_narrow | 1u << v, &narrow))
			return -EINVAL;
		if (narrow.code.len != wide.code.len)
			arm->narrow_mask |= 1u << v;
	}
	return 0;
}

static int visit_compile(struct compile *c)
{
	struct carm *arm = c->arm->arm;

	for (unsigned int is_wide = 0; is_wide <= (arm->narrow_mask ? 1u : 0u); is_wide++) {
		struct cvariant *variant;

		arm->variant = arena_grow(c->set->arena, arm->variant, arm->nvariants, sizeof(*variant));
		variant = &arm->variant[arm->nvariants];
		if (variant_compile(c, c->always_narrow | (is_wide ? 0 : arm->narrow_mask), variant))
			return -EINVAL;
		variant->is_wide = is_wide;
		arm->nvariants++;
	}
	return 0;
}

static void compile_arm(struct ruleset *set, struct src_rule *src, unsigned int index)
{
	struct compile c = { .set = set, .src = src, .arm = &src->arm[index] };
	int pure = src->rule->pure_role;

	facts_of(src->rule, index, &c.facts);
	if (pure >= 0 && c.facts.is_zero[pure])
		c.facts.is_possible = false;
	if (!c.facts.is_possible) {
		diag_error(set->diag, c.arm->arm->loc, "this arm can never hold, remove it or its contradiction");
		return;
	}
	if (pure >= 0)
		for (unsigned int r = 0; r < src->rule->nroles; r++)
			c.facts.is_nonzero[r] |= c.facts.same[r] == c.facts.same[pure];
	for (unsigned int v = 0; v < src->rule->nvalues; v++)
		if (c.facts.lo[v] >= -128 && c.facts.hi[v] <= 127)
			c.always_narrow |= 1u << v;
	find_bases(&c);
	if (!for_classes(&c, 0, visit_narrow))
		for_classes(&c, 0, visit_compile);
}

void compile_rule(struct ruleset *set, struct src_rule *src)
{
	for (unsigned int i = 0; i < src->rule->narms; i++)
		compile_arm(set, src, i);
}
