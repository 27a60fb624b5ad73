// SPDX-License-Identifier: GPL-2.0-only
/* hog.c: takes memory, MiB by MiB, until something ends it or there is what it was asked for; then it holds that.
 * Usage: hog OOM_SCORE_ADJ [MIB]. Says how many MiB it has, each 64 and at the end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MIB (1UL << 20)

static int set_score(const char *score)
{
	FILE *file = fopen("/proc/self/oom_score_adj", "w");

	if (!file || fputs(score, file) < 0 || fclose(file)) {
		perror("hog: /proc/self/oom_score_adj");
		return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long wanted = argc > 2 ? strtoul(argv[2], NULL, 10) : ~0UL, mib;

	if (argc < 2 || set_score(argv[1]))
		return 2;
	for (mib = 0; mib < wanted; mib++) {
		void *part = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (part == MAP_FAILED)
			break;
		memset(part, (int)mib, MIB);
		if (mib % 64 == 63) {
			printf("hog: %lu MiB\n", mib + 1);
			fflush(stdout);
		}
	}
	printf("hog: holds %lu MiB\n", mib);
	fflush(stdout);
	pause();
	return 0;
}
