// SPDX-License-Identifier: GPL-2.0-only
/* test_expr.c: the C that rulec writes for expressions, against the evaluator, on random expressions of all widths.
 *
 * Usage: test_expr INSNS SEED DIR. Writes a random description's interpreter and decoder to DIR, compiles them as a
 * shared object, and runs every instruction with edge and random registers. Next file: randex.c. */
#include <dlfcn.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "insn.h"
#include "interp.h"
#include "lang/eval.h"
#include "randex.h"
#include "rulec/out.h"
#include "tally.h"
#include "trap.h"
#include "words.h"

enum { RUNS_PER_INSN = 100, PATH_BYTES = 512 };

struct generated {
	void *library;
	void (*decode)(uint32_t word, struct insn *in);
	enum step (*interp)(struct guest *g, const struct insn *in);
};

/* Called by the generated interpreter's do_illegal(). */
enum step trap_raise(struct guest *g, u64 cause, u64 tval)
{
	g->trap_cause = cause;
	g->trap_tval = tval;
	return STEP_TRAP;
}

static int write_files(const struct isa *isa, const char *dir, struct diag *diag)
{
	const struct out_file *file;
	char path[PATH_BYTES];
	int ret = 0;

	for (file = out_files; file->name && !ret; file++) {
		FILE *out;

		snprintf(path, sizeof(path), "%s/%s", dir, file->name);
		out = fopen(path, "w");
		if (!out) {
			perror(path);
			return -1;
		}
		ret = file->write(isa, out, diag);
		fclose(out);
	}
	return ret;
}

/* -w: random expressions compare a value with itself, or ask whether it is below zero. */
static int compile(const char *dir, struct generated *gen)
{
	char command[4 * PATH_BYTES], path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s/gen.so", dir);
	snprintf(command, sizeof(command),
		 "gcc -std=gnu11 -O1 -w -shared -fPIC -Itranslator -I%s %s/decode.c %s/interp.c -o %s", dir, dir, dir,
		 path);
	if (system(command))
		return -1;
	gen->library = dlopen(path, RTLD_NOW);
	if (!gen->library) {
		fprintf(stderr, "%s\n", dlerror());
		return -1;
	}
	*(void **)&gen->decode = dlsym(gen->library, "decode_insn");
	*(void **)&gen->interp = dlsym(gen->library, "interp_insn");
	return gen->decode && gen->interp ? 0 : -1;
}

static uint64_t random_value(uint64_t *seed)
{
	static const uint64_t edges[] = { 0, 1, ~0ULL, 1ULL << 63, (1ULL << 63) - 1, 1ULL << 31, 0xffffffff, 64, 127 };
	uint64_t r = random_next(seed);

	return r >> 62 ? random_next(seed) >> (r & 63) : edges[(r >> 8) % (sizeof(edges) / sizeof(edges[0]))];
}

static void check_run(const struct isa *isa, const struct generated *gen, const struct insn_desc *desc, uint64_t *seed)
{
	struct guest_home home = { .resv = 0 };
	struct guest g = { .home = &home, .pc = random_value(seed) };
	bv_t x[32] = { 0 };
	struct eval eval = { .isa = isa, .reg = { x }, .ilen_bytes = 4 };
	struct insn in;
	unsigned int i;

	gen->decode(desc->match | ((uint32_t)random_next(seed) & ~desc->mask), &in);
	if (!CHECK(!in.op == !eval_encodes(isa, desc, in.word), "%s 0x%08" PRIx32 ": condition", desc->name, in.word) ||
	    !in.op)
		return;
	for (i = 1; i < 32; i++)
		x[i] = home.x[i] = random_value(seed);
	for (i = 0; i < ISA_FIELDS_MAX; i++)
		eval.field[i] = in.f[i];
	eval.state[isa->pc_state] = g.pc;
	eval_insn(&eval, desc);
	gen->interp(&g, &in);
	CHECK(home.x[in.f[0]] == (uint64_t)x[in.f[0]],
	      "%s 0x%08" PRIx32 ": interpreter 0x%" PRIx64 ", evaluator 0x%" PRIx64, desc->name, in.word,
	      home.x[in.f[0]], (uint64_t)x[in.f[0]]);
}

static struct isa *random_isa(unsigned int ninsns, uint64_t *seed, struct diag *diag)
{
	size_t len_bytes;
	char *text;
	FILE *out = open_memstream(&text, &len_bytes);
	struct isa *isa;

	randex_write(out, ninsns, seed);
	fclose(out);
	isa = isa_load_text("random", text, len_bytes, diag);
	free(text);
	return isa;
}

int main(int argc, char **argv)
{
	struct generated gen = { 0 };
	struct diag diag = { stderr, 0 };
	unsigned int i, n;
	struct isa *isa;
	uint64_t seed;

	if (argc != 4 || strtoul(argv[1], NULL, 0) > RANDEX_INSNS_MAX) {
		fprintf(stderr, "usage: test_expr INSNS(at most %d) SEED DIR\n", RANDEX_INSNS_MAX);
		return 2;
	}
	seed = strtoull(argv[2], NULL, 0) | 1;
	printf("seed %" PRIu64 "\n", seed);
	isa = random_isa(strtoul(argv[1], NULL, 0), &seed, &diag);
	if (!isa || write_files(isa, argv[3], &diag) || compile(argv[3], &gen))
		return 2;
	for (i = 0; i < isa->ninsns; i++)
		for (n = 0; n < RUNS_PER_INSN; n++)
			check_run(isa, &gen, isa->insn[i], &seed);
	dlclose(gen.library);
	isa_free(isa);
	return tally_end("expr");
}
