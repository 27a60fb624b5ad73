/* SPDX-License-Identifier: GPL-2.0-only */
/* paging.h: struct guest_ops that walk the guest's page tables, over ops that take physical addresses.
 *
 * Owns:    nothing.
 * Promise: each access is translated anew: correct without any fence, slow. Both pages of an access over two pages are
 *          translated before anything is stored; a part in a device is an access fault. Page tables are RAM.
 * Locks:   none; one thread. Context: outside translated code.
 * Errors:  as guest_ops: 0 or the cause; trap_tval is the address of the part that faulted.
 * Next file: paging.c. */
#ifndef LDBT_HOST_PAGING_H
#define LDBT_HOST_PAGING_H

#include "guest.h"

/* g->ops points to `paged`; the functions find the others behind it. */
struct paging {
	struct guest_ops paged;
	const struct guest_ops *physical;
	bool (*is_ram)(const struct guest *g, gpa_t gpa, u64 size_bytes);
};

int paging_load(struct guest *g, gva_t addr, u32 size_bytes, u64 *value);
int paging_store(struct guest *g, gva_t addr, u32 size_bytes, u64 value);
int paging_cas(struct guest *g, gva_t addr, u32 size_bytes, u64 expected, u64 desired, u64 *old);
int paging_fetch(struct guest *g, gva_t addr, u16 *parcel);

/* Does any kind of access of this hart go through page tables now? */
bool paging_is_on(const struct guest *g);

#define PAGING_OPS(time_op)                                                                                            \
	{                                                                                                              \
		.load = paging_load, .store = paging_store, .cas = paging_cas, .fetch = paging_fetch, .time = time_op, \
		.instret = time_op                                                                                     \
	}

#endif
