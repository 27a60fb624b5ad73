// SPDX-License-Identifier: GPL-2.0-only
/* check.c: lockstep. Each block runs as translated code on the machine, then the interpreter runs the same instructions
 * on a shadow: registers, CSRs and RAM of its own, device accesses replayed from the log of the first run. Blocks are
 * not linked, so that each can be compared; time stands still within a block.
 * Next file: run.c. */
#include <stdlib.h>

#include "machine.h"
#include "block.h"
#include "csr.h"
#include "decode.h"
#include "interp.h"
#include "paging.h"
#include "trap.h"

enum { STORES_MAX = BLOCK_INSNS_MAX * 2, TICKS_PER_BLOCK = 3 };

struct shadow {
	struct guest g;
	struct guest_home home;
	struct guest_csr_page csr_page;
	struct machine *m;
	u8 *ram;
	u32 replayed, nstores;
	struct {
		gva_t addr;
		u32 size_bytes;
	} store[STORES_MAX];
	const char *complaint;
};

/* ---- the shadow's memory ---- */

static struct mmio_log *next_log(struct shadow *s, gva_t addr, u32 size_bytes, bool is_store)
{
	struct mmio_log *log = &s->m->log[s->replayed];

	if (s->replayed == s->m->nlog || log->addr != addr || log->size_bytes != size_bytes ||
	    log->is_store != is_store)
		return NULL;
	s->replayed++;
	return log;
}

static int shadow_load(struct guest *g, gva_t addr, u32 size_bytes, u64 *value)
{
	struct shadow *s = g->opaque;
	struct mmio_log *log;

	*value = 0;
	if (ram_holds(s->m, addr, size_bytes)) {
		memcpy(value, s->ram + (addr - MACHINE_RAM_GPA), size_bytes);
		return 0;
	}
	log = next_log(s, addr, size_bytes, false);
	if (!log)
		return CAUSE_LOAD_ACCESS; /* the translated run faulted here too, or differs and will be found */
	*value = log->value;
	return 0;
}

static void note_store(struct shadow *s, gva_t addr, u32 size_bytes)
{
	if (s->nstores < STORES_MAX) {
		s->store[s->nstores].addr = addr;
		s->store[s->nstores++].size_bytes = size_bytes;
	}
}

static int shadow_store(struct guest *g, gva_t addr, u32 size_bytes, u64 value)
{
	struct shadow *s = g->opaque;
	struct mmio_log *log;

	if (ram_holds(s->m, addr, size_bytes)) {
		memcpy(s->ram + (addr - MACHINE_RAM_GPA), &value, size_bytes);
		note_store(s, addr, size_bytes);
		return 0;
	}
	log = next_log(s, addr, size_bytes, true);
	if (!log)
		return CAUSE_STORE_ACCESS;
	if (memcmp(&log->value, &value, size_bytes))
		s->complaint = "value stored to a device";
	return 0;
}

static int shadow_cas(struct guest *g, gva_t addr, u32 size_bytes, u64 expected, u64 desired, u64 *old)
{
	struct shadow *s = g->opaque;
	u64 mask = size_bytes == 8 ? ~0ULL : 0xffffffff;

	*old = 0;
	if (!ram_holds(s->m, addr, size_bytes))
		return CAUSE_STORE_ACCESS;
	memcpy(old, s->ram + (addr - MACHINE_RAM_GPA), size_bytes);
	if (((*old ^ expected) & mask) == 0)
		return shadow_store(g, addr, size_bytes, desired);
	return 0;
}

static int shadow_fetch(struct guest *g, gva_t addr, u16 *parcel)
{
	struct shadow *s = g->opaque;

	if (!ram_holds(s->m, addr, 2))
		return CAUSE_FETCH_ACCESS;
	memcpy(parcel, s->ram + (addr - MACHINE_RAM_GPA), 2);
	return 0;
}

static u64 shadow_time(struct guest *g)
{
	return dev_time(((struct shadow *)g->opaque)->m);
}

static const struct guest_ops physical_ops = {
	.load = shadow_load,
	.store = shadow_store,
	.cas = shadow_cas,
	.fetch = shadow_fetch,
	.time = shadow_time,
	.instret = shadow_time,
};

static bool is_ram(const struct guest *g, gpa_t gpa, u64 size_bytes)
{
	return ram_holds(((struct shadow *)g->opaque)->m, gpa, size_bytes);
}

static const struct paging shadow_paging = { PAGING_OPS(shadow_time), &physical_ops, is_ram };

