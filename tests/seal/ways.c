// SPDX-License-Identifier: GPL-2.0-only
/* ways.c: the monitor's short ways. Translated code that calls its supervisor over and over, which sets SUM, clears it and
 * returns; and random programs of exits, each of which ends in the same state by short ways and by the long one alone.
 * Next file: kmod/world/entry.S (which is tested). */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "csr.h"
#include "regs.h"
#include "seal.h"
#include "space_impl.h"
#include "walk.h"
#include "world/hart.h"
#include "world/note.h"

enum { V = 1, R = 2, W = 4, X = 8, U = 0x10, A = 0x40, D = 0x80, ALL = V | R | W | X | A | D };

/* Pages of RAM with top tables: GiB 1 is U's, GiB 2 S's, both RAM. */
enum { ROOT = 230, ROOTS = 2 };

#define SATP(i)	 (8UL << 60 | (u64)(i) << 44 | ((SEAL_RAM >> 12) + ROOT + (i)))
#define U_PAGE	 0x40001000UL
#define S_PAGE	 0x80001000UL
#define U_CALLER 0x40002ffeUL
#define HANDLER	 0x80002100UL /* and 4 and 8 behind it: SEAL_S_SUM, SEAL_S_CLEAR, SEAL_S_RETURN */

static void make_tables(struct world *w)
{
	u32 i;

	for (i = 0; i < ROOTS; i++) {
		memset(seal_ram(w, ROOT + i), 0, PAGE_SIZE);
		seal_ram(w, ROOT + i)[1] = SEAL_RAM >> 12 << 10 | ALL | U;
		seal_ram(w, ROOT + i)[2] = SEAL_RAM >> 12 << 10 | ALL;
	}
}

static void put_jump(struct hart *hart, gva_t pc, u64 tag, u32 code)
{
	struct abi_jump *jump = &hart->jump[pc >> 1 & (ABI_JUMP_ENTRIES - 1)];

	jump->host = WORLD_CODE + code;
	jump->key = pc ^ tag;
}

/* The world as the hart's registers say; no jump is known. */
static void start(struct world *w, struct hart *hart)
{
	struct walk_regime regime;

	memset(hart->jump, 0xff, ABI_JUMP_BYTES);
	tags_restart(&hart->tags);
	hart->table->tag = tags_get(&hart->tags, &hart->g);
	walk_regime_get(&hart->g, WALK_LOAD, &regime);
	space_set_regime(w->space, &regime, hart->g.csr.satp, hart->g.priv);
}

static u64 traps_of(struct world *w, const struct hart *hart)
{
	return hart->traps + space_stats(w->space)->short_traps;
}

/* ---- calls ---- */

void seal_calls_begin(struct world *w)
{
	struct hart *hart = seal_make_hart(w);
	struct guest *g = &hart->g;
	u64 tag;

	make_tables(w);
	g->csr = (struct guest_csr){ .medeleg = 1 << 8, .satp = SATP(0) };
	*g->csr_page = (struct guest_csr_page){ .sstatus = MSTATUS_UXL_64, .stvec = HANDLER };
	g->priv = PRIV_S;
	start(w, hart);
	tag = hart->table->tag;
	put_jump(hart, HANDLER, tag, SEAL_S_SUM);
	put_jump(hart, HANDLER + 4, tag, SEAL_S_CLEAR);
	put_jump(hart, HANDLER + 8, tag, SEAL_S_RETURN);
	g->priv = PRIV_U;
	put_jump(hart, U_CALLER, tags_get(&hart->tags, g), SEAL_CALLS);
}

