// SPDX-License-Identifier: GPL-2.0-only
/* exec_mem_test.c: loads, stores, atomics: values, signs, faults, alignment, reservations. Next file:
 * exec_system_test.c. */
#include <inttypes.h>
#include <string.h>

#include "machine.h"

enum { LOAD_MISALIGNED = 4, STORE_MISALIGNED = 6 };

static const struct {
	const char *name;
	unsigned int size;
	uint64_t expected; /* of bytes 80 81 82 ... at the address */
} load_table[] = {
	{ "lb", 1, 0xffffffffffffff80 }, { "lbu", 1, 0x80 },
	{ "lh", 2, 0xffffffffffff8180 }, { "lhu", 2, 0x8180 },
	{ "lw", 4, 0xffffffff83828180 }, { "lwu", 4, 0x83828180 },
	{ "ld", 8, 0x8786858483828180 },
};

static void test_loads(void)
{
	for (unsigned int i = 0; i < sizeof(load_table) / sizeof(load_table[0]); i++) {
		uint32_t word = machine_encode(riscv64(), load_table[i].name, -5);
		struct machine m;

		machine_init(&m, riscv64());
		for (unsigned int k = 0; k < 8; k++)
			m.memory[3 + k] = 0x80 + k; /* odd address: any alignment */
		m.x[1] = MEMORY_BASE + 8;
		check(machine_word(&m, word) == EVAL_NEXT && m.x[3] == load_table[i].expected, "%s: 0x%" PRIx64,
		      load_table[i].name, (uint64_t)m.x[3]);
		m.x[1] = 4;
		m.x[3] = 7;
		check(machine_word(&m, word) == EVAL_FAULT && m.x[3] == 7 && machine_state(&m, "pc") == 0x8004,
		      "%s must fault and change nothing", load_table[i].name);
		m.x[1] = MEMORY_BASE + 5;
		word = machine_encode_rd(riscv64(), load_table[i].name, 0, 0x7ff);
		check(machine_word(&m, word) == EVAL_FAULT, "%s to x0 must fault", load_table[i].name);
	}
}

static void test_stores(void)
{
	static const char *const name[] = { "sb", "sh", "sw", "sd" };

	for (unsigned int i = 0; i < 4; i++) {
		uint32_t word = machine_encode(riscv64(), name[i], -7);
		unsigned int size = 1 << i;
		struct machine m;

		machine_init(&m, riscv64());
		memset(m.memory, 0xee, sizeof(m.memory));
		m.x[1] = MEMORY_BASE + 8;
		m.x[2] = 0x8877665544332211;
		check(machine_word(&m, word) == EVAL_NEXT &&
			      !memcmp(&m.memory[1], "\x11\x22\x33\x44\x55\x66\x77\x88", size) && m.memory[0] == 0xee &&
			      m.memory[1 + size] == 0xee,
		      "%s", name[i]);
		m.x[1] = MEMORY_BASE + MEMORY_BYTES + 7;
		check(machine_word(&m, word) == EVAL_FAULT, "%s must fault", name[i]);
	}
}

static uint64_t amo_result(const char *name, uint64_t old, uint64_t b, unsigned int size)
{
	int64_t so = size == 4 ? (int32_t)old : (int64_t)old, sb = size == 4 ? (int32_t)b : (int64_t)b;

	if (size == 4) {
		old = (uint32_t)old;
		b = (uint32_t)b;
	}
	switch (name[3]) {
	case 's': return b;
	case 'x': return old ^ b;
	case 'o': return old | b;
	case 'a': return name[4] == 'd' ? old + b : old & b;
	}
	if (!strncmp(name, "amominu", 7))
		return old < b ? old : b;
	if (!strncmp(name, "amomaxu", 7))
		return old < b ? b : old;
	if (!strncmp(name, "amomin", 6))
		return so < sb ? old : b;
	return so < sb ? b : old;
}

static void test_amo(const char *name, unsigned int size)
{
	static const uint64_t edge[] = { 0,
					 1,
					 5,
					 0x7fffffff,
					 0x80000000,
					 0xffffffff,
					 0x7fffffffffffffff,
					 0x8000000000000000,
					 0xffffffff80000000,
					 UINT64_MAX };
	uint32_t word = machine_encode(riscv64(), name, 0);
	uint64_t mask = size == 4 ? 0xffffffff : UINT64_MAX;
	struct machine m;
	bool ok = true;

	for (unsigned int i = 0; i < 100; i++) {
		uint64_t old = edge[i / 10], b = edge[i % 10], loaded = size == 4 ? (uint64_t)(int32_t)old : old;

		machine_init(&m, riscv64());
		m.x[1] = MEMORY_BASE + 16;
		m.x[2] = b;
		machine_store(&m, MEMORY_BASE + 16, 8, old);
		ok &= machine_word(&m, word) == EVAL_NEXT && m.x[3] == loaded &&
		      machine_load(&m, MEMORY_BASE + 16, size) == (amo_result(name, old, b, size) & mask) &&
		      (size == 8 || machine_load(&m, MEMORY_BASE + 20, 4) == old >> 32);
		/* rd = rs2: the source is read first */
		machine_store(&m, MEMORY_BASE + 16, 8, old);
		ok &= machine_word(&m, machine_encode_rd(riscv64(), name, 2, 0)) == EVAL_NEXT && m.x[2] == loaded &&
		      machine_load(&m, MEMORY_BASE + 16, size) == (amo_result(name, old, b, size) & mask);
	}
	check(ok, "%s on edge operands", name);
	m.x[1] = MEMORY_BASE + size / 2;
	check(machine_word(&m, word) == EVAL_TRAP && m.eval.trap_cause == STORE_MISALIGNED &&
		      m.eval.trap_tval == MEMORY_BASE + size / 2,
	      "%s at a misaligned address", name);
	m.x[1] = 0;
	check(machine_word(&m, word) == EVAL_FAULT, "%s must fault", name);
}

