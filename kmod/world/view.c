// SPDX-License-Identifier: GPL-2.0-only
/* view.c: from regime and satp to a view. Built for the module and for the monitor.
 * Next file: root.c (which loads its root), fill.c (which fills its window). */
#include "view.h"

#include "aspace.h"

static bool is_same(const struct walk_regime *a, const struct walk_regime *b)
{
	return a->root == b->root && a->priv == b->priv && a->sum == b->sum && a->mxr == b->mxr && a->adue == b->adue;
}

/* MXR and MPRV: permissions differ from those that the shared tables are made for. */
static void use_own(const struct shadow *s, const struct walk_regime *regime, u64 satp)
{
	struct aspace *own = &s->st->aspace[ASPACE_OWN];

	if (own->satp == satp && is_same(&own->regime, regime))
		return;
	aspace_clear(s, ASPACE_OWN, false);
	own->regime = *regime;
	own->satp = satp;
}

static u32 find_aspace(const struct shadow *s, const struct walk_regime *regime, u64 satp, u8 priv)
{
	if (regime->is_bare)
		return ASPACE_BARE;
	if (!regime->mxr && regime->priv == priv)
		return aspace_find(s, regime, satp);
	use_own(s, regime, satp);
	return ASPACE_OWN;
}

/* PKRU has two bits a key: no access, no store. */
static u32 closed(u32 key)
{
	return 1U << 2 * key;
}

/* The code cache, and what another mode's pages are. Number 1 holds only what its regime allows. */
static u32 pkru_of(u32 aspace, u32 tree)
{
	if (tree == TREE_U)
		return closed(KEY_CODE) | closed(KEY_S);
	if (tree == TREE_S && aspace >= ASPACE_FIRST)
		return closed(KEY_CODE) | closed(KEY_U);
	return closed(KEY_CODE);
}

static void use_view(const struct shadow *s, u32 aspace, u32 tree)
{
	struct monitor_state *m = s->m;
	u32 view = shadow_root(aspace, tree);

	m->view_switches += view != m->view_now;
	m->view_now = view;
	m->root_now = s->st->has_keys ? shadow_root(aspace, 0) : view;
	m->pkru = pkru_of(aspace, tree);
}

void view_reset(const struct shadow *s)
{
	s->m->regime = (struct walk_regime){ .is_bare = true, .priv = PRIV_M };
	use_view(s, ASPACE_BARE, TREE_S);
}

void view_choose(const struct shadow *s, const struct walk_regime *regime, u64 satp, u8 priv)
{
	u32 aspace = find_aspace(s, regime, satp, priv);

	aspace_use(s, aspace);
	s->m->regime = *regime;
	if (priv == PRIV_U)
		use_view(s, aspace, TREE_U);
	else
		use_view(s, aspace, aspace >= ASPACE_FIRST && regime->sum ? TREE_SUM : TREE_S);
}
