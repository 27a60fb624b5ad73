// SPDX-License-Identifier: GPL-2.0-only
/* fake_api.c: stands in for userctl/api.c, so that everything above the module's calls is tested where no module is.
 * FAKE_GUEST in the environment names what the module and its guest do: see `guests` below. Next file: tests.bats. */
#include "fake_api.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UART_DATA 0x10000000
#define UART_LSR  0x10000005
#define SYSCON	  0x100000
#define NOWHERE	  0x5000
#define TOHOST	  0x80001000

enum { FD = 1000, LSR_READY = 1, STATUS_WRONG = 77 };

struct fake_calls fake_calls;

static struct ldbt_run run_page;
static uint8_t *ram;
static uint64_t regs[64]; /* core registers, by number */
static unsigned int power_ons, step;
static int has_sbi; /* of the VM made last */

static int store(uint64_t gpa, uint32_t len, uint64_t value)
{
	run_page.exit_reason = LDBT_EXIT_MMIO;
	run_page.mmio.gpa = gpa;
	run_page.mmio.len_bytes = len;
	run_page.mmio.is_write = 1;
	memcpy(run_page.mmio.data, &value, sizeof(value));
	return 0;
}

static int load(uint64_t gpa, uint32_t len)
{
	store(gpa, len, 0xaaaaaaaaaaaaaaaa);
	run_page.mmio.is_write = 0;
	return 0;
}

static int end(int status)
{
	return store(SYSCON, 4, status ? (uint64_t)status << 16 | 0x3333 : 0x5555);
}

/* ---- guests: what the next LDBT_RUN returns ---- */

static int run_hello(void)
{
	static const char text[] = "hello\n";

	return step < sizeof(text) ? store(UART_DATA, 1, (uint8_t)text[step - 1]) : end(0);
}

static int run_fail(void)
{
	return end(42);
}

static int run_fail_256(void)
{
	return end(256);
}

static int run_spin(void)
{
	while (!run_page.immediate_exit)
		usleep(1000);
	return -EINTR;
}

static int run_flood(void)
{
	return store(UART_DATA, 1, 'x');
}

/* Sends back what it gets until 'q'. */
static int run_echo(void)
{
	static uint8_t state;
	uint8_t value = run_page.mmio.data[0];

	switch (state) {
	case 0: state = 1; return load(UART_LSR, 1);
	case 1:
		state = value & LSR_READY ? 2 : 1;
		if (state == 1)
			usleep(100);
		return load(state == 2 ? UART_DATA : UART_LSR, 1);
	default: state = 0; return value == 'q' ? end(0) : store(UART_DATA, 1, value);
	}
}

static int run_restart(void)
{
	if (power_ons == 1) {
		ram[0x4000] = 1; /* must be gone after the restart */
		return store(SYSCON, 4, 0x7777);
	}
	return end(power_ons == 2 && !ram[0x4000] ? 5 : STATUS_WRONG);
}

static int run_strange(void)
{
	return step == 1 ? load(NOWHERE, 4) : end(run_page.mmio.is_refused ? 6 : STATUS_WRONG);
}

static int run_error(void)
{
	run_page.exit_reason = LDBT_EXIT_ERROR;
	run_page.error.reason = LDBT_ERROR_BAD_FETCH;
	run_page.error.pc_gva = 0x1234;
	run_page.error.value = 0;
	return 0;
}

static int run_shutdown(void)
{
	run_page.exit_reason = LDBT_EXIT_SHUTDOWN;
	run_page.system.code = 9;
	return 0;
}

static int run_reason(void)
{
	run_page.exit_reason = 99;
	return 0;
}

static int run_tohost(void)
{
	*(volatile uint64_t *)(ram + (TOHOST - 0x80000000)) = 7 << 1 | 1;
	return run_spin();
}

/* The start state as the contract has it: mode M, pc, hartid, a device tree. */
static int run_start(void)
{
	static const uint8_t magic[] = { 0xd0, 0x0d, 0xfe, 0xed };
	uint64_t tree = regs[11] - 0x80000000;
	int ok = regs[32] == 3 && regs[0] == 0x80000000 && !regs[10];

	return end(ok && !memcmp(ram + tree, magic, sizeof(magic)) ? 8 : STATUS_WRONG);
}

