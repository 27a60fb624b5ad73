// SPDX-License-Identifier: GPL-2.0-only
/* vstorm.c: S-mode writes every CSR number with random values, in every form, and traps to its own handler by the thousand:
 * machine mode stays what it was, and gets the hart back. Next file: vbody.S. */
#include "hostile.h"
#include "paging.h"
#include "probe.h"

/* vbody.S */
extern const char vbody_ecalls[], vbody_handler[], vbody_ld[];

enum {
	NUMBERS = 4096,
	FORMS = 6,
	OPCODE_SYSTEM = 0x73,
	CSR_MACHINE = 3, /* of bits 9:8 */
	CSR_SATP = 0x180,
	CSR_SSTATUS = 0x100,
	CSR_SIE = 0x104,
	CSR_SIP = 0x144,
	REG_A0 = 10,
	REG_A1 = 11,
	REG_A2 = 12,
	ECALLS = 2000,
	SUPERVISOR_LINES = 0x222,
};

/* What S-mode may change in mstatus: SIE SPIE UBE SPP VS FS SUM MXR UXL, and SD that follows. */
#define MSTATUS_OF_S	0x80000003000de762UL
#define MSTATUS_RW_OF_S 0xde722UL
#define MSTATUS_TVM	(1UL << 20)
#define MSTATUS_TSR	(1UL << 22)
#define MSTATUS_MIE	8UL
#define INSN_SRET	0x10200073u
#define INSN_SFENCE	0x12000073u
#define INSN_RET	0x00008067u
#define MTIMECMP	((volatile uint64_t *)0x2004000)
#define MTIME		((volatile uint64_t *)0x200bff8)
#define TIMER_TICKS	20000 /* 2 ms */
#define CAUSE_M_TIMER	(1UL << 63 | 7)

static const uint8_t funct3_of[FORMS] = { 1, 2, 3, 5, 6, 7 };
static uint32_t code[4] __attribute__((aligned(4096)));

static uint64_t read_mstatus(void)
{
	uint64_t value;

	__asm__ volatile("csrr %0, mstatus" : "=r"(value));
	return value;
}

static void run_word(uint32_t insn, uint64_t mode, uint64_t value)
{
	*(volatile uint32_t *)&code[0] = insn;
	*(volatile uint32_t *)&code[1] = INSN_RET;
	__asm__ volatile("fence.i" ::: "memory");
	probe_set((uint64_t)code, mode, value, 0x5a5a);
	probe_run();
}

static void put_back(void)
{
	__asm__ volatile("csrw sie, zero; csrw sip, zero; csrw stvec, zero; csrw scounteren, zero; csrw sepc, zero");
	__asm__ volatile("csrc mstatus, %0" ::"r"(MSTATUS_RW_OF_S));
	page_enter();
}

static int is_fine(unsigned int number)
{
	if (probe_has_returned() || probe.cause == CAUSE_ILLEGAL)
		return (number >> 8 & 3) != CSR_MACHINE || probe.cause == CAUSE_ILLEGAL;
	/* an address space from a random satp */
	return number == CSR_SATP && (probe.cause == CAUSE_FETCH_ACCESS || probe.cause == CAUSE_FETCH_PAGE);
}

/* Every number in every form; what M-mode owns does not move. */
static void all_numbers(void)
{
	uint64_t medeleg, mideleg, mie, mtvec, now;

	for (unsigned int n = 0; n < NUMBERS; n++)
		for (unsigned int f = 0; f < FORMS; f++) {
			uint64_t before = read_mstatus() & ~MSTATUS_OF_S;

			if ((n >> 8 & 3) == CSR_MACHINE && f % 3)
				continue;
			run_word(n << 20 | REG_A0 << 15 | (uint32_t)funct3_of[f] << 12 | REG_A1 << 7 | OPCODE_SYSTEM,
				 MODE_S, probe_random());
			probe_check(is_fine(n), "CSR from S", n, f);
			now = read_mstatus();
			/* MPP: S after a trap from S, MPIE as it is set for probes */
			probe_check(((now ^ before) & ~MSTATUS_OF_S & ~0x1880UL) == 0, "mstatus of M", n, now);
			put_back();
		}
	__asm__ volatile("csrr %0, medeleg\n csrr %1, mideleg\n csrr %2, mie\n csrr %3, mtvec"
			 : "=r"(medeleg), "=r"(mideleg), "=r"(mie), "=r"(mtvec));
	probe_check(!medeleg && !(mideleg & SUPERVISOR_LINES) && !mie && mtvec == (uint64_t)probe_vector, "M's own",
		    medeleg, mie);
}

