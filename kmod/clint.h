/* SPDX-License-Identifier: GPL-2.0-only */
/* clint.h: the core-local interruptor of QEMU's virt board: mtime, and per hart mtimecmp and msip; with them the alarm of
 * S-mode (Sstc), which is told by the same time.
 *
 * Owns:    two hrtimers per hart.
 * Promise: mtime counts at CLINT_HZ from the making of the VM (CLOCK_MONOTONIC). When mtime reaches mtimecmp or the time
 *          of S-mode's alarm, or msip is written, the hart is kicked; its own thread then reads the lines by clint_lines().
 * Locks:   clint->lock inside; the timer callback takes none. Context: process; clint_lines() any.
 * Errors:  clint_access() -ENODEV: no register of that size there.
 * Source:  SiFive E31 core complex manual, "Core-local interruptor (CLINT)"; offsets as QEMU hw/intc/riscv_aclint.
 * Next file: vcpu.h. */
#ifndef LDBT_KMOD_CLINT_H
#define LDBT_KMOD_CLINT_H

#include <linux/hrtimer.h>
#include <linux/spinlock.h>

#include "clock.h"
#include "port.h"

enum {
	CLINT_GPA = 0x2000000,
	CLINT_BYTES = 0x10000,
	CLINT_HZ = 10000000,
	CLINT_NS_PER_TICK = 1000000000 / CLINT_HZ,
};

struct vcpu;
struct vm;

struct clint {
	spinlock_t lock;
	u64 offset;	    /* mtime = host ticks + offset, modulo 2^64: the guest may set any time */
	struct clock clock; /* what mtime is between two looks at the host's, when there is a trusted TSC */
};

/* Whose interrupt an alarm is. */
enum clint_alarm_of { CLINT_ALARM_M, CLINT_ALARM_S, CLINT_ALARMS };

struct clint_alarm {
	struct hrtimer timer;
	struct vcpu *vcpu;
	u64 when; /* mtime; mtimecmp of M-mode, stimecmp of S-mode */
};

struct clint_hart {
	struct clint_alarm alarm[CLINT_ALARMS];
	u32 msip;
};

void clint_init(struct clint *c);
void clint_hart_init(struct vcpu *v);
/* After it no callback runs and none will. */
void clint_hart_destroy(struct vcpu *v);

u64 clint_time(const struct clint *c); /* mtime, ticks */
/* While the guest is at an instruction boundary: keeps guest time with the host's, and the vCPU's table page with guest time. */
void clint_follow(struct vcpu *v);
/* Has clint_follow() something to do? */
bool clint_is_due(const struct vcpu *v);
void clint_set_time(struct vm *vm, u64 mtime);
/* S-mode's alarm; ~0: none. The hart's own thread looks at its lines afterwards. */
void clint_set_s_alarm(struct vcpu *v, u64 when);
/* MTIP, MSIP and STIP of one hart, as bits of mip. */
u64 clint_lines(struct vcpu *v);
/* off: from CLINT_GPA, naturally aligned; len_bytes 1 2 4 8. */
int clint_access(struct vm *vm, u32 off, u32 len_bytes, bool is_write, u64 *value);

#endif
