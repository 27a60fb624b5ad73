// SPDX-License-Identifier: GPL-2.0-only
/* sweep.c: loads, stores, atomics and jumps all over the 64-bit range, from M and U: where no memory is they trap with
 * their own address, whatever the host keeps there. Addresses are bare: physical ones. Next file: body.S. */
#include "hostile.h"
#include "places.h"
#include "probe.h"

/* body.S */
extern const char body_load[], body_store[], body_atomic[], body_jump[];

enum { BODY_STRIDE = 8, SIZES = 4 };

/* QEMU's board has more devices than ours: all of its low addresses, and the high PCIe window. */
#define LOW_DEVICES_END 0x80000000UL
#define PCIE_START	0x400000000UL
#define PCIE_END	0x800000000UL

static int is_within(uint64_t addr, uint64_t start, uint64_t end)
{
	return addr >= start && addr < end;
}

static int is_device(uint64_t addr)
{
	return addr < LOW_DEVICES_END || is_within(addr, PCIE_START, PCIE_END);
}

static void run_body(const char *body, uint64_t mode, uint64_t addr)
{
	probe_set((uint64_t)body, mode, addr, 0x1122334455667788);
	probe_run();
}

static void note_result(void)
{
	probe_note(probe.cause);
	probe_note(probe.tval);
}

static void expect_fault(const char *what, uint64_t addr, uint64_t cause)
{
	probe_check(probe.cause == cause && probe.tval == addr, what, addr, cause);
}

static void sweep_data(uint64_t mode, uint64_t addr)
{
	for (unsigned int i = 0; i < SIZES; i++) {
		if (addr & ((1UL << i) - 1))
			continue;
		run_body(body_load + BODY_STRIDE * i, mode, addr);
		note_result();
		if (is_within(addr, RAM_START, RAM_END)) {
			probe_check(probe_has_returned(), "load of RAM", addr, i);
			continue; /* no stores: it may be this program */
		}
		expect_fault("load", addr, CAUSE_LOAD_ACCESS);
		run_body(body_store + BODY_STRIDE * i, mode, addr);
		note_result();
		expect_fault("store", addr, CAUSE_STORE_ACCESS);
		if (i >= 2) { /* not noted: QEMU 7.2 has cause 5 here */
			run_body(body_atomic + BODY_STRIDE * (i - 2), mode, addr);
			expect_fault("atomic", addr, CAUSE_STORE_ACCESS);
		}
	}
}

static void sweep_address(uint64_t addr)
{
	static const uint8_t modes[] = { MODE_M, MODE_U };

	if (is_device(addr) || place_is_open(addr))
		return;
	for (unsigned int i = 0; i < sizeof(modes); i++) {
		sweep_data(modes[i], addr);
		if (is_within(addr, RAM_START, RAM_END))
			continue;
		run_body(body_jump, modes[i], addr);
		note_result();
		expect_fault("jump", addr & ~1UL, CAUSE_FETCH_ACCESS);
		probe_check(probe.epc == (addr & ~1UL), "epc of a jump", addr, probe.epc);
	}
}

void hostile_main(void)
{
	places_each(sweep_address);
}
