// SPDX-License-Identifier: GPL-2.0-only
/* dev_uart.c: ns16550a (National Semiconductor PC16550D data sheet): registers one byte apart, both FIFOs, interrupts.
 * The line has no speed: a byte written is sent at once, and input waits in a backlog until the FIFO has room, so that
 * only loopback can overrun. Next file: dev_syscon.c. */
#include "dev.h"

#include <libfdt.h>
#include <pthread.h>
#include <string.h>

#include "board.h"

enum {
	UART_BYTES = 0x100, /* of the node; registers repeat every 8 bytes */
	UART_REGISTERS = 8,
	UART_CLOCK_HZ = 3686400,
	FIFO_BYTES = 16,
	BACKLOG_BYTES = 4096, /* a power of 2 */

	REG_DATA = 0, /* RBR, THR; DLL with DLAB */
	REG_IER = 1,  /* DLM with DLAB */
	REG_IIR = 2,  /* FCR when written */
	REG_LCR = 3,
	REG_MCR = 4,
	REG_LSR = 5,
	REG_MSR = 6,
	REG_SCRATCH = 7,

	IER_RX = 0x01,
	IER_TX_EMPTY = 0x02,
	IER_LINE = 0x04,
	IER_MODEM = 0x08,
	IER_MASK = 0x0f,

	IIR_NONE = 0x01,
	IIR_MODEM = 0x00,
	IIR_TX_EMPTY = 0x02,
	IIR_RX = 0x04,
	IIR_LINE = 0x06,
	IIR_RX_TIMEOUT = 0x0c,
	IIR_FIFO = 0xc0,

	FCR_ENABLE = 0x01,
	FCR_CLEAR_RX = 0x02,
	FCR_TRIGGER_SHIFT = 6,

	LCR_DLAB = 0x80,

	MCR_DTR = 0x01,
	MCR_RTS = 0x02,
	MCR_OUT1 = 0x04,
	MCR_OUT2 = 0x08,
	MCR_LOOP = 0x10,
	MCR_MASK = 0x1f,

	LSR_READY = 0x01,
	LSR_OVERRUN = 0x02,
	LSR_TX_EMPTY = 0x60, /* THRE and TEMT: always, see above */

	MSR_CTS = 0x10,
	MSR_DSR = 0x20,
	MSR_RI = 0x40,
	MSR_DCD = 0x80,
	MSR_DELTA = 0x0f,
	MSR_RI_DELTA = 0x04, /* trailing edge only */
};

struct uart {
	uint8_t ier, fcr, lcr, mcr, scratch;
	uint8_t divisor[2];
	uint8_t lsr_errors; /* until LSR is read */
	uint8_t msr;	    /* lines and what changed since MSR was read */
	bool tx_empty_pending;
	bool irq_level; /* what the host was told last */
	uint8_t fifo[FIFO_BYTES];
	uint32_t fifo_head, fifo_used;
	uint8_t backlog[BACKLOG_BYTES];
	uint32_t backlog_head, backlog_used;
};

/* The vCPU's thread and the terminal's meet here. */
static pthread_mutex_t uart_lock = PTHREAD_MUTEX_INITIALIZER;

static uint32_t fifo_size(const struct uart *u)
{
	return u->fcr & FCR_ENABLE ? FIFO_BYTES : 1;
}

static uint32_t rx_trigger(const struct uart *u)
{
	static const uint8_t level[] = { 1, 4, 8, 14 };

	return u->fcr & FCR_ENABLE ? level[u->fcr >> FCR_TRIGGER_SHIFT] : 1;
}

static uint8_t interrupt_source(const struct uart *u)
{
	if (u->ier & IER_LINE && u->lsr_errors)
		return IIR_LINE;
	if (u->ier & IER_RX && u->fifo_used)
		return u->fifo_used >= rx_trigger(u) ? IIR_RX : IIR_RX_TIMEOUT;
	if (u->ier & IER_TX_EMPTY && u->tx_empty_pending)
		return IIR_TX_EMPTY;
	if (u->ier & IER_MODEM && u->msr & MSR_DELTA)
		return IIR_MODEM;
	return IIR_NONE;
}

