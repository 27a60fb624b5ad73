// SPDX-License-Identifier: GPL-2.0-only
/* dev_syscon.c: the finisher at 0x100000: one 32-bit register; what is written there ends or restarts the machine.
 * Next file: loop.c. */
#include "dev.h"

#include <libfdt.h>
#include <string.h>

#include "board.h"

enum { SYSCON_BYTES = 0x1000, REGISTER_BYTES = 4 };

static int syscon_describe(void *fdt)
{
	static const char compatible[] = "sifive,test1\0sifive,test0\0syscon";
	uint64_t reg[2] = { cpu_to_fdt64(BOARD_SYSCON_GPA), cpu_to_fdt64(SYSCON_BYTES) };
	int err = fdt_begin_node(fdt, "test@100000");

	err = err ? err : fdt_property(fdt, "compatible", compatible, sizeof(compatible));
	err = err ? err : fdt_property(fdt, "reg", reg, sizeof(reg));
	err = err ? err : fdt_property_u32(fdt, "phandle", BOARD_PHANDLE_SYSCON);
	return err ? err : fdt_end_node(fdt);
}

static void syscon_reset(struct dev *dev)
{
	(void)dev; /* it keeps nothing */
}

/* Exit statuses have 8 bits; a failure never becomes a success by losing the others. */
static int fail_status(uint32_t code)
{
	return (code & 0xff) ? (int)(code & 0xff) : 1;
}

static void syscon_access(struct dev *dev, uint64_t off, uint8_t *data, uint32_t len_bytes, bool is_write)
{
	uint32_t value = 0;

	if (!is_write) {
		memset(data, 0, len_bytes);
		return;
	}
	if (off || len_bytes < 2)
		return;
	memcpy(&value, data, len_bytes < REGISTER_BYTES ? len_bytes : REGISTER_BYTES);
	switch (value & 0xffff) {
	case DEV_SYSCON_PASS: dev->host->power_off(dev->host, 0); break;
	case DEV_SYSCON_FAIL: dev->host->power_off(dev->host, fail_status(value >> 16)); break;
	case DEV_SYSCON_RESET: dev->host->restart(dev->host); break;
	}
}

static struct dev_model syscon = {
	.name = "syscon",
	.gpa = BOARD_SYSCON_GPA,
	.size_bytes = SYSCON_BYTES,
	.describe = syscon_describe,
	.reset = syscon_reset,
	.access = syscon_access,
};
DEV_MODEL(syscon)
