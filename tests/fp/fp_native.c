// SPDX-License-Identifier: GPL-2.0-only
/* fp_native.c: the same cases by the generated interpreter, natively: as fast as the primitives themselves.
 * Usage: fp_native SEED COUNT TRIPLES STRIDE [OP CASES]; prints what the guest prints. Next file: fp_ops.h. */
#include <stdio.h>
#include <stdlib.h>

#include "csr.h"
#include "decode.h"
#include "fp_ops.h"
#include "interp.h"

static struct guest_home home;
static struct guest_csr_page page;
static struct guest hart = { .home = &home, .csr_page = &page, .isa = GUEST_ISA_FD };

static void execute(const struct fp_case *c, struct fp_result *r)
{
	static struct insn in;
	unsigned int i;

	if (in.word != c->word)
		decode_insn(c->word, &in);
	for (i = 0; i < 3; i++)
		home.f[10 + i] = c->f[i];
	home.x[10] = c->x;
	home.x[11] = 0;
	home.frm = c->frm;
	home.fflags = 0;
	if (interp_insn(&hart, &in) != STEP_NEXT) {
		printf("word %08x: no instruction\n", c->word);
		exit(1);
	}
	*r = (struct fp_result){ home.f[10], home.x[11], home.fflags };
}

int main(int argc, char **argv)
{
	struct fp_plan plan;
	struct fp_result r;
	struct fp_case c;
	unsigned int i;

	if (argc != 5 && argc != 7) {
		fprintf(stderr, "usage: fp_native SEED COUNT TRIPLES STRIDE [OP CASES]\n");
		return 2;
	}
	plan = (struct fp_plan){ strtoull(argv[1], NULL, 0), strtoull(argv[2], NULL, 0), strtoull(argv[3], NULL, 0),
				 strtoull(argv[4], NULL, 0) };
	csr_reset(&hart, 0);
	csr_set(&hart, CSR_MSTATUS, 1ULL << MSTATUS_FS_SHIFT);
	for (i = 0; i < fp_op_count; i++) {
		bool is_one = argc == 7 && strtoul(argv[5], NULL, 0) == i;
		u64 cases = is_one ? strtoull(argv[6], NULL, 0) : fp_plan_cases(&fp_ops[i], &plan);

		if (argc == 7 && !is_one)
			continue;
		printf("%s %016lx\n", fp_ops[i].name, fp_sweep(&fp_ops[i], &plan, cases, execute, &c, &r));
		fflush(stdout);
		if (is_one)
			printf("word %08x frm %u f %016lx %016lx %016lx x %016lx gives f %016lx x %016lx flags %lx\n",
			       c.word, c.frm, c.f[0], c.f[1], c.f[2], c.x, r.f, r.x, r.fflags);
	}
	return 0;
}
