// SPDX-License-Identifier: GPL-2.0-only
/* guest.c: a bare-metal program that counts interrupts: external ones of the UART through the PLIC, the timer's, and its
 * own. Registers and expectations are those of QEMU's virt board (PLIC specification 1.0.0, PC16550D data sheet).
 * Next file: entry.S. */
#include "rt.h"

#define REG32(gpa)	(*(volatile uint32_t *)(gpa))
#define REG64(gpa)	(*(volatile uint64_t *)(gpa))
#define UART(reg)	(*(volatile uint8_t *)(0x10000000UL + (reg)))
#define PRIORITY(irq)	REG32(0xc000000UL + 4 * (irq))
#define PENDING(irq)	(REG32(0xc001000UL) >> (irq)&1)
#define ENABLE(mode)	REG32(0xc002000UL + 0x80 * (mode))
#define THRESHOLD(mode) REG32(0xc200000UL + 0x1000 * (mode))
#define CLAIM(mode)	REG32(0xc200004UL + 0x1000 * (mode))
#define MSIP		REG32(0x2000000UL)
#define MTIMECMP	REG64(0x2004000UL)
#define MTIMECMP_LO	REG32(0x2004000UL)
#define MTIMECMP_HI	REG32(0x2004004UL)
#define MTIME		REG64(0x200bff8UL)

