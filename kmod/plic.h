/* SPDX-License-Identifier: GPL-2.0-only */
/* plic.h: the interrupt controller of a VM: plic_model.h with a lock and with harts.
 *
 * Owns:    the model; harts by reference, from plic_attach() to plic_detach().
 * Promise: when a hart's lines change they are written first, then the hart is kicked, without a look at what it wants; its
 *          own thread then reads them by plic_lines().
 * Locks:   its own, with interrupts off; nothing is called with it held but vcpu_kick(). Context: any; plic_access()
 *          process (it may signal a resample fd).
 * Errors:  -ENODEV: no register access of that size.
 * Next file: irqfd.h, vcpu.h. */
#ifndef LDBT_KMOD_PLIC_H
#define LDBT_KMOD_PLIC_H

#include <linux/spinlock.h>

#include "plic_model.h"

enum { PLIC_GPA = 0xc000000 };

struct vcpu;
struct vm;

struct plic {
	spinlock_t lock;
	struct plic_model model;
	struct vcpu *hart[PLIC_HARTS_MAX];
	u64 lines[PLIC_HARTS_MAX]; /* MEIP and SEIP, as bits of mip */
};

void plic_init(struct plic *p, u32 nharts);
void plic_attach(struct plic *p, u32 hartid, struct vcpu *v);
void plic_detach(struct plic *p, u32 hartid); /* after it the vCPU is not kicked any more */

/* source: plic_model_has() it */
void plic_set_level(struct plic *p, u32 source, enum plic_input input, bool is_high);
void plic_edge(struct plic *p, u32 source);

u64 plic_lines(const struct plic *p, u32 hartid);
/* off: from PLIC_GPA, naturally aligned; len_bytes 1 2 4 8. */
int plic_access(struct vm *vm, u32 off, u32 len_bytes, bool is_write, u64 *value);

#endif