static void test_amos(void)
{
	static const char *const name[] = { "swap", "add", "xor", "and", "or", "min", "max", "minu", "maxu" };
	char full[16];

	for (unsigned int i = 0; i < 18; i++) {
		snprintf(full, sizeof(full), "amo%s.%c", name[i / 2], i % 2 ? 'd' : 'w');
		test_amo(full, i % 2 ? 8 : 4);
	}
}

struct reservation {
	struct machine m;
	const char *lr, *sc;
	unsigned int size;
};

static enum eval_end step(struct reservation *r, const char *name)
{
	return machine_word(&r->m, machine_encode(riscv64(), name, 0));
}

static void reservation_begin(struct reservation *r)
{
	machine_init(&r->m, riscv64());
	r->m.x[1] = MEMORY_BASE + 8;
	r->m.x[2] = 0x1122334455667788;
	machine_store(&r->m, MEMORY_BASE + 8, 8, 0x8000000180000001);
	check(step(r, r->lr) == EVAL_NEXT &&
		      machine_state(&r->m, "resv") == ((MEMORY_BASE + 8) | (r->size == 8 ? 1 : 2)),
	      "%s makes a reservation", r->lr);
	check(r->m.x[3] == (r->size == 8 ? 0x8000000180000001 : 0xffffffff80000001) &&
		      machine_state(&r->m, "resv_value") == r->m.x[3],
	      "%s loads with sign", r->lr);
}

/* Does the store-conditional succeed, and end the reservation either way? */
static void reservation_end(struct reservation *r, bool succeeds, const char *when)
{
	uint64_t before = machine_load(&r->m, MEMORY_BASE + 8, r->size);
	uint64_t stored = r->size == 8 ? 0x1122334455667788 : 0x55667788;

	check(step(r, r->sc) == EVAL_NEXT && r->m.x[3] == !succeeds, "%s gives %d %s", r->sc, (int)r->m.x[3], when);
	check(machine_load(&r->m, MEMORY_BASE + 8, r->size) == (succeeds ? stored : before), "%s stores %s", r->sc,
	      when);
	check(!machine_state(&r->m, "resv"), "%s ends the reservation %s", r->sc, when);
	step(r, r->sc);
	check(r->m.x[3] == 1, "a second %s fails %s", r->sc, when);
}

static void test_reservation(const char *lr, const char *sc, const char *other_lr, unsigned int size)
{
	struct reservation r = { .lr = lr, .sc = sc, .size = size };

	reservation_begin(&r);
	reservation_end(&r, true, "at once");
	reservation_begin(&r);
	machine_store(&r.m, MEMORY_BASE + 8, size, 5);
	reservation_end(&r, false, "after a store");
	reservation_begin(&r);
	step(&r, other_lr);
	reservation_end(&r, false, "after a reservation of the other width");
	reservation_begin(&r);
	r.m.x[1] = MEMORY_BASE + 16;
	step(&r, lr);
	r.m.x[1] = MEMORY_BASE + 8;
	reservation_end(&r, false, "after a reservation elsewhere");
	reservation_begin(&r);
	r.m.x[1] = MEMORY_BASE + size / 2;
	check(step(&r, sc) == EVAL_TRAP && r.m.eval.trap_cause == STORE_MISALIGNED && machine_state(&r.m, "resv"),
	      "%s at a misaligned address", sc);
	check(step(&r, lr) == EVAL_TRAP && r.m.eval.trap_cause == LOAD_MISALIGNED &&
		      r.m.eval.trap_tval == MEMORY_BASE + size / 2,
	      "%s at a misaligned address", lr);
	r.m.x[1] = 0;
	check(step(&r, lr) == EVAL_FAULT && machine_state(&r.m, "resv"), "%s must fault", lr);
	check(step(&r, sc) == EVAL_NEXT && r.m.x[3] == 1, "%s without reservation makes no access", sc);
}

void test_exec_mem(void)
{
	test_loads();
	test_stores();
	test_amos();
	test_reservation("lr.w", "sc.w", "lr.d", 4);
	test_reservation("lr.d", "sc.d", "lr.w", 8);
}