/* Random images of sstatus: what M reads of them is legal, what S set is there. */
static void status_images(void)
{
	for (unsigned int i = 0; i < 2000; i++) {
		uint64_t value = probe_random(), seen;

		run_word(CSR_SSTATUS << 20 | REG_A0 << 15 | 1 << 12 | REG_A1 << 7 | OPCODE_SYSTEM, MODE_S,
			 value & ~2UL);
		seen = read_mstatus();
		probe_check(probe_has_returned(), "sstatus", value, 0);
		probe_check(!((seen ^ value) & (MSTATUS_SUM | MSTATUS_MXR | 0x120)), "sstatus fields", value, seen);
		probe_check((seen >> 32 & 15) == 10 || (seen >> 32 & 15) == 0, "UXL and SXL", value, seen);
		put_back();
	}
}

/* ecalls from U to a handler in S, with random junk in what the handler swaps. */
static void handler_storm(void)
{
	page_reset(1);
	page_level0[PLAY_0] = PTE((uint64_t)vbody_handler & -4096UL, PTE_RWX);
	page_level0[PLAY_0 + 1] = PTE(((uint64_t)vbody_handler & -4096UL) + 4096, PTE_RWX);
	page_enter();
	__asm__ volatile("csrw medeleg, %0" ::"r"(1UL << CAUSE_ECALL_U));
	for (unsigned int i = 0; i < 4; i++) {
		uint64_t junk = probe_random();

		__asm__ volatile("csrw stvec, %0\n csrw sscratch, %1\n csrw stval, %1\n csrw scause, %1" ::"r"(
					 PLAY_GVA + ((uint64_t)vbody_handler & 4095)),
				 "r"(junk));
		probe_set((uint64_t)vbody_ecalls, MODE_U, 0, ECALLS);
		probe_run();
		/* the last ecall of all, at probe_return, is counted by the handler too: it ends behind it */
		probe_check(probe.x[REG_A2] == CAUSE_ECALL_U * (ECALLS + 1UL), "ecalls to S", i, probe.x[REG_A2]);
		__asm__ volatile("csrr %0, sscratch" : "=r"(junk));
	}
	__asm__ volatile("csrw medeleg, zero");
	page_reset(0);
	page_enter();
}

/* What M forbids S. */
static void forbidden(void)
{
	static const uint32_t fenced[] = { INSN_SFENCE, CSR_SATP << 20 | REG_A1 << 7 | 2 << 12 | OPCODE_SYSTEM };

	for (unsigned int i = 0; i < 100; i++) {
		uint64_t on = probe_random() & (MSTATUS_TVM | MSTATUS_TSR);

		__asm__ volatile("csrc mstatus, %0\n csrs mstatus, %1" ::"r"(MSTATUS_TVM | MSTATUS_TSR), "r"(on));
		run_word(fenced[i & 1], MODE_S, 0);
		probe_check(on & MSTATUS_TVM ? probe.cause == CAUSE_ILLEGAL : probe_has_returned(), "TVM", i, on);
		__asm__ volatile("csrw sepc, %0" ::"r"(probe_return));
		run_word(INSN_SRET, MODE_S, 0);
		/* to U-mode, where this code is no user's */
		probe_check(probe.cause == (on & MSTATUS_TSR ? CAUSE_ILLEGAL : CAUSE_FETCH_PAGE), "TSR", i, on);
		put_back();
	}
	__asm__ volatile("csrc mstatus, %0" ::"r"(MSTATUS_TVM | MSTATUS_TSR));
}

/* All is delegated to a handler that is not there: S-mode traps for ever, until M's timer ends it. */
static void rescued(void)
{
	static const uint64_t vectors[] = {
		0, PLAY_GVA, 0x8000000000000000, 0x4000000000, 0xffffffffff600000, RAM_END
	};

	__asm__ volatile("csrw medeleg, %0" ::"r"(0xb3ffUL));
	for (unsigned int i = 0; i < 6; i++)
		for (unsigned int satp_is_on = 0; satp_is_on < 2; satp_is_on++) {
			if (!satp_is_on)
				__asm__ volatile("csrw satp, zero\n sfence.vma");
			__asm__ volatile("csrw stvec, %0" ::"r"(vectors[i]));
			*MTIMECMP = *MTIME + TIMER_TICKS;
			__asm__ volatile("csrw mie, %0" ::"r"(0x80UL));
			run_word(0, MODE_S, 0);
			*MTIMECMP = ~0UL;
			__asm__ volatile("csrw mie, zero");
			probe_check(probe.cause == CAUSE_M_TIMER, "rescued by M's timer", vectors[i], satp_is_on);
			put_back();
		}
	__asm__ volatile("csrw medeleg, zero");
}

void hostile_main(void)
{
	__asm__ volatile("csrw medeleg, zero; csrw mideleg, zero; csrw mie, zero");
	*MTIMECMP = ~0UL;
	page_reset(0);
	page_enter();
	all_numbers();
	status_images();
	handler_storm();
	forbidden();
	rescued();
	page_leave();
}
