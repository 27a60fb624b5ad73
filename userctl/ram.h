/* SPDX-License-Identifier: GPL-2.0-only */
/* ram.h: the guest's memory as a piece of ldbtctl's address space, in huge pages of 2 MiB where the host has them: the module
 * maps each with one entry (docs/ARCHITECTURE.md, shadow MMU).
 *
 * Owns:    the mapping.
 * Promise: it starts at a multiple of 2 MiB, and is zero after ram_map() and after ram_clear().
 * Locks:   none. Context: process.
 * Errors:  negative errno, after a message that says what is missing.
 * Next file: machine.h. */
#ifndef LDBTCTL_RAM_H
#define LDBTCTL_RAM_H

#include <stdbool.h>
#include <stdint.h>

#define RAM_HUGE_BYTES (UINT64_C(2) << 20)

struct ram {
	uint8_t *at; /* NULL: none */
	uint64_t bytes;
	bool is_hugetlb; /* only huge pages, from the host's pool */
};

/* bytes: of whole pages, huge ones with is_hugetlb. */
int ram_map(struct ram *ram, uint64_t bytes, bool is_hugetlb);
void ram_unmap(struct ram *ram);
/* Nobody has its pages pinned. */
int ram_clear(struct ram *ram);

#endif
