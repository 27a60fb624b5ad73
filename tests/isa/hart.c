// SPDX-License-Identifier: GPL-2.0-only
/* hart.c: see hart.h. Next file: test_machine.c. */
#include "hart.h"

#include "csr.h"
#include "effects.h"
#include "tally.h"

u64 hart_ticks, hart_insns;
u32 hart_timer_changes;

static u64 fake_time(struct guest *g)
{
	(void)g;
	return hart_ticks;
}

static u64 fake_instret(struct guest *g)
{
	(void)g;
	return hart_insns;
}

static void fake_timer(struct guest *g)
{
	(void)g;
	hart_timer_changes++;
}

static const struct guest_ops fake_ops = {
	.time = fake_time,
	.instret = fake_instret,
	.timer_changed = fake_timer,
};
static struct guest_home home;
struct guest_csr_page hart_page;

struct guest hart_reset(u8 priv)
{
	struct guest g = { .home = &home, .csr_page = &hart_page, .ops = &fake_ops, .pc = 0x1000 };

	csr_reset(&g, 5);
	g.priv = priv;
	return g;
}

u64 get(struct guest *g, u32 number)
{
	u64 value = ~0ULL;

	CHECK(!csr_get(g, number, &value), "CSR 0x%x does not exist", number);
	return value;
}

void set(struct guest *g, u32 number, u64 value)
{
	CHECK(!csr_set(g, number, value), "CSR 0x%x does not exist", number);
}

bool can_read(struct guest *g, u32 number)
{
	u64 value;

	return effect_csr_read(g, number, &value) != STEP_TRAP;
}

bool can_write(struct guest *g, u32 number)
{
	return effect_csr_write(g, number, 0) != STEP_TRAP;
}
