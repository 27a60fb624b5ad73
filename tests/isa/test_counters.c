// SPDX-License-Identifier: GPL-2.0-only
/* test_counters.c: cycle, time and instret, and who may read them. Part of test_machine. Next file: translator/csr.c. */
#include "csr.h"
#include "effects.h"
#include "hart.h"
#include "tally.h"

static void test_counteren(void)
{
	u32 bit;

	for (bit = 0; bit < 3; bit++) {
		struct guest g = hart_reset(PRIV_S);

		CHECK(!can_read(&g, CSR_CYCLE + bit), "counter %u in S-mode without mcounteren", bit);
		set(&g, CSR_MCOUNTEREN, 1 << bit);
		CHECK(can_read(&g, CSR_CYCLE + bit), "counter %u in S-mode with mcounteren", bit);
		g.priv = PRIV_U;
		CHECK(!can_read(&g, CSR_CYCLE + bit), "counter %u in U-mode without scounteren", bit);
		set(&g, CSR_SCOUNTEREN, 1 << bit);
		CHECK(can_read(&g, CSR_CYCLE + bit), "counter %u in U-mode with both", bit);
		set(&g, CSR_MCOUNTEREN, 0);
		CHECK(!can_read(&g, CSR_CYCLE + bit), "counter %u in U-mode with scounteren only", bit);
	}
}

static void test_count(void)
{
	struct guest g = hart_reset(PRIV_M);

	hart_insns = 100;
	hart_ticks = 77;
	CHECK_EQ(get(&g, CSR_TIME), 77, "time");
	CHECK_EQ(get(&g, CSR_INSTRET), 100, "instret");
	set(&g, CSR_MINSTRET, 5000);
	hart_insns = 110;
	CHECK_EQ(get(&g, CSR_INSTRET), 5010, "instret after a write");
	CHECK_EQ(get(&g, CSR_MCYCLE), 110, "mcycle is its own");
	set(&g, CSR_MCOUNTINHIBIT, 4);
	hart_insns = 200;
	CHECK_EQ(get(&g, CSR_MINSTRET), 5010, "stopped minstret");
	set(&g, CSR_MINSTRET, 6000);
	CHECK_EQ(get(&g, CSR_MINSTRET), 6000, "stopped minstret after a write");
	set(&g, CSR_MCOUNTINHIBIT, 0);
	hart_insns = 201;
	CHECK_EQ(get(&g, CSR_MINSTRET), 6001, "minstret that goes on");
	CHECK_EQ(get(&g, CSR_MCYCLE), 201, "mcycle never stopped");
}

/* unpriv zicsr.adoc "CSR Instructions": what is written to instret, the following instruction reads. */
static void test_minstret_next(void)
{
	struct guest g = hart_reset(PRIV_M);

	hart_insns = 100;
	set(&g, CSR_MINSTRET, 7);
	g.pc += 4;
	hart_insns = 130;
	CHECK_EQ(get(&g, CSR_MINSTRET), 7, "minstret behind a write of it");
	hart_insns = 131;
	CHECK_EQ(get(&g, CSR_MINSTRET), 8, "minstret goes on from there");
	g.pc = 0x1000;
	set(&g, CSR_MINSTRET, 50);
	g.pc = 0x2000;
	hart_insns = 141;
	CHECK_EQ(get(&g, CSR_INSTRET), 60, "instret read elsewhere");
	g.pc = 0x1004;
	CHECK_EQ(get(&g, CSR_INSTRET), 60, "and then behind the write");
	g.pc = 0x1000;
	set(&g, CSR_MINSTRET, 0);
	set(&g, CSR_MCOUNTINHIBIT, 4);
	set(&g, CSR_MCOUNTINHIBIT, 0);
	g.pc = 0x1004;
	hart_insns = 151;
	CHECK_EQ(get(&g, CSR_MINSTRET), 10, "stopped and started meanwhile");
	set(&g, CSR_MCOUNTINHIBIT, 4);
	set(&g, CSR_MINSTRET, 3);
	set(&g, CSR_MCOUNTINHIBIT, 0);
	g.pc = 0x1008;
	hart_insns = 161;
	CHECK_EQ(get(&g, CSR_MINSTRET), 13, "written while stopped");
}

void test_counters(void)
{
	test_counteren();
	test_count();
	test_minstret_next();
}
