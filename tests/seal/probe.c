// SPDX-License-Identifier: GPL-2.0-only
/* probe.c: the same stays again and again, while a debugger of the emulator stops this CPU at an instruction of its choice and
 * has an NMI or a machine check arrive there. Nothing that translated code can see may change by it.
 * Next file: strike.py (the debugger), kmod/gate.S (which is tested). */
#include <linux/cpumask.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <asm/nmi.h>

#include "boundary.h"
#include "csr.h"
#include "gate.h"
#include "guest.h"
#include "regs.h"
#include "seal.h"
#include "space_impl.h"
#include "world/hart.h"

enum { SPINS = 5 };

/* Written by the debugger: the probe ends. */
static u32 probe_stop;
static u32 unknown_nmis;

/* Those of the emulator's monitor have no source that Linux knows. */
static int count_nmi(unsigned int type, struct pt_regs *regs)
{
	unknown_nmis++;
	return NMI_HANDLED;
}

static bool keeps_registers(struct world *w, u64 seed)
{
	struct space_frame *f = w->frame;
	u32 i, wrong = 0;

	for (i = 0; i < 16; i++)
		f->reg[i] = seed + i;
	f->reg[ABI_RBP] = SPINS;
	f->reg[ABI_R11] = seed;
	if (seal_run(w, SEAL_SPIN) != SPACE_EXIT)
		return false;
	for (i = ABI_RSI; i < 16; i++)
		wrong += i != ABI_R11 && f->reg[i] != seed + i;
	return !wrong && !f->reg[ABI_RBP] && f->reg[ABI_R11] == seed + SPINS && f->reg[ABI_RBX] == seed + ABI_RBX;
}

/* The monitor fills the page in. */
static bool fills_page(struct world *w)
{
	const struct fence fence = { .has_gva = true, .gva = SEAL_PAGED_GVA };
	u64 fills;

	seal_use_row(w, 1, SEAL_ROW_SAME);
	space_fence(w->space, &fence);
	fills = space_stats(w->space)->page_fills;
	w->frame->reg[ABI_RSI] = SEAL_PAGED_GVA;
	return seal_run(w, SEAL_FETCH) == SPACE_EXIT && space_stats(w->space)->page_fills == fills + 1;
}

/* ---- exits that the monitor serves ---- */

/* What U-mode and S-mode do in turn, without translation, each going on at `to`, whose block ends the stay. */
static const struct service {
	const char *what;
	u32 exit, insn;
	gva_t from, to;
	u8 priv, priv_after;
} services[] = {
	{ "a system call", EXIT_ECALL, 0, 0x1010, 0x2000, PRIV_U, PRIV_S },
	{ "a read of a CSR", EXIT_SYSTEM, 0x142022f3 /* csrr t0, scause */, 0x2000, 0x2004, PRIV_S, PRIV_S },
	{ "a return from the trap", EXIT_SYSTEM, 0x10200073 /* sret */, 0x2004, 0x1010, PRIV_S, PRIV_U },
};

/* Mode and tag as told; blocks are looked up under the tag. */
static void set_mode(struct hart *hart, u8 priv)
{
	hart->g.priv = priv;
	hart->table->tag = tags_get(&hart->tags, &hart->g);
}

static void begin_services(struct hart *hart)
{
	u32 i;

	tags_restart(&hart->tags);
	hart->g.csr = (struct guest_csr){ .medeleg = ~0UL };
	hart->g.csr_page->stvec = services[0].to;
	for (i = 0; i < ARRAY_SIZE(services); i++) {
		const struct service *s = &services[i];
		struct abi_jump *jump = &hart->jump[(s->to >> 1) & (ABI_JUMP_ENTRIES - 1)];

		set_mode(hart, s->priv_after);
		jump->key = s->to ^ hart->table->tag;
		jump->host = WORLD_CODE + SEAL_COUNT;
	}
}

static bool serves(struct world *w, struct hart *hart)
{
	const struct walk_regime in_u = { .is_bare = true, .priv = PRIV_U };
	struct space_frame *f = w->frame;
	bool is_good = true;
	u32 i;

	begin_services(hart);
	hart->serves = ~0U;
	space_set_regime(w->space, &in_u, 0, PRIV_U);
	set_mode(hart, PRIV_U);
	for (i = 0; i < ARRAY_SIZE(services) && is_good; i++) {
		const struct service *s = &services[i];

		hart->g.home->pc_page = s->from & -4096UL;
		f->reg[ABI_RSI] = s->exit << 16 | (s->from & 4095);
		f->reg[ABI_RDI] = s->insn;
		is_good = seal_check(w,
				     seal_run(w, SEAL_DOOR) == SPACE_EXIT && f->reg[ABI_RAX] == SEAL_WORD &&
					     hart->g.priv == s->priv_after,
				     s->what);
	}
	return is_good;
}

/* By short ways, but for the first of each kind. */
static bool calls(struct world *w)
{
	seal_calls_begin(w);
	return seal_check(w, seal_calls(w, 3), "calls of a supervisor");
}

void seal_probe(struct world *w)
{
	const struct gate_state *g = w->space->gate;
	const struct space_stats *stats = space_stats(w->space);
	struct hart *hart = seal_make_hart(w);
	bool is_good = true;
	u64 rounds = 0;

	if (!seal_check(w, !register_nmi_handler(NMI_UNKNOWN, count_nmi, 0, "seal"), "a handler of NMIs"))
		return;
	set_cpus_allowed_ptr(current, cpumask_of(0));
	pr_info("seal: probe: gate %llx text %llx stop %llx\n", boundary_gate(gate_text), (u64)gate_text,
		(u64)&probe_stop);
	while (is_good && !READ_ONCE(probe_stop) && !fatal_signal_pending(current)) {
		is_good = seal_check(w, keeps_registers(w, rounds), "registers of a stay") &&
			  seal_check(w, fills_page(w), "a page fill") && serves(w, hart) && calls(w);
		rounds++;
		cond_resched();
	}
	hart->serves = 0;
	unregister_nmi_handler(NMI_UNKNOWN, "seal");
	pr_info("seal: probe: %llu rounds, host saw %u NMIs; inside %llu NMIs and %llu machine checks\n", rounds,
		unknown_nmis, stats->nmis, stats->machine_checks);
	pr_info("seal: probe: hits in window %u monitor %u resume %u guest %u\n", g->nmi_window, g->nmi_monitor,
		g->nmi_resume, g->nmi_guest);
}
