// SPDX-License-Identifier: GPL-2.0-only
/* costs.c: what operations of the sealed world cost in executed host instructions. Runs in the test machine with
 * --icount, where the time stamp counter counts instructions. Each operation's loop runs with two numbers of rounds, each
 * in a new VM; the difference is the operation. Usage: costs GUEST.bin [WORD]: only operations with that word */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

#include "../../userctl/api.h"

enum { FEW = 200, MANY = 1200, REPEATS = 5, RAM_BYTES = 16 << 20, REG_A0 = 10, REG_A1 = 11, MODE_M = 3 };

#define RAM_GPA	 0x80000000ULL
#define FINISHER 0x100000ULL

/* By EXIT_* of translator/abi.h, which is no part of the user API. */
static const char *const exit_name[LDBT_STAT_EXITS_MAX] = {
	"?",   "link",	  "miss",     "fallback", "ecall",     "ebreak", "fence_i",
	"wfi", "illegal", "page_end", "fault",	  "interrupt", "system",
};

static const struct {
	const char *name;
	const char *design; /* DESIGN.md section 9 */
} ops[] = {
	{ "empty loop", "" },
	{ "CSR read (csrr mscratch)", "" },
	{ "CSR write (csrw mscratch)", "" },
	{ "MMIO load, by the controller", "" },
	{ "page fill in the monitor, a page of 16 a fault", "242" },
	{ "ecall U to M and back (2 CSR, mret)", "24" },
	{ "CLINT store, by the module", "" },
	{ "timer interrupt (2 CLINT stores, mret)", "" },
	{ "direct jump, first time (translation, link)", "" },
	{ "indirect jump without table entry, twice", "" },
	{ "fence.i, nothing changed", "" },
	{ "ecall U to S and back, Sv39 (2 CSR, sret)", "24" },
	{ "ecall U to S and back, bare (2 CSR, sret)", "" },
	{ "sret to S (csrw sepc, csrs SPP, sret)", "" },
	{ "csrr sscratch in S", "" },
	{ "csrw sscratch in S", "" },
	{ "csrr sie in S", "" },
	{ "SUM set and cleared", "" },
	{ "SUM and FS read and cleared, written back", "" },
	{ "satp written twice, two ASIDs", "" },
	{ "sfence.vma of one address, data", "" },
	{ "sfence.vma of all", "" },
	{ "guest page fault, load in U, handler in S (2 CSR, sret)", "" },
	{ "guest page fault, store in S (2 CSR, sret)", "" },
	{ "guest page fault, fetch in U (1 CSR, sret)", "" },
	{ "sfence.vma of all, call of another page and return", "" },
	{ "rdtime in U, Sv39", "" },
};

enum { OPS = sizeof(ops) / sizeof(ops[0]) };

struct sample {
	uint64_t insns;
	struct ldbt_stats stats;
};

#define VIEWS "/sys/module/ldbt/parameters/views"

static uint8_t image[65536];
static char views[8]; /* roots or keys: a switch is a write of CR3 or of PKRU */
static size_t image_bytes;

/* Answers what the loops ask for, until the store to the finisher. */
static int run_to_end(int vcpu_fd, struct ldbt_run *run)
{
	for (;;) {
		int ret = api_run(vcpu_fd);

		if (ret)
			return ret;
		if (run->exit_reason != LDBT_EXIT_MMIO)
			return -1;
		if (run->mmio.gpa == FINISHER)
			return 0;
		memset(run->mmio.data, 0, sizeof(run->mmio.data));
	}
}

static int run_loop(int vcpu_fd, struct ldbt_run *run, unsigned int op, uint64_t rounds, struct sample *out)
{
	uint64_t start;
	int ret = api_set_reg(vcpu_fd, LDBT_REG_CORE_MODE, MODE_M);

	ret = ret ? ret : api_set_reg(vcpu_fd, LDBT_REG_CORE_PC, RAM_GPA);
	ret = ret ? ret : api_set_reg(vcpu_fd, LDBT_REG_CORE + REG_A0, op);
	ret = ret ? ret : api_set_reg(vcpu_fd, LDBT_REG_CORE + REG_A1, rounds);
	if (ret)
		return ret;
	start = __rdtsc();
	ret = run_to_end(vcpu_fd, run);
	out->insns = __rdtsc() - start;
	return ret ? ret : api_get_stats(vcpu_fd, &out->stats);
}

