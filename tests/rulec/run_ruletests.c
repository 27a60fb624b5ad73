// SPDX-License-Identifier: GPL-2.0-only
/* run_ruletests.c: every test of every rule through the real templates on this CPU, for every residency of its
 * registers, on a host CPU with and without its optional features. Expected results are those of the ISA description
 * (gen/ruletests.c). Next file: translator/ruletests.h, tests/host/machine.h. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "machine.h"
#include "regs.h"
#include "rules.h"
#include "ruletests.h"
#include "translate.h"

enum {
	GROUPS_MAX = RULE_ROLES_MAX,
	CODE_PAGES = 2,
	C_EBREAK = 0x9002, /* fills the rest of the code: ends the block behind the match */
	STEPS_MAX = 4,	   /* blocks of one match: it may straddle a page */
	FAILURES_SHOWN = 20,
};

/* Register classes that a free register may have. */
static const enum res_class classes[] = { RES_PIN, RES_HOME, RES_PIN_SIB };

struct attempt {
	const struct rule_test *t;
	u8 group[GROUPS_MAX]; /* number[] of each free register */
	u8 is_f[GROUPS_MAX];
	u8 class[GROUPS_MAX]; /* index in classes[] */
	u8 reg[GROUPS_MAX];   /* guest register chosen */
	u32 ngroups;
	u32 features;
	u8 role_reg[RULE_ROLES_MAX];		 /* x0..x31, f0..f31 */
	u64 before[RULE_REGS], after[RULE_REGS]; /* expected */
};

/* What came out. */
struct outcome {
	u32 exit, arg; /* arg: ecx */
	u64 pc;
};

static struct machine machine;
static u8 code[CODE_PAGES * 4096];
static u32 npassed, nfailed;

/* ---- choosing registers ---- */

static bool is_in_group(const struct attempt *a, u32 role, u32 k)
{
	return a->group[k] == a->t->number[role] && a->is_f[k] == a->t->is_f[role];
}

static void find_groups(struct attempt *a)
{
	u32 r, k;

	a->ngroups = 0;
	for (r = 0; r < a->t->nroles; r++) {
		if (a->t->number[r] < RULE_TEST_FREE)
			continue;
		for (k = 0; k < a->ngroups && !is_in_group(a, r, k); k++)
			;
		if (k == a->ngroups) {
			a->is_f[k] = a->t->is_f[r];
			a->group[a->ngroups++] = a->t->number[r];
		}
	}
}

static bool reg_is_taken(const struct attempt *a, u32 reg, u32 ngroups)
{
	u32 k, r;

	for (k = 0; k < ngroups; k++)
		if (a->reg[k] == reg)
			return true;
	for (r = 0; r < a->t->nroles; r++)
		if (!a->t->is_f[r] && a->t->number[r] == reg)
			return true;
	return false;
}

/* False: there are not so many registers of these classes. */
static bool choose_registers(struct attempt *a)
{
	u32 k, r, reg;

	for (k = 0; k < a->ngroups; k++) {
		u32 first = a->is_f[k] ? RULE_REGS / 2 : 1, end = a->is_f[k] ? RULE_REGS : RULE_REGS / 2;

		for (reg = first; reg < end; reg++)
			if (reg_class(reg) == classes[a->class[k]] && !reg_is_taken(a, reg, k))
				break;
		if (reg == end)
			return false;
		a->reg[k] = (u8)reg;
	}
	for (r = 0; r < a->t->nroles; r++) {
		a->role_reg[r] = a->t->number[r];
		for (k = 0; k < a->ngroups; k++)
			if (is_in_group(a, r, k))
				a->role_reg[r] = a->reg[k];
	}
	return true;
}

/* Counts through all classes; false when done. */
static bool next_classes(struct attempt *a)
{
	u32 k;

	for (k = 0; k < a->ngroups; k++) {
		if (++a->class[k] < sizeof(classes) / sizeof(classes[0]))
			return true;
		a->class[k] = 0;
	}
	return false;
}

/* ---- before ---- */

static void write_code(const struct attempt *a)
{
	const struct rule_test *t = a->t;
	u32 off = t->pc & 4095, i;

	for (i = 0; i < sizeof(code); i += 2)
		memcpy(code + i, &(u16){ C_EBREAK }, 2);
	for (i = 0; i < t->ninsns; i++) {
		u32 word = t->word[i], p;

		for (p = 0; p < t->nplaces; p++) {
			const struct rule_test_place *place = &rule_test_place_table[t->place + p];

			if (place->insn == i)
				word |= (u32)(a->role_reg[place->role] & 31) << place->shift;
		}
		memcpy(code + off + 4 * i, &word, 4);
	}
}

