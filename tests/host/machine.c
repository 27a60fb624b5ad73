// SPDX-License-Identifier: GPL-2.0-only
/* machine.c: maps everything a machine needs, and moves registers between home and the entry frame.
 * Next file: ram.c. */
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "machine.h"
#include "paging.h"
#include "csr.h"
#include "regs.h"
#include "rules.h"

/* Addresses just outside the window fault too; those far outside may hit the process: no sandbox (machine.h). */
#define GUARD_BYTES  (4ULL << 30)
#define MAPPED_BYTES (ABI_WINDOW_BYTES + 2 * GUARD_BYTES)

enum { EXIT_STUB_BYTES = 14, HOST_PAGE_BYTES = 4096 };

static int complain(const char *what)
{
	fprintf(stderr, "ldbt-bare: cannot get %s: %s\n", what, strerror(errno));
	return -ENOMEM;
}

/* The same bytes twice: at `fixed` (or anywhere) with prot, and elsewhere writable. */
static int map_twice(const char *name, u64 bytes, u8 *fixed, int prot, u8 **first, u8 **second)
{
	int fd = memfd_create(name, 0);
	void *a, *b;

	if (fd < 0 || ftruncate(fd, (off_t)bytes)) {
		if (fd >= 0)
			close(fd);
		return complain(name);
	}
	a = mmap(fixed, bytes, prot, MAP_SHARED | (fixed ? MAP_FIXED : 0), fd, 0);
	b = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (a == MAP_FAILED || b == MAP_FAILED)
		return complain(name);
	*first = a;
	*second = b;
	return 0;
}