int shadow_create(struct machine *m)
{
	struct shadow *s = calloc(1, sizeof(*s));

	m->log = calloc(MACHINE_LOG_MAX, sizeof(*m->log));
	if (!s || !m->log)
		return -ENOMEM;
	s->m = m;
	s->ram = malloc(m->opt.ram_bytes);
	if (!s->ram)
		return -ENOMEM;
	memcpy(s->ram, m->ram, m->opt.ram_bytes);
	s->home = *m->g.home;
	s->g = m->g;
	s->g.home = &s->home;
	s->csr_page = *m->g.csr_page;
	s->g.csr_page = &s->csr_page;
	s->g.ops = &shadow_paging.paged;
	s->g.opaque = s;
	m->shadow = s;
	return 0;
}

static enum step shadow_step(struct shadow *s)
{
	struct insn in;
	gva_t tval;
	u32 word;
	int cause = machine_fetch(&s->g, s->g.ops, &word, &tval);

	if (cause) {
		s->g.trap_cause = (u64)cause;
		s->g.trap_tval = tval;
		return STEP_TRAP;
	}
	decode_insn(word, &in);
	return interp_insn(&s->g, &in);
}

/* ---- comparison ---- */

static int first_difference(const struct shadow *s)
{
	u32 i;

	for (i = 1; i < 32; i++)
		if (s->home.x[i] != s->m->g.home->x[i])
			return (int)i;
	return 0;
}

static bool is_equal(const struct shadow *s)
{
	const struct guest_home *home = s->m->g.home;

	return s->g.pc == s->m->g.pc && !first_difference(s) && !memcmp(s->home.f, home->f, sizeof(home->f)) &&
	       s->home.frm == home->frm && s->home.fflags == home->fflags && s->home.resv == home->resv &&
	       (!home->resv || s->home.resv_value == home->resv_value);
}

static bool stores_agree(struct shadow *s)
{
	u32 i;

	for (i = 0; i < s->nstores; i++) {
		u64 off = s->store[i].addr - MACHINE_RAM_GPA;

		if (memcmp(s->ram + off, s->m->ram + off, s->store[i].size_bytes))
			return false;
	}
	return true;
}

static void print_code(const struct machine *m, gva_t pc)
{
	char text[100];
	struct insn in;
	u32 i, word;

	for (i = 0; i < BLOCK_INSNS_MAX && ram_holds(m, pc, 4); i++, pc += in.len_bytes) {
		memcpy(&word, m->ram + (pc - MACHINE_RAM_GPA), 4);
		decode_insn(word, &in);
		disasm_insn(&in, pc, text, sizeof(text));
		fprintf(stderr, "  %lx: %s\n", pc, text);
		if (op_flags[in.op] & OP_ENDS_BLOCK)
			break;
	}
}

static int report(struct shadow *s, gva_t block_pc, const char *what)
{
	const struct guest *g = &s->m->g;
	u32 i;

	fprintf(stderr, "lockstep: block at %#lx: %s differs\n", block_pc, s->complaint ? s->complaint : what);
	fprintf(stderr, "  pc: translated %#lx, interpreted %#lx\n", g->pc, s->g.pc);
	for (i = 1; i < 32; i++)
		if (s->home.x[i] != g->home->x[i])
			fprintf(stderr, "  x%u: translated %#lx, interpreted %#lx\n", i, g->home->x[i], s->home.x[i]);
	for (i = 0; i < 32; i++)
		if (s->home.f[i] != g->home->f[i])
			fprintf(stderr, "  f%u: translated %#lx, interpreted %#lx\n", i, g->home->f[i], s->home.f[i]);
	if (s->home.fflags != g->home->fflags)
		fprintf(stderr, "  fflags: translated %#lx, interpreted %#lx\n", g->home->fflags, s->home.fflags);
	if (s->home.resv != g->home->resv)
		fprintf(stderr, "  resv: translated %#lx, interpreted %#lx\n", g->home->resv, s->home.resv);
	print_code(s->m, block_pc);
	return -EIO;
}

/* Where translated code left, without acting on it; returns the exit number. */
static u32 place_of_exit(struct machine *m)
{
	u32 code = (u32)m->frame.reg[ABI_RAX] >> 16, off = (u32)m->frame.reg[ABI_RAX] & 0xffff;

	m->g.pc = m->g.home->pc_page + off;
	if (code == EXIT_LINK || code == EXIT_PAGE_END)
		m->g.pc = m->g.home->pc_page + (u64)(s64)m->cache.link[m->frame.reg[ABI_RCX]].target;
	else if (code == EXIT_MISS)
		m->g.pc = m->frame.reg[ABI_RDX];
	m->stats.exits[code < EXIT_COUNT ? code : 0]++;
	return code;
}

