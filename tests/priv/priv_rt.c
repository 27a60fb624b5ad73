// SPDX-License-Identifier: GPL-2.0-only
/* priv_rt.c: runs the cases, folds what each step left, and prints one hash per group of cases; or, told so, every step.
 *
 * What is folded is what the manual fixes. Normalised: mtval and stval of illegal instructions and breakpoints (zero
 * or not is the hart's choice), and the low bits of that of accesses (QEMU 7.2 splits misaligned ones).
 * Next file: priv_tables.c. */
#include "priv.h"
#include "rt.h"

enum { STEPS = 6, GROUP = 64, CAUSE_ILLEGAL = 2, CAUSE_BREAKPOINT = 3, CAUSE_LAST = 15 };

/* Written into the file by priv.py. */
__attribute__((section(".data.config"))) struct {
	uint64_t magic, seed, cases;
	uint64_t dump_first, dump_cases; /* of the cases, these are printed; 0: only hashes */
} volatile config = { 0x6769666e6f637670, 1, 64, 0, 0 };

static uint64_t random_state;

uint64_t priv_random(void) /* splitmix64 */
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15UL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9UL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebUL;
	return z ^ z >> 31;
}

uint32_t priv_below(uint32_t limit)
{
	return (uint32_t)((priv_random() >> 32) * limit >> 32);
}

static uint64_t fold(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15UL;
	return hash ^ hash >> 29;
}

static uint64_t tval_normalised(uint64_t cause, uint64_t tval)
{
	if (cause == CAUSE_ILLEGAL || cause == CAUSE_BREAKPOINT)
		return 0;
	return cause > CAUSE_BREAKPOINT && cause <= CAUSE_LAST ? tval & ~15UL : tval;
}

/* What a step is compared by, with names for the dump. */
enum { SEEN_MAX = 16 };
static const char *const seen_name[] = { "mcause", "mepc", "mtval", "mstatus", "slot", "scause", "sepc",
					 "stval",  "a0",   "a3",    "satp",    "mip",  NULL };

static void step_look(const struct priv_step *step, const struct priv_context *c, uint64_t seen[SEEN_MAX])
{
	uint64_t cause = READ_CSR("mcause"), s_cause = READ_CSR("scause");

	seen[0] = cause;
	seen[1] = READ_CSR("mepc");
	seen[2] = tval_normalised(cause, READ_CSR("mtval"));
	seen[3] = c->mstatus & (STATUS_WRITABLE | 3UL << STATUS_MPP_SHIFT | STATUS_XL | STATUS_SD);
	seen[4] = c->slot - (uint64_t)priv_vectors;
	seen[5] = s_cause;
	seen[6] = READ_CSR("sepc");
	seen[7] = tval_normalised(s_cause, READ_CSR("stval"));
	seen[8] = c->a[0] & step->mask;
	seen[9] = c->a[3] & step->mask;
	seen[10] = READ_CSR("satp");
	seen[11] = READ_CSR("mip") & 0x2a;
}

static void step_forget(uint64_t seen[SEEN_MAX])
{
	for (int i = 0; i < SEEN_MAX; i++)
		seen[i] = 0;
	WRITE_CSR("scause", 0);
	WRITE_CSR("sepc", 0);
	WRITE_CSR("stval", 0);
}

static void step_print(uint64_t number, int k, const struct priv_step *step, uint64_t status, const uint64_t *seen)
{
	int i;

	rt_printf("case %lu step %d mode %d %s word %08x a1 %lx a2 %lx status %lx:", number, k, step->mode, step->name,
		  step->word, step->address, step->value, status);
	for (i = 0; seen_name[i]; i++)
		rt_printf(" %s=%lx", seen_name[i], seen[i]);
	rt_printf("\n");
}

static uint64_t step_run(uint64_t hash, uint64_t number, int k, bool is_printed)
{
	struct priv_context c = { .slot = 0 };
	uint64_t seen[SEEN_MAX], status;
	struct priv_step step;
	int i;

	ops_step_make(&step);
	status = (csr_mstatus_random() | step.mstatus) & ~(3UL << STATUS_MPP_SHIFT | step.mstatus_clear);
	c.a[0] = 0x5a5a;
	c.a[1] = step.address;
	c.a[2] = step.value;
	c.a[3] = 0xa5a5;
	c.a[4] = status | (uint64_t)(priv_chance(50) ? MODE_S : priv_below(2) * 3) << STATUS_MPP_SHIFT;
	c.a[5] = step.mepc;
	csr_machine_random();
	WRITE_CSR("satp", tables_satp());
	/* MPRV would count for what follows here; steps in M-mode set it themselves. */
	WRITE_CSR("mstatus", (status & ~STATUS_MPRV) | (uint64_t)step.mode << STATUS_MPP_SHIFT);
	WRITE_CSR("mepc", step.entry);
	WRITE_CSR("sepc", step.sepc);
	__asm__ volatile("fence.i; sfence.vma" ::: "memory");
	priv_enter(&c);
	step_look(&step, &c, seen);
	if (step.is_open)
		step_forget(seen);
	csr_machine_quiet();
	for (i = 0; seen_name[i]; i++)
		hash = fold(hash, seen[i]);
	if (is_printed)
		step_print(number, k, &step, status, seen);
	return hash;
}

static uint64_t case_run(uint64_t hash, uint64_t number, bool is_printed)
{
	int k;

	random_state = config.seed * 0x100000001b3UL + number;
	tables_make();
	for (k = 0; k < STEPS; k++)
		hash = step_run(hash, number, k, is_printed);
	hash = tables_hash(hash);
	if (is_printed)
		rt_printf("case %lu memory %lx\n", number, hash);
	return hash;
}

static void machine_prepare(void)
{
	uint32_t i;

	/* QEMU has PMP: everything is allowed. Without PMP entries both writes are ignored. */
	WRITE_CSR("pmpaddr0", ~0UL);
	WRITE_CSR("pmpcfg0", 0x1f);
	*(volatile uint64_t *)0x2004000 = ~0UL; /* no timer interrupt */
	for (i = 0; i < 1024; i++)
		((volatile uint32_t *)PRIV_VECTORS)[i] = 0x73;
}

int main(void)
{
	uint64_t hash = 0, n;

	machine_prepare();
	if (config.dump_cases) {
		for (n = 0; n < config.dump_cases; n++)
			case_run(0, config.dump_first + n, true);
		return 0;
	}
	for (n = 0; n < config.cases; n++) {
		hash = case_run(hash, n, false);
		if (n % GROUP != GROUP - 1)
			continue;
		rt_printf("group %lu %lx\n", n / GROUP, hash);
		hash = 0;
	}
	return 0;
}