static void set_registers(struct attempt *a)
{
	const struct rule_test *t = a->t;
	struct guest_home *home = machine.g.home;
	u32 i;

	for (i = 0; i < RULE_REGS; i++)
		a->before[i] = a->after[i] = i ? 0xfeed0000ba5e0000ULL + i * 0x0101010101010101ULL : 0;
	for (i = 0; i < t->nroles; i++) {
		if (!a->role_reg[i])
			continue;
		a->before[a->role_reg[i]] = t->before[i];
		a->after[a->role_reg[i]] = t->after[i];
	}
	memcpy(home->x, a->before, sizeof(home->x));
	memcpy(home->f, a->before + RULE_REGS / 2, sizeof(home->f));
	for (i = 0; i < RULE_TEST_STATES; i++)
		memcpy(machine.state + rule_test_state_offset[i], &t->state_before[i], 8);
}

/* The page of guest memory that holds addr, mapped on first use. */
static u8 *memory_at(u64 addr)
{
	static u64 mapped[256];
	static u32 nmapped;
	u8 *page = machine.window + (s64)(addr & ~4095ULL);
	u32 i;

	for (i = 0; i < nmapped && mapped[i] != (addr & ~4095ULL); i++)
		;
	if (i == nmapped) {
		if (nmapped == 256 || mmap(page, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
					   -1, 0) == MAP_FAILED) {
			perror("run_ruletests: guest memory");
			exit(1);
		}
		mapped[nmapped++] = addr & ~4095ULL;
	}
	return page + (addr & 4095);
}

static void set_memory(const struct rule_test *t)
{
	const struct rule_test_byte *byte = &rule_test_byte_table[t->byte];
	u32 i;

	for (i = 0; i < t->nbytes; i++)
		*memory_at(byte[i].addr) = byte[i].before;
}

/* ---- the run ---- */

static int translate_at(u64 pc, u64 first_page, u8 state, u32 *block)
{
	u64 off = pc - first_page;
	struct translate_request rq = {
		.gpa = MACHINE_RAM_GPA + off,
		.page = code + (off & ~4095ULL),
		.gpa_next = GPA_NONE,
		.state = state,
	};
	int err;

	if (off < 4096) {
		rq.gpa_next = MACHINE_RAM_GPA + 4096;
		rq.next_page = code + 4096;
	}
	do {
		machine.vcpu.seen = machine.cache.epoch;
		err = translate_block(&machine.cache, &rq, block);
	} while (err == -EAGAIN);
	return err;
}

static u64 pc_after(u32 exit, u32 off)
{
	u64 pc_page = machine.g.home->pc_page;

	if (exit == EXIT_LINK || exit == EXIT_PAGE_END)
		return pc_page + (u64)(s64)machine.cache.link[machine.frame.reg[ABI_RCX]].target;
	return exit == EXIT_MISS ? machine.frame.reg[ABI_RDX] : pc_page + off;
}

static void run_block(u64 pc, u64 first_page, u8 state, struct outcome *out)
{
	u32 block, word;

	if (translate_at(pc, first_page, state, &block)) {
		out->exit = 0;
		return;
	}
	machine.g.home->pc_page = pc & ~4095ULL;
	machine.frame.target = cache_exec(&machine.cache, machine.cache.block[block].host);
	machine.frame.kick = 0;
	machine_load_state(&machine);
	machine_enter(&machine.frame);
	machine_save_state(&machine);
	word = (u32)machine.frame.reg[ABI_RAX];
	out->exit = word >> 16;
	out->arg = (u32)machine.frame.reg[ABI_RCX];
	out->pc = pc_after(out->exit, word & 0xffff);
}

/* Block after block, while the next instruction of the match is where the last block left to. */
static void run_match(const struct attempt *a, struct outcome *out)
{
	u64 pc = a->t->pc, first_page = pc & ~4095ULL, end = pc + 4 * a->t->ninsns;
	u32 step;

	cache_invalidate_page(&machine.cache, MACHINE_RAM_GPA);
	cache_invalidate_page(&machine.cache, MACHINE_RAM_GPA + 4096);
	for (step = 0; step < STEPS_MAX; step++) {
		run_block(pc, first_page, a->t->block_state, out);
		if ((out->exit != EXIT_LINK && out->exit != EXIT_PAGE_END && out->exit != EXIT_MISS) || out->pc <= pc ||
		    out->pc >= end || (out->pc - pc) % 4)
			return;
		pc = out->pc;
	}
}

/* ---- after ---- */

