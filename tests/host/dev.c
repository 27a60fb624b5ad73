// SPDX-License-Identifier: GPL-2.0-only
/* dev.c: UART (ns16550a), CLINT and finisher at the addresses of QEMU's virt board, with what bare-metal programs use.
 * Runs in the fault handler too: only calls that are safe there (write, read, poll, clock_gettime, timer_settime).
 * Next file: fault.c. */
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "machine.h"
#include "csr.h"
#include "trap.h"

enum {
	FINISHER_ADDR = 0x100000,
	FINISHER_BYTES = 0x1000,
	FINISHER_PASS = 0x5555,
	FINISHER_FAIL = 0x3333, /* upper half: exit code */
	CLINT_ADDR = 0x2000000,
	CLINT_BYTES = 0x10000,
	CLINT_MSIP = 0,
	CLINT_MTIMECMP = 0x4000,
	CLINT_MTIME = 0xbff8,
	UART_ADDR = 0x10000000,
	UART_BYTES = 8,
	UART_DATA = 0,
	UART_IER = 1,
	UART_IIR = 2,
	UART_LCR = 3,
	UART_MCR = 4,
	UART_LSR = 5,
	UART_MSR = 6,
	UART_LCR_DLAB = 0x80,
	UART_LSR_READY = 0x01,
	UART_LSR_EMPTY = 0x60,
	UART_IIR_NONE = 1,
	WAIT_MS_MAX = 10,
	NS_PER_TICK = 1000 / MACHINE_TICKS_PER_US,
};

static u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000000000 + (u64)ts.tv_nsec;
}

u64 dev_time(struct machine *m)
{
	if (m->opt.check)
		return m->frozen_time;
	return now_ns() / NS_PER_TICK - m->time_offset;
}

/* ---- interrupt lines ---- */

void dev_poll(struct machine *m)
{
	u64 lines = 0;

	if (dev_time(m) >= m->mtimecmp)
		lines |= 1ULL << IRQ_M_TIMER;
	if (m->msip)
		lines |= 1ULL << IRQ_M_SOFT;
	csr_set_lines(&m->g, 1ULL << IRQ_M_TIMER | 1ULL << IRQ_M_SOFT, lines);
}

/* The signal of the timer kicks the hart when mtime reaches mtimecmp; a time far ahead needs none. */
static void arm_timer(struct machine *m)
{
	struct itimerspec its = { { 0, 0 }, { 0, 0 } };
	u64 ns = (m->mtimecmp + m->time_offset) * NS_PER_TICK;

	if (m->opt.check || m->opt.interp)
		return; /* these look at the time themselves */
	if (m->mtimecmp < ~0ULL / NS_PER_TICK - m->time_offset && m->mtimecmp > dev_time(m)) {
		its.it_value.tv_sec = (time_t)(ns / 1000000000);
		its.it_value.tv_nsec = (long)(ns % 1000000000);
	}
	timer_settime(m->timer, TIMER_ABSTIME, &its, NULL);
}

int dev_start(struct machine *m)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };

	m->con.rx = -1;
	m->mtimecmp = ~0ULL;
	m->time_offset = now_ns() / NS_PER_TICK;
	if (timer_create(CLOCK_MONOTONIC, &ev, &m->timer)) {
		perror("ldbt-bare: timer_create");
		return -ENOMEM;
	}
	return 0;
}

void dev_wait(struct machine *m)
{
	struct timespec ts = { 0, WAIT_MS_MAX * 1000000 };
	u64 now = dev_time(m);

	dev_flush(m);
	if (m->opt.check) {
		m->frozen_time += 1000;
		return;
	}
	if (m->mtimecmp - now < WAIT_MS_MAX * 1000 * MACHINE_TICKS_PER_US && m->mtimecmp > now)
		ts.tv_nsec = (long)(m->mtimecmp - now) * NS_PER_TICK;
	nanosleep(&ts, NULL);
}

/* ---- console ---- */

void dev_flush(struct machine *m)
{
	u32 done = 0;

	while (done < m->con.used) {
		ssize_t n = write(STDOUT_FILENO, m->con.out + done, m->con.used - done);

		if (n <= 0)
			break; /* nobody reads: the machine goes on */
		done += (u32)n;
	}
	m->con.used = 0;
}

static void console_put(struct machine *m, u8 c)
{
	m->con.out[m->con.used++] = (char)c;
	if (c == '\n' || m->con.used == CONSOLE_BYTES)
		dev_flush(m);
}

static bool console_ready(struct machine *m)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	u8 c;

	if (m->con.rx < 0 && poll(&p, 1, 0) == 1 && (p.revents & POLLIN) && read(STDIN_FILENO, &c, 1) == 1)
		m->con.rx = c;
	return m->con.rx >= 0;
}