/* The same for a kernel: S-mode with the module's SBI, 2 MiB behind the start of RAM. */
static int run_start_s(void)
{
	static const uint8_t magic[] = { 0xd0, 0x0d, 0xfe, 0xed };
	int ok = has_sbi && regs[32] == 1 && regs[0] == 0x80200000 && !regs[10];

	return end(ok && !memcmp(ram + (regs[11] - 0x80000000), magic, sizeof(magic)) ? 8 : STATUS_WRONG);
}

/* A firmware in M-mode, which finds in a2 what to start. */
static int run_start_bios(void)
{
	uint64_t info[4];

	memcpy(info, ram + (regs[12] - 0x80000000), sizeof(info));
	return end(!has_sbi && regs[32] == 3 && regs[0] == 0x80000000 && info[0] == 0x4942534f && info[1] == 2 &&
				   info[2] == 0x80200000 && info[3] == 1
			   ? 8
			   : STATUS_WRONG);
}

static int sbi(uint64_t extension, uint64_t function, uint64_t a0, uint64_t a1)
{
	run_page.exit_reason = LDBT_EXIT_SBI;
	run_page.sbi.extension = extension;
	run_page.sbi.function = function;
	run_page.sbi.args[0] = a0;
	run_page.sbi.args[1] = a1;
	run_page.sbi.error = -2;
	run_page.sbi.value = 0;
	return 0;
}

/* Console calls; each step looks at the answer to the one before. Input is "k". */
static int run_sbi(void)
{
	int64_t error = run_page.sbi.error;
	uint64_t value = run_page.sbi.value;

	switch (step) {
	case 1: memcpy(ram, "sbi\n", 4); return sbi(LDBT_SBI_DBCN, 0, 4, 0x80000000);
	case 2: return error || value != 4 ? end(STATUS_WRONG) : sbi(LDBT_SBI_DBCN, 0, 4, ~0ULL - 1);
	case 3: return error != -3 ? end(STATUS_WRONG) : sbi(LDBT_SBI_DBCN, 0, ~0ULL, 0x80000000);
	case 4: return error != -3 ? end(STATUS_WRONG) : sbi(LDBT_SBI_DBCN, 2, 'b', 0);
	case 5: return error ? end(STATUS_WRONG) : sbi(LDBT_SBI_PUTCHAR, 0, '\n', 0);
	case 6: return error ? end(STATUS_WRONG) : sbi(LDBT_SBI_DBCN, 9, 0, 0);
	case 7: usleep(300000); return error != -2 ? end(STATUS_WRONG) : sbi(LDBT_SBI_DBCN, 1, 8, 0x80000010);
	case 8: return error || value != 1 || ram[0x10] != 'k' ? end(STATUS_WRONG) : sbi(LDBT_SBI_GETCHAR, 0, 0, 0);
	case 9: return error != -1 ? end(STATUS_WRONG) : sbi(0x777, 0, 0, 0);
	default: return end(error == -2 ? 8 : STATUS_WRONG);
	}
}

static int run_broken(void)
{
	return -EIO;
}

static const struct {
	const char *name;
	int (*run)(void);
} guests[] = {
	{ "hello", run_hello },	     { "fail", run_fail },
	{ "fail256", run_fail_256 }, { "spin", run_spin },
	{ "flood", run_flood },	     { "echo", run_echo },
	{ "restart", run_restart },  { "strange", run_strange },
	{ "error", run_error },	     { "shutdown", run_shutdown },
	{ "reason", run_reason },    { "tohost", run_tohost },
	{ "start", run_start },	     { "broken", run_broken },
	{ "start_s", run_start_s },  { "start_bios", run_start_bios },
	{ "sbi", run_sbi },
};

/* ---- the calls ---- */

static int is_fake(const char *name)
{
	const char *wanted = getenv("FAKE_GUEST");

	return wanted && !strcmp(wanted, name);
}

int api_open(const char *path)
{
	(void)path;
	return is_fake("absent") ? -ENOENT : is_fake("forbidden") ? -EACCES : FD;
}