static void update_irq(struct dev *dev)
{
	struct uart *u = dev->state;
	bool level = interrupt_source(u) != IIR_NONE;

	if (level == u->irq_level)
		return;
	u->irq_level = level;
	dev->host->set_irq(dev->host, BOARD_UART_IRQ, level);
}

static void fifo_push(struct uart *u, uint8_t byte)
{
	if (u->fifo_used == fifo_size(u)) {
		u->lsr_errors |= LSR_OVERRUN;
		if (u->fcr & FCR_ENABLE)
			return; /* the byte in the shift register is lost, the FIFO keeps its own */
		u->fifo_used = 0;
	}
	u->fifo[(u->fifo_head + u->fifo_used++) % FIFO_BYTES] = byte;
}

static void refill(struct uart *u)
{
	while (u->backlog_used && u->fifo_used < fifo_size(u) && !(u->mcr & MCR_LOOP)) {
		fifo_push(u, u->backlog[u->backlog_head]);
		u->backlog_head = (u->backlog_head + 1) % BACKLOG_BYTES;
		u->backlog_used--;
	}
}

static uint8_t read_data(struct uart *u)
{
	uint8_t byte;

	if (!u->fifo_used)
		return 0;
	byte = u->fifo[u->fifo_head];
	u->fifo_head = (u->fifo_head + 1) % FIFO_BYTES;
	u->fifo_used--;
	return byte;
}

static uint8_t read_iir(struct uart *u)
{
	uint8_t source = interrupt_source(u);

	if (source == IIR_TX_EMPTY)
		u->tx_empty_pending = false;
	return source | (u->fcr & FCR_ENABLE ? IIR_FIFO : 0);
}

static uint8_t read_lsr(struct uart *u)
{
	uint8_t value = u->lsr_errors | LSR_TX_EMPTY | (u->fifo_used ? LSR_READY : 0);

	u->lsr_errors = 0;
	return value;
}

static uint8_t read_register(struct uart *u, uint32_t reg)
{
	uint8_t value;

	if (u->lcr & LCR_DLAB && reg <= REG_IER)
		return u->divisor[reg];
	switch (reg) {
	case REG_DATA: return read_data(u);
	case REG_IER: return u->ier;
	case REG_IIR: return read_iir(u);
	case REG_LCR: return u->lcr;
	case REG_MCR: return u->mcr;
	case REG_LSR: return read_lsr(u);
	case REG_MSR:
		value = u->msr;
		u->msr &= (uint8_t)~MSR_DELTA;
		return value;
	default: return u->scratch;
	}
}

/* In loopback the outputs RTS, DTR, OUT1, OUT2 come back as CTS, DSR, RI, DCD; else the other side is always there. */
static uint8_t modem_lines(uint8_t mcr)
{
	if (!(mcr & MCR_LOOP))
		return MSR_CTS | MSR_DSR | MSR_DCD;
	return (mcr & MCR_RTS ? MSR_CTS : 0) | (mcr & MCR_DTR ? MSR_DSR : 0) | (mcr & MCR_OUT1 ? MSR_RI : 0) |
	       (mcr & MCR_OUT2 ? MSR_DCD : 0);
}

static void write_mcr(struct uart *u, uint8_t value)
{
	uint8_t lines = modem_lines(value & MCR_MASK);
	uint8_t delta = (uint8_t)((lines ^ u->msr) >> 4);

	if (lines & MSR_RI)
		delta &= (uint8_t)~MSR_RI_DELTA;
	u->mcr = value & MCR_MASK;
	u->msr = (uint8_t)(lines | (u->msr & MSR_DELTA) | delta);
}

static void write_fcr(struct uart *u, uint8_t value)
{
	bool switched = (value ^ u->fcr) & FCR_ENABLE;

	if (switched || (value & FCR_ENABLE && value & FCR_CLEAR_RX))
		u->fifo_used = 0;
	/* the other bits count only with the FIFOs enabled */
	u->fcr = value & FCR_ENABLE ? value : 0;
}

static void write_data(struct dev *dev, uint8_t value)
{
	struct uart *u = dev->state;

	u->tx_empty_pending = true; /* empty again at once */
	if (u->mcr & MCR_LOOP)
		fifo_push(u, value);
	else
		dev->host->put(dev->host, value);
}

