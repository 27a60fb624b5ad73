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

#include <stddef.h>
#include <stdint.h>

#define BOARD_RAM_GPA	   0x80000000ULL
#define BOARD_SYSCON_GPA   0x00100000ULL
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

/* bootargs may be NULL: none. */
int board_make_tree(uint64_t ram_bytes, const char *bootargs, struct board_tree *tree);

/* The user's own tree, with other bootargs if not NULL. */
int board_read_tree(const char *path, const char *bootargs, struct board_tree *tree);

/* Where the tree lies: at the end of RAM, below 3 GiB as kernels want it. 0: it does not fit. */
uint64_t board_tree_gpa(uint64_t ram_bytes, const struct board_tree *tree);

#endif
