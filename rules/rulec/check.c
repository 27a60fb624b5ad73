// SPDX-License-Identifier: GPL-2.0-only
/* check.c: refuses rules that are unsafe, ambiguous, untested or unreferenced (docs/LANGUAGE.md section 4). What only
 * shows when an arm is compiled (no form, no scratch register, a value that may not fit) is refused in compile.c; arms
 * that no test reaches in ruletest.c. Next file: compile.c. */
#include <string.h>

#include "abi.h"
#include "rulec/compile.h"
#include "rulec/facts.h"
#include "rulec/form_info.h"
#include "rulec/guest_info.h"

/* ---- the rule ---- */

static bool has_fixed_value(const struct crule *rule)
{
	for (unsigned int v = 0; v < rule->nvalues; v++)
		if (rule->value[v].name[0] == '#')
			return true;
	return false;
}

static void check_match(struct ruleset *set, struct src_rule *src)
{
	struct crule *rule = src->rule;
	bool has_else = rule->narms && src->arm[rule->narms - 1].is_else && !has_fixed_value(rule);

	rule->is_partial = !has_else;
	if (!rule->narms)
		diag_error(set->diag, rule->loc, "%s has no arm, add else", rule->name);
	else if (rule->ninsns == 1 && !has_else)
		diag_error(set->diag, rule->loc, "%s: a match of one instruction needs else, add it as the last arm",
			   rule->name);
	else if (rule->ninsns == 1 && rule->nequals)
		diag_error(set->diag, rule->loc,
			   "%s: a match of one instruction must take all operands, use conditions", rule->name);
	if (!src->has_ref)
		diag_error(set->diag, rule->loc, "%s has no ref, cite the manual", rule->name);
	if (!rule->test)
		diag_error(set->diag, rule->loc, "%s has no test, add one for each arm", rule->name);
	if (rule->ninsns == 1 && rule->insn[0]->is_pure)
		for (unsigned int r = 0; r < rule->nroles; r++)
			if (rule_insn_writes(rule, 0, r))
				rule->pure_role = r;
}

void check_overlap(struct ruleset *set)
{
	for (struct crule *a = set->first; a; a = a->next)
		for (struct crule *b = a->next; b; b = b->next)
			if (a->ninsns == b->ninsns && !memcmp(a->insn, b->insn, a->ninsns * sizeof(a->insn[0])))
				diag_error(set->diag, b->loc,
					   "%s has the opcodes of the match in line %d of %s, make them "
					   "arms of one",
					   b->name, a->loc.line, a->loc.file);
}

/* ---- one arm ---- */

struct armck {
	struct ruleset *set;
	struct src_rule *src;
	struct src_arm *arm;
	struct facts facts;
	uint32_t written;	  /* roles written so far */
	struct loc state_written; /* where a home state or guest memory was written, line 0: nowhere */
	uint32_t flags;		  /* flags that the arm has set */
	unsigned int naccesses;
};

static unsigned int guest_accesses(const struct crule *rule)
{
	unsigned int n = 0;

	for (unsigned int k = 0; k < rule->ninsns; k++)
		n += insn_accesses(rule->insn[k]);
	return n;
}

/* May role r be written before guest instruction k: is it a result of an earlier one? */
static bool is_earlier_result(const struct armck *ck, int r, unsigned int k)
{
	const struct crule *rule = ck->src->rule;

	while (k--)
		for (unsigned int other = 0; other < rule->nroles; other++)
			if (ck->facts.same[other] == ck->facts.same[r] && rule_insn_writes(rule, k, other))
				return true;
	return false;
}

static void check_access(struct armck *ck, const struct src_insn *insn)
{
	const struct crule *rule = ck->src->rule;
	unsigned int k = rule_access_insn(rule, ck->naccesses);

	if (!guest_accesses(rule))
		diag_error(ck->set->diag, insn->loc,
			   "no instruction of the match accesses memory, remove the gmem operand");
	for (unsigned int r = 0; r < rule->nroles; r++)
		if (ck->written >> r & 1 && !is_earlier_result(ck, r, k))
			diag_error(ck->set->diag, insn->loc,
				   "%s is written before an access that can fault, write it behind",
				   rule->role_name[r]);
	if (ck->state_written.line && rule->ninsns == 1 && !insn_is_atomic(rule->insn[0]))
		diag_error(ck->set->diag, insn->loc,
			   "a home state is written before an access that can fault, write it "
			   "behind");
	ck->naccesses++;
}

static void check_fallback(struct armck *ck, const struct src_insn *insn)
{
	if (ck->written || ck->state_written.line)
		diag_error(ck->set->diag, insn->loc, "jump to %s after guest state was written, test before",
			   insn->op[0].value == EXIT_SYSTEM ? "system" : "fallback");
}

static void check_flags(struct armck *ck, const struct src_insn *insn, const struct form_info *info)
{
	if (info->flag_reads & ~ck->flags)
		diag_error(ck->set->diag, insn->loc, "%s reads a flag that no instruction of the arm has set",
			   insn->name);
	ck->flags |= info->flag_touches;
}

static void check_insn(struct armck *ck, const struct src_insn *insn)
{
	const struct form *form = form_of(ck->set->host, insn->name, insn->nops);
	bool is_access = false;
	struct form_info info;

	if (!form) {
		diag_error(ck->set->diag, insn->loc, "%s with %u operands is not in x86_64.isa, use what it lists",
			   insn->name, insn->nops);
		return;
	}
	form_info(ck->set->host, form, &info);
	check_flags(ck, insn, &info);
	for (unsigned int i = 0; i < insn->nops; i++)
		is_access |= insn->op[i].kind == HOP_GMEM;
	if (is_access)
		check_access(ck, insn);
	if (insn->op[0].kind == HOP_EXIT)
		check_fallback(ck, insn);
	if (insn->op[0].kind == HOP_TARGET && insn != &ck->arm->insn[ck->arm->ninsns - 1])
		diag_error(ck->set->diag, insn->loc, "a branch to the target must be the last instruction of the arm");
	for (unsigned int i = 0; i < insn->nops; i++) {
		if (insn->op[i].kind == HOP_ROLE && info.writes[i])
			ck->written |= 1u << insn->op[i].role;
		if (info.writes[i] && (insn->op[i].kind == HOP_STATE || insn->op[i].kind == HOP_GMEM))
			ck->state_written = insn->loc;
	}
}

/* The order of effects is that of the text; loops go back to accesses that are complete each time. */
static void check_arm(struct ruleset *set, struct src_rule *src, unsigned int index)
{
	struct armck ck = { .set = set, .src = src, .arm = &src->arm[index] };
	unsigned int nguest = guest_accesses(src->rule);

	facts_of(src->rule, index, &ck.facts);
	for (unsigned int i = 0; i < ck.arm->ninsns; i++)
		check_insn(&ck, &ck.arm->insn[i]);
	if (ck.naccesses < nguest && ck.arm->arm->term != TERM_EXIT)
		diag_error(set->diag, ck.arm->arm->loc,
			   ck.naccesses ? "a host instruction stands for more than one guest access, write one for each"
					: "the match accesses memory but the arm does not, add gmem operands");
}

void check_rule(struct ruleset *set, struct src_rule *src)
{
	unsigned int nerrors = set->diag->nerrors;

	check_match(set, src);
	for (unsigned int i = 0; i < src->rule->narms; i++)
		check_arm(set, src, i);
	src->is_bad |= set->diag->nerrors != nerrors;
}
