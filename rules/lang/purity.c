// SPDX-License-Identifier: GPL-2.0-only
/* purity.c: facts about whole instructions that others need. Next file: overlap.c. */
#include "lang/front.h"

struct facts {
	unsigned int reg_writes;
	bool has_more; /* any effect other than writing one register named by a field */
	bool ends_block;
};

static void list_facts(const struct isa *isa, const struct st *st, bool is_top, struct facts *facts)
{
	for (; st; st = st->next) {
		switch (st->kind) {
		case ST_LET:
		case ST_PRIM: break;
		case ST_REG:
			facts->reg_writes++;
			facts->has_more |= isa->regfile[st->index].zero < 0 || st->idx->kind != EX_FIELD;
			break;
		case ST_STATE:
			facts->has_more = true;
			facts->ends_block |= st->index == isa->pc_state;
			break;
		case ST_IF:
			facts->has_more = true;
			list_facts(isa, st->body, false, facts);
			list_facts(isa, st->orelse, false, facts);
			break;
		case ST_TRAP:
			facts->has_more = true;
			facts->ends_block |= is_top;
			break;
		case ST_EFFECT:
			facts->has_more = true;
			facts->ends_block |= !isa->callee[st->index].is_inline;
			break;
		case ST_MEM:
		case ST_OPERAND: facts->has_more = true; break;
		}
	}
}

void purity_set(const struct isa *isa, struct insn_desc *desc)
{
	const struct insn_desc *base = desc->expand ? desc->expand : desc;
	struct facts facts = { 0 };

	list_facts(isa, base->body, true, &facts);
	desc->is_pure = facts.reg_writes == 1 && !facts.has_more;
	desc->ends_block = facts.ends_block;
}
