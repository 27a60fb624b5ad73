// SPDX-License-Identifier: GPL-2.0-only
/* out_rules.c: prints gen/rules.h and gen/rules.c, the constant tables of translator/rule.h. */
#include "rulec/out_rules.h"

#include <inttypes.h>

#include "rulec/out_text.h"
#include "rulec/src.h"

enum { EMIT_PADDING = 16 }; /* unused bytes behind the last template, see rule.h */

void out_rules_h(const struct tables *t, FILE *out)
{
	const char *name;

	out_head(out, t->set->guest, "rules.h", "CPU features of the host that conditions of arms name.");
	fprintf(out, "#ifndef LDBT_GEN_RULES_H\n#define LDBT_GEN_RULES_H\n\nenum host_feature {\n");
	for (unsigned int i = 0; (name = host_feature_name(t->set->host, i)); i++) {
		fprintf(out, "\tHOST_");
		out_upper(out, name);
		fprintf(out, ",\n");
	}
	fprintf(out, "\tHOST_FEATURES,\n};\n\n#endif\n");
}

/* ---- one element of each table ---- */

static void out_node(const void *data, FILE *out)
{
	const struct rule_node *n = data;

	fprintf(out, "{%u, %u, %u, %u},", n->op, n->rule, n->child, n->nchildren);
}

static void out_rule(const void *data, FILE *out)
{
	const struct rule *r = data;

	fprintf(out, "{%u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u},", r->ninsns, r->nroles, r->nvalues,
		r->nequals, r->role, r->value, r->equal, r->arm, r->narms, r->name, r->is_partial, r->pure_role,
		r->asks_block);
}

static void out_ref(const void *data, FILE *out)
{
	const struct rule_ref *ref = data;

	fprintf(out, "{%u, %u},", ref->insn, ref->slot);
}

static void out_value(const void *data, FILE *out)
{
	const struct rule_value *v = data;

	fprintf(out, "{%u, {%u, %u}, %u},", v->kind, v->ref.insn, v->ref.slot, v->arg);
}

static void out_equal(const void *data, FILE *out)
{
	const struct rule_equal *e = data;

	fprintf(out, "{{%u, %u}, {%u, %u}},", e->a.insn, e->a.slot, e->b.insn, e->b.slot);
}

static void out_arm(const void *data, FILE *out)
{
	const struct rule_arm *a = data;

	fprintf(out, "{%u, %u, %u, %u, 0x%x, %u},", a->cond, a->nconds, a->term, a->term_arg, a->narrow_mask,
		a->variant);
}

/* INT64_MIN has no literal. */
static void out_s64(int64_t value, FILE *out)
{
	if (value == INT64_MIN)
		fprintf(out, "-0x7fffffffffffffffLL - 1");
	else
		fprintf(out, "%" PRId64 "LL", value);
}

static void out_cond(const void *data, FILE *out)
{
	const struct rule_cond *c = data;

	fprintf(out, "{%u, %u, %u, ", c->kind, c->a, c->b);
	out_s64(c->lo, out);
	fprintf(out, ", ");
	out_s64(c->hi, out);
	fprintf(out, "},");
}

static void out_variant(const void *data, FILE *out)
{
	fprintf(out, "%u,", *(const uint16_t *)data);
}

static void out_tmpl(const void *data, FILE *out)
{
	const struct tmpl *t = data;

	fprintf(out, "{%u, %u, %u, %u, %u, %u, %u},", t->bytes, t->hole, t->access, t->len, t->nholes, t->naccesses,
		t->nhost);
}

static void out_hole(const void *data, FILE *out)
{
	const struct hole *h = data;

	fprintf(out, "{%u, %u, %u, %u, %u, %u, %u, 0, %u},", h->kind, h->off, h->role, h->shift, h->aux, h->aux_bit,
		h->is_inverted, h->arg);
}

static void out_access(const void *data, FILE *out)
{
	const struct access *a = data;

	fprintf(out, "{%u, %u, %u, %u, %u, %u, %u, 0x%x, 0x%x, %u, %u, 0},", a->kind, a->size_bytes, a->is_signed,
		a->dest_bits, a->off, a->len, a->insn, a->reg, a->base, a->disp_value, a->reg_value);
}

static void out_byte(const void *data, FILE *out)
{
	const struct table_byte *b = data;

	if (b->mark == BYTE_PLAIN)
		fprintf(out, "%u,", b->byte);
	else
		fprintf(out, "%s,", b->mark == BYTE_GMEM_SEG ? "GMEM_SEG" : "HOME_SEG");
}

/* ---- tables ---- */

static void out_pool(const struct pool *pool, const char *head, unsigned int per_line,
		     void (*element)(const void *data, FILE *out), FILE *out)
{
	fprintf(out, "\nconst %s[] = {", head);
	for (unsigned int i = 0; i < pool->n; i++) {
		fputs(i % per_line ? " " : "\n\t", out);
		element(pool->data + (size_t)i * pool->element_bytes, out);
	}
	if (!pool->n)
		fprintf(out, "\n\t{0},");
	fprintf(out, "\n};\n");
}

