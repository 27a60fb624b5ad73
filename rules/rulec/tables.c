// SPDX-License-Identifier: GPL-2.0-only
/* tables.c: compiled rules to the tables of translator/rule.h. Next file: decision.c, out_rules.c. */
#include "rulec/tables.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { U16_TOP = RULE_NONE - 1, U32_TOP = 0x7fffffff };

/* ---- templates ---- */

static unsigned int put_bytes(struct tables *t, const struct hcode *code)
{
	struct table_byte byte[TMPL_BYTES_MAX];

	for (unsigned int i = 0; i < code->len; i++)
		byte[i] = (struct table_byte){ code->bytes[i], BYTE_PLAIN };
	for (unsigned int i = 0; i < code->nsegs; i++) {
		struct table_byte *seg = &byte[code->seg[i].off];

		*seg = (struct table_byte){ 0, code->seg[i].is_gmem ? BYTE_GMEM_SEG : BYTE_HOME_SEG };
	}
	return pool_put(&t->byte, byte, code->len);
}

static unsigned int put_template(struct tables *t, const struct cvariant *variant)
{
	const struct hcode *code = &variant->code;
	struct tmpl tmpl;

	memset(&tmpl, 0, sizeof(tmpl));
	tmpl.bytes = put_bytes(t, code);
	tmpl.hole = pool_put(&t->hole, code->hole, code->nholes);
	tmpl.access = pool_put(&t->access, variant->access, variant->naccesses);
	tmpl.len = code->len;
	tmpl.nholes = code->nholes;
	tmpl.naccesses = variant->naccesses;
	tmpl.nhost = variant->nhost;
	return pool_put(&t->tmpl, &tmpl, 1);
}

/* ---- arms ---- */

static unsigned int power_of_classes(unsigned int n)
{
	unsigned int power = 1;

	while (n--)
		power *= RES_CLASSES;
	return power;
}

static unsigned int variant_index(const uint8_t *class, unsigned int nroles, bool is_wide)
{
	unsigned int index = 0;

	for (unsigned int r = nroles; r--;)
		index = index * RES_CLASSES + class[r];
	return index * 2 + is_wide;
}

/* Roles for which r12 has variants of its own. */
static uint32_t roles_with_sib(const struct carm *arm, unsigned int nroles)
{
	uint32_t mask = 0;

	for (unsigned int i = 0; i < arm->nvariants; i++)
		for (unsigned int r = 0; r < nroles; r++)
			if (arm->variant[i].class[r] == RES_PIN_SIB)
				mask |= 1u << r;
	return mask;
}

/* Elsewhere r12 takes the template of the other pins. */
static void fill_sib(uint16_t *table, unsigned int size, unsigned int nroles, uint32_t with_sib)
{
	uint8_t class[RULE_ROLES_MAX];

	for (unsigned int index = 0; index < size; index++) {
		unsigned int rest = index / 2;

		for (unsigned int r = 0; r < nroles; r++, rest /= RES_CLASSES) {
			class[r] = rest % RES_CLASSES;
			if (class[r] == RES_PIN_SIB && !(with_sib >> r & 1))
				class[r] = RES_PIN;
		}
		table[index] = table[variant_index(class, nroles, index & 1)];
	}
}

static unsigned int put_variants(struct tables *t, const struct crule *rule, const struct carm *arm)
{
	unsigned int size = 2 * power_of_classes(rule->nroles), start;
	uint16_t *table = malloc(size * sizeof(*table));

	if (!table)
		return 0;
	memset(table, 0xff, size * sizeof(*table));
	for (unsigned int i = 0; i < arm->nvariants; i++) {
		const struct cvariant *variant = &arm->variant[i];

		table[variant_index(variant->class, rule->nroles, variant->is_wide)] = put_template(t, variant);
	}
	fill_sib(table, size, rule->nroles, roles_with_sib(arm, rule->nroles));
	start = pool_put(&t->variant, table, size);
	free(table);
	return start;
}

static bool arm_asks_block(const struct carm *arm)
{
	for (unsigned int i = 0; i < arm->nconds; i++)
		if (arm->cond[i].kind == COND_BLOCK || arm->cond[i].kind == COND_BLOCK_NOT)
			return true;
	return false;
}

static void put_arm(struct tables *t, const struct crule *rule, const struct carm *arm)
{
	struct rule_arm out;

	memset(&out, 0, sizeof(out));
	out.cond = pool_put(&t->cond, arm->cond, arm->nconds);
	out.nconds = arm->nconds;
	out.term = arm->term;
	out.term_arg = arm->term_arg;
	out.narrow_mask = arm->narrow_mask;
	out.variant = put_variants(t, rule, arm);
	pool_append(&t->arm, &out, 1);
}

/* ---- rules ---- */

static int put_let(struct tables *t, const struct ex *let)
{
	const struct ex **grown = realloc(t->let, (t->nlets + 1) * sizeof(*grown));

	if (!grown)
		return 0;
	t->let = grown;
	t->let[t->nlets] = let;
	return t->nlets++;
}

