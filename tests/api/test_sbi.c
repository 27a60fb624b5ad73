// SPDX-License-Identifier: GPL-2.0-only
/* test_sbi.c: the module's SBI, call by call, and LDBT_EXIT_SBI. Next file: api.c. */
#include "api.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	A0 = 10,
	T0 = 5,
	BASE = 0x10,
	TIME = 0x54494d45,
	IPI = 0x735049,
	RFENCE = 0x52464e43,
	HSM = 0x48534d,
	SRST = 0x53525354,
	PMU = 0x504d55,
	FIRMWARE_EVENT = 15 << 16,
	NOT_SUPPORTED = -2,
	INVALID_PARAM = -3,
	INVALID_ADDRESS = -5,
	ALREADY_AVAILABLE = -6,
	ALREADY_STARTED = -7,
	ALREADY_STOPPED = -8,
	CSR_SIE = 0x104,
	CSR_SIP = 0x144,
	CSR_MEDELEG = 0x302,
	CSR_MCYCLE = 0xb00,
};

#define ANY	    (-1000) /* of an answer: not looked at */
#define UART	    0x10000000ULL
#define CSR(number) (LDBT_REG_CSR_NUMBER + (number))

/* ecall, then a store to the UART that comes to us. */
static const uint32_t code[] = { RV_ECALL, RV_STORE(0, T0, T0), RV_LOOP };

struct call {
	const char *name;
	uint64_t extension, function, args[6];
	int64_t error, value;
};

static void set_args(struct machine *m, const struct call *call)
{
	uint32_t i;

	for (i = 0; i < 6; i++)
		reg_set(m, LDBT_REG_CORE + A0 + i, call->args[i]);
	reg_set(m, LDBT_REG_CORE + A0 + 6, call->function);
	reg_set(m, LDBT_REG_CORE + A0 + 7, call->extension);
	reg_set(m, LDBT_REG_CORE + T0, UART);
}

static void make(struct machine *m, const struct call *call)
{
	machine_make_sbi(m, code, sizeof(code) / sizeof(code[0]));
	set_args(m, call);
}

static void expect_answer(struct machine *m, const struct call *call)
{
	long result = machine_run(m);
	int64_t error = (int64_t)reg_get(m, LDBT_REG_CORE + A0), value = (int64_t)reg_get(m, LDBT_REG_CORE + A0 + 1);

	check(call->name,
	      !result && m->run->exit_reason == LDBT_EXIT_MMIO && (call->error == ANY || error == call->error) &&
		      (call->value == ANY || value == call->value),
	      "result %ld, exit %u, error %lld, value %#llx", result, m->run->exit_reason, (long long)error,
	      (unsigned long long)value);
}

