// SPDX-License-Identifier: GPL-2.0-only
/* main.c: ldbt-bare: options, loading, and the statistics at the end.
 * Next file: machine.h. */
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elf_load.h"
#include "machine.h"

#define LDBT_VERSION "0.1"

enum { FILE_BYTES_MAX = 1 << 30, MEM_MIB_DEFAULT = 128, MEM_MIB_MAX = 64 << 10, STATUS_USAGE = 2 };

static const char usage[] =
	"Usage: ldbt-bare [OPTION]... FILE\n"
	"Runs FILE, a bare-metal riscv64 ELF program, on translated code. RAM is at 0x80000000; UART, CLINT and "
	"finisher\n"
	"are where QEMU's virt board has them. The exit status is the program's.\n\n"
	"  --mem=MIB            RAM in MiB (128)\n"
	"  --isa=NAME           rv64gc (default) or rv64imac\n"
	"  --interp             every instruction by the interpreter\n"
	"  --check              interpreter and translated code in lockstep; reports the first difference\n"
	"  --stat               statistics on stderr at the end\n"
	"  --count              count executed instructions (slower code); with --stat: share of the rules\n"
	"  --arms=FILE          count executions of each arm of the rules (slower code), written to FILE at the end\n"
	"  --plain-host         do not use rules that need CPU features beyond x86-64\n"
	"  --count-steps=N      single-step N host instructions, print host instructions per guest instruction, stop\n"
	"  --warm-up=MS         time before --count-steps begins (100)\n"
	"  --code-kib=KIB       size of the code cache (65536)\n"
	"  --max-insns=N        with --interp: stop after N instructions\n"
	"  --help, --version\n";

static const struct option options[] = {
	{ "mem", required_argument, NULL, 'm' },
	{ "isa", required_argument, NULL, 'I' },
	{ "interp", no_argument, NULL, 'i' },
	{ "check", no_argument, NULL, 'c' },
	{ "stat", no_argument, NULL, 's' },
	{ "count", no_argument, NULL, 'n' },
	{ "arms", required_argument, NULL, 'a' },
	{ "plain-host", no_argument, NULL, 'p' },
	{ "count-steps", required_argument, NULL, 'S' },
	{ "warm-up", required_argument, NULL, 'w' },
	{ "code-kib", required_argument, NULL, 'k' },
	{ "max-insns", required_argument, NULL, 'x' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

static bool parse_number(const char *text, const char *what, u64 lo, u64 hi, u64 *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	if (errno || !*text || *text == '-' || *end || *value < lo || *value > hi) {
		fprintf(stderr, "ldbt-bare: %s: found '%s', expected a number from %lu to %lu\n", what, text, lo, hi);
		return false;
	}
	return true;
}

static bool parse_isa(const char *text, u32 *isa)
{
	bool has_fd = !strcmp(text, "rv64gc");

	*isa = has_fd ? GUEST_ISA_FD : 0;
	if (has_fd || !strcmp(text, "rv64imac"))
		return true;
	fprintf(stderr, "ldbt-bare: --isa: found '%s', expected rv64imac or rv64gc\n", text);
	return false;
}

/* 0: go on; otherwise the process ends with *status. */
static int parse_options(int argc, char **argv, struct machine_options *opt, int *status)
{
	u64 value;
	int c;

	*status = STATUS_USAGE;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		bool ok = true;

		switch (c) {
		case 'm':
			ok = parse_number(optarg, "--mem", 1, MEM_MIB_MAX, &value);
			opt->ram_bytes = value << 20;
			break;
		case 'I': ok = parse_isa(optarg, &opt->isa); break;
		case 'i': opt->interp = true; break;
		case 'c': opt->check = true; break;
		case 's': opt->stat = true; break;
		case 'n': opt->count_insns = true; break;
		case 'a': opt->arms = optarg; break;
		case 'p': opt->plain_host = true; break;
		case 'S': ok = parse_number(optarg, "--count-steps", 1, ~0ULL, &opt->count_steps); break;
		case 'w':
			ok = parse_number(optarg, "--warm-up", 0, 1000000, &value);
			opt->count_warmup_us = value * 1000;
			break;
		case 'k':
			ok = parse_number(optarg, "--code-kib", 1, CACHE_CODE_BYTES_MAX >> 10, &value);
			opt->code_bytes = (u32)value << 10;
			break;
		case 'x': ok = parse_number(optarg, "--max-insns", 1, ~0ULL, &opt->max_insns); break;
		case 'h':
			fputs(usage, stdout);
			*status = 0;
			return 1;
		case 'v':
			puts("ldbt-bare " LDBT_VERSION);
			*status = 0;
			return 1;
		default: ok = false; fputs("Try 'ldbt-bare --help'.\n", stderr);
		}
		if (!ok)
			return 1;
	}
	if (optind + 1 == argc)
		return 0;
	fprintf(stderr, "ldbt-bare: expected one file, found %d\nTry 'ldbt-bare --help'.\n", argc - optind);
	return 1;
}

static u8 *read_file(const char *path, size_t *len_bytes)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	u8 *bytes = NULL;

	if (!f || fstat(fileno(f), &st)) {
		fprintf(stderr, "ldbt-bare: %s: %s\n", path, strerror(errno));
	} else if (!S_ISREG(st.st_mode) || st.st_size > FILE_BYTES_MAX) {
		fprintf(stderr, "ldbt-bare: %s: expected a regular file of at most %d bytes\n", path, FILE_BYTES_MAX);
	} else {
		bytes = malloc((size_t)st.st_size + 1);
		*len_bytes = bytes ? fread(bytes, 1, (size_t)st.st_size, f) : 0;
		if (!bytes || *len_bytes != (size_t)st.st_size) {
			fprintf(stderr, "ldbt-bare: %s: cannot read\n", path);
			free(bytes);
			bytes = NULL;
		}
	}
	if (f)
		fclose(f);
	return bytes;
}

