// SPDX-License-Identifier: GPL-2.0-only
/* board.c: makes the device tree; each device model describes itself. Next file: dev.h. */
#include "board.h"

#include <errno.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "ctl.h"
#include "dev.h"
#include "loader.h"
#include "tree.h"

enum {
	TREE_BYTES = 32 << 10,	     /* of ours, without bootargs: more than half of it free */
	TREE_BYTES_MAX = 1 << 20,    /* of the user's */
	TREE_SPARE_BYTES = 16 << 10, /* for a /chosen node and its properties, and for who comes after us */
	SEED_BYTES = 64,	     /* of rng-seed */
	TREE_ALIGN_BYTES = 4096,
	IRQ_M_SOFT = 3,	 /* priv: mip.MSIP */
	IRQ_S_TIMER = 5, /* priv: mip.STIP */
	IRQ_M_TIMER = 7, /* priv: mip.MTIP */
	IRQ_S_EXT = 9,	 /* priv: mip.SEIP */
	IRQ_M_EXT = 11,	 /* priv: mip.MEIP */
};

/* An address that old kernels reach through their early 32-bit mapping; QEMU keeps it too. */
#define TREE_GPA_MAX (3ULL << 30)

/* What the module runs today; mmu-type is the largest that satp accepts. */
#define CPU_BASE   "rv64i"
#define CPU_SINGLE "mafdc" /* extensions of one letter, in the order of the ISA string */
#define CPU_MMU	   "riscv,sv39"

static const char *const cpu_extensions[] = { "zicntr", "zicsr", "zifencei", "zihintpause", "zca",     "zcd",	"zba",
					      "zbb",	"zbs",	 "sstc",     "svadu",	    "svinval", "svvptc" };

enum { CPU_EXTENSIONS = sizeof(cpu_extensions) / sizeof(cpu_extensions[0]), CPU_ISA_BYTES = 256 };

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

/* Without a seed a guest waits for its own; that is no error. */
static bool make_seed(uint8_t *seed)
{
	return getrandom(seed, SEED_BYTES, GRND_NONBLOCK) == SEED_BYTES;
}

