/* SPDX-License-Identifier: GPL-2.0-only */
/* irqfd.h: eventfds that raise lines of the interrupt controller.
 *
 * Owns:    a reference on each eventfd, a place in its wait queue.
 * Promise: a line has at most one fd, an fd at most one line of a VM. After deassign nothing comes from the fd any more.
 *          An fd whose last user closed it gives its line free at the next call.
 *          Without a resample fd each signal is an edge. With one it holds the line up; when the guest completes the
 *          interrupt the line falls and the resample fd is signalled: who still needs service signals again.
 * Locks:   its own mutex for the list. Signals come with the eventfd's lock held and take the PLIC's.
 * Context: process, sleeps; signals any.
 * Errors:  those of LDBT_IRQFD in uapi/ldbt.h.
 * Next file: plic.h. */
#ifndef LDBT_KMOD_IRQFD_H
#define LDBT_KMOD_IRQFD_H

#include <linux/list.h>
#include <linux/mutex.h>

#include "port.h"
#include "uapi/ldbt.h"

struct plic;

struct irqfds {
	struct mutex lock;
	struct list_head list;
	struct plic *plic;
	u32 nresample; /* with a resample fd */
};

void irqfds_init(struct irqfds *fds, struct plic *plic);
void irqfds_destroy(struct irqfds *fds); /* before the harts go */
int irqfd_call(struct irqfds *fds, const struct ldbt_irqfd *arg);
/* The guest completed the source. */
void irqfd_completed(struct irqfds *fds, u32 source);

#endif
