/* SPDX-License-Identifier: GPL-2.0-only */
/* driver.h: a small virtio driver for tests: it reaches devices as a guest does, by registers and rings in memory.
 *
 * Owns:    the RAM, the devices, the rings.
 * Promise: waits end by what the device does, never by time.
 * Locks:   none; the test's thread.
 * Context: drv_create() after virtio_add() of what the test wants.
 * Errors:  a cmocka failure.
 * Next file: driver.c. */
#ifndef TEST_DRIVER_H
#define TEST_DRIVER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../userctl/dev.h"
#include "../../userctl/virtio_mmio.h"
#include "../../userctl/virtq.h"

#define DRV_RAM_GPA 0x80000000ULL
#define DRV_BUFFERS 0x80100000ULL /* free for tests from here on */

enum { DRV_RAM_BYTES = 8 << 20, DRV_SIZE = 16 /* entries of a queue */, DRV_QUEUES = 2 };

struct drv_buffer {
	uint64_t gpa;
	uint32_t len_bytes;
	uint16_t flags; /* VIRTQ_DESC_WRITE, or others to do harm */
};

struct drv_queue {
	struct virtq_desc *desc;
	uint16_t *avail, *used;
	uint16_t seen; /* used entries taken */
	uint16_t next_desc;
};

struct drv {
	struct dev_host host;
	struct dev *devs;
	struct gmem mem;
	uint8_t *ram, *code_map;
	uint32_t slot;
	uint64_t features;
	struct drv_queue queue[DRV_QUEUES];
	uint8_t out[256]; /* the console's */
	int put_fd[2];	  /* a pipe: what the console polls is its writable end */
	_Atomic uint32_t nout;
};

extern struct drv drv;

/* false: the devices cannot be created. */
bool drv_create(void);
void drv_destroy(void);

/* Everything up to DRIVER_OK. `features`: of what is offered, those to accept besides VERSION_1. */
void drv_start(uint32_t slot, uint64_t features);
uint32_t drv_queue_gpa(uint32_t queue, uint64_t gpa[3]);

uint32_t drv_read(uint32_t slot, uint32_t reg);
void drv_write(uint32_t slot, uint32_t reg, uint32_t value);
uint64_t drv_config(uint32_t slot, uint32_t off, uint32_t len_bytes);

void *drv_at(uint64_t gpa);

/* Puts a chain into the available ring and rings; returns its head. */
uint16_t drv_add(uint32_t queue, const struct drv_buffer *buffers, uint32_t n);
void drv_kick(uint32_t queue);

/* Sleeps until the device has used another chain; returns its length. */
uint32_t drv_wait(uint32_t queue, uint16_t *head);
/* Sleeps until the device asks for a reset. */
void drv_wait_broken(void);

#endif
