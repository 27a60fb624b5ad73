// SPDX-License-Identifier: GPL-2.0-only
/* keys.c: a guest that does what each byte of its input says, for tests of ldbtctl with the module. */
#include "rt.h"

#define UART_RBR     ((volatile uint8_t *)0x10000000)
#define UART_SCRATCH ((volatile uint8_t *)0x10000007)
#define UART_LSR     ((volatile uint8_t *)0x10000005)
#define LSR_READY    0x01
#define FINISHER     ((volatile uint32_t *)0x100000)
#define NOWHERE	     ((volatile uint32_t *)0x5000)
#define FDT_MAGIC    0xedfe0dd0 /* as a little-endian load sees it */

enum { STATUS_FAIL = 42 };

int main(uint64_t hart, const uint32_t *tree);

/* Of .data: memory that a restart must bring back to the file's content. */
static volatile uint32_t runs = 1;

static uint8_t read_key(void)
{
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
		case 'n': rt_printf("%u\n", *NOWHERE); break;
		default: rt_printf("<%x>", key);
		}
	}
}
