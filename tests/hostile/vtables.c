// SPDX-License-Identifier: GPL-2.0-only
/* vtables.c: page tables that mean ill: entries of every illegal form at every level, tables and leaves where no memory is,
 * loops, tables that map themselves, A and D bits in pages that hold code. Each access ends as the manual says.
 * Next file: paging.h. */
#include "hostile.h"
#include "paging.h"
#include "probe.h"

/* vbody.S */
extern const char vbody_ld[], vbody_sd[], vbody_amo[], vbody_jump[], vbody_satp[], vbody_store_fence_load[],
	vbody_twice[];

enum { PAGE = 1, ACCESS = 2, WORKS = 0, DEVICE = 3, VALUE = 0x55 };

#define UART	 0x10000000UL
#define REG_A1	 11
#define REG_A2	 12
#define PPN_MAX	 ((1UL << 44) - 1)
#define INSN_RET 0x00008067u

/* No memory is there; on other boards neither. */
static const uint64_t nowhere[] = { 0, 0x7000000, RAM_END, 0x3ffffff000, 0x4000000000, 0x1000000000000, PPN_MAX << 12 };

static const uint64_t *entry_of_play(unsigned int level)
{
	uint64_t *entries[] = { &page_level0[PLAY_0], &page_level1[PLAY_1], &page_root[PLAY_2] };

	return entries[level];
}

static void put(unsigned int level, uint64_t pte)
{
	page_reset(0);
	*(volatile uint64_t *)entry_of_play(level) = pte;
	page_fence();
}

static void run_at(const char *body, uint64_t mode, uint64_t addr, uint64_t value)
{
	probe_set((uint64_t)body, mode, addr, value);
	probe_run();
}

static int ends_as(unsigned int wanted, uint64_t page_cause, uint64_t access_cause, uint64_t tval)
{
	if (wanted == WORKS)
		return probe_has_returned();
	return probe.cause == (wanted == PAGE ? page_cause : access_cause) && probe.tval == tval;
}

/* Load, store, atomic and jump in S-mode; what each ends in. */
static void expect(const char *what, uint64_t note, unsigned int load, unsigned int store, unsigned int jump)
{
	run_at(vbody_ld, MODE_S, PLAY_GVA, 0);
	probe_check(ends_as(load, CAUSE_LOAD_PAGE, CAUSE_LOAD_ACCESS, PLAY_GVA), what, note, 0);
	run_at(vbody_sd, MODE_S, PLAY_GVA, VALUE);
	probe_check(ends_as(store, CAUSE_STORE_PAGE, CAUSE_STORE_ACCESS, PLAY_GVA), what, note, 1);
	run_at(vbody_amo, MODE_S, PLAY_GVA, 0);
	probe_check(ends_as(store, CAUSE_STORE_PAGE, CAUSE_STORE_ACCESS, PLAY_GVA), what, note, 2);
	if (jump == WORKS)
		return;
	run_at(vbody_jump, MODE_S, PLAY_GVA, 0);
	probe_check(ends_as(jump, CAUSE_FETCH_PAGE, CAUSE_FETCH_ACCESS, PLAY_GVA), what, note, 3);
}

static void illegal_entries(void)
{
	for (unsigned int level = 0; level < 3; level++) {
		uint64_t leaf = PTE(RAM_START, PTE_RW);

		put(level, leaf & ~(uint64_t)PTE_V);
		expect("not valid", level, PAGE, PAGE, PAGE);
		put(level, leaf & ~(uint64_t)PTE_R);
		expect("writable, not readable", level, PAGE, PAGE, PAGE);
		put(level, PTE(RAM_START, PTE_V | PTE_W | PTE_X | PTE_A | PTE_D));
		expect("writable and executable, not readable", level, PAGE, PAGE, PAGE);
		for (unsigned int bit = 54; bit < 64; bit++) {
			put(level, leaf | 1UL << bit);
			expect("a reserved bit", level << 8 | bit, PAGE, PAGE, PAGE);
		}
		put(level, leaf);
		expect("a data page", level, WORKS, WORKS, PAGE);
		put(level, PTE(RAM_START, PTE_V | PTE_R | PTE_A));
		expect("a read-only page", level, WORKS, PAGE, PAGE);
		put(level, leaf | PTE_U);
		expect("a user page without SUM", level, PAGE, PAGE, PAGE);
	}
	put(0, PTE(page_data, PTE_V));
	expect("a pointer at the last level", 0, PAGE, PAGE, PAGE);
	for (unsigned int level = 1; level < 3; level++) {
		put(level, PTE(RAM_START + 0x1000, PTE_RW));
		expect("a large page that is not aligned", level, PAGE, PAGE, PAGE);
		for (unsigned int bit = 4; bit < 8; bit += 1 + (bit == 4)) { /* U A D */
			put(level, PTE(page_level0, PTE_V | 1UL << bit));
			expect("a pointer with U, A or D", level << 8 | bit, PAGE, PAGE, PAGE);
		}
	}
}

