// SPDX-License-Identifier: GPL-2.0-only
/* places.c: the addresses that the sweeps try. Next file: ../../kmod/world/layout.h. */
#include "places.h"
#include "layout.h"
#include "probe.h"

enum { RANDOM_ADDRESSES = 150 };

#define CODE_END (WORLD_CODE + 0x20000000UL)

int place_is_open(uint64_t addr)
{
	uint64_t host = addr + WORLD_GUEST_BASE;

	return host >= WORLD_CODE - 8 && host < CODE_END;
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

static void around(void (*visit)(uint64_t addr), uint64_t addr)
{
	visit(addr - 8);
	visit(addr - 1);
	visit(addr);
	visit(addr + 4);
}

/* As a guest address, and as the guest address whose access is this host address. */
static void around_host(void (*visit)(uint64_t addr), uint64_t addr)
{
	around(visit, addr);
	around(visit, addr - WORLD_GUEST_BASE);
	visit(addr - WORLD_GUEST_BASE + 0x800);
}

void places_each(void (*visit)(uint64_t addr))
{
	for (unsigned int i = 0; i < 64; i++) {
		around(visit, 1UL << i);
		around(visit, -(1UL << i));
		around(visit, (1UL << i) - WORLD_GUEST_BASE);
	}
	for (unsigned int i = 0; i < sizeof(host_places) / sizeof(host_places[0]); i++)
		around_host(visit, host_places[i]);
	for (unsigned int i = 0; i < RANDOM_ADDRESSES; i++)
		visit(probe_random() >> (i & 31));
}
