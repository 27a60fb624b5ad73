// SPDX-License-Identifier: GPL-2.0-only
/* machine.c: makes and ends a machine with one vCPU. Next file: inside.c. */
#include "inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static int must(const char *what, int result)
{
	if (result < 0) {
		printf("inside: %s: %s\n", what, strerror(-result));
		exit(2);
	}
	return result;
}

void machine_make(struct machine *m, const void *image, unsigned int image_bytes)
{
	m->system = must(API_DEVICE, api_open(API_DEVICE));
	m->vm = must("LDBT_CREATE_VM", api_create_vm(m->system, LDBT_GUEST_RISCV64));
	m->ram = mmap(NULL, RAM_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (m->ram == MAP_FAILED) {
		puts("inside: no memory");
		exit(2);
	}
	memcpy(m->ram, image, image_bytes);
	must("LDBT_SET_MEMORY", api_set_memory(m->vm, 0, RAM_GPA, m->ram, RAM_BYTES));
	m->vcpu = must("LDBT_CREATE_VCPU", api_create_vcpu(m->vm, 0));
	must("mmap of the run page", api_map_run(m->vcpu, &m->run));
	must("set pc", api_set_reg(m->vcpu, LDBT_REG_CORE_PC, RAM_GPA));
}

void machine_destroy(struct machine *m)
{
	api_unmap_run(m->run);
	munmap(m->ram, RAM_BYTES);
	api_close(m->vcpu);
	api_close(m->vm);
	api_close(m->system);
}
