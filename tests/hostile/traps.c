// SPDX-License-Identifier: GPL-2.0-only
/* traps.c: ecall and mret storms, traps inside trap handlers, misaligned atomics, jumps to odd addresses, and the last
 * bytes of memory. Next file: trap_bodies.S. */
#include "hostile.h"
#include "probe.h"

/* trap_bodies.S */
extern const char trap_count[], trap_nest[], body_lr[], body_sc[], body_amo_w[], body_amo_d[];
extern uint64_t trap_depth;

enum { STORM = 5000, DEPTH = 300, C_NOP = 1, REG_A0 = 10 };

#define INSN_ADDI_1 0x00150513u /* addi a0, a0, 1 */

static uint64_t cells[8] __attribute__((aligned(64)));

static void ecall_storm(void)
{
	probe_set((uint64_t)trap_count, MODE_U, 0, STORM);
	for (unsigned int i = 0; i < STORM; i++) {
		uint64_t pc = probe.pc;

		probe_run();
		probe_check(probe.cause == CAUSE_ECALL_U && probe.x[REG_A0] == i + 1UL, "ecall", i, probe.x[REG_A0]);
		probe.pc = pc;
	}
}

/* A handler that traps by an illegal word until trap_depth is 0, then goes to probe_vector. */
static void nested_faults(void)
{
	trap_depth = DEPTH;
	__asm__ volatile("csrw mtvec, %0" ::"r"(trap_nest));
	probe_set(0x1234568, MODE_U, 0, 0); /* no memory there */
	probe_run();
	__asm__ volatile("csrw mtvec, %0" ::"r"(probe_vector));
	probe_check(trap_depth == 0 && probe.cause == CAUSE_ILLEGAL, "nested faults", trap_depth, DEPTH);
}

static void misaligned_atomics(void)
{
	static const struct {
		const char *body;
		unsigned int bytes, cause;
	} all[] = {
		{ body_lr, 8, CAUSE_LOAD_MISALIGNED },
		{ body_sc, 8, CAUSE_STORE_MISALIGNED },
		{ body_amo_w, 4, CAUSE_STORE_MISALIGNED },
		{ body_amo_d, 8, CAUSE_STORE_MISALIGNED },
	};

	for (unsigned int i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		for (unsigned int off = 1; off < 2 * all[i].bytes; off++) {
			uint64_t addr = (uint64_t)cells + off, before = cells[0];

			if (off % all[i].bytes == 0)
				continue;
			for (uint64_t mode = MODE_U; mode <= MODE_M; mode += MODE_M) {
				probe_set((uint64_t)all[i].body, mode, addr, 7);
				probe_run();
				probe_check(probe.cause == all[i].cause && probe.tval == addr, "misaligned atomic", i,
					    addr);
				probe_check(cells[0] == before, "memory after it", i, addr);
			}
		}
}

static void put16(uint64_t addr, uint32_t value)
{
	*(volatile uint16_t *)addr = (uint16_t)value;
}

/* Bit 0 of a jump's target is ignored. */
static void odd_jumps(void)
{
	uint64_t at = RAM_END - 64;

	put16(at, INSN_ADDI_1);
	put16(at + 2, INSN_ADDI_1 >> 16);
	put16(at + 4, 0x8082); /* c.jr ra */
	__asm__ volatile("fence.i" ::: "memory");
	for (uint64_t mode = MODE_U; mode <= MODE_M; mode += MODE_M) {
		probe_set(at | 1, mode, 41, 0);
		probe.x[1] |= 1;
		probe_run();
		probe_check(probe_has_returned() && probe.x[REG_A0] == 42, "odd jump", mode, probe.x[REG_A0]);
	}
}

/* Straight on over the end of memory: whatever lies before it is executed, then the fetch faults. */
static void over_the_end(unsigned int from_end)
{
	for (uint64_t addr = RAM_END - 64; addr < RAM_END; addr += 2)
		put16(addr, C_NOP);
	if (from_end >= 4) {
		put16(RAM_END - 4, INSN_ADDI_1);
		put16(RAM_END - 2, INSN_ADDI_1 >> 16);
	}
	__asm__ volatile("fence.i" ::: "memory");
	probe_set(RAM_END - from_end, MODE_M, 0, 0);
	probe_run();
	probe_check(probe.cause == CAUSE_FETCH_ACCESS && probe.epc == RAM_END && probe.tval == RAM_END, "over the end",
		    from_end, probe.x[REG_A0]);
	probe_check(probe.x[REG_A0] == (from_end >= 4), "executed before the end", from_end, probe.x[REG_A0]);
}

/* An instruction whose second half has no memory: nothing of it happens. */
static void half_an_instruction(void)
{
	put16(RAM_END - 2, INSN_ADDI_1);
	__asm__ volatile("fence.i" ::: "memory");
	probe_set(RAM_END - 2, MODE_M, 0, 0);
	probe_run();
	probe_check(probe.cause == CAUSE_FETCH_ACCESS && probe.epc == RAM_END - 2 && probe.x[REG_A0] == 0,
		    "half an instruction", probe.epc, probe.tval);
	probe_check(probe.tval == RAM_END, "its other half's address", probe.tval, 0);
}

/* Data over the end: the part without memory decides, and no byte is stored. */
static void data_over_the_end(void)
{
	extern const char body_ld[], body_sd[];
	volatile uint8_t *last = (volatile uint8_t *)RAM_END - 1;

	*last = 0x5a;
	for (unsigned int off = 1; off < 8; off++) {
		uint64_t addr = RAM_END - off;

		probe_set((uint64_t)body_ld, MODE_U, addr, 0);
		probe_run();
		probe_check(probe.cause == CAUSE_LOAD_ACCESS && probe.tval - addr < 8, "load over the end", addr, 0);
		probe_set((uint64_t)body_sd, MODE_U, addr, 0);
		probe_run();
		probe_check(probe.cause == CAUSE_STORE_ACCESS && probe.tval - addr < 8, "store over the end", addr, 0);
		probe_check(*last == 0x5a, "byte after it", addr, *last);
	}
}

void hostile_main(void)
{
	ecall_storm();
	nested_faults();
	misaligned_atomics();
	odd_jumps();
	for (unsigned int from_end = 2; from_end <= 64; from_end += 2)
		over_the_end(from_end);
	half_an_instruction();
	data_over_the_end();
}