bool seal_calls(struct world *w, u64 times)
{
	struct hart *hart = seal_make_hart(w);
	struct space_frame *f = w->frame;
	struct walk_regime regime;
	u64 traps = traps_of(w, hart);
	u32 i;

	for (i = 0; i < 16; i++)
		f->reg[i] = 0x1111 * i;
	f->reg[ABI_RBP] = times + 1;
	f->reg[ABI_RSI] = U_PAGE;
	f->reg[ABI_R8] = S_PAGE;
	f->reg[ABI_RDI] = MSTATUS_SUM;
	f->reg[ABI_R11] = 0;
	hart->serves = ~0U;
	hart->table->tag = tags_get(&hart->tags, &hart->g);
	walk_regime_get(&hart->g, WALK_LOAD, &regime);
	space_set_regime(w->space, &regime, hart->g.csr.satp, hart->g.priv);
	hart->g.home->pc_page = U_CALLER & PAGE_MASK;
	if (seal_run(w, SEAL_CALLS) != SPACE_EXIT)
		return false;
	hart->serves = 0;
	for (i = 0; i < 16; i++)
		if (i == ABI_RBX || i == ABI_R9 || i == ABI_R10 || i >= ABI_R12)
			if (f->reg[i] != 0x1111 * i)
				return false;
	return !f->reg[ABI_RBP] && f->reg[ABI_R11] == times && traps_of(w, hart) - traps == times &&
	       hart->g.priv == PRIV_U && hart->g.csr_page->sepc == U_CALLER && hart->g.csr_page->scause == 8 &&
	       hart->g.csr_page->sstatus == (MSTATUS_UXL_64 | MSTATUS_SPIE);
}

static void try_calls(struct world *w)
{
	const struct space_stats *stats = space_stats(w->space);
	u64 exits = stats->short_exits, traps = stats->short_traps, switches = stats->view_switches;

	seal_calls_begin(w);
	seal_check(w, seal_calls(w, 1000), "1000 calls of the supervisor");
	stats = space_stats(w->space);
	/* Host interrupts send some the long way. */
	seal_check(w, stats->short_traps - traps > 500, "most go the short way");
	seal_check(w, stats->short_exits - exits > 2000, "and so do SUM and sret");
	seal_check(w, stats->view_switches - switches >= 4000, "each is counted as a switch of views");
}

/* ---- random programs ---- */

enum {
	SCRIPT_AT = 1024, /* in the home page */
	STEPS = 100,
	PROGRAMS = 400,
	POOL = 4, /* CSR accesses of a program, that come back */
	WORD_STOP = EXIT_FALLBACK << 16,
	WORD_END = EXIT_FALLBACK << 16 | 2,
	INSN_SRET = 0x10200073,
	INSN_MRET = 0x30200073,
	INSN_SFENCE = 0x12000073,
	X_SCRIPT = 15, /* pinned in rbx */
};

struct script_step { /* as SEAL_STEP reads it */
	u64 word, insn;
	gva_t load; /* 0: none */
};

struct program {
	struct guest_csr csr;
	u64 csr_page[ABI_CSR_SLOTS / 8], x[32];
	u32 pool[POOL], code_written;
	u8 priv;
	bool has_fp;
	struct script_step step[STEPS + 1];
};

struct outcome {
	enum space_leave leave;
	u64 vector, cr2, traps, irqs;
	struct guest_csr csr;
	u64 csr_page[ABI_CSR_SLOTS / 8], home[ABI_HOME_X + 34], reg[16], tag;
	u32 root, view, pkru, priv;
	gpa_t gpa_root; /* of the regime, whose padding holds anything */
	u64 rights;
};

static u64 seed;

static u32 draw(u32 below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (u32)(seed >> 32) % below;
}

static gva_t draw_pc(void)
{
	return (draw(2) ? U_PAGE : S_PAGE) + draw(4) * 4096 + draw(64) * 2;
}

static u64 draw_value(void)
{
	switch (draw(8)) {
	case 0: return MSTATUS_MXR;
	case 1: return SATP(draw(ROOTS));
	case 2: return 1UL << draw(64);
	case 3: return (u64)draw(~0U) << 32 | draw(~0U);
	case 4: return draw_pc();
	default: return MSTATUS_SUM | (draw(4) ? 0 : MSTATUS_SPP | MSTATUS_SPIE) | (MSTATUS_FS & -(u64)draw(2));
	}
}

