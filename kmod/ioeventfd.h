/* SPDX-License-Identifier: GPL-2.0-only */
/* ioeventfd.h: guest stores that signal an eventfd instead of leaving to the controller.
 *
 * Owns:    a reference on each eventfd.
 * Promise: one entry per (gpa, length, datamatch); a store signals the first entry that matches.
 * Locks:   its own mutex. Context: process.
 * Errors:  those of LDBT_IOEVENTFD in uapi/ldbt.h.
 * Next file: run.c. */
#ifndef LDBT_KMOD_IOEVENTFD_H
#define LDBT_KMOD_IOEVENTFD_H

#include <linux/list.h>
#include <linux/mutex.h>

#include "mem.h"

struct ioeventfds {
	struct mutex lock;
	struct list_head list;
	u32 count;
};

void ioeventfds_init(struct ioeventfds *ios);
void ioeventfds_destroy(struct ioeventfds *ios);
int ioeventfd_call(struct ioeventfds *ios, const struct mem *mem, const struct ldbt_ioeventfd *arg);
/* A guest store: true if an eventfd took it. */
bool ioeventfd_signal(struct ioeventfds *ios, gpa_t gpa, u32 len_bytes, u64 value);

#endif
