/* SPDX-License-Identifier: GPL-2.0-only */
/* unit.h: what the unit tests of the translator share: a cache over plain memory, and guest words.
 *
 * Owns:    struct bench, from unit_setup() to unit_teardown(): one per test.
 * Promise: the rules are those of unit_table.c; p0 and p1 are pinned, home is not.
 * Locks:   none. Context: cmocka tests. Errors: a failed assertion ends the test.
 * Next file: unit.c, unit_cache.c. */
#ifndef LDBT_HOST_UNIT_H
#define LDBT_HOST_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "block.h"
#include "index.h"
#include "regs.h"
#include "translate.h"

enum {
	CODE_BYTES = CACHE_SEGMENTS * CACHE_SEGMENT_BYTES_MIN + ABI_STUB_BYTES + 1024,
	NPAGES = 16,
	RAM = 0x80000000,
	STATE_DISP = 0x12340000,
	NOP = 0x13,
};

#define EXEC 0x7f0000000000ULL
#define KEYS (EXEC + 0x40000000)

struct bench {
	struct cache c;
	struct cache_vcpu vcpu;
	struct abi_table table;
	struct abi_jump jump[ABI_JUMP_ENTRIES];
	u8 *code, *meta;
	u64 *keys;
	_Alignas(8) u8 ram[NPAGES * PAGE_BYTES];
};

extern u32 p0, p1, home; /* two pinned guest registers, one homed */
extern u32 h0, h1;	 /* host numbers of the first two */

#define TEST(f) cmocka_unit_test_setup_teardown(f, unit_setup, unit_teardown)

int unit_setup(void **state);
int unit_teardown(void **state);
struct cache_memory unit_memory(struct bench *t);

/* guest words */
u32 addi(u32 rd, u32 rs1, s32 imm);
u32 ld(u32 rd, u32 rs1, s32 imm);
u32 beq(u32 rs1, u32 rs2, s32 off);
u32 jump(s32 off);
u32 jump_reg(u32 rs1);

void put(struct bench *t, u32 off, u32 word);
int try_translate(struct bench *t, u32 off, u8 mode, u32 *b);
struct block *translate(struct bench *t, u32 off);

/* unit_cache.c */
int unit_cache_tests(unsigned int *count);

#endif
