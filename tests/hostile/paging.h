/* SPDX-License-Identifier: GPL-2.0-only */
/* paging.h: Sv39 tables for probes: identity gigapages so that probed code runs, and one address whose entries a test chooses.
 *
 * Owns:    satp, mstatus.SUM and MXR, the tables.
 * Promise: page_enter() leaves M-mode as it is: probes in U and S see the tables.
 * Locks:   none. Context: M-mode. Errors: none.
 * Next file: paging.c, vsweep.c. */
#ifndef HOSTILE_PAGING_H
#define HOSTILE_PAGING_H

#include <stdint.h>

enum {
	PTE_V = 1,
	PTE_R = 2,
	PTE_W = 4,
	PTE_X = 8,
	PTE_U = 0x10,
	PTE_G = 0x20,
	PTE_A = 0x40,
	PTE_D = 0x80,
	PTE_RW = 0xc7,	/* V R W A D */
	PTE_RWX = 0xcf, /* V R W X A D */
	CAUSE_FETCH_PAGE = 12,
	CAUSE_LOAD_PAGE = 13,
	CAUSE_STORE_PAGE = 15,
};

#define PTE(gpa, bits)	((uint64_t)(gpa) >> 12 << 10 | (bits))
#define MSTATUS_SUM	(1UL << 18)
#define MSTATUS_MXR	(1UL << 19)
#define MENVCFG_ADUE	(1UL << 61)
#define SATP_SV39(root) (8UL << 60 | (uint64_t)(root) >> 12)
#define GIGAPAGE	(1UL << 30)

/* The address that tests play with, and its place in the tables of levels 2 to 0. */
#define PLAY_GVA 0x140e09000UL
enum { PLAY_2 = 5, PLAY_1 = 7, PLAY_0 = 9 };

extern uint64_t page_root[512], page_level1[512], page_level0[512], page_data[512];

/* Empty tables but for the gigapage of RAM, which is the user's or not; PLAY_GVA leads to page_level0[PLAY_0], which is 0. */
void page_reset(int is_user);
void page_enter(void);		   /* satp = page_root, and a fence */
void page_leave(void);		   /* bare again; SUM and MXR off */
void page_status(uint64_t status); /* SUM and MXR */
void page_fence(void);

#endif
