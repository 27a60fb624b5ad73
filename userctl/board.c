// SPDX-License-Identifier: GPL-2.0-only
/* board.c: makes the device tree; each device model describes itself. Next file: dev.h. */
#include "board.h"

#include <errno.h>
#include <libfdt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "dev.h"
#include "loader.h"

enum {
	TREE_BYTES = 16 << 10,	  /* of ours, without bootargs */
	TREE_BYTES_MAX = 1 << 20, /* of the user's */
	TREE_SPARE_BYTES = 1024,  /* for a /chosen node and its property */
	TREE_ALIGN_BYTES = 4096,
	IRQ_M_SOFT = 3,	 /* priv: mip.MSIP */
	IRQ_M_TIMER = 7, /* priv: mip.MTIP */
	IRQ_S_EXT = 9,	 /* priv: mip.SEIP */
	IRQ_M_EXT = 11,	 /* priv: mip.MEIP */
};

/* An address that old kernels reach through their early 32-bit mapping; QEMU keeps it too. */
#define TREE_GPA_MAX (3ULL << 30)

/* What the module runs today; mmu-type is the largest that satp accepts. */
#define CPU_ISA "rv64imafdc_zicsr_zifencei"
#define CPU_MMU "riscv,sv39"

/* libfdt has one error per call; the first of a node's many is enough. */
static int first(int err, int more)
{
	return err ? err : more;
}

static int put_reg(void *fdt, uint64_t gpa, uint64_t bytes)
{
	uint64_t reg[2] = { cpu_to_fdt64(gpa), cpu_to_fdt64(bytes) };

	return fdt_property(fdt, "reg", reg, sizeof(reg));
}

static int put_cells(void *fdt, uint32_t address_cells, uint32_t size_cells)
{
	return first(fdt_property_u32(fdt, "#address-cells", address_cells),
		     fdt_property_u32(fdt, "#size-cells", size_cells));
}

static int put_chosen(void *fdt, const char *bootargs)
{
	int err = fdt_begin_node(fdt, "chosen");

	if (bootargs)
		err = first(err, fdt_property_string(fdt, "bootargs", bootargs));
	err = first(err, fdt_property_string(fdt, "stdout-path", "/soc/serial@10000000"));
	return first(err, fdt_end_node(fdt));
}

static int put_memory(void *fdt, uint64_t ram_bytes)
{
	int err = fdt_begin_node(fdt, "memory@80000000");

	err = first(err, fdt_property_string(fdt, "device_type", "memory"));
	err = first(err, put_reg(fdt, BOARD_RAM_GPA, ram_bytes));
	return first(err, fdt_end_node(fdt));
}

static int put_cpu(void *fdt)
{
	int err = fdt_begin_node(fdt, "cpu@0");

	err = first(err, fdt_property_string(fdt, "device_type", "cpu"));
	err = first(err, fdt_property_u32(fdt, "reg", 0));
	err = first(err, fdt_property_string(fdt, "status", "okay"));
	err = first(err, fdt_property_string(fdt, "compatible", "riscv"));
	err = first(err, fdt_property_string(fdt, "riscv,isa", CPU_ISA));
	err = first(err, fdt_property_string(fdt, "mmu-type", CPU_MMU));
	err = first(err, fdt_begin_node(fdt, "interrupt-controller"));
	err = first(err, fdt_property_u32(fdt, "#address-cells", 0));
	err = first(err, fdt_property_u32(fdt, "#interrupt-cells", 1));
	err = first(err, fdt_property(fdt, "interrupt-controller", NULL, 0));
	err = first(err, fdt_property_string(fdt, "compatible", "riscv,cpu-intc"));
	err = first(err, fdt_property_u32(fdt, "phandle", BOARD_PHANDLE_CPU_INTC));
	err = first(err, fdt_end_node(fdt));
	return first(err, fdt_end_node(fdt));
}

