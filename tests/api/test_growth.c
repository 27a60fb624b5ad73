// SPDX-License-Identifier: GPL-2.0-only
/* test_growth.c: machines made and unmade again and again leave nothing behind: neither pages nor objects of any slab cache.
 *
 * Other tasks of the kernel allocate too, so one reading proves nothing: what is lost with each machine grows in every one of
 * several rounds, what comes and goes does not. Next file: api.c. */
#include "api.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	ROUNDS = 4, /* the first one warms up */
	MACHINES_MAX = 1000,
	GROWN_OF_100 = 75, /* in every round, for 100 machines: one page or object for each would be 100 */
	CACHES_MAX = 600,
	ORDERS = 3,
	T0 = 5,
	T1 = 6,
};

#define UART 0x10000000ULL

static unsigned int machines; /* in each round */

struct sample {
	unsigned int caches;
	long pages;
	struct {
		char name[48];
		long objects;
	} cache[CACHES_MAX];
};

static void write_to(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return;
	fputs(text, file);
	fclose(file);
}

static long used_pages(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	char line[128];
	long available_kib = 0;

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "MemAvailable: %ld kB", &available_kib);
	if (file)
		fclose(file);
	return -available_kib / 4;
}

static void take_sample(struct sample *s)
{
	FILE *file;
	char line[512];

	write_to("/proc/sys/vm/drop_caches", "3");
	usleep(300000); /* for what is freed behind a grace period; late ones only move between rounds */
	s->pages = used_pages();
	s->caches = 0;
	file = fopen("/proc/slabinfo", "r");
	while (file && s->caches < CACHES_MAX && fgets(line, sizeof(line), file))
		if (sscanf(line, "%47s %ld", s->cache[s->caches].name, &s->cache[s->caches].objects) == 2)
			s->caches++;
	if (file)
		fclose(file);
}

static long objects_of(const struct sample *s, const char *name)
{
	for (unsigned int i = 0; i < s->caches; i++)
		if (!strcmp(s->cache[i].name, name))
			return s->cache[i].objects;
	return 0;
}

static long least(long a, long b)
{
	return a < b ? a : b;
}

/* What grew in every round after the first, by how much at the least; NULL: nothing. */
static const char *grown(const struct sample *samples, long *by)
{
	const long limit = machines * GROWN_OF_100 / 100;
	long pages = LONG_MAX, objects;
	unsigned int i, r;

	for (r = 1; r < ROUNDS; r++)
		pages = least(pages, samples[r].pages - samples[r - 1].pages);
	*by = pages;
	if (pages >= limit)
		return "pages";
	for (i = 0; i < samples[0].caches; i++) {
		const char *name = samples[0].cache[i].name;

		objects = LONG_MAX;
		for (r = 1; r < ROUNDS; r++)
			objects = least(objects, objects_of(&samples[r], name) - objects_of(&samples[r - 1], name));
		*by = objects;
		if (objects >= limit)
			return name;
	}
	return NULL;
}

static void run_rounds(struct sample *samples, void (*once)(unsigned int i))
{
	for (unsigned int r = 0; r < ROUNDS; r++) {
		for (unsigned int i = 0; i < machines; i++)
			once(i);
		take_sample(&samples[r]);
	}
}

/* A machine that ran, with a doorbell, unmade in one of several orders; every fourth one never ran. */
static void machine_once(unsigned int i)
{
	static const uint32_t code[] = { RV_LUI(T0, UART >> 12), RV_STORE(0, T1, T0), RV_LOOP };
	struct ldbt_ioeventfd bell = { .gpa = UART + 8, .len_bytes = 4, .fd = eventfd(0, 0) };
	struct machine m;

	machine_make(&m, code, sizeof(code) / sizeof(code[0]));
	ioctl(m.vm, LDBT_IOEVENTFD, &bell);
	close(bell.fd);
	if (i % 4)
		machine_run(&m);
	if (i % ORDERS == 0) { /* the vCPU first, the mapping of its run page last */
		close(m.vcpu);
		close(m.vm);
		munmap(m.ram, RAM_BYTES);
		munmap(m.run, LDBT_RUN_BYTES);
		close(m.system);
	} else if (i % ORDERS == 1) { /* from the outside in */
		close(m.system);
		close(m.vm);
		munmap(m.ram, RAM_BYTES);
		munmap(m.run, LDBT_RUN_BYTES);
		close(m.vcpu);
	} else {
		machine_destroy(&m);
	}
}

/* What must be noticed: a descriptor left open each time. */
static int left_open[ROUNDS * MACHINES_MAX];
static unsigned int left;

static void descriptor_once(unsigned int i)
{
	(void)i;
	left_open[left++] = eventfd(0, 0);
}

void test_growth(unsigned int machines_per_round)
{
	const struct rlimit open_files = { ROUNDS * MACHINES_MAX + 100, ROUNDS * MACHINES_MAX + 100 };
	struct sample *samples = calloc(ROUNDS, sizeof(*samples));
	const char *what;
	long by;

	if (!samples || setrlimit(RLIMIT_NOFILE, &open_files))
		exit(2);
	machines = machines_per_round < MACHINES_MAX ? machines_per_round : MACHINES_MAX;
	run_rounds(samples, machine_once);
	what = grown(samples, &by);
	check("machines leave nothing behind", !what && samples[0].caches, "%s: %ld more with each %u machines",
	      what ? what : "no /proc/slabinfo", by, machines);
	run_rounds(samples, descriptor_once);
	check("descriptors left open are noticed", grown(samples, &by), "nothing grew");
	while (left)
		close(left_open[--left]);
	free(samples);
}
