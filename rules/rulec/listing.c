// SPDX-License-Identifier: GPL-2.0-only
/* listing.c: see listing.h. */
#include "rulec/listing.h"

#include <string.h>

#include "host/hprint.h"

static void list_classes(const struct crule *rule, const struct carm *arm, const struct cvariant *variant, FILE *out)
{
	static const char *const class_name[] = { "zero", "pin", "home", "pin12" };

	fprintf(out, "   ");
	for (unsigned int r = 0; r < rule->nroles; r++)
		fprintf(out, " %s:%s", rule->role_name[r], class_name[variant->class[r]]);
	if (arm->narrow_mask)
		fprintf(out, variant->is_wide ? " wide" : " narrow");
	fprintf(out, " (%u instructions, %u bytes, %u accesses)\n", variant->nhost, variant->code.len,
		variant->naccesses);
}

static void list_variant(const struct ruleset *set, const struct crule *rule, const struct cvariant *variant, FILE *out,
			 struct diag *diag)
{
	const char *value_name[RULE_VALUES_MAX];
	struct hnames names = { rule->role_name, value_name };
	const struct hcode *code = &variant->code;
	unsigned int off = 0;
	struct hinsn insn;

	for (unsigned int v = 0; v < rule->nvalues; v++)
		value_name[v] = rule->value[v].name;
	while (off < code->len) {
		unsigned int start = off, width = 0;

		if (x86_decode(set->host, code->bytes, code->len, code->hole, code->nholes, &off, &insn, diag))
			return;
		fprintf(out, "      %3u: ", start);
		for (unsigned int i = start; i < off; i++)
			width += fprintf(out, "%02x ", code->bytes[i]);
		fprintf(out, "%*s", width < 36 ? 36 - width : 1, "");
		hinsn_print(out, &insn, &names);
		fprintf(out, "\n");
	}
}

static const char *way_out(const struct carm *arm)
{
	static const char *const text[] = {
		[TERM_NEXT] = "",
		[TERM_BRANCH] = ", branches",
		[TERM_JUMP] = ", then jumps",
		[TERM_INDIRECT] = ", then goto rax",
		[TERM_EXIT] = ", then exits",
	};

	return text[arm->term];
}

void list_ruleset(const struct ruleset *set, const char *name, FILE *out, struct diag *diag)
{
	for (const struct crule *rule = set->first; rule; rule = rule->next) {
		if (name && strcmp(rule->name, name))
			continue;
		fprintf(out, "%s (%s:%d)\n", rule->name, rule->loc.file, rule->loc.line);
		for (unsigned int a = 0; a < rule->narms; a++) {
			const struct carm *arm = &rule->arm[a];

			fprintf(out, "  arm %u, line %d%s\n", a, arm->loc.line, way_out(arm));
			for (unsigned int i = 0; i < arm->nvariants; i++) {
				list_classes(rule, arm, &arm->variant[i], out);
				list_variant(set, rule, &arm->variant[i], out, diag);
			}
		}
	}
}
