// SPDX-License-Identifier: GPL-2.0-only
/* exec_system_test.c: jumps, branches, 16-bit forms, CSR and system instructions. Next file: other_isas_test.c. */
#include <inttypes.h>
#include <string.h>

#include "machine.h"

static const struct {
	const char *name;
	uint64_t a, b;
	bool is_taken;
} branch_table[] = {
	{ "beq", 5, 5, true },
	{ "beq", 5, 6, false },
	{ "beq", 0x100000000, 0, false },
	{ "bne", 5, 6, true },
	{ "bne", 5, 5, false },
	{ "bne", 0x8000000000000000, 0, true },
	{ "blt", -1, 0, true },
	{ "blt", 0, -1, false },
	{ "blt", 3, 3, false },
	{ "bge", -1, 0, false },
	{ "bge", 0, -1, true },
	{ "bge", 3, 3, true },
	{ "bltu", -1, 0, false },
	{ "bltu", 0, -1, true },
	{ "bltu", 3, 3, false },
	{ "bgeu", -1, 0, true },
	{ "bgeu", 0, -1, false },
	{ "bgeu", 3, 3, true },
	{ "blt", INT64_MIN, INT64_MAX, true },
	{ "bltu", INT64_MIN, INT64_MAX, false },
};

static void test_branches(void)
{
	static const int64_t imm[] = { -4096, -2, 2, 4094 };

	for (unsigned int i = 0; i < sizeof(branch_table) / sizeof(branch_table[0]); i++) {
		for (unsigned int k = 0; k < 4; k++) {
			struct machine m;
			uint64_t pc;

			machine_init(&m, riscv64());
			m.x[1] = branch_table[i].a;
			m.x[2] = branch_table[i].b;
			machine_word(&m, machine_encode(riscv64(), branch_table[i].name, imm[k]));
			pc = machine_state(&m, "pc");
			check(pc == 0x8000 + (branch_table[i].is_taken ? (uint64_t)imm[k] : 4),
			      "%s %" PRIx64 ", %" PRIx64 " goes to 0x%" PRIx64, branch_table[i].name, branch_table[i].a,
			      branch_table[i].b, pc);
		}
	}
}

static void test_jumps(void)
{
	struct machine m;

	machine_init(&m, riscv64());
	machine_word(&m, machine_encode(riscv64(), "jal", -0x100000));
	check(m.x[3] == 0x8004 && machine_state(&m, "pc") == 0x8000 - 0x100000ULL, "jal backwards");
	machine_init(&m, riscv64());
	m.x[1] = 0x4001;
	machine_word(&m, machine_encode(riscv64(), "jalr", 2046));
	check(m.x[3] == 0x8004 && machine_state(&m, "pc") == 0x47fe, "jalr clears bit 0 of the sum");
	machine_init(&m, riscv64());
	m.x[1] = 0x4000;
	machine_word(&m, machine_encode_rd(riscv64(), "jalr", 1, -1));
	check(m.x[1] == 0x8004 && machine_state(&m, "pc") == 0x3ffe, "jalr with rd = rs1 takes the old value");
}

static const struct {
	uint32_t word;
	const char *text;
	unsigned int reg;
	uint64_t value, pc;
} short_table[] = {
	/* words from the GNU assembler; x1 = 0x1010, x2 = 0x1000, x8 = 0x1008, x9 = 3; memory: byte n holds 0x80 + n */
	{ 0x0001, "c.nop", 0, 0, 0x8002 },
	{ 0x1880, "c.addi4spn x8,x2,112", 8, 0x1070, 0x8002 },
	{ 0x4000, "c.lw x8,0(x8)", 8, 0xffffffff8b8a8988, 0x8002 },
	{ 0x6400, "c.ld x8,8(x8)", 8, 0x9796959493929190, 0x8002 },
	{ 0x10fd, "c.addi x1,-1", 1, 0x100f, 0x8002 },
	{ 0x30fd, "c.addiw x1,-1", 1, 0x100f, 0x8002 },
	{ 0x54fd, "c.li x9,-1", 9, UINT64_MAX, 0x8002 },
	{ 0x7139, "c.addi16sp x2,-64", 2, 0xfc0, 0x8002 },
	{ 0x70fd, "c.lui x1,0xfffff", 1, -0x1000ULL, 0x8002 },
	{ 0x8085, "c.srli x9,1", 9, 1, 0x8002 },
	{ 0x8485, "c.srai x9,1", 9, 1, 0x8002 },
	{ 0x9885, "c.andi x9,-31", 9, 1, 0x8002 },
	{ 0x8c81, "c.sub x9,x8", 9, 3 - 0x1008ULL, 0x8002 },
	{ 0x8ca1, "c.xor x9,x8", 9, 0x100b, 0x8002 },
	{ 0x8cc1, "c.or x9,x8", 9, 0x100b, 0x8002 },
	{ 0x8ce1, "c.and x9,x8", 9, 0, 0x8002 },
	{ 0x9c81, "c.subw x9,x8", 9, 3 - 0x1008ULL, 0x8002 },
	{ 0x9ca1, "c.addw x9,x8", 9, 0x100b, 0x8002 },
	{ 0xb001, "c.j -2048", 0, 0, 0x7800 },
	{ 0xd001, "c.beqz x8,-256", 8, 0x1008, 0x8002 },
	{ 0xf001, "c.bnez x8,-256", 8, 0x1008, 0x7f00 },
	{ 0x0486, "c.slli x9,1", 9, 6, 0x8002 },
	{ 0x40b2, "c.lwsp x1,12(x2)", 1, 0xffffffff8f8e8d8c, 0x8002 },
	{ 0x60a2, "c.ldsp x1,8(x2)", 1, 0x8f8e8d8c8b8a8988, 0x8002 },
	{ 0x8082, "c.jr x1", 1, 0x1010, 0x1010 },
	{ 0x9082, "c.jalr x1", 1, 0x8002, 0x1010 },
	{ 0x80a2, "c.mv x1,x8", 1, 0x1008, 0x8002 },
	{ 0x90a2, "c.add x1,x8", 1, 0x2018, 0x8002 },
};

