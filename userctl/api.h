/* SPDX-License-Identifier: GPL-2.0-only */
/* api.h: the calls of kmod/uapi/ldbt.h, one thin function each.
 *
 * Owns:    nothing; whoever gets a file descriptor or the run page gives it back.
 * Promise: no policy and no messages.
 * Locks:   none; see the user API. Context: any thread.
 * Errors:  negative errno as the user API states it; a file descriptor or a value is never negative.
 * Next file: machine.c. */
#ifndef LDBTCTL_API_H
#define LDBTCTL_API_H

#include <stdint.h>

#include "../kmod/uapi/ldbt.h"

#define API_DEVICE "/dev/ldbt"

int api_open(const char *path);
int api_version(int sys_fd);
int api_create_vm(int sys_fd, uint32_t guest);

int api_set_memory(int vm_fd, uint32_t slot, uint64_t gpa, void *at, uint64_t size_bytes);
int api_create_vcpu(int vm_fd, uint32_t hartid);
int api_set_sbi(int vm_fd);
int api_irq_line(int vm_fd, uint32_t irq, uint32_t level);
int api_irqfd(int vm_fd, int fd, uint32_t irq, uint32_t flags);
int api_doorbell(int vm_fd, int fd, uint64_t gpa, uint32_t value, uint32_t flags); /* a store of 4 bytes: value */
int api_mem_written(int vm_fd, uint64_t gpa, uint64_t len_bytes);
int api_get_stats(int fd, struct ldbt_stats *stats); /* of a VM or a vCPU */

int api_map_run(int vcpu_fd, struct ldbt_run **run);
void api_unmap_run(struct ldbt_run *run);
/* Which pages of memory slot 0 may hold translations. */
int api_map_code(int vm_fd, uint64_t ram_bytes, const volatile uint8_t **map);
void api_unmap_code(const volatile uint8_t *map, uint64_t ram_bytes);
int api_run(int vcpu_fd);
int api_set_reg(int vcpu_fd, uint64_t id, uint64_t value);

void api_close(int fd); /* -1 is none */

#endif