static int measure(unsigned int op, uint64_t rounds, struct sample *out)
{
	int sys_fd = api_open(API_DEVICE), vm_fd = api_create_vm(sys_fd, LDBT_GUEST_RISCV64), vcpu_fd, ret;
	void *ram = mmap(NULL, RAM_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct ldbt_run *run;

	if (ram == MAP_FAILED)
		return -1;
	memcpy(ram, image, image_bytes);
	ret = api_set_memory(vm_fd, 0, RAM_GPA, ram, RAM_BYTES);
	vcpu_fd = ret ? ret : api_create_vcpu(vm_fd, 0);
	ret = vcpu_fd < 0 ? vcpu_fd : api_map_run(vcpu_fd, &run);
	if (!ret) {
		ret = run_loop(vcpu_fd, run, op, rounds, out);
		api_unmap_run(run);
	}
	api_close(vcpu_fd);
	api_close(vm_fd);
	api_close(sys_fd);
	munmap(ram, RAM_BYTES);
	return ret;
}

/* The least of some: ticks of the host come on top now and then. */
static int measure_least(unsigned int op, uint64_t rounds, struct sample *out)
{
	struct sample one;

	out->insns = ~0ULL;
	for (int i = 0; i < REPEATS; i++) {
		int ret = measure(op, rounds, &one);

		if (ret)
			return ret;
		if (one.insns < out->insns)
			*out = one;
	}
	return 0;
}

static double each(uint64_t few, uint64_t many)
{
	return (double)(int64_t)(many - few) / (MANY - FEW);
}

static void print_op(unsigned int op, const struct sample *few, const struct sample *many, double empty)
{
	const struct ldbt_stats *a = &few->stats, *b = &many->stats;
	double enters = each(a->enters, b->enters), switches = each(a->view_switches, b->view_switches);

	bool has_keys = !strcmp(views, "keys");

	printf("| %s | %.0f | %s | %.2f | %.2f | %.2f | %.2f |", ops[op].name,
	       each(few->insns, many->insns) - (op ? empty : 0), ops[op].design, 2 * enters + (has_keys ? 0 : switches),
	       has_keys ? switches : 0, enters, each(a->page_fills, b->page_fills));
	for (unsigned int i = 0; i < LDBT_STAT_EXITS_MAX; i++)
		if (b->leaves[i] - a->leaves[i] > (MANY - FEW) / 10)
			printf(" %s %.2f", exit_name[i] ? exit_name[i] : "?", each(a->leaves[i], b->leaves[i]));
	puts(" |");
}

static void print_getpid(void)
{
	uint64_t least = ~0ULL;

	for (int i = 0; i < REPEATS * 10; i++) {
		uint64_t start = __rdtsc(), took;

		for (int k = 0; k < 100; k++)
			syscall(SYS_getpid);
		took = (__rdtsc() - start) / 100;
		least = took < least ? took : least;
	}
	printf("| host: getpid() from user | %" PRIu64 " | 316-341 | | | | | |\n", least);
}

static bool read_views(void)
{
	FILE *file = fopen(VIEWS, "r");
	bool is_read = file && fscanf(file, "%7s", views) == 1;

	if (file)
		fclose(file);
	if (!is_read || (strcmp(views, "keys") && strcmp(views, "roots")))
		return fputs("costs: " VIEWS " says neither roots nor keys: load ldbt.ko with views=\n", stderr), false;
	return true;
}

int main(int argc, char **argv)
{
	FILE *file = argc == 2 || argc == 3 ? fopen(argv[1], "rb") : NULL;
	double empty = 0;

	image_bytes = file ? fread(image, 1, sizeof(image), file) : 0;
	if (!image_bytes) {
		fputs("Usage: costs GUEST.bin [WORD]\n", stderr);
		return 2;
	}
	fclose(file);
	if (!read_views())
		return 2;
	printf("\nviews by %s\n\n", views);
	puts("| operation | host instructions | design's | CR3 writes | PKRU writes | world leaves | page fills | "
	     "leaves by reason |");
	puts("|---|---|---|---|---|---|---|---|");
	print_getpid();
	for (unsigned int op = 0; op < OPS; op++) {
		struct sample few, many;
		int ret;

		if (op && argc == 3 && !strstr(ops[op].name, argv[2]))
			continue;
		ret = measure_least(op, FEW, &few);

		ret = ret ? ret : measure_least(op, MANY, &many);
		if (ret) {
			printf("| %s | failed: %d | | | | | | |\n", ops[op].name, ret);
			return 1;
		}
		if (!op)
			empty = each(few.insns, many.insns);
		print_op(op, &few, &many, empty);
	}
	return 0;
}
