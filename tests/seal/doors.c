// SPDX-License-Identifier: GPL-2.0-only
/* doors.c: what ring 3 can say to the monitor, at random: exits of any code with any argument, any image in the home page and
 * in the CSR page, page tables full of junk, then a load and a store under whatever address space came of it.
 *
 * Translated code would not do most of this; a wrong rule could. Each exit must be served or handed to the host, machine mode's
 * own registers stay what they were unless machine mode was entered, and the world stands.
 * Next file: kmod/world/exit.c (which is tested). */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "csr.h"
#include "guest.h"
#include "regs.h"
#include "seal.h"
#include "walk.h"
#include "world/hart.h"

enum { ROUNDS_OF_JUNK = 64, TABLES_FIRST = 200, TABLES = 16, INSN_SRET = 0x10200073, INSN_MRET = 0x30200073 };

#define SATP_SV39 8UL

static u64 seed;

static u64 draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static u64 draw_gpa(void)
{
	return SEAL_RAM + (TABLES_FIRST + draw() % TABLES) * 4096;
}

/* Near what means something, or anything. */
static u64 draw_value(void)
{
	switch (draw() % 6) {
	case 0: return draw();
	case 1: return draw_gpa() + (draw() & 0xfff);
	case 2: return SATP_SV39 << 60 | draw_gpa() >> 12 | (draw() & 3) << 44;
	case 3: return 1UL << draw() % 64;
	case 4: return -(draw() & 0xffff);
	default: return WORLD_CODE - WORLD_GUEST_BASE + (draw() & 0xfff);
	}
}

static u32 draw_insn(void)
{
	static const u16 likely[] = {
		0x100, 0x104, 0x105, 0x140, 0x141, 0x142, 0x143, 0x144, 0x180, 0x300, 0x305, 0x344
	};
	u32 number = draw() % 2 ? likely[draw() % ARRAY_SIZE(likely)] : draw() & 0xfff;

	switch (draw() % 8) {
	case 0: return INSN_SRET;
	case 1: return INSN_MRET;
	case 2: return (u32)draw();
	default: return number << 20 | (draw() & 31) << 15 | (draw() & 7) << 12 | (draw() & 31) << 7 | 0x73;
	}
}

static void junk_tables(struct world *w)
{
	u32 page, i;

	for (page = TABLES_FIRST; page < TABLES_FIRST + TABLES; page++)
		for (i = 0; i < 512; i++)
			seal_ram(w, page)[i] = draw() % 2 ? draw_gpa() >> 12 << 10 | (draw() & 0xff) | 1 : draw_value();
}

static void junk_pages(struct guest *g)
{
	u64 *home = (u64 *)g->home, *csr_page = (u64 *)g->csr_page;
	u32 i;

	for (i = 0; i < ABI_HOME_STATES / 8; i++)
		home[i] = draw_value();
	for (i = 0; i < 512; i++)
		csr_page[i] = draw_value();
}

static u32 home_of_r11(void)
{
	u32 i = 31;

	while (i && abi_pin[i] != ABI_R11)
		i--;
	return i;
}

struct hart *seal_make_hart(struct world *w)
{
	u8 *state = space_state(w->space);
	struct hart *hart = space_hart(w->space);

	hart->g.home = (struct guest_home *)(state + ABI_HOME);
	hart->g.csr_page = (struct guest_csr_page *)(state + ABI_CSR);
	hart->jump = (struct abi_jump *)(state + ABI_JUMP);
	hart->table = (struct abi_table *)(state + ABI_TABLE);
	hart->r11_home = &hart->g.home->x[home_of_r11()];
	return hart;
}

/* All spaces are numbered anew; no jump is known. */
static void forget_jumps(struct hart *hart)
{
	memset(hart->jump, 0xff, ABI_JUMP_BYTES);
	tags_restart(&hart->tags);
	hart->table->tag = tags_get(&hart->tags, &hart->g);
}

