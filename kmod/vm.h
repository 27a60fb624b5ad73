/* SPDX-License-Identifier: GPL-2.0-only */
/* vm.h: one virtual machine: its memory, code cache, sealed worlds, CLINT, PLIC and vCPUs.
 *
 * Owns:    all of these. The VM fd and each vCPU fd hold a reference; the last one ends the VM, so that a vCPU that runs
 *          always finds its VM. vCPUs live as long as their VM.
 * Promise: memory slots are fixed once the first vCPU exists: then text, cache and worlds are made.
 * Locks:   order: vcpu->lock, vm->lock, vm->code_lock. lock: slots and vCPUs. code_lock: cache, page flags of mem, and
 *          write protection in the worlds.
 * Context: process; sleeps.
 * Errors:  those of the VM calls in uapi/ldbt.h.
 * Next file: vcpu.h. */
#ifndef LDBT_KMOD_VM_H
#define LDBT_KMOD_VM_H

#include <linux/kref.h>
#include <linux/mutex.h>

#include "cache.h"
#include "clint.h"
#include "ioeventfd.h"
#include "irqfd.h"
#include "mem.h"
#include "plic.h"
#include "text.h"

enum { VM_VCPUS_MAX = 1 };

struct dentry;
struct space_vm;
struct vcpu;

struct vm {
	struct kref ref;
	struct mutex lock;
	struct mutex code_lock;
	struct mem mem;
	struct text text;
	struct cache cache;
	struct space_vm *space; /* NULL until the first vCPU */
	struct vcpu *vcpu[VM_VCPUS_MAX];
	struct clint clint;
	struct plic plic;
	struct irqfds irqfds;
	struct ioeventfds ioeventfds;
	struct dentry *debugfs;
	u32 drops;	 /* times that somebody else than a vCPU dropped blocks: vCPUs within them must leave */
	bool is_started; /* the first vCPU was made: slots are fixed; read without a lock */
	bool has_sbi;	 /* harts start in S-mode, and sbi.c is their firmware */
	bool has_failed; /* LDBT_EXIT_ERROR was given: LDBT_RUN is refused */
};

/* A new VM as a file descriptor. */
int vm_create_fd(void);
void vm_put(struct vm *vm);

/* Drops the blocks of every page written since the last fence.i. */
void vm_fence_i(struct vm *vm);
/* A store to guest memory, noted before the bytes change. True: a page had translations and is writable from now on. */
bool vm_note_write(struct vm *vm, gpa_t gpa, u32 len_bytes);

#endif
