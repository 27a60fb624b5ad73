// SPDX-License-Identifier: GPL-2.0-only
/* inside.c: runs guest.S and counts how often the world is left between its marks: not at all. Its output must be that of the
 * reference. Then stale.c: code that changes while the monitor looks for it. Usage: inside GUEST.bin EXPECTED
 * Next file: guest.S, stale.c. */
#include "inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FINISHER 0x100000ULL
#define UART	 0x10000000ULL
#define GOOD_END 0x5555

enum { OUTPUT_MAX = 4096, IMAGE_MAX = 65536, AMO_CAUSE = 0x305000 /* of RAM */, CAUSE_STORE_PAGE = 15 };

/* In the order of `cases` in guest.S. */
static const char *const names[] = {
	"U load, nothing there",
	"U load of a byte",
	"U load of S's page",
	"U store, nothing there",
	"U store, read-only",
	"U amoadd, nothing there",
	"U amoadd, read-only",
	"U amomaxu, nothing there",
	"U lr, nothing there",
	"U fetch, nothing there",
	"U fetch, no X",
	"U two faults",
	"U jumps that share a slot",
	"S load, nothing there",
	"S load of a byte",
	"S store, nothing there",
	"S store, read-only",
	"S load of U's page",
	"S amoadd, nothing there",
	"S amomaxu, nothing there",
	"S lr, nothing there",
	"S fetch, nothing there",
	"S fetch of U's page",
	"S two faults",
	"S demand paging",
	"S demand paging of code",
	"S page that becomes valid, no fence",
	"S page of code that becomes valid, no fence",
	"S table that becomes valid, no fence",
	"S jumps that share a slot",
	"S sfence.vma of all, jumps",
	"S sfence.vma of an ASID, jumps",
	"S two values of satp, jumps",
	"S over the end of a page",
	"U instructions over two pages that share a slot",
	"S instructions over two pages that share a slot",
	"S instruction over two pages, the second another each time",
	"S two values of satp, jumps by global leaves",
	"S over the end of a page, global",
	"U fence.i",
	"S fence.i, nothing written but data",
	"S plain CSRs",
	"S stores of f registers, FS not dirty at first",
};

enum {
	CASES = sizeof(names) / sizeof(names[0]),
	ROUNDS = 200,	    /* of a case, as in guest.S */
	EXITS_OF_MARK = 40, /* of M-mode between two marks, and the first jumps behind its fence */
};

static char output[OUTPUT_MAX], expected[OUTPUT_MAX];
static unsigned int output_bytes, cases_done;
static struct ldbt_stats before;
int passed, failed;

void check(bool is_good, const char *name, uint64_t found, uint64_t wanted)
{
	if (is_good) {
		passed++;
		return;
	}
	failed++;
	printf("FAIL: %s: %" PRIu64 ", not %" PRIu64 "\n", name, found, wanted);
}

static uint64_t leaves_of(const struct ldbt_stats *stats)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < LDBT_STAT_EXITS_MAX; i++)
		sum += stats->leaves[i];
	return sum;
}

/* Nothing but the two writes of satp needs the monitor: what S-mode fetches by global leaves outlives them. */
static void check_exits(const char *name, uint64_t exits)
{
	if (strstr(name, "by global leaves"))
		check(exits - 2 * ROUNDS < EXITS_OF_MARK, name, exits, 2 * ROUNDS);
}

/* unpriv a-st-ext.adoc, "Atomic Memory Operations": what QEMU 7.2 does otherwise. */
static void check_amo(const struct machine *m, const char *name)
{
	volatile uint64_t *cause = (volatile uint64_t *)(m->ram + AMO_CAUSE);

	if (strstr(name, " amo"))
		check(*cause == CAUSE_STORE_PAGE, "cause of an AMO's fault", *cause, CAUSE_STORE_PAGE);
	*cause = 0;
}

static void check_case(const struct machine *m, const char *name)
{
	struct ldbt_stats now;

	check(!api_get_stats(m->vcpu, &now), "LDBT_GET_STATS", 1, 0);
	check(leaves_of(&now) - leaves_of(&before) == 1, name, leaves_of(&now) - leaves_of(&before), 1);
	check_exits(name, now.monitor_exits - before.monitor_exits);
	check_amo(m, name);
}

/* The store of the last mark is the one leave. */
static void take_byte(const struct machine *m, char byte)
{
	if (byte == '<')
		check(!api_get_stats(m->vcpu, &before), "LDBT_GET_STATS", 1, 0);
	if (byte == '>' && cases_done < CASES)
		check_case(m, names[cases_done++]);
	if (output_bytes < OUTPUT_MAX)
		output[output_bytes++] = byte;
}

static uint32_t run_cases(const struct machine *m)
{
	for (;;) {
		uint32_t value;
		int ret = api_run(m->vcpu);

		if (ret || m->run->exit_reason != LDBT_EXIT_MMIO || !m->run->mmio.is_write) {
			printf("FAIL: LDBT_RUN: %d, exit %u, error %u at %#" PRIx64 "\n", ret, m->run->exit_reason,
			       m->run->error.reason, (uint64_t)m->run->error.pc_gva);
			return 0;
		}
		memcpy(&value, m->run->mmio.data, sizeof(value));
		if (m->run->mmio.gpa == FINISHER)
			return value;
		if (m->run->mmio.gpa == UART)
			take_byte(m, (char)value);
	}
}

static unsigned int read_file(const char *path, void *to, unsigned int max)
{
	FILE *file = fopen(path, "rb");
	unsigned int bytes = file ? (unsigned int)fread(to, 1, max, file) : 0;

	if (file)
		fclose(file);
	if (!bytes)
		printf("FAIL: %s cannot be read\n", path);
	return bytes;
}

static void test_cases(const void *image, unsigned int image_bytes, const char *reference)
{
	unsigned int wanted = read_file(reference, expected, OUTPUT_MAX);
	struct machine m;
	uint32_t end;

	machine_make(&m, image, image_bytes);
	end = run_cases(&m);
	check(end == GOOD_END, "end", end, GOOD_END);
	check(cases_done == CASES, "cases", cases_done, CASES);
	check(wanted && wanted == output_bytes && !memcmp(output, expected, wanted), "output as the reference's",
	      output_bytes, wanted);
	if (wanted != output_bytes || memcmp(output, expected, wanted))
		printf("%.*s\n-- reference:\n%.*s\n", (int)output_bytes, output, (int)wanted, expected);
	machine_destroy(&m);
}

int main(int argc, char **argv)
{
	static uint8_t image[IMAGE_MAX];
	unsigned int bytes = argc == 3 ? read_file(argv[1], image, sizeof(image)) : 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!bytes) {
		fputs("Usage: inside GUEST.bin EXPECTED\n", stderr);
		return 2;
	}
	test_cases(image, bytes, argv[2]);
	test_stale();
	printf("inside: %d passed, %d failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
