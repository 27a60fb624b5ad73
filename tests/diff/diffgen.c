// SPDX-License-Identifier: GPL-2.0-only
/* diffgen.c: writes a differential-test image: the guest runtime's ELF plus one segment of random or systematic blocks.
 * Usage: diffgen --rt RT.elf --out IMAGE.elf --mode each|random --seed N [--insns N] [--group N]
 *        [--stride N] [--dump FIRST COUNT] [--cut BLOCK INSNS]
 * --stride N runs every N'th group only.
 * --cut ends a block before its INSNS'th instruction in memory order. Prints: blocks, instructions, and with --cut or
 * --dump the place of the block in the file, for a disassembler.
 * Next file: gen.h. */
#include <assert.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

struct options {
	const char *rt, *out;
	bool is_each;
	uint64_t seed, insns, group, stride, dump_first, dump_blocks, cut_block, cut_insns;
	bool has_cut;
};

static void die(const char *what, const char *name)
{
	fprintf(stderr, "diffgen: %s: %s\n", what, name);
	exit(2);
}

static uint8_t *file_read(const char *name, size_t *bytes)
{
	FILE *f = fopen(name, "rb");
	uint8_t *data;
	long end;

	if (!f || fseek(f, 0, SEEK_END) || (end = ftell(f)) < 0 || fseek(f, 0, SEEK_SET))
		die("cannot read", name);
	data = malloc((size_t)end + 1);
	if (!data || fread(data, 1, (size_t)end, f) != (size_t)end)
		die("cannot read", name);
	fclose(f);
	*bytes = (size_t)end;
	return data;
}

static void file_put(FILE *f, const void *data, size_t bytes, const char *name)
{
	if (bytes && fwrite(data, 1, bytes, f) != bytes)
		die("cannot write", name);
}

/* The runtime's file as it is, with its program header table replaced by a longer one at the end of the file. */
static void image_write(const struct options *o, const struct gen *g, const struct diff_header *header)
{
	size_t rt_bytes, table = GEN_CODE - DIFF_PROGRAM + ((g->used + 7) & ~(size_t)7);
	size_t table_bytes = g->nblocks * sizeof(*g->blocks), total = table + table_bytes, at;
	uint8_t *rt = file_read(o->rt, &rt_bytes), *segment = calloc(1, total);
	Elf64_Ehdr *eh = (Elf64_Ehdr *)rt;
	Elf64_Phdr ph[8];
	FILE *f = fopen(o->out, "wb");

	if (!f || !segment)
		die("cannot write", o->out);
	if (rt_bytes < sizeof(*eh) || memcmp(eh->e_ident, ELFMAG, SELFMAG) || eh->e_phnum > 7)
		die("not the runtime's ELF", o->rt);
	memcpy(segment, header, sizeof(*header));
	memcpy(segment + (GEN_CODE - DIFF_PROGRAM), g->code, g->used);
	memcpy(segment + table, g->blocks, table_bytes);
	memcpy(ph, rt + eh->e_phoff, eh->e_phnum * sizeof(ph[0]));
	at = (rt_bytes + 4095) & ~(size_t)4095;
	ph[eh->e_phnum] = (Elf64_Phdr){ .p_type = PT_LOAD,
					.p_flags = PF_R | PF_W | PF_X,
					.p_offset = at,
					.p_vaddr = DIFF_PROGRAM,
					.p_paddr = DIFF_PROGRAM,
					.p_filesz = total,
					.p_memsz = total,
					.p_align = 4096 };
	eh->e_phnum++;
	eh->e_phoff = at + ((total + 7) & ~(size_t)7);
	eh->e_shoff = eh->e_shnum = eh->e_shstrndx = 0;
	file_put(f, rt, rt_bytes, o->out);
	if (fseek(f, (long)at, SEEK_SET))
		die("cannot write", o->out);
	file_put(f, segment, total, o->out);
	if (fseek(f, (long)eh->e_phoff, SEEK_SET))
		die("cannot write", o->out);
	file_put(f, ph, eh->e_phnum * sizeof(ph[0]), o->out);
	if (fclose(f))
		die("cannot write", o->out);
	free(rt);
	free(segment);
}