static void draw_mode(struct world *w, struct hart *hart)
{
	static const u8 modes[] = { PRIV_U, PRIV_S, PRIV_S, PRIV_M };
	struct walk_regime regime;
	struct guest *g = &hart->g;

	g->csr = (struct guest_csr){
		.medeleg = draw() % 2 ? ~0UL : draw(), .mideleg = draw(), .mie = draw(), .seip_soft = draw() & MIP_SEIP
	};
	csr_set_lines(g, ~0UL, draw() & 0xaaa);
	g->csr.mcounteren = g->csr.scounteren = draw();
	g->csr.menvcfg = draw() & MENVCFG_ADUE;
	g->csr.satp = draw() % 4 ? SATP_SV39 << 60 | draw_gpa() >> 12 : 0;
	g->priv = modes[draw() % ARRAY_SIZE(modes)];
	walk_regime_get(g, WALK_LOAD, &regime);
	space_set_regime(w->space, &regime, g->csr.satp, g->priv);
	hart->table->tag = tags_get(&hart->tags, g);
	if (!hart->table->tag)
		forget_jumps(hart);
}

static bool is_sound(const struct hart *hart, const struct guest_csr *before, u8 priv)
{
	const struct guest *g = &hart->g;

	if (g->priv > PRIV_M || g->priv == 2 || (g->csr.satp >> 60 && g->csr.satp >> 60 != SATP_SV39))
		return false;
	if (priv == PRIV_M || g->priv == PRIV_M)
		return true;
	return g->csr.medeleg == before->medeleg && g->csr.mideleg == before->mideleg &&
	       g->csr.mtvec == before->mtvec && g->csr.mepc == before->mepc && g->csr.mcause == before->mcause &&
	       g->csr.mscratch == before->mscratch && g->csr.mcounteren == before->mcounteren &&
	       g->csr.menvcfg == before->menvcfg && g->csr.mstatus == before->mstatus;
}

/* One exit by the door, then, where no block was found, the jump that would have been, so that others go on. */
static bool try_door(struct world *w, struct hart *hart)
{
	struct space_frame *f = w->frame;
	struct guest_csr before = hart->g.csr;
	u8 priv = hart->g.priv;
	enum space_leave leave;
	struct abi_jump *jump;

	f->reg[ABI_RSI] = draw() % 8 ? (draw() % (EXIT_COUNT + 1)) << 16 | draw() % 4100 : draw();
	f->reg[ABI_RDI] = draw_insn();
	f->reg[ABI_R8] = draw_value();
	leave = seal_run(w, draw() % 8 ? SEAL_DOOR : SEAL_RAW_DOOR);
	if (leave == SPACE_FATAL || leave == SPACE_HOST)
		return false;
	if (leave == SPACE_GUEST && hart->table->tag) {
		jump = &hart->jump[(hart->g.pc >> 1) & (ABI_JUMP_ENTRIES - 1)];
		jump->key = hart->g.pc ^ hart->table->tag;
		jump->host = WORLD_CODE + SEAL_COUNT;
	}
	return is_sound(hart, &before, priv);
}

static bool try_access(struct world *w)
{
	enum space_leave leave;

	w->frame->reg[ABI_RSI] = draw_value();
	leave = seal_run(w, draw() % 2 ? SEAL_LOAD : SEAL_STORE);
	return leave == SPACE_EXIT || leave == SPACE_FAULT;
}

void seal_try_doors(struct world *w, u32 rounds, u64 first_seed)
{
	struct hart *hart = seal_make_hart(w);
	u32 i, served;
	bool is_good = true;

	seed = first_seed | 1;
	forget_jumps(hart);
	/* Not served at first: all of it is the host's. */
	seal_check(w, try_door(w, hart) && !hart->exits, "a monitor that serves nothing");
	hart->serves = ~0U;
	for (i = 0; i < rounds && is_good; i++) {
		if (i % ROUNDS_OF_JUNK == 0)
			junk_tables(w);
		junk_pages(&hart->g);
		draw_mode(w, hart);
		is_good = seal_check(w, try_door(w, hart), "an exit with junk") &&
			  seal_check(w, try_access(w), "an access after it");
		cond_resched();
	}
	served = (u32)hart->exits;
	hart->serves = 0;
	seal_check(w, served > rounds / 8, "exits were served");
	seal_check(w, hart->misses && hart->misses < served, "served exits went on, and missed");
	pr_info("seal: doors: seed %#llx, %u exits, %u served, %llu traps, %llu missed\n", first_seed, i, served,
		hart->traps, hart->misses);
}
