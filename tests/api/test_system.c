// SPDX-License-Identifier: GPL-2.0-only
/* test_system.c: /dev/ldbt, and guest memory. Next file: test_vm.c. */
#include "api.h"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs a call with no free file descriptor. */
static long without_fds(int fd, unsigned long call, unsigned long arg)
{
	struct rlimit old, none;
	long result;
	int err;

	getrlimit(RLIMIT_NOFILE, &old);
	none = old;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &none);
	result = ioctl(fd, call, arg);
	err = errno;
	setrlimit(RLIMIT_NOFILE, &old);
	errno = err;
	return result;
}

void test_system(void)
{
	int system = system_open(), vm;
	long found;

	found = ioctl(system, LDBT_GET_API_VERSION, 0);
	check("GET_API_VERSION", found == LDBT_API_VERSION, "%ld", found);
	check_errno("GET_API_VERSION EINVAL argument", ioctl(system, LDBT_GET_API_VERSION, 1), EINVAL);
	found = ioctl(system, LDBT_CHECK_CAP, LDBT_CAP_VCPUS);
	check("CHECK_CAP vcpus", found >= 1, "%ld", found);
	found = ioctl(system, LDBT_CHECK_CAP, LDBT_CAP_MEMORY_SLOTS);
	check("CHECK_CAP memory slots", found == LDBT_MEMORY_SLOTS, "%ld", found);
	found = ioctl(system, LDBT_CHECK_CAP, 0xffffffffUL);
	check("CHECK_CAP unknown", found == 0, "%ld", found);
	check_errno("CREATE_VM EINVAL guest type", ioctl(system, LDBT_CREATE_VM, 0), EINVAL);
	check_errno("CREATE_VM EMFILE", without_fds(system, LDBT_CREATE_VM, LDBT_GUEST_RISCV64), EMFILE);
	check_errno("system ENOTTY unknown", ioctl(system, _IO(LDBT_IOC, 0xff), 0), ENOTTY);
	check_errno("system ENOTTY call of a vCPU", ioctl(system, LDBT_RUN, 0), ENOTTY);
	check_errno("system ENOTTY call of a VM", ioctl(system, LDBT_CREATE_VCPU, 0), ENOTTY);
	vm = vm_make(system);
	found = ioctl(vm, LDBT_CHECK_CAP, LDBT_CAP_VCPUS);
	check("CHECK_CAP on the VM", found >= 1, "%ld", found);
	check_errno("VM ENOTTY call of the system", ioctl(vm, LDBT_CREATE_VM, LDBT_GUEST_RISCV64), ENOTTY);
	check_errno("VM ENOTTY call of a vCPU", ioctl(vm, LDBT_RUN, 0), ENOTTY);
	check_errno("CREATE_VCPU ENXIO no memory", ioctl(vm, LDBT_CREATE_VCPU, 0), ENXIO);
	memory_set(vm, 0, RAM_GPA, ram_map(RAM_BYTES), RAM_BYTES);
	check_errno("CREATE_VCPU EINVAL hartid", ioctl(vm, LDBT_CREATE_VCPU, 1UL << 32), EINVAL);
	check_errno("CREATE_VCPU EMFILE", without_fds(vm, LDBT_CREATE_VCPU, 0), EMFILE);
	found = ioctl(vm, LDBT_CREATE_VCPU, 0);
	check("CREATE_VCPU after a failed one", found >= 0, "%s", strerror(errno));
	check_errno("CREATE_VCPU EEXIST", ioctl(vm, LDBT_CREATE_VCPU, 0), EEXIST);
	close((int)found);
	check_errno("CREATE_VCPU EEXIST after its fd was closed", ioctl(vm, LDBT_CREATE_VCPU, 0), EEXIST);
	close(vm);
	close(system);
}

/* ---- memory ---- */

