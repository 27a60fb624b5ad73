// SPDX-License-Identifier: GPL-2.0-only
/* keys.c: a guest that does what each byte of its input says, for tests of ldbtctl with the module. */
#include "rt.h"

#define UART_RBR      ((volatile uint8_t *)0x10000000)
#define UART_SCRATCH  ((volatile uint8_t *)0x10000007)
#define UART_LSR      ((volatile uint8_t *)0x10000005)
#define LSR_READY     0x01
#define UART_IER      ((volatile uint8_t *)0x10000001)
#define PLIC_PRIORITY ((volatile uint32_t *)0xc000000)
#define PLIC_ENABLE   ((volatile uint32_t *)0xc002000) /* of hart 0 in M-mode */
#define PLIC_CLAIM    ((volatile uint32_t *)0xc200004)
#define CLINT_MSIP    ((volatile uint32_t *)0x2000000)
#define FINISHER      ((volatile uint32_t *)0x100000)
#define NOWHERE	      ((volatile uint32_t *)0x5000)
#define FDT_MAGIC     0xedfe0dd0 /* as a little-endian load sees it */

enum { STATUS_FAIL = 42, UART_IRQ = 10, IER_RX = 1, MIE_MEIE = 1 << 11, MIE_MSIE = 1 << 3 };

int main(uint64_t hart, const uint32_t *tree);

/* Of .data: memory that a restart must bring back to the file's content. */
static volatile uint32_t runs = 1;

static uint32_t by_interrupt, wakes;

/* Interrupts stay off in mstatus: wfi ends by a pending one all the same. */
static void sleep_until_key(void)
{
	__asm__ volatile("wfi" ::: "memory");
	wakes++;
}

static uint8_t read_key_by_interrupt(void)
{
	uint32_t source;
	uint8_t key;

	while (!(source = *PLIC_CLAIM))
		sleep_until_key();
	key = *UART_RBR;
	*PLIC_CLAIM = source;
	return key;
}

static void start_interrupts(void)
{
	PLIC_PRIORITY[UART_IRQ] = 1;
	*PLIC_ENABLE = 1 << UART_IRQ;
	*UART_IER = IER_RX;
	__asm__ volatile("csrs mie, %0" ::"r"((uint64_t)MIE_MEIE));
	by_interrupt = 1;
	rt_printf("by interrupt\n");
}

/* Steps over the instruction of an exception; masks interrupts. */
__asm__("	.balign	4\n"
	"keys_trap:\n"
	"	csrw	mscratch, t0\n"
	"	csrr	t0, mcause\n"
	"	bltz	t0, 1f\n"
	"	csrr	t0, mepc\n"
	"	addi	t0, t0, 4\n"
	"	csrw	mepc, t0\n"
	"	j	2f\n"
	"1:	csrw	mie, zero\n"
	"2:	csrr	t0, mscratch\n"
	"	mret\n");
void keys_trap(void);

static uint32_t made[2]; /* li a0, N; ret */

static uint64_t make_function(uint32_t n)
{
	made[0] = n << 20 | 10 << 7 | 0x13;
	made[1] = 0x00008067;
	__asm__ volatile("fence.i" ::: "memory");
	return ((uint64_t(*)(void))made)();
}

/* An exception, an interrupt, and code that is written anew. */
static void all_events(void)
{
	uint64_t old;

	__asm__ volatile("csrrw %0, mtvec, %1" : "=r"(old) : "r"(keys_trap));
	__asm__ volatile(".word 0xc0001073"); /* unimp */
	__asm__ volatile("csrs mie, %0" ::"r"(MIE_MSIE));
	*CLINT_MSIP = 1;
	__asm__ volatile("csrsi mstatus, 8; nop; csrci mstatus, 8" ::: "memory");
	*CLINT_MSIP = 0;
	__asm__ volatile("csrw mtvec, %0" ::"r"(old));
	rt_printf("made %lu %lu\n", make_function(1), make_function(2));
}

static uint8_t read_key(void)
{
	if (by_interrupt)
		return read_key_by_interrupt();
	while (!(*UART_LSR & LSR_READY))
		;
	return *UART_RBR;
}

static void restart(void)
{
	runs++;
	*UART_SCRATCH = 1;
	*FINISHER = 0x7777;
	for (;;)
		;
}

static void spin(void)
{
	for (;;)
		;
}

static void wait(void)
{
	for (;;)
		__asm__ volatile("wfi");
}

int main(uint64_t hart, const uint32_t *tree)
{
	rt_printf("ready hart %lu tree %s runs %u scratch %u\n", hart, *tree == FDT_MAGIC ? "ok" : "missing", runs,
		  *UART_SCRATCH);
	for (;;) {
		uint8_t key = read_key();

		switch (key) {
		case 'q': return 0;
		case 'f': return STATUS_FAIL;
		case 'r': restart(); break;
		case 's':
			rt_printf("spins\n");
			spin();
			break;
		case 'w':
			rt_printf("waits\n");
			wait();
			break;
		case 'i': start_interrupts(); break;
		case 'c': rt_printf("wakes %u.\n", wakes); break;
		case 'e': all_events(); break;
		case 'n': rt_printf("%u\n", *NOWHERE); break;
		default: rt_printf("<%x>", key);
		}
	}
}