#define csr_read(name)                                                                                                 \
	({                                                                                                             \
		uint64_t value_;                                                                                       \
		__asm__ volatile("csrr %0, " #name : "=r"(value_)::"memory");                                          \
		value_;                                                                                                \
	})
#define csr_write(name, value) __asm__ volatile("csrw " #name ", %0" ::"r"((uint64_t)(value)) : "memory")
#define csr_set(name, bits)    __asm__ volatile("csrs " #name ", %0" ::"r"((uint64_t)(bits)) : "memory")
#define csr_clear(name, bits)  __asm__ volatile("csrc " #name ", %0" ::"r"((uint64_t)(bits)) : "memory")

enum {
	M = 0,
	S = 1, /* contexts of hart 0 */
	UART_IRQ = 10,
	RBR = 0,
	IER = 1,
	IIR = 2,
	MCR = 4,
	IER_RX = 1,
	IER_TX_EMPTY = 2,
	MCR_LOOP = 0x10,
	SSI = 1 << 1,
	MSI = 1 << 3,
	MTI = 1 << 7,
	SEI = 1 << 9,
	MEI = 1 << 11,
	MSTATUS_SIE = 1 << 1,
	MSTATUS_MIE = 1 << 3,
	MSTATUS_MPP = 3 << 11,
	CAUSE_ECALL_S = 9,
	COUNT = 10000,
	SOON = 100000, /* ticks of 100 ns within which everything has happened */
};

#define IRQ_BIT (1ULL << 63)
#define NEVER	(~0ULL)

void irq_entry_m(void);
void irq_entry_s(void);
void irq_call_s(void (*function)(void));
void irq_back_in_m(void);
void irq_handle_m(uint64_t cause, uint64_t pc, uint64_t tval);
void irq_handle_s(uint64_t cause, uint64_t pc, uint64_t tval);
int main(void);

static int passed, failed;

static void check(const char *name, uint64_t found, uint64_t wanted)
{
	if (found == wanted) {
		passed++;
		return;
	}
	failed++;
	rt_printf("FAIL: %s: %lu, expected %lu\n", name, found, wanted);
}

/* ---- handlers ---- */

static volatile struct {
	uint64_t externals, timers, softs;
	uint32_t source;  /* last claimed */
	uint8_t iir, rbr; /* as the handler read them */
	uint32_t leave;	  /* external interrupts whose cause is left alone */
	uint64_t rearm;	  /* timer interrupts yet to come */
} seen;

static void handle_external(int mode)
{
	seen.externals++;
	seen.source = CLAIM(mode);
	if (seen.leave) {
		seen.leave--;
	} else {
		seen.iir = UART(IIR);
		seen.rbr = UART(RBR);
		UART(IER) = 0;
	}
	CLAIM(mode) = seen.source;
}

/* Deadlines near and far, past ones, and one written in halves. */
static void rearm_timer(uint64_t number)
{
	uint64_t now = MTIME;

	switch (number % 8) {
	case 0: MTIMECMP = now; break;
	case 1: MTIMECMP = 0; break;
	case 2: MTIMECMP = now + 1; break;
	case 3: MTIMECMP = now + number % 97; break;
	case 4:
		MTIMECMP_LO = ~0U;
		MTIMECMP_HI = (uint32_t)((now + 20) >> 32);
		MTIMECMP_LO = (uint32_t)(now + 20);
		break;
	case 5:
		MTIMECMP = now + SOON;
		MTIMECMP = now + 10;
		break;
	case 6:
		MTIMECMP = now;
		MTIMECMP = now + 30;
		break;
	default: MTIMECMP = now + 200;
	}
}

static void handle_timer(void)
{
	seen.timers++;
	if (!seen.rearm) {
		MTIMECMP = NEVER;
		return;
	}
	seen.rearm--;
	rearm_timer(seen.timers);
}

void irq_handle_m(uint64_t cause, uint64_t pc, uint64_t tval)
{
	switch (cause) {
	case IRQ_BIT | 11: handle_external(M); break;
	case IRQ_BIT | 7: handle_timer(); break;
	case IRQ_BIT | 3:
		seen.softs++;
		MSIP = 0;
		break;
	case CAUSE_ECALL_S:
		csr_write(mepc, irq_back_in_m);
		csr_set(mstatus, MSTATUS_MPP);
		break;
	default: rt_trap(cause, pc, tval);
	}
}

void irq_handle_s(uint64_t cause, uint64_t pc, uint64_t tval)
{
	if (cause != (IRQ_BIT | 9))
		rt_trap(cause, pc, tval);
	handle_external(S);
}

/* ---- waiting ---- */

/* Interrupts are off between the look and wfi, which they end all the same. */
static void sleep_below(const volatile uint64_t *count, uint64_t wanted)
{
	csr_clear(mstatus, MSTATUS_MIE);
	if (*count < wanted)
		__asm__ volatile("wfi");
	csr_set(mstatus, MSTATUS_MIE);
}

/* true: *count reached wanted within a second. A sleeper that nobody wakes is ended by the run's time limit. */
static int wait_for(const volatile uint64_t *count, uint64_t wanted, int sleeps)
{
	uint64_t end = MTIME + 100 * SOON;

	while (*count < wanted && MTIME < end)
		if (sleeps)
			sleep_below(count, wanted);
	return *count >= wanted;
}

/* Long enough for an interrupt that must not come. */
static void wait_a_little(void)
{
	uint64_t end = MTIME + 1000;

	while (MTIME < end)
		;
}

static void forget(void)
{
	seen.externals = seen.timers = seen.softs = 0;
	seen.source = 0;
}

/* ---- external interrupts ---- */

static void test_transmitter(void)
{
	forget();
	UART(IER) = IER_TX_EMPTY;
	check("THR empty: interrupt", wait_for(&seen.externals, 1, 0), 1);
	check("THR empty: source", seen.source, UART_IRQ);
	check("THR empty: IIR", seen.iir & 0xf, 2);
	wait_a_little();
	check("THR empty: once", seen.externals, 1);
}

static void test_receiver(void)
{
	forget();
	UART(MCR) = MCR_LOOP;
	UART(IER) = IER_RX;
	UART(RBR) = 'k';
	check("received byte: interrupt", wait_for(&seen.externals, 1, 0), 1);
	check("received byte: IIR", seen.iir & 0xf, 4);
	check("received byte", seen.rbr, 'k');
	UART(MCR) = 0;
	wait_a_little();
	check("received byte: once", seen.externals, 1);
}

static void test_masks(void)
{
	forget();
	THRESHOLD(M) = 1;
	UART(IER) = IER_TX_EMPTY;
	wait_a_little();
	check("threshold: no interrupt", seen.externals, 0);
	check("threshold: mip.MEIP", csr_read(mip) & MEI, 0);
	check("threshold: pending", PENDING(UART_IRQ), 1);
	csr_clear(mie, MEI);
	THRESHOLD(M) = 0;
	check("mie.MEIE clear: mip.MEIP", csr_read(mip) & MEI, MEI);
	wait_a_little();
	check("mie.MEIE clear: no interrupt", seen.externals, 0);
	csr_set(mie, MEI);
	check("unmasked: interrupt", wait_for(&seen.externals, 1, 0), 1);
	check("served: mip.MEIP", csr_read(mip) & MEI, 0);
}

/* With interrupts off: what the registers say. */
static void test_claim(void)
{
	csr_clear(mstatus, MSTATUS_MIE);
	UART(IER) = IER_TX_EMPTY;
	check("claim", CLAIM(M), UART_IRQ);
	check("claim: pending falls", PENDING(UART_IRQ), 0);
	check("claim: mip.MEIP falls", csr_read(mip) & MEI, 0);
	check("claim again", CLAIM(M), 0);
	UART(IER) = 0;
	CLAIM(M) = UART_IRQ;
	check("completed: pending", PENDING(UART_IRQ), 0);
	csr_set(mstatus, MSTATUS_MIE);
}

/* The level is still high when the interrupt is completed. */
static void test_level(void)
{
	forget();
	seen.leave = 2;
	UART(IER) = IER_TX_EMPTY;
	check("level: again", wait_for(&seen.externals, 3, 0), 1);
	wait_a_little();
	check("level: until it falls", seen.externals, 3);
}

static void in_s_mode(void)
{
	csr_set(sie, SEI);
	csr_set(sstatus, MSTATUS_SIE);
	UART(IER) = IER_TX_EMPTY;
	while (!seen.externals)
		;
	csr_clear(sie, SEI);
}

static void test_s_mode(void)
{
	forget();
	ENABLE(M) = 0;
	ENABLE(S) = 1 << UART_IRQ;
	THRESHOLD(S) = 0;
	csr_set(mideleg, SEI);
	csr_write(stvec, irq_entry_s);
	irq_call_s(in_s_mode);
	check("S-mode: interrupt", seen.externals, 1);
	check("S-mode: source", seen.source, UART_IRQ);
	check("S-mode: mip.SEIP afterwards", csr_read(mip) & SEI, 0);
	ENABLE(S) = 0;
	csr_clear(mideleg, SEI);
}

/* priv machine "Machine Interrupt (mip and mie) Registers": csrrs and csrrc of mip do not write SEIP's line back. The
 * interrupt is enabled for no mode here. */
static void test_seip(void)
{
	ENABLE(M) = 0;
	ENABLE(S) = 1 << UART_IRQ;
	UART(IER) = IER_TX_EMPTY;
	csr_set(mip, SSI);
	check("SEIP: line and SSIP", csr_read(mip) & (SEI | SSI), SEI | SSI);
	csr_clear(mip, SSI);
	check("SEIP: line alone", csr_read(mip) & (SEI | SSI), SEI);
	check("SEIP: claim", CLAIM(S), UART_IRQ);
	check("SEIP: claimed", csr_read(mip) & (SEI | SSI), 0);
	csr_set(mip, SEI);
	UART(IER) = 0;
	CLAIM(S) = UART_IRQ;
	check("SEIP: the bit that is written", csr_read(mip) & SEI, SEI);
	UART(IER) = IER_TX_EMPTY;
	csr_clear(mip, SEI);
	check("SEIP: written bit clear, line high", csr_read(mip) & SEI, SEI);
	UART(IER) = 0;
	check("SEIP: claim again", CLAIM(S), UART_IRQ);
	CLAIM(S) = UART_IRQ;
	check("SEIP: nothing left", csr_read(mip) & SEI, 0);
	ENABLE(S) = 0;
	ENABLE(M) = 1 << UART_IRQ;
}

static void test_external(void)
{
	PRIORITY(UART_IRQ) = 1;
	THRESHOLD(M) = 0;
	ENABLE(M) = 1 << UART_IRQ;
	csr_set(mie, MEI);
	test_transmitter();
	test_receiver();
	test_masks();
	test_claim();
	test_level();
	test_seip();
	test_s_mode();
	csr_clear(mie, MEI);
}

/* ---- timer ---- */

static void test_timer_count(const char *name, int sleeps)
{
	forget();
	seen.rearm = COUNT - 1;
	MTIMECMP = MTIME + 10;
	while (seen.timers < COUNT && wait_for(&seen.timers, seen.timers + 1, sleeps))
		;
	check(name, seen.timers, COUNT);
	wait_a_little();
	check("timer: none too many", seen.timers, COUNT);
}

/* The CSR and the device's register are one time, whoever answers: it never goes back, and what an alarm waits for has come
 * when its line is high. */
static void test_time_agrees(void)
{
	uint64_t before = csr_read(time), end = before + 100 * SOON, now, back = 0, early = 0;

	for (int i = 0; i < 20000; i++) {
		now = i & 1 ? MTIME : csr_read(time);
		back += now < before;
		before = now;
	}
	check("time: steps back", back, 0);
	/* The host changes scale and offset ten times a second, in the midst of some reading. */
	for (back = 0; before < end; before = now) {
		now = csr_read(time);
		back += now < before;
	}
	check("time: steps back in a row of readings", back, 0);
	for (int i = 0; i < 200; i++) {
		MTIMECMP = before = csr_read(time) + 300 + i;
		while (!(csr_read(mip) & MTI))
			;
		early += csr_read(time) < before;
	}
	MTIMECMP = NEVER;
	check("time: line high before its time", early, 0);
	MTIME = before = csr_read(time) + 1000000000;
	now = csr_read(time);
	check("time: set ahead", now >= before && now < before + SOON * 100UL, 1);
	MTIME = before = 5;
	now = csr_read(time);
	check("time: set back", now >= before && now < before + SOON * 100UL, 1);
}

static void test_timer_edges(void)
{
	uint64_t now;

	csr_clear(mie, MTI);
	MTIMECMP = NEVER;
	check("mtimecmp never: mip.MTIP", csr_read(mip) & MTI, 0);
	MTIMECMP = 0;
	check("mtimecmp 0: mip.MTIP", csr_read(mip) & MTI, MTI);
	MTIMECMP = 1ULL << 63;
	check("mtimecmp 2^63: mip.MTIP", csr_read(mip) & MTI, 0);
	MTIMECMP = NEVER - 1;
	check("mtimecmp near the end: mip.MTIP", csr_read(mip) & MTI, 0);
	check("mtimecmp is kept", MTIMECMP == NEVER - 1 && MTIMECMP_HI == ~0U && MTIMECMP_LO == ~0U - 1, 1);
	now = MTIME;
	MTIMECMP = now + SOON;
	MTIME = now + 2 * SOON;
	check("mtime behind mtimecmp: mip.MTIP", csr_read(mip) & MTI, MTI);
	MTIME = now;
	check("mtime set back: mip.MTIP", csr_read(mip) & MTI, 0);
	check("mtime goes on from there", MTIME - now < SOON, 1);
	MTIMECMP = NEVER;
	csr_set(mie, MTI);
}

/* An alarm that is set when mtime jumps comes at its new time. */
static void test_timer_jump(void)
{
	uint64_t now = MTIME;

	forget();
	MTIMECMP = now + 1000 * SOON;
	MTIME = now + 1000 * SOON - 100;
	check("alarm after a jump", wait_for(&seen.timers, 1, 1), 1);
}

/* A day before mtime wraps all 64 bits of it count, and alarms come. */
static void test_timer_late(void)
{
	const uint64_t late = NEVER - 24 * 3600 * 10000000ULL;

	forget();
	MTIMECMP = NEVER;
	MTIME = late;
	check("late mtime", MTIME - late < SOON, 1);
	MTIMECMP = late + 1000;
	check("alarm of a late mtime", wait_for(&seen.timers, 1, 1), 1);
	check("alarm of a late mtime: not before", MTIME - late >= 1000, 1);
	wait_a_little();
	check("alarm of a late mtime: once", seen.timers, 1);
	MTIME = 0;
	check("mtime set to 0", MTIME < SOON, 1);
}

static void test_timer(void)
{
	test_time_agrees();
	csr_set(mie, MTI);
	test_timer_count("timer interrupts of a loop", 0);
	test_timer_count("timer interrupts of a sleeper", 1);
	test_timer_edges();
	test_timer_jump();
	test_timer_late();
	csr_clear(mie, MTI);
}

/* ---- its own ---- */

static void test_soft(void)
{
	uint64_t i;

	forget();
	csr_set(mie, MSI);
	for (i = 1; i <= COUNT; i++) {
		MSIP = 1;
		if (!wait_for(&seen.softs, i, i & 1))
			break;
	}
	check("software interrupts", seen.softs, COUNT);
	check("msip", MSIP, 0);
	csr_clear(mie, MSI);
	MSIP = 2;
	check("msip keeps bit 0 only", MSIP, 0);
	MSIP = ~0U;
	check("msip set", MSIP, 1);
	check("mip.MSIP", csr_read(mip) & MSI, MSI);
	MSIP = 0;
	check("mip.MSIP falls", csr_read(mip) & MSI, 0);
}

int main(void)
{
	csr_write(mtvec, irq_entry_m);
	csr_write(mie, 0);
	csr_write(pmpaddr0, ~0ULL); /* all memory for S-mode, where there are entries */
	csr_write(pmpcfg0, 0x1f);
	csr_set(mstatus, MSTATUS_MIE);
	test_external();
	test_timer();
	test_soft();
	rt_printf("irq-guest: %d passed, %d failed, 0 skipped\n", passed, failed);
	return failed ? 1 : 0;
}
