/* SPDX-License-Identifier: GPL-2.0-only */
/* virtio_mmio.h: the transport: 8 slots of registers (virtio 1.2, section 4.2, version 2) at the places and interrupts of
 * QEMU's virt board.
 *
 * Owns:    the slots; their devices come from virtio.h. An empty slot has device ID 0.
 * Promise: registers answer whatever the guest does; only features that were offered are ever accepted.
 * Locks:   none: registers belong to the vCPU's thread; what device threads share is atomic (virtio.h).
 * Context: the vCPU's thread.
 * Errors:  by the device's status: what the device cannot do is "needs reset", after a message.
 * Next file: virtq.h. */
#ifndef LDBTCTL_VIRTIO_MMIO_H
#define LDBTCTL_VIRTIO_MMIO_H

/* Registers [4.2.2] */
enum {
	VIRTIO_MMIO_MAGIC = 0x000,
	VIRTIO_MMIO_VERSION = 0x004,
	VIRTIO_MMIO_DEVICE_ID = 0x008,
	VIRTIO_MMIO_VENDOR_ID = 0x00c,
	VIRTIO_MMIO_DEVICE_FEATURES = 0x010,
	VIRTIO_MMIO_DEVICE_FEATURES_SEL = 0x014,
	VIRTIO_MMIO_DRIVER_FEATURES = 0x020,
	VIRTIO_MMIO_DRIVER_FEATURES_SEL = 0x024,
	VIRTIO_MMIO_QUEUE_SEL = 0x030,
	VIRTIO_MMIO_QUEUE_NUM_MAX = 0x034,
	VIRTIO_MMIO_QUEUE_NUM = 0x038,
	VIRTIO_MMIO_QUEUE_READY = 0x044,
	VIRTIO_MMIO_QUEUE_NOTIFY = 0x050,
	VIRTIO_MMIO_INTERRUPT_STATUS = 0x060,
	VIRTIO_MMIO_INTERRUPT_ACK = 0x064,
	VIRTIO_MMIO_STATUS = 0x070,
	VIRTIO_MMIO_QUEUE_DESC = 0x080, /* low half; high half 4 bytes on */
	VIRTIO_MMIO_QUEUE_DRIVER = 0x090,
	VIRTIO_MMIO_QUEUE_DEVICE = 0x0a0,
	VIRTIO_MMIO_SHM_LEN = 0x0b0, /* and base, 16 bytes: all ones, no such region */
	VIRTIO_MMIO_SHM_END = 0x0c0,
	VIRTIO_MMIO_CONFIG_GENERATION = 0x0fc,
	VIRTIO_MMIO_CONFIG = 0x100,
};

/* Device status [2.1] */
enum {
	VIRTIO_STATUS_ACKNOWLEDGE = 1,
	VIRTIO_STATUS_DRIVER = 2,
	VIRTIO_STATUS_DRIVER_OK = 4,
	VIRTIO_STATUS_FEATURES_OK = 8,
	VIRTIO_STATUS_NEEDS_RESET = 64,
	VIRTIO_STATUS_FAILED = 128,
};

#endif
