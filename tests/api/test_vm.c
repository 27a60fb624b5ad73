// SPDX-License-Identifier: GPL-2.0-only
/* test_vm.c: the VM's other calls. Next file: test_vcpu.c. */
#include "api.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DOORBELL 0x10008000ULL

static long ioeventfd(int vm, uint64_t gpa, uint32_t len_bytes, int fd, uint32_t flags, uint64_t datamatch)
{
	struct ldbt_ioeventfd io = {
		.gpa = gpa, .datamatch = datamatch, .len_bytes = len_bytes, .fd = fd, .flags = flags
	};

	return ioctl(vm, LDBT_IOEVENTFD, &io);
}

static void test_ioeventfd_arguments(int vm, int event)
{
	struct ldbt_ioeventfd io = { .gpa = DOORBELL, .len_bytes = 4, .fd = event, .pad = 1 };

	check_errno("IOEVENTFD EINVAL pad", ioctl(vm, LDBT_IOEVENTFD, &io), EINVAL);
	check_errno("IOEVENTFD EBADF", ioeventfd(vm, DOORBELL, 4, -1, 0, 0), EBADF);
	check_errno("IOEVENTFD EINVAL flags", ioeventfd(vm, DOORBELL, 4, event, 4, 0), EINVAL);
	check_errno("IOEVENTFD EINVAL length 3", ioeventfd(vm, DOORBELL, 3, event, 0, 0), EINVAL);
	check_errno("IOEVENTFD EINVAL length 16", ioeventfd(vm, DOORBELL, 16, event, 0, 0), EINVAL);
	check_errno("IOEVENTFD EINVAL length 0 with datamatch",
		    ioeventfd(vm, DOORBELL, 0, event, LDBT_IOEVENTFD_DATAMATCH, 0), EINVAL);
	check_errno("IOEVENTFD EINVAL alignment", ioeventfd(vm, DOORBELL + 2, 4, event, 0, 0), EINVAL);
	check_errno("IOEVENTFD EINVAL guest memory", ioeventfd(vm, RAM_GPA, 4, event, 0, 0), EINVAL);
	check_errno("IOEVENTFD ENOENT", ioeventfd(vm, DOORBELL, 4, event, LDBT_IOEVENTFD_DEASSIGN, 0), ENOENT);
}

static void test_ioeventfd_list(int vm, int event)
{
	const uint32_t match = LDBT_IOEVENTFD_DATAMATCH;
	uint64_t i;

	check("IOEVENTFD", !ioeventfd(vm, DOORBELL, 4, event, 0, 0), "%s", strerror(errno));
	check_errno("IOEVENTFD EEXIST", ioeventfd(vm, DOORBELL, 4, event, 0, 0), EEXIST);
	check("IOEVENTFD datamatch beside it", !ioeventfd(vm, DOORBELL, 4, event, match, 1), "%s", strerror(errno));
	check_errno("IOEVENTFD EEXIST datamatch", ioeventfd(vm, DOORBELL, 4, event, match, 1), EEXIST);
	for (i = 2; i < LDBT_IOEVENTFDS_MAX; i++)
		if (ioeventfd(vm, DOORBELL, 4, event, match, i))
			break;
	check("IOEVENTFD up to the limit", i == LDBT_IOEVENTFDS_MAX, "%lu: %s", (unsigned long)i, strerror(errno));
	check_errno("IOEVENTFD ENOSPC", ioeventfd(vm, DOORBELL, 4, event, match, i), ENOSPC);
	check("IOEVENTFD deassign", !ioeventfd(vm, DOORBELL, 4, event, match | LDBT_IOEVENTFD_DEASSIGN, 7), "%s",
	      strerror(errno));
	check("IOEVENTFD room again", !ioeventfd(vm, DOORBELL, 4, event, match, i), "%s", strerror(errno));
}

/* The guest stores 65 to the doorbell, then to the UART: only the second comes to the controller. */
static void test_doorbell(void)
{
	static const uint32_t code[] = { RV_LUI(5, DOORBELL >> 12), RV_LUI(7, 0x10000), RV_ADDI(6, 0, 65),
					 RV_STORE(2, 6, 5),	    RV_STORE(0, 6, 7),	RV_LOOP };
	struct machine m;
	uint64_t count = 0;
	int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	long result;

	machine_make(&m, code, sizeof(code) / sizeof(code[0]));
	check("IOEVENTFD for the doorbell", !ioeventfd(m.vm, DOORBELL, 4, event, LDBT_IOEVENTFD_DATAMATCH, 65), "%s",
	      strerror(errno));
	result = machine_run(&m);
	check("doorbell: the next store comes", !result && m.run->mmio.gpa == 0x10000000, "%ld, gpa %#llx", result,
	      (unsigned long long)m.run->mmio.gpa);
	check("doorbell rang once", read(event, &count, sizeof(count)) == sizeof(count) && count == 1, "%lu",
	      (unsigned long)count);
	machine_destroy(&m);
	close(event);
}

static void test_mem_written(int vm)
{
	struct ldbt_range range = { .gpa = RAM_GPA, .len_bytes = RAM_BYTES };

	check("MEM_WRITTEN", !ioctl(vm, LDBT_MEM_WRITTEN, &range), "%s", strerror(errno));
	range.len_bytes++;
	check_errno("MEM_WRITTEN EINVAL beyond", ioctl(vm, LDBT_MEM_WRITTEN, &range), EINVAL);
	range.gpa = 0x1000;
	range.len_bytes = 1;
	check_errno("MEM_WRITTEN EINVAL no memory", ioctl(vm, LDBT_MEM_WRITTEN, &range), EINVAL);
	range.gpa = RAM_GPA;
	range.len_bytes = -RAM_GPA + 1;
	check_errno("MEM_WRITTEN EINVAL wraps", ioctl(vm, LDBT_MEM_WRITTEN, &range), EINVAL);
}

void test_vm(void)
{
	static const uint32_t code[] = { RV_LOOP };
	int event = eventfd(0, EFD_CLOEXEC);
	struct ldbt_stats stats;
	struct machine m;

	machine_make(&m, code, 1);
	test_ioeventfd_arguments(m.vm, event);
	test_ioeventfd_list(m.vm, event);
	test_mem_written(m.vm);
	check("GET_STATS on the VM", !ioctl(m.vm, LDBT_GET_STATS, &stats), "%s", strerror(errno));
	check_errno("GET_STATS EFAULT", ioctl(m.vm, LDBT_GET_STATS, NULL), EFAULT);
	machine_destroy(&m);
	close(event);
	test_doorbell();
}