static void tables_nowhere(void)
{
	for (unsigned int i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
		for (unsigned int level = 1; level < 3; level++) {
			put(level, PTE(nowhere[i], PTE_V));
			expect("a table where no memory is", nowhere[i], ACCESS, ACCESS, ACCESS);
		}
		put(0, PTE(nowhere[i], PTE_RWX));
		expect("a leaf where no memory is", nowhere[i], ACCESS, ACCESS, ACCESS);
		page_reset(0);
		run_at(vbody_satp, MODE_S, SATP_SV39(nowhere[i]), 0);
		probe_check(probe.cause == CAUSE_FETCH_ACCESS, "a root where no memory is", nowhere[i], 0);
		page_enter();
	}
	put(0, PTE(UART, PTE_RWX));
	run_at(vbody_ld, MODE_S, PLAY_GVA + 8, 0); /* 8 bytes: no register has them, but it is no page fault */
	probe_check(probe_has_returned() || probe.cause == CAUSE_LOAD_ACCESS, "a device", 0, 0);
	run_at(vbody_amo, MODE_S, PLAY_GVA, 0);
	probe_check(probe.cause == CAUSE_STORE_ACCESS && probe.tval == PLAY_GVA, "atomic on a device", 0, 0);
	run_at(vbody_jump, MODE_S, PLAY_GVA, 0);
	probe_check(probe.cause == CAUSE_FETCH_ACCESS && probe.tval == PLAY_GVA, "jump to a device", 0, 0);
}

/* The root is a table of each level at once; its own entries are the leaves. */
static void loops(void)
{
	page_reset(0);
	page_root[PLAY_2] = page_root[PLAY_1] = page_root[PLAY_0] = PTE(page_root, PTE_V);
	page_fence();
	expect("a loop", 0, PAGE, PAGE, PAGE);
	page_root[PLAY_0] = PTE(page_data, PTE_RW);
	page_data[0] = VALUE;
	page_fence();
	run_at(vbody_ld, MODE_S, PLAY_GVA, 0);
	probe_check(probe_has_returned() && probe.x[REG_A1] == VALUE, "a leaf behind a loop", 0, probe.x[REG_A1]);
}

/* S-mode changes its own entry through a mapping of the table, and again, and again. */
static void self_mapped(void)
{
	page_reset(0);
	page_level0[PLAY_0 + 1] = PTE(page_level0, PTE_RW);
	for (unsigned int i = 0; i < 200; i++) {
		int is_there = (int)(probe_random() % 3);
		uint64_t pte = is_there ? PTE((uint64_t)page_root + (i & 3) * 4096, PTE_RW) : 0;
		uint64_t wanted = *(volatile uint64_t *)((uint64_t)page_root + (i & 3) * 4096 + 0x28);

		page_fence();
		probe_set((uint64_t)vbody_store_fence_load, MODE_S, PLAY_GVA + 4096 + 8 * PLAY_0, pte);
		probe.x[REG_A2] = PLAY_GVA + 0x28;
		if ((i & 3) == 2) /* page_level0 may have changed: its slot 5 is no entry of this test */
			wanted = page_level0[5];
		probe_run();
		if (is_there)
			probe_check(probe_has_returned() && probe.x[REG_A1] == wanted, "own table", i, probe.x[REG_A1]);
		else
			probe_check(probe.cause == CAUSE_LOAD_PAGE && probe.tval == PLAY_GVA + 0x28, "own entry gone",
				    i, 0);
		probe_check(page_level0[PLAY_0] == (pte ? pte : 0), "own entry", i, page_level0[PLAY_0]);
	}
}

static int has_adue(void)
{
	uint64_t envcfg;

	__asm__ volatile("csrs menvcfg, %1\n csrr %0, menvcfg" : "=r"(envcfg) : "r"(MENVCFG_ADUE));
	return !!(envcfg & MENVCFG_ADUE);
}

static void set_adue(int on)
{
	if (on)
		__asm__ volatile("csrs menvcfg, %0" ::"r"(MENVCFG_ADUE));
	else
		__asm__ volatile("csrc menvcfg, %0" ::"r"(MENVCFG_ADUE));
}

