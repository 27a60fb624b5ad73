// SPDX-License-Identifier: GPL-2.0-only
/* ram.c: private memory without a file: for that the host's default is to give huge pages to who asks for them (Linux:
 * admin-guide/mm/transhuge.rst); for a memfd it is not to. Next file: machine.c. */
#include "ram.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "ctl.h"

#ifndef MAP_HUGE_2MB
#define MAP_HUGE_2MB (21 << 26) /* Linux: uapi/asm-generic/hugetlb_encode.h */
#endif

#define POOL "/sys/kernel/mm/hugepages/hugepages-2048kB/"

static uint64_t pages_in_pool(void)
{
	FILE *file = fopen(POOL "free_hugepages", "re");
	uint64_t pages = 0;

	if (file && fscanf(file, "%" SCNu64, &pages) != 1)
		pages = 0;
	if (file)
		fclose(file);
	return pages;
}

static int say_no_huge_pages(const struct ram *ram, int err)
{
	ctl_error("--hugetlb: found %" PRIu64 " free pages of 2 MiB, expected %" PRIu64
		  " for the guest's memory (%s); 'sysctl vm.nr_hugepages=N' sets how many there are",
		  pages_in_pool(), ram->bytes / RAM_HUGE_BYTES, strerror(err));
	return -err;
}

static int map_hugetlb(struct ram *ram)
{
	void *at = mmap(NULL, ram->bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | (int)MAP_HUGE_2MB, -1, 0);

	if (at == MAP_FAILED)
		return say_no_huge_pages(ram, errno);
	ram->at = at;
	return 0;
}

/* More than needed, then what lies before and behind the right place goes back. */
static int map_aligned(struct ram *ram)
{
	uint8_t *all =
		mmap(NULL, ram->bytes + RAM_HUGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t before, behind;

	if (all == MAP_FAILED) {
		ctl_error("guest memory of %" PRIu64 " MiB: %s", ram->bytes >> 20, strerror(errno));
		return -errno;
	}
	before = -(uintptr_t)all % RAM_HUGE_BYTES;
	behind = RAM_HUGE_BYTES - before;
	if (before)
		munmap(all, before);
	munmap(all + before + ram->bytes, behind);
	ram->at = all + before;
	madvise(ram->at, ram->bytes, MADV_HUGEPAGE); /* a kernel without them has none to give */
	return 0;
}

int ram_map(struct ram *ram, uint64_t bytes, bool is_hugetlb)
{
	*ram = (struct ram){ .bytes = bytes, .is_hugetlb = is_hugetlb };
	return is_hugetlb ? map_hugetlb(ram) : map_aligned(ram);
}

void ram_unmap(struct ram *ram)
{
	if (ram->at)
		munmap(ram->at, ram->bytes);
	ram->at = NULL;
}

/* Pages of the pool are kept: another process might take them. */
int ram_clear(struct ram *ram)
{
	if (ram->is_hugetlb) {
		memset(ram->at, 0, ram->bytes);
		return 0;
	}
	if (!madvise(ram->at, ram->bytes, MADV_DONTNEED))
		return 0;
	ctl_error("guest memory: %s", strerror(errno));
	return -errno;
}