static void test_short(void)
{
	for (unsigned int i = 0; i < sizeof(short_table) / sizeof(short_table[0]); i++) {
		struct machine m;
		enum eval_end end;

		machine_init(&m, riscv64());
		for (unsigned int k = 0; k < MEMORY_BYTES; k++)
			m.memory[k] = 0x80 + k;
		m.x[1] = 0x1010;
		m.x[2] = MEMORY_BASE;
		m.x[8] = MEMORY_BASE + 8;
		m.x[9] = 3;
		end = machine_word(&m, short_table[i].word);
		check(end == EVAL_NEXT && m.x[short_table[i].reg] == short_table[i].value &&
			      machine_state(&m, "pc") == short_table[i].pc,
		      "%s: x%u 0x%" PRIx64 ", pc 0x%" PRIx64, short_table[i].text, short_table[i].reg,
		      (uint64_t)m.x[short_table[i].reg], machine_state(&m, "pc"));
	}
}

static void test_short_stores(void)
{
	static const uint32_t word[] = { 0xc40c, 0xe40c, 0xc43e,
					 0xe43e }; /* c.sw c.sd x11,8(x8); c.swsp c.sdsp x15,8(x2) */

	for (unsigned int i = 0; i < 4; i++) {
		struct machine m;

		machine_init(&m, riscv64());
		m.x[2] = m.x[8] = MEMORY_BASE;
		m.x[11] = m.x[15] = 0x8877665544332211;
		check(machine_word(&m, word[i]) == EVAL_NEXT &&
			      machine_load(&m, MEMORY_BASE + 8, 8) == (i % 2 ? 0x8877665544332211 : 0x44332211),
		      "16-bit store 0x%x", word[i]);
	}
}

static const struct {
	const char *name;
	unsigned int rd, imm; /* imm: csr number 0x340 and, from bit 16 on, rs1 or uimm */
	const char *log;
	uint64_t result; /* of x3; x1 is 0xf0, the CSR 0x3c */
} csr_table[] = {
	{ "csrrw", 3, 1, "csr_read(340) csr_write(340,f0) ", 0x3c },
	{ "csrrw", 0, 1, "csr_write(340,f0) ", 0 },
	{ "csrrw", 3, 0, "csr_read(340) csr_write(340,0) ", 0x3c },
	{ "csrrs", 3, 1, "csr_read(340) csr_set(340,3c,f0) ", 0x3c },
	{ "csrrs", 3, 0, "csr_read(340) ", 0x3c },
	{ "csrrs", 0, 1, "csr_read(340) csr_set(340,3c,f0) ", 0 },
	{ "csrrs", 0, 0, "csr_read(340) ", 0 },
	{ "csrrc", 3, 1, "csr_read(340) csr_clear(340,3c,f0) ", 0x3c },
	{ "csrrc", 3, 0, "csr_read(340) ", 0x3c },
	{ "csrrs", 3, 2, "csr_read(340) csr_set(340,3c,0) ", 0x3c }, /* x2 holds 0: written all the same */
	{ "csrrwi", 3, 31, "csr_read(340) csr_write(340,1f) ", 0x3c },
	{ "csrrwi", 0, 31, "csr_write(340,1f) ", 0 },
	{ "csrrwi", 3, 0, "csr_read(340) csr_write(340,0) ", 0x3c },
	{ "csrrsi", 3, 3, "csr_read(340) csr_set(340,3c,3) ", 0x3c },
	{ "csrrsi", 3, 0, "csr_read(340) ", 0x3c },
	{ "csrrci", 3, 4, "csr_read(340) csr_clear(340,3c,4) ", 0x3c },
	{ "csrrci", 3, 0, "csr_read(340) ", 0x3c },
};

