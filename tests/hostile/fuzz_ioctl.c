// SPDX-License-Identifier: GPL-2.0-only
/* fuzz_ioctl.c: calls of /dev/ldbt with random numbers, arguments, kinds of descriptors and mappings for some seconds.
 * The kernel must not be upset: whoever runs this looks at its log. Usage: fuzz_ioctl SECONDS [SEED] */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "../../kmod/uapi/ldbt.h"

enum { FDS = 24, BUFFER_BYTES = 1 << 20, RUN_LIMIT_US = 2000 };

static uint64_t seed = 1;
static int fds[FDS];
static uint8_t *buffer; /* RAM of guests, and arguments */
static unsigned long calls, successes;

static uint64_t draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static const unsigned int numbers[] = {
	LDBT_GET_API_VERSION, LDBT_CHECK_CAP, LDBT_CREATE_VM,	LDBT_SET_MEMORY, LDBT_CREATE_VCPU, LDBT_IRQ_LINE,
	LDBT_IRQFD,	      LDBT_IOEVENTFD, LDBT_MEM_WRITTEN, LDBT_GET_STATS,	 LDBT_RUN,	   LDBT_GET_ONE_REG,
	LDBT_SET_ONE_REG,
};

/* Values near what is legal, or anything. */
static uint64_t draw_value(void)
{
	static const uint64_t likely[] = { 0,
					   1,
					   2,
					   3,
					   4096,
					   8192,
					   0x80000000,
					   0x80001000,
					   1 << 20,
					   ~0ULL,
					   1ULL << 37,
					   1ULL << 63,
					   LDBT_REG_CORE,
					   LDBT_REG_CSR_NUMBER,
					   0x10000000,
					   0x7ffffffff000 };

	switch (draw() % 5) {
	case 0: return draw();
	case 1: return draw() % 8;
	case 2: return (uint64_t)buffer + (draw() % 256) * 4096;
	case 3: return (uint64_t)fds[draw() % FDS];
	default: return likely[draw() % (sizeof(likely) / sizeof(likely[0]))];
	}
}

/* An address of words drawn likewise, often well formed for SET_MEMORY, or no address at all. */
static uint64_t draw_argument(unsigned int number)
{
	static uint64_t words[64];
	struct ldbt_memory good = { 0, 0, 0x80000000, BUFFER_BYTES, (uint64_t)buffer, { 0, 0 } };

	if (!(_IOC_DIR(number)) || draw() % 16 == 0)
		return draw_value();
	for (unsigned int i = 0; i < 64; i++)
		words[i] = draw() % 2 ? 0 : draw_value();
	if (number == LDBT_SET_MEMORY && draw() % 2)
		memcpy(words, &good, sizeof(good));
	return (uint64_t)words;
}

/* A new descriptor takes the place of an old one, which is closed, whatever depends on it. */
static void keep(int fd)
{
	unsigned int i = (unsigned int)draw() % FDS;

	if (fd < 0)
		return;
	if (fds[i] > 2)
		close(fds[i]);
	fds[i] = fd;
}

static void call_once(void)
{
	int fd = fds[draw() % FDS];
	unsigned int number = numbers[draw() % (sizeof(numbers) / sizeof(numbers[0]))];
	int ret;

	if (draw() % 16 == 0)
		number ^= 1U << draw() % 32;
	ret = ioctl(fd, number, draw_argument(number));
	calls++;
	successes += ret >= 0;
	if (number == LDBT_CREATE_VM || number == LDBT_CREATE_VCPU)
		keep(ret);
}

static void map_once(void)
{
	int prot = (int)(draw() % 8), flags = draw() % 2 ? MAP_SHARED : MAP_PRIVATE;
	size_t bytes = draw() % 2 ? LDBT_RUN_BYTES : draw() % 65536;
	uint8_t *at = mmap(NULL, bytes, prot, flags, fds[draw() % FDS], draw() % 4 ? 0 : (off_t)(draw() % 16) * 4096);

	if (at == MAP_FAILED)
		return;
	if ((prot & PROT_WRITE) && flags == MAP_SHARED && bytes == LDBT_RUN_BYTES)
		for (unsigned int i = 0; i < 16; i++)
			at[draw() % sizeof(struct ldbt_run)] = (uint8_t)draw();
	munmap(at, bytes);
}

static void open_once(void)
{
	switch (draw() % 4) {
	case 0: keep(eventfd(0, 0)); break;
	case 1: keep(open("/dev/null", O_RDWR)); break;
	default: keep(open("/dev/ldbt", O_RDWR)); break;
	}
}

static void ignore_alarm(int number)
{
	(void)number;
}

int main(int argc, char **argv)
{
	struct itimerval often = { { 0, RUN_LIMIT_US }, { 0, RUN_LIMIT_US } };
	struct sigaction action = { .sa_handler = ignore_alarm };
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 10);
	unsigned int i;

	seed = argc > 2 ? strtoull(argv[2], NULL, 0) | 1 : 1;
	buffer = mmap(NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (buffer == MAP_FAILED)
		return 1;
	memset(fds, 0xff, sizeof(fds));
	for (i = 0; i < FDS / 2; i++)
		open_once();
	sigaction(SIGALRM, &action, NULL); /* no restart: LDBT_RUN ends */
	setitimer(ITIMER_REAL, &often, NULL);
	while (time(NULL) < end) {
		unsigned int what = (unsigned int)draw() % 32;

		if (what == 0)
			open_once();
		else if (what < 4)
			map_once();
		else
			call_once();
	}
	printf("%lu calls, %lu of them without an error\n", calls, successes);
	return successes < 100; /* else it did not get anywhere */
}