/* Calls that are answered without the controller; value: what a1 becomes. */
static const struct call calls[] = {
	{ "SBI version 2.0", BASE, 0, { 0 }, 0, 2 << 24 },
	{ "SBI implementation", BASE, 1, { 0 }, 0, 0x6c646274 },
	{ "SBI implementation's version", BASE, 2, { 0 }, 0, LDBT_API_VERSION },
	{ "SBI probe TIME", BASE, 3, { TIME }, 0, 1 },
	{ "SBI probe of none", BASE, 3, { 0x12345 }, 0, 0 },
	{ "SBI mvendorid", BASE, 4, { 0 }, 0, 0 },
	{ "SBI base: unknown function", BASE, 7, { 0 }, NOT_SUPPORTED, 0 },
	{ "SBI unknown extension", 0x12345, 0, { 0 }, NOT_SUPPORTED, 0 },
	{ "SBI extension beyond 32 bits", 1ULL << 32 | BASE, 0, { 0 }, NOT_SUPPORTED, 0 },
	{ "SBI set_timer", TIME, 0, { ~0ULL }, 0, 0 },
	{ "SBI IPI to all", IPI, 0, { 0, ~0ULL }, 0, 0 },
	{ "SBI IPI to a hart that is not there", IPI, 0, { 2, 0 }, INVALID_PARAM, 0 },
	{ "SBI IPI with a base that is not there", IPI, 0, { 1, 1ULL << 40 }, INVALID_PARAM, 0 },
	{ "SBI IPI to none", IPI, 0, { 0, 5 }, 0, 0 },
	{ "SBI fence.i", RFENCE, 0, { 1, 0 }, 0, 0 },
	{ "SBI sfence.vma of a page", RFENCE, 1, { 1, 0, 0x1001, 0x1000 }, 0, 0 },
	{ "SBI sfence.vma of all", RFENCE, 1, { 1, 0, 0, 0 }, 0, 0 },
	{ "SBI sfence.vma of all by size", RFENCE, 1, { 1, 0, 0x1000, ~0ULL }, 0, 0 },
	{ "SBI sfence.vma at the end", RFENCE, 1, { 1, 0, ~0ULL, 0x1000 }, 0, 0 },
	{ "SBI sfence.vma with ASID", RFENCE, 2, { 1, 0, 0x1000, 0x1000, 7 }, 0, 0 },
	{ "SBI sfence.vma elsewhere", RFENCE, 1, { 2, 0, 0, 0 }, INVALID_PARAM, 0 },
	{ "SBI hfence", RFENCE, 3, { 1, 0, 0, 0 }, NOT_SUPPORTED, 0 },
	{ "SBI start of a started hart", HSM, 0, { 0, RAM_GPA, 0 }, ALREADY_AVAILABLE, 0 },
	{ "SBI start of none", HSM, 0, { 9, RAM_GPA, 0 }, INVALID_PARAM, 0 },
	{ "SBI start outside of memory", HSM, 0, { 0, 0x1000, 0 }, INVALID_ADDRESS, 0 },
	{ "SBI status", HSM, 2, { 0 }, 0, 0 },
	{ "SBI status of none", HSM, 2, { 1 }, INVALID_PARAM, 0 },
	{ "SBI suspend of unknown type", HSM, 3, { 5 }, INVALID_PARAM, 0 },
	{ "SBI suspend to outside of memory", HSM, 3, { 0x80000000, 0x1000, 0 }, INVALID_ADDRESS, 0 },
	{ "SBI reset of unknown type", SRST, 0, { 3, 0 }, INVALID_PARAM, 0 },
	{ "SBI reset for an unknown reason", SRST, 0, { 0, 2 }, INVALID_PARAM, 0 },
	{ "SBI console: high address", LDBT_SBI_DBCN, 0, { 1, RAM_GPA, 1 }, INVALID_PARAM, 0 },
	{ "SBI console: outside of memory", LDBT_SBI_DBCN, 0, { 1, 0x1000, 0 }, INVALID_PARAM, 0 },
	{ "SBI console: beyond memory", LDBT_SBI_DBCN, 1, { 2, RAM_GPA + RAM_BYTES - 1, 0 }, INVALID_PARAM, 0 },
	{ "SBI console: wraps", LDBT_SBI_DBCN, 0, { ~0ULL, RAM_GPA, 0 }, INVALID_PARAM, 0 },
	{ "SBI console: nothing", LDBT_SBI_DBCN, 0, { 0, RAM_GPA, 0 }, 0, 0 },
	{ "SBI PMU: counters", PMU, 0, { 0 }, 0, 18 },
	{ "SBI PMU: cycle", PMU, 1, { 0 }, 0, 0xc00 | 63 << 12 },
	{ "SBI PMU: no such counter", PMU, 1, { 18 }, INVALID_PARAM, 0 },
	{ "SBI PMU: cycles", PMU, 2, { 0, 0x3ffff, 0, 1 }, 0, 0 },
	{ "SBI PMU: instructions", PMU, 2, { 0, 0x3ffff, 0, 2 }, 0, 1 },
	{ "SBI PMU: firmware event", PMU, 2, { 0, 0x3ffff, 0, FIRMWARE_EVENT | 5 }, 0, 2 },
	{ "SBI PMU: event without a counter", PMU, 2, { 0, 2, 0, 1 }, NOT_SUPPORTED, 0 },
	{ "SBI PMU: unknown event", PMU, 2, { 0, 0x3ffff, 0, FIRMWARE_EVENT | 22 }, NOT_SUPPORTED, 0 },
	{ "SBI PMU: counters that are not there", PMU, 2, { 1, 0x3ffff, 0, 1 }, INVALID_PARAM, 0 },
	{ "SBI PMU: base that is not there", PMU, 2, { ~0ULL, 1, 0, 1 }, INVALID_PARAM, 0 },
	{ "SBI PMU: start of a counter that runs", PMU, 3, { 0, 1, 0, 0 }, ALREADY_STARTED, 0 },
	{ "SBI PMU: start of one without an event", PMU, 3, { 2, 1, 0, 0 }, INVALID_PARAM, 0 },
	{ "SBI PMU: stop", PMU, 4, { 0, 1, 0 }, 0, 0 },
	{ "SBI PMU: stop of one that stands", PMU, 4, { 2, 1, 0 }, ALREADY_STOPPED, 0 },
	{ "SBI PMU: read of a hardware counter", PMU, 5, { 0 }, INVALID_PARAM, 0 },
	{ "SBI PMU: snapshot", PMU, 7, { 0 }, NOT_SUPPORTED, 0 },
	{ "SBI legacy clear_ipi", 3, 0, { 0, 55 }, 0, 55 },
	{ "SBI legacy send_ipi", 4, 0, { 0 }, NOT_SUPPORTED, ANY },
};