static void csr_init(struct machine *m)
{
	machine_init(m, riscv64());
	m->x[1] = 0xf0;
	m->csr = 0x3c;
}

static void test_csrs(void)
{
	struct machine m;

	for (unsigned int i = 0; i < sizeof(csr_table) / sizeof(csr_table[0]); i++) {
		uint32_t match = isa_find_insn(riscv64(), csr_table[i].name)->match;

		csr_init(&m);
		machine_word(&m, match | 0x340u << 20 | csr_table[i].imm << 15 | csr_table[i].rd << 7);
		check(!strcmp(m.log, csr_table[i].log) && m.x[3] == csr_table[i].result,
		      "%s, row %u: %sx3 = 0x%" PRIx64, csr_table[i].name, i, m.log, (uint64_t)m.x[3]);
	}
	csr_init(&m);
	m.trapping = "csr_write";
	check(machine_word(&m, 0x340091f3) == EVAL_TRAP && !m.x[3] && machine_state(&m, "pc") == 0x8000,
	      "csrrw whose write traps changes nothing");
}

static const struct {
	uint32_t word;
	const char *name, *log;
	uint64_t pc;
} system_table[] = {
	{ 0x00000073, "ecall", "ecall() ", 0x8004 },
	{ 0x0ff0000f, "fence", "fence(f,f) ", 0x8004 },
	{ 0x8330000f, "fence.tso", "fence(3,3) ", 0x8004 },
	{ 0xc120818f, "fence", "fence(1,2) ", 0x8004 }, /* reserved fm, rs1, rd */
	{ 0x0000100f, "fence.i", "fence_i() ", 0x8004 },
	{ 0xfff0918f, "fence.i", "fence_i() ", 0x8004 }, /* reserved imm, rs1, rd */
	{ 0x30200073, "mret", "mret() ", 0x4000 },
	{ 0x10200073, "sret", "sret() ", 0x4000 },
	{ 0x10500073, "wfi", "wfi() ", 0x8004 },
	{ 0x12208073, "sfence.vma", "sfence_vma(11,22) ", 0x8004 },
	{ 0x16208073, "sinval.vma", "sfence_vma(11,22) ", 0x8004 },
};

static void test_system(void)
{
	struct machine m;

	for (unsigned int i = 0; i < sizeof(system_table) / sizeof(system_table[0]); i++) {
		const struct insn_desc *desc = eval_decode(riscv64(), system_table[i].word);

		machine_init(&m, riscv64());
		m.csr = 0x4000;
		m.x[1] = 0x11;
		m.x[2] = 0x22;
		check(desc && !strcmp(desc->name, system_table[i].name), "0x%08x is %s", system_table[i].word,
		      desc ? desc->name : "illegal");
		check(machine_word(&m, system_table[i].word) == EVAL_NEXT && !strcmp(m.log, system_table[i].log) &&
			      machine_state(&m, "pc") == system_table[i].pc,
		      "%s: %s", system_table[i].name, m.log);
	}
	machine_init(&m, riscv64());
	check(machine_word(&m, 0x00100073) == EVAL_TRAP && m.eval.trap_cause == 3 && m.eval.trap_tval == 0x8000,
	      "ebreak");
	m.eval.trap_cause = 0;
	check(machine_word(&m, 0x9002) == EVAL_TRAP && m.eval.trap_cause == 3, "c.ebreak");
}

/* Svinval's two that only order: nothing, but a trap in U-mode. */
static void test_order(void)
{
	static const uint32_t words[] = { 0x18000073, 0x18100073 };
	struct machine m;

	for (unsigned int i = 0; i < 2; i++) {
		machine_init(&m, riscv64());
		check(machine_word(&m, words[i]) == EVAL_TRAP && m.eval.trap_cause == 2 && !m.log[0],
		      "0x%08x traps in U-mode", words[i]);
		machine_init(&m, riscv64());
		m.eval.state[isa_find_state(riscv64(), "priv")] = 1;
		check(machine_word(&m, words[i]) == EVAL_NEXT && machine_state(&m, "pc") == 0x8004 && !m.log[0],
		      "0x%08x does nothing in S-mode", words[i]);
	}
}

void test_exec_system(void)
{
	test_branches();
	test_jumps();
	test_short();
	test_short_stores();
	test_csrs();
	test_system();
	test_order();
}