/* Entries in a page that also holds code, which runs between their changes. */
static void accessed_bits(void)
{
	uint32_t *code = (uint32_t *)&page_level0[256];
	uint64_t leaf = PTE(page_data, PTE_RW);

	for (unsigned int on = 0; on < 2; on++)
		for (unsigned int i = 0; i < 30; i++) {
			unsigned int lost = i % 3; /* A, D, both */
			uint64_t pte = leaf & ~(uint64_t)(lost == 0 ? PTE_A : lost == 1 ? PTE_D : PTE_A | PTE_D);

			put(0, pte);
			set_adue((int)on);
			*(volatile uint32_t *)code = INSN_RET;
			__asm__ volatile("fence.i" ::: "memory");
			run_at((const char *)code, MODE_S, 0, 0);
			probe_check(probe_has_returned(), "code among entries", on, i);
			run_at(vbody_ld, MODE_S, PLAY_GVA, 0);
			probe_check(ends_as(on || lost == 1 ? WORKS : PAGE, CAUSE_LOAD_PAGE, 0, PLAY_GVA), "A", on, i);
			probe_check(page_level0[PLAY_0] == (on ? pte | PTE_A : pte), "entry after a load", on,
				    page_level0[PLAY_0]);
			run_at(vbody_sd, MODE_S, PLAY_GVA, 0);
			probe_check(ends_as(on ? WORKS : PAGE, CAUSE_STORE_PAGE, 0, PLAY_GVA), "D", on, i);
			probe_check(page_level0[PLAY_0] == (on ? leaf : pte), "entry after a store", on,
				    page_level0[PLAY_0]);
		}
	set_adue(0);
}

static void modes(void)
{
	put(0, PTE(page_data, PTE_RWX | PTE_U));
	page_status(MSTATUS_SUM);
	expect("a user page with SUM", 0, WORKS, WORKS, PAGE);
	page_status(0);
	put(0, PTE(page_data, PTE_V | PTE_X | PTE_A));
	expect("an executable page", 0, PAGE, PAGE, WORKS);
	page_status(MSTATUS_MXR);
	expect("an executable page with MXR", 0, WORKS, PAGE, WORKS);
	page_status(0);
	run_at(vbody_satp, MODE_U, 0, 0);
	probe_check(probe.cause == CAUSE_FETCH_PAGE && probe.tval == (uint64_t)vbody_satp, "U on a supervisor page", 0,
		    0);
	for (uint64_t mode = 1; mode < 16; mode++) {
		uint64_t before = SATP_SV39(page_root);

		if (mode == 8)
			continue;
		run_at(vbody_satp, MODE_S, mode << 60 | before << 4 >> 4, 0);
		/* Sv48 and Sv57 are legal elsewhere */
		probe_check(mode == 9 || mode == 10 || (probe_has_returned() && probe.x[REG_A1] == before), "satp.MODE",
			    mode, probe.x[REG_A1]);
		page_enter();
	}
}

/* A store over the end of a page: all of it, or nothing and the second page's address. */
static void over_a_page(void)
{
	for (unsigned int off = 1; off < 8; off++) {
		uint64_t addr = PLAY_GVA + 4096 - off;

		put(0, PTE(page_data, PTE_RW));
		page_data[511] = VALUE;
		run_at(vbody_sd, MODE_S, addr, ~0UL);
		probe_check(probe.cause == CAUSE_STORE_PAGE && probe.tval - addr < 8 && page_data[511] == VALUE,
			    "store over a page", off, page_data[511]);
		run_at(vbody_ld, MODE_S, addr, 0);
		probe_check(probe.cause == CAUSE_LOAD_PAGE && probe.tval - addr < 8, "load over a page", off, 0);
		page_level0[PLAY_0 + 1] = PTE(page_data, PTE_RW); /* the same page: its own neighbour */
		page_fence();
		run_at(vbody_sd, MODE_S, addr, 0x1122334455667788);
		run_at(vbody_ld, MODE_S, addr, 0);
		probe_check(probe_has_returned() && probe.x[REG_A1] == 0x1122334455667788, "over a page", off,
			    probe.x[REG_A1]);
	}
}

void hostile_main(void)
{
	int adue = has_adue();

	set_adue(0);
	page_reset(0);
	page_enter();
	illegal_entries();
	tables_nowhere();
	loops();
	self_mapped();
	if (adue)
		accessed_bits();
	modes();
	over_a_page();
	page_leave();
}