/* Puts c.ebreak over the n'th instruction of a block, counted in memory order. */
static void block_cut(struct gen *g, struct diff_block *b, uint64_t n)
{
	uint64_t pc = b->entry;
	uint16_t ebreak = 0x9002;

	while (n-- && pc < b->end)
		pc += (g->code[pc - GEN_CODE] & 3) == 3 ? 4 : 2;
	if (pc >= b->end)
		return;
	memcpy(g->code + (pc - GEN_CODE), &ebreak, sizeof(ebreak));
	b->cut = pc;
}

static void print_block(const struct gen *g, uint64_t n)
{
	const struct diff_block *b = &g->blocks[n];

	printf("block %lu entry %lx end %lx\ncode ", n, b->entry, b->end);
	for (uint64_t pc = b->entry; pc < b->end; pc++)
		printf("%02x", g->code[pc - GEN_CODE]);
	printf("\n");
	for (int i = 1; i < 32; i++)
		printf("in x%d %016lx\n", i, b->x[i]);
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t v = strtoull(text, &end, 0);

	if (!*text || *end)
		die("not a number", text);
	return v;
}

static void options_read(struct options *o, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i];
		int left = argc - i - 1;

		if (!strcmp(a, "--rt") && left >= 1)
			o->rt = argv[++i];
		else if (!strcmp(a, "--out") && left >= 1)
			o->out = argv[++i];
		else if (!strcmp(a, "--mode") && left >= 1)
			o->is_each = !strcmp(argv[++i], "each");
		else if (!strcmp(a, "--seed") && left >= 1)
			o->seed = number(argv[++i]);
		else if (!strcmp(a, "--insns") && left >= 1)
			o->insns = number(argv[++i]);
		else if (!strcmp(a, "--group") && left >= 1)
			o->group = number(argv[++i]);
		else if (!strcmp(a, "--stride") && left >= 1)
			o->stride = number(argv[++i]);
		else if (!strcmp(a, "--dump") && left >= 2) {
			o->dump_first = number(argv[++i]);
			o->dump_blocks = number(argv[++i]);
		} else if (!strcmp(a, "--cut") && left >= 2) {
			o->has_cut = true;
			o->cut_block = number(argv[++i]);
			o->cut_insns = number(argv[++i]);
		} else {
			die("unknown option or missing value", a);
		}
	}
	if (!o->rt || !o->out || !o->group || !o->stride)
		die("missing", "--rt, --out, --group or --stride");
}

int main(int argc, char **argv)
{
	struct options o = { .insns = 100000, .group = 64, .stride = 1 };
	struct diff_header header = { .magic = DIFF_MAGIC };
	struct gen g;

	options_read(&o, argc, argv);
	gen_init(&g, o.seed);
	if (o.is_each)
		each_all(&g);
	else
		while (g.insns < o.insns)
			(g.nblocks % 400 == 399 ? item_calls : item_block)(&g);
	if (o.dump_first + o.dump_blocks > g.nblocks || o.cut_block >= g.nblocks)
		die("no such block", "--dump or --cut");
	if (o.has_cut)
		block_cut(&g, &g.blocks[o.cut_block], o.cut_insns);
	header.nblocks = g.nblocks;
	header.block_table = GEN_CODE + ((g.used + 7) & ~7ULL);
	header.group_blocks = o.group;
	header.stride = o.stride;
	header.dump_first = o.dump_first;
	header.dump_blocks = o.dump_blocks;
	image_write(&o, &g, &header);
	printf("blocks %zu insns %lu bytes %zu\n", g.nblocks, g.insns, g.used);
	for (uint64_t i = 0; i < o.dump_blocks && i < 1; i++)
		print_block(&g, o.dump_first + i);
	gen_free(&g);
	return 0;
}
