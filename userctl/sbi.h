/* SPDX-License-Identifier: GPL-2.0-only */
/* sbi.h: the SBI calls that the module leaves to its controller: those of the console.
 *
 * Owns:    nothing.
 * Promise: memory outside the guest's RAM is not touched, whatever the run page says; what is written there is reported.
 * Locks:   those of the console device. Context: the vCPU's thread.
 * Errors:  SBI error numbers, in the run page.
 * Next file: loop.h. */
#ifndef LDBTCTL_SBI_H
#define LDBTCTL_SBI_H

#include "dev.h"
#include "machine.h"

void sbi_serve(struct machine *m, struct dev_host *host, struct dev *console, struct ldbt_run *run);

#endif
