// SPDX-License-Identifier: GPL-2.0-only
/* csrs.c: all 4096 CSR numbers, written and read in every form with random values, from U and from M, then a storm.
 * From U every one of them is illegal here. In M their values differ between emulators: what counts is that the hart
 * lives on, that those of read-only numbers refuse writes, and that reads have no other effect than on rd. */
#include "hostile.h"
#include "probe.h"

enum {
	NUMBERS = 4096,
	FORMS = 6,
	STORM = 6000,
	OPCODE_SYSTEM = 0x73,
	CSR_MSTATUS = 0x300,
	CSR_MTVEC = 0x305,
	CSR_MIE = 0x304,
	CSR_SIE = 0x104,
	CSR_MIP = 0x344,
	CSR_SIP = 0x144,
	CSR_READ_ONLY = 3, /* of bits 11:10 */
	FORM_WRITE = 1,	   /* funct3: csrrw */
	REG_A0 = 10,
	REG_A1 = 11,
};

static const uint8_t funct3_of[FORMS] = { 1, 2, 3, 5, 6, 7 };
static uint32_t code[4] __attribute__((aligned(4096)));

/* csrr? a1, number, a0 or an immediate of 5 bits in its place */
static uint32_t csr_insn(unsigned int number, unsigned int funct3, unsigned int rs1)
{
	return number << 20 | rs1 << 15 | funct3 << 12 | REG_A1 << 7 | OPCODE_SYSTEM;
}

static void run_csr(unsigned int number, unsigned int funct3, unsigned int rs1, uint64_t mode, uint64_t value)
{
	*(volatile uint32_t *)&code[0] = csr_insn(number, funct3, rs1);
	*(volatile uint32_t *)&code[1] = 0x00008067; /* ret */
	__asm__ volatile("fence.i" ::: "memory");
	probe_set((uint64_t)code, mode, value, 0x5a5a);
	probe_run();
}

static void put_back(void)
{
	__asm__ volatile(
		"csrw mie, zero; csrw mideleg, zero; csrw medeleg, zero; csrw mcounteren, zero; csrw satp, zero");
	/* MPRV, MXR, SUM, TVM, TW, TSR, FS, VS, MIE, SIE off */
	__asm__ volatile("csrc mstatus, %0" ::"r"(0x7e660aUL));
}

static void from_user(void)
{
	for (unsigned int n = 0; n < NUMBERS; n++)
		for (unsigned int f = 0; f < FORMS; f += 2) {
			run_csr(n, funct3_of[f], REG_A0, MODE_U, probe_random());
			probe_check(probe.cause == CAUSE_ILLEGAL && probe.epc == (uint64_t)code, "CSR from U", n, f);
			probe_check(probe.x[REG_A1] == 0x5a5a, "rd of an illegal one", n, f);
		}
}

/* csrrs with x0 reads only: twice the same, or illegal twice, but for counters. */
static void read_only(void)
{
	for (unsigned int n = 0; n < NUMBERS; n++) {
		uint64_t cause;

		run_csr(n, 2, 0, MODE_M, 0);
		cause = probe.cause;
		probe_check(probe_has_returned() || cause == CAUSE_ILLEGAL, "read of a CSR", n, cause);
		if (n >> 10 != CSR_READ_ONLY)
			continue;
		run_csr(n, FORM_WRITE, REG_A0, MODE_M, probe_random());
		probe_check(probe.cause == CAUSE_ILLEGAL, "write of a read-only CSR", n, probe.cause);
	}
}

/* Interrupts, a foreign trap vector and loads by another mode's eyes would take the hart from this program. */
static int is_ours(unsigned int number)
{
	return number == CSR_MTVEC || number == CSR_MSTATUS || number == CSR_MIE || number == CSR_SIE ||
	       number == CSR_MIP || number == CSR_SIP || number == 0x100 ||
	       (number >> 4 >= 0x3a && number >> 4 <= 0x3f) || (number >> 4 == 0x7a);
}

static void storm(uint64_t rounds)
{
	for (uint64_t i = 0; i < rounds; i++) {
		unsigned int n = i < NUMBERS ? (unsigned int)i : (unsigned int)probe_random() % NUMBERS;
		unsigned int f = (unsigned int)probe_random() % FORMS;

		if (is_ours(n))
			continue;
		run_csr(n, funct3_of[f], REG_A0, MODE_M, probe_random());
		probe_check(probe_has_returned() || probe.cause == CAUSE_ILLEGAL, "storm", n, f);
		put_back();
	}
}

/* Values of mstatus one after the other; MPRV and interrupt enables stay off. */
static void status_storm(void)
{
	for (unsigned int i = 0; i < 1000; i++) {
		uint64_t value = probe_random() & ~0x2000aUL, status;

		run_csr(CSR_MSTATUS, FORM_WRITE, REG_A0, MODE_M, value);
		probe_check(probe_has_returned(), "mstatus", value, 0);
		__asm__ volatile("csrr %0, mstatus" : "=r"(status));
		probe_check((status >> 11 & 3) == MODE_M, "MPP after a trap from M", value, status);
		put_back();
	}
}

void hostile_main(void)
{
	put_back();
	from_user();
	read_only();
	storm(STORM);
	status_storm();
}
