/* SPDX-License-Identifier: GPL-2.0-only */
/* hart.h: a hart without memory, for tests of its CSRs and traps.
 *
 * Owns:    its home and CSR page, its time.
 * Promise: each reset begins anew; time is what a test sets.
 * Errors:  get() and set() fail a check when the CSR does not exist.
 * Next file: hart.c. */
#ifndef LDBT_TESTS_HART_H
#define LDBT_TESTS_HART_H

#include "guest.h"

extern u64 hart_ticks, hart_insns;
extern u32 hart_timer_changes; /* how often the host was told of another alarm */
extern struct guest_csr_page hart_page;

struct guest hart_reset(u8 priv);
u64 get(struct guest *g, u32 number);
void set(struct guest *g, u32 number, u64 value);
bool can_read(struct guest *g, u32 number);
bool can_write(struct guest *g, u32 number);

void test_counters(void);

#endif
