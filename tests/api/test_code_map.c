// SPDX-License-Identifier: GPL-2.0-only
/* test_code_map.c: the VM's map of pages with translations, and what LDBT_MEM_WRITTEN does to it. Next file: test_run.c. */
#include "api.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	RA = 1,
	T0 = 5,
	T1 = 6,
	A0 = 10,
	UART_PAGE = 0x10000, /* for lui */
	FAR_PAGE = 5,	     /* of RAM: a function */
	RET = 0x00008067,
	JALR_T1 = 0x000300e7, /* jalr ra, 0(t1) */
	AUIPC_T1 = FAR_PAGE << 12 | T1 << 7 | 0x17,
};

static void *map(int vm, uint64_t offset, uint64_t bytes, int prot, int flags)
{
	return mmap(NULL, bytes, prot, flags, vm, (off_t)offset);
}

static void expect_refused(const char *name, void *at, int wanted)
{
	check_errno(name, at == MAP_FAILED ? -1 : 0, wanted);
}

static void test_errors(struct machine *m)
{
	const uint64_t bytes = LDBT_CODE_MAP_BYTES(RAM_BYTES);
	int fresh = vm_make(m->system);
	uint8_t *at;

	check("CHECK_CAP code map", ioctl(m->vm, LDBT_CHECK_CAP, LDBT_CAP_CODE_MAP) == 1, "missing");
	expect_refused("code map ENXIO no vCPU", map(fresh, 0, bytes, PROT_READ, MAP_SHARED), ENXIO);
	expect_refused("code map ENXIO slot", map(m->vm, LDBT_CODE_MAP_STRIDE, bytes, PROT_READ, MAP_SHARED), ENXIO);
	expect_refused("code map EINVAL slot",
		       map(m->vm, LDBT_MEMORY_SLOTS * LDBT_CODE_MAP_STRIDE, bytes, PROT_READ, MAP_SHARED), EINVAL);
	expect_refused("code map EINVAL offset", map(m->vm, 4096, bytes, PROT_READ, MAP_SHARED), EINVAL);
	expect_refused("code map EINVAL length", map(m->vm, 0, bytes + 4096, PROT_READ, MAP_SHARED), EINVAL);
	expect_refused("code map EINVAL writable", map(m->vm, 0, bytes, PROT_READ | PROT_WRITE, MAP_SHARED), EINVAL);
	at = map(m->vm, 0, bytes, PROT_READ | PROT_EXEC, MAP_SHARED);
	check("code map EINVAL or EPERM executable", at == MAP_FAILED && (errno == EINVAL || errno == EPERM), "%s",
	      at == MAP_FAILED ? strerror(errno) : "is mapped");
	expect_refused("code map EINVAL private", map(m->vm, 0, bytes, PROT_READ, MAP_PRIVATE), EINVAL);
	at = map(m->vm, 0, bytes, PROT_READ, MAP_SHARED);
	check("code map", at != MAP_FAILED, "%s", strerror(errno));
	check_errno("code map is never writable", mprotect(at, bytes, PROT_READ | PROT_WRITE), EACCES);
	munmap(at, bytes);
	close(fresh);
}

static bool is_marked(const volatile uint8_t *code_map, uint32_t page)
{
	return code_map[page / 8] >> page % 8 & 1;
}

static void expect_store(const char *name, struct machine *m)
{
	long result = machine_run(m);

	check(name, !result && m->run->exit_reason == LDBT_EXIT_MMIO && m->run->mmio.is_write, "result %ld, exit %u",
	      result, m->run->exit_reason);
}

static void report(struct machine *m, uint32_t page)
{
	const struct ldbt_range range = { .gpa = RAM_GPA + page * 4096ULL, .len_bytes = 1 };

	check("MEM_WRITTEN of a marked page", !ioctl(m->vm, LDBT_MEM_WRITTEN, &range), "%s", strerror(errno));
}

/* The guest calls a function on another page, tells by a store, stores to that page, tells, and begins again. */
void test_code_map(void)
{
	const uint32_t code[] = {
		RV_LUI(T0, UART_PAGE), AUIPC_T1,
		RV_ADDI(T1, T1, -4),   JALR_T1,
		RV_STORE(0, A0, T0),   RV_STORE(2, 0, T1) | 16 << 7, /* sw x0, 16(t1): behind the function */
		RV_STORE(0, A0, T0),   0xfe9ff06f /* jal x0, -24 */,
	};
	const uint32_t function[] = { RV_ADDI(A0, 0, 7), RET };
	const uint64_t bytes = LDBT_CODE_MAP_BYTES(RAM_BYTES);
	volatile uint8_t *code_map;
	struct machine m;

	machine_make(&m, code, sizeof(code) / sizeof(code[0]));
	test_errors(&m);
	memcpy(m.ram + FAR_PAGE * 4096, function, sizeof(function));
	code_map = map(m.vm, 0, bytes, PROT_READ, MAP_SHARED);
	check("no page is marked at first", !is_marked(code_map, 0) && !is_marked(code_map, FAR_PAGE), "%x",
	      code_map[0]);
	expect_store("a guest with two pages of code", &m);
	check("both pages are marked", is_marked(code_map, 0) && is_marked(code_map, FAR_PAGE), "%x", code_map[0]);
	check("no other page is", code_map[0] == (1 | 1 << FAR_PAGE) && !code_map[1], "%x %x", code_map[0],
	      code_map[1]);
	report(&m, FAR_PAGE);
	check("the reported page is marked no more", code_map[0] == 1, "%x", code_map[0]);
	expect_store("a guest that stores to a reported page", &m);
	check("a store marks nothing", code_map[0] == 1, "%x", code_map[0]);
	expect_store("the function again", &m);
	check("its page is marked again", code_map[0] == (1 | 1 << FAR_PAGE), "%x", code_map[0]);
	expect_store("a guest that stores to a page with code", &m);
	check("the page stays marked until fence.i", code_map[0] == (1 | 1 << FAR_PAGE), "%x", code_map[0]);
	report(&m, FAR_PAGE);
	check("a written page, reported", code_map[0] == 1, "%x", code_map[0]);
	expect_store("the function, translated anew", &m);
	check("what the function returns", m.run->mmio.data[0] == 7, "%u", m.run->mmio.data[0]);
	machine_destroy(&m);
	check("the map outlives its VM", code_map[0] == (1 | 1 << FAR_PAGE), "%x", code_map[0]);
	munmap((void *)code_map, bytes);
}
