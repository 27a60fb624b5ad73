/* SPDX-License-Identifier: GPL-2.0-only */
/* stub.h: runs one instruction on this machine's CPU with all registers, flags and memory given.
 *
 * Owns:    the code page, the register block, the state area (both below 2 GiB) and the guest window; one per program.
 * Promise: stub_run() changes nothing but registers and flags in the block and what the instruction itself writes.
 * Locks:   none; single threaded. GS base is the window's start as long as the program runs.
 * Errors:  stub_init() returns -1 when the machine refuses the mappings or the GS base. */
#ifndef LDBT_TESTS_HOST_X86_STUB_H
#define LDBT_TESTS_HOST_X86_STUB_H

#include "host/hinsn.h"

enum {
	WINDOW_BYTES = 0x10000, /* guest addresses 0 .. */
	STUB_JUMP_BYTES = 12,	/* a branch skips one instruction of this length */
};

enum stub_flags { FLAG_CF = 1 << 0, FLAG_ZF = 1 << 6, FLAG_SF = 1 << 7, FLAG_OF = 1 << 11 };

enum stub_mxcsr {
	MXCSR_IE = 1,
	MXCSR_DE = 2, /* not described */
	MXCSR_ZE = 4,
	MXCSR_OE = 8,
	MXCSR_UE = 16,
	MXCSR_PE = 32,
	MXCSR_MASKS = 0x1f80,
	MXCSR_RC = 0x2000, /* times 0..3 */
};

struct stub_block {
	uint64_t reg[16], flags; /* in; reg[4] (rsp) is not loaded */
	uint64_t out_reg[16], out_flags;
	uint64_t xmm[16], out_xmm[16]; /* lower halves */
	uint64_t rsp, fell_through;
	uint32_t mxcsr, out_mxcsr, host_mxcsr;
};

struct stub {
	struct stub_block *block;
	uint8_t *window, *state; /* state has a page of margin on both sides */
	uint8_t *code;
	unsigned int len;
};

int stub_init(struct stub *stub);
/* Code around one instruction; is_branch: watch whether it is taken. */
void stub_build(struct stub *stub, const uint8_t *insn, unsigned int len, bool is_branch);
/* True if the instruction raised #DE (SIGFPE); then the outputs mean nothing. */
bool stub_run(struct stub *stub);

#endif
