// SPDX-License-Identifier: GPL-2.0-only
/* fence.c: sfence.vma on shadow tables. Built for the module and for the monitor. Next file: aspace.c. */
#include "fence.h"

#include "aspace.h"
#include "layout.h"

void fence_note(const struct shadow *s, const struct fence *fence)
{
	struct shadow_state *st = s->st;

	st->fence[st->fences++ % FENCES_KEPT] = *fence;
	if (fence->has_gva)
		shadow_quick_at(s, fence->gva + WORLD_GUEST_BASE)->guest = NULL;
	else
		st->epoch++;
	if (!fence->has_asid && fence->has_gva)
		aspace_drop_global_address(s, fence->gva);
	else if (!fence->has_asid)
		aspace_drop_globals(s);
	aspace_catch_up(s, st->aspace_now);
}
