/* SPDX-License-Identifier: GPL-2.0-only */
/* stats.h: counters for the API, and the same as files: debugfs ldbt/vm-PID-N/stats and .../vcpuN/stats.
 *
 * Owns:    the debugfs folders; the trace points are made in stats.c.
 * Promise: a file never outlives what it reads: removal waits for readers.
 * Locks:   vm->lock inside. Counters are read while they count: each is exact, their sum may be in between.
 * Context: process; sleeps. Errors: none; without debugfs there are no files.
 * Next file: run.c, which counts. */
#ifndef LDBT_KMOD_STATS_H
#define LDBT_KMOD_STATS_H

#include "uapi/ldbt.h"

struct vcpu;
struct vm;

void stats_init(void);
void stats_exit(void);

void stats_add_vm(struct vm *vm);
void stats_remove_vm(struct vm *vm);
void stats_add_vcpu(struct vcpu *v); /* goes with its VM */

void stats_of_vm(struct vm *vm, struct ldbt_stats *out);
void stats_of_vcpu(struct vcpu *v, struct ldbt_stats *out);

#endif