static int create_memory(struct machine *m)
{
	u8 *window = mmap(NULL, MAPPED_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	u8 *unused;
	int err;

	if (window == MAP_FAILED)
		return complain("512 GiB of addresses");
	m->window = window + GUARD_BYTES + ABI_WINDOW_HALF;
	err = map_twice("ldbt-ram", m->opt.ram_bytes, m->window + MACHINE_RAM_GPA, PROT_READ | PROT_WRITE, &unused,
			&m->ram);
	if (err)
		return err;
	m->npages = (u32)(m->opt.ram_bytes >> 12);
	m->page_flags = calloc(m->npages, 1);
	m->written = calloc(m->npages, sizeof(*m->written));
	m->state = mmap(NULL, ABI_STATE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (!m->page_flags || !m->written || m->state == MAP_FAILED)
		return complain("state area");
	if (m->opt.arms) {
		m->arm_counts = mmap(NULL, rule_arm_count * sizeof(u64), PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
		if (m->arm_counts == MAP_FAILED)
			return complain("counters of arms");
	}
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, m->window))
		return complain("GS base");
	return 0;
}

/* jmp [rip + 0]; address of machine_exit() */
static void make_exit_stub(u8 *stub)
{
	u64 target = (u64)(uintptr_t)machine_exit;

	memcpy(stub, (const u8[]){ 0xff, 0x25, 0, 0, 0, 0 }, 6);
	memcpy(stub + 6, &target, 8);
}

static u32 host_features(void)
{
	return (__builtin_cpu_supports("bmi") ? 1U << HOST_BMI1 : 0) |
	       (__builtin_cpu_supports("bmi2") ? 1U << HOST_BMI2 : 0) |
	       (__builtin_cpu_supports("popcnt") ? 1U << HOST_POPCNT : 0) |
	       (__builtin_cpu_supports("lzcnt") ? 1U << HOST_LZCNT : 0) |
	       (__builtin_cpu_supports("fma") ? 1U << HOST_FMA : 0);
}

/* The keys of links lie behind the code. */
static size_t keys_offset(const struct machine *m)
{
	return (m->opt.code_bytes + HOST_PAGE_BYTES - 1UL) & ~(HOST_PAGE_BYTES - 1UL);
}

static size_t code_bytes(const struct machine *m)
{
	return keys_offset(m) + cache_key_bytes(m->opt.code_bytes);
}

static int create_cache(struct machine *m)
{
	size_t bytes = cache_meta_bytes(m->opt.code_bytes, m->npages);
	struct cache_memory mem = { .meta_bytes = bytes };
	u8 stub[EXIT_STUB_BYTES];
	int err;

	if (!bytes) {
		fprintf(stderr, "ldbt-bare: code cache of %u bytes: too small or too big\n", m->opt.code_bytes);
		return -EINVAL;
	}
	err = map_twice("ldbt-code", code_bytes(m), NULL, PROT_READ | PROT_EXEC, &m->code_exec, &m->code_rw);
	mem.meta = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (err || mem.meta == MAP_FAILED)
		return complain("code cache");
	make_exit_stub(stub);
	if (m->opt.stat) { /* translation is timed: not the host's first touch of each page */
		memset(m->code_rw, 0, code_bytes(m));
		memset(mem.meta, 0, bytes);
	}
	mem.code_rw = m->code_rw;
	mem.code_exec = (u64)(uintptr_t)m->code_exec;
	mem.code_bytes = m->opt.code_bytes;
	mem.keys_rw = (u64 *)(m->code_rw + keys_offset(m));
	mem.keys_exec = mem.code_exec + keys_offset(m);
	mem.state_disp = (s32)(uintptr_t)m->state;
	mem.ram_gpa = MACHINE_RAM_GPA;
	mem.npages = m->npages;
	mem.exit_stub = stub;
	mem.exit_stub_bytes = sizeof(stub);
	mem.host_features = m->opt.plain_host ? 0 : host_features();
	mem.count_insns = m->opt.count_insns;
	mem.arm_counts = (s32)(uintptr_t)m->arm_counts;
	mem.no_links = m->opt.check;
	err = cache_create(&m->cache, &mem);
	m->vcpu.jump = (struct abi_jump *)(m->state + ABI_JUMP);
	m->vcpu.table = (struct abi_table *)(m->state + ABI_TABLE);
	m->vcpu.table->tag = MACHINE_TAG(PRIV_M);
	return err ? err : cache_add_vcpu(&m->cache, &m->vcpu);
}

int machine_create(struct machine *m, const struct machine_options *opt)
{
	int err;

	memset(m, 0, sizeof(*m));
	m->opt = *opt;
	err = create_memory(m);
	if (!err)
		err = create_cache(m);
	if (!err)
		err = dev_start(m);
	if (!err)
		err = fault_install(m);
	if (err)
		return err;
	m->g.home = (struct guest_home *)(m->state + ABI_HOME);
	m->g.csr_page = (struct guest_csr_page *)(m->state + ABI_CSR);
	m->g.ops = &ram_paging.paged;
	m->g.opaque = m;
	m->g.isa = opt->isa;
	csr_reset(&m->g, 0);
	return 0;
}

/* The process is about to end or, in tests, to make the next machine: gives back the big mappings. */
void machine_destroy(struct machine *m)
{
	dev_flush(m);
	timer_delete(m->timer);
	munmap(m->window - ABI_WINDOW_HALF - GUARD_BYTES, MAPPED_BYTES);
	munmap(m->ram, m->opt.ram_bytes);
	munmap(m->state, ABI_STATE_BYTES);
	if (m->arm_counts)
		munmap(m->arm_counts, rule_arm_count * sizeof(u64));
	munmap(m->code_rw, code_bytes(m));
	munmap(m->code_exec, code_bytes(m));
	munmap(m->cache.mem.meta, m->cache.mem.meta_bytes);
	free(m->page_flags);
	free(m->written);
}

void machine_load_state(struct machine *m)
{
	u32 i;

	for (i = 1; i < 32; i++)
		if (abi_pin[i] != ABI_HOMED)
			m->frame.reg[abi_pin[i]] = m->g.home->x[i];
	regs_load_fpins(m->frame.xmm, m->g.home->f);
	m->frame.mxcsr = fpu_mxcsr(m->g.home);
}

void machine_save_state(struct machine *m)
{
	u32 i;

	for (i = 1; i < 32; i++)
		if (abi_pin[i] != ABI_HOMED)
			m->g.home->x[i] = m->frame.reg[abi_pin[i]];
	regs_store_fpins(m->g.home->f, m->frame.xmm);
	fpu_collect(m->g.home, m->frame.mxcsr);
}
