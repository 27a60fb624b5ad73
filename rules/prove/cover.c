// SPDX-License-Identifier: GPL-2.0-only
/* cover.c: no residency without a variant: the translator would take it for a template without bytes.
 * Next file: access.c. */
#include <string.h>

#include "prove/counter.h"
#include "prove/rule.h"

static bool has_variant(const struct carm *arm, const struct cvariant *wanted, unsigned int nroles)
{
	for (unsigned int v = 0; v < arm->nvariants; v++)
		if (arm->variant[v].is_wide == wanted->is_wide && !memcmp(arm->variant[v].class, wanted->class, nroles))
			return true;
	return false;
}

/* Can the translator come here? A proof that it cannot is a question like any other. */
static int visit_missing(struct alias_case *c, void *ctx)
{
	struct compare cmp = { .c = c, .out = ctx };
	struct goals goals;
	Z3_model model;

	goals_start(&goals, c->variant->is_wide ? t_and(c->assume, t_not(c->fits)) : c->assume);
	goal_add(&goals, t_false(), "no variant for these residencies");
	switch (goals_prove(&goals, c, &model)) {
	case GOALS_PROVED: return 0;
	case GOALS_REFUTED:
		counter_example(&cmp, &goals, NULL, model);
		goals_drop_model(model);
		return -1;
	default: counter_unknown(&cmp, &goals); return -1;
	}
}

/* The next combination of classes, as an odometer; false after the last. */
static bool next_classes(struct cvariant *v, unsigned int nroles)
{
	for (unsigned int r = 0; r < nroles; r++) {
		if (++v->class[r] < RES_CLASSES)
			return true;
		v->class[r] = 0;
	}
	return false;
}

/* Not asked for: a pure instruction that writes x0, which is dropped before any rule is tried; r12 in a role where it
 * takes the templates of the other pins. */
static bool is_asked_for(const struct crule *rule, const struct carm *arm, const struct cvariant *wanted)
{
	if (rule->pure_role >= 0 && wanted->class[rule->pure_role] == RES_ZERO)
		return false;
	for (unsigned int r = 0; r < rule->nroles; r++)
		if (wanted->class[r] == RES_PIN_SIB && !arm_has_sib(arm, r))
			return false;
	for (unsigned int r = 0; r < rule->nroles; r++)
		if (role_is_f(rule, r) && wanted->class[r] != RES_PIN && wanted->class[r] != RES_HOME)
			return false;
	return true;
}

int cover_check(const struct crule *rule, const struct carm *arm, FILE *out)
{
	static struct cvariant wanted;

	for (int wide = 0; wide <= (arm->narrow_mask != 0); wide++) {
		memset(&wanted, 0, sizeof(wanted));
		wanted.is_wide = wide;
		do {
			if (!is_asked_for(rule, arm, &wanted))
				continue;
			if (!has_variant(arm, &wanted, rule->nroles) &&
			    alias_each(rule, arm, &wanted, visit_missing, out))
				return -1;
		} while (next_classes(&wanted, rule->nroles));
	}
	return 0;
}
