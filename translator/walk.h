/* SPDX-License-Identifier: GPL-2.0-only */
/* walk.h: from a guest virtual address to a guest physical page and what may be done with it: Sv39 and Bare.
 *
 * Owns:    nothing. Page tables are reached by the caller's two functions, so that the monitor (alias of guest RAM),
 *          the module and tests/host use one walker.
 * Promise: priv supervisor.adoc "Virtual Address Translation Process": canonical addresses, superpages, reserved bits,
 *          U with SUM, MXR, A and D by Svade (page fault) or by Svadu when menvcfg.ADUE is set (one cas each).
 *          At most WALK_TRIES_MAX walks of three reads; no recursion, no memory but the caller's.
 * Locks:   none. Context: any; never sleeps; user space, module and monitor. Calls no other file.
 * Errors:  walk() returns 0, an exception cause (page fault, or access fault when a page table lies outside RAM), or
 *          -EAGAIN: other harts changed the entry in every try; run the access again.
 * Next file: walk.c. */
#ifndef LDBT_WALK_H
#define LDBT_WALK_H

#include "guest.h"

enum { WALK_TRIES_MAX = 8 };

enum walk_access { WALK_FETCH, WALK_LOAD, WALK_STORE }; /* SC and AMO are stores */

/* Bits of walk_page.may: 1 << enum walk_access. */
enum { WALK_MAY_FETCH = 1 << WALK_FETCH, WALK_MAY_LOAD = 1 << WALK_LOAD, WALK_MAY_STORE = 1 << WALK_STORE };

/* How guest memory is reached. gpa is a multiple of 8. Both return false when there is no RAM at gpa. */
struct walk_memory {
	bool (*read)(void *opaque, gpa_t gpa, u64 *pte);
	/* one atomic step: *old = entry; entry = desired if it was `expected` */
	bool (*cas)(void *opaque, gpa_t gpa, u64 expected, u64 desired, u64 *old);
	void *opaque;
};

/* What decides about a translation, apart from the page tables. Two accesses of the same regime may share a view. */
struct walk_regime {
	gpa_t root;   /* the level-2 table */
	u8 priv;      /* effective mode: PRIV_U or PRIV_S; PRIV_M only when is_bare */
	bool is_bare; /* no translation: gpa = gva, everything is allowed */
	bool sum, mxr;
	bool adue; /* A and D are set by the walk; else the access faults */
};

struct walk_page {
	gpa_t gpa; /* of the 4 KiB page that holds gva; 56 bits, not checked to be RAM; bare: gva & -4096 */
	u8 level;  /* size of the guest's mapping: 4096 << 9 * level bytes */
	u8 may;	   /* WALK_MAY_*: accesses that would pass now, without another change of A or D: a shadow entry may
		    * allow these and no others. W with D clear has no WALK_MAY_STORE yet */
	bool is_user, is_global, is_dirty;
	u64 pte; /* as it is in memory now; 0 when bare */
};

/* The regime of one kind of access by the hart as it is now: MPRV and MPP count for loads and stores. */
void walk_regime_get(const struct guest *g, enum walk_access access, struct walk_regime *regime);

int walk(const struct walk_regime *regime, const struct walk_memory *mem, gva_t gva, enum walk_access access,
	 struct walk_page *page);

#endif
