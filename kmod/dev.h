/* SPDX-License-Identifier: GPL-2.0-only */
/* dev.h: /dev/ldbt, the system fd: version, capabilities, new VMs.
 *
 * Owns:    the misc device.
 * Promise: mode 0660; the group comes from a udev rule.
 * Locks:   none. Context: process; sleeps.
 * Errors:  those of the system calls in uapi/ldbt.h.
 * Next file: vm.h. */
#ifndef LDBT_KMOD_DEV_H
#define LDBT_KMOD_DEV_H

int dev_register(void);
void dev_unregister(void);
/* LDBT_CHECK_CAP: what capability `number` is worth here. */
long dev_check_cap(unsigned long number);

#endif
