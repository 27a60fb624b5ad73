/* SPDX-License-Identifier: GPL-2.0-only */
/* pcid.h: process-context identifiers for the roots of worlds, from a range that Linux does not use.
 *
 * The processor keeps translations by PCID over loads of CR3 whose bit 63 is set. A world gets a range of PCIDs for its
 * roots, one by one, on the CPU where it runs. When all are handed out, a new generation begins on that CPU: every range
 * of the old one is void, and whoever comes next with one takes another.
 *
 * Owns:    a counter for each CPU.
 * Promise: a PCID means one root of one world from pcid_take() to the end of the generation. The first load of CR3 with
 *          it, and the first after the world ran elsewhere, must have bit 63 clear.
 * Locks:   none; own CPU, interrupts off.
 * Context: any. Errors: none.
 * Next file: pcid.c. */
#ifndef LDBT_PCID_H
#define LDBT_PCID_H

#include <linux/percpu.h>
#include <linux/types.h>

struct pcid_range {
	u64 generation; /* another one on each CPU; PCID_NEVER: not taken */
	u32 first;
};

DECLARE_PER_CPU(u64, pcid_generation);

#define PCID_RANGE_MAX 2040
#define PCID_NEVER     ~0ULL /* no generation */

/* PCIDs can be told apart from Linux's, which is not so where it hands out any number itself. Constant after boot. */
bool pcid_is_usable(void);
/* False: this is another CPU than the one where it was taken, or another generation. */
static inline bool pcid_is_current(const struct pcid_range *range)
{
	return range->generation == this_cpu_read(pcid_generation);
}

/* count PCIDs from range->first, at most PCID_RANGE_MAX. Where PCIDs cannot be used, the range only says on which CPU it
 * was taken. */
void pcid_take(struct pcid_range *range, u32 count);

#endif