static void write_ier(struct uart *u, uint8_t value)
{
	if (value & ~u->ier & IER_TX_EMPTY)
		u->tx_empty_pending = true; /* enabling it with THR empty raises it */
	u->ier = value & IER_MASK;
}

static void write_register(struct dev *dev, uint32_t reg, uint8_t value)
{
	struct uart *u = dev->state;

	if (u->lcr & LCR_DLAB && reg <= REG_IER) {
		u->divisor[reg] = value;
		return;
	}
	switch (reg) {
	case REG_DATA: write_data(dev, value); break;
	case REG_IER: write_ier(u, value); break;
	case REG_IIR: write_fcr(u, value); break;
	case REG_LCR: u->lcr = value; break;
	case REG_MCR: write_mcr(u, value); break;
	case REG_SCRATCH: u->scratch = value; break;
	default: break; /* LSR, MSR: factory test only */
	}
}

static void uart_access(struct dev *dev, uint64_t off, uint8_t *data, uint32_t len_bytes, bool is_write)
{
	struct uart *u = dev->state;
	uint32_t i;

	pthread_mutex_lock(&uart_lock);
	for (i = 0; i < len_bytes; i++) {
		uint32_t reg = (uint32_t)(off + i) % UART_REGISTERS;

		refill(u);
		if (is_write)
			write_register(dev, reg, data[i]);
		else
			data[i] = read_register(u, reg);
	}
	refill(u);
	update_irq(dev);
	pthread_mutex_unlock(&uart_lock);
}

static void uart_receive(struct dev *dev, uint8_t byte)
{
	struct uart *u = dev->state;

	pthread_mutex_lock(&uart_lock);
	if (u->backlog_used < BACKLOG_BYTES)
		u->backlog[(u->backlog_head + u->backlog_used++) % BACKLOG_BYTES] = byte;
	refill(u);
	update_irq(dev);
	pthread_mutex_unlock(&uart_lock);
}

static bool uart_room(struct dev *dev)
{
	const struct uart *u = dev->state;
	bool room;

	pthread_mutex_lock(&uart_lock);
	room = u->backlog_used < BACKLOG_BYTES;
	pthread_mutex_unlock(&uart_lock);
	return room;
}

/* For the SBI's console, which shares our line. */
static int uart_take(struct dev *dev)
{
	struct uart *u = dev->state;
	int byte = -1;

	pthread_mutex_lock(&uart_lock);
	if (u->fifo_used)
		byte = read_data(u);
	refill(u);
	update_irq(dev);
	pthread_mutex_unlock(&uart_lock);
	return byte;
}

static void uart_reset(struct dev *dev)
{
	struct uart *u = dev->state;

	pthread_mutex_lock(&uart_lock);
	memset(u, 0, offsetof(struct uart, backlog)); /* what is still on the line stays there */
	u->msr = modem_lines(0);
	u->divisor[0] = UART_CLOCK_HZ / 16 / 115200;
	pthread_mutex_unlock(&uart_lock);
}

static int uart_describe(void *fdt)
{
	uint64_t reg[2] = { cpu_to_fdt64(BOARD_UART_GPA), cpu_to_fdt64(UART_BYTES) };
	int err = fdt_begin_node(fdt, "serial@10000000");

	err = err ? err : fdt_property_string(fdt, "compatible", "ns16550a");
	err = err ? err : fdt_property(fdt, "reg", reg, sizeof(reg));
	err = err ? err : fdt_property_u32(fdt, "clock-frequency", UART_CLOCK_HZ);
	err = err ? err : fdt_property_u32(fdt, "interrupts", BOARD_UART_IRQ);
	err = err ? err : fdt_property_u32(fdt, "interrupt-parent", BOARD_PHANDLE_PLIC);
	return err ? err : fdt_end_node(fdt);
}

static struct dev_model uart = {
	.name = "uart",
	.gpa = BOARD_UART_GPA,
	.size_bytes = UART_BYTES,
	.state_bytes = sizeof(struct uart),
	.describe = uart_describe,
	.reset = uart_reset,
	.access = uart_access,
	.receive = uart_receive,
	.room = uart_room,
	.take = uart_take,
};
DEV_MODEL(uart)
