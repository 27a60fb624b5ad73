// SPDX-License-Identifier: GPL-2.0-only
/* api.c: runs all tests of the user API on /dev/ldbt, or with "growth [N]" those of test_growth.c; needs root and the module.
 * Next file: test_system.c. */
#include "api.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { GROWTH_MACHINES = 50 };

int passed, failed;

void check(const char *name, bool is_good, const char *found, ...)
{
	va_list args;

	if (is_good) {
		passed++;
		return;
	}
	failed++;
	printf("FAIL: %s: ", name);
	va_start(args, found);
	vprintf(found, args);
	va_end(args);
	printf("\n");
}

void check_errno(const char *name, long result, int wanted)
{
	int found = result < 0 ? errno : 0;

	check(name, result < 0 && found == wanted, "returned %ld, %s; expected %s", result, strerror(found),
	      strerror(wanted));
}

static int must(const char *what, long result)
{
	if (result < 0) {
		printf("api: %s: %s\n", what, strerror(errno));
		exit(2);
	}
	return (int)result;
}

int system_open(void)
{
	return must("open /dev/ldbt", open("/dev/ldbt", O_RDWR | O_CLOEXEC));
}

int vm_make(int system)
{
	return must("LDBT_CREATE_VM", ioctl(system, LDBT_CREATE_VM, LDBT_GUEST_RISCV64));
}

int memory_set(int vm, uint32_t slot, uint64_t gpa, void *hva, uint64_t size_bytes)
{
	struct ldbt_memory memory = {
		.slot = slot, .gpa = gpa, .size_bytes = size_bytes, .x_hva = (uint64_t)(uintptr_t)hva
	};

	return ioctl(vm, LDBT_SET_MEMORY, &memory);
}

void *ram_map(uint64_t size_bytes)
{
	void *ram = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	must("mmap", ram == MAP_FAILED ? -1 : 0);
	return ram;
}

long reg_set(struct machine *m, uint64_t id, uint64_t value)
{
	struct ldbt_one_reg reg = { .id = id, .x_hva = (uint64_t)(uintptr_t)&value };

	return ioctl(m->vcpu, LDBT_SET_ONE_REG, &reg);
}

uint64_t reg_get(struct machine *m, uint64_t id)
{
	uint64_t value = 0;
	struct ldbt_one_reg reg = { .id = id, .x_hva = (uint64_t)(uintptr_t)&value };

	must("LDBT_GET_ONE_REG", ioctl(m->vcpu, LDBT_GET_ONE_REG, &reg));
	return value;
}

static void make(struct machine *m, const uint32_t *code, uint32_t words, bool has_sbi)
{
	m->system = system_open();
	m->vm = vm_make(m->system);
	m->ram = ram_map(RAM_BYTES);
	memcpy(m->ram, code, words * sizeof(*code));
	must("LDBT_SET_MEMORY", memory_set(m->vm, 0, RAM_GPA, m->ram, RAM_BYTES));
	if (has_sbi)
		must("LDBT_SET_SBI", ioctl(m->vm, LDBT_SET_SBI, 0));
	m->vcpu = must("LDBT_CREATE_VCPU", ioctl(m->vm, LDBT_CREATE_VCPU, 0));
	m->run = mmap(NULL, LDBT_RUN_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, m->vcpu, 0);
	must("mmap of the run page", m->run == MAP_FAILED ? -1 : 0);
	must("set pc", reg_set(m, LDBT_REG_CORE_PC, RAM_GPA));
}

void machine_make(struct machine *m, const uint32_t *code, uint32_t words)
{
	make(m, code, words, false);
}

void machine_make_sbi(struct machine *m, const uint32_t *code, uint32_t words)
{
	make(m, code, words, true);
}

void machine_destroy(struct machine *m)
{
	munmap(m->run, LDBT_RUN_BYTES);
	munmap(m->ram, RAM_BYTES);
	close(m->vcpu);
	close(m->vm);
	close(m->system);
}

long machine_run(struct machine *m)
{
	return ioctl(m->vcpu, LDBT_RUN, 0);
}

static void test_calls(void)
{
	test_system();
	test_memory();
	test_vm();
	test_vcpu();
	test_irq(); /* after test_vcpu(): its handler of SIGALRM */
	test_code_map();
	test_run();
	test_sbi();
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1 && !strcmp(argv[1], "growth"))
		test_growth(argc > 2 ? (unsigned int)atoi(argv[2]) : GROWTH_MACHINES);
	else
		test_calls();
	printf("api: %d passed, %d failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