/* The shadow runs until it stands where the translated code left, in the same state. */
static int catch_up(struct shadow *s, gva_t block_pc)
{
	u32 i;

	s->replayed = s->nstores = 0;
	for (i = 0; i <= BLOCK_INSNS_MAX; i++) {
		if (is_equal(s) && s->replayed == s->m->nlog)
			return stores_agree(s) && !s->complaint ? 0 : report(s, block_pc, "memory");
		if (shadow_step(s) == STEP_TRAP)
			break;
	}
	return report(s, block_pc, "state");
}

/* The lines are those of the machine; what code writes must come out alike. */
static void take_lines(struct shadow *s)
{
	csr_set_lines(&s->g, 1ULL << IRQ_M_TIMER | 1ULL << IRQ_M_SOFT, s->m->g.csr.mip);
}

/* One instruction, by both interpreters: after exits, and where no block can be made. */
static int interpret_both(struct shadow *s, gva_t block_pc)
{
	struct machine *m = s->m;
	enum step step;

	m->nlog = s->replayed = s->nstores = 0;
	machine_interpret(m);
	step = shadow_step(s);
	if (step == STEP_TRAP)
		trap_enter(&s->g, s->g.trap_cause, s->g.trap_tval);
	take_lines(s);
	if (!is_equal(s) || memcmp(&s->g.csr, &m->g.csr, sizeof(m->g.csr)) ||
	    memcmp(&s->csr_page, m->g.csr_page, sizeof(s->csr_page)) || s->g.priv != m->g.priv)
		return report(s, block_pc, "interpreted instruction");
	return 0;
}

static int both_fault(struct shadow *s, gva_t block_pc)
{
	struct machine *m = s->m;

	if (shadow_step(s) != STEP_TRAP || s->g.trap_cause != m->fault_cause || s->g.trap_tval != m->fault_tval) {
		fprintf(stderr, "  fault: translated cause %lu tval %#lx, interpreted cause %lu tval %#lx\n",
			m->fault_cause, m->fault_tval, s->g.trap_cause, s->g.trap_tval);
		return report(s, block_pc, "fault");
	}
	trap_enter(&m->g, m->fault_cause, m->fault_tval);
	trap_enter(&s->g, s->g.trap_cause, s->g.trap_tval);
	m->stats.traps++;
	return 0;
}

static int run_block(struct shadow *s)
{
	struct machine *m = s->m;
	gva_t pc = m->g.pc;
	u32 b, code;
	int err;

	if (paging_is_on(&m->g))
		return interpret_both(s, pc);
	ram_fence_i(m); /* the interpreter sees new code at once */
	err = machine_block(m, &b);
	if (err == -EFAULT || err == -ENXIO)
		return interpret_both(s, pc);
	if (err)
		return err;
	m->nlog = 0;
	m->frame.kick = 0;
	m->g.home->pc_page = pc & ~4095ULL;
	m->frame.target = cache_exec(&m->cache, m->cache.block[b].host);
	machine_load_state(m);
	machine_enter(&m->frame);
	machine_save_state(m);
	m->stats.entries++;
	code = place_of_exit(m);
	err = catch_up(s, pc);
	if (err || code == EXIT_LINK || code == EXIT_PAGE_END || code == EXIT_MISS || code == EXIT_INTERRUPT)
		return err;
	return code == EXIT_FAULT ? both_fault(s, pc) : interpret_both(s, pc);
}

static void interrupt_both(struct shadow *s)
{
	struct machine *m = s->m;
	int irq;

	dev_poll(m);
	take_lines(s);
	irq = trap_pending_interrupt(&m->g);
	if (irq == TRAP_NO_IRQ)
		return;
	m->stats.interrupts++;
	trap_enter(&m->g, TRAP_IRQ_BIT | (u64)irq, 0);
	trap_enter(&s->g, TRAP_IRQ_BIT | (u64)irq, 0);
}

int shadow_run(struct machine *m)
{
	struct shadow *s = m->shadow;
	int err = 0;

	s->g.pc = m->g.pc;
	while (!err && !m->is_stopped) {
		m->frozen_time += TICKS_PER_BLOCK;
		interrupt_both(s);
		err = run_block(s);
	}
	if (!err && memcmp(s->ram, m->ram, m->opt.ram_bytes)) {
		fprintf(stderr, "lockstep: RAM differs at the end\n");
		err = -EIO;
	}
	return err;
}