static int put_cpus(void *fdt)
{
	int err = fdt_begin_node(fdt, "cpus");

	err = first(err, put_cells(fdt, 1, 0));
	err = first(err, fdt_property_u32(fdt, "timebase-frequency", BOARD_TIMEBASE_HZ));
	err = first(err, put_cpu(fdt));
	return first(err, fdt_end_node(fdt));
}

/* The hart's interrupts that a controller raises, in the order its binding wants. */
static int put_hart_lines(void *fdt, uint32_t first_irq, uint32_t second_irq)
{
	uint32_t lines[] = { cpu_to_fdt32(BOARD_PHANDLE_CPU_INTC), cpu_to_fdt32(first_irq),
			     cpu_to_fdt32(BOARD_PHANDLE_CPU_INTC), cpu_to_fdt32(second_irq) };

	return fdt_property(fdt, "interrupts-extended", lines, sizeof(lines));
}

static int put_clint(void *fdt)
{
	static const char compatible[] = "sifive,clint0\0riscv,clint0";
	int err = fdt_begin_node(fdt, "clint@2000000");

	err = first(err, fdt_property(fdt, "compatible", compatible, sizeof(compatible)));
	err = first(err, put_reg(fdt, BOARD_CLINT_GPA, BOARD_CLINT_BYTES));
	err = first(err, put_hart_lines(fdt, IRQ_M_SOFT, IRQ_M_TIMER));
	return first(err, fdt_end_node(fdt));
}

static int put_plic(void *fdt)
{
	static const char compatible[] = "sifive,plic-1.0.0\0riscv,plic0";
	int err = fdt_begin_node(fdt, "plic@c000000");

	err = first(err, fdt_property(fdt, "compatible", compatible, sizeof(compatible)));
	err = first(err, put_reg(fdt, BOARD_PLIC_GPA, BOARD_PLIC_BYTES));
	err = first(err, fdt_property_u32(fdt, "#address-cells", 0));
	err = first(err, fdt_property_u32(fdt, "#interrupt-cells", 1));
	err = first(err, fdt_property(fdt, "interrupt-controller", NULL, 0));
	err = first(err, put_hart_lines(fdt, IRQ_M_EXT, IRQ_S_EXT));
	err = first(err, fdt_property_u32(fdt, "riscv,ndev", BOARD_PLIC_LINES));
	err = first(err, fdt_property_u32(fdt, "phandle", BOARD_PHANDLE_PLIC));
	return first(err, fdt_end_node(fdt));
}

static int put_soc(void *fdt)
{
	const struct dev_model *model;
	int err = fdt_begin_node(fdt, "soc");

	err = first(err, put_cells(fdt, 2, 2));
	err = first(err, fdt_property_string(fdt, "compatible", "simple-bus"));
	err = first(err, fdt_property(fdt, "ranges", NULL, 0));
	err = first(err, put_clint(fdt));
	err = first(err, put_plic(fdt));
	for (model = dev_models(); model; model = model->next)
		err = first(err, model->describe(fdt));
	return first(err, fdt_end_node(fdt));
}

/* A node that says: write value to the syscon's register 0. */
static int put_syscon_user(void *fdt, const char *name, const char *compatible, uint32_t value)
{
	int err = fdt_begin_node(fdt, name);

	err = first(err, fdt_property_string(fdt, "compatible", compatible));
	err = first(err, fdt_property_u32(fdt, "regmap", BOARD_PHANDLE_SYSCON));
	err = first(err, fdt_property_u32(fdt, "offset", 0));
	err = first(err, fdt_property_u32(fdt, "value", value));
	return first(err, fdt_end_node(fdt));
}