static void out_root(const struct tables *t, FILE *out)
{
	const struct isa *isa = t->set->guest;

	fprintf(out, "\nconst u16 rule_root[NR_OPS] = {\n\t[OP_ILLEGAL] = RULE_NONE,\n");
	for (unsigned int i = 0; i < isa->ninsns; i++) {
		uint16_t node = t->root[op_number(isa, isa->insn[i])];

		if (isa->insn[i]->expand)
			continue;
		fprintf(out, "\t[OP_");
		out_upper(out, isa->insn[i]->name);
		if (node == RULE_NONE)
			fprintf(out, "] = RULE_NONE,\n");
		else
			fprintf(out, "] = %u,\n", node);
	}
	fprintf(out, "};\n");
}

static void out_names(const struct tables *t, FILE *out)
{
	fprintf(out, "\nconst char *const rule_name_table[] = {\n");
	for (const struct crule *rule = t->set->first; rule; rule = rule->next)
		fprintf(out, "\t\"%s\",\n", rule->name);
	fprintf(out, "};\n\nconst unsigned int rule_count = %u, rule_arm_count = %u, rule_tmpl_count = %u;\n",
		t->rule.n, t->arm.n, t->tmpl.n);
}

/* ---- lets: 64-bit arithmetic without overflow traps ---- */

static void out_let(const struct ex *ex, FILE *out)
{
	static const char *const text[] = {
		[OP_ADD] = "+", [OP_SUB] = "-", [OP_MUL] = "*", [OP_AND] = "&", [OP_OR] = "|", [OP_XOR] = "^",
	};
	static const char *const call[] = {
		[OP_SHL] = "let_shl",
		[OP_SHR] = "let_shr",
		[OP_SAR] = "let_sar",
	};

	if (ex->kind == EX_CONST) {
		fprintf(out, "%" PRIu64 "ULL", ex->value);
	} else if (ex->kind == EX_LOCAL) {
		fprintf(out, "(u64)value[%u]", ex->index);
	} else if (ex->kind == EX_UNARY) {
		fprintf(out, ex->op == OP_NEG ? "(0 - " : "(~");
		out_let(ex->arg[0], out);
		fprintf(out, ")");
	} else {
		bool is_shift = ex->op >= OP_SHL && ex->op <= OP_SAR;

		fprintf(out, "%s(", is_shift ? call[ex->op] : "");
		out_let(ex->arg[0], out);
		fprintf(out, is_shift ? ", " : " %s ", is_shift ? "" : text[ex->op]);
		out_let(ex->arg[1], out);
		fprintf(out, ")");
	}
}

static void out_lets(const struct tables *t, FILE *out)
{
	fprintf(out, "\nstatic inline u64 let_shl(u64 a, u64 n)\n{\n\treturn n < 64 ? a << n : 0;\n}\n");
	fprintf(out, "\nstatic inline u64 let_shr(u64 a, u64 n)\n{\n\treturn n < 64 ? a >> n : 0;\n}\n");
	fprintf(out, "\nstatic inline u64 let_sar(u64 a, u64 n)\n{\n\treturn (u64)((s64)a >> (n < 64 ? n : 63));\n}\n");
	fprintf(out, "\ns64 rule_let(unsigned int let, const s64 *value)\n{\n\tswitch (let) {\n");
	for (unsigned int i = 0; i < t->nlets; i++) {
		fprintf(out, "\tcase %u:\n\t\treturn (s64)", i);
		out_let(t->let[i], out);
		fprintf(out, ";\n");
	}
	fprintf(out, "\tdefault:\n\t\t(void)let_shl;\n\t\t(void)let_shr;\n\t\t(void)let_sar;\n\t\t(void)value;\n");
	fprintf(out, "\t\treturn 0;\n\t}\n}\n");
}

void out_rules_c(const struct tables *t, FILE *out)
{
	struct pool bytes = t->byte;

	out_head(out, t->set->guest, "rules.c", "decision tree, conditions and templates of all rules (rule.h).");
	fprintf(out, "#include \"rule.h\"\n\n#include \"abi.h\"\n#include \"ops.h\"\n#include \"rules.h\"\n");
	out_root(t, out);
	out_pool(&t->node, "struct rule_node rule_node_table", 4, out_node, out);
	out_pool(&t->rule, "struct rule rule_table", 2, out_rule, out);
	out_pool(&t->role, "struct rule_ref rule_role_table", 8, out_ref, out);
	out_pool(&t->value, "struct rule_value rule_value_table", 6, out_value, out);
	out_pool(&t->equal, "struct rule_equal rule_equal_table", 6, out_equal, out);
	out_pool(&t->arm, "struct rule_arm rule_arm_table", 4, out_arm, out);
	out_pool(&t->cond, "struct rule_cond rule_cond_table", 3, out_cond, out);
	out_pool(&t->variant, "u16 rule_variant_table", 16, out_variant, out);
	out_pool(&t->tmpl, "struct tmpl rule_tmpl_table", 4, out_tmpl, out);
	out_pool(&t->hole, "struct hole rule_hole_table", 4, out_hole, out);
	out_pool(&t->access, "struct access rule_access_table", 2, out_access, out);
	bytes.n = t->byte.n;
	fprintf(out, "\nconst u8 rule_byte_table[] = {");
	for (unsigned int i = 0; i < bytes.n; i++) {
		fputs(i % 20 ? " " : "\n\t", out);
		out_byte(bytes.data + i * sizeof(struct table_byte), out);
	}
	fprintf(out, "\n\t/* padding */");
	for (unsigned int i = 0; i < EMIT_PADDING; i++)
		fprintf(out, " 0,");
	fprintf(out, "\n};\n");
	out_names(t, out);
	out_lets(t, out);
}
