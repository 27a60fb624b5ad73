/* SPDX-License-Identifier: GPL-2.0-only */
/* api.h: what the tests of kmod/uapi/ldbt.h share: counting, and a machine with one vCPU.
 *
 * Owns:    nothing global but the counters.
 * Promise: one test per error line of the header; its name says call and errno.
 * Errors:  a machine that cannot be made ends the program with status 2.
 * Next file: api.c. */
#ifndef LDBT_TESTS_API_H
#define LDBT_TESTS_API_H

#include <stdbool.h>
#include <stdint.h>

#include "../../kmod/uapi/ldbt.h"

#define RAM_GPA	  0x80000000ULL
#define RAM_BYTES (2ULL << 20)

/* Riscv64 instructions; register numbers. */
#define RV_LUI(rd, imm20)	  ((uint32_t)(imm20) << 12 | (rd) << 7 | 0x37)
#define RV_ADDI(rd, rs1, imm)	  (((imm)&0xfffu) << 20 | (rs1) << 15 | (rd) << 7 | 0x13)
#define RV_LOAD(f3, rd, rs1, imm) (((imm)&0xfffu) << 20 | (rs1) << 15 | (f3) << 12 | (rd) << 7 | 0x03)
#define RV_STORE(f3, rs2, rs1)	  ((rs2) << 20 | (rs1) << 15 | (f3) << 12 | 0x23) /* displacement 0 */
#define RV_LOOP			  0x0000006fu
#define RV_WFI			  0x10500073u
#define RV_ECALL		  0x00000073u
#define RV_FENCE_I		  0x0000100fu
#define RV_AMOADD_D(rd, rs2, rs1) ((rs2) << 20 | (rs1) << 15 | 3 << 12 | (rd) << 7 | 0x2f)

struct machine {
	int system, vm, vcpu;
	uint8_t *ram;
	struct ldbt_run *run;
};

extern int passed, failed;

void check(const char *name, bool is_good, const char *found, ...) __attribute__((format(printf, 3, 4)));
/* The call returned -1 with this errno. */
void check_errno(const char *name, long result, int wanted);

int system_open(void);
int vm_make(int system);
int memory_set(int vm, uint32_t slot, uint64_t gpa, void *hva, uint64_t size_bytes);
void *ram_map(uint64_t size_bytes);

/* A machine whose vCPU stands at the first of these words, in M-mode. */
void machine_make(struct machine *m, const uint32_t *code, uint32_t words);
/* The same with the module's SBI, in S-mode. */
void machine_make_sbi(struct machine *m, const uint32_t *code, uint32_t words);
void machine_destroy(struct machine *m);
long machine_run(struct machine *m);
long reg_set(struct machine *m, uint64_t id, uint64_t value);
uint64_t reg_get(struct machine *m, uint64_t id);

void test_system(void);
void test_memory(void);
void test_vm(void);
void test_irq(void);
void test_code_map(void);
void test_vcpu(void);
void test_run(void);
void test_sbi(void);
void test_growth(unsigned int machines_per_round);

#endif
