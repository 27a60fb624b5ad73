// SPDX-License-Identifier: GPL-2.0-only
/* test_vcpu.c: registers, the run page, signals. Next file: test_run.c. */
#include "api.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

static void on_signal(int number)
{
	(void)number;
}

static void test_registers(struct machine *m)
{
	uint64_t value = 0, i, wrong = 0;
	struct ldbt_one_reg reg = { .id = LDBT_REG_CORE + 33, .x_hva = (uint64_t)(uintptr_t)&value };

	for (i = 1; i < 32; i++)
		wrong += reg_set(m, LDBT_REG_CORE + i, i * 0x0101010101010101) != 0;
	for (i = 1; i < 32; i++)
		wrong += reg_get(m, LDBT_REG_CORE + i) != i * 0x0101010101010101;
	check("SET_ONE_REG and back", !wrong, "%lu wrong", (unsigned long)wrong);
	check("GET_ONE_REG mode", reg_get(m, LDBT_REG_CORE_MODE) == 3, "not M");
	check("GET_ONE_REG timer frequency", reg_get(m, LDBT_REG_TIMER) == 10000000, "not 10 MHz");
	check("SET_ONE_REG mscratch", !reg_set(m, LDBT_REG_CSR_NUMBER + 0x340, 7), "%s", strerror(errno));
	check("GET_ONE_REG mscratch", reg_get(m, LDBT_REG_CSR_NUMBER + 0x340) == 7, "differs");
	check("SET_ONE_REG sscratch as KVM's", !reg_set(m, LDBT_REG_CSR + 3, 9), "%s", strerror(errno));
	check("GET_ONE_REG sscratch by number", reg_get(m, LDBT_REG_CSR_NUMBER + 0x140) == 9, "differs");
	check_errno("GET_ONE_REG ENOENT core", ioctl(m->vcpu, LDBT_GET_ONE_REG, &reg), ENOENT);
	check_errno("SET_ONE_REG ENOENT core", ioctl(m->vcpu, LDBT_SET_ONE_REG, &reg), ENOENT);
	reg.id = LDBT_REG_CSR_NUMBER + 0xfff;
	check_errno("GET_ONE_REG ENOENT CSR", ioctl(m->vcpu, LDBT_GET_ONE_REG, &reg), ENOENT);
	reg.id = 0;
	check_errno("GET_ONE_REG ENOENT group", ioctl(m->vcpu, LDBT_GET_ONE_REG, &reg), ENOENT);
	check_errno("SET_ONE_REG EINVAL odd pc", reg_set(m, LDBT_REG_CORE_PC, RAM_GPA + 1), EINVAL);
	check_errno("SET_ONE_REG EINVAL mode", reg_set(m, LDBT_REG_CORE_MODE, 2), EINVAL);
	check_errno("SET_ONE_REG EINVAL timer frequency", reg_set(m, LDBT_REG_TIMER, 1), EINVAL);
	reg = (struct ldbt_one_reg){ .id = LDBT_REG_CORE_PC };
	check_errno("GET_ONE_REG EFAULT value", ioctl(m->vcpu, LDBT_GET_ONE_REG, &reg), EFAULT);
	check_errno("SET_ONE_REG EFAULT value", ioctl(m->vcpu, LDBT_SET_ONE_REG, &reg), EFAULT);
	check_errno("GET_ONE_REG EFAULT argument", ioctl(m->vcpu, LDBT_GET_ONE_REG, NULL), EFAULT);
}

static void test_fp_registers(struct machine *m)
{
	uint32_t fcsr[2] = { 0xe5, 0x12345678 }; /* 4 bytes are read and written */
	uint64_t i, wrong = 0, sstatus = reg_get(m, LDBT_REG_CSR_NUMBER + 0x100);
	struct ldbt_one_reg reg = { .id = LDBT_REG_FP_FCSR, .x_hva = (uint64_t)(uintptr_t)fcsr };

	check("GET_ONE_REG misa has B, F and D", reg_get(m, LDBT_REG_CSR_NUMBER + 0x301) == 0x800000000014112f,
	      "not so");
	for (i = 0; i < 32; i++)
		wrong += reg_set(m, LDBT_REG_FP_D + i, ~i * 0x0101010101010101) != 0;
	for (i = 0; i < 32; i++)
		wrong += reg_get(m, LDBT_REG_FP_D + i) != ~i * 0x0101010101010101;
	check("SET_ONE_REG f and back", !wrong, "%lu wrong", (unsigned long)wrong);
	check("SET_ONE_REG fcsr", !ioctl(m->vcpu, LDBT_SET_ONE_REG, &reg), "%s", strerror(errno));
	fcsr[0] = 0;
	check("GET_ONE_REG fcsr", !ioctl(m->vcpu, LDBT_GET_ONE_REG, &reg) && fcsr[0] == 0xe5 && fcsr[1] == 0x12345678,
	      "%#x %#x", fcsr[0], fcsr[1]);
	check("GET_ONE_REG frm by number", reg_get(m, LDBT_REG_CSR_NUMBER + 2) == 7, "differs");
	check("SET_ONE_REG f leaves FS", reg_get(m, LDBT_REG_CSR_NUMBER + 0x100) == sstatus, "%#lx",
	      (unsigned long)sstatus);
	reg.id = LDBT_REG_FP_D + 32;
	check_errno("GET_ONE_REG ENOENT f", ioctl(m->vcpu, LDBT_GET_ONE_REG, &reg), ENOENT);
	check_errno("SET_ONE_REG ENOENT f", ioctl(m->vcpu, LDBT_SET_ONE_REG, &reg), ENOENT);
	reg.id = LDBT_REG_FP_FCSR - 1;
	check_errno("GET_ONE_REG ENOENT size", ioctl(m->vcpu, LDBT_GET_ONE_REG, &reg), ENOENT);
	reg.id = 0x8040000006000000; /* 16 bytes */
	check_errno("SET_ONE_REG ENOENT size", ioctl(m->vcpu, LDBT_SET_ONE_REG, &reg), ENOENT);
}

