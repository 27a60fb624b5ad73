// SPDX-License-Identifier: GPL-2.0-only
/* fuzz_rules.c: libFuzzer target: any bytes as a .rules file, compiled against the descriptions of the tree, templates
 * and all. Run by `make fuzz-rules` from the top of the tree, with the tree's rules as seeds. */
#define _GNU_SOURCE
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rulec/crule.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static struct isa *load_or_exit(const char *const *path, unsigned int npaths)
{
	struct diag diag = { stderr, 0 };
	struct isa *isa = isa_load(path, npaths, &diag);

	if (!isa)
		exit(1);
	return isa;
}

static struct isa *guest_load(void)
{
	glob_t files;
	struct isa *isa;

	if (glob("rules/riscv64*.isa", 0, NULL, &files))
		exit(1);
	isa = load_or_exit((const char *const *)files.gl_pathv, files.gl_pathc);
	globfree(&files);
	return isa;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static const char *const host_path[] = { "rules/x86_64.isa", "rules/x86_64_bits.isa" };
	static struct isa *guest, *host;
	static FILE *sink;
	static int fd = -1;
	static char path[32];
	const char *const paths[] = { "rules/gmem.def", "rules/norms.txt", path };
	struct diag diag;
	struct ruleset *set;

	if (!guest) {
		guest = guest_load();
		host = load_or_exit(host_path, 2);
		sink = fopen("/dev/null", "w");
		fd = memfd_create("fuzz.rules", 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	diag = (struct diag){ sink, 0 };
	if (ftruncate(fd, 0) || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	set = ruleset_load(guest, host, paths, 3, &diag);
	ruleset_free(set);
	return 0;
}
