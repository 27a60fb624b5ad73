/* SPDX-License-Identifier: GPL-2.0-only */
/* clock.h: guest time from the processor's TSC, led to follow the host's CLOCK_MONOTONIC.
 *
 * Owns:    scale and offset: time = (tsc * mult >> 64) + offset, ticks of CLINT_HZ. The monitor has a copy in the table page.
 * Promise: time never goes back but by clock_shift(); what it is behind or ahead of the host is made up for by the scale,
 *          within about 100 ms, at most a sixteenth faster or slower; only a lag of more than a millisecond is jumped over.
 *          Without a TSC that Linux trusts there is no such time: mult is 0.
 * Locks:   the caller's for changes; clock_read() takes none. Context: any but NMI.
 * Errors:  none.
 * Next file: clint.c. */
#ifndef LDBT_KMOD_CLOCK_H
#define LDBT_KMOD_CLOCK_H

#include <linux/seqlock.h>

#include "port.h"

struct clock {
	seqcount_t seq;
	u64 mult, offset;
	u64 rate; /* mult that would keep up with the host, as measured; mult also makes up for the difference */
	u64 tsc_seen, ns_seen; /* when that was looked at */
	unsigned long next;    /* jiffies when to look again */
};

void clock_init(struct clock *c, u64 ticks);
/* False: there is no time from the TSC. */
bool clock_read(const struct clock *c, u64 *ticks);
/* The guest or the controller sets the time. */
void clock_shift(struct clock *c, u64 ticks);
/* Is it time to look at the host's clock? */
bool clock_is_due(const struct clock *c);
/* host_offset: what the host's ticks lack to the guest's. Returns by how many ticks the guest was ahead if the TSC is trusted
 * no longer, else 0. */
u64 clock_follow(struct clock *c, u64 host_offset);

#endif
