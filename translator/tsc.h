/* SPDX-License-Identifier: GPL-2.0-only */
/* tsc.h: guest time from the host's time stamp counter, by the scale and offset of the table page.
 *
 * Owns:    nothing.
 * Promise: with one scale and offset, later readings are not smaller.
 * Locks:   none. Context: any, also the monitor's. Errors: none.
 * Next file: abi.h. */
#ifndef LDBT_TSC_H
#define LDBT_TSC_H

#include "port.h"

/* lfence: not before what stands in front of it. */
static inline u64 tsc_read(void)
{
	u32 lo, hi;

	__asm__ volatile("lfence\n\trdtsc" : "=a"(lo), "=d"(hi)::"memory");
	return (u64)hi << 32 | lo;
}

static inline u64 tsc_ticks(u64 tsc, u64 mult, u64 offset)
{
	return (u64)((unsigned __int128)tsc * mult >> 64) + offset;
}

#endif
