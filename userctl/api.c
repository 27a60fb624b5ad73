// SPDX-License-Identifier: GPL-2.0-only
/* api.c: the only file that calls the module. Next file: machine.c. */
#include "api.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static int call(int fd, unsigned long request, unsigned long arg)
{
	int ret = ioctl(fd, request, arg);

	return ret < 0 ? -errno : ret;
}

static int call_struct(int fd, unsigned long request, void *arg)
{
	return call(fd, request, (unsigned long)(uintptr_t)arg);
}

int api_open(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int api_version(int sys_fd)
{
	return call(sys_fd, LDBT_GET_API_VERSION, 0);
}

int api_create_vm(int sys_fd, uint32_t guest)
{
	return call(sys_fd, LDBT_CREATE_VM, guest);
}

int api_set_memory(int vm_fd, uint32_t slot, uint64_t gpa, void *at, uint64_t size_bytes)
{
	struct ldbt_memory mem = { .slot = slot, .gpa = gpa, .size_bytes = size_bytes, .x_hva = (uintptr_t)at };

	return call_struct(vm_fd, LDBT_SET_MEMORY, &mem);
}

int api_create_vcpu(int vm_fd, uint32_t hartid)
{
	return call(vm_fd, LDBT_CREATE_VCPU, hartid);
}

int api_set_sbi(int vm_fd)
{
	return call(vm_fd, LDBT_SET_SBI, 0);
}

int api_irq_line(int vm_fd, uint32_t irq, uint32_t level)
{
	struct ldbt_irq_line line = { .irq = irq, .level = level };

	return call_struct(vm_fd, LDBT_IRQ_LINE, &line);
}

int api_irqfd(int vm_fd, int fd, uint32_t irq, uint32_t flags)
{
	struct ldbt_irqfd arg = { .fd = fd, .irq = irq, .flags = flags };

	return call_struct(vm_fd, LDBT_IRQFD, &arg);
}

int api_doorbell(int vm_fd, int fd, uint64_t gpa, uint32_t value, uint32_t flags)
{
	struct ldbt_ioeventfd arg = {
		.gpa = gpa,
		.datamatch = value,
		.len_bytes = sizeof(value),
		.fd = fd,
		.flags = flags | LDBT_IOEVENTFD_DATAMATCH,
	};

	return call_struct(vm_fd, LDBT_IOEVENTFD, &arg);
}

int api_mem_written(int vm_fd, uint64_t gpa, uint64_t len_bytes)
{
	struct ldbt_range range = { .gpa = gpa, .len_bytes = len_bytes };

	return call_struct(vm_fd, LDBT_MEM_WRITTEN, &range);
}

int api_get_stats(int fd, struct ldbt_stats *stats)
{
	return call_struct(fd, LDBT_GET_STATS, stats);
}

int api_map_run(int vcpu_fd, struct ldbt_run **run)
{
	void *at = mmap(NULL, LDBT_RUN_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu_fd, 0);

	if (at == MAP_FAILED)
		return -errno;
	*run = at;
	return 0;
}

void api_unmap_run(struct ldbt_run *run)
{
	munmap(run, LDBT_RUN_BYTES);
}

int api_map_code(int vm_fd, uint64_t ram_bytes, const volatile uint8_t **map)
{
	void *at = mmap(NULL, LDBT_CODE_MAP_BYTES(ram_bytes), PROT_READ, MAP_SHARED, vm_fd, 0);

	if (at == MAP_FAILED)
		return -errno;
	*map = at;
	return 0;
}

void api_unmap_code(const volatile uint8_t *map, uint64_t ram_bytes)
{
	munmap((void *)(uintptr_t)map, LDBT_CODE_MAP_BYTES(ram_bytes));
}

int api_run(int vcpu_fd)
{
	return call(vcpu_fd, LDBT_RUN, 0);
}

int api_set_reg(int vcpu_fd, uint64_t id, uint64_t value)
{
	struct ldbt_one_reg reg = { .id = id, .x_hva = (uintptr_t)&value };

	return call_struct(vcpu_fd, LDBT_SET_ONE_REG, &reg);
}

void api_close(int fd)
{
	if (fd >= 0)
		close(fd);
}