static u32 draw_csr_insn(void)
{
	static const u16 number[] = { 0x104, 0x105, 0x140, 0x141, 0x142, 0x144, 0x180, 0x300, 0x302,
				      0x341, 0x104, 0x106, 0x10a, 0x144, 0x180, 0x303, 0x304, 0x305,
				      0x306, 0x340, 0x342, 0x343, 0x344, 0xf14, 0xc01, 0xc01 };
	u32 csr = draw(4) ? number[draw(ARRAY_SIZE(number))] : 0x100, rd = draw(3) ? draw(32) : 0;

	return csr << 20 | (draw(2) ? draw(32) : 0) << 15 | (1 + draw(7)) << 12 | (rd == X_SCRIPT ? 0 : rd) << 7 | 0x73;
}

static void draw_step(const struct program *p, struct script_step *step)
{
	u32 offset = draw(4) ? draw(4) * 2 : draw(2048) * 2;

	step->load = draw(4) ? 0 : draw(2) ? U_PAGE : S_PAGE;
	step->word = EXIT_SYSTEM << 16 | offset;
	switch (draw(16)) {
	case 0: step->insn = INSN_MRET; break;
	case 1: step->insn = INSN_SFENCE | draw(2) << 15; break;
	case 2:
	case 3:
	case 4: step->insn = INSN_SRET; break;
	case 5:
	case 6:
	case 7:
	case 8: step->insn = draw_csr_insn(); break;
	case 9:
	case 10:
	case 11: step->insn = p->pool[draw(POOL)]; break;
	case 12: step->word = EXIT_FENCE_I << 16 | offset; break;
	default: step->word = EXIT_ECALL << 16 | offset; break;
	}
}

static void draw_program(struct program *p)
{
	static const u8 modes[] = { PRIV_U, PRIV_U, PRIV_S, PRIV_M };
	u32 i;

	p->csr = (struct guest_csr){ .medeleg = draw(4) ? 0xb3ff : draw(0x10000), .satp = draw(8) ? SATP(0) : 0 };
	p->csr.mstatus = draw(8) ? 0 : 1UL << (20 + draw(3));
	p->csr.mcounteren = draw(8);
	p->csr.scounteren = draw(8);
	p->code_written = !draw(8);
	p->has_fp = draw(2);
	p->csr.mtvec = draw_pc() & ~3UL;
	p->csr.mepc = draw_pc();
	if (!draw(4)) {
		p->csr.mideleg = draw(0x1000) & 0x222;
		p->csr.mie = draw(0x1000) & 0xaaa;
		p->csr.mip = 1 << draw(12) & 0xaaa;
	}
	for (i = 0; i < ARRAY_SIZE(p->csr_page); i++)
		p->csr_page[i] = draw_value();
	if (draw(2))
		p->csr_page[ABI_CSR_SSTATUS / 8] &= ~(MSTATUS_SUM | MSTATUS_MXR);
	p->csr_page[ABI_CSR_STVEC / 8] = draw_pc();
	p->csr_page[ABI_CSR_SEPC / 8] = draw_pc();
	for (i = 0; i < 32; i++)
		p->x[i] = draw_value();
	p->x[X_SCRIPT] = SCRIPT_AT;
	p->priv = modes[draw(ARRAY_SIZE(modes))];
	for (i = 0; i < POOL; i++)
		p->pool[i] = draw_csr_insn();
	for (i = 0; i < STEPS; i++)
		draw_step(p, &p->step[i]);
	p->step[STEPS] = (struct script_step){ .word = WORD_END };
}

