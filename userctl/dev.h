/* SPDX-License-Identifier: GPL-2.0-only */
/* dev.h: how a device model looks to the machine, and the machine to it. A model registers itself when the program
 * starts; nothing else names it.
 *
 * Owns:    the state of every device, from dev_create_all() to dev_destroy_all().
 * Promise: access() sees offsets within the model's range, 1 to 8 bytes.
 * Locks:   a model that is reached from two threads has its own; a model may call its host with it held.
 * Context: access(), reset(), power_on() and power_off() in the vCPU's thread, receive() and room() in the thread that reads the terminal.
 * Errors:  -ENOMEM, -ENXIO (no device there).
 * Next file: dev_uart.c. */
#ifndef LDBTCTL_DEV_H
#define LDBTCTL_DEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gmem.h"

/* Values that end the machine when written to the syscon (QEMU: hw/misc/sifive_test; Linux: syscon-poweroff). */
#define DEV_SYSCON_PASS	 0x5555
#define DEV_SYSCON_FAIL	 0x3333 /* status << 16 */
#define DEV_SYSCON_RESET 0x7777

struct dev;

/* What a device may ask of the machine. */
struct dev_host {
	void (*put)(struct dev_host *host, uint8_t byte); /* to the terminal; may block until the run ends */
	/* Never blocks; how many of n > 0 were taken. 0: try again when put_fd can be written to. */
	size_t (*put_some)(struct dev_host *host, const uint8_t *bytes, size_t n);
	int put_fd;
	void (*set_irq)(struct dev_host *host, uint32_t irq, bool level);
	void (*power_off)(struct dev_host *host, int status);
	void (*restart)(struct dev_host *host);
};

struct dev_model {
	const char *name;
	uint64_t gpa, size_bytes;
	size_t state_bytes;
	int (*describe)(void *fdt);	/* puts its node into /soc; libfdt's error numbers */
	void (*reset)(struct dev *dev); /* to the state after power on */
	void (*access)(struct dev *dev, uint64_t off, uint8_t *data, uint32_t len_bytes, bool is_write);
	/* NULL, all of them, in a model that neither opens files nor touches memory. */
	int (*create)(struct dev *dev);				   /* opens what options name; says what is wrong */
	void (*destroy)(struct dev *dev);			   /* also after a create() that failed; ends threads */
	void (*power_on)(struct dev *dev, const struct gmem *mem); /* before the guest runs; mem lasts until... */
	void (*power_off)(struct dev *dev);			   /* ...here: nothing of the device runs any more */
	/* Of the device the terminal's input goes to; others have NULL. */
	void (*receive)(struct dev *dev, uint8_t byte);
	bool (*room)(struct dev *dev);	     /* may receive() be called? */
	int (*take)(struct dev *dev);	     /* the next byte of input past the device's own registers, or -1 */
	bool (*is_console)(struct dev *dev); /* NULL: always; else: does this one want the input? */
	struct dev_model *next;
};

struct dev {
	const struct dev_model *model;
	struct dev_host *host;
	void *state; /* state_bytes, zero before the first reset */
	struct dev *next;
};

void dev_register(struct dev_model *model);

#define DEV_MODEL(model)                                                                                               \
	__attribute__((constructor)) static void model##_register(void)                                                \
	{                                                                                                              \
		dev_register(&(model));                                                                                \
	}

const struct dev_model *dev_models(void); /* in order of their addresses */

int dev_create_all(struct dev_host *host, struct dev **devs); /* an error is said */
void dev_destroy_all(struct dev *devs);
void dev_power_on_all(struct dev *devs, const struct gmem *mem);
void dev_power_off_all(struct dev *devs);
void dev_reset_all(struct dev *devs);

struct dev *dev_console(struct dev *devs); /* NULL: none */
int dev_access(struct dev *devs, uint64_t gpa, uint8_t *data, uint32_t len_bytes, bool is_write);

#endif
