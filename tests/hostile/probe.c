// SPDX-License-Identifier: GPL-2.0-only
/* probe.c: main() of the guests that probe: opens the PMP, takes the traps, and sums up. Next file: sweep.c. */
#include "probe.h"
#include "hostile.h"

enum { COMPLAINTS_MAX = 20, PMP_ALL = 0x1f };

_Static_assert(offsetof(struct probe, pc) == 256 && offsetof(struct probe, sp) == 296, "probe_entry.S knows them");

struct probe probe;

static uint64_t digest = 0xcbf29ce484222325; /* FNV-1a, by words */
static uint64_t seed = 88172645463325252;
static unsigned long checks, failures;

void probe_set(uint64_t pc, uint64_t mode, uint64_t a0, uint64_t a1)
{
	memset(&probe, 0, offsetof(struct probe, sp));
	probe.pc = pc;
	probe.mode = mode;
	probe.x[1] = (uint64_t)probe_return;
	probe.x[10] = a0;
	probe.x[11] = a1;
}

int probe_has_returned(void)
{
	return probe.epc == (uint64_t)probe_return && probe.cause == CAUSE_ECALL_U + probe.mode;
}

void probe_note(uint64_t value)
{
	digest = (digest ^ value) * 0x100000001b3;
}

void probe_check(int is_right, const char *what, uint64_t a, uint64_t b)
{
	checks++;
	if (is_right)
		return;
	if (failures++ < COMPLAINTS_MAX)
		rt_printf("WRONG: %s: 0x%lx 0x%lx: cause %lu epc 0x%lx tval 0x%lx\n", what, a, b, probe.cause,
			  probe.epc, probe.tval);
}

uint64_t probe_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Without entries both writes are ignored and U-mode reaches everything anyhow. */
static void open_pmp(void)
{
	__asm__ volatile("csrw pmpaddr0, %0\n csrw pmpcfg0, %1" ::"r"(-1L), "r"((long)PMP_ALL));
}

int main(void)
{
	__asm__ volatile("csrw mtvec, %0" ::"r"(probe_vector));
	open_pmp();
	hostile_main();
	rt_printf("digest %lx\n", digest);
	rt_printf("%lu checks, %lu wrong: %s\n", checks, failures, failures ? "FAIL" : "PASS");
	return failures != 0;
}
