/* SPDX-License-Identifier: GPL-2.0-only */
/* run.h: what the run loop gives to fault.c: leaving translated code, traps, questions to the controller.
 *
 * Owns:    nothing.
 * Promise: after run_leave() all registers are at home and pc is set; the vCPU is outside.
 * Locks:   the vCPU's own thread, with its lock. Context: process.
 * Errors:  none; run_ask() returns 1: back to the controller.
 * Next file: run.c. */
#ifndef LDBT_KMOD_RUN_H
#define LDBT_KMOD_RUN_H

#include "port.h"

struct vcpu;

/* Out of translated code, at pc_page + pc_off. */
void run_leave(struct vcpu *v, u32 pc_off);
/* Copies the registers of translated code home, without leaving it; pc becomes that of the access under way. */
void run_bring_home(struct vcpu *v);
/* The guest's trap at pc. */
void run_trap(struct vcpu *v, u64 cause, u64 tval);
/* Puts v->mmio into the run page. */
int run_ask(struct vcpu *v);
/* wfi: sleeps until an interrupt is wanted and pending, a signal comes, or somebody kicks. */
void run_sleep(struct vcpu *v);

#endif
