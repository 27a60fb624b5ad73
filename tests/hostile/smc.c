// SPDX-License-Identifier: GPL-2.0-only
/* smc.c: code that changes: with fence.i it is the new code that runs, without it the old or the new; code and data in
 * one page; code that rewrites its own page. */
#include "hostile.h"
#include "probe.h"

enum { ROUNDS = 400, DATA_ROUNDS = 3000, WORDS_OF_PAGE = 1024 };

#define INSN_RET     0x00008067u
#define INSN_ADDI_A0 0x00050513u /* addi a0, a0, imm << 20 */
#define INSN_FENCE_I 0x0000100fu
#define INSN_SW	     0x00b62023u /* sw a1, 0(a2) */

static uint32_t page[2 * WORDS_OF_PAGE] __attribute__((aligned(4096)));

static uint64_t call3(const void *code, uint64_t a0, uint64_t a1, uint64_t a2)
{
	uint64_t (*f)(uint64_t, uint64_t, uint64_t) = (uint64_t(*)(uint64_t, uint64_t, uint64_t))(uintptr_t)code;

	return f(a0, a1, a2);
}

static void fence_i(void)
{
	__asm__ volatile("fence.i" ::: "memory");
}

static void put(volatile uint32_t *at, uint32_t insn)
{
	*at = insn;
}

static uint32_t addi(unsigned int imm)
{
	return INSN_ADDI_A0 | imm << 20;
}

static void with_fence(void)
{
	for (unsigned int i = 0; i < ROUNDS; i++) {
		put(&page[i % 64], addi(i & 2047));
		put(&page[i % 64 + 1], INSN_RET);
		fence_i();
		probe_check(call3(&page[i % 64], i, 0, 0) == i + (i & 2047), "code behind fence.i", i, 0);
	}
}

static void without_fence(void)
{
	put(&page[0], addi(1));
	put(&page[1], INSN_RET);
	fence_i();
	for (unsigned int i = 1; i < ROUNDS; i++) {
		uint64_t sum;

		put(&page[0], addi(i + 1));
		sum = call3(page, 0, 0, 0);
		probe_check(sum == i || sum == i + 1, "old or new code", i, sum);
		fence_i();
		probe_check(call3(page, 0, 0, 0) == i + 1, "new code", i, sum);
	}
}

/* The code counts in a word beside itself: a store to its page in every round. */
static void code_and_data(void)
{
	volatile uint32_t *data = &page[512];

	put(&page[0], addi(3));
	put(&page[1], INSN_SW);
	put(&page[2], INSN_RET);
	fence_i();
	for (unsigned int i = 0; i < DATA_ROUNDS; i++) {
		probe_check(call3(page, i, i, (uint64_t)data) == i + 3UL, "code beside data", i, 0);
		probe_check(*data == i, "data beside code", i, *data);
	}
}

/* sw a1 -> the instruction two further on; fence.i; that instruction; ret. */
static void own_successor(void)
{
	put(&page[0], INSN_SW);
	put(&page[1], INSN_FENCE_I);
	put(&page[2], addi(0));
	put(&page[3], INSN_RET);
	fence_i();
	for (unsigned int i = 0; i < ROUNDS; i++)
		probe_check(call3(page, 5, addi(i), (uint64_t)&page[2]) == 5UL + i, "own successor", i, 0);
}

/* The same across a page end: the store changes the second half of an instruction that straddles. */
static void straddler(void)
{
	uint16_t *half = (uint16_t *)&page[WORDS_OF_PAGE] - 1;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		uint32_t insn = addi(i);

		*(volatile uint16_t *)half = (uint16_t)insn;
		*(volatile uint16_t *)(half + 1) = (uint16_t)(insn >> 16);
		*(volatile uint16_t *)(half + 2) = (uint16_t)INSN_RET;
		*(volatile uint16_t *)(half + 3) = (uint16_t)(INSN_RET >> 16);
		fence_i();
		probe_check(call3(half, 9, 0, 0) == 9UL + i, "straddler", i, 0);
	}
}

/* The whole page anew in each round, entered at another place. */
static void whole_page(void)
{
	for (unsigned int i = 0; i < 40; i++) {
		for (unsigned int k = 0; k + 1 < WORDS_OF_PAGE; k++)
			put(&page[k], addi(i & 1));
		put(&page[WORDS_OF_PAGE - 1], INSN_RET);
		fence_i();
		probe_check(call3(&page[i], 0, 0, 0) == (WORDS_OF_PAGE - 1UL - i) * (i & 1), "whole page", i, 0);
	}
}

void hostile_main(void)
{
	with_fence();
	without_fence();
	code_and_data();
	own_successor();
	straddler();
	whole_page();
}
