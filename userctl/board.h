/* SPDX-License-Identifier: GPL-2.0-only */
/* board.h: memory map and device tree of the guest's machine: the subset of QEMU's `virt` board that exists.
 *
 * Owns:    the addresses below; a device tree belongs to whoever asked for it, for free().
 * Promise: a tree passes fdt_check_full(), and dtc prints it without a warning.             [checked: tests/ctl]
 * Locks:   none. Context: process.
 * Errors:  -ENOMEM, -EINVAL after a message.
 * Next file: dev.h. */
#ifndef LDBTCTL_BOARD_H
#define LDBTCTL_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BOARD_RAM_GPA	   0x80000000ULL
#define BOARD_SYSCON_GPA   0x00100000ULL
#define BOARD_RTC_GPA	   0x00101000ULL
#define BOARD_RTC_IRQ	   11
#define BOARD_CLINT_GPA	   0x02000000ULL /* in the module */
#define BOARD_CLINT_BYTES  0x10000ULL
#define BOARD_PLIC_GPA	   0x0c000000ULL /* in the module */
#define BOARD_PLIC_BYTES   0x600000ULL
#define BOARD_PLIC_LINES   95 /* 1 .. 95 */
#define BOARD_UART_GPA	   0x10000000ULL
#define BOARD_UART_IRQ	   10
#define BOARD_VIRTIO_GPA   0x10001000ULL /* 8 slots */
#define BOARD_VIRTIO_BYTES 0x1000ULL
#define BOARD_VIRTIO_IRQ   1	    /* .. 8 */
#define BOARD_TIMEBASE_HZ  10000000 /* of mtime */

#define BOARD_RAM_BYTES_MIN	(1ULL << 20)
#define BOARD_RAM_BYTES_DEFAULT (128ULL << 20)

/* Names by which nodes of the tree refer to each other. */
enum { BOARD_PHANDLE_CPU_INTC = 1, BOARD_PHANDLE_SYSCON = 2, BOARD_PHANDLE_PLIC = 3 };

struct board_tree {
	void *fdt;
	size_t len_bytes;
};

struct board_config {
	uint64_t ram_bytes;
	const char *bootargs;		   /* NULL: none */
	uint64_t initrd_gpa, initrd_bytes; /* 0: none */
	bool has_m_mode;		   /* else the guest starts in S-mode, and what belongs to M-mode is left out */
};

int board_make_tree(const struct board_config *config, struct board_tree *tree);

/* The user's own tree, with our /chosen; memory and devices are what it says. */
int board_read_tree(const char *path, const struct board_config *config, struct board_tree *tree);
int board_adapt_tree(const char *path, const uint8_t *bytes, size_t len, const struct board_config *config,
		     struct board_tree *tree);
void board_free_tree(struct board_tree *tree);

/* The end of RAM, or of the part of it that kernels reach early. */
uint64_t board_top_gpa(uint64_t ram_bytes);
/* Where the tree lies: below that, with room behind it. 0: it does not fit. */
uint64_t board_tree_gpa(uint64_t ram_bytes, const struct board_tree *tree, uint64_t spare_bytes);

#endif
