/* SPDX-License-Identifier: GPL-2.0-only */
/* access.h: guest memory and devices, for everything that is not a host instruction of translated code.
 *
 * Owns:    nothing.
 * Promise: a store marks pages that hold translations before it changes them. Aligned accesses are single copies.
 *          Device accesses are naturally aligned and never reach into RAM; CLINT, PLIC and doorbells are served here.
 * Locks:   the vCPU's own thread, with its lock. Context: process; sleeps.
 * Errors:  0, an exception cause (enum trap_cause), or ACCESS_ASK: the controller must perform it.
 * Next file: fault.h, run.c. */
#ifndef LDBT_KMOD_ACCESS_H
#define LDBT_KMOD_ACCESS_H

#include "guest.h"
#include "walk.h"

enum { ACCESS_ASK = -1 };

struct vcpu;

extern const struct guest_ops access_ops; /* of the interpreter; guest->opaque is the vCPU */

/* An access over two pages has two pieces. */
struct access_pieces {
	gpa_t gpa[2];
	u32 first_bytes; /* in the first */
	gva_t fault;	 /* address of the piece whose translation failed */
};

/* Translates; 0 or the cause. */
int access_split(struct vcpu *v, gva_t gva, u32 len_bytes, enum walk_access access, struct access_pieces *p);
/* Is all of it guest memory? */
bool access_is_ram(struct vcpu *v, const struct access_pieces *p, u32 len_bytes);
/* As vm_note_write(). */
bool access_note_write(struct vcpu *v, const struct access_pieces *p, u32 len_bytes);

/* An access to a place that is not RAM as a whole. On ACCESS_ASK v->mmio says what to ask. */
int access_device(struct vcpu *v, gpa_t gpa, u32 len_bytes, bool is_write, u64 *value);

/* The instruction word at g->pc; 0 or the cause, with the address of the parcel that failed. */
int access_fetch_insn(struct guest *g, u32 *word, gva_t *tval);

#endif
