// SPDX-License-Identifier: GPL-2.0-only
/* test_run.c: exits of LDBT_RUN: MMIO and its completion, refusals, errors. Next file: api.c. */
#include "api.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>

enum {
	T0 = 5,
	T1 = 6,
	S0 = 8,
	A0 = 10,
	A1 = 11,
	CSR_MTVEC = 0x305,
	CSR_MEPC = 0x341,
	CSR_MCAUSE = 0x342,
	CSR_MTVAL = 0x343
};

#define UART	    0x10000000ULL
#define CSR(number) (LDBT_REG_CSR_NUMBER + (number))

static void expect_mmio(const char *name, struct machine *m, uint64_t gpa, uint32_t len_bytes, bool is_write)
{
	long result = machine_run(m);
	const struct ldbt_run *run = m->run;

	check(name,
	      !result && run->exit_reason == LDBT_EXIT_MMIO && run->mmio.gpa == gpa &&
		      run->mmio.len_bytes == len_bytes && run->mmio.is_write == is_write,
	      "result %ld (%s), exit %u, gpa %#llx, %u bytes, write %u", result, result ? strerror(errno) : "-",
	      run->exit_reason, (unsigned long long)run->mmio.gpa, run->mmio.len_bytes, run->mmio.is_write);
}

static void expect_reg(const char *name, struct machine *m, uint64_t id, uint64_t wanted)
{
	uint64_t found = reg_get(m, id);

	check(name, found == wanted, "%#llx, expected %#llx", (unsigned long long)found, (unsigned long long)wanted);
}

static void answer(struct machine *m, uint64_t value)
{
	memcpy(m->run->mmio.data, &value, sizeof(value));
}

/* Stores of every size, then loads of every size and sign; the last load shows each result in turn. */
static void test_mmio(void)
{
	static const uint32_t code[] = {
		RV_LUI(T0, UART >> 12),
		RV_ADDI(T1, 0, -2),
		RV_STORE(0, T1, T0),
		RV_STORE(1, T1, T0),
		RV_STORE(2, T1, T0),
		RV_STORE(3, T1, T0),
		RV_LOAD(0, A0, T0, 0),
		RV_LOAD(6, A1, T0, 8),
		RV_LOAD(0, S0, T0, 1),
		RV_LOAD(2, 28, T0, 4),
		RV_LOAD(0, 0, T0, 0),
		RV_STORE(0, A0, T0),
		RV_LOOP,
	};
	static const uint32_t sizes[] = { 1, 2, 4, 8 };
	struct machine m;
	uint64_t data, i;

	machine_make(&m, code, sizeof(code) / sizeof(code[0]));
	for (i = 0; i < 4; i++) {
		expect_mmio("MMIO store", &m, UART, sizes[i], true);
		memcpy(&data, m.run->mmio.data, sizeof(data));
		check("MMIO store's data",
		      data == ~1ULL >> (64 - 8 * sizes[i]) << 0 || data == (~1ULL & (~0ULL >> (64 - 8 * sizes[i]))),
		      "%#llx", (unsigned long long)data);
	}
	expect_mmio("MMIO lb", &m, UART, 1, false);
	check_errno("SET_ONE_REG EBUSY within an access", reg_set(&m, LDBT_REG_CORE_PC, RAM_GPA), EBUSY);
	expect_reg("pc within an access", &m, LDBT_REG_CORE_PC, RAM_GPA + 6 * 4);
	answer(&m, 0x1234567890abcdef);
	expect_mmio("MMIO lwu", &m, UART + 8, 4, false);
	answer(&m, 0x1234567890abcdef);
	expect_mmio("MMIO lb at 1", &m, UART + 1, 1, false);
	answer(&m, 0x7f);
	expect_mmio("MMIO lw", &m, UART + 4, 4, false);
	answer(&m, 0x80000000);
	expect_mmio("MMIO load to x0", &m, UART, 1, false);
	answer(&m, 0x55);
	expect_mmio("MMIO store of what was loaded", &m, UART, 1, true);
	expect_reg("lb extends its sign", &m, LDBT_REG_CORE + A0, 0xffffffffffffffef);
	expect_reg("lwu extends zeros", &m, LDBT_REG_CORE + A1, 0x90abcdef);
	expect_reg("lb of a positive byte", &m, LDBT_REG_CORE + S0, 0x7f);
	expect_reg("lw into a register without a pin", &m, LDBT_REG_CORE + 28, 0xffffffff80000000);
	expect_reg("x0 stays zero", &m, LDBT_REG_CORE_MODE, 3);
	machine_destroy(&m);
}