static int load(struct machine *m, const char *path)
{
	char err[ELF_ERR_BYTES];
	struct elf_file elf;
	size_t len;
	u8 *bytes = read_file(path, &len);
	u32 i;

	if (!bytes)
		return -EINVAL;
	if (elf_parse(bytes, len, MACHINE_RAM_GPA, m->opt.ram_bytes, &elf, err)) {
		fprintf(stderr, "ldbt-bare: %s: %s\n", path, err);
		free(bytes);
		return -EINVAL;
	}
	for (i = 0; i < elf.nsegments; i++)
		memcpy(m->ram + (elf.segment[i].addr - MACHINE_RAM_GPA), bytes + elf.segment[i].file_off,
		       elf.segment[i].file_bytes);
	free(bytes);
	m->g.pc = elf.entry;
	return elf.tohost ? ram_watch(m, elf.tohost) : 0;
}

static double ratio(u64 a, u64 b)
{
	return b ? (double)a / (double)b : 0;
}

static void print_stats(const struct machine *m)
{
	const struct machine_stats *s = &m->stats;
	const struct cache_stats *c = &m->cache.stats;
	u64 executed = m->g.home ? *(u64 *)(m->state + ABI_HOME + ABI_HOME_COUNT) : 0;
	u32 i;

	fprintf(stderr, "blocks %lu, guest instructions translated %lu, of these by rules %.3f%%\n", c->blocks,
		c->guest_insns, 100 * ratio(c->rule_insns, c->guest_insns));
	fprintf(stderr, "host bytes %lu, guest bytes %lu, code bytes per guest byte %.2f\n", c->host_bytes,
		c->guest_bytes, ratio(c->host_bytes, c->guest_bytes));
	fprintf(stderr, "translation %.1f ns per guest instruction\n", ratio(s->translate_ns, c->guest_insns));
	fprintf(stderr, "links set %lu, cleared %lu, evictions %lu, blocks invalidated %lu\n", c->links_set, c->unlinks,
		c->evictions, c->invalidations);
	fprintf(stderr,
		"entries %lu, interpreted %lu, mmio %lu, traps %lu, interrupts %lu, steps to a boundary at most %lu\n",
		s->entries, s->interpreted, s->mmio, s->traps, s->interrupts, s->kick_steps_max);
	fprintf(stderr, "exits by number:");
	for (i = 0; i < EXIT_COUNT; i++)
		fprintf(stderr, " %lu", s->exits[i]);
	fputc('\n', stderr);
	if (m->opt.count_insns)
		fprintf(stderr, "executed %lu, by rules %.4f%%\n", executed + s->interpreted,
			100 * ratio(executed, executed + s->interpreted));
}

/* Does this run use arms with this condition at all? */
static bool has_features(const struct machine *m, const struct rule_arm *arm)
{
	const struct rule_cond *cond = &rule_cond_table[arm->cond];
	u32 i;

	for (i = 0; i < arm->nconds; i++)
		if (cond[i].kind == COND_HOST && !(m->cache.mem.host_features >> cond[i].b & 1))
			return false;
	return true;
}

/* A line for each arm: the rule, the arm's number in it counted from 0, executions, has_features(). */
static bool write_arms(const struct machine *m)
{
	FILE *f = fopen(m->opt.arms, "w");
	const struct rule *rule;
	u32 k;

	if (!f) {
		perror(m->opt.arms);
		return false;
	}
	for (rule = rule_table; rule < rule_table + rule_count; rule++)
		for (k = 0; k < rule->narms; k++)
			fprintf(f, "%s %u %lu %d\n", rule_name_table[rule->name], k, m->arm_counts[rule->arm + k],
				has_features(m, &rule_arm_table[rule->arm + k]));
	return !fclose(f);
}

int main(int argc, char **argv)
{
	struct machine_options opt = {
		.ram_bytes = (u64)MEM_MIB_DEFAULT << 20,
		.code_bytes = MACHINE_CODE_BYTES,
		.count_warmup_us = 100000,
		.isa = GUEST_ISA_FD,
	};
	static struct machine m;
	int status, err;

	if (parse_options(argc, argv, &opt, &status))
		return status;
	if (machine_create(&m, &opt) || load(&m, argv[optind]) || (opt.check && shadow_create(&m)))
		return STATUS_USAGE;
	err = machine_run(&m);
	dev_flush(&m);
	if (opt.stat)
		print_stats(&m);
	if (opt.count_steps)
		fprintf(stderr, "host instructions %lu, guest instructions %lu, ratio %.3f\n", m.stats.steps_cache,
			m.stats.steps_guest, ratio(m.stats.steps_cache, m.stats.steps_guest));
	status = err || (opt.arms && !write_arms(&m)) ? 1 : m.exit_status;
	machine_destroy(&m);
	return status;
}