static void test_run_page(struct machine *m)
{
	void *page;

	page = mmap(NULL, 2 * LDBT_RUN_BYTES, PROT_READ, MAP_SHARED, m->vcpu, 0);
	check_errno("mmap EINVAL size", page == MAP_FAILED ? -1 : 0, EINVAL);
	page = mmap(NULL, LDBT_RUN_BYTES, PROT_READ, MAP_SHARED, m->vcpu, LDBT_RUN_BYTES);
	check_errno("mmap EINVAL offset", page == MAP_FAILED ? -1 : 0, EINVAL);
	page = mmap(NULL, LDBT_RUN_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE, m->vcpu, 0);
	check_errno("mmap EINVAL private", page == MAP_FAILED ? -1 : 0, EINVAL);
}

static void test_ends_of_run(struct machine *m)
{
	/* again and again: the first may come before RUN */
	const struct itimerval often = { { .tv_usec = 200000 }, { .tv_usec = 200000 } }, never = { 0 };

	check_errno("RUN EINVAL argument", ioctl(m->vcpu, LDBT_RUN, 1), EINVAL);
	m->run->immediate_exit = 1;
	check_errno("RUN EINTR immediate_exit", machine_run(m), EINTR);
	m->run->immediate_exit = 0;
	setitimer(ITIMER_REAL, &often, NULL);
	check_errno("RUN EINTR signal", machine_run(m), EINTR);
	setitimer(ITIMER_REAL, &never, NULL);
	check("pc after a signal", reg_get(m, LDBT_REG_CORE_PC) == RAM_GPA, "%#llx",
	      (unsigned long long)reg_get(m, LDBT_REG_CORE_PC));
}

struct runner {
	struct machine *m;
	long result;
	int err;
};

static void *run_thread(void *opaque)
{
	struct runner *r = opaque;

	r->result = machine_run(r->m);
	r->err = errno;
	return NULL;
}

static void test_busy(struct machine *m)
{
	struct runner r = { .m = m };
	uint64_t value = 0;
	struct ldbt_one_reg reg = { .id = LDBT_REG_CORE_PC, .x_hva = (uint64_t)(uintptr_t)&value };
	pthread_t thread;

	pthread_create(&thread, NULL, run_thread, &r);
	while (!ioctl(m->vcpu, LDBT_GET_ONE_REG, &reg)) /* until it is in RUN; it does not come back by itself */
		usleep(1000);
	check_errno("GET_ONE_REG EBUSY", ioctl(m->vcpu, LDBT_GET_ONE_REG, &reg), EBUSY);
	check_errno("SET_ONE_REG EBUSY", ioctl(m->vcpu, LDBT_SET_ONE_REG, &reg), EBUSY);
	m->run->immediate_exit = 1;
	pthread_kill(thread, SIGUSR1);
	pthread_join(thread, NULL);
	m->run->immediate_exit = 0;
	errno = r.err;
	check_errno("RUN EINTR from another thread", r.result, EINTR);
}

void test_vcpu(void)
{
	static const uint32_t loop[] = { RV_LOOP };
	const struct sigaction action = { .sa_handler = on_signal };
	struct ldbt_stats stats;
	struct machine m;

	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	machine_make(&m, loop, 1);
	check_errno("vCPU ENOTTY call of a VM", ioctl(m.vcpu, LDBT_CREATE_VCPU, 0), ENOTTY);
	check_errno("vCPU ENOTTY call of the system", ioctl(m.vcpu, LDBT_CREATE_VM, LDBT_GUEST_RISCV64), ENOTTY);
	test_registers(&m);
	test_fp_registers(&m);
	reg_set(&m, LDBT_REG_CORE_PC, RAM_GPA);
	test_run_page(&m);
	test_ends_of_run(&m);
	test_busy(&m);
	check("GET_STATS on the vCPU", !ioctl(m.vcpu, LDBT_GET_STATS, &stats) && stats.enters, "%s", strerror(errno));
	close(m.vm); /* the vCPU keeps its VM */
	m.vm = -1;
	m.run->immediate_exit = 1;
	check_errno("RUN EINTR after the VM's fd was closed", machine_run(&m), EINTR);
	machine_destroy(&m);
}