static int put_root(void *fdt, uint64_t ram_bytes, const char *bootargs)
{
	int err = fdt_begin_node(fdt, "");

	err = first(err, put_cells(fdt, 2, 2));
	err = first(err, fdt_property_string(fdt, "compatible", "riscv-virtio"));
	err = first(err, fdt_property_string(fdt, "model", "riscv-virtio,ldbt"));
	err = first(err, put_chosen(fdt, bootargs));
	err = first(err, put_memory(fdt, ram_bytes));
	err = first(err, put_cpus(fdt));
	err = first(err, put_soc(fdt));
	err = first(err, put_syscon_user(fdt, "poweroff", "syscon-poweroff", DEV_SYSCON_PASS));
	err = first(err, put_syscon_user(fdt, "reboot", "syscon-reboot", DEV_SYSCON_RESET));
	return first(err, fdt_end_node(fdt));
}

int board_make_tree(uint64_t ram_bytes, const char *bootargs, struct board_tree *tree)
{
	size_t bytes = TREE_BYTES + (bootargs ? strlen(bootargs) : 0);
	int err;

	tree->fdt = calloc(1, bytes);
	if (!tree->fdt) {
		ctl_error("device tree: no memory");
		return -ENOMEM;
	}
	err = fdt_create(tree->fdt, (int)bytes);
	err = first(err, fdt_finish_reservemap(tree->fdt));
	err = first(err, put_root(tree->fdt, ram_bytes, bootargs));
	err = first(err, fdt_finish(tree->fdt));
	if (err) {
		ctl_error("device tree: %s", fdt_strerror(err));
		free(tree->fdt);
		return -EINVAL;
	}
	tree->len_bytes = fdt_totalsize(tree->fdt);
	return 0;
}

static int set_bootargs(void *fdt, const char *bootargs)
{
	int chosen = fdt_path_offset(fdt, "/chosen");

	if (chosen == -FDT_ERR_NOTFOUND)
		chosen = fdt_add_subnode(fdt, 0, "chosen");
	return chosen < 0 ? chosen : fdt_setprop_string(fdt, chosen, "bootargs", bootargs);
}

/* A copy with room for bootargs; the file's own bytes stay as they are. */
static int copy_tree(const char *path, const uint8_t *bytes, const char *bootargs, struct board_tree *tree)
{
	size_t room = fdt_totalsize(bytes) + TREE_SPARE_BYTES + (bootargs ? strlen(bootargs) : 0);
	int err;

	tree->fdt = malloc(room);
	if (!tree->fdt) {
		ctl_error("%s: no memory", path);
		return -ENOMEM;
	}
	err = fdt_open_into(bytes, tree->fdt, (int)room);
	if (!err && bootargs)
		err = set_bootargs(tree->fdt, bootargs);
	if (!err)
		err = fdt_pack(tree->fdt);
	if (err) {
		ctl_error("%s: device tree: %s", path, fdt_strerror(err));
		free(tree->fdt);
		return -EINVAL;
	}
	tree->len_bytes = fdt_totalsize(tree->fdt);
	return 0;
}

int board_read_tree(const char *path, const char *bootargs, struct board_tree *tree)
{
	uint8_t *bytes;
	size_t len;
	int err, ret = loader_read_file(path, TREE_BYTES_MAX, &bytes, &len);

	if (ret)
		return ret;
	err = fdt_check_full(bytes, len);
	if (err) {
		ctl_error("%s: expected a device tree blob of %zu bytes, found damage: %s", path, len,
			  fdt_strerror(err));
		ret = -EINVAL;
	} else {
		ret = copy_tree(path, bytes, bootargs, tree);
	}
	free(bytes);
	return ret;
}

uint64_t board_tree_gpa(uint64_t ram_bytes, const struct board_tree *tree)
{
	uint64_t end = BOARD_RAM_GPA + ram_bytes;

	if (tree->len_bytes > ram_bytes)
		return 0;
	if (end > TREE_GPA_MAX)
		end = TREE_GPA_MAX;
	return (end - tree->len_bytes) & ~(uint64_t)(TREE_ALIGN_BYTES - 1);
}
