/* SPDX-License-Identifier: GPL-2.0-only */
/* exit.h: exits of translated code that need no host: jumps that miss their table, the guest's traps, its returns
 * from them, and its CSRs.
 *
 * Owns:    nothing; changes the hart, the register frame and the root in use.
 * Promise: what ring 3 can write (exit word, home and CSR page) is checked or masked before use. An exit that is not
 *          served has changed nothing. After one that is, the frame is a place in the code cache whose block is that of
 *          the hart's pc, mode and address space; or, when there is none yet, all of the guest's state is exact at g.pc.
 * Locks:   none: own CPU, interrupts off; bounded: one instruction, one trap, one view switch.
 * Context: ring 0 of the world, on the stack of IST 1.
 * Errors:  LEAVE_EXIT: not served; LEAVE_GUEST: go on at g.pc, outside.
 * Next file: exit.c. */
#ifndef LDBT_WORLD_EXIT_H
#define LDBT_WORLD_EXIT_H

#include "port.h"

/* By entry.S's long way. 0: go on at the block at the frame's rip, r11's pin is home; else LEAVE_*. */
u64 monitor_exit(void);

#endif
