// SPDX-License-Identifier: GPL-2.0-only
/* trap_order.c: traps before writes, on every path. Next file: out_interp.c. */
#include "rulec/trap_order.h"

#include <string.h>

struct order {
	const struct isa *isa;
	const struct insn_desc *insn;
	struct diag *diag;
	int errors;
};

static bool effect_writes(const struct order *order, const struct st *st)
{
	static const char suffix[] = "_read";
	const char *name = order->isa->callee[st->index].name;
	size_t len = strlen(name), tail = sizeof(suffix) - 1;

	return len < tail || strcmp(name + len - tail, suffix);
}

static bool can_trap(const struct st *st)
{
	return st->kind == ST_TRAP || st->kind == ST_MEM || st->kind == ST_EFFECT;
}

static bool writes(const struct order *order, const struct st *st)
{
	switch (st->kind) {
	case ST_REG:
	case ST_STATE: return true;
	case ST_MEM: return st->mem != MEM_LOAD;
	case ST_EFFECT: return effect_writes(order, st);
	default: return false;
	}
}

/* `written` is the first write on the path so far, or NULL; returns it after the statements. */
static const struct st *check_list(struct order *order, const struct st *st, const struct st *written)
{
	for (; st; st = st->next) {
		if (written && can_trap(st)) {
			diag_error(order->diag, st->loc,
				   "'%s' may trap here, after the write at line %d has happened: write last",
				   order->insn->name, written->loc.line);
			order->errors++;
			return written;
		}
		if (!written && writes(order, st))
			written = st;
		if (st->kind == ST_IF) {
			const struct st *then_written = check_list(order, st->body, written);
			const struct st *else_written = check_list(order, st->orelse, written);

			written = then_written ? then_written : else_written;
		}
	}
	return written;
}

int trap_order_check(const struct isa *isa, const struct insn_desc *insn, struct diag *diag)
{
	struct order order = { isa, insn, diag, 0 };

	check_list(&order, insn->body, NULL);
	return order.errors ? -1 : 0;
}
