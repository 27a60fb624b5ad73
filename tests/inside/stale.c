// SPDX-License-Identifier: GPL-2.0-only
/* stale.c: a function of the guest is changed by the controller, reported by LDBT_MEM_WRITTEN, and must be seen, while the guest
 * calls it by jumps whose blocks the monitor looks up at that moment. An entry or link that outlived its block would call the
 * old function for ever. Next file: inside.h. */
#include "inside.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum {
	VERSIONS = 1500,
	PATIENCE_S = 60, /* for one version: ends the test, decides nothing else */
	F1 = 0x4000,	 /* of RAM: functions that share a slot of the jump table */
	F2 = F1 + 8192,
	SEEN = 0x100000, /* of RAM: what the guest got last */
	RA = 1,
	T0 = 5,
	T1 = 6,
	T2 = 7,
	A0 = 10,
	A1 = 11,
};

#define LI(rd, imm)	  ((uint32_t)(imm) << 20 | (rd) << 7 | 0x13)
#define LUI(rd, page)	  ((uint32_t)(page) << 12 | (rd) << 7 | 0x37)
#define JALR(rs1)	  ((rs1) << 15 | RA << 7 | 0x67)
#define SW(rs2, rs1)	  ((rs2) << 20 | (rs1) << 15 | 2 << 12 | 0x23)
#define SLLI(rd, n)	  ((n) << 20 | (rd) << 15 | 1 << 12 | (rd) << 7 | 0x13)
#define SRLI(rd, n)	  ((n) << 20 | (rd) << 15 | 5 << 12 | (rd) << 7 | 0x13)
#define JAL(rd, off)	  (jal_offset(off) | (rd) << 7 | 0x6f)
#define RET		  0x00008067u
#define UNSIGNED_ADDR(rd) SLLI(rd, 32), SRLI(rd, 32)

static uint32_t jal_offset(int32_t off)
{
	uint32_t i = (uint32_t)off;

	return (i >> 20 & 1) << 31 | (i >> 1 & 1023) << 21 | (i >> 11 & 1) << 20 | (i >> 12 & 255) << 12;
}

static void quit_stay(int signal)
{
	(void)signal;
}

static void *run_guest(void *opaque)
{
	const struct machine *m = opaque;

	api_run(m->vcpu); /* until the signal */
	return NULL;
}

static bool wait_for(const volatile uint32_t *seen, uint32_t version)
{
	time_t end = time(NULL) + PATIENCE_S;

	while (*seen != version)
		if (time(NULL) > end)
			return false;
	return true;
}

static void put(const struct machine *m, uint32_t at, uint32_t word)
{
	*(volatile uint32_t *)(m->ram + at) = word;
}

/* One function after the other gets a new constant. */
static uint32_t change(const struct machine *m, uint32_t function)
{
	const volatile uint32_t *seen = (const volatile uint32_t *)(m->ram + SEEN);
	const struct ldbt_range range = { .gpa = RAM_GPA + function, .len_bytes = 4 };
	uint32_t version;

	for (version = 1; version <= VERSIONS; version++) {
		put(m, function, LI(A0, version));
		if (ioctl(m->vm, LDBT_MEM_WRITTEN, &range) || !wait_for(seen, version))
			break;
	}
	return version - 1;
}

static void try_changes(const char *name, const uint32_t *code, unsigned int bytes)
{
	struct sigaction action = { .sa_handler = quit_stay };
	struct machine m;
	pthread_t thread;
	uint32_t versions;

	sigaction(SIGUSR1, &action, NULL);
	machine_make(&m, code, bytes);
	put(&m, F1, LI(A0, 0));
	put(&m, F1 + 4, RET);
	put(&m, F2, LI(A1, 0));
	put(&m, F2 + 4, RET);
	if (pthread_create(&thread, NULL, run_guest, &m)) {
		puts("inside: no thread");
		exit(2);
	}
	versions = change(&m, F1);
	check(versions == VERSIONS, name, versions, VERSIONS);
	pthread_kill(thread, SIGUSR1);
	pthread_join(thread, NULL);
	machine_destroy(&m);
}

void test_stale(void)
{
	const uint32_t indirect[] = {
		LUI(T0, 0x80004), UNSIGNED_ADDR(T0), LUI(T1, 0x80006), UNSIGNED_ADDR(T1),
		LUI(T2, 0x80100), UNSIGNED_ADDR(T2), LI(A0, 0),	       JALR(T0),
		SW(A0, T2),	  JALR(T1),	     JAL(0, -12),
	};
	const uint32_t direct[] = {
		LUI(T2, 0x80100), UNSIGNED_ADDR(T2), JAL(RA, F1 - 12), SW(A0, T2), JAL(0, -8),
	};

	try_changes("changed code, by jumps that share a slot", indirect, sizeof(indirect));
	try_changes("changed code, by direct calls", direct, sizeof(direct));
}
