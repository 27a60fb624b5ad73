// SPDX-License-Identifier: GPL-2.0-only
/* refusals.c: each host that is refused is told why; hosts of these kinds cannot be emulated here, their facts can.
 * Next file: ../../kmod/refusal.c. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "refusal.h"
#include "seal.h"

static const struct {
	u32 facts;
	const char *word; /* of the reason */
} cases[] = {
	{ REFUSAL_FRED, "fred=off" }, { REFUSAL_XEN_PV, "Xen" },     { REFUSAL_ENCRYPTED, "TDX" },
	{ REFUSAL_NO_NX, "NX" },      { REFUSAL_NO_XSAVE, "XSAVE" }, { REFUSAL_ALL, "FRED" },
};

void seal_try_refusals(struct world *w)
{
	const char *reason;
	u32 named = 0;
	size_t i;

	seal_check(w, !refusal_facts() && !refusal_of(0), "this host is not refused");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		reason = refusal_of(cases[i].facts);
		seal_check(w, reason && strstr(reason, cases[i].word), cases[i].word);
		if (cases[i].facts != REFUSAL_ALL)
			named |= cases[i].facts;
	}
	seal_check(w, named == REFUSAL_ALL, "all refusals were tried");
}
