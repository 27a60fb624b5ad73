// SPDX-License-Identifier: GPL-2.0-only
/* words.c: every 16-bit encoding, and random 32-bit ones with the reserved ones among them, in U-mode: what each does to
 * registers and how it traps goes into the digest, which must be an independent emulator's.
 *
 * All registers point into the middle of an arena full of c.ebreak, so stores, jumps and branches stay there. */
#include "hostile.h"
#include "probe.h"

enum {
	ARENA_HALF = 8192, /* further than a branch, a load or a compressed jump reaches */
	RANDOM_WORDS = 12000,
	C_EBREAK = 0x9002,
	OPCODE_MASK = 0x7f,
	OPCODE_JAL = 0x6f,
	OPCODE_BRANCH = 0x63,
	OPCODE_SYSTEM = 0x73,
	OPCODE_FENCE = 0x0f,
	FUNCT3_CSR_NONE = 4, /* the reserved one among the CSR instructions */
};

static uint16_t code[ARENA_HALF] __attribute__((aligned(4096)));
static uint16_t arena[ARENA_HALF] __attribute__((aligned(4096)));

static void fill(uint16_t *at)
{
	for (unsigned int i = 0; i < ARENA_HALF; i++)
		at[i] = C_EBREAK;
}

static void note_registers(void)
{
	for (unsigned int i = 1; i < 32; i++)
		probe_note(probe.x[i]);
	probe_note(probe.cause);
	probe_note(probe.epc);
	/* a breakpoint's is 0 or its address: both are legal; QEMU 7.2 rounds that of a misaligned access without memory */
	if (probe.cause != CAUSE_BREAKPOINT)
		probe_note(probe.tval & ~7UL);
}

/* 8 bytes, so that neither a 32-bit nor a straddling reading leaves the place. */
static void try_word(uint32_t word)
{
	uint16_t *at = &code[ARENA_HALF / 2];
	unsigned int i;

	at[0] = (uint16_t)word;
	at[1] = (word & 3) == 3 ? (uint16_t)(word >> 16) : C_EBREAK;
	__asm__ volatile("fence.i" ::: "memory");
	probe_set((uint64_t)at, MODE_U, 0, 0);
	for (i = 1; i < 32; i++)
		probe.x[i] = (uint64_t)&arena[ARENA_HALF / 2] + 8 * i;
	probe_run();
	note_registers();
	at[1] = C_EBREAK;
}

/* c.j, c.beqz, c.bnez, or a branch, to itself: without end */
static int is_own_target(uint32_t word)
{
	return (word & 0xfffff) == 0xa001 || (word & 0xdc7f) == 0xc001 ||
	       ((word & OPCODE_MASK) == OPCODE_BRANCH && !(word & 0xfe000f80));
}

static int is_left_out(uint32_t word)
{
	unsigned int opcode = word & OPCODE_MASK, funct3 = word >> 12 & 7;

	if (is_own_target(word))
		return 1;
	if (opcode == OPCODE_JAL)
		return 1; /* reaches the whole program */
	if (opcode == OPCODE_FENCE)
		return funct3 < 3;				     /* hints, and cbo.* of some emulators */
	return opcode == OPCODE_SYSTEM && funct3 != FUNCT3_CSR_NONE; /* csrs.c */
}

void hostile_main(void)
{
	unsigned int left = RANDOM_WORDS;
	uint32_t word;

	fill(code);
	fill(arena);
	for (word = 0; word < 65536; word++)
		if ((word & 3) != 3 && !is_own_target(word))
			try_word(word);
	fill(arena);
	fill(code);
	while (left) {
		word = (uint32_t)probe_random() | 3;
		if ((word & 0x1c) == 0x1c || is_left_out(word))
			continue;
		try_word(word);
		left--;
	}
	probe_check(1, "all words", 0, 0);
}
