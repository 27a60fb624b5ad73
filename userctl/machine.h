/* SPDX-License-Identifier: GPL-2.0-only */
/* machine.h: one guest's memory, VM and vCPU, from power on to power off; a restart is both, on the same memory.
 *
 * Owns:    the descriptors, the memory, the run page.
 * Promise: after machine_power_on() memory is zero but for what the caller then places; no message is missing.
 * Locks:   vm_lock: vm_fd against machine_set_irq() of another thread. The rest belongs to the vCPU's thread.
 * Context: process.
 * Errors:  negative errno, after a message.
 * Next file: loop.h. */
#ifndef LDBTCTL_MACHINE_H
#define LDBTCTL_MACHINE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "api.h"
#include "boot.h"
#include "gmem.h"
#include "ram.h"

struct machine {
	int sys_fd, vm_fd, vcpu_fd; /* -1: none */
	struct ram ram;
	bool was_on;
	struct ldbt_run *run;
	struct gmem mem; /* for devices, while powered on */
	pthread_mutex_t vm_lock;
};

/* Opens the module, checks that it speaks our version, and makes the memory. */
int machine_create(struct machine *m, uint64_t ram_bytes, bool is_hugetlb);
void machine_destroy(struct machine *m);

/* With has_sbi the guest starts in S-mode, and the module is its firmware. */
int machine_power_on(struct machine *m, bool has_sbi);
void machine_power_off(struct machine *m);

/* The hart starts with its number in a0, the device tree's address in a1, and in a2 what a firmware is to do. */
int machine_set_start(struct machine *m, const struct boot_start *start);

void machine_set_irq(struct machine *m, uint32_t irq, bool level); /* any thread */

#endif
