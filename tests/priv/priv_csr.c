// SPDX-License-Identifier: GPL-2.0-only
/* priv_csr.c: random values for the CSRs that decide about traps, and instructions that read and write all CSRs.
 *
 * QEMU 7.2's hart has more than ours in many of them: `keep` names the bits that may be written, `mask` those compared.
 * Next file: priv_tables.c. */
#include "priv.h"

enum { OP_SYSTEM = 0x73, A0 = 10, A2 = 12, A3 = 13, CLINT_MSIP = 0x2000000 };

#define S_IRQS	 0x222UL
#define IRQS	 0xaaaUL
#define SEIP	 0x200UL
#define ALL	 (~0UL)
#define ADUE	 (1UL << 61)
#define DELEGATE 0xb1ffUL /* all but ecall from S-mode: it brings the step back */

static const struct csr {
	uint16_t number, count;
	uint64_t keep, set; /* value written = random & keep | set */
	uint64_t mask;
} csrs[] = {
	{ 0x300, 1, STATUS_WRITABLE | 1UL << STATUS_MPP_SHIFT, STATUS_XL,
	  STATUS_WRITABLE | 3UL << 11 | STATUS_XL | STATUS_SD },
	{ 0x100, 1, 0xc6122, 2UL << 32, 0xc6122 | 3UL << 32 | STATUS_SD },
	{ 0x001, 3, ALL, 0, ALL }, /* fflags, frm, fcsr: illegal while FS is off */
	{ 0x301, 1, 0, 0, ~2UL },  /* QEMU 7.2 has Zba, Zbb and Zbs, but not misa.B */
	{ 0x302, 1, DELEGATE, 0, 0xb3ff },
	{ 0x303, 1, S_IRQS, 0, S_IRQS },
	{ 0x304, 1, IRQS, 0, IRQS },
	{ 0x344, 1, 0x222, 0, IRQS & ~0x80UL },
	{ 0x305, 1, ALL, 0, ALL },
	{ 0x105, 1, ALL, 0, ALL },
	{ 0x306, 1, 7, 0, 7 },
	{ 0x106, 1, 7, 0, 7 },
	{ 0x30a, 1, 1, ADUE, 1 },
	{ 0x10a, 1, 1, 0, 1 },
	{ 0x320, 1, 5, 0, 5 },
	{ 0x340, 1, ALL, 0, ALL },
	{ 0x341, 1, ~1UL, 0, ALL },
	{ 0x342, 1, ALL, 0, ALL },
	{ 0x343, 1, ALL, 0, ALL },
	{ 0x104, 1, S_IRQS, 0, S_IRQS },
	{ 0x140, 1, ALL, 0, ALL },
	{ 0x141, 1, ~1UL, 0, ALL },
	{ 0x142, 1, ALL, 0, ALL },
	{ 0x143, 1, ALL, 0, ALL },
	{ 0x144, 1, 2, 0, S_IRQS },
	{ 0x323, 13, 0, 0, 0 }, /* events and counters: theirs count */
	{ 0xb03, 13, 0, 0, 0 },
	{ 0xb00, 1, ALL, 0, 0 },
	{ 0xb02, 1, ALL, 0, 0 },
	{ 0xc00, 16, 1, 1, 0 }, /* who may read it */
	{ 0xf11, 3, 1, 1, 0 },
	{ 0xf14, 2, 1, 1, ALL },
	{ 0x3b1, 15, 0, 0, 0 },
	{ 0x3a1, 1, 1, 1, ALL }, /* does not exist on RV64, nor do: */
	{ 0x200, 1, 1, 1, ALL },
	{ 0x600, 1, 1, 1, ALL },
	{ 0x5c0, 1, 1, 1, ALL },
	{ 0x7c0, 1, 1, 1, ALL },
	{ 0x8ff, 1, 1, 1, ALL },
	{ 0xcc0, 1, 1, 1, ALL },
};

static uint32_t encode(uint32_t funct3, uint32_t number, uint32_t rd, uint32_t rs1)
{
	return number << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | OP_SYSTEM;
}

/* csrr? a0, csr, a2 ; csrrw a3, csr, a0: what was there, and what of a2 is kept. The old value comes back. */
uint32_t csr_access_make(uint32_t *code, struct priv_step *step)
{
	const struct csr *csr = &csrs[priv_below(sizeof(csrs) / sizeof(csrs[0]))];
	uint32_t number = csr->number + priv_below(csr->count), funct3 = 1 + priv_below(3);

	step->name = "csr";
	step->value = (priv_random() & csr->keep) | csr->set;
	if (funct3 != 1) /* a part of MPP might be left over: 2 */
		step->value &= ~(3UL << STATUS_MPP_SHIFT) | (number == 0x300 ? 0 : ~0UL);
	step->mask = csr->mask;
	if (priv_chance(10)) { /* by an immediate, where any value may be written */
		code[0] = csr->keep == ALL ? encode(5, number, A0, priv_below(32)) : encode(2, number, A0, 0);
	} else {
		code[0] = encode(funct3, number, A0, A2);
	}
	if (number >> 10 == 3)
		code[0] = encode(priv_chance(50) ? 2 : 3, number, A0, 0);
	if (number >> 10 == 3 && priv_chance(30))
		code[0] = encode(1, number, A0, A2);
	code[1] = encode(1, number, A3, A0);
	return 2;
}

uint64_t csr_mstatus_random(void)
{
	return (priv_random() & STATUS_WRITABLE & ~(1UL << 3)) | STATUS_XL;
}

static void tvec_random(void)
{
	WRITE_CSR("mtvec", (uint64_t)priv_vectors | (priv_random() & 1));
	WRITE_CSR("stvec", PRIV_VECTORS | (priv_random() & 1));
}

/* SEIP waits alone: with others QEMU 7.2 takes the lower number first. */
static uint64_t pending_random(void)
{
	if (!priv_chance(20))
		return 0;
	return priv_chance(30) ? SEIP : priv_random() & 0x22;
}

/* With both MSIP and SSIP to be taken in M-mode QEMU 7.2 takes the lower number, SSIP; priv machine "Machine Interrupt
 * (mip and mie) Registers": MSIP. So SSIP is delegated then. */
static void irqs_random(void)
{
	bool msip = priv_chance(10);

	WRITE_CSR("mideleg", (priv_random() & S_IRQS) | (msip ? 2 : 0));
	WRITE_CSR("mie", priv_chance(50) ? priv_random() & IRQS : 0);
	WRITE_CSR("mip", pending_random());
	*(volatile uint32_t *)CLINT_MSIP = msip;
}

void csr_machine_random(void)
{
	tvec_random();
	irqs_random();
	WRITE_CSR("medeleg", priv_random() & DELEGATE);
	WRITE_CSR("mcounteren", priv_random() & 7);
	WRITE_CSR("scounteren", priv_random() & 7);
	WRITE_CSR("menvcfg", (priv_random() & 1) | ADUE);
	WRITE_CSR("senvcfg", priv_random() & 1);
	WRITE_CSR("mcountinhibit", 0);
	WRITE_CSR("sscratch", priv_random());
	WRITE_CSR("scause", 99);
	WRITE_CSR("stval", 99);
	WRITE_CSR("mcause", 99);
	WRITE_CSR("mtval", 99);
}

void csr_machine_quiet(void)
{
	WRITE_CSR("mie", 0);
	WRITE_CSR("mip", 0);
	WRITE_CSR("satp", 0);
	*(volatile uint32_t *)CLINT_MSIP = 0;
}