static void load_program(struct world *w, struct hart *hart, const struct program *p)
{
	struct guest *g = &hart->g;

	memset(g->home, 0, PAGE_SIZE);
	memset(g->csr_page, 0, PAGE_SIZE);
	g->csr = p->csr;
	g->priv = p->priv;
	g->isa = p->has_fp ? GUEST_ISA_F : 0;
	memcpy(g->csr_page, p->csr_page, sizeof(p->csr_page));
	memcpy(g->home->x, p->x, sizeof(p->x));
	g->home->pc_page = U_PAGE;
	g->home->resv = 1;
	hart->code_written = p->code_written;
	memcpy((u8 *)g->home + SCRIPT_AT, p->step, sizeof(p->step));
	memset(w->frame->reg, 0, sizeof(w->frame->reg));
	regs_load_pins(w->frame->reg, p->x);
	start(w, hart);
}

/* With SEAL_STEP behind each exit the whole program is one stay, but for blocks that are not in the jump table yet. With
 * SEAL_STOP each exit is a stay of its own, in which no short way is known. */
static enum space_leave run_program(struct world *w, struct hart *hart, u32 behind)
{
	enum space_leave leave = SPACE_HOST;
	u32 i;

	for (i = 0; i < 3 * STEPS; i++) {
		if (behind == SEAL_STOP)
			notes_clear(w->space->block + BLOCK_NOTES);
		leave = seal_run(w, SEAL_STEP);
		if (leave == SPACE_GUEST) {
			put_jump(hart, hart->g.pc, hart->table->tag, behind);
			hart->g.home->pc_page = hart->g.pc & PAGE_MASK;
		} else if (leave != SPACE_EXIT || (u32)w->frame->reg[ABI_RAX] != WORD_STOP) {
			break;
		}
	}
	return leave;
}

static void note_outcome(struct world *w, struct hart *hart, struct outcome *o)
{
	const struct monitor_state *m = w->space->monitor;

	o->vector = o->leave == SPACE_FAULT ? w->frame->vector : 0;
	o->cr2 = o->leave == SPACE_FAULT ? space_fault_address(w->space) : 0;
	o->traps = traps_of(w, hart) - o->traps;
	o->irqs = hart->irqs - o->irqs;
	o->csr = hart->g.csr;
	memcpy(o->csr_page, hart->g.csr_page, sizeof(o->csr_page));
	memcpy(o->home, hart->g.home, sizeof(o->home));
	memcpy(o->reg, w->frame->reg, sizeof(o->reg));
	regs_store_pins(o->home, o->reg);      /* as slots of pins hold anything */
	o->reg[ABI_RCX] = o->reg[ABI_RDX] = 0; /* scratch */
	if (o->leave == SPACE_FAULT)
		o->reg[ABI_RAX] = 0;
	o->tag = hart->table->tag;
	o->root = m->root_now;
	o->view = m->view_now;
	o->pkru = m->pkru;
	o->priv = hart->g.priv;
	o->gpa_root = m->regime.root;
	o->rights = m->regime.priv | m->regime.is_bare << 8 | m->regime.sum << 9 | m->regime.mxr << 10 |
		    m->regime.adue << 11;
}

static void run_outcome(struct world *w, struct hart *hart, const struct program *p, u32 behind, struct outcome *o)
{
	memset(o, 0, sizeof(*o));
	load_program(w, hart, p);
	o->traps = traps_of(w, hart);
	o->irqs = hart->irqs;
	o->leave = run_program(w, hart, behind);
	note_outcome(w, hart, o);
}

static bool try_program(struct world *w, struct hart *hart, const struct program *p)
{
	static struct outcome by_short, by_long;
	bool is_same;

	run_outcome(w, hart, p, SEAL_STEP, &by_short);
	run_outcome(w, hart, p, SEAL_STOP, &by_long);
	is_same = !memcmp(&by_short, &by_long, sizeof(by_short));
	if (!is_same)
		print_hex_dump(KERN_ERR, "seal: short ", DUMP_PREFIX_OFFSET, 32, 8, &by_short, sizeof(by_short), false);
	if (!is_same)
		print_hex_dump(KERN_ERR, "seal: long ", DUMP_PREFIX_OFFSET, 32, 8, &by_long, sizeof(by_long), false);
	return is_same && (by_long.leave == SPACE_EXIT || by_long.leave == SPACE_FAULT);
}

