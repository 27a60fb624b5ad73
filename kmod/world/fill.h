/* SPDX-License-Identifier: GPL-2.0-only */
/* fill.h: makes a page of the guest window present, from the guest's page tables.
 *
 * Owns:    the last-level entries of the window.
 * Promise: an entry is writable only while its guest page is not GPAGE_READONLY at the time of filling, and then it is in
 *          the page's list; none is executable or global. A huge one is writable only if none of its pages is.
 *          Neighbours that come along are pages whose leaves a load passes as they are.
 * Locks:   none: own CPU, interrupts off.
 * Context: ring 0 of the world; one walk, and either FILL_PAGES or QUICK_ROW entries or a look at the 512 pages of a block.
 * Errors:  an exception cause: the guest's own fault; FILL_HOST: the access reaches a device, or stores to a translated page.
 * Next file: quick.c (the common case), fill.c (all of it). */
#ifndef LDBT_WORLD_FILL_H
#define LDBT_WORLD_FILL_H

#include "walk.h"

enum { FILL_HOST = -1 };

/* va: a world address in the window. */
int fill_page(u64 va, bool is_store);
/* walk(), by the alias of guest RAM. FILL_HOST: entries changed in every try, or one lies in a page with translations. */
int fill_walk(const struct walk_regime *regime, gva_t gva, enum walk_access kind, struct walk_page *page);
/* After an address fence: the entry comes back if a load would go through now without a change of the guest's tables. */
void fill_again(u64 va);

/* The same for all that quick.c leaves alone. */
int fill_in_full(u64 va, bool is_store);
void fill_again_in_full(u64 va);

#endif