static u8 uart_read(struct machine *m, u32 reg)
{
	u8 c;

	if ((m->con.reg[UART_LCR] & UART_LCR_DLAB) && reg <= UART_IER)
		return m->con.divisor[reg];
	switch (reg) {
	case UART_DATA:
		c = console_ready(m) ? (u8)m->con.rx : 0;
		m->con.rx = -1;
		return c;
	case UART_IIR: return UART_IIR_NONE;
	case UART_LSR: return UART_LSR_EMPTY | (console_ready(m) ? UART_LSR_READY : 0);
	case UART_MSR: return 0;
	default: return m->con.reg[reg];
	}
}

static void uart_write(struct machine *m, u32 reg, u8 value)
{
	if ((m->con.reg[UART_LCR] & UART_LCR_DLAB) && reg <= UART_IER)
		m->con.divisor[reg] = value;
	else if (reg == UART_DATA)
		console_put(m, value);
	else
		m->con.reg[reg] = value;
}

/* ---- the other two ---- */

void machine_stop(struct machine *m, int status)
{
	if (!m->is_stopped) {
		m->is_stopped = 1;
		m->exit_status = status;
	}
	m->frame.kick = 1;
}

static void finisher_write(struct machine *m, u32 value)
{
	if ((value & 0xffff) == FINISHER_PASS)
		machine_stop(m, 0);
	else if ((value & 0xffff) == FINISHER_FAIL)
		machine_stop(m, (value >> 16 & 0xff) ? (int)(value >> 16 & 0xff) : 1);
}

/* Part of a 64-bit register; `off` within it. */
static u64 merge(u64 old, u32 off, u32 size_bytes, u64 value)
{
	u64 mask = (size_bytes == 8 ? ~0ULL : 0xffffffffULL) << (off * 8);

	return (old & ~mask) | (value << (off * 8) & mask);
}

static int clint_access(struct machine *m, u32 off, u32 size_bytes, bool is_store, u64 *value)
{
	u64 reg = 0;

	if (size_bytes < 4)
		return 1;
	if (off < 4)
		reg = m->msip;
	else if ((off & ~7U) == CLINT_MTIMECMP)
		reg = m->mtimecmp;
	else if ((off & ~7U) == CLINT_MTIME)
		reg = dev_time(m);
	if (!is_store) {
		*value = reg >> ((off & 7) * 8);
		return 0;
	}
	reg = merge(reg, off & 7, size_bytes, *value);
	if (off < 4)
		m->msip = reg & 1;
	else if ((off & ~7U) == CLINT_MTIMECMP)
		m->mtimecmp = reg;
	else if ((off & ~7U) == CLINT_MTIME)
		m->time_offset += dev_time(m) - reg;
	arm_timer(m);
	dev_poll(m);
	m->frame.kick = 1;
	return 0;
}

static int access_device(struct machine *m, gva_t addr, u32 size_bytes, bool is_store, u64 *value)
{
	if (addr - UART_ADDR < UART_BYTES && size_bytes <= UART_BYTES) {
		if (is_store)
			uart_write(m, (u32)(addr - UART_ADDR), (u8)*value);
		else
			*value = uart_read(m, (u32)(addr - UART_ADDR));
		return 0;
	}
	if (addr - CLINT_ADDR < CLINT_BYTES)
		return clint_access(m, (u32)(addr - CLINT_ADDR), size_bytes, is_store, value);
	if (addr - FINISHER_ADDR < FINISHER_BYTES && size_bytes == 4) {
		if (is_store && addr == FINISHER_ADDR)
			finisher_write(m, (u32)*value);
		else
			*value = 0;
		return 0;
	}
	return 1;
}

/* 0, or an access fault's cause: no device there, or the access is misaligned or of a wrong size. */
int dev_access(struct machine *m, gva_t addr, u32 size_bytes, bool is_store, u64 *value)
{
	int cause = is_store ? CAUSE_STORE_ACCESS : CAUSE_LOAD_ACCESS;
	u64 mask = size_bytes == 8 ? ~0ULL : (1ULL << (size_bytes * 8)) - 1;

	if (is_store)
		*value &= mask;
	if ((addr & (size_bytes - 1)) || access_device(m, addr, size_bytes, is_store, value))
		return cause;
	if (!is_store)
		*value &= mask;
	m->stats.mmio++;
	if (m->log && m->nlog < MACHINE_LOG_MAX)
		m->log[m->nlog++] = (struct mmio_log){ addr, *value, size_bytes, is_store, 0 };
	return 0;
}