/* The handler stores to the UART, so that its coming is seen. */
static void expect_trap(const char *name, uint32_t access, bool is_asked, uint64_t cause, uint64_t tval)
{
	const uint32_t code[] = { RV_LUI(T0, UART >> 12), access, RV_LOOP, RV_STORE(0, 0, T0), RV_LOOP };
	struct machine m;
	long result;

	machine_make(&m, code, sizeof(code) / sizeof(code[0]));
	reg_set(&m, CSR(CSR_MTVEC), RAM_GPA + 12);
	if (is_asked) {
		machine_run(&m);
		m.run->mmio.is_refused = 1;
	}
	result = machine_run(&m);
	check(name,
	      !result && m.run->mmio.gpa == UART && m.run->mmio.is_write && reg_get(&m, CSR(CSR_MCAUSE)) == cause &&
		      reg_get(&m, CSR(CSR_MTVAL)) == tval && reg_get(&m, CSR(CSR_MEPC)) == RAM_GPA + 4,
	      "result %ld, mcause %llu, mtval %#llx", result, (unsigned long long)reg_get(&m, CSR(CSR_MCAUSE)),
	      (unsigned long long)reg_get(&m, CSR(CSR_MTVAL)));
	machine_destroy(&m);
}

static void expect_error(const char *name, uint64_t pc, const uint32_t *code, uint32_t words, uint32_t reason)
{
	struct machine m;
	long result;

	machine_make(&m, code, words);
	reg_set(&m, LDBT_REG_CORE_PC, pc);
	result = machine_run(&m);
	check(name, !result && m.run->exit_reason == LDBT_EXIT_ERROR && m.run->error.reason == reason,
	      "result %ld, exit %u, reason %u", result, m.run->exit_reason, m.run->error.reason);
	check_errno("RUN EIO after an error", machine_run(&m), EIO);
	machine_destroy(&m);
}

/* The trap handler of `ecall` is that ecall. */
static void test_trap_loop(void)
{
	static const uint32_t code[] = { RV_ECALL };
	struct machine m;
	long result;

	machine_make(&m, code, 1);
	reg_set(&m, CSR(CSR_MTVEC), RAM_GPA);
	result = machine_run(&m);
	check("EXIT_ERROR trap loop",
	      !result && m.run->exit_reason == LDBT_EXIT_ERROR && m.run->error.reason == LDBT_ERROR_TRAP_LOOP,
	      "result %ld, exit %u, reason %u", result, m.run->exit_reason, m.run->error.reason);
	machine_destroy(&m);
}

static void test_wfi(void)
{
	static const uint32_t code[] = { RV_WFI, RV_LOOP };
	/* again and again: the first may come before RUN */
	const struct itimerval often = { { .tv_usec = 200000 }, { .tv_usec = 200000 } }, never = { 0 };
	struct machine m;

	machine_make(&m, code, 2);
	setitimer(ITIMER_REAL, &often, NULL);
	check_errno("RUN EINTR in wfi", machine_run(&m), EINTR);
	setitimer(ITIMER_REAL, &never, NULL);
	machine_destroy(&m);
}

/* The controller writes code that was translated, and reports it. */
static void test_mem_written_code(void)
{
	static const uint32_t code[] = { RV_LUI(T0, UART >> 12), RV_ADDI(A0, 0, 1), RV_STORE(0, A0, T0),
					 0xff9ff06f /* jal x0, -8 */ };
	const uint32_t other = RV_ADDI(A0, 0, 2);
	const struct ldbt_range range = { .gpa = RAM_GPA + 4, .len_bytes = 4 };
	struct machine m;

	machine_make(&m, code, sizeof(code) / sizeof(code[0]));
	expect_mmio("before MEM_WRITTEN", &m, UART, 1, true);
	check("old code ran", m.run->mmio.data[0] == 1, "%u", m.run->mmio.data[0]);
	memcpy(m.ram + 4, &other, sizeof(other));
	check("MEM_WRITTEN of code", !ioctl(m.vm, LDBT_MEM_WRITTEN, &range), "%s", strerror(errno));
	expect_mmio("after MEM_WRITTEN", &m, UART, 1, true);
	check("new code ran", m.run->mmio.data[0] == 2, "%u", m.run->mmio.data[0]);
	machine_destroy(&m);
}

void test_run(void)
{
	static const uint32_t loop[] = { RV_LOOP };

	test_mmio();
	expect_trap("refused load: access fault", RV_LOAD(3, A0, T0, 8), true, 5, UART + 8);
	expect_trap("refused store: access fault", RV_STORE(3, A0, T0), true, 7, UART);
	expect_trap("misaligned MMIO load: access fault", RV_LOAD(2, A0, T0, 2), false, 5, UART + 2);
	expect_trap("AMO on MMIO: access fault", RV_AMOADD_D(A0, A1, T0), false, 7, UART);
	expect_trap("illegal instruction", 0xffffffffu, false, 2, 0xffffffffu);
	expect_error("EXIT_ERROR bad fetch", 0x1000, loop, 1, LDBT_ERROR_BAD_FETCH);
	test_trap_loop();
	test_wfi();
	test_mem_written_code();
}
