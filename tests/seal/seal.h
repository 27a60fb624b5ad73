/* SPDX-License-Identifier: GPL-2.0-only */
/* seal.h: a module that builds a sealed world of its own, with hand-assembled code, and tries it out at load.
 *
 * Owns:    one struct world: guest RAM of SEAL_RAM_PAGES at SEAL_RAM and of huge blocks, one code page, one vCPU.
 * Promise: the log has one line per failed check and one summary line; loading fails when a check did.
 * Locks:   none. Context: module init.
 * Errors:  as space.h.
 * Next file: seal.c. */
#ifndef LDBT_TESTS_SEAL_H
#define LDBT_TESTS_SEAL_H

#include "space.h"

#define SEAL_RAM       0x80000000UL
#define SEAL_RAM_PAGES 1024
#define SEAL_RAM_END   (SEAL_RAM + SEAL_RAM_PAGES * 4096)

/* A second region of two blocks of 2 MiB, each in one piece: pages from number SEAL_RAM_PAGES on. */
#define SEAL_HUGE_RAM	 0x90000000UL
#define SEAL_HUGE_BLOCKS 2
#define SEAL_PAGES	 (SEAL_RAM_PAGES + SEAL_HUGE_BLOCKS * 512)

/* Offsets of the pieces of code in the code cache; arguments are host registers. */
enum seal_code {
	SEAL_COUNT = 512,     /* rbx += 1; exit with SEAL_WORD, SEAL_ARG, SEAL_VALUE */
	SEAL_LOAD = 560,      /* rax = guest [rsi]; exit */
	SEAL_STORE = 592,     /* guest [rsi] = rbx; exit */
	SEAL_SWEEP = 624,     /* store rbx to each page from rsi to rdi; exit */
	SEAL_SPIN = 672,      /* rbp times: r11 += 1; exit */
	SEAL_LOOP = 704,      /* for ever */
	SEAL_RAW_LOAD = 720,  /* rax = [rsi], no segment */
	SEAL_RAW_STORE = 736, /* [rsi] = rax, no segment */
	SEAL_CSR = 752,	      /* CSR page [0] = rax, by the state area's segment */
	SEAL_FETCH = 784,     /* rbx = guest [rsi]; exit */
	SEAL_DOOR = 824,      /* exit with the words in rsi, rdi and r8 */
	SEAL_RAW_DOOR = 856,  /* syscall with rax = rsi, without the stub */
	SEAL_STEP = 880,      /* exit as the script in the home page at rbx says, after a load */
	SEAL_STOP = 928,      /* exit for the host */
	SEAL_CALLS = 944,     /* rbp -= 1; if that is 0 exit for the host; load guest [rsi]; ecall at offset 0xffe */
	SEAL_S_SUM = 976,     /* load guest [r8]; csrs sstatus, a3 at offset 0x100 */
	SEAL_S_CLEAR = 1008,  /* load guest [rsi]; csrc sstatus, a3 at offset 0x104 */
	SEAL_S_RETURN = 1040, /* r11 += 1; sret at offset 0x108 */
};

#define SEAL_PAGED_GVA 0x1000UL

#define SEAL_WORD  0xb0123 /* EXIT_INTERRUPT: the monitor never serves it */
#define SEAL_ARG   77
#define SEAL_VALUE 5

struct hart;

struct world {
	struct page *code, *ram[SEAL_PAGES];
	struct space_vm *vm;
	struct space *space;
	struct space_frame *frame;
	u64 returns; /* for the host */
	u32 passed, failed;
};

bool seal_check(struct world *w, bool is_good, const char *what);
/* Runs from a piece of code to its end; serves the host meanwhile. */
enum space_leave seal_run(struct world *w, u32 code);
u64 *seal_ram(struct world *w, u32 page);
gpa_t seal_gpa(u32 page);

void seal_try_refusals(struct world *w);
void seal_try_views(struct world *w);
/* U-mode under Sv39, where pages from SEAL_PAGED_GVA on are mapped. Mixed: none is like the one beside it. */
enum seal_row { SEAL_ROW_SAME, SEAL_ROW_MIXED };
void seal_use_row(struct world *w, u32 pages, enum seal_row row);
void seal_try_shadow(struct world *w);
void seal_try_model(struct world *w, u64 seed, u32 steps);
/* So many exits with junk from this seed. */
void seal_try_doors(struct world *w, u32 rounds, u64 first_seed);
/* The fields of the hart that the monitor needs. */
struct hart *seal_make_hart(struct world *w);
/* So many tries of ring 3 to reach the host. */
void seal_try_reach(struct world *w, u32 rounds, u64 first_seed);
/* Random programs of exits, and calls of a supervisor. */
void seal_try_ways(struct world *w, u64 first_seed);
/* U calls S so many times, which sets SUM, clears it and returns. False: not exactly so. */
void seal_calls_begin(struct world *w);
bool seal_calls(struct world *w, u64 times);
void seal_try_storm(struct world *w, u32 seconds);
void seal_try_migration(struct world *w);
/* Stays without end, for strike.py. */
void seal_probe(struct world *w);
/* What entering and leaving cost goes to the log. */
void seal_measure(struct world *w, u32 rounds);

#endif
