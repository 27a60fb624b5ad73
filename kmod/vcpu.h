/* SPDX-License-Identifier: GPL-2.0-only */
/* vcpu.h: one vCPU: its fd, its run page, its guest state and its sealed world.
 *
 * Owns:    the run page, the sealed world, the CLINT's part of the hart. The memory lives as long as the VM; the fd holds
 *          a reference on the VM.
 * Promise: while is_inside, the guest's registers and place are those of space_frame(); else all are in g and home.
 *          What comes from the run page is read once and checked: the controller may write it at any time.
 * Locks:   lock: everything but kick and stats. Lock order in vm.h. vcpu_kick() takes none.
 * Context: process; vcpu_kick() any, also interrupt.
 * Errors:  those of the vCPU calls in uapi/ldbt.h.
 * Next file: run.c. */
#ifndef LDBT_KMOD_VCPU_H
#define LDBT_KMOD_VCPU_H

#include <linux/mutex.h>
#include <linux/wait.h>

#include "cache.h"
#include "clint.h"
#include "guest.h"
#include "sbi.h"
#include "trap.h"
#include "uapi/ldbt.h"

struct page;
struct space;
struct vm;

/* An access that the controller performs. */
enum mmio_state {
	MMIO_NONE,
	MMIO_ASKED,    /* in the run page, or about to be */
	MMIO_ANSWERED, /* by interpreter only: the instruction runs once more and finds the answer */
};

struct vcpu_mmio {
	enum mmio_state state;
	bool is_write;
	bool is_interpreted; /* else by translated code, at `record` */
	bool is_refused;     /* the answer: no device there */
	u32 len_bytes;
	gpa_t gpa;
	gva_t gva; /* by translated code */
	u64 value;
	struct access_record record;
};

struct vcpu_stats {
	u64 leaves[LDBT_STAT_EXITS_MAX];
	u64 user_exits, guest_traps, interpreted_insns, guest_irqs, sbi_calls;
};

struct vcpu {
	struct vm *vm;
	u32 hartid;
	struct mutex lock;
	struct guest *g; /* in the block of the world: shared with the monitor */
	struct space *space;
	struct hart *hart;
	struct cache_vcpu cv;
	struct clint_hart clint;
	struct sbi_hart sbi; /* of a VM with vm->has_sbi */
	struct ldbt_run *run;
	struct page *run_page;
	bool is_inside;	    /* translated code goes on at the frame's rip */
	u32 drops_seen;	    /* vm->drops when translated code was entered */
	u32 boundary_steps; /* single steps since a boundary was wanted */
	u32 idle_faults;    /* in a row at idle_rip, without anything to do about them */
	u64 idle_rip;
	u32 clean_fs_insns; /* of F and D interpreted in a row because FS was on, but not dirty */
	struct vcpu_mmio mmio;
	atomic_t is_kicked; /* look at the interrupt lines */
	wait_queue_head_t wait;
	u8 source[2][4096]; /* copy of the code being translated: the controller may change the original meanwhile */
	struct vcpu_stats stats;
};

struct vcpu *vcpu_create(struct vm *vm, u32 hartid);
void vcpu_destroy(struct vcpu *v);
/* Its file descriptor, or -errno; the fd holds a reference on the VM. */
int vcpu_publish(struct vcpu *v);

/* Makes the vCPU look at its interrupt lines soon, wherever it is. */
void vcpu_kick(struct vcpu *v);
/* Brings the bits of mip that follow lines to how the lines are now; the vCPU's own thread. */
void vcpu_take_lines(struct vcpu *v);

/* run.c: LDBT_RUN */
int vcpu_run(struct vcpu *v);
/* Ends the VM: the one door by which a guest that cannot go on dies. Returns 1: back to the controller. */
int vcpu_fail(struct vcpu *v, u32 reason, u64 value);

/* reg.c */
int reg_get(struct vcpu *v, u64 id, u64 *value);
int reg_set(struct vcpu *v, u64 id, u64 value);

#endif
