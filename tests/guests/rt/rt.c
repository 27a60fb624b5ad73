// SPDX-License-Identifier: GPL-2.0-only
/* rt.c: UART, printf and the end of the machine for bare-metal guests. Next file: mem.c. */
#include <stdarg.h>

#include "rt.h"

/* QEMU's virt machine: ns16550a with byte registers; the finisher of hw/misc/sifive_test */
#define UART_THR      ((volatile uint8_t *)0x10000000)
#define UART_LSR      ((volatile uint8_t *)0x10000005)
#define UART_LSR_THRE 0x20 /* transmitter holding register empty */
#define FINISHER      ((volatile uint32_t *)0x100000)
#define FINISHER_PASS 0x5555
#define FINISHER_FAIL 0x3333 /* status in the upper half */

void rt_putc(int c)
{
	while (!(*UART_LSR & UART_LSR_THRE))
		;
	*UART_THR = (uint8_t)c;
}

static void put_text(const char *text)
{
	while (*text)
		rt_putc(*text++);
}

static void put_number(uint64_t value, unsigned int base, int width, char pad)
{
	char digit[24];
	int n = 0;

	do {
		digit[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (width-- > n)
		rt_putc(pad);
	while (n > 0)
		rt_putc(digit[--n]);
}

static void put_signed(int64_t value, int width, char pad)
{
	if (value < 0) {
		rt_putc('-');
		put_number(-(uint64_t)value, 10, width - 1, pad);
	} else {
		put_number((uint64_t)value, 10, width, pad);
	}
}

/* One conversion behind '%'; returns the format behind it. */
static const char *put_conversion(const char *f, va_list *args)
{
	char pad = ' ';
	int width = 0, is_long = 0;

	if (*f == '0')
		pad = *f++;
	while (*f >= '0' && *f <= '9')
		width = width * 10 + (*f++ - '0');
	for (; *f == 'l'; f++)
		is_long = 1;
	if (*f == 's')
		put_text(va_arg(*args, const char *));
	else if (*f == 'c')
		rt_putc(va_arg(*args, int));
	else if (*f == 'd')
		put_signed(is_long ? va_arg(*args, int64_t) : va_arg(*args, int), width, pad);
	else if (*f == 'u' || *f == 'x')
		put_number(is_long ? va_arg(*args, uint64_t) : va_arg(*args, unsigned int), *f == 'x' ? 16 : 10, width,
			   pad);
	else
		rt_putc(*f);
	return f + 1;
}

void rt_printf(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	while (*format) {
		if (*format != '%') {
			rt_putc(*format++);
			continue;
		}
		format = put_conversion(format + 1, &args);
	}
	va_end(args);
}

void rt_exit(int status)
{
	*FINISHER = status ? (uint32_t)status << 16 | FINISHER_FAIL : FINISHER_PASS;
	for (;;)
		;
}

void rt_trap(uint64_t cause, uint64_t pc, uint64_t tval)
{
	rt_printf("\nguest trap: mcause %lu mepc 0x%lx mtval 0x%lx\n", cause, pc, tval);
	rt_exit(RT_STATUS_TRAP);
}