static unsigned int put_values(struct tables *t, const struct crule *rule)
{
	struct rule_value value[RULE_VALUES_MAX];

	memset(value, 0, sizeof(value));
	for (unsigned int v = 0; v < rule->nvalues; v++) {
		value[v].kind = rule->value[v].kind;
		value[v].ref = rule->value[v].ref;
		if (value[v].kind == VAL_LET)
			value[v].arg = put_let(t, rule->value[v].let);
	}
	return pool_put(&t->value, value, rule->nvalues);
}

static unsigned int put_roles(struct tables *t, const struct crule *rule)
{
	struct rule_ref role[RULE_ROLES_MAX];

	memcpy(role, rule->role, sizeof(role));
	for (unsigned int r = 0; r < rule->nroles; r++)
		role[r].slot |= role_is_f(rule, r) ? RULE_SLOT_F : 0;
	return pool_put(&t->role, role, rule->nroles);
}

static void put_rule(struct tables *t, const struct crule *rule)
{
	struct rule out;

	memset(&out, 0, sizeof(out));
	out.ninsns = rule->ninsns;
	out.nroles = rule->nroles;
	out.nvalues = rule->nvalues;
	out.nequals = rule->nequals;
	out.role = put_roles(t, rule);
	out.value = put_values(t, rule);
	out.equal = pool_put(&t->equal, rule->equal, rule->nequals);
	out.arm = t->arm.n;
	out.narms = rule->narms;
	out.name = t->rule.n;
	out.is_partial = rule->is_partial;
	out.pure_role = rule->pure_role < 0 ? 0xff : rule->pure_role;
	for (unsigned int i = 0; i < rule->narms; i++) {
		out.asks_block |= arm_asks_block(&rule->arm[i]);
		put_arm(t, rule, &rule->arm[i]);
	}
	pool_append(&t->rule, &out, 1);
}

static struct pool *pool_at(struct tables *t, unsigned int i)
{
	struct pool *const pools[] = { &t->node, &t->rule,    &t->role, &t->value, &t->equal,  &t->arm,
				       &t->cond, &t->variant, &t->tmpl, &t->hole,  &t->access, &t->byte };

	return i < sizeof(pools) / sizeof(pools[0]) ? pools[i] : NULL;
}

static void pools_init(struct tables *t)
{
	pool_init(&t->node, "nodes", sizeof(struct rule_node), U16_TOP);
	pool_init(&t->rule, "rules", sizeof(struct rule), U16_TOP);
	pool_init(&t->role, "roles", sizeof(struct rule_ref), U16_TOP);
	pool_init(&t->value, "values", sizeof(struct rule_value), U16_TOP);
	pool_init(&t->equal, "equals", sizeof(struct rule_equal), U16_TOP);
	pool_init(&t->arm, "arms", sizeof(struct rule_arm), U16_TOP);
	pool_init(&t->cond, "conditions", sizeof(struct rule_cond), U16_TOP);
	pool_init(&t->variant, "variants", sizeof(uint16_t), U32_TOP);
	pool_init(&t->tmpl, "templates", sizeof(struct tmpl), U16_TOP);
	pool_init(&t->hole, "holes", sizeof(struct hole), U16_TOP);
	pool_init(&t->access, "accesses", sizeof(struct access), U16_TOP);
	pool_init(&t->byte, "bytes", sizeof(struct table_byte), U32_TOP);
}

int tables_build(struct tables *t, const struct ruleset *set, struct diag *diag)
{
	const struct pool *pool;
	int ret = 0;

	memset(t, 0, sizeof(*t));
	t->set = set;
	pools_init(t);
	t->root = calloc(set->guest->ninsns + 1, sizeof(*t->root));
	if (!t->root)
		return -ENOMEM;
	for (const struct crule *rule = set->first; rule; rule = rule->next)
		put_rule(t, rule);
	decision_build(t);
	for (unsigned int i = 0; (pool = pool_at(t, i)); i++)
		if (pool_is_full(pool)) {
			diag_error(diag, (struct loc){ "gen/rules.c", 0 },
				   "%u %s do not fit their index, widen it in rule.h", pool->n, pool->name);
			ret = -EINVAL;
		}
	return ret;
}

void tables_free(struct tables *t)
{
	for (unsigned int i = 0; pool_at(t, i); i++)
		pool_free(pool_at(t, i));
	free(t->root);
	free(t->let);
}

void tables_print_stats(const struct tables *t, FILE *out)
{
	const struct pool *pool;
	unsigned int total = 0;

	for (unsigned int i = 0; (pool = pool_at((struct tables *)t, i)); i++) {
		unsigned int bytes = pool->n * (pool == &t->byte ? 1 : pool->element_bytes);

		fprintf(out, "%-12s %8u entries %9u bytes\n", pool->name, pool->n, bytes);
		total += bytes;
	}
	fprintf(out, "%-12s %8s         %9u bytes\n", "all", "", total);
}
