// SPDX-License-Identifier: GPL-2.0-only
/* counter.c: see counter.h. Next file: rule.h. */
#include "prove/counter.h"

#include <inttypes.h>
#include <string.h>

#include "../translator/abi.h"
#include "host/hprint.h"

enum { SHOWN_MAX = 6 }; /* differences printed for one counterexample */

static const char *const class_text[RES_CLASSES] = {
	[RES_ZERO] = "x0",
	[RES_PIN] = "pinned",
	[RES_HOME] = "homed",
	[RES_PIN_SIB] = "pinned in r12",
};

static void heading(const struct compare *cmp, const char *what)
{
	const struct alias_case *c = cmp->c;

	fprintf(cmp->out, "%s:%d: %s: %s (%s", c->arm->loc.file, c->arm->loc.line, c->rule->name, what,
		c->variant->is_wide ? "wide" : "narrow");
	for (unsigned int r = 0; r < c->rule->nroles; r++)
		fprintf(cmp->out, ", %s %s", c->rule->role_name[r], class_text[c->variant->class[r]]);
	fprintf(cmp->out, ")\n");
}

void counter_refusal(const struct compare *cmp, const struct host_path *h, const char *why)
{
	heading(cmp, "refused");
	if (h && h->last)
		fprintf(cmp->out, "  host instruction %s at byte %u: %s\n", h->last->form->name, h->last->off, why);
	else
		fprintf(cmp->out, "  %s\n", why);
}

void counter_unknown(const struct compare *cmp, const struct goals *goals)
{
	heading(cmp, "unproved, the solver reached its limit");
	for (unsigned int i = 0; i < goals->ngoals && i < SHOWN_MAX; i++)
		fprintf(cmp->out, "  open: %s\n", goals->goal[i].name);
}

/* The template as decoded, so that the reader sees what rulec added for the residencies. */
static void print_template(const struct compare *cmp)
{
	const struct crule *rule = cmp->c->rule;
	const char *value[RULE_VALUES_MAX] = { NULL };
	struct hnames names = { rule->role_name, value };

	for (unsigned int v = 0; v < rule->nvalues; v++)
		value[v] = rule->value[v].name ? rule->value[v].name : "value";
	for (unsigned int i = 0; cmp->code && i < cmp->code->ninsns; i++) {
		fprintf(cmp->out, "  %3u: ", cmp->code->insn[i].off);
		hinsn_print(cmp->out, &cmp->code->insn[i], &names);
		fputc('\n', cmp->out);
	}
}

/* ---- register numbers for a reader ---- */

static int class_of_number(int number)
{
	if (number == 0)
		return RES_ZERO;
	if (abi_pin[number] == ABI_HOMED)
		return RES_HOME;
	return abi_pin[number] == ABI_R12 ? RES_PIN_SIB : RES_PIN;
}

static bool is_taken(const struct alias_case *c, const int *chosen, unsigned int n, int number)
{
	for (unsigned int e = 0; e < c->nelems; e++)
		if (c->elem[e].number == number || (e < n && chosen[e] == number))
			return true;
	return false;
}

/* A number for each element: the fixed one, else the first free one of its class in the pin map, else any free one. */
static void choose_numbers(const struct alias_case *c, int *number)
{
	for (unsigned int e = 0; e < c->nelems; e++) {
		number[e] = c->elem[e].number;
		for (int n = 1; n < 64 && number[e] < 0; n++)
			if (!is_taken(c, number, e, n % 32) &&
			    (n >= 32 || c->elem[e].is_f || class_of_number(n) == c->elem[e].class))
				number[e] = n % 32;
	}
}

/* ---- values ---- */

static void print_value(FILE *out, Z3_model model, term t)
{
	if (t_width(t) > 64)
		fprintf(out, "0x%" PRIx64 "%016" PRIx64, model_value(model, t_extract(t, t_width(t) - 1, 64)),
			model_value(model, t_extract(t, 63, 0)));
	else
		fprintf(out, "0x%" PRIx64, model_value(model, t));
}

static void print_registers(const struct compare *cmp, Z3_model model)
{
	const struct alias_case *c = cmp->c;
	int number[ELEMS_MAX];
	char name[64];

	choose_numbers(c, number);
	for (unsigned int e = 0; e < c->nelems; e++) {
		if (c->elem[e].role < 0)
			continue;
		alias_elem_name(c, e, number[e], name, sizeof(name));
		fprintf(cmp->out, "  %s: ", name);
		print_value(cmp->out, model, c->elem[e].before);
		fprintf(cmp->out, "\n");
	}
}

static void print_values(const struct compare *cmp, Z3_model model)
{
	const struct crule *rule = cmp->c->rule;

	for (unsigned int v = 0; v < rule->nvalues; v++) {
		if (rule->value[v].name)
			fprintf(cmp->out, "  %s: %" PRId64 "\n", rule->value[v].name,
				(int64_t)model_value(model, cmp->c->value[v]));
	}
	fprintf(cmp->out, "  pc: ");
	print_value(cmp->out, model, t_add(cmp->c->pc_page, cmp->c->pcoff[0]));
	fprintf(cmp->out, "\n");
}

static void print_memory(const struct compare *cmp, const struct guest_path *g, Z3_model model)
{
	for (unsigned int i = 0; g && i < g->nevents; i++) {
		const struct event *ev = &g->event[i];

		if (ev->kind != EV_LOAD && ev->kind != EV_ATOMIC)
			continue;
		fprintf(cmp->out, "  memory at ");
		print_value(cmp->out, model, ev->addr);
		fprintf(cmp->out, ": ");
		print_value(cmp->out, model, ev->old);
		fprintf(cmp->out, " (%u bytes)\n", ev->size);
	}
}

void counter_example(const struct compare *cmp, const struct goals *goals, const struct guest_path *g, Z3_model model)
{
	unsigned int shown = 0;

	heading(cmp, "wrong");
	print_template(cmp);
	print_registers(cmp, model);
	print_values(cmp, model);
	print_memory(cmp, g, model);
	for (unsigned int i = 0; i < goals->ngoals && shown < SHOWN_MAX; i++) {
		const struct goal *goal = &goals->goal[i];

		if (model_holds(model, goal->holds))
			continue;
		shown++;
		fprintf(cmp->out, "  => %s", goal->name);
		if (goal->expected) {
			fprintf(cmp->out, ": expected ");
			print_value(cmp->out, model, goal->expected);
			fprintf(cmp->out, ", found ");
			print_value(cmp->out, model, goal->found);
		}
		fprintf(cmp->out, "\n");
	}
}
