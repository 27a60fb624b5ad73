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

u32 view_find(const struct shadow *s, const struct walk_regime *regime, u64 satp, u8 priv)
{
	u32 aspace = find_aspace(s, regime, satp, priv), tree;

	aspace_use(s, aspace);
	s->m->regime = *regime;
	if (priv == PRIV_U)
		tree = TREE_U;
	else
		tree = aspace >= ASPACE_FIRST && regime->sum ? TREE_SUM : TREE_S;
	return shadow_root(aspace, tree);
}
