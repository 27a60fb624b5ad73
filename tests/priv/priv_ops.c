// SPDX-License-Identifier: GPL-2.0-only
/* priv_ops.c: the instructions of a step.
 *
 * Kept out: AMO and SC (QEMU 7.2 does the read part as a load, with its cause and its A bit; tests/diff has them);
 * misaligned lr; accesses over two pages when one may be without memory (QEMU 7.2 stores the first part).
 * Next file: priv_csr.c. */
#include "priv.h"

enum {
	A0 = 10,
	A1 = 11,
	A2 = 12,
	ECALL = 0x73,
	EBREAK = 0x100073,
	MRET = 0x30200073,
	SRET = 0x10200073,
	WFI = 0x10500073,
	FENCE_I = 0x100f,
	SFENCE_W_INVAL = 0x18000073,
	SFENCE_INVAL_IR = 0x18100073,
	CSRW_MSTATUS_A4 = 0x30071073,
	CSRW_MEPC_A5 = 0x34179073,
	CODE_WORDS = 8,
	TARGET = 64, /* of mret and sret: an ecall behind the code */
};

/* ---- the instruction that is tried ---- */

static uint32_t make_load(uint32_t *code, struct priv_step *step)
{
	step->name = "load";
	code[0] = A1 << 15 | priv_below(7) << 12 | A0 << 7 | 0x03;
	return 1;
}

static uint32_t make_store(uint32_t *code, struct priv_step *step)
{
	step->name = "store";
	code[0] = A2 << 20 | A1 << 15 | priv_below(4) << 12 | 0x23;
	return 1;
}

static uint32_t make_reserve(uint32_t *code, struct priv_step *step)
{
	step->name = "lr";
	step->address &= ~7UL;
	code[0] = 2 << 27 | A1 << 15 | (2 + priv_below(2)) << 12 | A0 << 7 | 0x2f;
	return 1;
}

static uint32_t make_fetch(uint32_t *code, struct priv_step *step)
{
	step->name = "fetch";
	code[0] = A1 << 15 | A0 << 7 | 0x67;
	return 1;
}

static uint32_t make_sfence(uint32_t *code, struct priv_step *step)
{
	bool is_sinval = priv_chance(40);

	step->name = is_sinval ? "sinval.vma" : "sfence.vma";
	code[0] = (is_sinval ? 0x0b : 0x09) << 25 | (priv_below(2) * A2) << 20 | (priv_below(2) * A1) << 15 | 0x73;
	return 1;
}

static uint32_t make_satp(uint32_t *code, struct priv_step *step)
{
	step->name = "satp";
	step->value = tables_satp();
	code[0] = 0x180 << 20 | A2 << 15 | 1 << 12 | A0 << 7 | 0x73; /* csrrw a0, satp, a2 */
	code[1] = 0x180 << 20 | 2 << 12 | 13 << 7 | 0x73;	     /* csrr a3, satp */
	return 2;
}

/* wfi only where it traps: otherwise the hart might sleep for ever. */
static uint32_t make_plain(uint32_t *code, struct priv_step *step)
{
	static const uint32_t words[] = { MRET,	  SRET,	   MRET, SRET,		 ECALL,
					  EBREAK, FENCE_I, WFI,	 SFENCE_W_INVAL, SFENCE_INVAL_IR };
	uint32_t word = words[priv_below(sizeof(words) / sizeof(words[0]))];

	if (word == WFI && step->mode == MODE_M)
		word = SRET;
	if (word == WFI)
		step->mstatus |= STATUS_TW;
	step->is_open = step->mode == MODE_U && (word == SFENCE_W_INVAL || word == SFENCE_INVAL_IR);
	step->name = word == MRET ? "mret" : word == SRET ? "sret" : word == WFI ? "wfi" : "plain";
	/* QEMU 7.2 leaves MPRV; priv machine "Memory Privilege in mstatus Register": cleared */
	if (word == SRET || word == MRET)
		step->mstatus_clear = STATUS_MPRV;
	if (word == MRET && step->mode == MODE_M) { /* mepc still leads to the step's beginning */
		*code++ = CSRW_MEPC_A5;
		*code = word;
		return 2;
	}
	*code = word;
	return 1;
}

typedef uint32_t make(uint32_t *code, struct priv_step *step);

static make *const makes[] = { make_load,	make_load,	 make_store,	 make_store, make_reserve,
			       make_fetch,	make_fetch,	 make_sfence,	 make_satp,  make_plain,
			       csr_access_make, csr_access_make, csr_access_make };

/* ---- the step ---- */

/* csrw mstatus, a4 first: MPRV and MPP for an access in M-mode, since the mret of the entry clears both. */
static uint32_t make_status(uint32_t *code, const struct priv_step *step)
{
	code[0] = CSRW_MSTATUS_A4;
	return step->mode == MODE_M;
}

static uint64_t code_page(void)
{
	return priv_chance(50) ? PRIV_CODE_S : PRIV_CODE_U;
}

void ops_step_make(struct priv_step *step)
{
	uint32_t code[CODE_WORDS], used, i, *page;

	*step = (struct priv_step){ .mask = ~0UL };
	step->mode = priv_chance(40) ? MODE_S : priv_chance(60) ? MODE_U : MODE_M;
	step->entry = step->mode == MODE_U ? PRIV_CODE_U : PRIV_CODE_S;
	if (priv_chance(3))
		step->entry = code_page(); /* perhaps the other mode's */
	step->address = tables_address();
	if (tables_have_hole)
		step->address &= ~7UL;
	step->value = 0x0073000000730000;
	step->mepc = code_page() + TARGET;
	step->sepc = code_page() + TARGET;
	used = make_status(code, step);
	used += makes[priv_below(sizeof(makes) / sizeof(makes[0]))](code + used, step);
	step->word = code[step->mode == MODE_M];
	for (i = 0; i < 2; i++) {
		page = (uint32_t *)(uint64_t)(i ? PRIV_CODE_U : PRIV_CODE_S);
		__builtin_memcpy(page, code, used * 4);
		page[used] = page[TARGET / 4] = ECALL;
	}
}
