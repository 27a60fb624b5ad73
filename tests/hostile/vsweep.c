// SPDX-License-Identifier: GPL-2.0-only
/* vsweep.c: the sweep under Sv39, from U and S: loads, stores, atomics and jumps all over the 64-bit range. Nothing but RAM's
 * gigapage is mapped, so all else is a page fault with its own address, illegal addresses too, whatever the host keeps there.
 * Next file: places.c. */
#include "hostile.h"
#include "paging.h"
#include "places.h"
#include "probe.h"

/* body.S */
extern const char body_load[], body_store[], body_atomic[], body_jump[];

enum { BODY_STRIDE = 8, SIZES = 4 };

static uint64_t mode;

static void try_body(const char *body, uint64_t addr, uint64_t cause, uint64_t tval, const char *what)
{
	probe_set((uint64_t)body, mode, addr, 0x1122334455667788);
	probe_run();
	if (body < body_atomic || body >= body_jump) { /* QEMU 7.2 has a load's cause there */
		probe_note(probe.cause);
		probe_note(probe.tval);
	}
	probe_check(probe.cause == cause && probe.tval == tval, what, addr, mode);
}

static void sweep_address(uint64_t addr)
{
	if (addr / GIGAPAGE == RAM_START / GIGAPAGE || (addr + 8) / GIGAPAGE == RAM_START / GIGAPAGE ||
	    place_is_open(addr))
		return;
	for (unsigned int i = 0; i < SIZES; i++) {
		if (addr & ((1UL << i) - 1))
			continue;
		try_body(body_load + BODY_STRIDE * i, addr, CAUSE_LOAD_PAGE, addr, "load");
		try_body(body_store + BODY_STRIDE * i, addr, CAUSE_STORE_PAGE, addr, "store");
		if (i >= 2)
			try_body(body_atomic + BODY_STRIDE * (i - 2), addr, CAUSE_STORE_PAGE, addr, "atomic");
	}
	try_body(body_jump, addr, CAUSE_FETCH_PAGE, addr & ~1UL, "jump");
	probe_check(probe.epc == (addr & ~1UL), "epc of a jump", addr, probe.epc);
}

void hostile_main(void)
{
	static const uint64_t statuses[] = { 0, MSTATUS_SUM, MSTATUS_SUM | MSTATUS_MXR };

	page_reset(1);
	page_enter();
	mode = MODE_U;
	places_each(sweep_address);
	page_reset(0);
	mode = MODE_S;
	for (unsigned int i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		page_status(statuses[i]);
		places_each(sweep_address);
	}
	page_leave();
}