static void test_calls(void)
{
	struct machine m;
	uint32_t i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		make(&m, &calls[i]);
		expect_answer(&m, &calls[i]);
		machine_destroy(&m);
	}
}

static void expect_exit(const char *name, struct machine *m, uint32_t reason)
{
	long result = machine_run(m);

	check(name, !result && m->run->exit_reason == reason, "result %ld, exit %u", result, m->run->exit_reason);
}

static void test_reset(void)
{
	static const struct {
		struct call call;
		uint32_t exit;
	} ends[] = {
		{ { "SBI shutdown", SRST, 0, { 0, 0 }, 0, 0 }, LDBT_EXIT_SHUTDOWN },
		{ { "SBI shutdown by failure", SRST, 0, { 0, 1 }, 0, 0 }, LDBT_EXIT_SHUTDOWN },
		{ { "SBI cold reboot", SRST, 0, { 1, 0 }, 0, 0 }, LDBT_EXIT_RESET },
		{ { "SBI warm reboot", SRST, 0, { 2, 0 }, 0, 0 }, LDBT_EXIT_RESET },
		{ { "SBI legacy shutdown", 8, 0, { 1, 2 }, 0, 0 }, LDBT_EXIT_SHUTDOWN },
	};
	struct machine m;
	uint32_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		make(&m, &ends[i].call);
		expect_exit(ends[i].call.name, &m, ends[i].exit);
		check("SBI reset's code", m.run->system.code == (i == 1), "%llu",
		      (unsigned long long)m.run->system.code);
		machine_destroy(&m);
	}
}