static int put_chosen(void *fdt, const struct board_config *config)
{
	int err = fdt_begin_node(fdt, "chosen");
	uint8_t seed[SEED_BYTES];

	if (config->bootargs)
		err = first(err, fdt_property_string(fdt, "bootargs", config->bootargs));
	if (config->initrd_bytes) {
		err = first(err, fdt_property_u64(fdt, "linux,initrd-start", config->initrd_gpa));
		err = first(err, fdt_property_u64(fdt, "linux,initrd-end", config->initrd_gpa + config->initrd_bytes));
	}
	if (make_seed(seed))
		err = first(err, fdt_property(fdt, "rng-seed", seed, sizeof(seed)));
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

/* riscv,isa: the single letters, then the others with an underscore before each. */
static int put_isa_string(void *fdt)
{
	char isa[CPU_ISA_BYTES] = CPU_BASE CPU_SINGLE;
	size_t used = strlen(isa);
	int i;

	for (i = 0; i < CPU_EXTENSIONS; i++)
		used += (size_t)snprintf(isa + used, sizeof(isa) - used, "_%s", cpu_extensions[i]);
	return fdt_property_string(fdt, "riscv,isa", isa);
}

/* riscv,isa-extensions: a list of strings, "i" among them. */
static int put_isa_list(void *fdt)
{
	static const char single[] = "i" CPU_SINGLE;
	char list[CPU_ISA_BYTES];
	size_t used = 0;
	int i;

	for (i = 0; single[i]; i++) {
		list[used++] = single[i];
		list[used++] = 0;
	}
	for (i = 0; i < CPU_EXTENSIONS; i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s", cpu_extensions[i]) + 1;
	return first(fdt_property_string(fdt, "riscv,isa-base", CPU_BASE),
		     fdt_property(fdt, "riscv,isa-extensions", list, (int)used));
}

static int put_cpu(void *fdt)
{
	int err = fdt_begin_node(fdt, "cpu@0");

	err = first(err, fdt_property_string(fdt, "device_type", "cpu"));
	err = first(err, fdt_property_u32(fdt, "reg", 0));
	err = first(err, fdt_property_string(fdt, "status", "okay"));
	err = first(err, fdt_property_string(fdt, "compatible", "riscv"));
	err = first(err, put_isa_string(fdt));
	err = first(err, put_isa_list(fdt));
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

/* S-mode's alarm, by Sstc. */
static int put_timer(void *fdt)
{
	uint32_t line[] = { cpu_to_fdt32(BOARD_PHANDLE_CPU_INTC), cpu_to_fdt32(IRQ_S_TIMER) };
	int err = fdt_begin_node(fdt, "timer");

	err = first(err, fdt_property_string(fdt, "compatible", "riscv,timer"));
	err = first(err, fdt_property(fdt, "interrupts-extended", line, sizeof(line)));
	return first(err, fdt_end_node(fdt));
}

static int put_soc(void *fdt, const struct board_config *config)
{
	const struct dev_model *model;
	int err = fdt_begin_node(fdt, "soc");

	err = first(err, put_cells(fdt, 2, 2));
	err = first(err, fdt_property_string(fdt, "compatible", "simple-bus"));
	err = first(err, fdt_property(fdt, "ranges", NULL, 0));
	if (config->has_m_mode)
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

static int put_root(void *fdt, const struct board_config *config)
{
	int err = fdt_begin_node(fdt, "");

	err = first(err, put_cells(fdt, 2, 2));
	err = first(err, fdt_property_string(fdt, "compatible", "riscv-virtio"));
	err = first(err, fdt_property_string(fdt, "model", "riscv-virtio,ldbt"));
	err = first(err, put_chosen(fdt, config));
	err = first(err, put_memory(fdt, config->ram_bytes));
	err = first(err, put_cpus(fdt));
	err = first(err, put_timer(fdt));
	err = first(err, put_soc(fdt, config));
	err = first(err, put_syscon_user(fdt, "poweroff", "syscon-poweroff", DEV_SYSCON_PASS));
	err = first(err, put_syscon_user(fdt, "reboot", "syscon-reboot", DEV_SYSCON_RESET));
	return first(err, fdt_end_node(fdt));
}

/* The free bytes stay in the tree: U-Boot copies it and adds to the copy without making it larger. */
int board_make_tree(const struct board_config *config, struct board_tree *tree)
{
	size_t bytes = TREE_BYTES + (config->bootargs ? strlen(config->bootargs) : 0);
	int err;

	tree->fdt = calloc(1, bytes);
	if (!tree->fdt) {
		ctl_error("device tree: no memory");
		return -ENOMEM;
	}
	err = fdt_create(tree->fdt, (int)bytes);
	err = first(err, fdt_finish_reservemap(tree->fdt));
	err = first(err, put_root(tree->fdt, config));
	err = first(err, fdt_finish(tree->fdt));
	err = first(err, fdt_open_into(tree->fdt, tree->fdt, (int)bytes));
	if (err) {
		ctl_error("device tree: %s", fdt_strerror(err));
		board_free_tree(tree);
		return -EINVAL;
	}
	tree->len_bytes = fdt_totalsize(tree->fdt);
	return 0;
}

void board_free_tree(struct board_tree *tree)
{
	free(tree->fdt);
	tree->fdt = NULL;
}

/* What the user gave, and what only we know; stdout-path is the tree's own affair. */
static int set_chosen(void *fdt, const struct board_config *config)
{
	int chosen = fdt_path_offset(fdt, "/chosen"), err = 0;
	uint64_t end = config->initrd_gpa + config->initrd_bytes;

	if (chosen == -FDT_ERR_NOTFOUND)
		chosen = fdt_add_subnode(fdt, 0, "chosen");
	if (chosen < 0)
		return chosen;
	if (config->bootargs)
		err = fdt_setprop_string(fdt, chosen, "bootargs", config->bootargs);
	if (!err && config->initrd_bytes) {
		err = fdt_setprop_u64(fdt, chosen, "linux,initrd-start", config->initrd_gpa);
		err = first(err, fdt_setprop_u64(fdt, chosen, "linux,initrd-end", end));
	}
	return err;
}

/* A copy with room for /chosen; the file's own bytes stay as they are. */
static int copy_tree(const char *path, const uint8_t *bytes, const struct board_config *config, struct board_tree *tree)
{
	size_t room = fdt_totalsize(bytes) + TREE_SPARE_BYTES + (config->bootargs ? strlen(config->bootargs) : 0);
	int err;

	tree->fdt = malloc(room);
	if (!tree->fdt) {
		ctl_error("%s: no memory", path);
		return -ENOMEM;
	}
	err = fdt_open_into(bytes, tree->fdt, (int)room);
	if (!err)
		err = set_chosen(tree->fdt, config);
	if (err) {
		ctl_error("%s: device tree: %s", path, fdt_strerror(err));
		board_free_tree(tree);
		return -EINVAL;
	}
	tree->len_bytes = fdt_totalsize(tree->fdt);
	return 0;
}

/* In memory that is aligned as libfdt wants it: a part of a FIT image need not be. */
int board_adapt_tree(const char *path, const uint8_t *bytes, size_t len, const struct board_config *config,
		     struct board_tree *tree)
{
	uint8_t *copy = malloc(len + 1);
	int err, ret;

	if (!copy) {
		ctl_error("%s: no memory", path);
		return -ENOMEM;
	}
	memcpy(copy, bytes, len);
	err = tree_check(copy, len);
	if (err) {
		ctl_error("%s: expected a device tree blob of %zu bytes, found damage: %s", path, len,
			  fdt_strerror(err));
		ret = -EINVAL;
	} else {
		ret = copy_tree(path, copy, config, tree);
	}
	free(copy);
	return ret;
}

int board_read_tree(const char *path, const struct board_config *config, struct board_tree *tree)
{
	struct blob file;
	int ret = loader_read_file(path, TREE_BYTES_MAX, &file);

	if (ret)
		return ret;
	ret = board_adapt_tree(path, file.bytes, file.len, config, tree);
	blob_free(&file);
	return ret;
}

uint64_t board_top_gpa(uint64_t ram_bytes)
{
	uint64_t end = BOARD_RAM_GPA + ram_bytes;

	return end > TREE_GPA_MAX ? TREE_GPA_MAX : end;
}

uint64_t board_tree_gpa(uint64_t ram_bytes, const struct board_tree *tree, uint64_t spare_bytes)
{
	uint64_t bytes = tree->len_bytes + spare_bytes;

	if (bytes > ram_bytes)
		return 0;
	return (board_top_gpa(ram_bytes) - bytes) & ~(uint64_t)(TREE_ALIGN_BYTES - 1);
}
