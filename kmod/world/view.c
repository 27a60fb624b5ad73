// SPDX-License-Identifier: GPL-2.0-only
/* view.c: from regime and satp to a root. Built twice: for the module and for the monitor.
 *
 * Roots 0 and 1 are bare, with and without the CSR page; the others are handed out in turn, so a satp that comes back
 * finds its window as it left it.
 * Next file: root.c (which loads it), fill.c (which fills its window). */
#include "view.h"
#include "state.h"

enum { ROOT_BARE = 0, ROOT_BARE_USER = 1, ROOT_FIRST = 2 };

static bool is_view_of(const struct monitor_view *view, const struct walk_regime *r, u64 satp, bool is_user)
{
	const struct walk_regime *has = &view->regime;

	return view->is_used && view->satp == satp && has->root == r->root && has->priv == r->priv &&
	       has->sum == r->sum && has->mxr == r->mxr && has->adue == r->adue && view->is_user == is_user;
}

/* The next root in turn of those that have the CSR page, or have not. */
static u32 next_root(struct monitor_state *m, bool is_user)
{
	do
		m->next_root = m->next_root + 1 < MONITOR_ROOTS ? m->next_root + 1 : ROOT_FIRST;
	while (m->view[m->next_root].is_user != is_user);
	return m->next_root;
}

u32 view_find(const struct shadow *s, const struct walk_regime *regime, u64 satp, u8 priv)
{
	struct monitor_state *m = s->m;
	bool is_user = priv == PRIV_U;
	u32 i;

	if (regime->is_bare)
		return is_user ? ROOT_BARE_USER : ROOT_BARE;
	for (i = ROOT_FIRST; i < MONITOR_ROOTS; i++)
		if (is_view_of(&m->view[i], regime, satp, is_user))
			return i;
	i = next_root(m, is_user);
	shadow_clear(shadow_page(s, i));
	m->view[i].regime = *regime;
	m->view[i].satp = satp;
	m->view[i].is_used = true;
	m->view[i].has_gigapages = 0;
	m->root[i].must_flush = 1;
	return i;
}