/* What the controller answers reaches the guest; what it does not know is not supported. */
static void test_console(void)
{
	static const struct call console = { "", LDBT_SBI_DBCN, 0, { 5, RAM_GPA + 16 }, 77, 88 };
	static const struct call unknown = {
		"SBI exit without an answer", LDBT_SBI_DBCN, 2, { 'x' }, NOT_SUPPORTED, 0
	};
	static const struct call legacy = { "SBI legacy answer", LDBT_SBI_GETCHAR, 9, { 1, 2 }, 'q', 2 };
	struct machine m;

	make(&m, &console);
	expect_exit("SBI exit", &m, LDBT_EXIT_SBI);
	check("SBI exit's call",
	      m.run->sbi.extension == LDBT_SBI_DBCN && !m.run->sbi.function && m.run->sbi.args[0] == 5 &&
		      m.run->sbi.args[1] == RAM_GPA + 16,
	      "%#llx %llu", (unsigned long long)m.run->sbi.extension, (unsigned long long)m.run->sbi.function);
	check_errno("SET_ONE_REG EBUSY within an SBI call", reg_set(&m, LDBT_REG_CORE_PC, RAM_GPA), EBUSY);
	m.run->sbi.error = 77;
	m.run->sbi.value = 88;
	expect_answer(&m, &(struct call){ "SBI answer", .error = 77, .value = 88 });
	machine_destroy(&m);

	make(&m, &unknown);
	expect_exit("SBI exit", &m, LDBT_EXIT_SBI);
	expect_answer(&m, &unknown);
	machine_destroy(&m);

	make(&m, &legacy);
	expect_exit("SBI legacy exit", &m, LDBT_EXIT_SBI);
	check("SBI legacy call has no function", !m.run->sbi.function, "%llu", (unsigned long long)m.run->sbi.function);
	m.run->sbi.error = 'q';
	m.run->sbi.value = 99;
	expect_answer(&m, &legacy);
	machine_destroy(&m);
}

/* A suspended hart wakes by an interrupt that it wants, at the address it gave. */
static void test_suspend(void)
{
	static const struct call suspend = { "SBI resume", HSM, 3, { 0x80000000, RAM_GPA + 4, 0x55 }, 0, 0x55 };
	struct machine m;

	make(&m, &suspend);
	reg_set(&m, CSR(CSR_SIE), 1 << 1);
	reg_set(&m, CSR(CSR_SIP), 1 << 1);
	expect_answer(&m, &suspend);
	machine_destroy(&m);
}

/* An IPI is pending when the call returns. */
static void test_effects(void)
{
	static const struct call ipi = { "SBI IPI", IPI, 0, { 1, 0 }, 0, 0 };
	struct machine m;
	uint64_t sip;

	make(&m, &ipi);
	expect_answer(&m, &ipi);
	sip = reg_get(&m, CSR(CSR_SIP));
	check("SBI IPI is pending", sip == 1 << 1, "sip %#llx", (unsigned long long)sip);
	machine_destroy(&m);
}

static void test_start(void)
{
	static const struct call none = { "", BASE, 0, { 0 }, 0, 0 };
	struct machine m;
	int system = system_open(), vm = vm_make(system);
	uint64_t value;

	check("CHECK_CAP SBI", ioctl(system, LDBT_CHECK_CAP, LDBT_CAP_SBI) == 2 << 24, "no");
	check_errno("SET_SBI EINVAL argument", ioctl(vm, LDBT_SET_SBI, 1), EINVAL);
	check("SET_SBI", !ioctl(vm, LDBT_SET_SBI, 0), "%d", errno);
	close(vm);
	close(system);
	make(&m, &none);
	check_errno("SET_SBI EBUSY vCPU exists", ioctl(m.vm, LDBT_SET_SBI, 0), EBUSY);
	value = reg_get(&m, LDBT_REG_CORE_MODE);
	check("a guest with the SBI starts in S-mode", value == 1, "%llu", (unsigned long long)value);
	value = reg_get(&m, CSR(CSR_MEDELEG));
	check("all but S-mode's calls is delegated", value == 0xb1ff, "%#llx", (unsigned long long)value);
	check_errno("SET_ONE_REG EINVAL mode M with SBI", reg_set(&m, LDBT_REG_CORE_MODE, 3), EINVAL);
	check_errno("SET_ONE_REG EINVAL machine CSR with SBI", reg_set(&m, CSR(CSR_MCYCLE), 3), EINVAL);
	machine_destroy(&m);
}

void test_sbi(void)
{
	test_start();
	test_calls();
	test_reset();
	test_console();
	test_suspend();
	test_effects();
}
