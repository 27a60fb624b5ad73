// SPDX-License-Identifier: GPL-2.0-only
/* rule.c: see rule.h. Next file: main.c. */
#include "prove/rule.h"

#include <string.h>

#include "prove/compare.h"
#include "prove/counter.h"

/* What the visits of one variant's cases share. */
struct variant_run {
	const struct ruleset *set;
	struct host_code code;
	struct rule_result *result;
	FILE *out;
};

static struct guest_path guest_path[PATHS_MAX];
static struct host_path host_path[PATHS_MAX];

static int visit_case(struct alias_case *c, void *ctx)
{
	struct variant_run *vr = ctx;
	struct compare cmp = {
		.guest = vr->set->guest,
		.host = vr->set->host,
		.c = c,
		.code = &vr->code,
		.out = vr->out,
		.guest_path = guest_path,
		.host_path = host_path,
	};
	int err = -1;

	vr->result->cases++;
	prims_reset();
	if (c->refused) {
		counter_refusal(&cmp, NULL, c->refused);
		return err;
	}
	cmp.nguest = guest_run(cmp.guest, c, guest_path);
	cmp.nhost = host_run(cmp.guest, cmp.host, c, &vr->code, host_path);
	if (cmp.nguest < 0 || cmp.nhost < 0)
		counter_refusal(&cmp, NULL, "more paths than PATHS_MAX");
	else
		err = compare_case(&cmp);
	vr->result->proofs += cmp.nproofs;
	return err;
}

/* What needs no solver. */
static const char *check_variant(struct variant_run *vr, const struct crule *rule, const struct carm *arm,
				 const struct cvariant *variant, struct diag *diag)
{
	const char *why;

	why = holes_check(rule, variant);
	if (why)
		return why;
	if (host_decode(vr->set->host, variant, arm->loc, &vr->code, diag))
		return "the bytes do not decode";
	why = feature_check(vr->set->host, arm, &vr->code);
	return why ? "needs a CPU feature that no condition promises" : access_check(variant, &vr->code);
}

static int prove_variant(struct variant_run *vr, const struct crule *rule, const struct carm *arm,
			 const struct cvariant *variant)
{
	struct diag diag = { .out = vr->out };
	const char *why = check_variant(vr, rule, arm, variant, &diag);
	struct alias_case c = { .rule = rule, .arm = arm, .variant = variant };
	struct compare cmp = { .c = &c, .out = vr->out };

	vr->result->variants++;
	if (!why)
		return alias_each(rule, arm, variant, visit_case, vr);
	counter_refusal(&cmp, NULL, why);
	return -1;
}

int variant_prove(const struct ruleset *set, const struct crule *rule, const struct carm *arm,
		  const struct cvariant *variant, FILE *out)
{
	static struct variant_run vr;
	struct rule_result result = { 0 };
	int err;

	vr.set = set;
	vr.result = &result;
	vr.out = out;
	terms_open();
	goals_reset();
	err = prove_variant(&vr, rule, arm, variant);
	terms_close();
	return err;
}

static void prove_arm(struct variant_run *vr, const struct crule *rule, const struct carm *arm, unsigned int stride)
{
	unsigned int failed = 0;
	FILE *out = vr->out, *nowhere = NULL;

	if (!arm->nvariants) {
		fprintf(out, "%s:%d: %s: an arm without a variant\n", arm->loc.file, arm->loc.line, rule->name);
		vr->result->unproved++;
	}
	terms_open();
	goals_reset();
	for (unsigned int v = 0; v < arm->nvariants; v += stride) {
		if (prove_variant(vr, rule, arm, &arm->variant[v]) && !failed++) {
			nowhere = fopen("/dev/null", "w");
			vr->out = nowhere;
		}
	}
	vr->out = out;
	if (stride == 1 && cover_check(rule, arm, out))
		vr->result->unproved++;
	terms_close();
	if (nowhere)
		fclose(nowhere);
	if (failed > 1)
		fprintf(out, "  and %u more variants of this arm\n", failed - 1);
	vr->result->unproved += failed;
}

void rule_prove(const struct ruleset *set, const struct crule *rule, unsigned int stride, FILE *out,
		struct rule_result *result)
{
	static struct variant_run vr;

	memset(result, 0, sizeof(*result));
	vr.set = set;
	vr.result = result;
	vr.out = out;
	if (!rule->narms) {
		fprintf(out, "%s:%d: %s: a rule without an arm\n", rule->loc.file, rule->loc.line, rule->name);
		result->unproved++;
	}
	for (unsigned int a = 0; a < rule->narms; a++) {
		result->arms++;
		prove_arm(&vr, rule, &rule->arm[a], stride);
	}
}
