/* SPDX-License-Identifier: GPL-2.0-only */
/* gmem.h: guest memory as devices see it: an address of the guest becomes a pointer only if all of its bytes are RAM.
 *
 * Owns:    nothing; the mappings are machine.c's, from power on to power off.
 * Promise: who writes by gmem_at() and then calls gmem_written() leaves no translation of what was there before.
 * Locks:   none; constant while devices run. Context: any thread.
 * Errors:  NULL where memory is not; a report the module refuses is a message.
 * Next file: virtq.h. */
#ifndef LDBTCTL_GMEM_H
#define LDBTCTL_GMEM_H

#include <stddef.h>
#include <stdint.h>

struct gmem {
	uint8_t *ram;
	uint64_t gpa, bytes;
	const volatile uint8_t *code_map; /* bit n: page n may hold translations */
	int vm_fd;
};

void *gmem_at(const struct gmem *mem, uint64_t gpa, uint64_t len_bytes);

/* To be called before the guest can know of the new contents. `at` is from gmem_at(). */
void gmem_written(const struct gmem *mem, const void *at, size_t len_bytes);

#endif
