/* SPDX-License-Identifier: GPL-2.0-only */
/* hostile.h: what each guest of this folder offers to probe.c.
 * Owns:    nothing.
 * Promise: hostile_main() returns; it checks by probe_check() what the manual demands.
 * Locks:   none. Context: M-mode, mtvec is probe_vector. Errors: counted.
 * Next file: probe.h. */
#ifndef HOSTILE_H
#define HOSTILE_H

void hostile_main(void);

#endif
