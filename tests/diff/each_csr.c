// SPDX-License-Identifier: GPL-2.0-only
/* each_csr.c: systematic blocks for Zicsr, in M-mode and in S-mode, on CSRs that are plain storage but for some bits:
 * every form, with and without destination and source. What CSRs do is tested in ../priv.
 * Next file: each_illegal.c. */
#include "each.h"

#define STATUS_BITS 0xc0122	 /* MXR SUM SPP SPIE SIE */
#define STATUS_UXL  (2ULL << 32) /* QEMU 7.2 keeps what is written: must stay */

enum { SSTATUS = 0x100, CASES = 1000 };

/* value written = random & keep | set: bit 0 of mepc and sepc QEMU 7.2 keeps, and other modes of stvec it refuses. */
struct csr {
	uint16_t number;
	uint64_t keep, set;
};

static const struct csr machine[] = { { 0x341, ~1ULL, 0 }, { 0x343, ~0ULL, 0 }, { 0x140, ~0ULL, 0 },
				      { 0x141, ~1ULL, 0 }, { 0x143, ~0ULL, 0 }, { 0x142, ~0ULL, 0 },
				      { 0x105, ~2ULL, 0 } };
static const struct csr supervisor[] = { { SSTATUS, STATUS_BITS, STATUS_UXL },
					 { 0x140, ~0ULL, 0 },
					 { 0x141, ~1ULL, 0 },
					 { 0x142, ~0ULL, 0 },
					 { 0x143, ~0ULL, 0 },
					 { 0x105, ~2ULL, 0 },
					 { SSTATUS, STATUS_BITS, STATUS_UXL },
					 { 0x341, ~0ULL, 0 } }; /* an illegal instruction */

static uint8_t source(struct each *s, const struct enc *e, const struct csr *csr, unsigned int i)
{
	bool is_write = e->match == enc_find("csrrw")->match, is_clear = e->match == enc_find("csrrc")->match;

	if (e->fmt == FMT_CSRI)
		return (uint8_t)(gen_below(s->g, 32) & csr->keep);
	if (i % 7 == 3 && !(is_write && csr->set))
		return 0;
	return each_value(s, REG_NOT_ZERO, (gen_value(s->g) & csr->keep) | (is_clear ? 0 : csr->set));
}

/* an old value, the operation, the new value */
static void case_csr(struct each *s, const struct enc *e, const struct csr *csr, unsigned int i)
{
	struct operands o = { .imm = csr->number };
	uint8_t old;

	each_fill(s);
	old = each_value(s, REG_NOT_ZERO, (gen_value(s->g) & csr->keep) | csr->set);
	o.rs1 = source(s, e, csr, i);
	o.rd = i % 6 == 1 ? 0 : i % 6 == 2 && e->fmt == FMT_CSR && o.rs1 ? o.rs1 : each_result(s, REG_ANY);
	s->results |= 1u << o.rd & ~1u;
	gen_name(s->g, "csrrw", 0, old, 0, o.imm);
	gen_op(s->g, e, &o);
	gen_name(s->g, "csrrs", each_result(s, REG_ANY), 0, 0, o.imm);
}

static void sweep_csrs(struct gen *g, uint8_t mode, const struct csr *csr, unsigned int count)
{
	struct each s;

	each_begin(&s, g, mode);
	for (unsigned int k = 0; k < enc_count; k++) {
		const struct enc *e = &enc_table[k];

		if (e->fmt != FMT_CSR && e->fmt != FMT_CSRI)
			continue;
		for (unsigned int i = 0; i < CASES; i++) {
			const struct csr *at = &csr[i % count];

			if (!at->set || e->match != enc_find("csrrwi")->match) /* an immediate has no UXL */
				case_csr(&s, e, at, i / count);
		}
	}
	each_end(&s);
}

/* What time is differs from machine to machine: only whether it may be read is seen. The runtime forbids it to S and U. */
static void read_time(struct gen *g, uint8_t mode)
{
	enum { TIME = 0xc01, TIMES = 16 };
	struct each s;

	each_begin(&s, g, mode);
	for (unsigned int i = 0; i < TIMES; i++)
		gen_name(g, "csrrs", 0, 0, 0, TIME);
	each_end(&s);
}

void each_csr_all(struct gen *g)
{
	read_time(g, DIFF_MODE_M);
	read_time(g, DIFF_MODE_S);
	read_time(g, DIFF_MODE_U);
	sweep_csrs(g, DIFF_MODE_M, machine, sizeof(machine) / sizeof(machine[0]));
	sweep_csrs(g, DIFF_MODE_S, supervisor, sizeof(supervisor) / sizeof(supervisor[0]));
	sweep_csrs(g, DIFF_MODE_U, supervisor, sizeof(supervisor) / sizeof(supervisor[0]));
}
