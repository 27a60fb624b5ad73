// SPDX-License-Identifier: GPL-2.0-only
/* guest_info.c: see guest_info.h. */
#include "rulec/guest_info.h"

/* First access in the statements, or NULL. */
static const struct st *find_access(const struct st *st)
{
	for (; st; st = st->next) {
		const struct st *inner = NULL;

		if (st->kind == ST_MEM)
			return st;
		if (st->kind == ST_IF) {
			inner = find_access(st->body);
			inner = inner ? inner : find_access(st->orelse);
		}
		if (inner)
			return inner;
	}
	return NULL;
}

bool insn_accesses(const struct insn_desc *insn)
{
	return find_access(insn->body);
}

bool insn_is_atomic(const struct insn_desc *insn)
{
	const struct st *st = find_access(insn->body);

	return st && (st->mem == MEM_AMO || st->mem == MEM_CAS);
}

unsigned int insn_access_bytes(const struct insn_desc *insn)
{
	const struct st *st = find_access(insn->body);

	return st ? st->size : 0;
}

static bool st_writes(const struct st *st, unsigned int slot)
{
	for (; st; st = st->next) {
		if (st->kind == ST_REG && st->idx && st->idx->kind == EX_FIELD && st->idx->index == slot)
			return true;
		if (st->kind == ST_IF && (st_writes(st->body, slot) || st_writes(st->orelse, slot)))
			return true;
	}
	return false;
}

static bool ex_reads(const struct ex *ex, unsigned int slot)
{
	if (!ex)
		return false;
	if (ex->kind == EX_REG && ex->arg[0]->kind == EX_FIELD && ex->arg[0]->index == slot)
		return true;
	for (unsigned int i = 0; i < ex->nargs; i++)
		if (ex_reads(ex->arg[i], slot))
			return true;
	return false;
}

static bool st_reads(const struct st *st, unsigned int slot)
{
	for (; st; st = st->next) {
		if (ex_reads(st->val, slot) || ex_reads(st->cond, slot) || ex_reads(st->expected, slot) ||
		    ex_reads(st->addr, slot))
			return true;
		for (unsigned int i = 0; i < st->nargs; i++)
			if (ex_reads(st->arg[i], slot))
				return true;
		if (st->kind == ST_IF && (st_reads(st->body, slot) || st_reads(st->orelse, slot)))
			return true;
	}
	return false;
}

bool insn_writes_slot(const struct insn_desc *insn, unsigned int slot)
{
	return st_writes(insn->body, slot);
}

bool insn_reads_slot(const struct insn_desc *insn, unsigned int slot)
{
	return st_reads(insn->body, slot);
}

static bool ref_is(struct rule_ref ref, unsigned int k, unsigned int slot)
{
	return ref.insn == k && ref.slot == slot;
}

int rule_role_at(const struct crule *rule, unsigned int k, unsigned int slot)
{
	for (unsigned int r = 0; r < rule->nroles; r++) {
		if (ref_is(rule->role[r], k, slot))
			return r;
		for (unsigned int e = 0; e < rule->nequals; e++)
			if (ref_is(rule->equal[e].a, k, slot) &&
			    ref_is(rule->role[r], rule->equal[e].b.insn, rule->equal[e].b.slot))
				return r;
	}
	return -1;
}

bool rule_insn_writes(const struct crule *rule, unsigned int k, int role)
{
	for (unsigned int slot = 0; slot < rule->insn[k]->nfields; slot++)
		if (rule_role_at(rule, k, slot) == role && insn_writes_slot(rule->insn[k], slot))
			return true;
	return false;
}

bool rule_insn_reads(const struct crule *rule, unsigned int k, int role)
{
	for (unsigned int slot = 0; slot < rule->insn[k]->nfields; slot++)
		if (rule_role_at(rule, k, slot) == role && insn_reads_slot(rule->insn[k], slot))
			return true;
	return false;
}

unsigned int rule_access_insn(const struct crule *rule, unsigned int n)
{
	unsigned int last = 0;

	for (unsigned int k = 0; k < rule->ninsns; k++)
		if (insn_accesses(rule->insn[k])) {
			last = k;
			if (!n--)
				break;
		}
	return last;
}
