// SPDX-License-Identifier: GPL-2.0-only
/* stub.c: the small routine that surrounds an instruction under test. Next file: model.c, the other side.
 *
 * All registers but rsp belong to the test, so the routine finds its block at an absolute address below 2 GiB. */
#define _GNU_SOURCE
#include "stub.h"

#include <asm/prctl.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE = 4096, NREGS = 16, RSP = 4, IF_AND_ONE = 0x202 };

static sigjmp_buf fault_jump;

static void fault_handler(int signal)
{
	(void)signal;
	siglongjmp(fault_jump, 1);
}

static uint8_t *map(size_t bytes, int prot, int flags)
{
	void *mem = mmap(NULL, bytes, prot, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	return mem == MAP_FAILED ? NULL : mem;
}

int stub_init(struct stub *stub)
{
	struct sigaction action = { .sa_handler = fault_handler, .sa_flags = SA_NODEFER };
	uint8_t *low = map(4 * PAGE, PROT_READ | PROT_WRITE, MAP_32BIT);

	stub->code = map(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, 0);
	stub->window = map(WINDOW_BYTES, PROT_READ | PROT_WRITE, 0);
	if (!low || !stub->code || !stub->window || sigaction(SIGFPE, &action, NULL))
		return -1;
	stub->block = (struct stub_block *)low;
	stub->state = low + 2 * PAGE;
	return syscall(SYS_arch_prctl, ARCH_SET_GS, stub->window) ? -1 : 0;
}

static void put(struct stub *stub, const void *bytes, unsigned int len)
{
	memcpy(stub->code + stub->len, bytes, len);
	stub->len += len;
}

/* opcode /reg [absolute address of a field of the block] */
static void put_abs(struct stub *stub, uint8_t opcode, bool is_64, unsigned int reg, size_t field)
{
	uint32_t addr = (uint32_t)((uintptr_t)stub->block + field);
	uint8_t head[4] = { 0x40 | is_64 << 3 | reg >> 3 << 2, opcode, 0x04 | (reg & 7) << 3, 0x25 };

	put(stub, head, sizeof(head));
	put(stub, &addr, sizeof(addr));
}

/* movq between an xmm register and a field */
static void put_xmm(struct stub *stub, bool is_load, unsigned int reg, size_t field)
{
	uint32_t addr = (uint32_t)((uintptr_t)stub->block + field);
	uint8_t head[6] = { is_load ? 0xf3 : 0x66, 0x40 | reg >> 3 << 2,  0x0f,
			    is_load ? 0x7e : 0xd6, 0x04 | (reg & 7) << 3, 0x25 };

	put(stub, head, sizeof(head));
	put(stub, &addr, sizeof(addr));
}

/* ldmxcsr (digit 2) or stmxcsr (3) */
static void put_mxcsr(struct stub *stub, unsigned int digit, size_t field)
{
	put(stub, "\x0f", 1);
	put_abs(stub, 0xae, false, digit, field);
	/* put_abs() wrote a REX byte first: it belongs in front of 0f */
	stub->code[stub->len - 9] = 0x40;
	stub->code[stub->len - 8] = 0x0f;
}

static void put_entry(struct stub *stub)
{
	static const uint8_t save[] = { 0x53, 0x55, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56, 0x41, 0x57 };

	put(stub, save, sizeof(save)); /* push rbx rbp r12 r13 r14 r15 */
	put_abs(stub, 0x89, true, RSP, offsetof(struct stub_block, rsp));
	put_mxcsr(stub, 3, offsetof(struct stub_block, host_mxcsr));
	put_mxcsr(stub, 2, offsetof(struct stub_block, mxcsr));
	for (unsigned int reg = 0; reg < NREGS; reg++)
		put_xmm(stub, true, reg, offsetof(struct stub_block, xmm) + 8 * reg);
	put_abs(stub, 0xff, false, 6, offsetof(struct stub_block, flags));
	put(stub, "\x9d", 1); /* push [flags]; popfq */
	for (unsigned int reg = 0; reg < NREGS; reg++) {
		if (reg != RSP)
			put_abs(stub, 0x8b, true, reg, offsetof(struct stub_block, reg) + 8 * reg);
	}
}

static void put_exit(struct stub *stub)
{
	static const uint8_t restore[] = { 0x41, 0x5f, 0x41, 0x5e, 0x41, 0x5d, 0x41, 0x5c, 0x5d, 0x5b, 0xfc, 0xc3 };

	for (unsigned int reg = 0; reg < NREGS; reg++)
		put_abs(stub, 0x89, true, reg, offsetof(struct stub_block, out_reg) + 8 * reg);
	put_abs(stub, 0x8b, true, RSP, offsetof(struct stub_block, rsp));
	put(stub, "\x9c", 1); /* pushfq; pop [out_flags] */
	put_abs(stub, 0x8f, false, 0, offsetof(struct stub_block, out_flags));
	for (unsigned int reg = 0; reg < NREGS; reg++)
		put_xmm(stub, false, reg, offsetof(struct stub_block, out_xmm) + 8 * reg);
	put_mxcsr(stub, 3, offsetof(struct stub_block, out_mxcsr));
	put_mxcsr(stub, 2, offsetof(struct stub_block, host_mxcsr));
	put(stub, restore, sizeof(restore)); /* pop ..; cld; ret */
}

void stub_build(struct stub *stub, const uint8_t *insn, unsigned int len, bool is_branch)
{
	static const uint32_t one = 1;

	stub->len = 0;
	put_entry(stub);
	put(stub, insn, len);
	if (is_branch) { /* mov qword [fell_through], 1: 12 bytes */
		put_abs(stub, 0xc7, true, 0, offsetof(struct stub_block, fell_through));
		put(stub, &one, sizeof(one));
	}
	put_exit(stub);
}

bool stub_run(struct stub *stub)
{
	void (*routine)(void);
	uint8_t *code = stub->code;

	memcpy(&routine, &code, sizeof(routine));
	stub->block->flags |= IF_AND_ONE;
	stub->block->fell_through = 0;
	if (sigsetjmp(fault_jump, 0))
		return true;
	routine();
	return false;
}
