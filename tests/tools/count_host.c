// SPDX-License-Identifier: GPL-2.0-only
/* count_host.c: how many host instructions the rules need for the programs that count_plugin.c counted.
 *
 * usage: count_host FILE...   (each file is one program; all have the same weight)
 * Every counted block is matched by the translator's own tables. Added to the templates: 1 for the jump of a direct
 * transfer, LOOKUP_INSNS for an indirect one that hits the jump table. Instructions that the description lacks
 * (floating point) are left out. Prints the ratio per program, then the rules by their share of host instructions. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "decode.h"
#include "memo.h"
#include "ops.h"

enum { LOOKUP_INSNS = 9, RULES_MAX = 512, LINE_BYTES_MAX = 1 << 13 };

struct tally {
	double guest, host, lookup;	/* executed instructions */
	double guest_bytes, host_bytes; /* of the blocks, weighed by runs; host: templates only */
	double rule_guest[RULES_MAX], rule_host[RULES_MAX];
};

static struct block_work work;
static struct memo memo[MEMO_ENTRIES];
static struct tally all;

/* "runs address word word ..." to work; returns runs. */
static double block_read(char *line)
{
	char *word = strtok(line, " ");
	double runs = word ? strtod(word, NULL) : 0;
	u32 off, k;

	word = strtok(NULL, " ");
	off = word ? strtoull(word, NULL, 16) & (PAGE_BYTES - 1) : 0;
	work.ninsns = 0;
	while ((word = strtok(NULL, " \n")) && work.ninsns < BLOCK_INSNS_MAX) {
		decode_insn((u32)strtoul(word, NULL, 16), &work.insn[work.ninsns]);
		work.off[work.ninsns] = (u16)off;
		off += work.insn[work.ninsns++].len_bytes;
	}
	for (k = work.ninsns; k < sizeof(work.off) / sizeof(work.off[0]); k++)
		work.off[k] = (u16)off;
	work.is_closed = 1;
	return runs;
}

/* Counts what stands at instruction `first`; returns how many instructions that were. */
static u32 tally_match(struct tally *tally, double runs, u32 first)
{
	struct match m;
	enum match_end end = match_find(&work, first, ~0u, &m);
	u32 n = end == MATCH_RULE ? m.rule->ninsns : 1, k;
	double host = 0;

	if (end == MATCH_RULE && m.arm->term != TERM_EXIT) {
		u32 number = (u32)(m.rule - rule_table);

		host = m.tmpl ? m.tmpl->nhost : 0;
		tally->host_bytes += runs * (m.tmpl ? m.tmpl->len : 0);
		if (m.arm->term == TERM_JUMP)
			host += 1;
		if (m.arm->term == TERM_INDIRECT) {
			host += LOOKUP_INSNS;
			tally->lookup += runs * LOOKUP_INSNS;
		}
		tally->rule_guest[number] += runs * n;
		tally->rule_host[number] += runs * host;
	}
	for (k = 0; k < n; k++)
		tally->guest_bytes += runs * work.insn[first + k].len_bytes;
	tally->guest += runs * n;
	tally->host += runs * host;
	return n;
}

static int file_tally(const char *path, struct tally *tally)
{
	static char line[LINE_BYTES_MAX];
	FILE *in = fopen(path, "r");

	if (!in) {
		perror(path);
		return -1;
	}
	memset(tally, 0, sizeof(*tally));
	while (fgets(line, sizeof(line), in)) {
		double runs = block_read(line);
		u32 i = 0;

		while (i < work.ninsns)
			i += work.insn[i].op == OP_ILLEGAL ? 1 : tally_match(tally, runs, i);
	}
	fclose(in);
	return 0;
}

/* Shares of one program into the sum of all. */
static void tally_add(const struct tally *one, double weight)
{
	u32 i;

	all.guest += weight;
	all.host += weight * one->host / one->guest;
	all.lookup += weight * one->lookup / one->guest;
	all.guest_bytes += weight;
	all.host_bytes += weight * one->host_bytes / one->guest_bytes;
	for (i = 0; i < RULES_MAX; i++) {
		all.rule_guest[i] += weight * one->rule_guest[i] / one->guest;
		all.rule_host[i] += weight * one->rule_host[i] / one->guest;
	}
}

static int by_host(const void *a, const void *b)
{
	double x = all.rule_host[*(const u32 *)a], y = all.rule_host[*(const u32 *)b];

	return x < y ? 1 : x > y ? -1 : 0;
}

static void print_rules(void)
{
	u32 order[RULES_MAX], i;

	for (i = 0; i < rule_count; i++)
		order[i] = i;
	qsort(order, rule_count, sizeof(order[0]), by_host);
	printf("%-20s %8s %8s %6s\n", "rule", "guest %", "host %", "ratio");
	for (i = 0; i < rule_count && all.rule_host[order[i]] > 0; i++) {
		u32 r = order[i];

		printf("%-20s %8.2f %8.2f %6.2f\n", rule_name_table[rule_table[r].name], 100 * all.rule_guest[r],
		       100 * all.rule_host[r] / all.host, all.rule_host[r] / all.rule_guest[r]);
	}
}

int main(int argc, char **argv)
{
	static struct tally one;
	int i;

	if (argc < 2 || rule_count > RULES_MAX) {
		fputs("usage: count_host FILE...\n", stderr);
		return 1;
	}
	block_work_init(&work, memo);
	for (i = 1; i < argc; i++) {
		if (file_tally(argv[i], &one))
			return 1;
		printf("%-40s %.3f\n", argv[i], one.host / one.guest);
		tally_add(&one, 1.0 / (argc - 1));
	}
	printf("host instructions per guest instruction %.3f, of these lookups %.3f; template bytes per guest byte "
	       "%.2f\n",
	       all.host, all.lookup, all.host_bytes);
	print_rules();
	return 0;
}
