// SPDX-License-Identifier: GPL-2.0-only
/* paging.c: the tables. Next file: vsweep.c. */
#include "paging.h"
#include "probe.h"

uint64_t page_root[512] __attribute__((aligned(4096)));
uint64_t page_level1[512] __attribute__((aligned(4096)));
uint64_t page_level0[512] __attribute__((aligned(4096)));
uint64_t page_data[512] __attribute__((aligned(4096)));

void page_fence(void)
{
	__asm__ volatile("sfence.vma" ::: "memory");
}

void page_reset(int is_user)
{
	for (unsigned int i = 0; i < 512; i++)
		page_root[i] = page_level1[i] = page_level0[i] = 0;
	page_root[RAM_START / GIGAPAGE] = PTE(RAM_START, PTE_RWX | (is_user ? PTE_U : 0));
	page_root[PLAY_2] = PTE(page_level1, PTE_V);
	page_level1[PLAY_1] = PTE(page_level0, PTE_V);
	page_fence();
}

void page_enter(void)
{
	__asm__ volatile("csrw satp, %0\n sfence.vma" ::"r"(SATP_SV39(page_root)) : "memory");
}

void page_status(uint64_t status)
{
	__asm__ volatile("csrc mstatus, %0\n csrs mstatus, %1" ::"r"(MSTATUS_SUM | MSTATUS_MXR), "r"(status));
}

void page_leave(void)
{
	page_status(0);
	__asm__ volatile("csrw satp, zero\n sfence.vma" ::: "memory");
}
