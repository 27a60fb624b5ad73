// SPDX-License-Identifier: GPL-2.0-only
/* go.c: finds the block of the guest's pc in the jump table, else by a walk for the fetch in the index of the code cache.
 * Next file: hart.h, view.h, ../run.c (which makes blocks). */
#include "go.h"

#include "abi.h"
#include "csr.h"
#include "fill.h"
#include "index.h"
#include "inside.h"
#include "trap.h"
#include "view.h"

enum {
	RFLAGS_RING3 = 0x202, /* interrupts on */
	PAGE_BYTES = 4096,
	LAST_HALFWORD = PAGE_BYTES - 2,
	GO_HOST = -1, /* no exception cause: the host has to see to it */
};

/* ---- space ---- */

/* False: the host has to see to it. */
static bool enter_space(struct guest *g)
{
	int irq = trap_pending_interrupt(g);
	struct walk_regime regime;

	if (irq != TRAP_NO_IRQ) {
		trap_enter(g, TRAP_IRQ_BIT | (u64)irq, 0);
		hart->irqs++;
	}
	hart->table->tag = tags_get(&hart->tags, g);
	walk_regime_get(g, WALK_LOAD, &regime);
	if (!hart->table->tag || !view_switch(&regime, g->csr.satp, g->priv))
		return false;
	/* The tag that is noted has TAG_FPU as of now: ways are noted by FS, and closed when frm changes. */
	short_note(&regime);
	return true;
}

/* ---- block ---- */

/* The host that drops the block at the same time may leave the address of the stub of empty entries, which expects the
 * target in rax and rcx, as the lookup of translated code has them. */
static void start_at(struct guest *g, u64 host)
{
	g->home->pc_page = g->pc & -(u64)PAGE_BYTES;
	reg[ABI_RAX] = g->pc;
	reg[ABI_RCX] = 0;
	frame_rip = host;
	frame_rflags = RFLAGS_RING3;
	*hart->r11_home = reg[ABI_R11]; /* sysret overwrites it too: entry.S */
}

/* Where an instruction lies that is to be fetched. */
struct place {
	struct walk_regime regime;
	struct walk_page page, next; /* next: of the page behind, if it straddles */
	bool is_straddling;
};

/* 0, or the cause of the fetch's fault. One of the second page is left to the host. */
static int find_pages(const struct guest *g, struct place *p)
{
	const struct cache *c = &hart->cache;
	int cause;

	p->is_straddling = false;
	walk_regime_get(g, WALK_FETCH, &p->regime);
	cause = fill_walk(&p->regime, g->pc, WALK_FETCH, &p->page);
	if (cause || (g->pc & (PAGE_BYTES - 1)) != LAST_HALFWORD || !c->hash ||
	    !index_straddles(c, p->page.gpa | LAST_HALFWORD, guest_block_state(g)))
		return cause;
	p->is_straddling = true;
	return fill_walk(&p->regime, g->pc + 2, WALK_FETCH, &p->next) ? GO_HOST : 0;
}

static const struct block *find_block(const struct guest *g, const struct place *p)
{
	const struct cache *c = &hart->cache;
	u32 b;

	if (!c->hash)
		return NULL;
	b = index_find(c, p->page.gpa | (g->pc & (PAGE_BYTES - 1)), p->is_straddling ? p->next.gpa : GPA_NONE,
		       guest_block_state(g));
	return b == BLOCK_NONE ? NULL : &c->block[b];
}

/* False: a fence of one of the leaves would have to forget another tag than the one in use. */
static bool note_fetch(const struct guest *g, const struct place *p)
{
	bool is_same = p->regime.is_bare || tags_note_fetch(&hart->tags, g->priv, g->pc, &p->page);

	if (p->is_straddling && !p->regime.is_bare)
		is_same &= tags_note_fetch(&hart->tags, g->priv, g->pc + 2, &p->next);
	return is_same;
}

/* No jump table entry. 0: the frame is set, and there is one now. Else GO_HOST, or the cause of the fetch's fault. */
static __attribute__((noinline)) int resolve(struct guest *g, struct abi_jump *jump)
{
	const struct block *block;
	struct place place;
	int cause = find_pages(g, &place);

	if (cause)
		return cause;
	block = find_block(g, &place);
	if (!block)
		return GO_HOST;
	if (!note_fetch(g, &place)) {
		hart->table->tag = tags_get(&hart->tags, g);
		short_close(ways);
	}
	if (!hart->table->tag || !cache_enter_jump(&hart->cache, jump, g->pc ^ hart->table->tag, block))
		return GO_HOST;
	start_at(g, cache_exec(&hart->cache, block->host));
	hart->resolved++;
	return 0;
}

/* Another thread may be dropping the block: the key is read before host, as by translated code. */
static int find_place(struct guest *g)
{
	struct abi_jump *jump = &hart->jump[(g->pc >> 1) & (ABI_JUMP_ENTRIES - 1)];

	if (*(const volatile u64 *)&jump->key != (g->pc ^ hart->table->tag))
		return resolve(g, jump);
	start_at(g, *(const volatile u64 *)&jump->host);
	return 0;
}

static u64 leave(void)
{
	hart->misses++;
	return LEAVE_GUEST;
}

/* ---- calls ---- */

bool go_may_trap(const struct guest *g)
{
	return g->priv != PRIV_M && (hart->serves >> EXIT_FAULT & 1);
}

u64 go_on(struct guest *g)
{
	int cause = find_place(g);

	if (cause > 0 && go_may_trap(g)) {
		hart->traps++;
		trap_enter(g, (u64)cause, g->pc);
		cause = enter_space(g) ? find_place(g) : GO_HOST;
	}
	return cause ? leave() : 0;
}

u64 go_on_switched(struct guest *g)
{
	hart->exits++;
	return enter_space(g) ? go_on(g) : LEAVE_GUEST;
}

u64 go_trap(struct guest *g, u64 cause, u64 tval)
{
	hart->traps++;
	trap_enter(g, cause, tval);
	return go_on_switched(g);
}