static bool differ(const char *what, u64 have, u64 want, char *why, size_t size)
{
	if (have != want)
		snprintf(why, size, "%s is %#" PRIx64 ", expected %#" PRIx64, what, have, want);
	return have != want;
}

static bool outcome_is_wrong(const struct attempt *a, const struct outcome *out, char *why, size_t size)
{
	bool is_end = out->exit == EXIT_EBREAK || out->exit == EXIT_LINK || out->exit == EXIT_PAGE_END ||
		      out->exit == EXIT_MISS;

	if (a->t->exit ? out->exit != a->t->exit : !is_end) {
		snprintf(why, size, "left by exit %u", out->exit);
		return true;
	}
	if (out->exit == EXIT_SYSTEM) {
		u32 word;

		memcpy(&word, code + (a->t->pc & 4095), 4);
		if (differ("ecx", out->arg, word, why, size))
			return true;
	}
	return differ("pc", out->pc, a->t->next_pc, why, size);
}

static bool state_is_wrong(const struct attempt *a, char *why, size_t size)
{
	const struct rule_test_byte *byte = &rule_test_byte_table[a->t->byte];
	const struct guest_home *home = machine.g.home;
	char name[32];
	u32 i;

	for (i = 1; i < RULE_REGS; i++) {
		bool is_f = i >= RULE_REGS / 2;

		snprintf(name, sizeof(name), "%c%u", is_f ? 'f' : 'x', i % 32);
		if (differ(name, is_f ? home->f[i % 32] : home->x[i], a->after[i], why, size))
			return true;
	}
	for (i = 0; i < a->t->nbytes && !a->t->exit; i++) {
		snprintf(name, sizeof(name), "byte at %#" PRIx64, byte[i].addr);
		if (differ(name, *memory_at(byte[i].addr), byte[i].after, why, size))
			return true;
	}
	for (i = 0; i < RULE_TEST_STATES; i++) {
		u64 have;

		memcpy(&have, machine.state + rule_test_state_offset[i], 8);
		snprintf(name, sizeof(name), "state at %#x", rule_test_state_offset[i]);
		if (differ(name, have, a->t->state_after[i], why, size))
			return true;
	}
	return false;
}

static void report(const struct attempt *a, const char *why)
{
	u32 r;

	if (nfailed++ >= FAILURES_SHOWN)
		return;
	printf("rule %s, test in line %u, features %#x, registers", rule_name_table[rule_table[a->t->rule].name],
	       a->t->line, a->features);
	for (r = 0; r < a->t->nroles; r++)
		printf(" %c%u", a->role_reg[r] < 32 ? 'x' : 'f', a->role_reg[r] % 32);
	printf(": %s\n", why);
}

static void run_attempt(struct attempt *a)
{
	struct outcome out = { 0 };
	char why[160];

	if (!choose_registers(a))
		return;
	write_code(a);
	set_registers(a);
	set_memory(a->t);
	run_match(a, &out);
	if (outcome_is_wrong(a, &out, why, sizeof(why)) || state_is_wrong(a, why, sizeof(why)))
		report(a, why);
	else
		npassed++;
}

static u32 cpu_features(void)
{
	u32 mask = 0;

	mask |= __builtin_cpu_supports("bmi") ? 1u << HOST_BMI1 : 0;
	mask |= __builtin_cpu_supports("bmi2") ? 1u << HOST_BMI2 : 0;
	mask |= __builtin_cpu_supports("popcnt") ? 1u << HOST_POPCNT : 0;
	mask |= __builtin_cpu_supports("lzcnt") ? 1u << HOST_LZCNT : 0;
	mask |= __builtin_cpu_supports("fma") ? 1u << HOST_FMA : 0;
	return mask;
}

static void run_test(const struct rule_test *t)
{
	const u32 features[] = { 0, cpu_features() };
	struct attempt a = { .t = t };
	u32 i;

	find_groups(&a);
	for (i = t->needs_features; i < 2; i++) {
		a.features = features[i];
		machine.cache.mem.host_features = features[i];
		do
			run_attempt(&a);
		while (next_classes(&a));
	}
}

int main(void)
{
	const struct machine_options options = {
		.ram_bytes = 1 << 20,
		.code_bytes = MACHINE_CODE_BYTES,
		.check = true,
	};
	u32 i;

	if (machine_create(&machine, &options))
		return 1;
	for (i = 0; i < rule_test_count; i++)
		run_test(&rule_test_table[i]);
	machine_destroy(&machine);
	printf("check-ruletests: %u passed, %u failed, 0 skipped\n", npassed, nfailed);
	return nfailed ? 1 : 0;
}