int api_version(int sys_fd)
{
	(void)sys_fd;
	return is_fake("version") ? 99 : LDBT_API_VERSION;
}

int api_create_vm(int sys_fd, uint32_t guest)
{
	(void)sys_fd;
	(void)guest;
	usleep(20000); /* as slow as the module: input that waits is there first */
	power_ons++;
	has_sbi = 0;
	step = 0;
	return is_fake("unable") ? -EOPNOTSUPP : FD + 1;
}

int api_set_memory(int vm_fd, uint32_t slot, uint64_t gpa, void *at, uint64_t size_bytes)
{
	(void)vm_fd;
	(void)slot;
	(void)gpa;
	(void)size_bytes;
	ram = at;
	return is_fake("memory") ? -ENOMEM : 0;
}

int api_create_vcpu(int vm_fd, uint32_t hartid)
{
	(void)vm_fd;
	(void)hartid;
	return FD + 2;
}

int api_set_sbi(int vm_fd)
{
	(void)vm_fd;
	has_sbi = !is_fake("no_sbi");
	return has_sbi ? 0 : -ENOTTY;
}

int api_irq_line(int vm_fd, uint32_t irq, uint32_t level)
{
	(void)vm_fd;
	(void)irq;
	(void)level;
	return 0;
}

int api_irqfd(int vm_fd, int fd, uint32_t irq, uint32_t flags)
{
	(void)vm_fd;
	if (irq < FAKE_IRQS)
		fake_calls.irq_fd[irq] = flags & LDBT_IRQFD_DEASSIGN ? -1 : fd;
	return 0;
}

int api_doorbell(int vm_fd, int fd, uint64_t gpa, uint32_t value, uint32_t flags)
{
	(void)vm_fd;
	(void)fd;
	(void)gpa;
	(void)value;
	fake_calls.doorbells += flags & LDBT_IOEVENTFD_DEASSIGN ? -1 : 1;
	return 0;
}

int api_mem_written(int vm_fd, uint64_t gpa, uint64_t len_bytes)
{
	(void)vm_fd;
	fake_calls.written++;
	fake_calls.written_gpa = gpa;
	fake_calls.written_bytes = len_bytes;
	if (fake_calls.on_written)
		fake_calls.on_written();
	return 0;
}

int api_map_code(int vm_fd, uint64_t ram_bytes, const volatile uint8_t **map)
{
	uint8_t *bytes = calloc(1, LDBT_CODE_MAP_BYTES(ram_bytes));

	(void)vm_fd;
	*map = bytes;
	return bytes ? 0 : -ENOMEM;
}

void api_unmap_code(const volatile uint8_t *map, uint64_t ram_bytes)
{
	(void)ram_bytes;
	free((void *)(uintptr_t)map);
}

int api_get_stats(int fd, struct ldbt_stats *stats)
{
	(void)fd;
	*stats = (struct ldbt_stats){ .enters = 5, .translated_insns = 200, .translated_by_rule = 150 };
	stats->leaves[2] = 1ULL << 60; /* a double would do; 2^60 + 1 would not */
	stats->leaves[2]++;
	return 0;
}

int api_map_run(int vcpu_fd, struct ldbt_run **run)
{
	(void)vcpu_fd;
	memset(&run_page, 0, sizeof(run_page));
	*run = &run_page;
	return 0;
}

void api_unmap_run(struct ldbt_run *run)
{
	(void)run;
}

int api_run(int vcpu_fd)
{
	unsigned int i;

	(void)vcpu_fd;
	if (run_page.immediate_exit)
		return -EINTR;
	step++;
	for (i = 0; i < sizeof(guests) / sizeof(guests[0]); i++)
		if (is_fake(guests[i].name))
			return guests[i].run();
	return -EIO;
}

int api_set_reg(int vcpu_fd, uint64_t id, uint64_t value)
{
	(void)vcpu_fd;
	if (id - LDBT_REG_CORE < sizeof(regs) / sizeof(regs[0]))
		regs[id - LDBT_REG_CORE] = value;
	return 0;
}

void api_close(int fd)
{
	if (fd >= 0 && fd < FD)
		close(fd);
}