static const struct {
	const char *name;
	struct ldbt_memory memory; /* x_hva counts from the mapping */
} bad_memory[] = {
	{ "SET_MEMORY EINVAL slot", { .slot = LDBT_MEMORY_SLOTS, .gpa = RAM_GPA, .size_bytes = 4096 } },
	{ "SET_MEMORY EINVAL flags", { .flags = 1, .gpa = RAM_GPA, .size_bytes = 4096 } },
	{ "SET_MEMORY EINVAL pad", { .gpa = RAM_GPA, .size_bytes = 4096, .pad = { 1 } } },
	{ "SET_MEMORY EINVAL second pad", { .gpa = RAM_GPA, .size_bytes = 4096, .pad = { 0, 1 } } },
	{ "SET_MEMORY EINVAL gpa not page aligned", { .gpa = RAM_GPA + 8, .size_bytes = 4096 } },
	{ "SET_MEMORY EINVAL size not page aligned", { .gpa = RAM_GPA, .size_bytes = 4095 } },
	{ "SET_MEMORY EINVAL address not page aligned", { .gpa = RAM_GPA, .size_bytes = 4096, .x_hva = 1 } },
	{ "SET_MEMORY EINVAL empty", { .slot = 1, .gpa = RAM_GPA } },
	{ "SET_MEMORY EINVAL gpa wraps", { .gpa = -4096ULL, .size_bytes = 8192 } },
	{ "SET_MEMORY EINVAL address wraps", { .gpa = RAM_GPA, .size_bytes = 1ULL << 30, .x_hva = -(1ULL << 29) } },
	{ "SET_MEMORY EINVAL too big", { .size_bytes = LDBT_MEMORY_BYTES_MAX + 4096 } },
	{ "SET_MEMORY EINVAL too high", { .gpa = LDBT_MEMORY_BYTES_MAX, .size_bytes = 4096 } },
};

static void test_bad_memory(int vm, uint64_t hva)
{
	uint32_t i;

	for (i = 0; i < sizeof(bad_memory) / sizeof(bad_memory[0]); i++) {
		struct ldbt_memory memory = bad_memory[i].memory;

		if ((int64_t)memory.x_hva >= 0)
			memory.x_hva += hva;
		check_errno(bad_memory[i].name, ioctl(vm, LDBT_SET_MEMORY, &memory), EINVAL);
	}
}

/* In a process of its own, without the right to exceed limits. */
static void test_memlock(int system, void *ram)
{
	const struct rlimit limit = { 65536, 65536 };
	int status, vm;
	pid_t pid = fork();

	if (!pid) {
		vm = ioctl(system, LDBT_CREATE_VM, LDBT_GUEST_RISCV64);
		if (setrlimit(RLIMIT_MEMLOCK, &limit) || setgroups(0, NULL) || setuid(65534))
			_exit(100);
		_exit(memory_set(vm, 0, RAM_GPA, ram, RAM_BYTES) ? errno : 0);
	}
	waitpid(pid, &status, 0);
	check("SET_MEMORY ENOMEM over RLIMIT_MEMLOCK", WIFEXITED(status) && WEXITSTATUS(status) == ENOMEM, "status %#x",
	      (unsigned int)status);
}

void test_memory(void)
{
	int system = system_open(), vm = vm_make(system);
	uint8_t *ram = ram_map(RAM_BYTES), *hole = ram_map(8192), *constant;

	constant = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(hole + 4096, 4096);
	test_bad_memory(vm, (uint64_t)(uintptr_t)ram);
	check_errno("SET_MEMORY EFAULT argument", ioctl(vm, LDBT_SET_MEMORY, NULL), EFAULT);
	check_errno("SET_MEMORY EFAULT hole", memory_set(vm, 0, RAM_GPA, hole, 8192), EFAULT);
	check_errno("SET_MEMORY EFAULT read-only", memory_set(vm, 0, RAM_GPA, constant, 4096), EFAULT);
	test_memlock(system, ram);
	check("SET_MEMORY", !memory_set(vm, 0, RAM_GPA, ram, 8192), "%s", strerror(errno));
	check_errno("SET_MEMORY EEXIST overlap", memory_set(vm, 1, RAM_GPA + 4096, ram, 8192), EEXIST);
	check_errno("SET_MEMORY EEXIST slot", memory_set(vm, 0, RAM_GPA + (1 << 20), ram, 8192), EEXIST);
	check("SET_MEMORY next to it", !memory_set(vm, 1, RAM_GPA + 8192, ram, 4096), "%s", strerror(errno));
	check("SET_MEMORY clear", !memory_set(vm, 0, 0, NULL, 0), "%s", strerror(errno));
	check("SET_MEMORY again", !memory_set(vm, 0, RAM_GPA, ram, 8192), "%s", strerror(errno));
	close(ioctl(vm, LDBT_CREATE_VCPU, 0));
	check_errno("SET_MEMORY EBUSY", memory_set(vm, 2, RAM_GPA + (1 << 20), ram, 4096), EBUSY);
	check_errno("SET_MEMORY EBUSY clear", memory_set(vm, 0, 0, NULL, 0), EBUSY);
	close(vm);
	close(system);
}
