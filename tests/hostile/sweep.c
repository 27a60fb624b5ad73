// SPDX-License-Identifier: GPL-2.0-only
/* sweep.c: loads, stores, atomics and jumps all over the 64-bit range, from M and U: where no memory is they trap with
 * their own address, whatever the host keeps there. Addresses are bare: physical ones. Next file: body.S. */
#include "hostile.h"
#include "layout.h"
#include "probe.h"

/* body.S */
extern const char body_load[], body_store[], body_atomic[], body_jump[];

enum { BODY_STRIDE = 8, SIZES = 4, RANDOM_ADDRESSES = 150 };

/* QEMU's board has more devices than ours: all of its low addresses, and the high PCIe window. */
#define LOW_DEVICES_END 0x80000000UL
#define PCIE_START	0x400000000UL
#define PCIE_END	0x800000000UL

/* Ring 3 may use the code cache and the state area: a load there is the documented deviation (wild.c). The state area
 * lies at one of 2^33 places, which this sweep will not hit. */
#define CODE_END (WORLD_CODE + 0x20000000UL)

static int is_within(uint64_t addr, uint64_t start, uint64_t end)
{
	return addr >= start && addr < end;
}

static int is_device(uint64_t addr)
{
	return addr < LOW_DEVICES_END || is_within(addr, PCIE_START, PCIE_END);
}

static int is_open_to_ring3(uint64_t addr)
{
	return is_within(addr + WORLD_GUEST_BASE, WORLD_CODE - 8, CODE_END);
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

	if (is_device(addr) || is_open_to_ring3(addr))
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

static void sweep_around(uint64_t addr)
{
	sweep_address(addr - 8);
	sweep_address(addr - 1);
	sweep_address(addr);
	sweep_address(addr + 4);
}

/* As a guest address, and as the guest address whose access is this host address. */
static void sweep_host(uint64_t addr)
{
	sweep_around(addr);
	sweep_around(addr - WORLD_GUEST_BASE);
	sweep_address(addr - WORLD_GUEST_BASE + 0x800);
}

static const uint64_t host_places[] = {
	/* the world */
	WORLD_MONITOR,
	WORLD_MONITOR + WORLD_MONITOR_BYTES,
	WORLD_BLOCK,
	WORLD_BLOCK + BLOCK_IDT,
	WORLD_BLOCK + BLOCK_GDT_WORLD,
	WORLD_BLOCK + BLOCK_STACK_TOP,
	WORLD_STATE_RW,
	WORLD_STATE_RW + 0x1000,
	WORLD_STATE_RW + 0x2000,
	WORLD_POOL,
	WORLD_POOL_PA,
	WORLD_WINDOW,
	WORLD_GUEST_BASE,
	WORLD_WINDOW + WORLD_SLOT_BYTES,
	WORLD_RAM,
	WORLD_RAM + RAM_START,
	WORLD_RAM + RAM_END,
	WORLD_FRAMES,
	WORLD_FRAMES + (RAM_START >> 9),
	WORLD_CODE,
	WORLD_STATE_FIRST,
	WORLD_GPA_END,
	/* Linux: direct mapping, vmalloc, struct pages, cpu entry area with IDT and TSS, kernel text, modules, fixmap,
	 * vsyscall; the last byte of user space */
	0xffff888000000000,
	0xffff888000001000,
	0xff11000000000000,
	0xffffc90000000000,
	0xffffea0000000000,
	0xfffffe0000000000,
	0xfffffe0000001000,
	0xfffffe0000006000,
	0xffffffff80000000,
	0xffffffff81000000,
	0xffffffff82000000,
	0xffffffffa0000000,
	0xffffffffc0000000,
	0xffffffffff5fd000,
	0xffffffffff600000,
	0x00007ffffffff000,
	0x00007fffffffffff,
	0x0000800000000000,
	0xffff800000000000,
	0xffff7fffffffffff,
};

void hostile_main(void)
{
	for (unsigned int i = 0; i < 64; i++) {
		sweep_around(1UL << i);
		sweep_around(-(1UL << i));
		sweep_around((1UL << i) - WORLD_GUEST_BASE);
	}
	for (unsigned int i = 0; i < sizeof(host_places) / sizeof(host_places[0]); i++)
		sweep_host(host_places[i]);
	for (unsigned int i = 0; i < RANDOM_ADDRESSES; i++)
		sweep_address(probe_random() >> (i & 31));
}