/* ---- one exit over and over ---- */

static const struct {
	const char *name;
	u8 priv;
	u32 word, insn;
} repeated[] = {
	{ "csrrw t0, mscratch, t1", PRIV_M, EXIT_SYSTEM, 0x340312f3 },
	{ "csrrs a0, mie, a1", PRIV_M, EXIT_SYSTEM, 0x3045a573 },
	{ "csrrc t0, sie, a1", PRIV_S, EXIT_SYSTEM, 0x1045b2f3 },
	{ "csrr a0, satp", PRIV_S, EXIT_SYSTEM, 0x18002573 },
	{ "csrsi sip, 2", PRIV_S, EXIT_SYSTEM, 0x14416073 },
	{ "csrrc s1, sstatus, t0", PRIV_S, EXIT_SYSTEM, 0x1002b4f3 },
	{ "csrw sstatus, a0", PRIV_S, EXIT_SYSTEM, 0x10051073 },
	{ "fence.i in S", PRIV_S, EXIT_FENCE_I, 0 },
	{ "fence.i in U", PRIV_U, EXIT_FENCE_I, 0 },
};

/* All but the first two, for which there is no note and no jump yet, go the short way. */
static void try_repeated(struct world *w, struct hart *hart, struct program *p)
{
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(repeated); i++) {
		u64 exits;

		memset(p, 0, sizeof(*p));
		p->priv = repeated[i].priv;
		p->has_fp = true;
		p->csr.medeleg = 0xb3ff; /* as ways want it */
		p->x[X_SCRIPT] = SCRIPT_AT;
		for (k = 0; k < STEPS; k++)
			p->step[k] = (struct script_step){ repeated[i].word << 16, repeated[i].insn };
		p->step[STEPS] = (struct script_step){ .word = WORD_END };
		load_program(w, hart, p);
		exits = space_stats(w->space)->short_exits;
		seal_check(w, run_program(w, hart, SEAL_STEP) == SPACE_EXIT && (u32)w->frame->reg[ABI_RAX] == WORD_END,
			   repeated[i].name);
		exits = space_stats(w->space)->short_exits - exits;
		if (!seal_check(w, exits >= STEPS - 2, "goes the short way"))
			pr_err("seal: %s: %llu of %u\n", repeated[i].name, exits, STEPS);
	}
	hart->code_written = 1;
	w->frame->reg[ABI_RBX] = SCRIPT_AT;
	seal_check(w, seal_run(w, SEAL_STEP) == SPACE_EXIT && w->frame->reg[ABI_RAX] == EXIT_FENCE_I << 16,
		   "fence.i behind a store to code is left to the host");
}

void seal_try_ways(struct world *w, u64 first_seed)
{
	struct hart *hart = seal_make_hart(w);
	u64 exits = space_stats(w->space)->short_exits, served = hart->exits;
	struct program *p = kvzalloc(sizeof(*p), GFP_KERNEL);
	bool is_good = p;
	u32 i;

	try_calls(w);
	seed = first_seed | 1;
	hart->serves = ~0U;
	hart->g.table = hart->table;
	hart->table->time_mult = 1; /* of the long way: time stands still */
	hart->table->time_offset = first_seed;
	if (p)
		try_repeated(w, hart, p);
	for (i = 0; i < PROGRAMS && is_good; i++) {
		draw_program(p);
		is_good = seal_check(w, try_program(w, hart, p), "short ways and long ones end alike");
		cond_resched();
	}
	hart->serves = 0;
	hart->g.table = NULL;
	exits = space_stats(w->space)->short_exits - exits;
	seal_check(w, exits > 5 * PROGRAMS, "programs went short ways");
	pr_info("seal: ways: seed %#llx, %u programs, %llu exits short, %llu long\n", first_seed, i, exits,
		hart->exits - served);
	kvfree(p);
}
